"""Read the heading column of a published list of rules: which codes a row is for, and what its ``ex`` means.

One grammar for English, Russian and United States lists: a list of codes and ranges, each perhaps after ``ex`` and
after words that say its level. A code is never completed, a range never turned round, two codes never torn apart:
what is not surely a heading expression is a named fault, with the chapters it may be about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Ex(StrEnum):
    """What a list means by ``ex``."""

    NONE = ""
    PART = "part"
    """The part of the heading that the description picks: a person is asked."""
    REST = "rest"
    """The rest of a chapter: what no other row of the list is for."""
    UNLESS = "unless named"
    """The rest of a heading, unless another row names the good."""


class HeadingFault(StrEnum):
    """Why a heading expression was not read."""

    EMPTY = "empty"
    """There is no heading."""
    WORDS = "words"
    """A word is not one of a heading expression."""
    LENGTH = "length"
    """A code is not of 2, 4 or 6 to 10 digits, or its length is not of the level named."""
    GLUED = "glued"
    """Two codes may stand without anything between them."""
    RANGE = "range"
    """A range does not rise, has no end, or its end is cut short."""
    EXCEPTION = "exception"
    """The expression excepts codes: which rows they have, the row itself does not say."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One code or range of a heading expression."""

    code: str
    """2, 4 or 6 to 10 digits, or a range ``a-b``."""
    ex: bool
    """Only a part of it."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading expression as read."""

    pieces: tuple[Piece, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(piece.code for piece in self.pieces)

    @property
    def is_ex(self) -> bool:
        return any(piece.ex for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class UnreadHeading:
    """A heading expression that was not read: why, at which words, and what it may be about."""

    fault: HeadingFault
    words: str
    chapters: tuple[str, ...]
    """Of every number that stands in it; empty if none says."""


class _Token(NamedTuple):
    kind: str
    words: str


class _Stop(Exception):
    def __init__(self, fault: HeadingFault, words: str) -> None:
        super().__init__(words)
        self.fault = fault
        self.words = words


_LETTERS = r"(?![^\W\d_])"
_TOKENS = re.compile(
    "|".join(
        f"(?P<{kind}>{pattern})"
        for kind, pattern in {
            "code": r"\d+(?:\.\d+| +\d+)*\.?",
            "ex": rf"(?:ex|из)\.?{_LETTERS}",
            "except": rf"(?:except(?:ing)?(?: for)?|excluding|other than|кроме|за исключением){_LETTERS}",
            "chapter": rf"(?:chapters?|chap|ch|групп[аыеу]?|гр){_LETTERS}\.?",
            "level": (
                rf"(?:(?:hs|tariff|товарн\w+|тн вэд|classified|under|in|within|of) *)*"
                rf"(?:headings?|subheadings?|tariff items?|items?|codes?|hs|nos?|(?:суб)?позици\w+|код\w*){_LETTERS}\.?|№"
            ),
            "to": rf"-|(?:to|through|thru|по|до){_LETTERS}",
            "from": rf"(?:from|с|от){_LETTERS}",
            "and": rf"[,;&]|(?:and|or|и|или){_LETTERS}",
            "stop": r"[.:]",
        }.items()
    )
)
_DASHES = re.compile("[‐‑‒–—―−]")
_SHAPES = frozenset(
    [(n,) for n in (1, 2, 4, 6, 7, 8, 9, 10)]
    + [(4, 2), (4, 2, 2), (4, 2, 2, 2), (4, 2, 3), (4, 2, 3, 1), (4, 2, 4), (6, 2), (6, 2, 2), (6, 4), (6, 3), (6, 3, 1)]
)  # fmt: skip
"""Lengths of the groups of digits in which one code is written; ``84.01`` and ``84.01.10`` are tested apart."""
_OTHER = re.compile(
    r"(?:the )?(?:any )?others?(?: (?:products?|goods?)(?: (?:from|of) (?:heading|chapter) [\d. ]+)?)?[.:;]?"
    r"|проч(?:ие|ее|ая|их)|остальн(?:ые|ое)",
    re.IGNORECASE,
)
_ORNAMENT = re.compile(r"\[\\?/?(?:ul|bl|ol|li)\\?\]|[‐‑‒–—―−*•·-]")


def read_heading(written: str) -> Heading | UnreadHeading:
    """The codes of a heading expression, such as ``ex 8503``, ``Chapters 1 to 3`` or ``8501.10-8501.20``."""
    plain = _DASHES.sub("-", " ".join(written.split())).lower().strip()
    try:
        if not plain:
            raise _Stop(HeadingFault.EMPTY, "")
        return Heading(tuple(_pieces(list(_tokens(plain)))))
    except _Stop as stop:
        return UnreadHeading(stop.fault, stop.words, _chapters(plain))


def ex_of(heading: Heading, gloss: str) -> Ex:
    """Which of its three meanings the ``ex`` of a row has: by the level of its codes and its description.

    ``ex Chapter 28`` is the rest of the chapter; ``ex 2811`` described as "Other" the rest of the heading; any other
    ``ex`` the part that the description picks.
    """
    if not heading.is_ex:
        return Ex.NONE
    if all(len(end) == 2 for code in heading.codes for end in code.split("-")):
        return Ex.REST
    return Ex.UNLESS if is_other(gloss) else Ex.PART


def is_other(gloss: str) -> bool:
    """Whether a description says no more than "other": the goods that no other row names."""
    last = _ORNAMENT.sub(" ", gloss.rpartition("▸")[2])
    return _OTHER.fullmatch(" ".join(last.split())) is not None


def _tokens(plain: str) -> Iterator[_Token]:
    at = 0
    while at < len(plain):
        if plain[at] in " ()\"'*":
            at += 1
            continue
        found = _TOKENS.match(plain, at)
        if found is None or found.lastgroup is None:
            raise _Stop(HeadingFault.WORDS, plain[at:].split(maxsplit=1)[0])
        yield _Token(found.lastgroup, found[0])
        at = found.end()


def _pieces(tokens: list[_Token]) -> Iterator[Piece]:
    """Items between separators. A leading ``ex`` is of all that follow it unmarked: the reading that asks more."""
    leading = bool(tokens) and tokens[0].kind == "ex"
    level, found = "", False
    for item in _items(tokens):
        named = next((token.kind for token in item if token.kind in ("chapter", "level")), "")
        level = named or level
        yield Piece(_code_of(item, level), leading or any(token.kind == "ex" for token in item))
        found = True
    if not found:
        raise _Stop(HeadingFault.EMPTY, " ".join(token.words for token in tokens))


def _items(tokens: list[_Token]) -> Iterator[list[_Token]]:
    item: list[_Token] = []
    for n, token in enumerate(tokens):
        if token.kind == "except":
            if any(later.kind == "code" for later in tokens[n:]):
                raise _Stop(HeadingFault.EXCEPTION, token.words)
            break  # "Chapter 28, except for:" announces the rows that follow
        if token.kind == "and":
            if item:
                yield item
            item = []
        elif token.kind != "stop":
            item.append(token)
    if item:
        yield item


def _code_of(item: list[_Token], level: str) -> str:
    """``words code`` or ``words code to words code``; nothing else."""
    said = "".join({"code": "c", "to": "t"}.get(token.kind, "") for token in item)
    shown = " ".join(token.words for token in item)
    if said not in ("c", "ctc"):
        raise _Stop(HeadingFault.RANGE if "t" in said else HeadingFault.GLUED, shown)
    if item[-1].kind != "code":
        raise _Stop(HeadingFault.WORDS, item[-1].words)
    ends = [_digits(token.words, level) for token in item if token.kind == "code"]
    if len(ends) == 1:
        return ends[0]
    first, last = ends
    cut_short = len(last) == 2 and len(first) > 2
    size = min(len(first), len(last))
    if cut_short or last[:size] < first[:size] or (last == first[: len(last)] and last != first):
        raise _Stop(HeadingFault.RANGE, shown)
    return first if first == last else f"{first}-{last}"


def _digits(words: str, level: str) -> str:
    """The digits of one code, whose groups must be those of a code."""
    groups = re.split(r"[. ]+", words.strip(". "))
    shape, digits = tuple(map(len, groups)), "".join(groups)
    dotted = len(groups) > 1 and shape[:2] == (2, 2) and words[2] == "."
    if dotted:
        shape = (4, *shape[2:])
    if level == "chapter":
        if len(groups) > 1 or len(digits) > 2 or not int(digits):
            raise _Stop(HeadingFault.GLUED if len(groups) > 1 else HeadingFault.LENGTH, words)
        return digits.zfill(2)
    if _glued(groups, shape):
        raise _Stop(HeadingFault.GLUED, words)
    least = 4 if level == "level" else 2
    if shape not in _SHAPES or not least <= len(digits) <= 10 or not int(digits[:2]):
        raise _Stop(HeadingFault.LENGTH, words)
    return digits


def _glued(groups: list[str], shape: tuple[int, ...]) -> bool:
    """Two headings without anything between: apart by a blank, or eight digits that are two rising of one chapter."""
    if len(groups) > 1 and shape[:2] == (2, 2):
        return True
    if len(groups) > 1 and len(groups[0]) == len(groups[1]) == 4:
        return True
    whole = "".join(groups)
    return len(groups) == 1 and len(whole) == 8 and whole[:2] == whole[4:6] and whole[:4] < whole[4:]


def _chapters(plain: str) -> tuple[str, ...]:
    """What a damaged expression may be about: the first two digits of its headings; if it has none, of any number."""
    numbers = re.findall(r"\d{4,}", plain.replace(".", "")) or re.findall(r"\d+", plain)
    return tuple(dict.fromkeys(number.zfill(2)[:2] for number in numbers if int(number[:2])))
