"""Decides what a kind of difference means, by the agreement's own table, and what follows for an item.

A kind the table does not grade is for an officer, never waved through.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from countermark.clearance.wording import Likeness


class Grade(StrEnum):
    """What one difference means."""

    SAME = "same"
    NOT_COMPARABLE = "not comparable"
    SLIP = "slip"
    EXCESS = "excess"
    """What is over the certified amount and its tolerance is not covered; the rest is."""
    ASK = "ask"
    GROUND = "ground"


class Outcome(StrEnum):
    """What may be done with one item."""

    ACCEPT = "accept"
    NOTE = "accept with note"
    EXCESS = "excess uncovered"
    ASK = "ask"
    REFUSE = "refuse"


class Summary(StrEnum):
    """The whole in one word; minor discrepancies alone are no ground for refusal."""

    MATCH = "match"
    MINOR = "minor"
    MATERIAL = "material"


KINDS = (
    *("spelling", "order", "transliteration"),
    *("number", "date", "consignor", "consignee", "destination", "origin", "description", "invoice"),
    *("heading", "digits-5-to-10", "quantity"),
    *("expired", "certified-later", "issued-after-export"),
    *("identification", "item-unclear", "amount-unclear"),
)
"""The kinds of difference an agreement's comparison table grades."""

_UNGRADED = "an officer's decision: the agreement's table does not grade this difference"
_OUTCOMES = (
    (Grade.GROUND, Outcome.REFUSE),
    (Grade.ASK, Outcome.ASK),
    (Grade.EXCESS, Outcome.EXCESS),
    (Grade.SLIP, Outcome.NOTE),
    (Grade.NOT_COMPARABLE, Outcome.NOTE),
)
"""Gravest first."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One field on both sides."""

    field: str
    certified: str
    declared: str
    grade: Grade
    cites: str = ""
    """The document to ask for, or the clause."""


@dataclass(frozen=True, slots=True)
class Table:
    """An agreement's comparison table, and the cells it gives."""

    grades: Mapping[str, str]

    def cell(self, field: str, certified: str, declared: str, kind: str = "") -> Cell:
        """A cell graded by the kind of difference; an empty kind means there is none."""
        if not kind:
            return Cell(field, certified, declared, Grade.SAME)
        grade, _, cites = self.grades.get(kind, f"{Grade.ASK}: {_UNGRADED}").partition(":")
        return Cell(field, certified, declared, Grade(grade), cites.strip())

    def likeness(self, field: str, certified: str, declared: str, likeness: Likeness) -> Cell:
        """A cell of two wordings: a slip is graded by its own kind, another name by its field."""
        match likeness:
            case Likeness.SAME:
                return self.cell(field, certified, declared)
            case Likeness.PARTLY:
                return self.cell(field, certified, declared, Likeness.SPELLING)
            case Likeness.DIFFERENT:
                return self.cell(field, certified, declared, field)
        return self.cell(field, certified, declared, likeness)


def outcome(cells: Iterable[Cell]) -> Outcome:
    """What follows for an item of the cells that concern it: the gravest decides."""
    grades = {cell.grade for cell in cells}
    return next((found for grade, found in _OUTCOMES if grade in grades), Outcome.ACCEPT)
