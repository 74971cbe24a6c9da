"""Decide how much of the Harmonized System a pack decides.

A subheading is *decided* if one row covers it whole and rests on codes and figures alone; *asked* if a row
stands for it but a person must answer something first: which goods an ``ex`` row means, which digits follow,
whether an operation was done or a material is what the row names; and a *gap* if there is no row (outside a
complete chapter) or only a row that could not be read. Every determination besides asks for the operations
done; that is not counted here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum

from countermark.goods.hs import HSEdition
from countermark.rules.agreement import Agreement, Coverage, Row, RowPolicy, depth_of, span_of
from countermark.rules.expression import Expression
from countermark.rules.nodes import (
    FromMaterials,
    Manual,
    MinCount,
    NotOnly,
    Pending,
    Process,
    Quota,
    Retain,
    SetRule,
    When,
    WhollyObtainedGood,
)
from countermark.rules.selector import Described


class Standing(StrEnum):
    """What the pack can do for a subheading."""

    DECIDED = "decided"
    ASKED = "asked"
    GAP = "gap"


class Reason(StrEnum):
    """Why a subheading is asked, or a gap."""

    EX = "ex"
    """Which goods: the row means only those it names."""
    DIGITS = "digits"
    """The row's code goes deeper than six digits."""
    OPERATIONS = "operations"
    MATERIALS = "materials"
    """Whether a material is what the row names, or an earlier stage of it."""
    PERSON = "person"
    """A reading left to the officer."""
    REST = "rest"
    """Goods that no row names are a gap."""
    NO_ROW = "no-row"
    UNREAD = "unread"
    """A row stands there, and its rule could not be read."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many subheadings stand how, in all and by chapter, and why."""

    total: Mapping[Standing, int]
    chapters: Mapping[str, Mapping[Standing, int]]
    reasons: Mapping[Reason, int]
    """A subheading counts once under each of its reasons."""


_ASKING: Mapping[type, Reason] = {
    Process: Reason.OPERATIONS,
    NotOnly: Reason.OPERATIONS,
    FromMaterials: Reason.MATERIALS,
    SetRule: Reason.MATERIALS,
    MinCount: Reason.MATERIALS,
    WhollyObtainedGood: Reason.MATERIALS,
    Manual: Reason.PERSON,
    Pending: Reason.PERSON,
    Retain: Reason.PERSON,
    Quota: Reason.PERSON,
    When: Reason.PERSON,
}


def parts(value: object) -> Iterator[object]:
    """Every node and selector of an expression, the expression itself first."""
    if isinstance(value, tuple):
        for item in value:
            yield from parts(item)
    elif is_dataclass(value) and not isinstance(value, type):
        yield value
        for field in fields(value):
            yield from parts(getattr(value, field.name))


def reasons_of(rule: Expression) -> frozenset[Reason]:
    """What a person must answer before the rule can decide; empty if codes and figures are enough."""
    found = {_ASKING[type(part)] for part in parts(rule) if type(part) in _ASKING}
    if any(isinstance(part, Described) and (part.named or part.prop or part.same) for part in parts(rule)):
        found.add(Reason.MATERIALS)
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One code of a row, and what a person must answer before the row can decide."""

    row: Row
    first: str
    last: str
    depth: int
    reasons: frozenset[Reason]

    def touches(self, subheading: str) -> bool:
        low, high = self.first[:6], self.last[:6]
        return low <= subheading[: len(low)] and subheading[: len(high)] <= high

    def covers(self, subheading: str) -> bool:
        """Whether every code under a subheading that it touches is meant."""
        return all(len(end) <= 6 or end[:6] != subheading for end in (self.first, self.last))


class Survey:
    """An agreement's rows by chapter: what they can do for a subheading."""

    def __init__(self, agreement: Agreement) -> None:
        self.agreement = agreement
        self._entries: dict[str, list[_Entry]] = {}
        for row in agreement.rows:
            reasons = reasons_of(row.rule)
            for code in row.codes:
                first, last = span_of(code)
                for chapter in range(int(first[:2]), int(last[:2]) + 1):
                    entry = _Entry(row, first, last, depth_of(code), reasons)
                    self._entries.setdefault(f"{chapter:02}", []).append(entry)

    def _applicable(self, subheading: str) -> tuple[list[_Entry], bool]:
        """From the deepest entry down to the first plain one that covers all; and whether there is one."""
        touching = [entry for entry in self._entries.get(subheading[:2], ()) if entry.touches(subheading)]
        plain = [entry for entry in touching if entry.covers(subheading) and not entry.row.ex]
        if self.agreement.row_policy is RowPolicy.MOST_SPECIFIC and plain:
            last = max((entry.depth, not entry.row.rest) for entry in plain)
            touching = [entry for entry in touching if (entry.depth, not entry.row.rest) >= last]
        return touching, bool(plain)

    def standing(self, subheading: str) -> tuple[Standing, frozenset[Reason]]:
        """How a subheading stands, and why if it is not decided."""
        entries, closed = self._applicable(subheading)
        if not entries:
            return self._by_general_test(subheading)
        if all(isinstance(entry.row.rule, Manual | Pending) for entry in entries):
            return Standing.GAP, frozenset({Reason.UNREAD})
        reasons = set().union(*(entry.reasons for entry in entries))
        if any(entry.row.ex for entry in entries):
            reasons.add(Reason.EX)
        if not all(entry.covers(subheading) for entry in entries):
            reasons.add(Reason.DIGITS)
        if not closed and self._by_general_test(subheading)[0] is Standing.GAP:
            reasons.add(Reason.REST)
        return (Standing.ASKED if reasons else Standing.DECIDED), frozenset(reasons)

    def _by_general_test(self, subheading: str) -> tuple[Standing, frozenset[Reason]]:
        """The general test decides only where the list is known to be whole."""
        rule = self.agreement.general_rule
        if rule is None or self.agreement.coverage.get(subheading[:2]) is not Coverage.COMPLETE:
            return Standing.GAP, frozenset({Reason.NO_ROW})
        reasons = reasons_of(rule)
        return (Standing.ASKED if reasons else Standing.DECIDED), reasons


def tally(agreement: Agreement, edition: HSEdition) -> Tally:
    """Count every subheading of the edition."""
    survey = Survey(agreement)
    chapters: dict[str, Counter[Standing]] = {}
    reasons: Counter[Reason] = Counter()
    for subheading in edition.subheadings:
        answer, why = survey.standing(subheading)
        chapters.setdefault(subheading[:2], Counter())[answer] += 1
        reasons.update(why)
    total = {answer: sum(counts[answer] for counts in chapters.values()) for answer in Standing}
    return Tally(total, {key: dict(counts) for key, counts in chapters.items()}, dict(reasons))
