"""Which rows of the list can apply to a code, most specific first, and how sure that is.

A row applies if the code lies in it, and for an ``ex`` row if the good is the part named in its gloss. A row for the
rest comes after all others of its code; where several rows may decide, it applies only if none of those before it does.
A code given shorter than a row leaves the row open: its next digits are asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from countermark.goods.material import Answer
from countermark.rules.agreement import Row, RowPolicy
from countermark.rules.determination import Question, Truth
from countermark.rules.expression import Expression
from countermark.rules.facts import Questions
from countermark.rules.match import span
from countermark.rules.truth import NO, UNKNOWN, YES, answered, every, negated


class Candidate(NamedTuple):
    """A row that applies, or may apply."""

    row: Row
    applies: Truth
    asks: Questions


class _Span(NamedTuple):
    row: Row
    order: int
    low: str
    high: str
    width: int
    """How many full codes it spans: the narrower goes first."""


class _Index(NamedTuple):
    rows: tuple[Row, ...]
    spans: Mapping[str, list[_Span]]
    rules: Mapping[str, Expression]


_INDEXES: dict[int, _Index] = {}
"""Indexes by identity of the rows: kept with the rows themselves, so an identity is never used twice."""
_MOST_INDEXES = 64


def candidates(
    rows: tuple[Row, ...],
    digits: str,
    answers: Mapping[str, Answer],
    policy: RowPolicy = RowPolicy.MOST_SPECIFIC,
) -> list[Candidate]:
    """The rows that apply or may apply: the narrowest code first; of the same code ``ex``, then plain, then the rest."""
    if not digits:
        return []
    low, high = span(digits, digits)
    best: dict[int, tuple[int, Truth, Row]] = {}
    for held in _index(rows).spans.get(digits[:2], ()):
        if held.high < low or high < held.low:
            continue
        inside = YES if held.low <= low and high <= held.high else UNKNOWN
        known = best.get(held.order)
        if known is None or (inside is YES, -held.width) > (known[1] is YES, -known[0]):
            best[held.order] = (held.width, inside, held.row)
    ordered = sorted(best.items(), key=lambda item: (item[1][0], *_rank(item[1][2]), item[0]))
    found: list[Candidate] = []
    for _, (_, inside, row) in ordered:
        candidate = _candidate(row, inside, digits, answers)
        if row.rest and policy is not RowPolicy.MOST_SPECIFIC:
            # The most specific row that surely applies ends the search, so there the order says it already.
            candidate = _left_over(candidate, found)
        if candidate.applies is not NO:
            found.append(candidate)
    return found


def _rank(row: Row) -> tuple[bool, bool]:
    return row.rest, not row.ex


def _left_over(candidate: Candidate, before: list[Candidate]) -> Candidate:
    """A row for the rest, where several rows may decide."""
    named = [other for other in before if not other.row.rest]
    applies = every((candidate.applies, *(negated(other.applies) for other in named)))
    asks = tuple(ask for other in named for ask in other.asks) if applies is UNKNOWN else ()
    return Candidate(candidate.row, applies, candidate.asks + asks)


def _candidate(row: Row, inside: Truth, digits: str, answers: Mapping[str, Answer]) -> Candidate:
    asks: Questions = ()
    part = YES
    if inside is UNKNOWN:
        asks += (Question("good:hs", "good_hs", {"digits": digits, "row": row.id}),)
    if row.ex:
        ask = Question(f"row:{row.id}", "row_ex", {"row": row.id, "gloss": row.gloss})
        part = answered(answers.get(ask.id))
        asks += (ask,) if part is UNKNOWN else ()
    return Candidate(row, every((inside, part)), asks)


def rules_by_id(rows: tuple[Row, ...]) -> Mapping[str, Expression]:
    """The rule of every row, for the rules that refer to another row."""
    return _index(rows).rules


def _index(rows: tuple[Row, ...]) -> _Index:
    """The spans of the rows by the chapters they touch, and their rules by id."""
    held = _INDEXES.get(id(rows))
    if held is not None and held.rows is rows:
        return held
    spans: dict[str, list[_Span]] = {}
    for order, row in enumerate(rows):
        for code in row.codes:
            first, _, last = code.partition("-")
            low, high = span(first, last or first)
            width = int(high) - int(low)
            for chapter in range(int(low[:2]), int(high[:2]) + 1):
                spans.setdefault(f"{chapter:02d}", []).append(_Span(row, order, low, high, width))
    if len(_INDEXES) >= _MOST_INDEXES:
        _INDEXES.clear()
    _INDEXES[id(rows)] = _Index(rows, spans, {row.id: row.rule for row in rows})
    return _INDEXES[id(rows)]
