"""Reading an import declaration: every fault in its place, all at once; and the page that describes the format."""

from __future__ import annotations

import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from clearance_samples import declaration, line
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.adapters.nomenclature import hs_2022
from countermark.clearance.declaration import (
    RECORDS,
    ImportDeclaration,
    declaration_to_plain,
    read_declaration,
)
from countermark.clearance.grade import KINDS
from countermark.goods.fault import Fault

HS = hs_2022()
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "declaration.md"
PLAIN: dict[str, Any] = declaration_to_plain(declaration())


def faults(raw: object) -> list[tuple[str, str]]:
    found = read_declaration(raw, HS)
    assert not isinstance(found, ImportDeclaration), found
    assert all(error.message and error.instead for error in found)
    return [(error.path, error.code) for error in found]


def changed(path: str, value: object) -> dict[str, Any]:
    raw = deepcopy(PLAIN)
    *parents, last = [int(p) if p.isdigit() else p for p in path.split(".")]
    place: Any = raw
    for parent in parents:
        place = place[parent]
    place[last] = value
    return raw


def test_a_declaration_reads_back_as_written():
    assert read_declaration(PLAIN, HS) == declaration()
    bare = declaration(
        line(certificate_item=None, net_weight=None, gross_weight=None, quantity=None, invoice=None),
        exported=None,
    )
    assert read_declaration(declaration_to_plain(bare), HS) == bare


@pytest.mark.parametrize(
    ("path", "value", "where", "code"),
    [
        ("format", "countermark-declaration-2", "format", Fault.FORMAT),
        ("number", "", "number", Fault.MISSING),
        ("number", "x" * 51, "number", Fault.TOO_LONG),
        ("registered", "10.04.2026", "registered", Fault.NOT_A_DATE),
        ("country", "az", "country", Fault.COUNTRY),
        ("certificate", "BYAZ6101000042", "certificate", Fault.NOT_FIELDS),
        ("certificate.date", None, "certificate.date", Fault.MISSING),
        ("consignee.name", None, "consignee.name", Fault.MISSING),
        ("exported", "2026-02-30", "exported", Fault.NOT_A_DATE),
        ("items", [], "items", Fault.MISSING),
        ("items.0.item", 0, "items[0].item", Fault.NOT_WHOLE),
        ("items.1.item", 1, "items", Fault.REPEATED),
        ("items.0.certificate_item", 1000, "items[0].certificate_item", Fault.NOT_WHOLE),
        ("items.0.hs", 8701930000, "items[0].hs", Fault.CODE_UNQUOTED),
        ("items.0.hs", "87", "items[0].hs", Fault.CODE_SHORT),
        ("items.0.hs", "8799", "items[0].hs", Fault.CODE_UNKNOWN),
        ("items.0.net_weight", 1.5, "items[0].net_weight", Fault.UNQUOTED_DECIMAL),
        ("items.0.gross_weight", "-1", "items[0].gross_weight", Fault.NEGATIVE),
        ("items.0.quantity", {"value": "0", "unit": "pcs"}, "items[0].quantity.value", Fault.ZERO),
        ("items.0.price", "10", "items[0].price", Fault.UNKNOWN_FIELD),
    ],
)
def test_a_fault_is_found_in_its_place(path, value, where, code):
    assert (where, code) in faults(changed(path, value))


def test_all_faults_are_found_at_once():
    raw = changed("items.0.hs", "87") | {"office": None, "country": "XX"}
    assert {path for path, _ in faults(raw)} == {"items[0].hs", "office", "country"}


@pytest.mark.parametrize("raw", [None, [], "text", 7, {}, {"number": "1"}])
def test_anything_else_is_no_declaration(raw):
    assert faults(raw) == [("format", Fault.FORMAT)]


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from([*PLAIN, "items.0.item", "items.0.hs", "items.0.quantity", "certificate.number"]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
        max_leaves=4,
    ),
)
def test_no_value_in_any_place_gets_past_the_reader_unjudged(path, value):
    found = read_declaration(changed(path, value), HS)
    assert isinstance(found, ImportDeclaration) or all(error.message for error in found)


def test_the_page_lists_every_field_and_no_other():
    tables = re.findall(r"^## `?(\w+)`?$(.*?)(?=^##? |\Z)", PAGE.read_text("utf-8"), re.S | re.M)
    listed = {name: tuple(re.findall(r"^\| `(\w+)`", text, re.M)) for name, text in tables}
    for record in RECORDS:
        names = ("format", *record.names) if record.name == "declaration" else record.names
        assert listed[record.name] == names
        required = {field.name for field in record.fields if field.required}
        text = dict(tables)[record.name]
        assert set(re.findall(r"^\| `(\w+)` \| yes", text, re.M)) - {"format"} == required


def test_the_page_explains_every_kind_of_difference():
    rows = re.findall(
        r"^\| (`.*?`) \| ", PAGE.read_text("utf-8").partition("# What a difference means")[2], re.M
    )
    assert sorted(kind for row in rows for kind in re.findall(r"`([\w-]+)`", row)) == sorted(KINDS)


def test_the_example_on_the_page_is_read():
    example = re.search(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.S)
    assert example is not None
    found = read_declaration(yaml.safe_load(example[1]), HS)
    assert isinstance(found, ImportDeclaration), found
