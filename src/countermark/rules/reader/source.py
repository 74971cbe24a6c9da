"""The words of a rule without their dress: markup, odd blanks, quotes and hyphens put aside, every place remembered.

What is read is lower case, one blank between words, ``%`` for every way to write per cent, a bullet for every list
mark that is a dash or a star. ``Source.at`` leads back to the text as given.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

_SPECIAL = re.compile(
    r"""
    (?P<link>\]\(\s*/[^()\s]*\))                      # the target of a link
  | (?P<break><\s*(?:br|BR|/p|/li|/tr)\b[^<>]{0,80}>)
  | (?P<tag></?[a-zA-Z][^<>]{0,200}>)
  | (?P<entity>&\#?[a-zA-Z0-9]{1,10};)
  | (?P<percent>[\s\u00a0\u202f]*\\*(?:%|\b[Pp]er\s?cent(?:um)?\b\.?|\b[Pp]ercent\b|\b[Пп]роцент(?:ов|а|у|ам|ах)?\b)\\*)
  | (?P<foreign>\b[Nn]on[\s\-\u2010-\u2015]{0,3}(?=originating\b))
  | (?P<bullet>(?:^|\s*\n|(?<=[:;,])|(?<=\band)|(?<=\bor)|(?<=\bили)|(?<=\bи))\s*[*•·▪◦\-\u2010-\u2015](?=\s*[^\W\d]|\s+\())
  | (?P<slash>[ ]/[ ])
  | (?P<glued>(?<=[a-z]{3})(?=\d{1,2}[ .;:]*(?:\n|\Z)))
  | (?P<wrap>(?<=[^\W_.:;,])[ \t]*\n[ \t]*(?=[a-z]+[ ,)])(?!(?:or|and|in|where|from|provided|the|however|see|for|a|[a-z]\))\b))
  | (?P<newline>[\s\u00a0\u202f]*[\n\r\u2028\u2029][\s\u00a0\u202f]*)
  | (?P<blank>[\s\u00a0\u2000-\u200a\u202f]+)
  | (?P<hyphen>[\u2010-\u2015\u2212])
  | (?P<single>[\u2018\u2019\u201a\u2032`\u00b4])
  | (?P<double>[\u201c\u201d\u201e\u00ab\u00bb\u2033])
  | (?P<nothing>\[\]|[\\\u00ad\u200b\u200c\u200d\ufeff\[\]*_])
    """,
    re.VERBOSE,
)
_WRITTEN = {
    "link": "", "break": "\n", "tag": "", "percent": "%", "foreign": "non-", "newline": "\n", "blank": " ", "slash": "/", "wrap": " ", "glued": " ",
    "hyphen": "-", "single": "'", "double": '"', "nothing": "", "bullet": "\n•",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """A text as it is read, and where each of its letters stands in the text as given."""

    words: str
    places: tuple[int, ...]
    size: int
    """Length of the text as given."""

    def at(self, place: int) -> int:
        """Where a place of ``words`` stands in the text as given."""
        return self.places[place] if place < len(self.places) else self.size


def source_of(text: str) -> Source:
    """The words of a text."""
    words: list[str] = []
    places: list[int] = []
    last = 0
    for found in _SPECIAL.finditer(text):
        _plain(text, last, found.start(), words, places)
        kind = found.lastgroup or "nothing"
        written = html.unescape(found[0]) if kind == "entity" else _WRITTEN[kind]
        if kind == "entity":
            written = " " if written.isspace() else written.lower()
        words.append(written)
        places.extend([found.start()] * len(written))
        last = found.end()
    _plain(text, last, len(text), words, places)
    return Source("".join(words), tuple(places), len(text))


def _plain(text: str, start: int, end: int, words: list[str], places: list[int]) -> None:
    plain = text[start:end]
    lower = plain.lower()
    if len(lower) != len(plain):  # some capital letters have a lower form of two
        lower = "".join(letter.lower()[:1] for letter in plain)
    words.append(lower)
    places.extend(range(start, end))
