"""Materials made in steps: traced to their own bills, cumulated, absorbed or looked into, as the agreement says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from rule_samples import ON, kit, made, material, row, usd

from countermark.goods.application import Operation
from countermark.goods.material import Answer, Proof, Status
from countermark.goods.money import Money, Quantity, Rate
from countermark.rules.agreement import Coverage
from countermark.rules.determination import Criterion, Determination, Trace, Verdict
from countermark.rules.terms import Absorption, Cumulation, Valuation

Decide = Callable[..., Determination]
YES, NO, OPEN = Verdict.ORIGINATING, Verdict.NOT_ORIGINATING, Verdict.UNDETERMINED
HALF = {"max_nom": {"pct": "50", "base": "EXW"}}
ROWS = (
    row("8471", HALF),
    row("8473", {"ctc": "CTH"}),
    row("8534", {"ctc": "CTH"}),
    row("8542", {"ctc": "CTH"}),
)
FULL = Cumulation("full", (), False)
PRESSING = Operation("", "pressing", "AZ", "route sheet 3")
PRESSED_IN_BY = Operation("", "pressing", "BY", "supplier's declaration 1")
ANY_BASIS = Valuation("EXW")
CONTENT = {"absorption": Absorption(foreign="content")}


def asked(found: Determination) -> list[str]:
    return [question.id for question in found.questions]


def codes(step: Trace | None) -> list[str]:
    return [step.code, *(code for child in step.children for code in codes(child))] if step else []


def board(*bill: object, value: str = "600", **more: object) -> object:
    """Boards of 8473, worth 600 of the good's 1000."""
    stated = {"operations": (PRESSING,), "bill": bill} | more
    part = material("847330", None, value, **stated)
    return replace(part, value=replace(part.value, basis="EXW"))


FOREIGN_CHIP = material("854231", Status.FOREIGN, "300")
FOREIGN_BOARD = material("847330", Status.FOREIGN, "300")


def test_an_intermediate_that_meets_its_own_row_is_absorbed_whole(decide: Decide) -> None:
    found = decide(made("847130", board(FOREIGN_CHIP)), rows=ROWS)
    assert (found.verdict, found.criterion) == (YES, Criterion.SUFFICIENT)
    assert "intermediate" in codes(found.trace)


def test_an_intermediate_that_fails_its_own_row_counts_whole(decide: Decide) -> None:
    good = made("847130", board(FOREIGN_BOARD, material("854231", Status.ORIGINATING)))
    assert decide(good, rows=ROWS, valuation=ANY_BASIS).verdict is NO


@pytest.mark.parametrize(("inside", "expected"), [("500", YES), ("500.01", NO)])
def test_where_the_agreement_looks_into_it_only_the_foreign_content_counts(
    decide: Decide, inside: str, expected: Verdict
) -> None:
    good = made(
        "847130", board(material("847330", Status.FOREIGN, inside), material("854231", Status.ORIGINATING))
    )
    found = decide(good, rows=ROWS, valuation=ANY_BASIS, **CONTENT)
    assert found.verdict is expected
    assert "opened" in codes(found.trace)


def test_nesting_is_traced_level_by_level(decide: Decide) -> None:
    inner = material("853400", None, "50", bill=(FOREIGN_CHIP,), operations=(PRESSING,))
    good = made("847130", board(inner))
    found = decide(good, rows=ROWS)
    assert found.verdict is YES
    assert codes(found.trace).count("intermediate") == 2


def test_what_is_missing_of_an_intermediate_is_asked_as_of_its_making(decide: Decide) -> None:
    good = made("847130", board(FOREIGN_CHIP, operations=()))
    found = decide(good, rows=ROWS, valuation=ANY_BASIS)
    assert (found.verdict, asked(found)) == (OPEN, ["material:1>operations"])
    assert found.questions[0].figures["within"].startswith("1, ")


def test_an_answer_about_the_making_reaches_it(decide: Decide) -> None:
    described = Operation("", "pressing", "AZ")
    good = made("847130", board(FOREIGN_CHIP, operations=(described,)))
    terms = {"rows": ROWS, "valuation": ANY_BASIS}
    assert asked(decide(good, **terms)) == ["material:1>operation:1:beyond"]
    for answer, expected in ((Answer.YES, YES), (Answer.NO, NO), (Answer.UNESTABLISHED, NO)):
        told = replace(good, attested={"material:1>operation:1:beyond": answer})
        assert decide(told, **terms).verdict is expected


def test_a_gap_in_the_list_for_an_intermediate_asks_its_origin(decide: Decide) -> None:
    good = made("847130", board(FOREIGN_CHIP))
    found = decide(good, rows=(row("8471", HALF),), coverage={"85": Coverage.COMPLETE}, valuation=ANY_BASIS)
    assert asked(found) == ["material:1:origin"]
    for answer, expected in ((Answer.YES, YES), (Answer.NO, NO)):
        told = replace(good, attested={"material:1:origin": answer})
        assert decide(told, rows=(row("8471", HALF),), coverage={}, valuation=ANY_BASIS).verdict is expected


def test_an_originating_material_may_still_count_by_its_content(decide: Decide) -> None:
    stated = replace(board(FOREIGN_CHIP), status=Status.ORIGINATING)
    build_up = (row("8471", {"rvc": {"pct": "31", "base": "EXW", "formula": "build-up"}}), *ROWS[1:])
    limit = (row("8471", {"max_nom": {"pct": "29", "base": "EXW"}}), *ROWS[1:])
    good = made("847130", stated)
    for rows in (build_up, limit):
        assert decide(good, rows=rows).verdict is YES
        assert decide(good, rows=rows, absorption=Absorption(originating="content")).verdict is NO
    enough = (row("8471", {"rvc": {"pct": "30", "base": "EXW", "formula": "build-up"}}),)
    assert decide(good, rows=enough, absorption=Absorption(originating="content")).verdict is YES


def test_a_bill_for_another_quantity_is_multiplied_exactly(decide: Decide) -> None:
    """Three of the hundred: 300 / 100 * 3 = 9; a third of a unit neither gains nor loses at the limit."""
    chips = material("847330", Status.FOREIGN, "300")
    thirds = replace(board(chips), quantity=Quantity(Decimal(5), "pcs"), bill_for=Quantity(Decimal(3), "pcs"))
    terms = {"rows": ROWS, "valuation": ANY_BASIS, **CONTENT}
    assert decide(made("847130", thirds), **terms).verdict is YES  # 300 / 3 * 5 = 500, exactly half
    more = replace(thirds, bill=(replace(chips, value=usd("300.000001")),))
    assert decide(made("847130", more), **terms).verdict is NO
    other_unit = replace(thirds, bill_for=Quantity(Decimal(3), "kg"))
    assert "material:1>bill:bill-unit" in asked(decide(made("847130", other_unit), **terms))


def test_the_bill_of_the_good_may_be_stated_for_one_piece(decide: Decide) -> None:
    good = made("847130", material("854231", Status.FOREIGN, "125"))
    good = replace(good, quantity=Quantity(Decimal(4), "pcs"))
    per_piece = replace(good, bill_for=Quantity(Decimal(1), "pcs"))
    assert decide(per_piece, rows=ROWS).verdict is YES
    dearer = replace(per_piece, materials=(material("854231", Status.FOREIGN, "125.01"),))
    assert decide(dearer, rows=ROWS).verdict is NO
    assert decide(replace(dearer, bill_for=None), rows=ROWS).verdict is YES
    assert asked(decide(replace(per_piece, quantity=None), rows=ROWS)) == ["good:bill-unit"]


def test_values_inside_a_bill_come_to_the_currency_of_the_good(decide: Decide) -> None:
    euros = replace(FOREIGN_BOARD, value=Money(Decimal(400), "EUR", "customs", ON))
    good = made("847130", board(euros), rates=(Rate("EUR", "USD", Decimal("1.25"), ON, "bank"),))
    terms = {"rows": ROWS, "valuation": ANY_BASIS, **CONTENT}
    assert decide(good, **terms).verdict is YES
    assert asked(decide(replace(good, rates=()), **terms)) == ["rate:EUR:USD:2026-05-04"]


def test_full_cumulation_counts_the_work_of_another_party_on_what_does_not_originate(decide: Decide) -> None:
    fabric = board(FOREIGN_BOARD, made_in="BY", operations=(PRESSED_IN_BY,))
    terms = {"rows": ROWS, "valuation": ANY_BASIS}
    assert decide(made("847130", fabric), cumulation=FULL, **terms).verdict is YES
    for kind in ("none", "bilateral", "diagonal"):
        assert decide(made("847130", fabric), cumulation=replace(FULL, kind=kind), **terms).verdict is NO
    unproved = replace(FULL, proof_forms=("supplier",), party_material_is_foreign_without_proof=True)
    assert decide(made("847130", fabric), cumulation=unproved, **terms).verdict is NO
    proof = Proof("supplier", "S-1", "2026-04-01", "BY", 1, Quantity(Decimal(5), "pcs"))
    shown = replace(fabric, proof=proof)
    assert decide(made("847130", shown), cumulation=unproved, **terms).verdict is YES


def test_full_cumulation_lets_a_process_done_in_another_party_count(decide: Decide) -> None:
    rows = (row("8471", {"all": [HALF, {"process": "pressing", "where": "parties"}]}), *ROWS[1:])
    part = board(FOREIGN_BOARD, made_in="BY", operations=(replace(PRESSED_IN_BY, code="pressing"),))
    terms = {"rows": rows, "valuation": ANY_BASIS, "cumulation": FULL}
    assert decide(made("847130", part), **terms).verdict is YES
    apart = made("847130", replace(part, made_in="CN"))
    assert decide(apart, **terms).verdict is not YES


def test_a_material_that_originates_in_the_party_of_its_making_needs_its_proof(decide: Decide) -> None:
    part = board(FOREIGN_CHIP, made_in="BY", operations=(PRESSED_IN_BY,))
    strict = Cumulation("bilateral", ("CT-1",), True)
    terms = {"rows": ROWS, "valuation": ANY_BASIS}
    assert decide(made("847130", part), cumulation=strict, **terms).verdict is NO
    proof = Proof("CT-1", "BY-1", "2026-04-01", "BY", 1, Quantity(Decimal(5), "pcs"))
    found = decide(made("847130", replace(part, proof=proof)), cumulation=strict, **terms)
    assert (found.verdict, found.criterion) == (YES, Criterion.CUMULATION)
    assert [(r.line, r.inside, r.proof.number) for r in found.relied_on] == [(1, (), "BY-1")]


def test_a_proof_within_a_bill_is_relied_on_by_its_place(decide: Decide) -> None:
    engine = kit("854231", proved=True, value="100")
    part = board(FOREIGN_BOARD, engine)
    found = decide(
        made("847130", part), rows=ROWS, valuation=ANY_BASIS, cumulation=replace(FULL, proof_forms=("CT-1",)),
        **CONTENT,
    )  # fmt: skip
    assert found.verdict is YES
    assert [(r.line, r.inside, r.proof.number) for r in found.relied_on] == [(1, (2,), "BY-1")]


@pytest.mark.parametrize(
    ("kind", "country", "expected"),
    [
        ("none", "BY", NO), ("bilateral", "BY", YES), ("bilateral", "MD", NO), ("diagonal", "MD", YES),
        ("full", "MD", YES), ("diagonal", "CN", NO),
    ],
)  # fmt: skip
def test_whose_originating_materials_count(
    decide: Decide, kind: str, country: str, expected: Verdict
) -> None:
    terms = Cumulation(kind, (), False, frozenset({"MD"}))
    good = made("847130", material("847150", Status.PARTY, "600", country=country))
    assert decide(good, rows=ROWS, cumulation=terms).verdict is expected


def test_materials_the_agreement_keeps_out_are_not_cumulated(decide: Decide) -> None:
    terms = Cumulation("bilateral", (), False, not_materials=("8470-8473",))
    good = made("847130", material("847150", Status.PARTY, "600", country="BY"))
    assert decide(good, rows=ROWS, cumulation=terms).verdict is NO
    assert decide(good, rows=ROWS, cumulation=replace(terms, not_materials=("85",))).verdict is YES
    uncoded = made("847130", material("84", Status.PARTY, "600", country="BY"))
    assert asked(decide(uncoded, rows=ROWS, cumulation=terms)) == ["material:1:hs"]


def test_some_agreements_ask_no_work_of_what_is_only_cumulated(decide: Decide) -> None:
    packing = Operation("painting", "painting", "AZ")
    good = made("847130", material("847150", Status.PARTY, "600", country="BY"), operations=(packing,))
    for beyond, expected in ((True, NO), (False, YES)):
        assert decide(good, rows=ROWS, cumulation=replace(FULL, beyond_minimal=beyond)).verdict is expected


def test_a_material_made_outside_the_parties_is_foreign_whatever_it_was_made_of(decide: Decide) -> None:
    part = board(material("854231", Status.ORIGINATING), made_in="CN")
    assert decide(made("847130", part), rows=ROWS, valuation=ANY_BASIS).verdict is NO
