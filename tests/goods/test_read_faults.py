"""Every mistake an applicant can make is found in its place, with what to write instead; all at once."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from countermark.adapters.nomenclature import hs_2022
from countermark.goods.application import Application, Packages
from countermark.goods.fault import Fault, FieldError
from countermark.goods.hs import HSCode, HSEdition
from countermark.goods.material import Answer
from countermark.goods.read import application_to_plain, read_application

TRADER = {"name": "Sample Works", "address": "1 Factory Street", "country": "BY"}
MATERIAL = {
    "name": "engine",
    "hs": "8408",
    "status": "foreign",
    "value": {"amount": "10", "currency": "USD"},
    "proof": {
        "form": "CT-1",
        "number": "S-1",
        "date": "2026-05-01",
        "country": "KZ",
        "item": 1,
        "quantity": {"value": 1, "unit": "pcs"},
    },
}
GOOD = {
    "item": 1,
    "description": "tractor",
    "hs": "8701.92",
    "net_weight": "900",
    "gross_weight": "1000",
    "quantity": {"value": "1", "unit": "pcs"},
    "price": {"amount": "41000.00", "currency": "USD", "basis": "EXW", "date": date(2026, 5, 4)},
    "operations": [{"words": "assembly"}],
    "rates": [{"from": "EUR", "to": "USD", "rate": "1.08", "date": "2026-05-04", "publisher": "Bank"}],
    "attested": {"process:welding": "yes"},
    "materials": [MATERIAL],
}
PLAIN: dict[str, Any] = {
    "format": "countermark-application-1",
    "reference": "R-1",
    "agreement": "cis-2009",
    "form": "CT-1",
    "exporter": TRADER,
    "consignee": {**TRADER, "country": "AZ"},
    "destination": "AZ",
    "goods": [GOOD],
}


def deep_bill(levels: int) -> list[dict[str, Any]]:
    return [{"name": "part", "bill": deep_bill(levels - 1)}] if levels else []


def edited(path: str, value: object) -> dict[str, Any]:
    """The sample with one value replaced; the path is dotted, with list places as numbers."""
    plain = deepcopy(PLAIN)
    *outer, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    place: Any = plain
    for step in outer:
        place = place[step]
    place[last] = value
    return plain


def faults(raw: object) -> list[tuple[str, str]]:
    found = read_application(raw, hs_2022())
    assert isinstance(found, tuple), "read without a fault"
    assert all(isinstance(e, FieldError) and e.message and e.instead for e in found)
    return [(e.path, e.code.value) for e in found]


def application(raw: object) -> Application:
    found = read_application(raw, hs_2022())
    assert isinstance(found, Application), found
    return found


G = "goods/0"
CASES: list[tuple[str, str, object]] = [
    ("format", "format", "countermark-application-2"),
    ("format", "format", None),
    ("unknown-field", "remark", "x"),
    ("missing", "reference", None),
    ("missing", "reference", "  "),
    ("missing", "destination", "unknown"),
    ("missing", "goods", []),
    ("missing", f"{G}/operations/0/words", "unknown"),
    ("not-fields", f"{G}/price", "41000 USD"),
    ("not-fields", f"{G}/attested", ["yes"]),
    ("not-a-list", "goods", {"item": 1}),
    ("not-a-list", f"{G}/materials", "none"),
    ("too-many", "goods", [GOOD] * 501),
    ("too-many", f"{G}/materials", [{"name": "part"}] * 1001),
    ("too-many", f"{G}/materials", [{"name": "part", "bill": [{"name": "bolt"}] * 999}, {"name": "x"}]),
    ("too-many", f"{G}/attested", {f"q{n}": "yes" for n in range(301)}),
    ("not-text", "reference", 17),
    ("not-text", "reference", True),
    ("not-text", "exporter/name", date(2026, 5, 4)),
    ("too-long", "exporter/name", "x" * 151),
    ("too-long", "exporter/address", "x" * 301),
    ("too-long", f"{G}/description", "x" * 1001),
    ("characters", "exporter/name", "a\x1b[31mb"),
    ("characters", "exporter/address", "line\nline"),
    ("characters", "exporter/name", "abc\u202exe"),
    ("characters", "exporter/name", "a\ud800b"),
    ("not-a-number", f"{G}/net_weight", "41 000,00"),
    ("not-a-number", f"{G}/net_weight", "1e3"),
    ("not-a-number", f"{G}/net_weight", "NaN"),
    ("not-a-number", f"{G}/net_weight", True),
    ("not-a-number", f"{G}/net_weight", "٣"),
    ("not-a-number", f"{G}/net_weight", "007"),
    ("unquoted-decimal", f"{G}/net_weight", 41000.5),
    ("unquoted-decimal", f"{G}/net_weight", Decimal("41000.50")),
    ("unquoted-decimal", f"{G}/net_weight", float("nan")),
    ("negative", f"{G}/net_weight", "-1"),
    ("negative", f"{G}/net_weight", -1),
    ("zero", f"{G}/net_weight", "0.000"),
    ("zero", f"{G}/quantity/value", 0),
    ("digits", f"{G}/net_weight", 10**24),
    ("digits", f"{G}/net_weight", 10**5000),
    ("digits", f"{G}/net_weight", "1." + "0" * 7),
    ("digits", f"{G}/net_weight", "9" * 25),
    ("not-whole", f"{G}/item", "1.5"),
    ("not-whole", f"{G}/item", 0),
    ("not-whole", f"{G}/item", True),
    ("not-a-date", "departure", "04.05.2026"),
    ("not-a-date", "departure", "2026-02-30"),
    ("not-a-date", "departure", datetime(2026, 5, 4, 10, 0)),
    ("not-a-date", "departure", 20260504),
    ("date-range", "departure", "9999-12-31"),
    ("country", "destination", "by"),
    ("country", "destination", "ВY"),
    ("country", "destination", "EU"),
    ("country", "destination", False),
    ("currency", f"{G}/price/currency", "usd"),
    ("choice", f"{G}/price/basis", "exw"),
    ("choice", f"{G}/materials/0/status", "foreing"),
    ("answer", "direct_purchase", "maybe"),
    ("answer", "direct_purchase", 1),
    ("answer", f"{G}/attested/process:welding", "perhaps"),
    ("code-unquoted", f"{G}/hs", 870192),
    ("code-unquoted", f"{G}/hs", Decimal("8701.92")),
    ("code-form", f"{G}/hs", "870"),
    ("code-form", f"{G}/hs", "87019"),
    ("code-form", f"{G}/hs", "87019290001"),
    ("code-form", f"{G}/hs", "8701-92"),
    ("code-form", f"{G}/hs", "８７０１"),
    ("code-short", f"{G}/hs", "87"),
    ("code-unknown", f"{G}/hs", "8701 90 900 0"),
    ("code-unknown", f"{G}/materials/0/hs", "77"),
]


@pytest.mark.parametrize(
    ("code", "path", "value"), CASES, ids=[f"{code}-{path}-{n}" for n, (code, path, _) in enumerate(CASES)]
)
def test_a_mistake_is_told_by_its_code_in_its_place(code: str, path: str, value: object) -> None:
    dotted = "".join(f"[{step}]" if step.isdigit() else f".{step}" for step in path.split("/"))[1:]
    dotted = dotted.replace(".process:welding", '["process:welding"]')
    assert faults(edited(path, value)) == [(dotted, code)]


BARS_OF_BARS = {"name": "bars", "hs": "7214", "bill": [{"name": "bars", "hs": "72.14"}]}
EMPTY_STOCK = {"method": "average", "originating": "0", "foreign": "0"}
ELSEWHERE: list[tuple[str, str, Callable[[], object]]] = [
    ("not-an-application", "", lambda: [PLAIN]),
    ("not-an-application", "", lambda: None),
    ("cycle", "goods[0].materials[0].bill[0].name", lambda: edited(f"{G}/materials", [BARS_OF_BARS])),
    (
        "zero",
        "goods[0].materials[0].stock.foreign",
        lambda: edited(f"{G}/materials", [{"name": "salt", "stock": EMPTY_STOCK}]),
    ),
    (
        "too-deep",
        f"goods[0].materials[0]{'.bill[0]' * 8}.bill",
        lambda: edited(f"{G}/materials", deep_bill(10)),
    ),
    ("repeated", 'goods[0].attested["a "]', lambda: edited(f"{G}/attested", {"a": "yes", "a ": "no"})),
    ("not-text", "goods[0].attested[1]", lambda: edited(f"{G}/attested", {1: "yes"})),
    ("item-order", "goods[0].item", lambda: edited(f"{G}/item", "2")),
    ("item-order", "goods[1].item", lambda: edited("goods", [GOOD, GOOD])),
    ("net-over-gross", "goods[0].net_weight", lambda: edited(f"{G}/net_weight", "1000.000001")),
    ("same-currency", "goods[0].rates[0].to", lambda: edited(f"{G}/rates/0/to", "EUR")),
    ("code-unknown", "goods[0].hs.code", lambda: edited(f"{G}/hs", {"code": "870190", "edition": 2022})),
    ("choice", "goods[0].hs.edition", lambda: edited(f"{G}/hs", {"code": "870190", "edition": 2021})),
    ("digits", "goods[0].rates[0].rate", lambda: edited(f"{G}/rates/0/rate", "0.0000000000001")),
]


@pytest.mark.parametrize(("code", "path", "make"), ELSEWHERE)
def test_a_mistake_between_fields_is_told_where_it_can_be_corrected(
    code: str, path: str, make: Callable[[], object]
) -> None:
    assert faults(make()) == [(path, code)]


def test_every_kind_of_mistake_has_a_case() -> None:
    assert {code for code, *_ in CASES + ELSEWHERE} == {fault.value for fault in Fault}


def test_all_mistakes_are_told_at_once() -> None:
    plain = edited(f"{G}/price", {"amount": 1.5, "curency": "USD"})
    plain["destination"] = "Azerbaijan"
    plain["goods"][0]["item"] = 3
    plain["goods"][0]["materials"][0]["value"]["amount"] = "-1"
    assert set(faults(plain)) == {
        ("destination", "country"),
        ("goods[0].item", "item-order"),
        ("goods[0].price.amount", "unquoted-decimal"),
        ("goods[0].price.curency", "unknown-field"),
        ("goods[0].price.currency", "missing"),
        ("goods[0].materials[0].value.amount", "negative"),
    }


def test_a_thousand_mistakes_are_enough() -> None:
    found = faults(PLAIN | {f"field{n}": 1 for n in range(5000)})
    assert len(found) == 1001
    assert found[-1] == ("", "too-many")


def advice(raw: object) -> str:
    found = read_application(raw, hs_2022())
    assert isinstance(found, tuple)
    return found[0].instead


def test_the_advice_names_what_to_write() -> None:
    assert '"41000.50"' in advice(edited(f"{G}/net_weight", Decimal("41000.50")))
    assert "`remarks`" in advice(edited("remark", "x"))
    assert "BY" in advice(edited("destination", "by"))
    assert "Latin" in advice(edited("destination", "ВY"))
    assert '"NO"' in advice(edited("destination", False))
    assert "foreign" in advice(edited(f"{G}/materials/0/status", "foreing"))
    assert '"17"' in advice(edited("reference", 17))


@pytest.mark.parametrize(
    ("code", "nearest"),
    [("8701900", "870191"), ("8715 10", "871500"), ("0199", "0106"), ("7701", "76"), ("9913", "97")],
)
def test_an_unlisted_code_is_answered_with_the_nearest_listed_ones(code: str, nearest: str) -> None:
    assert nearest in advice(edited(f"{G}/hs", code))


def test_an_edition_without_codes_refuses_every_code() -> None:
    found = read_application(PLAIN, HSEdition(2022, frozenset()))
    assert isinstance(found, tuple)
    assert {e.code for e in found} == {Fault.CODE_UNKNOWN}


def test_a_code_of_another_edition_is_taken_by_its_form() -> None:
    read = application(edited(f"{G}/hs", {"code": "8701.90", "nomenclature": "national", "edition": 2012}))
    assert read.goods[0].hs.edition == 2012
    assert application_to_plain(read)["goods"][0]["hs"] == {  # type: ignore[index]
        "code": "870190",
        "nomenclature": "national",
        "edition": "2012",
    }


def test_no_material_and_an_unknown_bill_are_two_things() -> None:
    assert application(edited(f"{G}/materials", [])).goods[0].materials == ()
    assert application(edited(f"{G}/materials", None)).goods[0].materials is None
    assert application(edited(f"{G}/materials", "unknown")).goods[0].materials is None


@pytest.mark.parametrize("blank", [None, "unknown", "", " "])
def test_a_blank_is_no_answer(blank: object) -> None:
    read = application({**edited(f"{G}/attested", {"q": blank}), "direct_purchase": blank})
    assert read.direct_purchase is None
    assert read.goods[0].attested == {}
    assert read.goods[0].packages == Packages(None, "")


@pytest.mark.parametrize(("written", "meant"), [(True, "yes"), (False, "no"), ("Yes", "yes"), ("no", "no")])
def test_answers_may_be_booleans_or_words(written: object, meant: str) -> None:
    assert application(edited("direct_delivery", written)).direct_delivery is Answer(meant)


def test_text_is_composed_and_trimmed() -> None:
    assert application(edited("exporter/name", " Cafe\u0301 ")).exporter.name == "Café"


def test_codes_may_be_spaced_or_dotted() -> None:
    for written in ("8701929000", "8701 92 900 0", "8701.92.9000"):
        assert application(edited(f"{G}/hs", written)).goods[0].hs == HSCode("8701929000")


def test_a_material_may_cost_nothing() -> None:
    value = application(edited(f"{G}/materials/0/value/amount", 0)).goods[0].materials
    assert value is not None
    assert value[0].value is not None
    assert value[0].value.amount == 0


def test_eight_bills_inside_each_other_are_read() -> None:
    read = application(edited(f"{G}/materials", deep_bill(9)))
    depth, lines = 0, read.goods[0].materials
    while lines:
        depth, lines = depth + 1, lines[0].bill
    assert depth == 9


def test_a_bill_that_holds_itself_is_refused() -> None:
    endless: list[Any] = [{"name": "part"}]
    endless[0]["bill"] = endless
    assert faults(edited(f"{G}/materials", endless)) == [("goods[0].materials", "too-many")]


def test_errors_cannot_write_to_the_terminal() -> None:
    found = read_application(edited("reference", 1) | {"\x1b[2J" * 30: "\x1b[2J"}, hs_2022())
    assert isinstance(found, tuple)
    assert all("\x1b" not in str(e) and len(str(e)) < 400 for e in found)
