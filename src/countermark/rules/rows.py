"""Which rows of the list can apply to a code, most specific first, and how sure that is.

A row applies if the code lies in it, and for an ``ex`` row if the good is the part named in its gloss. A code given
shorter than a row leaves the row open: its next digits are asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from countermark.goods.material import Answer
from countermark.rules.agreement import Row
from countermark.rules.determination import Question, Truth
from countermark.rules.expression import Expression
from countermark.rules.facts import Questions
from countermark.rules.match import span
from countermark.rules.truth import NO, UNKNOWN, YES, answered, every


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


def candidates(rows: tuple[Row, ...], digits: str, answers: Mapping[str, Answer]) -> list[Candidate]:
    """The rows that apply or may apply: the narrowest code first, ``ex`` before the plain row of the same code."""
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
    ordered = sorted(best.items(), key=lambda item: (item[1][0], not item[1][2].ex, item[0]))
    found = (_candidate(row, inside, digits, answers) for _, (_, inside, row) in ordered)
    return [candidate for candidate in found if candidate.applies is not NO]


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
