"""A place in the words of a rule, and the patterns that move it on."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

LONGEST_NAME = 120
"""Letters of the longest run of words that is taken over as a name without being taken apart."""


class Words:
    """A cursor over the words: a pattern either takes what stands next, or leaves the cursor where it is."""

    __slots__ = ("glue", "group", "held", "i", "s", "speech")

    def __init__(self, s: str, i: int = 0) -> None:
        self.s = s
        self.i = i
        self.group: tuple[Any, ...] = ()
        """The codes of the row the rule stands in, where it speaks of "this group"."""
        self.held = False
        """Whether what is read holds only in a period, or for some parties: it ends where another begins."""
        self.speech: Any = None
        """How the language joins clauses: ``countermark.rules.reader.sentences.Speech``."""
        self.glue: dict[int, int] = {}
        """Where a joining word ends, to where it begins: it is cited with what it leads to."""

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.s, self.i)
        if found is not None:
            self.i = found.end()
        return found

    def sees(self, pattern: re.Pattern[str]) -> bool:
        return pattern.match(self.s, self.i) is not None

    def join(self, start: int) -> None:
        """The words since ``start`` lead to what follows."""
        self.glue[self.i] = start


_OPEN = re.compile(r"(?:\(\?[=!][^()]*\)|\\[sSnZ]|[^\w)?*\]])\Z")
"""A pattern that ends so does not end in a word."""
_BLANK = re.compile(r"\[[^\]]*\]| (?P<may>\?)?(?![?*+])")


def _blanks(found: re.Match[str]) -> str:
    """A blank of a pattern stands for any blanks; one in a set of letters for itself."""
    if found[0].startswith("["):
        return found[0]
    return r"[ \n]?" if found["may"] else r"[ \n]+"


@cache
def words(pattern: str) -> re.Pattern[str]:
    """A pattern of whole words: a blank stands for any blanks, and those before are passed over."""
    spaced = _BLANK.sub(_blanks, pattern)
    closed = rf"(?:{spaced})" + ("" if _OPEN.search(pattern) else r"(?![^\W_])")
    return re.compile(rf"[ \n]*{closed}")
