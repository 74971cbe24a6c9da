"""One record of a published list: one alternative of one row, as the file gives it (docs/reference/agreement.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Record:
    """An alternative of a row. Absent words are empty; nothing in it has been interpreted."""

    id: str
    line: int
    """Of the file, for whoever has to look there."""
    scheme: str
    row: str
    text: str
    heading: str = ""
    ex: bool | None = None
    """What the file says of the heading, if it says it; held against the reading of the heading."""
    gloss: str = ""
    title: str = ""
    source: str = ""
    edition: int = 0
    """Of the HS, in which the list is written; 0 if the file does not say."""
    since: date | None = None
    until: date | None = None
    alt: int = 1
    n_alt: int = 1
    operator: str = ""
    continuation: bool = False
    pending: bool = False
    quota: str = ""
    import_only: bool = False
    export_only: bool = False
    footnotes: tuple[str, ...] = ()
    ranges: tuple[tuple[str, str], ...] = ()
    lang: str = ""


class Matter(StrEnum):
    """What is odd about a record or a row of the list; it is imported all the same, and named."""

    HEADING = "heading"
    """Not read: the row is kept as damaged, asked for in every chapter it may be about."""
    EMPTY = "empty"
    """No words of a rule: the row is kept as damaged."""
    ALTERNATIVES = "alternatives"
    """Not as many alternatives as announced: the missing ones are kept as not read."""
    OPERATOR = "operator"
    """How the alternatives are joined is not said in a known word."""
    REPEATED = "repeated"
    """The next row is for the same goods, and nothing says whether one rule is enough."""
    RANGES = "ranges"
    """The file's own ranges differ from its heading: the heading is followed."""
    CODE = "code"
    """Not in the HS edition of the list: the row is kept as written."""
    EX = "ex"
    """The file's own mark of ex differs from its heading: the heading is followed."""
    SAME_WORDS = "same words"
    """Several rows of these codes are for "other": each is asked for."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something odd in the list: where, and in words."""

    matter: Matter
    scheme: str
    row: str
    line: int
    words: str
