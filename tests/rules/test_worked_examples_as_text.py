"""The worked examples with their rules given as words: read, then decided as their sources say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from worked_examples import RULES, as_case, examples

from countermark.rules.case import decide_case
from countermark.rules.caseform import read_case
from countermark.rules.determination import Determination, Question, Verdict
from countermark.rules.expression import write_expression
from countermark.rules.reader import Status, read_rule
from source_data import data_file

ON = date(2026, 5, 4)
VERDICTS = {"originating": "originating", "non-originating": "not originating"}
NOT_WORDS = {
    "tca-wool": "the source names the rule of 5112, but does not give its words",
    "tca-trousers": "the source describes the rule and its note, but does not give its words",
}
FACTS: Mapping[str, tuple[str, ...]] = {"sg-C": ("chemical reaction",)}
"""Words of the processes that a source says were done; a question about another process is answered no."""


def read_and_decide(record: dict[str, Any]) -> Determination:
    """The rule as read, with the questions about processes answered by the facts of the example.

    Knitted fabric is no earlier stage of yarn, and none of the other examples has one.
    """
    reading = read_rule(record["rule"])
    assert reading.expression is not None
    assert reading.status in (Status.EXACT, Status.ATTESTED), (reading.status, reading.unread)
    case = as_case(record, write_expression(reading.expression)) | {"attested": {}}
    found = decide_case(read_case(case), ON).determination
    if found.verdict is Verdict.UNDETERMINED:
        case["attested"] = {ask.id: _told(record["id"], ask) for ask in found.questions}
        found = decide_case(read_case(case), ON).determination
    return found


def _told(id: str, ask: Question) -> bool:
    words = " ".join(ask.figures.values()).lower().replace("-", " ") + ask.id.replace("-", " ")
    return any(fact in words for fact in FACTS.get(id, ()))


@pytest.mark.parametrize("id", sorted(set(RULES) - set(NOT_WORDS)))
def test_the_words_of_the_rule_decide_as_the_source_says(id: str) -> None:
    record = examples(data_file("rules/worked_examples.jsonl"))[id]
    found = read_and_decide(record)
    assert found.verdict == VERDICTS[record["expected_verdict"]], found.questions
