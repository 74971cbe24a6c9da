"""Commodity codes: which nomenclature and edition a code belongs to, and whether that edition knows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Nomenclature(StrEnum):
    """Whose code list the digits come from; all agree with the HS in their first six digits."""

    HS = "HS"
    CIS = "CIS"
    EAEU = "EAEU"
    NATIONAL = "national"


@dataclass(frozen=True, slots=True)
class HSCode:
    """A commodity code of 2 to 10 digits, without blanks or dots (HS Convention, Art. 1)."""

    digits: str
    nomenclature: Nomenclature = Nomenclature.HS
    edition: int = 2022

    @property
    def chapter(self) -> str:
        return self.digits[:2]

    @property
    def heading(self) -> str:
        """The first four digits; shorter if the code is only known to its chapter."""
        return self.digits[:4]

    @property
    def subheading(self) -> str:
        """The first six digits; shorter if the code is not known that far."""
        return self.digits[:6]

    def __str__(self) -> str:
        return self.digits


@dataclass(frozen=True, slots=True)
class HSEdition:
    """The six-digit codes of one HS edition: the list against which codes are checked."""

    year: int
    codes: frozenset[str]
    """Chapters, headings and subheadings: every code of 2, 4 or 6 digits of the edition."""

    def knows(self, code: HSCode) -> bool:
        """Whether the first six digits of the code (or all, if fewer) stand in this edition."""
        return code.digits[:6] in self.codes if len(code.digits) != 5 else False

    @property
    def subheadings(self) -> tuple[str, ...]:
        """All six-digit codes in order."""
        return tuple(sorted(c for c in self.codes if len(c) == 6))


@dataclass(frozen=True, slots=True)
class Correlations:
    """Which codes of one edition of the HS a code of another may have become: candidates for a person, never applied."""

    pairs: Mapping[tuple[int, str, int], tuple[tuple[str, str], ...]]
    """By edition, code of six digits and other edition: the candidates there, each with its kind, such as ``1:n``."""

    def candidates(self, code: HSCode, edition: int) -> tuple[tuple[str, str], ...]:
        """The subheadings of another edition that the code may stand for, each with the kind of correlation."""
        return self.pairs.get((code.edition, code.subheading, edition), ())


NO_CORRELATIONS = Correlations({})
