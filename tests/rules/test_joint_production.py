"""Joint production: a machine assembled in one party from a kit made in another, already classified as the machine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from rule_samples import ASSEMBLY, kit, made, material, usd

from countermark.goods.application import Operation
from countermark.goods.material import Answer, Status
from countermark.rules.agreement import Coverage
from countermark.rules.determination import Criterion, Determination, Truth, Verdict
from countermark.rules.expression import read_expression
from countermark.rules.stated import StatedRule
from countermark.rules.terms import Cumulation

Decide = Callable[..., Determination]
BATTERY = material("850710", Status.ORIGINATING, "50")
TYRES = material("401170", Status.FOREIGN, "100")
GENERAL_TEST = StatedRule(("8701",), read_expression({"ctc": "CTH"}), "2.4", "Officer 7", date(2026, 5, 4))
WHOLE_LIST = {"coverage": {"87": Coverage.COMPLETE}}


def asked(found: Determination) -> list[str]:
    return [question.id for question in found.questions]


def test_a_kits_with_proof_cumulate_whatever_the_gap(decide: Decide) -> None:
    found = decide(made("870193", kit("870193", proved=True), BATTERY))
    assert (found.verdict, found.criterion, found.box9) == (Verdict.ORIGINATING, Criterion.CUMULATION, "К")
    assert (found.country, found.rule, found.questions) == ("AZ", "2.3", ())
    assert [(r.line, r.proof.number) for r in found.relied_on] == [(1, "BY-1")]


def test_b_foreign_tyres_beside_proved_kits_meet_the_gap(decide: Decide) -> None:
    good = made("870193", kit("870193", proved=True), TYRES)
    found = decide(good)
    assert (found.verdict, asked(found)) == (Verdict.UNDETERMINED, ["row-gap:8701"])
    stated = decide(good, stated=GENERAL_TEST)
    assert (stated.verdict, stated.criterion, stated.box9) == (
        Verdict.ORIGINATING,
        Criterion.SUFFICIENT,
        "Д8701",
    )
    assert (stated.stated_by, stated.rule, len(stated.relied_on)) == ("Officer 7", "2.4", 1)


def test_c_kits_without_proof_are_tested_for_processing(decide: Decide) -> None:
    good = made("870193", kit("870193", proved=False), BATTERY)
    assert asked(decide(good)) == ["row-gap:8701"]
    found = decide(good, **WHOLE_LIST)
    assert (found.verdict, found.box9, found.relied_on) == (Verdict.ORIGINATING, "Д8701", ())


def test_c_kits_without_proof_are_foreign_where_the_agreement_reads_it_so(decide: Decide) -> None:
    good = made("870193", kit("870193", proved=False), BATTERY)
    found = decide(good, cumulation=Cumulation("full", ("CT-1",), True), **WHOLE_LIST)
    assert found.verdict is Verdict.NOT_ORIGINATING


@pytest.mark.parametrize("proved", [True, False])
def test_f_only_simple_assembly_is_for_the_officer_to_read(decide: Decide, proved: bool) -> None:
    paint = Operation("painting", "painting")
    good = made("870193", kit("870193", proved=proved), operations=(ASSEMBLY, paint))
    found = decide(good, **WHOLE_LIST)
    assert (found.verdict, asked(found)) == (Verdict.UNDETERMINED, ["simple-assembly-of-kits"])


@pytest.mark.parametrize(
    ("reading", "answer", "expected"),
    [
        ("sufficient", None, Verdict.ORIGINATING),
        ("insufficient", None, Verdict.NOT_ORIGINATING),
        ("undetermined", Answer.YES, Verdict.ORIGINATING),
        ("undetermined", Answer.NO, Verdict.NOT_ORIGINATING),
    ],
)
def test_f_a_settled_reading_or_the_officer_decides(
    decide: Decide, reading: str, answer: Answer | None, expected: Verdict
) -> None:
    attested = {"simple-assembly-of-kits": answer} if answer else {}
    good = made("870193", kit("870193", proved=True), operations=(ASSEMBLY,), attested=attested)
    assert decide(good, simple_assembly_of_kits=reading).verdict is expected


def test_simple_assembly_of_third_country_parts_never_confers_origin(decide: Decide) -> None:
    found = decide(made("847130", material("854231", Status.FOREIGN), operations=(ASSEMBLY,)))
    assert found.verdict is Verdict.NOT_ORIGINATING


def test_a_proof_of_another_form_country_or_without_quantity_proves_nothing(decide: Decide) -> None:
    from dataclasses import replace
    from decimal import Decimal

    whole = kit("870193", proved=True)
    assert whole.proof is not None
    no_quantity = replace(whole.proof.quantity, value=Decimal(0))
    for change in ({"form": "EUR.1"}, {"country": "KZ"}, {"quantity": no_quantity}, {"number": ""}):
        good = made("870193", replace(whole, proof=replace(whole.proof, **change)))
        assert decide(good, **WHOLE_LIST).criterion is Criterion.SUFFICIENT


def test_one_unproved_line_is_enough_to_lose_cumulation(decide: Decide) -> None:
    good = made("870193", kit("870193", proved=True), kit("840820", proved=False, value="10"))
    assert decide(good, **WHOLE_LIST).box9 == "Д8701"


def test_own_materials_keep_origin_even_if_only_packed(decide: Decide) -> None:
    good = made("847130", material("847160", Status.ORIGINATING), operations=(ASSEMBLY,))
    found = decide(good)
    assert (found.verdict, found.criterion) == (Verdict.ORIGINATING, Criterion.SUFFICIENT)


def test_no_operation_stated_is_a_question(decide: Decide) -> None:
    found = decide(made("847130", material("854231", Status.FOREIGN), operations=()))
    assert (found.verdict, asked(found)) == (Verdict.UNDETERMINED, ["operations"])
    assert decide(made("847130", material("854231", Status.FOREIGN))).verdict is Verdict.ORIGINATING


def test_conditions_stand_beside_the_verdict(decide: Decide) -> None:
    found = decide(made("847130", material("854231", Status.FOREIGN), price=usd("10", "EXW")))
    assert [(c.kind, c.phase, c.met) for c in found.conditions] == [
        ("direct purchase", "issue", Truth.UNKNOWN),
        ("direct delivery", "import", Truth.UNKNOWN),
    ]
    assert found.verdict is Verdict.ORIGINATING
