"""The tables around the list: tolerances, cumulation, absorption, packing, formulas are read, and mistakes in them named."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from countermark.adapters.packs import load_agreement, locate, read_pack
from countermark.rules.agreement import Agreement
from countermark.rules.terms import Absorption, Cumulation, Formula, Sets, Tolerance, Valuation

CITED = '\nsource = "rules"\nparagraph = "x"\nvalid_from = ""\nconfidence = "read"\n'
TOLERANCE = """
[[tolerance]]
id = "textiles"
pct = "10"
base = "listed-weight"
same_heading_only = false
against_list = true
goods = ["50-60"]
listed = ["5001-5007", "5101-5105"]
least_kinds = 2
stacks = true
beside_value_limits = false
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "packs" / "own"
    shutil.copytree(locate("cis-2009"), folder)
    return folder


def with_more(pack: Path, more: str, *edits: tuple[str, str]) -> Path:
    path = pack / "agreement.toml"
    text = path.read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text + more, encoding="utf-8")
    return pack


def errors(pack: Path) -> list[tuple[str, str]]:
    return [(error.code, error.place) for error in read_pack(pack).errors]


def test_a_second_tolerance_is_read_with_all_its_terms(pack: Path) -> None:
    own, textiles = load_agreement(with_more(pack, TOLERANCE + CITED)).tolerances
    assert (own.id, own.citation, own.beside_value_limits, own.stacks) == ("own-heading", "2.6", True, False)
    assert textiles == Tolerance(
        Decimal(10), "listed-weight", False, True, id="textiles", citation="x", goods=("50-60",),
        listed=("5001-5007", "5101-5105"), least_kinds=2, stacks=True, beside_value_limits=False,
    )  # fmt: skip


def test_cumulation_absorption_sets_formulas_and_values_are_read(pack: Path) -> None:
    more = '[absorption]\noriginating = "content"\nforeign = "content"' + CITED
    more += '[fungible]\nmethods = ["average"]' + CITED
    more += '[formula.qvc]\ncounted = ["price"]\ndeducted = ["foreign", "freight"]\nbase = "FOB"' + CITED
    whole = '\npartners = ["MD"]\nnot_materials = ["01-24"]\nbeyond_minimal = false\n'
    edits = (
        ("party_material_is_foreign_without_proof = true\n", f"party_material_is_foreign_without_proof = true{whole}"),
        ('[sets]\npct = "15"\n', '[sets]\npct = "10"\nbase = "FOB"\n'),
        ('materials = ["customs", "first-sale"]\n', 'rate_date = "invoice"\nscrap = "deducted"\n'),
    )  # fmt: skip
    read: Agreement = load_agreement(with_more(pack, more, *edits))
    assert read.cumulation == Cumulation("full", ("CT-1",), True, frozenset({"MD"}), ("01-24",), False)
    assert (read.absorption, read.fungible_methods) == (Absorption("content", "content"), ("average",))
    assert read.formulas["qvc"] == Formula(("price",), ("foreign", "freight"), "FOB")
    assert read.formulas["build-down"] == Formula(("price",), ("foreign",))
    assert (read.sets, read.valuation) == (
        Sets(Decimal(10), "FOB"),
        Valuation("EXW", (), "invoice", "deducted"),
    )


def test_a_form_without_box_9_and_a_treaty_without_kits_or_excess_are_read(pack: Path) -> None:
    path = pack / "agreement.toml"
    text = path.read_text(encoding="utf-8")
    start = text.index("[simple_assembly_of_kits]")
    text = text[:start] + text[text.index("[sets]", start) :]
    start = text.index("[form.box9]")
    text = text[:start] + text[text.index("\n[", start + 1) :]
    path.write_text(text, encoding="utf-8")
    read = load_agreement(pack)
    assert (read.box9, read.simple_assembly_of_kits) == ({}, "undetermined")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('id = "textiles"', 'id = "own-heading"', ("duplicate-id", "the top of the file")),
        ('pct = "10"', 'pct = "110"', ("bad-value", "tolerance[2]")),
        ('listed = ["5001-5007", "5101-5105"]', "", ("bad-value", "tolerance[2]")),
        ('goods = ["50-60"]', 'goods = ["60-50"]', ("bad-code", "tolerance[2]")),
        ('base = "listed-weight"', 'base = "EXQ"', ("bad-value", "tolerance[2].base")),
    ],
)
def test_a_mistake_in_a_tolerance_is_named(pack: Path, old: str, new: str, expected: tuple[str, str]) -> None:
    assert expected in errors(with_more(pack, TOLERANCE.replace(old, new) + CITED))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('kind = "full"', 'kind = "bilateral"\npartners = ["MD"]', ("bad-value", "cumulation")),
        ('kind = "full"', 'kind = "full"\npartners = ["Moldova"]', ("bad-value", "cumulation")),
        ('kind = "full"', 'kind = "total"', ("bad-value", "cumulation.kind")),
        ('[sets]\npct = "15"', '[sets]\npct = "150"', ("bad-value", "sets")),
    ],
)
def test_a_mistake_around_the_list_is_named(
    pack: Path, old: str, new: str, expected: tuple[str, str]
) -> None:
    assert errors(with_more(pack, "", (old, new))) == [expected]
