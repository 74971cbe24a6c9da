"""The examples are whole, plausible and agree with the answers worked out beside them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from countermark.adapters.nomenclature import hs_2022
from countermark.adapters.packs import load_agreement
from countermark.adapters.reading import ApplicationRefused, read_application_file, read_plain
from countermark.clearance.compare import compare
from countermark.clearance.declaration import ImportDeclaration, read_declaration
from countermark.clearance.grade import Grade
from countermark.clearance.use import SCALE
from countermark.clearance.validity import last_day
from countermark.document.certificate import Body, Certificate, Declaration, Item
from countermark.goods.application import Application, Good
from countermark.goods.material import Material, Status
from countermark.rules.determination import Criterion, Determination, Trace
from countermark.rules.determine import determine
from countermark.rules.expression import read_expression
from countermark.rules.stated import StatedRule

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
EXPECTED = json.loads((EXAMPLES / "expected.json").read_text(encoding="utf-8"))
APPLICATIONS: dict[str, Any] = EXPECTED["applications"]
DECLARATIONS: dict[str, Any] = EXPECTED["declarations"]
READABLE = [name for name, e in APPLICATIONS.items() if e.get("refusal", {}).get("at") != "reading"]
LINES = [(name, n) for name in READABLE for n, _ in enumerate(APPLICATIONS[name]["goods"])]
STATED = [(name, n) for name, n in LINES if "after_statement" in APPLICATIONS[name]["goods"][n]]
ASKED = [
    (name, n, question)
    for name, n in LINES
    for question in APPLICATIONS[name]["goods"][n].get("asked_if_unanswered", ())
]
MACHINES = ("84", "85", "86", "87", "94")


def application(name: str) -> Application:
    return read_application_file(EXAMPLES / name)


def declaration(name: str) -> ImportDeclaration:
    found = read_declaration(read_plain(EXAMPLES / "declarations" / name), hs_2022())
    assert isinstance(found, ImportDeclaration), found
    return found


def in_price_currency(good: Good, material: Material) -> Fraction:
    assert good.price is not None
    assert material.value is not None
    amount = Fraction(material.value.amount)
    if material.value.currency == good.price.currency:
        return amount
    (rate,) = (
        r
        for r in good.rates
        if (r.source, r.target, r.on) == (material.value.currency, good.price.currency, material.value.date)
    )
    return amount * Fraction(rate.rate)


def foreign_value(good: Good, prefix: str) -> Fraction:
    counted = (
        m
        for m in good.materials or ()
        if m.status in (Status.FOREIGN, Status.UNESTABLISHED) and m.hs and m.hs.digits.startswith(prefix)
    )
    return sum((in_price_currency(good, m) for m in counted), Fraction(0))


# ------------------------------------------------------------------------------- the files


def test_every_application_has_an_answer_and_every_answer_a_file() -> None:
    assert {p.name for p in EXAMPLES.glob("*.yaml")} == set(APPLICATIONS)


def test_every_declaration_has_an_answer_and_every_answer_a_file() -> None:
    assert {p.name for p in (EXAMPLES / "declarations").glob("*.yaml")} == set(DECLARATIONS)


@pytest.mark.parametrize("name", READABLE)
def test_application_reads_and_goes_by_its_file_name(name: str) -> None:
    found = application(name)
    assert found.reference == Path(name).stem
    assert found.exporter.country.lower() == name[:2]
    assert len(found.goods) == len(APPLICATIONS[name]["goods"])


def test_unknown_code_is_refused_at_its_field() -> None:
    refusal = APPLICATIONS["by-wrong-code.yaml"]["refusal"]
    with pytest.raises(ApplicationRefused) as caught:
        application("by-wrong-code.yaml")
    assert [(e.path, e.code) for e in caught.value.errors] == [(refusal["path"], refusal["code"])]


@pytest.mark.parametrize("folder", [EXAMPLES, EXAMPLES / "declarations"])
def test_file_says_in_a_comment_what_it_shows(folder: Path) -> None:
    for path in folder.glob("*.yaml"):
        assert path.read_text(encoding="utf-8").startswith("# "), path


def test_tutorial_lists_every_file() -> None:
    table = (ROOT / "docs" / "tutorial" / "examples.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([^`]+)`", table, re.MULTILINE))
    assert listed == {n[:-5] for n in APPLICATIONS} | {f"declarations/{n[:-5]}" for n in DECLARATIONS}


# ------------------------------------------------------------------------------- the sums


@pytest.mark.parametrize(("name", "n"), LINES)
def test_materials_cost_less_and_weigh_about_as_much_as_the_good(name: str, n: int) -> None:
    good = application(name).goods[n]
    assert good.price is not None
    assert good.net_weight is not None
    materials = good.materials or ()
    if name not in ("by-lifts-no-rate.yaml", "by-lifts-blank.yaml"):
        assert sum(in_price_currency(good, m) for m in materials) < Fraction(good.price.amount)
    if materials:
        ratio = Fraction(sum(m.weight or 0 for m in materials)) / Fraction(good.net_weight)
        most = Fraction(11, 10) if good.hs.chapter in MACHINES else Fraction(3)
        assert Fraction(9, 10) <= ratio <= most


@pytest.mark.parametrize(("name", "n"), LINES)
def test_figures_follow_from_the_file(name: str, n: int) -> None:
    good = application(name).goods[n]
    assert good.price is not None
    for figures in APPLICATIONS[name]["goods"][n].get("figures", ()):
        foreign, base = foreign_value(good, figures.get("materials", "")), Fraction(good.price.amount)
        assert (Fraction(figures["foreign"]), Fraction(figures["base"])) == (foreign, base)
        assert Fraction(figures["share"]) == foreign / base
        share = Decimal((foreign * 100).numerator) / Decimal((foreign * 100).denominator) / good.price.amount
        places = Decimal(1).scaleb(-len(figures["pct"].partition(".")[2]))
        assert figures["pct"] == str(share.quantize(places, ROUND_HALF_UP))
        assert share == Decimal(figures.get("limit", "101")) or Decimal(figures["pct"]) != Decimal(
            figures.get("limit", "101")
        )
        if "limit" in figures:
            assert Fraction(figures["margin"]) == base * Fraction(figures["limit"]) / 100 - foreign


@pytest.mark.parametrize(("name", "n"), LINES)
def test_answer_is_written_as_box_9_asks(name: str, n: int) -> None:
    good, answer = application(name).goods[n], APPLICATIONS[name]["goods"][n]
    for each in (answer, answer.get("after_statement", answer)):
        box9 = {
            "wholly produced": "П",
            "sufficiently processed": f"Д{good.hs.heading}",
            "cumulation": "К",
            None: "",
        }[each["criterion"]]
        assert each["box9"] == box9
        assert (each["verdict"] == "originating") == bool(box9) == bool(each["country"])


def test_kits_relied_on_fit_the_certificate_until_the_overdrawn_application() -> None:
    def drawn(name: str) -> dict[int, Decimal]:
        proofs = [m.proof for g in application(name).goods for m in g.materials or () if m.proof]
        assert {p.number for p in proofs} == {"@by-tractor-kits"}
        return {p.item: p.quantity.value for p in proofs}

    certified = {g.item: g.quantity.value for g in application("by-tractor-kits.yaml").goods if g.quantity}
    own, mixed = drawn("az-tractors-own.yaml"), drawn("az-tractors-mixed.yaml")
    left = {i: q - own.get(i, 0) - mixed.get(i, 0) for i, q in certified.items()}
    assert all(0 < left[i] < certified[i] for i in certified)
    assert any(q > left[i] for i, q in drawn("az-tractors-overdrawn.yaml").items())


# ------------------------------------------------------------------------------- the declarations


@pytest.mark.parametrize("name", DECLARATIONS)
def test_declaration_quotes_its_certificate(name: str) -> None:
    found, expected = declaration(name), DECLARATIONS[name]
    certified = application(expected["certificate"])
    assert found.certificate.number == f"@{certified.reference}"
    assert (found.country, found.consignor) == (certified.destination, certified.exporter)
    items = {line.item: line for line in found.items}
    goods = {good.item: good for good in certified.goods}
    for use in expected["use"]:
        line = items[use["item"]]
        assert line.quantity is not None
        assert line.certificate_item is not None
        good = goods[line.certificate_item]
        assert good.quantity is not None
        declared, most = line.quantity.value, good.quantity.value * Decimal("1.05")
        assert Decimal(use["declared"]) == declared
        assert Decimal(use["covered"]) == min(declared, most)
        assert Decimal(use["uncovered"]) == declared - min(declared, most)


def certificate_for(
    found: ImportDeclaration, certified: Application, answers: list[dict[str, Any]]
) -> Certificate:
    """The certificate as it would be issued on the day the declaration quotes."""
    items = tuple(
        Item(
            good.item,
            good.packages,
            good.description,
            good.hs,
            box9=answer.get("after_statement", answer)["box9"],
            criterion=Criterion(answer.get("after_statement", answer)["criterion"]),
            country=certified.exporter.country,
            rule="",
            net_weight=good.net_weight,
            gross_weight=good.gross_weight,
            quantity=good.quantity,
            invoices=(good.invoice,) if good.invoice else (),
        )
        for good, answer in zip(certified.goods, answers, strict=True)
    )
    issued = found.certificate.date
    return Certificate(
        number=found.certificate.number,
        form=certified.form,
        agreement=certified.agreement,
        edition="2023-06-08",
        party=certified.exporter.country,
        destination=certified.destination,
        exporter=certified.exporter,
        consignee=certified.consignee,
        items=items,
        body=Body("001", "Sample Chamber", "1 Example Street"),
        officer="Officer 7",
        certified_on=issued,
        place="",
        declaration=Declaration("Applicant", issued),
        valid_until=last_day(issued, 12),
        determinations=(),
        retrospective=certified.retrospective,
    )


@pytest.mark.parametrize("name", DECLARATIONS)
def test_comparison_agrees(name: str) -> None:
    found, expected = declaration(name), DECLARATIONS[name]
    certified = application(expected["certificate"])
    certificate = certificate_for(found, certified, APPLICATIONS[expected["certificate"]]["goods"])
    earlier = DECLARATIONS[expected["after"]]["use"] if "after" in expected else []
    used = {line["item"]: int(line["covered"]) * SCALE for line in earlier}
    compared = compare(certificate, found, load_agreement(certified.agreement), used)
    cells = [(0, c) for c in compared.cells] + [(i.item, c) for i in compared.items for c in i.cells]
    graded = {
        (item, cell.field, cell.grade.value)
        for item, cell in cells
        if cell.grade not in (Grade.SAME, Grade.NOT_COMPARABLE)
    }
    listed = {(d["item"], d["field"], d["grade"]) for d in expected["differences"]}
    assert listed <= graded
    assert listed == graded or expected["outcome"] == "ground"
    assert compared.gravest.value == expected["outcome"]
    for line, use in zip(compared.items, expected["use"], strict=False):
        assert (line.item, line.covered, line.excess) == (
            use["item"],
            int(use["covered"]) * SCALE,
            int(use["uncovered"]) * SCALE,
        )


# ------------------------------------------------------------------------------- the engine


def determined(name: str, good: Good, stated: StatedRule | None = None) -> Determination:
    on = date.fromisoformat(APPLICATIONS[name]["on"])
    whole = application(name)
    return determine(whole, good, load_agreement(whole.agreement, on), on, stated=stated)


def as_expected(found: Determination) -> dict[str, Any]:
    return {
        "verdict": found.verdict.value,
        "criterion": found.criterion.value if found.criterion else None,
        "box9": found.box9,
        "country": found.country,
    }


def limits(step: Trace | None) -> Iterator[dict[str, str]]:
    """The figures of every value limit in a trace."""
    if step is not None:
        if step.code == "max_nom":
            yield dict(step.figures)
        for child in step.children:
            yield from limits(child)


def listed_limits(name: str, n: int) -> list[dict[str, str]]:
    figures = APPLICATIONS[name]["goods"][n].get("figures", ())
    return [{k: v for k, v in f.items() if k not in ("share", "materials")} for f in figures if "limit" in f]


def of(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: answer[key] for key in ("verdict", "criterion", "box9", "country")}


@pytest.mark.parametrize(("name", "n"), LINES)
def test_engine_agrees(name: str, n: int) -> None:
    good, answer = application(name).goods[n], APPLICATIONS[name]["goods"][n]
    found = determined(name, good)
    assert as_expected(found) == of(answer)
    assert [q.id for q in found.questions] == answer["questions"]
    assert answer.get("row", "") in found.rule
    if "after_statement" not in answer:
        shown = [
            {k: v for k, v in f.items() if k not in ("of", "materials", "points")}
            for f in limits(found.trace)
        ]
        assert all(figures in shown for figures in listed_limits(name, n))


@pytest.mark.parametrize(("name", "n"), STATED)
def test_engine_agrees_under_the_stated_rule(name: str, n: int) -> None:
    good, answer = application(name).goods[n], APPLICATIONS[name]["goods"][n]["after_statement"]
    rule = StatedRule(
        codes=(good.hs.heading,),
        expression=read_expression(answer["rule"]),
        citation=answer["citation"],
        officer=answer["officer"],
        on=date.fromisoformat(APPLICATIONS[name]["on"]),
    )
    found = determined(name, good, rule)
    assert as_expected(found) == of(answer)
    assert found.questions == ()
    shown = [
        {k: v for k, v in f.items() if k not in ("of", "materials", "points")} for f in limits(found.trace)
    ]
    assert all(figures in shown for figures in listed_limits(name, n))
    assert (found.rule, found.stated_by) == (answer["citation"], answer["officer"])


@pytest.mark.parametrize(("name", "n", "question"), ASKED)
def test_engine_asks_what_the_file_answers(name: str, n: int, question: str) -> None:
    good = application(name).goods[n]
    silent = replace(good, attested={key: reply for key, reply in good.attested.items() if key != question})
    found = determined(name, silent)
    assert found.verdict.value == "undetermined"
    assert question in [q.id for q in found.questions]


@pytest.mark.parametrize(("name", "n"), LINES)
def test_engine_names_the_proofs_it_relies_on(name: str, n: int) -> None:
    good, answer = application(name).goods[n], APPLICATIONS[name]["goods"][n]
    if answer["verdict"] == "originating":
        relied = [
            {
                "line": r.line,
                "country": r.proof.country,
                "number": r.proof.number,
                "item": r.proof.item,
                "quantity": {"value": str(r.proof.quantity.value), "unit": r.proof.quantity.unit},
            }
            for r in determined(name, good).relied_on
        ]
        assert relied == answer.get("relied_on", [])
