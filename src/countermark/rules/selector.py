"""Which materials a rule speaks of: codes, ranges, the good's own heading, words and properties.

``codes`` alone is decided by digits. ``named`` and ``prop`` are attested per material line, and asked
only for lines whose code could match.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Code:
    """Every code that begins with these 2 to 10 digits."""

    digits: str


@dataclass(frozen=True, slots=True)
class CodeRange:
    """Every code from ``first`` to ``last``, both ends with all that begins with them; lengths may differ."""

    first: str
    last: str


class Level(StrEnum):
    """How far two codes must agree to be of one kind: 2, 4 or 6 digits."""

    CHAPTER = "@chapter"
    HEADING = "@heading"
    SUBHEADING = "@subheading"

    @property
    def digits(self) -> int:
        return _DIGITS[self]


_DIGITS: Mapping[Level, int] = {Level.CHAPTER: 2, Level.HEADING: 4, Level.SUBHEADING: 6}


@dataclass(frozen=True, slots=True)
class Own:
    """The good's own chapter, heading or subheading."""

    level: Level


@dataclass(frozen=True, slots=True)
class Every:
    """All the materials, or all the others beside selectors that name some."""


class Comparison(StrEnum):
    """How a property is held against its figure."""

    GT = "gt"
    GE = "ge"
    LT = "lt"
    LE = "le"
    EQ = "eq"


@dataclass(frozen=True, slots=True)
class Property:
    """A measured property of a material, such as ``milk_solids_dry_pct`` above 10."""

    name: str
    comparison: Comparison
    figure: Decimal


@dataclass(frozen=True, slots=True)
class Described:
    """A material by code and by facts that codes do not show. Every part given must hold."""

    codes: tuple[Selector, ...] = ()
    """Empty: any code."""
    named: str = ""
    excepted: tuple[Selector, ...] = ()
    prop: tuple[Property, ...] = ()
    same: str = ""
    """A characteristic the material shares with the good, such as ``species``."""
    heavier_of: tuple[Selector, ...] = ()
    """The heaviest of these materials."""
    when: Described | None = None
    """Of an exception: it counts only when the good is as described."""


Selector = Code | CodeRange | Own | Every | Described
