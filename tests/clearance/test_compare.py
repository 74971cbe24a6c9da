"""Every cell of the comparison table, and what follows for each item."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from clearance_samples import (
    CERTIFIED_ON,
    CIS,
    CONSIGNEE,
    EXPORTER,
    GRADES,
    IMPORTER,
    certificate,
    declaration,
    item,
    line,
    parts,
    parts_line,
    pieces,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.clearance.compare import Comparison, compare
from countermark.clearance.declaration import Quoted
from countermark.clearance.grade import KINDS, Grade, Outcome, Summary
from countermark.clearance.use import SCALE, limit, scaled
from countermark.document.certificate import Reference
from countermark.goods.application import Document, Retrospective
from countermark.goods.hs import HSCode, Nomenclature
from countermark.goods.money import Quantity

FIRST = Reference(bytes(32), "BYAZ6101000001", date(2026, 1, 31))


def compared(certified=None, declared=None, used=None, agreement=CIS) -> Comparison:
    return compare(certified or certificate(), declared or declaration(), agreement, used or {})


def grade(found: Comparison, field: str, item: int = 1) -> tuple[Grade, str]:
    cells = [c for c in (*found.cells, *found.items[item - 1].cells) if c.field == field]
    assert len(cells) == 1
    return cells[0].grade, cells[0].cites


def outcomes(found: Comparison) -> list[Outcome]:
    return [line.outcome for line in found.items]


def test_what_agrees_is_accepted_and_covered_whole():
    found = compared()
    assert {c.grade for c in found.cells} | {c.grade for i in found.items for c in i.cells} == {Grade.SAME}
    assert outcomes(found) == [Outcome.ACCEPT, Outcome.ACCEPT]
    assert [(i.covered, i.excess, i.unit) for i in found.items] == [
        (100 * SCALE, 0, "pcs"),
        (50 * SCALE, 0, "pcs"),
    ]
    assert (found.summary, found.gravest) == (Summary.MATCH, Grade.SAME)


def test_every_kind_of_difference_is_graded_in_these_tests():
    assert set(GRADES) == set(KINDS)


# ---------------------------------------------------------------- the certificate as a whole


@pytest.mark.parametrize(
    ("change", "field", "expected"),
    [
        ({"certificate": Quoted("byaz-6101 000042", CERTIFIED_ON)}, "number", "slip"),
        ({"certificate": Quoted("ВYАZ6101000042", CERTIFIED_ON)}, "number", "slip"),
        ({"certificate": Quoted("BYAZ6101000043", CERTIFIED_ON)}, "number", GRADES["number"]),
        ({"certificate": Quoted("BYAZ6101000042", date(2026, 3, 13))}, "date", "slip"),
        ({"consignor": replace(EXPORTER, name="«Пример Трактор», ООО")}, "consignor", "slip"),
        ({"consignor": replace(EXPORTER, name="Primer Traktor LLC")}, "consignor", "slip"),
        ({"consignor": replace(EXPORTER, name='ОАО "Пример Трактор"')}, "consignor", GRADES["consignor"]),
        ({"consignee": replace(CONSIGNEE, name="NUMUNE TRAKTOR LLC")}, "consignee", "slip"),
        ({"consignee": IMPORTER}, "consignee", "same"),
        ({"consignee": replace(CONSIGNEE, name="Tamam Başqa MMC")}, "consignee", GRADES["consignee"]),
        ({"country": "KZ"}, "destination", GRADES["destination"]),
        ({"registered": date(2027, 3, 31)}, "validity", "same"),
        ({"registered": date(2027, 4, 1)}, "validity", GRADES["expired"]),
        ({"registered": date(2026, 3, 30), "exported": None}, "validity", GRADES["certified-later"]),
        ({"exported": date(2026, 3, 31)}, "issued-after-export", "same"),
        ({"exported": date(2026, 3, 30)}, "issued-after-export", GRADES["issued-after-export"]),
        ({"exported": None}, "issued-after-export", "not comparable"),
    ],
)
def test_a_difference_of_the_whole_concerns_every_item(change, field, expected):
    found = compared(declared=declaration(**change))
    kind, _, cites = expected.partition(": ")
    assert grade(found, field) == (Grade(kind), cites)
    after = {
        Grade.SAME: Outcome.ACCEPT,
        Grade.NOT_COMPARABLE: Outcome.NOTE,
        Grade.SLIP: Outcome.NOTE,
        Grade.ASK: Outcome.ASK,
        Grade.GROUND: Outcome.REFUSE,
    }[Grade(kind)]
    assert outcomes(found) == [after, after]


@pytest.mark.parametrize(
    "mark",
    [
        {"retrospective": Retrospective("late papers", "customs mark")},
        {"duplicate_of": FIRST},
        {"replaces": FIRST},
    ],
)
def test_issue_after_export_with_a_mark_is_no_ground(mark):
    found = compared(certificate(**mark), declaration(exported=date(2026, 2, 2)))
    assert grade(found, "issued-after-export") == (Grade.SAME, "")


def test_a_duplicate_works_from_its_original_and_ends_with_it():
    certified = certificate(duplicate_of=FIRST, valid_until=date(2027, 1, 31))
    early = declaration(registered=date(2026, 3, 1), exported=None)
    assert grade(compared(certified, early), "validity")[0] is Grade.SAME
    late = declaration(registered=date(2027, 2, 1))
    assert grade(compared(certified, late), "validity")[0] is Grade.GROUND


def test_a_stated_end_beyond_the_agreements_months_gives_nothing():
    found = compared(certificate(valid_until=date(2029, 1, 1)), declaration(registered=date(2027, 4, 1)))
    assert grade(found, "validity") == (Grade.GROUND, "6.4")


# ---------------------------------------------------------------- one item


@pytest.mark.parametrize(
    ("change", "field", "expected"),
    [
        ({"description": "Новые тракторы колёсные ST-82.1"}, "description", "slip"),
        ({"description": "Тракторы колесные st 82.1, новые"}, "description", "slip"),
        ({"description": "Traktory kolesnye ST-82.1 novye"}, "description", "slip"),
        ({"description": "Тракторы колёсные новые, с кабиной"}, "description", "slip"),
        ({"description": "Тракторы колёсные ST-95.1 новые"}, "description", GRADES["description"]),
        ({"description": "Машины для поля"}, "description", GRADES["description"]),
        ({"hs": HSCode("8701920000")}, "code", "slip"),
        ({"hs": HSCode("870193")}, "code", "same"),
        ({"hs": HSCode("8701931234", Nomenclature.EAEU)}, "code", "same"),
        ({"hs": HSCode("8701")}, "code", "same"),
        ({"hs": HSCode("8704210000")}, "heading", GRADES["heading"]),
        ({"origin": "KZ"}, "origin", GRADES["origin"]),
        ({"invoice": Document("st 0912", date(2026, 3, 20))}, "invoice", "slip"),
        ({"invoice": Document("ST-0913", date(2026, 3, 20))}, "invoice", GRADES["invoice"]),
        ({"invoice": None}, "invoice", "not comparable"),
        ({"quantity": pieces("40"), "net_weight": Decimal(1600)}, "quantity", "same"),
        ({"quantity": pieces("105")}, "quantity", "same"),
        ({"quantity": pieces("105.000001")}, "quantity", GRADES["quantity"]),
        ({"net_weight": Decimal(4200)}, "net weight", "same"),
        ({"net_weight": Decimal("4200.000001")}, "net weight", GRADES["quantity"]),
        ({"net_weight": None}, "net weight", "not comparable"),
        ({"gross_weight": Decimal(4620)}, "gross weight", "same"),
        ({"gross_weight": Decimal(4621)}, "gross weight", GRADES["quantity"]),
    ],
)
def test_a_difference_of_one_item_does_not_touch_the_other(change, field, expected):
    found = compared(declared=declaration(line(**change), parts_line()))
    kind, _, cites = expected.partition(": ")
    assert grade(found, field) == (Grade(kind), cites)
    after = {
        Grade.SAME: Outcome.ACCEPT,
        Grade.NOT_COMPARABLE: Outcome.NOTE,
        Grade.SLIP: Outcome.NOTE,
        Grade.EXCESS: Outcome.EXCESS,
        Grade.ASK: Outcome.ASK,
        Grade.GROUND: Outcome.REFUSE,
    }[Grade(kind)]
    assert outcomes(found) == [after, Outcome.ACCEPT]
    assert found.items[1].covered == 50 * SCALE


def test_other_goods_under_another_heading_are_not_identified():
    other = line(description="Мебель садовая", hs=HSCode("9403600000"))
    found = compared(declared=declaration(other, parts_line()))
    assert grade(found, "identification") == (Grade.GROUND, "9.1")
    assert outcomes(found) == [Outcome.REFUSE, Outcome.ACCEPT]


def test_the_heading_of_box_9_counts_before_that_of_the_code():
    certified = certificate(item(box9="Д8704"), parts())
    assert grade(compared(certified), "heading") == (Grade.ASK, "expert report")


def test_the_code_gives_the_heading_where_box_9_has_none():
    assert grade(compared(certificate(item(box9="П"), parts())), "heading")[0] is Grade.SAME


def test_an_item_the_certificate_does_not_have_is_not_identified():
    found = compared(declared=declaration(line(certificate_item=7), parts_line()))
    assert found.items[0].certificate_item is None
    assert outcomes(found) == [Outcome.REFUSE, Outcome.ACCEPT]


def test_a_line_without_an_item_finds_the_only_one_that_fits():
    found = compared(declared=declaration(parts_line(1, certificate_item=None)))
    assert (found.items[0].certificate_item, found.items[0].outcome) == (2, Outcome.ACCEPT)


def test_a_line_without_an_item_that_fits_two_is_asked_about():
    found = compared(certificate(item(1), item(2)), declaration(line(certificate_item=None)))
    assert (found.items[0].certificate_item, found.items[0].outcome) == (None, Outcome.ASK)
    assert found.items[0].cells[0].certified == "1, 2"


def test_a_line_without_an_item_that_fits_none_is_not_identified():
    other = line(certificate_item=None, description="Мебель садовая", hs=HSCode("9403600000"))
    assert compared(declared=declaration(other)).items[0].outcome is Outcome.REFUSE


# ---------------------------------------------------------------- amounts


@pytest.mark.parametrize(
    ("used", "claimed", "covered", "excess", "outcome"),
    [
        (0, "105", 105, 0, Outcome.ACCEPT),
        (60, "45", 45, 0, Outcome.ACCEPT),
        (60, "46", 45, 1, Outcome.EXCESS),
        (105, "1", 0, 1, Outcome.EXCESS),
        (200, "1", 0, 1, Outcome.EXCESS),
    ],
)
def test_the_tolerance_is_given_once_over_all_declarations(used, claimed, covered, excess, outcome):
    found = compared(
        declared=declaration(line(quantity=pieces(claimed))), used={1: used * SCALE, 2: 10**9 * SCALE}
    ).items[0]
    assert (found.covered, found.excess, found.outcome) == (covered * SCALE, excess * SCALE, outcome)


def test_lines_of_one_declaration_share_an_item():
    half = {"quantity": pieces("60"), "net_weight": None, "gross_weight": None}
    found = compared(declared=declaration(line(1, **half), line(2, **half)))
    assert [i.covered for i in found.items] == [60 * SCALE, 45 * SCALE]
    assert found.items[1].outcome is Outcome.EXCESS


def test_a_refused_line_takes_nothing_from_the_next():
    found = compared(declared=declaration(line(1, origin="KZ"), line(2)))
    assert outcomes(found) == [Outcome.REFUSE, Outcome.ACCEPT]
    assert found.items[1].covered == 100 * SCALE


@pytest.mark.parametrize("quantity", [None, Quantity(Decimal(4), "t"), Quantity(Decimal(10**15), "pcs")])
def test_an_amount_that_cannot_be_drawn_is_asked_about(quantity):
    found = compared(declared=declaration(line(quantity=quantity))).items[0]
    assert (found.covered, found.outcome) == (0, Outcome.ASK)
    assert found.cells[-1].cites == "the amount in the certified unit"


def test_a_certificate_without_amounts_is_asked_about():
    bare = item(quantity=None, net_weight=None, gross_weight=None)
    assert compared(certificate(bare), declaration(line())).items[0].outcome is Outcome.ASK


def test_weight_is_drawn_where_no_quantity_is_certified():
    found = compared(certificate(item(quantity=None)), declaration(line()), {1: 300 * SCALE}).items[0]
    assert (found.covered, found.excess, found.unit) == (3900 * SCALE, 100 * SCALE, "kg")


@settings(max_examples=80, deadline=None)
@given(
    st.decimals("0.000001", 10**6, places=6),
    st.lists(st.decimals("0.000001", 10**6, places=6), min_size=1, max_size=5),
    st.integers(0, 10**12),
)
def test_what_is_covered_never_passes_the_limit_and_nothing_is_lost(certified, claims, used):
    one = item(quantity=Quantity(certified, "pcs"), net_weight=None, gross_weight=None)
    lines = [
        line(n, quantity=Quantity(claim, "pcs"), net_weight=None, gross_weight=None)
        for n, claim in enumerate(claims, 1)
    ]
    found = compared(certificate(one), declaration(*lines), {1: used})
    most = limit(scaled(certified), Decimal(5))
    assert used + sum(i.covered for i in found.items) <= max(most, used)
    assert [i.covered + i.excess for i in found.items] == [scaled(claim) for claim in claims]
    assert all((i.excess > 0) == (i.outcome is Outcome.EXCESS) for i in found.items)


# ---------------------------------------------------------------- the agreement decides


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_the_table_does_not_grade_is_for_an_officer(kind):
    bare = replace(CIS, comparison={k: v for k, v in GRADES.items() if k != kind})
    changed = {
        "spelling": declaration(consignor=replace(EXPORTER, name="ООО Пример Трактор")),
        "order": declaration(consignor=replace(EXPORTER, name='"Пример Трактор" ООО')),
        "transliteration": declaration(consignor=replace(EXPORTER, name="OOO Primer Traktor")),
        "number": declaration(certificate=Quoted("X", CERTIFIED_ON)),
        "date": declaration(certificate=Quoted("BYAZ6101000042", date(2026, 1, 1))),
        "consignor": declaration(consignor=CONSIGNEE),
        "consignee": declaration(consignee=EXPORTER),
        "destination": declaration(country="KZ"),
        "origin": declaration(line(origin="KZ")),
        "description": declaration(line(description="Машины")),
        "invoice": declaration(line(invoice=Document("Z", CERTIFIED_ON))),
        "heading": declaration(line(hs=HSCode("8704210000"))),
        "digits-5-to-10": declaration(line(hs=HSCode("8701920000"))),
        "quantity": declaration(line(quantity=pieces("106"))),
        "expired": declaration(registered=date(2028, 1, 1)),
        "certified-later": declaration(registered=date(2026, 1, 1), exported=None),
        "issued-after-export": declaration(exported=date(2026, 1, 1)),
        "identification": declaration(line(certificate_item=9)),
        "item-unclear": declaration(line(certificate_item=None)),
        "amount-unclear": declaration(line(quantity=None)),
    }[kind]
    certified = certificate(item(1), item(2)) if kind == "item-unclear" else certificate()
    found = compare(certified, changed, bare, {})
    assert found.items[0].outcome is Outcome.ASK
    cells = (*found.cells, *found.items[0].cells)
    assert [c.cites for c in cells if c.grade is Grade.ASK] == [
        "an officer's decision: the agreement's table does not grade this difference"
    ]


def test_another_agreement_may_grade_otherwise():
    strict = replace(CIS, comparison=GRADES | {"digits-5-to-10": "ground: 4.24"})
    found = compared(declared=declaration(line(hs=HSCode("8701920000"))), agreement=strict)
    assert grade(found, "code") == (Grade.GROUND, "4.24")


def test_a_grade_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="perhaps"):
        compared(
            declared=declaration(country="KZ"),
            agreement=replace(CIS, comparison=GRADES | {"destination": "perhaps"}),
        )


@pytest.mark.parametrize(
    ("change", "summary", "gravest"),
    [
        ({"country": "KZ"}, Summary.MATERIAL, Grade.GROUND),
        ({"certificate": Quoted("byaz6101000042", CERTIFIED_ON)}, Summary.MINOR, Grade.SLIP),
        ({"exported": None}, Summary.MINOR, Grade.SAME),
        ({"items": (line(quantity=pieces("110")),)}, Summary.MATERIAL, Grade.EXCESS),
    ],
)
def test_the_summary_is_never_a_bare_yes(change, summary, gravest):
    found = compared(declared=declaration(**change))
    assert (found.summary, found.gravest) == (summary, gravest)
