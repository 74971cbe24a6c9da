"""The order of reasoning: agreement and date, wholly produced, money, rows, gaps, stated rules, tolerance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from rule_samples import ON, kit, made, material, row, usd

from countermark.goods.application import WhollyObtained
from countermark.goods.hs import HSCode, Nomenclature
from countermark.goods.material import Answer, Status
from countermark.goods.money import Rate
from countermark.rules.agreement import Coverage, RowPolicy
from countermark.rules.box9 import Box9Error
from countermark.rules.determination import Criterion, Determination, Verdict
from countermark.rules.expression import read_expression
from countermark.rules.stated import StatedRule, StatedRuleRefused

Decide = Callable[..., Determination]
YES, NO, OPEN = Verdict.ORIGINATING, Verdict.NOT_ORIGINATING, Verdict.UNDETERMINED
CHIP = material("854231", Status.FOREIGN, "100")
NEVER, ALWAYS = {"ctc": "CC", "only_from": ["01"]}, {"any_heading": True}
HALF = {"max_nom": {"pct": "50", "base": "EXW"}}


def asked(found: Determination) -> list[str]:
    return [question.id for question in found.questions]


def test_an_exporter_outside_the_parties_cannot_confer_origin(decide: Decide) -> None:
    assert decide(made("847130", CHIP), country="CN").verdict is NO


@pytest.mark.parametrize("on", [date(2023, 12, 31), date(2027, 1, 1)])
def test_a_day_outside_the_edition_is_not_decided(decide: Decide, on: date) -> None:
    found = decide(made("847130", CHIP), on=on, valid_until=date(2026, 12, 31))
    assert (found.verdict, asked(found)) == (OPEN, ["edition"])


def test_a_wholly_produced_claim_needs_category_evidence_and_no_other_materials(decide: Decide) -> None:
    claim = WhollyObtained("b", "field journal")
    found = decide(made("080222", wholly_obtained=claim, operations=()))
    assert (found.verdict, found.criterion, found.box9, found.rule) == (YES, Criterion.WHOLLY, "П", "2.2")
    assert asked(decide(made("080222", wholly_obtained=replace(claim, category="z")))) == [
        "wholly:category",
        "row-gap:0802",
    ]
    assert asked(decide(made("080222", wholly_obtained=replace(claim, evidence="")))) == [
        "wholly:evidence",
        "row-gap:0802",
    ]
    assert asked(decide(made("080222", wholly_obtained=claim, materials=None)))[0] == "materials"
    contradicted = made("847130", material("847330", Status.FOREIGN, "900"), wholly_obtained=claim)
    assert decide(contradicted).criterion is Criterion.SUFFICIENT


def test_a_good_from_wholly_obtained_materials_is_wholly_produced(decide: Decide) -> None:
    assert decide(made("080222", material("080221", Status.WHOLLY), operations=())).box9 == "П"


def test_a_blank_status_that_only_the_entry_of_box_9_turns_on_leaves_the_entry_open(decide: Decide) -> None:
    good = made("847130", material("847330", Status.WHOLLY), material("854231", None))
    found = decide(good)
    assert (found.verdict, found.criterion, found.box9, asked(found)) == (
        YES,
        None,
        "",
        ["material:2:origin"],
    )
    settled = replace(good, attested={"material:2:origin": Answer.NO})
    assert decide(settled).box9 == "Д8471"


def test_the_narrowest_row_decides_and_ex_asks_which_part(decide: Decide) -> None:
    rows = (row("8471", NEVER), row("847130/1", ALWAYS, codes=("847130",), ex=True), row("84", NEVER))
    good = made("847130", CHIP)
    found = decide(good, rows=rows)
    assert (found.verdict, asked(found)) == (OPEN, ["row:847130/1"])
    part = decide(replace(good, attested={"row:847130/1": Answer.YES}), rows=rows)
    assert (part.verdict, part.rule) == (YES, "list, 847130/1")
    rest = decide(replace(good, attested={"row:847130/1": Answer.NO}), rows=rows)
    assert (rest.verdict, rest.rule) == (NO, "list, 8471")


def test_ex_is_not_asked_where_all_parts_fare_alike(decide: Decide) -> None:
    rows = (row("8471", ALWAYS), row("847130/1", HALF, codes=("847130",), ex=True))
    assert asked(decide(made("847130", CHIP), rows=rows)) == []


def test_the_next_digits_are_asked_where_a_longer_row_could_apply(decide: Decide) -> None:
    rows = (row("847130100", NEVER), row("8470-847190", ALWAYS, codes=("8470-847190",)))
    assert asked(decide(made("847130", CHIP), rows=rows)) == ["good:hs"]
    longer = replace(made("847130", CHIP), hs=HSCode("8471309000", Nomenclature.EAEU))
    assert decide(longer, rows=rows).verdict is YES
    national = replace(longer, hs=HSCode("8471301000", Nomenclature.NATIONAL))
    assert asked(decide(national, rows=rows)) == ["good:hs"]


@pytest.mark.parametrize(
    ("policy", "rules", "expected"),
    [
        (RowPolicy.ANY, (NEVER, ALWAYS), YES),
        (RowPolicy.ALL, (NEVER, ALWAYS), NO),
        (RowPolicy.ALL, (ALWAYS, ALWAYS), YES),
        (RowPolicy.ANY, (NEVER, NEVER), NO),
    ],
)
def test_other_agreements_take_any_or_all_of_their_rows(
    decide: Decide, policy: RowPolicy, rules: tuple[dict[str, object], ...], expected: Verdict
) -> None:
    rows = tuple(row(f"8471/{n}", rule, codes=("8471",)) for n, rule in enumerate(rules))
    assert decide(made("847130", CHIP), rows=rows, row_policy=policy).verdict is expected


def test_a_code_without_row_is_decided_only_in_a_complete_chapter(decide: Decide) -> None:
    assert decide(made("847130", CHIP)).rule == "2.4"
    for chapter in (Coverage.GAP_KNOWN, Coverage.GAP_POSSIBLE):
        found = decide(made("847130", CHIP), coverage={"84": chapter})
        assert (found.verdict, asked(found)) == (OPEN, ["row-gap:8471"])
    assert asked(decide(made("950300", CHIP))) == ["row-gap:9503"]


def test_a_code_of_another_edition_is_asked_for_and_never_converted(decide: Decide) -> None:
    old = replace(made("847130", CHIP), hs=HSCode("847130", edition=2017))
    assert asked(decide(old)) == ["good:hs"]
    old_chip = replace(CHIP, hs=HSCode("847330", edition=2017))
    assert asked(decide(made("847130", old_chip))) == ["material:1:hs"]


def test_a_damaged_row_is_for_an_officer_to_state(decide: Decide) -> None:
    rows = (row("8471", {"manual": "damaged"}),)
    good = made("847130", CHIP)
    found = decide(good, rows=rows)
    assert (found.verdict, asked(found), found.questions[0].code) == (OPEN, ["row-gap:8471"], "row_unread")
    stated = StatedRule(("8471",), read_expression(ALWAYS), "list, 8471", "Officer 7", ON)
    assert decide(good, rows=rows, stated=stated).stated_by == "Officer 7"


def test_a_stated_rule_is_refused_where_none_is_missing_or_for_another_code(decide: Decide) -> None:
    stated = StatedRule(("8471",), read_expression(ALWAYS), "list, 8471", "Officer 7", ON)
    for good in (
        made("847130", CHIP),
        made("847130", kit("847130", proved=True)),
        made("847130", material("84", Status.WHOLLY)),
    ):
        with pytest.raises(StatedRuleRefused) as refused:
            decide(good, stated=stated)
        assert refused.value.code == "stated-rule-not-needed"
    with pytest.raises(StatedRuleRefused) as refused:
        decide(made("870193", CHIP), stated=stated)
    assert refused.value.code == "stated-rule-other-code"


@pytest.mark.parametrize(("price", "expected"), [("200", YES), ("199.99", NO)])
def test_values_are_brought_to_the_prices_currency_by_the_rates_given(
    decide: Decide, price: str, expected: Verdict
) -> None:
    chip = replace(CHIP, value=usd("80", currency="EUR"))
    rate = Rate("EUR", "USD", Decimal("1.25"), ON, "central bank")
    good = made("847130", chip, price=usd(price, "EXW"), rates=(rate,))
    rows = (row("8471", HALF),)
    assert decide(good, rows=rows).verdict is expected
    for other in (replace(rate, on=date(2026, 5, 3)), replace(rate, source="USD", target="EUR")):
        assert asked(decide(replace(good, rates=(other,)), rows=rows)) == ["rate:EUR:USD:2026-05-04"]


def test_prices_of_another_or_no_basis_are_questions(decide: Decide) -> None:
    rows = (row("8471", HALF),)
    for basis in ("FOB", ""):
        assert asked(decide(made("847130", CHIP, price=usd("900", basis)), rows=rows)) == ["good:price-basis"]
    assert asked(decide(made("847130", CHIP, price=None), rows=rows)) == ["good:price"]
    chip = replace(CHIP, value=usd("80", "CIF"))
    assert asked(decide(made("847130", chip), rows=rows)) == ["material:1:value-basis"]


def test_the_one_blank_value_is_asked_with_the_most_that_would_pass(decide: Decide) -> None:
    good = made("847130", CHIP, material("854231", Status.FOREIGN, None))
    question = decide(good, rows=(row("8471", HALF),)).questions[0]
    assert (question.id, question.figures["most"]) == ("material:2:value", "400")


TOLERATED = {"tolerance:necessary-component": Answer.YES, "tolerance:expert-paper": Answer.YES}


@pytest.mark.parametrize(("value", "expected"), [("50", YES), ("50.01", NO)])
def test_the_tolerance_takes_own_heading_materials_up_to_its_share(
    decide: Decide, value: str, expected: Verdict
) -> None:
    good = made("847130", material("847150", Status.FOREIGN, value), attested=TOLERATED)
    assert decide(good).verdict is expected


def test_the_tolerance_needs_both_attestations(decide: Decide) -> None:
    good = made("847130", material("847150", Status.FOREIGN, "50"))
    assert asked(decide(good)) == list(TOLERATED)
    refused = replace(good, attested={**TOLERATED, "tolerance:expert-paper": Answer.UNESTABLISHED})
    assert decide(refused).verdict is NO


def test_the_tolerance_is_for_the_goods_own_heading_alone(decide: Decide) -> None:
    barred = read_expression({"ctc": "CTH", "except": ["8542"]})
    good = made("847130", material("854231", Status.FOREIGN, "5"), attested=TOLERATED)
    assert decide(good, general_rule=barred).verdict is NO


def test_the_tolerance_never_stands_against_the_list(decide: Decide) -> None:
    good = made("847130", material("847150", Status.FOREIGN, "5"), attested=TOLERATED)
    assert decide(good, rows=(row("8471", {"ctc": "CTH"}),)).verdict is NO


def test_box_9_refuses_look_alike_letters(decide: Decide) -> None:
    latin = {"wholly produced": "П", "sufficiently processed": "D{heading}", "cumulation": "K"}
    with pytest.raises(Box9Error) as refused:
        decide(made("847130", CHIP), box9=latin)
    assert refused.value.code == "box9-letters"


def test_another_partys_material_of_no_stated_country_is_asked(decide: Decide) -> None:
    good = made("847130", material("847150", Status.PARTY, "500"))
    assert asked(decide(good)) == ["material:1:origin"]
    outside = made("847130", material("847150", Status.PARTY, "500", country="CN"))
    assert decide(outside).verdict is NO


def test_a_self_made_material_of_originating_ones_is_rolled_up(decide: Decide) -> None:
    parts = (material("854231", Status.ORIGINATING), material("853400", Status.WHOLLY))
    assert decide(made("847130", material("847150", None, "500", bill=parts))).verdict is YES
