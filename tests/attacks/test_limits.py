"""What is at the very edge: last days, early days, amounts, spellings, and rules built to take for ever."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from countermark.casework.amend import duplicate
from countermark.casework.apply import apply
from countermark.casework.decide import decide
from countermark.casework.issue import issue
from countermark.casework.refusal import Refusal
from countermark.casework.use import use
from countermark.document.errors import DocumentError
from countermark.rules.determination import Verdict
from countermark.rules.expression import read_expression
from countermark.rules.facts import Facts, Line, Standing
from countermark.rules.tolerance import alternatives
from countermark.rules.truth import UNKNOWN
from two_parties import OFFICER, Pair, cattle, certify, declared, pieces, plain


def test_a_duplicate_made_on_the_last_day_serves_that_day(pair: Pair):
    issued = certify(pair.by, cattle("last-day"))
    pair.settle()
    pair.clock.wait(days=365)
    copy = duplicate(pair.by.office, issued.number, reason="lost", officer=OFFICER)
    pair.settle()
    assert pair.az.office.store.statements.refused(pair.by.office.origin, 0, 100) == []
    use(pair.az.office, copy.number, copy.dated.isoformat(), pieces("1"), declared(on=copy.dated))


def test_there_is_no_duplicate_of_what_has_expired(pair: Pair):
    issued = certify(pair.by, cattle("expired"))
    pair.clock.wait(days=366)
    with pytest.raises(Refusal) as refused:
        duplicate(pair.by.office, issued.number, reason="lost", officer=OFFICER)
    assert refused.value.code == "expired"
    assert [row.status for row in pair.by.office.store.register.family(issued.sub)] == ["valid"]


@pytest.mark.parametrize(("day", "restored"), [(date(2025, 11, 20), True), (date(2025, 11, 19), False)])
def test_a_certificate_restores_treatment_of_a_declaration_of_the_last_year_only(
    pair: Pair, day: date, restored: bool
):
    issued = certify(pair.by, cattle("later"))
    pair.settle()

    def used() -> object:
        return use(pair.az.office, issued.number, issued.dated.isoformat(), pieces("1"), declared(on=day))

    if restored:
        assert used()
    else:
        with pytest.raises(Refusal) as refused:
            used()
        assert refused.value.code == "certified-later"


def test_an_amount_the_partner_could_not_draw_on_is_not_certified(pair: Pair):
    application = cattle("many")
    application["goods"][0]["quantity"]["value"] = "9999999999999"
    submitted = apply(pair.by.office, application)
    with pytest.raises(DocumentError):
        issue(pair.by.office, [submitted.id], OFFICER)
    assert pair.by.office.store.register.last_number("2026/101") == 0


def test_a_name_spelled_with_joiners_is_certified_as_it_was_applied_for(pair: Pair):
    application = cattle("joined")
    application["goods"][0]["description"] = "گاو\u200cها"
    issued = certify(pair.by, application)
    pair.settle()
    assert pair.az.office.store.register.certificates(issued.number)


def lifts(reference: str, **changes: Any) -> Any:
    application = plain("by-lifts", reference=reference)
    application["goods"][0] |= changes
    return application


def test_two_rates_of_one_day_that_differ_are_asked(pair: Pair):
    rates = plain("by-lifts")["goods"][0]["rates"]
    lower = rates[0] | {"rate": "0.0001"}
    for order in ([lower, *rates], [*rates, lower]):
        submitted = apply(pair.by.office, lifts(f"rates-{order[0]['rate']}", rates=order))
        (found,) = decide(pair.by.office, submitted.id).determinations
        assert found.verdict is Verdict.UNDETERMINED
        assert {question.code for question in found.questions} == {"rate"}


def test_work_done_in_a_country_that_is_no_party_confers_no_origin(pair: Pair):
    operations = [{"words": "assembly and test run", "place": "CN, Harbin"}]
    submitted = apply(pair.by.office, lifts("abroad", operations=operations))
    (found,) = decide(pair.by.office, submitted.id).determinations
    assert found.verdict is Verdict.NOT_ORIGINATING


def test_a_rule_of_very_many_ways_is_not_counted_out():
    line = Line("good", 0, "good", "870193", Standing.BLANK, UNKNOWN, UNKNOWN)
    facts = Facts(good=line, lines=(), price=None, on=date(2026, 5, 4), country="BY")
    shares = [{"max_nom": {"pct": str(pct), "base": "EXW"}} for pct in range(1, 31)]
    rule = {"all": [{"at_least": {"n": 15, "of": shares}}, {"ctc": "CTH"}]}
    assert alternatives(read_expression(rule), facts) == []
