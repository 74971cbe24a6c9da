"""The worked examples of official guides come out as their sources say, to the percentage they print."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from worked_examples import ATTESTED, RULES, as_case, examples

from countermark.rules.case import decide_case
from countermark.rules.caseform import read_case
from countermark.rules.determination import Trace
from source_data import data_file

ON = date(2026, 5, 4)
VERDICTS = {"originating": "originating", "non-originating": "not originating"}
WITH_PERCENTAGE = (
    *("sg-B", "sg-E", "sg-F", "wco-drill", "wco-drill-1", "wco-curler-tv", "wco-curler-nc", "wco-rollup"),
    *("pem-engine", "pem-engine-x"),
)


def steps(step: Trace) -> Iterator[Trace]:
    yield step
    for child in step.children:
        yield from steps(child)


def shares(trace: Trace) -> set[Decimal]:
    """Every share of a price that the trace shows, to the hundredth: of limits, contents and tolerances."""
    found: set[Decimal] = set()
    price = Decimal(0)
    for step in steps(trace):
        figures = step.figures
        price = Decimal(figures.get("base", price))
        if step.code == "max_nom" and "pct" in figures:
            found.add(Decimal(figures["pct"]))
        elif step.code == "rvc" and "margin" in figures:
            margin = Decimal(figures["margin"])
            found.add(Decimal(figures["limit"]) + 100 * margin / Decimal(figures["base"]))
        elif step.code == "tolerance":
            found.add(100 * Decimal(figures["failing"]) / price)
    return {share.quantize(Decimal("0.01"), ROUND_HALF_UP) for share in found}


@pytest.mark.parametrize("id", sorted(RULES))
def test_the_example_is_decided_as_its_source_says(id: str) -> None:
    record = examples(data_file("rules/worked_examples.jsonl"))[id]
    found = decide_case(read_case(as_case(record, RULES[id])), ON).determination
    assert found.trace is not None
    assert (found.verdict, found.questions) == (VERDICTS[record["expected_verdict"]], ())


@pytest.mark.parametrize("id", WITH_PERCENTAGE)
def test_the_trace_shows_the_percentage_the_source_prints(id: str) -> None:
    record = examples(data_file("rules/worked_examples.jsonl"))[id]
    found = decide_case(read_case(as_case(record, RULES[id])), ON).determination
    assert found.trace is not None
    printed = Decimal(record["expected_percent"]).quantize(Decimal("0.01"))
    assert printed in shares(found.trace)


def test_every_example_is_taken_with_its_percentage_and_nothing_else_is_attested() -> None:
    records = examples(data_file("rules/worked_examples.jsonl"))
    assert set(RULES) == set(records)
    assert len(records) == 24
    assert set(WITH_PERCENTAGE) == {id for id, record in records.items() if "expected_percent" in record}
    assert set(ATTESTED) <= {id for id, record in records.items() if "processes" in record}
