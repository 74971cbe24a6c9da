"""Every node of the rule expression on bare cases, at its limit and on either side of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from countermark.rules.case import DecidedCase, decide_case
from countermark.rules.caseform import read_case
from countermark.rules.determination import Verdict
from countermark.rules.form import ExpressionError

YES, NO, OPEN = Verdict.ORIGINATING, Verdict.NOT_ORIGINATING, Verdict.UNDETERMINED
GOOD = {"hs": "190531", "value_basis": {"type": "EXW", "amount": 100}, "weight": 50}


def foreign(hs: str, **more: Any) -> dict[str, Any]:
    return {"hs": hs, "originating": False, "value": 10, **more}


def own(hs: str, **more: Any) -> dict[str, Any]:
    return {"hs": hs, "originating": True, "value": 10, **more}


def decide(rule: Any, *materials: dict[str, Any], on: date = date(2026, 5, 4), **more: Any) -> DecidedCase:
    return decide_case(read_case({"rule": rule, "good": GOOD, "materials": list(materials), **more}), on)


def verdict(rule: Any, *materials: dict[str, Any], **more: Any) -> Verdict:
    return decide(rule, *materials, **more).determination.verdict


def questions(rule: Any, *materials: dict[str, Any], **more: Any) -> list[str]:
    return [question.id for question in decide(rule, *materials, **more).determination.questions]


def limit(node: str, **fields: Any) -> dict[str, Any]:
    return {node: {"pct": "40", "base": "EXW", **fields}}


@pytest.mark.parametrize(
    ("rule", "material", "expected"),
    [
        ({"ctc": "CTH"}, foreign("1101"), YES),
        ({"ctc": "CTH"}, foreign("190590"), NO),
        ({"ctc": "CTH"}, foreign("11"), YES),
        ({"ctc": "CTH"}, foreign("19"), OPEN),
        ({"ctc": "CTH"}, own("1905"), YES),
        ({"ctc": "CTSH"}, foreign("190590"), YES),
        ({"ctc": "CTSH"}, foreign("1905"), OPEN),
        ({"ctc": "CC"}, foreign("1904"), NO),
        ({"ctc": "CC"}, foreign("11"), YES),
        ({"ctc": "CTH", "except": ["1101"]}, foreign("1101"), NO),
        ({"ctc": "CTH", "except": ["1102-1104"]}, foreign("1101"), YES),
        ({"ctc": "CTH", "also_from": ["190590"]}, foreign("190590"), YES),
        ({"ctc": "CTH", "only_from": ["10"]}, foreign("1101"), NO),
        ({"any_heading": True}, foreign("190531"), YES),
        ({"any_heading": True, "except": ["@heading"]}, foreign("190590"), NO),
        ({"any_heading": True, "except": ["110100"]}, foreign("1101"), OPEN),
        ({"any_heading": True, "except": ["1504-150600000"]}, foreign("150600"), OPEN),
        ({"any_heading": True, "except": ["1504-150600000"]}, foreign("1505"), NO),
        ({"from_materials": ["10", "11"]}, foreign("1101"), YES),
        ({"from_materials": ["10"]}, foreign("190590"), NO),
        ({"from_materials": ["10"]}, foreign("1101"), OPEN),
        ({"originating": ["04"]}, foreign("0402"), NO),
        ({"originating": ["04"]}, foreign("1101"), YES),
        ({"originating": ["*"], "except": ["1101"]}, foreign("1101"), YES),
        ({"wo": ["04"]}, own("0402", wo=True), YES),
        ({"wo": ["04"]}, own("0402", wo=False), NO),
        ({"wo": ["04"]}, foreign("0402"), NO),
        ({"wo": True}, own("0402", wo=False), NO),
        (limit("max_nom"), foreign("1101", value=40), YES),
        (limit("max_nom"), foreign("1101", value="40.0000000001"), NO),
        (limit("max_nom", strict=True), foreign("1101", value=40), NO),
        (limit("max_nom", materials=["1905"]), foreign("1101", value=90), YES),
        (limit("max_nom"), foreign("1101", value=None), OPEN),
        (limit("max_nom"), own("1101", value=None), YES),
        (limit("max_nom", base="FOB"), foreign("1101"), OPEN),
        (limit("rvc", formula="build-down"), foreign("1101", value=60), YES),
        (limit("rvc", formula="build-down", strict=True), foreign("1101", value=60), NO),
        (limit("rvc", formula="build-up"), own("1101", value=40), YES),
        (limit("rvc", formula="build-up"), own("1101", value="39.99"), NO),
        (limit("rvc", formula="focused", materials=["10"]), foreign("1101", value=90), YES),
        (limit("rvc", formula="something-new"), foreign("1101"), OPEN),
        ({"nom_within_om": True}, foreign("1101", value=1), NO),
        (limit("set"), foreign("1101", value=40), YES),
        (limit("set"), foreign("1101", value=41), NO),
        ({"min_count": {"n": 1}}, own("1101"), YES),
        ({"min_count": {"n": 1}}, foreign("1101"), NO),
        ({"max_weight": {"pct": "20", "materials": ["17"]}}, foreign("1701", weight=10), YES),
        ({"max_weight": {"pct": "20", "materials": ["17"]}}, foreign("1701", weight="10.001"), NO),
        ({"max_weight": {"pct": "20", "materials": ["17"]}}, foreign("1701"), OPEN),
        ({"max_weight": {"pct": "20", "materials": ["17"], "measure": "dry"}}, foreign("1701"), OPEN),
        ({"pending": True}, own("1101"), OPEN),
        ({"manual": "not read"}, own("1101"), OPEN),
        ({"retain": "the essential character"}, own("1101"), OPEN),
        ({"ref": "another"}, own("1101"), OPEN),
        ({"quota": "q1", "rule": {"ctc": "CTH"}}, foreign("1101"), YES),
    ],
)
def test_one_material_against_one_node(rule: Any, material: dict[str, Any], expected: Verdict) -> None:
    assert verdict(rule, material) is expected


def test_no_foreign_material_passes_a_change_and_the_trace_says_so() -> None:
    found = decide({"ctc": "CTH"}).determination
    assert found.verdict is YES
    assert found.trace is not None
    assert found.trace.children[2].children[0].code == "nothing_to_test"


def test_a_set_of_limits_each_counts_by_itself() -> None:
    materials = (foreign("1701", weight=9), foreign("0402", weight=9))
    together = {"max_weight": {"pct": "20", "materials": ["17", "04"]}}
    assert verdict(together, *materials) is NO
    assert verdict({"max_weight": {**together["max_weight"], "each": True}}, *materials) is YES


def test_a_share_of_chosen_materials_meets_its_limit_exactly() -> None:
    rule = {
        "min_share": {
            "pct": "25",
            "materials": ["04"],
            "status": "originating",
            "of": ["*"],
            "measure": "value",
        }
    }
    assert verdict(rule, own("0402", value=25), foreign("1101", value=75)) is YES
    assert verdict(rule, own("0402", value=25), foreign("1101", value=76)) is NO
    assert verdict(rule, foreign("0402", value=25), foreign("1101", value=75)) is NO


def test_foreign_within_originating_counts_both_sides() -> None:
    assert verdict({"nom_within_om": True}, own("1101", value=5), foreign("1001", value=5)) is YES
    assert verdict({"nom_within_om": True}, own("1101", value=5), foreign("1001", value="5.01")) is NO


@pytest.mark.parametrize(
    ("costs", "method", "expected"),
    [
        ({"net_cost": 80}, "net cost", YES),
        ({"net_cost": 79}, "net cost", NO),
        ({}, "net cost", OPEN),
        ({"net_cost": 80}, "transaction value", NO),
    ],
)
def test_net_cost_is_taken_of_the_net_cost_by_those_who_chose_it(
    costs: Any, method: str, expected: Verdict
) -> None:
    rule = {"rvc": {"pct": "50", "formula": "net-cost", "base": "NC"}}
    assert verdict(rule, foreign("1101", value=40), costs=costs, method=method) is expected


def test_the_direct_formula_counts_costs_and_the_build_up_does_not() -> None:
    costs = {"labour": 20, "profit": 10}
    assert verdict(limit("rvc", formula="direct"), own("1101", value=10), costs=costs) is YES
    assert verdict(limit("rvc", formula="build-up"), own("1101", value=10), costs=costs) is NO


@pytest.mark.parametrize(
    ("answer", "expected"), [("yes", YES), ("no", NO), ("unestablished", NO), (None, OPEN)]
)
def test_a_process_is_what_a_person_attests(answer: str | None, expected: Verdict) -> None:
    assert verdict({"process": "retanning"}, attested={"process:retanning": answer}) is expected


def test_a_process_is_met_by_an_operation_of_its_code_done_in_the_right_place() -> None:
    here = [{"code": "retanning", "words": "retanning"}]
    assert verdict({"process": "retanning"}, operations=here) is YES
    abroad = [{"code": "retanning", "words": "retanning", "place": "CN, Wuxi"}]
    assert verdict({"process": "retanning"}, operations=abroad) is OPEN
    assert verdict({"process": "retanning", "where": "any"}, operations=abroad) is YES


def test_not_only_asks_for_an_operation_outside_its_list() -> None:
    rule = {"not_only": ["preservation", "hydration"]}
    assert verdict(rule, operations=["hydration"]) is NO
    assert verdict(rule, operations=["hydration", "refining"]) is YES
    assert questions(rule) == ["operations"]


def test_counts_and_choices() -> None:
    met, failed, open_ = {"process": "a"}, {"process": "b"}, {"process": "c"}
    attested = {"a": "yes", "b": "no"}
    two = {"at_least": {"n": 2, "of": [met, failed, open_]}}
    assert verdict(two, attested=attested) is OPEN
    assert verdict(two, attested={**attested, "c": "yes"}) is YES
    assert verdict({"any": [met, open_]}, attested=attested) is YES
    assert verdict({"all": [failed, open_]}, attested=attested) is NO
    assert questions({"any": [failed, open_]}, attested=attested) == ["process:c"]


def test_a_permission_passes_materials_over_within_its_limit_and_counts_them_in_values() -> None:
    rule = {"permit": ["1905"], "limit": {"pct": "20", "base": "EXW"}, "rule": {"ctc": "CTH"}}
    assert verdict(rule, foreign("190590", value=20)) is YES
    assert verdict(rule, foreign("190590", value=21)) is NO
    assert verdict(rule | {"if": {"process": "baking"}}, foreign("190590", value=20)) is OPEN
    both = rule | {"rule": {"all": [{"ctc": "CTH"}, {"max_nom": {"pct": "15", "base": "EXW"}}]}}
    assert verdict(both, foreign("190590", value=20)) is NO


def test_when_follows_the_good_and_asks_only_if_the_branches_differ() -> None:
    rule = {"when": {"named": "filled"}, "then": {"ctc": "CTH"}, "else": {"ctc": "CTSH"}}
    assert questions(rule, foreign("190590")) == ["good:named:filled"]
    assert verdict(rule, foreign("1101")) is YES
    assert verdict(rule, foreign("190590"), attested={"good:named:filled": "no"}) is YES
    assert verdict(rule, foreign("190590"), attested={"good:named:filled": "yes"}) is NO


def test_the_rule_of_the_day_includes_both_ends() -> None:
    rule = {
        "dated": [
            {"until": "2026-05-04", "rule": {"ctc": "CC"}},
            {"from": "2026-05-05", "rule": {"ctc": "CTSH"}},
        ]
    }
    assert verdict(rule, foreign("190590"), on=date(2026, 5, 4)) is NO
    assert verdict(rule, foreign("190590"), on=date(2026, 5, 5)) is YES


def test_a_named_material_is_asked_only_where_its_code_could_match() -> None:
    rule = {"any_heading": True, "except": [{"codes": ["0207"], "named": "poultry liver"}]}
    assert questions(rule, foreign("0207"), foreign("0206")) == ["material:1:named:poultry liver"]
    assert verdict(rule, foreign("0207", named={"poultry liver": "no"})) is YES
    assert verdict(rule, foreign("0207", named={"poultry liver": True})) is NO


def test_the_heavier_category_decides() -> None:
    heavier = {"heavier_of": ["3901-3906", "3907-3911"]}
    rule = {"max_nom": {"pct": "20", "base": "EXW", "materials": [heavier]}}
    light, heavy = foreign("3901", value=30, weight=1), foreign("3907", value=10, weight=2)
    assert verdict(rule, light, heavy) is YES
    assert verdict(rule, {**light, "weight": 3}, heavy) is NO
    assert verdict(rule, {**light, "weight": 2}, heavy) is OPEN


@pytest.mark.parametrize(("value", "expected"), [(10, YES), ("10.01", NO)])
def test_a_tolerance_covers_what_fails_by_code_up_to_its_limit(value: Any, expected: Verdict) -> None:
    tolerance = {"pct": 10, "base": "EXW"}
    assert verdict({"ctc": "CTH"}, foreign("190590", value=value), tolerance=tolerance) is expected


def test_a_tolerance_is_tested_once_on_the_sum_and_never_repairs_values_or_barred_materials() -> None:
    tolerance = {"pct": 10, "base": "EXW"}
    two = (foreign("190590", value=6), foreign("190531", value=6))
    assert verdict({"ctc": "CTH"}, *two, tolerance=tolerance) is NO
    parts = {"all": [{"ctc": "CTH", "except": ["11"]}, {"any_heading": True, "except": ["1905"]}]}
    assert verdict(parts, foreign("190590", value=6), foreign("1101", value=6), tolerance=tolerance) is NO
    values = {"all": [{"ctc": "CTH"}, {"max_nom": {"pct": "5", "base": "EXW"}}]}
    assert verdict(values, foreign("190590", value=6), tolerance=tolerance) is NO
    barred = {"no_tolerance": ["19"], "rule": {"ctc": "CTH"}}
    assert verdict(barred, foreign("190590", value=6), tolerance=tolerance) is NO


def test_a_tolerance_is_tried_for_each_alternative_by_itself() -> None:
    rule = {"any": [{"ctc": "CTH", "except": ["11"]}, {"ctc": "CTSH"}]}
    materials = (foreign("1101", value=9), foreign("190590", value=9))
    assert verdict(rule, *materials, tolerance={"pct": 10, "base": "EXW"}) is YES
    rule = {"any": [{"ctc": "CTH", "except": ["11"]}, {"ctc": "CTSH", "except": ["190590", "11"]}]}
    assert verdict(rule, *materials, tolerance={"pct": 10, "base": "EXW"}) is NO


def test_a_tolerance_by_weight() -> None:
    tolerance = {"pct": 10, "base": "weight"}
    assert verdict({"ctc": "CTH"}, foreign("190590", weight=5), tolerance=tolerance) is YES
    assert verdict({"ctc": "CTH"}, foreign("190590", weight=6), tolerance=tolerance) is NO


def test_only_questions_that_can_change_the_answer_are_asked() -> None:
    rule = limit("max_nom")
    blank = {"hs": "1101", "value": 5}
    large = {"hs": "1001", "value": 20}
    assert questions(rule, foreign("1701", value=30), blank, large) == ["material:3:origin"]
    absorbed = {"any": [{"process": "a"}, {"all": [{"process": "a"}, {"process": "b"}]}]}
    assert questions(absorbed) == ["process:a"]


def test_answers_that_all_lead_to_one_verdict_are_not_asked_for() -> None:
    rule = {"any": [{"any_heading": True, "except": [{"named": "x"}]}, {"from_materials": [{"named": "x"}]}]}
    assert verdict(rule, foreign("1101")) is YES


def test_a_blank_bill_of_materials_is_asked_unless_nothing_turns_on_it() -> None:
    case = {"rule": {"all": [{"ctc": "CTH"}, {"process": "a"}]}, "good": GOOD}
    found = decide_case(read_case(case), date(2026, 5, 4)).determination
    assert [q.id for q in found.questions] == ["materials", "process:a"]
    found = decide_case(read_case(case | {"attested": {"a": "no"}}), date(2026, 5, 4)).determination
    assert found.verdict is NO


def test_a_case_assumes_operations_and_says_so_unless_they_are_minimal() -> None:
    assert decide({"ctc": "CTH"}, foreign("1101")).assumed == ("operations",)
    minimal = [{"words": "packing", "minimal": True}]
    assert decide({"ctc": "CTH"}, foreign("1101"), operations=minimal).assumed == ()
    assert verdict({"ctc": "CTH"}, foreign("1101"), operations=minimal) is NO


def test_a_material_made_of_originating_ones_is_rolled_up() -> None:
    made = {"hs": "1905", "value": 90, "bill": [own("1101"), own("1701")]}
    assert verdict({"ctc": "CTH"}, made) is YES
    assert verdict({"ctc": "CTH"}, made | {"bill": [own("1101"), foreign("1701")]}) is OPEN


def test_a_proved_material_counts_where_cumulation_is_named() -> None:
    proved = foreign("190590", proof={"form": "CT-1"})
    assert verdict({"ctc": "CTH"}, proved) is NO
    assert verdict({"ctc": "CTH"}, proved, cumulation="diagonal") is YES


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ({"rule": " ", "good": {}}, "empty"),
        ({"rule": {"ctc": "CTH"}, "good": {}, "tolerance": {"pct": 101, "base": "EXW"}}, "percentage"),
        ({"rule": {"ctc": "CTH"}, "good": {}, "tolerance": {"kind": "weight", "percent": 101}}, "percentage"),
        ({"rule": {"ctc": "CTH"}, "good": {}, "material": []}, "unknown-field"),
        ({"rule": {"ctc": "CTH"}, "good": {}, "materials": [{"value": 1.5}]}, "amount"),
        ({"rule": {"ctc": "CTH"}, "good": {}, "materials": [{"value": -1}]}, "amount"),
        ({"rule": {"ctc": "CTH"}, "good": {"hs": "8"}}, "code"),
        ({"good": {}}, "missing"),
    ],
)
def test_a_case_not_of_the_form_is_refused(case: Any, code: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        read_case(case)
    assert refused.value.code == code
