from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.document.certificate import (
    Body,
    Certificate,
    Declaration,
    Item,
    Reference,
    encode_certificate,
    read_certificate,
)
from countermark.document.consistent import contradictions
from countermark.document.determination import determination_digest, encode_determination, read_determination
from countermark.document.errors import DocumentError
from countermark.document.number import Number, make_number, read_number, series
from countermark.goods.application import Document, Packages, Retrospective
from countermark.goods.hs import HSCode, Nomenclature
from countermark.goods.material import Proof
from countermark.goods.money import Quantity
from countermark.goods.party import Trader
from countermark.rules.determination import (
    Condition,
    Criterion,
    Determination,
    Question,
    Reliance,
    Trace,
    Truth,
    Verdict,
)

SALT = bytes(range(16))


def item(number: int = 1, **changes: Any) -> Item:
    line = Item(
        number, Packages(10, "ящики"), "Тракторы", HSCode("870193"), "Д8701", Criterion.SUFFICIENT, "BY",
        "CIS Rules, list, 8701", net_weight=Decimal("41000.5"), quantity=Quantity(Decimal(10), "pcs"),
    )  # fmt: skip
    return replace(line, **changes)


def certificate(**changes: Any) -> Certificate:
    plain = Certificate(
        number="BYAZ6101000042", form="CT-1", agreement="cis-2009", edition="2023-06-08", party="BY",
        destination="AZ", exporter=Trader("Exporter JSC", "г. Минск", "BY", "1"),
        consignee=Trader("Importer LLC", "Bakı", "AZ"), items=(item(),), body=Body("101", "Отделение", "Минск"),
        officer="Officer 7", certified_on=date(2026, 5, 4), place="Минск",
        declaration=Declaration("Exporter JSC", date(2026, 5, 3)), valid_until=date(2027, 5, 4),
        determinations=(bytes(32),),
    )  # fmt: skip
    return replace(plain, **changes)


words = st.text(
    st.characters(categories=("L", "N", "P", "S"), include_characters=" "), min_size=1, max_size=20
)
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
countries = st.text("ABXYZ", min_size=2, max_size=2)
amounts = st.decimals(0, 10**12, places=6).filter(lambda amount: not amount.is_signed())
traders = st.builds(Trader, words, words, countries, st.just("") | words)
documents = st.builds(Document, words, days, st.just("") | words, st.just("") | words)
references = st.builds(Reference, st.binary(min_size=32, max_size=32), st.just("BYAZ6101000001"), days)
items = st.builds(
    Item,
    item=st.integers(1, 999),
    packages=st.builds(Packages, st.none() | st.integers(0, 10**9), st.just("") | words, st.just("") | words),
    description=words,
    hs=st.builds(HSCode, st.sampled_from(["87", "8701", "8701931000"]), st.sampled_from(Nomenclature)),
    box9=words,
    criterion=st.sampled_from(Criterion),
    country=countries,
    rule=words,
    stated_by=st.just("") | words,
    net_weight=st.none() | amounts,
    gross_weight=st.none() | amounts,
    quantity=st.none() | st.builds(Quantity, amounts, words),
    invoices=st.lists(documents, max_size=2).map(tuple),
)
certificates = st.builds(
    Certificate,
    number=st.from_regex(r"[!-~]{1,50}", fullmatch=True),
    form=st.just("CT-1"),
    agreement=words,
    edition=words,
    party=countries,
    destination=countries,
    exporter=traders,
    consignee=traders,
    items=st.lists(items, max_size=2).map(tuple),
    body=st.builds(Body, st.just("101"), words, words),
    officer=words,
    certified_on=days,
    place=words,
    declaration=st.builds(Declaration, words, days),
    valid_until=days,
    determinations=st.lists(st.binary(min_size=32, max_size=32), max_size=2).map(tuple),
    consignor=st.none() | traders,
    importer=st.none() | traders,
    transport=st.just("") | words,
    remarks=st.lists(words, max_size=2).map(tuple),
    contract=st.none() | documents,
    retrospective=st.none() | st.builds(Retrospective, words, words),
    duplicate_of=st.none() | references,
    replaces=st.none() | references,
)


@settings(deadline=None, max_examples=60)
@given(certificates, st.binary(min_size=16, max_size=16))
def test_a_certificate_reads_back_as_it_was_written(written: Certificate, salt: bytes) -> None:
    content = encode_certificate(written, salt)
    assert read_certificate(content) == (written, salt)
    assert cbor2.loads(content)[0] == salt


@settings(deadline=None, max_examples=60)
@given(certificates, certificates)
def test_different_certificates_have_different_bytes(one: Certificate, other: Certificate) -> None:
    assert (encode_certificate(one, SALT) == encode_certificate(other, SALT)) == (one == other)


@settings(deadline=None, max_examples=300)
@given(st.integers(0, 10_000), st.integers(1, 255))
def test_altered_bytes_never_read_as_the_same_certificate(place: int, mask: int) -> None:
    content = encode_certificate(certificate(), SALT)
    place %= len(content)
    altered = content[:place] + bytes([content[place] ^ mask]) + content[place + 1 :]
    try:
        found, salt = read_certificate(altered)
    except DocumentError:
        return
    assert (found, salt) != (certificate(), SALT)
    assert encode_certificate(found, salt) == altered


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(DocumentError):
        read_certificate(data)


def test_every_prefix_and_extension_is_refused() -> None:
    content = encode_certificate(certificate(), SALT)
    for data in (*(content[:end] for end in range(len(content))), content + b"\x00", content * 2):
        with pytest.raises(DocumentError):
            read_certificate(data)


def with_raw(change: dict[int, Any]) -> bytes:
    """The content with other raw values under some keys, in order; ``None`` removes a key."""
    raw = cbor2.loads(encode_certificate(certificate(), SALT))
    raw.update(change)
    return cbor2.dumps({key: raw[key] for key in sorted(raw) if raw[key] is not ...})


NUMBER, ITEMS, CERTIFIED, CONSIGNOR, TRANSPORT, REMARKS = 2, 10, 13, 18, 20, 21


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({0: b"short"}, "salt"),
        ({0: ...}, "salt"),
        ({0: "salt of sixteen."}, "salt"),
        ({1: 2}, "unknown-version"),
        ({1: ...}, "unknown-version"),
        ({1: 1.0}, "content-form"),
        ({99: "more"}, "content-form"),
        ({NUMBER: ...}, "content-value"),
        ({NUMBER: None}, "content-value"),
        ({NUMBER: 42}, "content-value"),
        ({NUMBER: b"BYAZ6101000042"}, "content-value"),
        ({NUMBER: "ВYAZ6101000042"}, "content-value"),
        ({NUMBER: "x" * 51}, "content-value"),
        ({ITEMS: {}}, "content-value"),
        ({ITEMS: [[]]}, "content-value"),
        ({ITEMS: [None]}, "content-value"),
        ({CERTIFIED: "2026-5-4"}, "content-value"),
        ({CERTIFIED: "20260504"}, "content-form"),
        ({CERTIFIED: "2026-W19-1"}, "content-form"),
        ({CERTIFIED: "2026-02-30"}, "content-value"),
        ({CERTIFIED: 20260504}, "content-value"),
        ({CONSIGNOR: None}, "content-form"),
        ({TRANSPORT: ""}, "content-form"),
        ({TRANSPORT: "by\u202erail"}, "text-invisible"),
        ({TRANSPORT: "by\x1b[2Jrail"}, "text-invisible"),
        ({REMARKS: []}, "content-form"),
        ({REMARKS: ["x"] * 51}, "content-value"),
    ],
)
def test_a_content_outside_its_shape_is_refused(change: dict[int, Any], code: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_certificate(with_raw(change))
    assert caught.value.code == code


@pytest.mark.parametrize(
    "written",
    ["41000.50", "041000.5", "+41000.5", "-1", "-0", "4.1E4", "1E999999999", "1E-999999999", "NaN", "Infinity",
     "sNaN", "", " 1", "1_000", "٤١", "0.0000001", "1" * 19, "1" * 900, 41000, b"1"],
)  # fmt: skip
def test_an_amount_has_one_spelling(written: object) -> None:
    raw = cbor2.loads(encode_certificate(certificate(), SALT))
    raw[ITEMS][0][11] = written
    with pytest.raises(DocumentError):
        read_certificate(cbor2.dumps(raw))


def test_amounts_are_written_without_zeros_that_say_nothing() -> None:
    for amount, spelt in (("41000.00", "41000"), ("4.1E+4", "41000"), ("0.500", "0.5"), ("0.000", "0")):
        paper = certificate(items=(item(net_weight=Decimal(amount)),))
        content = encode_certificate(paper, SALT)
        assert cbor2.loads(content)[ITEMS][0][11] == spelt
        assert read_certificate(content)[0] == paper


@pytest.mark.parametrize(
    "amount",
    [Decimal("NaN"), Decimal("Infinity"), Decimal(-1), Decimal("-0"), Decimal("1E18"), Decimal("1E999999"),
     Decimal("1E-7"), Decimal("1E-999999"), 1, 1.5],
)  # fmt: skip
def test_an_amount_outside_the_format_is_not_written(amount: Any) -> None:
    with pytest.raises(DocumentError, match="net_weight"):
        encode_certificate(certificate(items=(item(net_weight=amount),)), SALT)


def test_a_date_and_time_is_no_date() -> None:
    with pytest.raises(DocumentError, match="certified_on"):
        encode_certificate(certificate(certified_on=datetime(2026, 5, 4)), SALT)


def test_line_breaks_and_fixed_spaces_may_stand_in_a_text() -> None:
    paper = certificate(transport="железная\u00a0дорога\nавто")
    assert read_certificate(encode_certificate(paper, SALT))[0] == paper


def test_a_salt_has_sixteen_bytes() -> None:
    with pytest.raises(DocumentError):
        encode_certificate(certificate(), bytes(15))


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"number": "BYAZ61010000421"}, ["number-form"]),
        ({"certified_on": date(2027, 5, 3)}, ["number-other"]),
        ({"destination": "BY"}, ["number-other", "destination-own"]),
        ({"valid_until": date(2026, 5, 3)}, ["valid-until"]),
        ({"declaration": Declaration("A", date(2026, 5, 5))}, ["declared-late"]),
        ({"items": (), "determinations": ()}, ["item-numbers"]),
        ({"items": (item(1), item(3)), "determinations": (bytes(32),) * 2}, ["item-numbers"]),
        ({"determinations": ()}, ["determinations"]),
        ({"items": (item(gross_weight=Decimal(41000)),)}, ["weights"]),
        ({"replaces": Reference(bytes(32), "BYAZ6101000042", date(2026, 5, 4))}, ["reference"]),
        ({"replaces": Reference(bytes(32), "BYAZ6101000041", date(2026, 5, 5))}, ["reference"]),
    ],
)
def test_contradictions_are_named(changes: dict[str, Any], codes: list[str]) -> None:
    assert [each.code for each in contradictions(certificate(**changes))] == codes


@settings(deadline=None)
@given(countries, countries, st.integers(2000, 2099), st.integers(0, 999), st.integers(1, 999_999))
def test_a_number_reads_back(party: str, destination: str, year: int, body: int, serial: int) -> None:
    written = make_number(party, destination, year, f"{body:03}", serial)
    assert read_number(written) == Number(party, destination, year % 10, f"{body:03}", serial)
    assert str(read_number(written)) == written


@pytest.mark.parametrize("letter", "АВЕКМНОРСТХаｂ١")
def test_a_letter_that_only_looks_latin_is_named(letter: str) -> None:
    with pytest.raises(DocumentError, match="Character 2") as caught:
        read_number(f"B{letter}AZ6101000042")
    assert caught.value.code == "number-look-alike"


@pytest.mark.parametrize(
    "written", ["", "BYAZ6101000000", "byaz6101000042", "BYAZ6101000042\n", "BYAZ610100004O"]
)
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_number(written)
    assert caught.value.code == "number-form"


@pytest.mark.parametrize("serial", [0, -1, 1_000_000])
def test_a_full_series_gives_no_number(serial: int) -> None:
    with pytest.raises(DocumentError) as caught:
        make_number("BY", "AZ", 2026, "101", serial)
    assert caught.value.code == "number-series-full"


def test_a_series_is_a_bodys_and_a_years() -> None:
    assert series("101", 2026) == "2026/101"


traces = st.recursive(
    st.builds(Trace, words, st.none() | st.sampled_from(Truth), st.dictionaries(words, st.text(max_size=3), max_size=2)),
    lambda inner: st.builds(
        Trace, words, st.none() | st.sampled_from(Truth), st.just({}), st.lists(inner, max_size=3).map(tuple)
    ),
    max_leaves=12,
)  # fmt: skip


def determination(trace: Trace | None) -> Determination:
    proof = Proof("CT-1", "AZBY6101000001", "2026-04-01", "AZ", 1, Quantity(Decimal(5), "kg"))
    return Determination(
        "cis-2009", "2023-06-08", "2026-05-04", Verdict.ORIGINATING, "BY", Criterion.SUFFICIENT, "Д8701", "8701",
        "", (Reliance(1, proof),), (Condition("direct purchase", "import", Truth.UNKNOWN),),
        (Question("row:8701-1", "row_gap", {"heading": "8701"}),), trace,
    )  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(st.none() | traces)
def test_a_determination_reads_back_with_its_trace(trace: Trace | None) -> None:
    written = determination(trace)
    data = encode_determination(written)
    assert read_determination(data) == written
    assert len(determination_digest(written)) == 32


def test_a_trace_may_be_deeper_than_a_document_nests() -> None:
    trace = Trace("leaf", Truth.YES)
    for _ in range(200):
        trace = Trace("all", None, {}, (trace,))
    assert read_determination(encode_determination(determination(trace))).trace == trace


def test_the_order_of_figures_does_not_change_the_bytes() -> None:
    one = determination(Trace("a", None, {"x": "1", "yy": "2", "б": "3"}))
    other = determination(Trace("a", None, {"б": "3", "yy": "2", "x": "1"}))
    assert encode_determination(one) == encode_determination(other)


def test_rows_that_make_no_tree_are_refused() -> None:
    raw = cbor2.loads(encode_determination(determination(Trace("a", None))))
    raw[14][0][2] = 1
    with pytest.raises(DocumentError):
        read_determination(cbor2.dumps(raw))
