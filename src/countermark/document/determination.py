"""Decides the exact bytes of a determination: a certificate carries their SHA-256, one for each item.

They prove what was decided and why, and stay with the body that decided. The trace, however deep, is written
as rows in the order they are read, each with its depth.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from countermark.document.certificate import CRITERIA, QUANTITY
from countermark.document.errors import DocumentError
from countermark.document.parts import choice, mapping, verbatim, whole
from countermark.document.shape import Part, array, maybe, read_record, record, write_record
from countermark.goods.material import Proof
from countermark.rules.determination import (
    Condition,
    Criterion,
    Determination,
    Question,
    Reliance,
    Trace,
    Truth,
    Verdict,
)

MAX_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class _Row:
    """One step of the trace; ``depth`` is 0 for the outermost."""

    depth: int
    code: str
    result: Truth | None
    figures: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Written:
    """A determination with its trace as rows; the fields are those of ``Determination``."""

    agreement: str
    edition: str
    on: str
    verdict: Verdict
    country: str
    criterion: Criterion | None
    box9: str
    rule: str
    stated_by: str
    relied_on: tuple[Reliance, ...]
    conditions: tuple[Condition, ...]
    questions: tuple[Question, ...]
    trace: tuple[_Row, ...]


_SHORT = verbatim(1000)
_LONG = verbatim(100_000)
_FIGURES = maybe(mapping(_LONG, 1000), {})
_TRUTH = choice({Truth.YES: 1, Truth.NO: 2, Truth.UNKNOWN: 3})
_PROOF = record(
    Proof, form=_SHORT, number=_SHORT, date=_SHORT, country=_SHORT, item=whole(0, 10**6), quantity=QUANTITY
)
_RELIANCE = record(
    Reliance,
    line=whole(0, 10**6),
    proof=_PROOF,
    inside=maybe(array(whole(0, 10**6), 100), ()),
)

_DETERMINATION: Part[_Written] = record(
    _Written,
    agreement=_SHORT,
    edition=_SHORT,
    on=_SHORT,
    verdict=choice({Verdict.ORIGINATING: 1, Verdict.NOT_ORIGINATING: 2, Verdict.UNDETERMINED: 3}),
    country=_SHORT,
    criterion=maybe(choice(CRITERIA)),
    box9=_SHORT,
    rule=_LONG,
    stated_by=_SHORT,
    relied_on=maybe(array(_RELIANCE, 10_000), ()),
    conditions=maybe(array(record(Condition, kind=_SHORT, phase=_SHORT, met=_TRUTH), 100), ()),
    questions=maybe(array(record(Question, id=_LONG, code=_SHORT, figures=_FIGURES), 10_000), ()),
    trace=maybe(
        array(
            record(_Row, depth=whole(0, 1000), code=_SHORT, result=maybe(_TRUTH), figures=_FIGURES), MAX_ROWS
        ),
        (),
    ),
)


def encode_determination(determination: Determination) -> bytes:
    """The canonical bytes; raises ``DocumentError`` for a value they cannot hold."""
    rows = tuple(_rows(determination.trace, 0)) if determination.trace else ()
    return write_record(
        _DETERMINATION,
        _Written(
            determination.agreement, determination.edition, determination.on, determination.verdict,
            determination.country, determination.criterion, determination.box9, determination.rule,
            determination.stated_by, determination.relied_on, determination.conditions,
            determination.questions, rows,
        ),
    )  # fmt: skip


def read_determination(data: bytes) -> Determination:
    """The determination in these bytes; raises ``DocumentError`` for anything but its one encoding."""
    read = read_record(_DETERMINATION, data)
    return Determination(
        read.agreement, read.edition, read.on, read.verdict, read.country, read.criterion, read.box9,
        read.rule, read.stated_by, read.relied_on, read.conditions, read.questions, _tree(read.trace),
    )  # fmt: skip


def determination_digest(determination: Determination) -> bytes:
    """What a certificate carries of it: SHA-256 of its bytes."""
    return hashlib.sha256(encode_determination(determination)).digest()


def _rows(trace: Trace, depth: int) -> Iterator[_Row]:
    yield _Row(depth, trace.code, trace.result, trace.figures)
    for child in trace.children:
        yield from _rows(child, depth + 1)


def _tree(rows: tuple[_Row, ...]) -> Trace | None:
    """The trace whose rows these are, built from the last row up."""
    waiting: list[tuple[int, Trace]] = []
    for row in reversed(rows):
        children = []
        while waiting and waiting[-1][0] == row.depth + 1:
            children.append(waiting.pop()[1])
        waiting.append((row.depth, Trace(row.code, row.result, row.figures, tuple(children))))
    if len(waiting) > 1 or (waiting and waiting[0][0] != 0):
        raise DocumentError(
            "trace-rows", "The rows of the trace make no tree. Restore the determination from its backup."
        )
    return waiting[0][1] if waiting else None
