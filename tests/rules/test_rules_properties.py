"""What holds for every rule and every bill of materials."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.rules.case import decide_case
from countermark.rules.caseform import read_case
from countermark.rules.determination import Verdict

ON = date(2026, 5, 4)
YES, NO, OPEN = Verdict.ORIGINATING, Verdict.NOT_ORIGINATING, Verdict.UNDETERMINED
CODES = ["1905", "190531", "190590", "1904", "1101", "0402", "17"]
PCT = st.sampled_from(["0", "20", "40", "50", "100"])
NAMED = st.just({"codes": ["11", "19"], "named": "flour"})
S = st.lists(
    st.one_of(st.sampled_from(["1905", "11", "0401-1904", "@heading", "*"]), NAMED), min_size=1, max_size=2
)
LIMIT = {"pct": PCT, "base": st.just("EXW")}


def inside(lead: str, **fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({lead: st.fixed_dictionaries(fields)})


LEAVES = st.one_of(
    st.fixed_dictionaries(
        {"ctc": st.sampled_from(["CC", "CTH", "CTSH"])}, optional={"except": S, "also_from": S}
    ),
    st.fixed_dictionaries({"any_heading": st.just(True), "except": S}),
    st.fixed_dictionaries({"from_materials": S}),
    st.fixed_dictionaries({"wo": S}),
    st.fixed_dictionaries({"originating": S}),
    inside("max_nom", **LIMIT),
    inside("max_nom", **LIMIT, materials=S),
    inside("rvc", **LIMIT, formula=st.sampled_from(["build-down", "build-up"])),
    inside("max_weight", pct=PCT, materials=S),
    inside(
        "min_share",
        pct=PCT,
        materials=S,
        status=st.just("originating"),
        of=st.just(["*"]),
        measure=st.just("value"),
    ),
    st.just({"nom_within_om": True}),
    st.fixed_dictionaries({"process": st.sampled_from(["a", "b"])}),
)
RULES = st.recursive(
    LEAVES,
    lambda e: st.one_of(
        st.fixed_dictionaries({"any": st.lists(e, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"all": st.lists(e, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"permit": S, "rule": e, "limit": st.fixed_dictionaries(LIMIT)}),
    ),
    max_leaves=4,
)
AMOUNTS = st.integers(0, 60)
MATERIAL = st.fixed_dictionaries(
    {
        "hs": st.sampled_from(CODES),
        "value": AMOUNTS,
        "weight": AMOUNTS,
        "originating": st.booleans(),
        "wo": st.just(False),
    },
    optional={"named": st.fixed_dictionaries({"flour": st.booleans()})},
)
BILLS = st.lists(MATERIAL, min_size=1, max_size=4)
TOLERANCES = st.one_of(
    st.none(), st.just({"pct": "10", "base": "EXW"}), st.just({"pct": "10", "base": "weight"})
)
BRISK = settings(max_examples=120, deadline=None)


def case(rule: Any, materials: list[dict[str, Any]], tolerance: Any = None, **more: Any) -> dict[str, Any]:
    good = {"hs": "190531", "value_basis": {"type": "EXW", "amount": 100}, "weight": 100}
    stated = {"rule": rule, "good": good, "materials": materials, "attested": {"a": True}, **more}
    return stated if tolerance is None else stated | {"tolerance": tolerance}


def verdict(plain: dict[str, Any]) -> Verdict:
    decided = read_case(plain)
    found = decide_case(decided, ON, trace=False).determination
    assert found.verdict is decide_case(decided, ON).determination.verdict
    assert bool(found.questions) is (found.verdict is OPEN)
    return found.verdict


@BRISK
@given(RULES, BILLS, TOLERANCES, st.data())
def test_a_material_that_becomes_originating_never_costs_origin(
    rule: Any, bill: Any, tolerance: Any, data: Any
) -> None:
    before = verdict(case(rule, bill, tolerance))
    n = data.draw(st.integers(0, len(bill) - 1))
    better = [*bill[:n], bill[n] | {"originating": True}, *bill[n + 1 :]]
    after = verdict(case(rule, better, tolerance))
    assert after is YES or before is not YES
    assert before is NO or after is not NO


@BRISK
@given(RULES, BILLS, TOLERANCES, st.sampled_from([Decimal("0.001"), Decimal("3.7"), Decimal(10) ** 9]))
def test_the_unit_of_money_and_weight_is_of_no_account(
    rule: Any, bill: Any, tolerance: Any, factor: Decimal
) -> None:
    scaled = case(
        rule, [m | {"value": m["value"] * factor, "weight": m["weight"] * factor} for m in bill], tolerance
    )
    basis = {"type": "EXW", "amount": 100 * factor}
    scaled["good"] = scaled["good"] | {"value_basis": basis, "weight": 100 * factor}
    assert verdict(scaled) is verdict(case(rule, bill, tolerance))


@BRISK
@given(st.lists(RULES, min_size=2, max_size=3), BILLS, TOLERANCES, st.randoms(use_true_random=False))
def test_the_order_of_materials_and_alternatives_is_of_no_account(
    rules: Any, bill: Any, tolerance: Any, random: Any
) -> None:
    for join in ("any", "all"):
        shuffled = random.sample(rules, len(rules))
        rolled = random.sample(bill, len(bill))
        assert verdict(case({join: rules}, bill, tolerance)) is verdict(
            case({join: shuffled}, rolled, tolerance)
        )


FILLINGS = {
    "value": [0, 5, 41, 10**6],
    "weight": [0, 5, 41, 10**6],
    "originating": [True, False],
    "hs": ["190531", "1904", "1101", "0402"],
    "wo": [True, False],
}


@BRISK
@given(RULES, BILLS, TOLERANCES, st.data())
def test_filling_a_blank_never_turns_a_decided_verdict(
    rule: Any, bill: Any, tolerance: Any, data: Any
) -> None:
    blanks = data.draw(
        st.lists(st.tuples(st.integers(0, len(bill) - 1), st.sampled_from(sorted(FILLINGS))), min_size=1)
    )
    blanked = [dict(material) for material in bill]
    for n, name in blanks:
        blanked[n].pop(name, None)
        if name == "originating":
            blanked[n].pop("wo", None)
    before = verdict(case(rule, blanked, tolerance))
    if before is OPEN:
        return
    filled = [dict(material) for material in blanked]
    for n, name in blanks:
        filled[n][name] = data.draw(st.sampled_from(FILLINGS[name]))
        if filled[n].get("originating") is False:
            filled[n]["wo"] = False
    assert verdict(case(rule, filled, tolerance)) in (before, OPEN)


EXACT = settings(max_examples=30, deadline=None)
WHOLE_CODES = st.sampled_from(["190531", "190590", "190410", "110100", "040210", "170199"])
BLANK = st.fixed_dictionaries({"hs": WHOLE_CODES, "value": AMOUNTS, "weight": AMOUNTS})
STANDINGS = [{"wo": True}, {"originating": True, "wo": False}, {"originating": False, "wo": False}]


@EXACT
@given(RULES, BLANK, st.builds(lambda material, hs: material | {"hs": hs}, MATERIAL, WHOLE_CODES))
def test_the_verdict_is_that_of_all_completions_of_origin_names_and_answers(
    rule: Any, blank: Any, known: Any
) -> None:
    """Where names, processes and origins are blank, the verdict is exact, not only safe."""
    asked = ["a", "b", "material:1:earlier-stage", "material:2:earlier-stage"]
    stated = case(rule, [blank, known], attested={})
    found = decide_case(read_case(stated), ON, trace=False).determination
    if len(found.questions) > 6:
        return
    named = [{"named": {"flour": flour}} for flour in (True, False)]
    lines = [blank | standing | name for standing in STANDINGS for name in named]
    others = [known] if "named" in known else [known | name for name in named]
    worlds = set()
    for line, other, *answers in product(lines, others, *[(True, False)] * len(asked)):
        world = case(rule, [line, other], attested=dict(zip(asked, answers, strict=True)))
        worlds.add(decide_case(read_case(world), ON, trace=False).determination.verdict)
    assert OPEN not in worlds
    assert found.verdict is (worlds.pop() if len(worlds) == 1 else OPEN)
