"""Amounts, limits, families, and the statements of use."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from clearance_samples import item, parts, pieces
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.clearance.inquiry import Ground
from countermark.clearance.use import (
    MOST,
    SCALE,
    Measure,
    Refused,
    Standing,
    Used,
    UsedLine,
    UseWithdrawn,
    encode_refused,
    encode_use_withdrawn,
    encode_used,
    inherit,
    limit,
    measure,
    read_refused,
    read_use_withdrawn,
    read_used,
    scaled,
    standing,
    unscaled,
)
from countermark.document.encode import decode, encode
from countermark.document.errors import DocumentError
from countermark.goods.hs import HSCode

SALT = bytes(range(16))
ON = date(2026, 5, 4)
LINE = UsedLine(1, 40 * SCALE, "pcs", 100 * SCALE, True)
USED = Used(bytes(32), "BYAZ6101000042", (LINE, replace(LINE, item=2)), "AZ-1", "Ganja", ON, 300)
WITHDRAWN = UseWithdrawn(bytes(32), "BYAZ6101000042", "AZ-1", "Ganja", ON, "declared twice")
REFUSED = Refused(
    bytes(32), "BYAZ6101000042", "AZ-1", "Ganja", ON, Ground.EXPIRED, "6.4", (1, 3), False, "late"
)

salts = st.binary(min_size=16, max_size=16)
amounts = st.integers(1, MOST)
lines = st.builds(
    lambda item, granted, unit, two: UsedLine(item, min(two), unit, max(two), granted),
    st.integers(1, 999),
    st.booleans(),
    st.sampled_from(["pcs", "kg", "м3"]),
    st.tuples(amounts, amounts),
)
uses = st.builds(
    Used,
    issued=st.binary(min_size=32, max_size=32),
    number=st.from_regex(r"[A-Z0-9]{1,20}", fullmatch=True),
    lines=st.lists(lines, min_size=1, max_size=6, unique_by=lambda x: (x.item, x.granted)).map(
        lambda found: tuple(sorted(found, key=lambda x: (x.item, x.granted)))
    ),
    declaration=st.sampled_from(["AZ-1", "10/2026"]),
    office=st.just("Ganja"),
    on=st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    seen=st.integers(0, MOST),
)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, MOST))
def test_millionths_and_units_are_inverse(amount):
    assert scaled(unscaled(amount)) == amount


@pytest.mark.parametrize(
    ("units", "millionths"), [("0", 0), ("0.000", 0), ("1.50", 1500000), ("0.000001", 1)]
)
def test_scaled(units, millionths):
    assert scaled(Decimal(units)) == millionths


@pytest.mark.parametrize(
    "units", ["0.0000001", "1.0000005", "-1", "NaN", "Infinity", "1E999999", "1E-999999", "1E13"]
)
def test_an_amount_no_balance_can_hold_is_refused(units):
    with pytest.raises(DocumentError):
        scaled(Decimal(units))


@pytest.mark.parametrize(
    ("certified", "over", "most"),
    [
        (100, "5", 105),
        (1, "5", 1),
        (19, "5", 19),
        (20, "5", 21),
        (100, "0", 100),
        (1000, "2.5", 1025),
        (MOST, "5", MOST),
    ],
)
def test_the_limit_is_exact_and_rounds_down(certified, over, most):
    assert limit(certified, Decimal(over)) == most


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**15), st.decimals(0, 100, places=2))
def test_the_limit_is_the_greatest_amount_within_the_share(certified, over):
    most = limit(certified, over)
    assert most * 10_000 <= certified * int((100 + over) * 100) < (most + 1) * 10_000


def test_the_measure_is_quantity_then_net_then_gross():
    assert measure(item()) == Measure("quantity", Decimal(100), "pcs")
    assert measure(item(quantity=None)) == Measure("net weight", Decimal(4000), "kg")
    assert measure(item(quantity=None, net_weight=None)) == Measure("gross weight", Decimal(4400), "kg")
    assert measure(item(quantity=None, net_weight=None, gross_weight=None)) is None


@pytest.mark.parametrize(
    ("seen", "annulled_at", "expected"),
    [
        (10, None, Standing.STANDS),
        (10, 9, Standing.VOID),
        (10, 10, Standing.POST_CLEARANCE),
        (0, 0, Standing.POST_CLEARANCE),
    ],
)
def test_a_use_is_judged_by_what_the_importer_had_seen(seen, annulled_at, expected):
    assert standing(seen, annulled_at) is expected


def test_a_replacement_inherits_by_number():
    new = (item(1, quantity=pieces("90")), parts(2))
    found = inherit((item(1), parts(2)), new, {1: 30, 2: 7})
    assert (found.used, found.unplaced) == ({1: 30, 2: 7}, ())


def test_a_replacement_inherits_by_code_where_the_numbers_moved():
    found = inherit((item(1), parts(2)), (parts(1), item(2)), {1: 30, 2: 7})
    assert (found.used, found.unplaced) == ({2: 30, 1: 7}, ())


@pytest.mark.parametrize(
    "new",
    [
        (parts(1),),
        (item(1, quantity=None),),
        (item(1, hs=HSCode("8704210000")),),
        (item(2), item(3)),
    ],
)
def test_what_finds_no_place_in_a_replacement_is_told(new):
    found = inherit((item(1),), new, {1: 30})
    assert (found.used, found.unplaced) == ({}, (1,))


def test_two_items_that_might_both_be_continued_are_not_guessed():
    assert inherit((item(1), item(2)), (item(3),), {1: 30}).unplaced == (1,)


def test_nothing_used_leaves_nothing_to_place():
    found = inherit((item(1),), (parts(1),), {1: 0})
    assert (found.used, found.unplaced) == ({}, ())


@settings(max_examples=80, deadline=None)
@given(uses, salts)
def test_a_use_reads_back_as_written(used, salt):
    assert read_used(encode_used(used, salt)) == (used, salt)


@settings(max_examples=30, deadline=None)
@given(salts, st.sampled_from(Ground), st.booleans())
def test_a_refusal_and_a_withdrawal_read_back_as_written(salt, ground, repeated):
    refused = replace(REFUSED, ground=ground, repeated=repeated)
    assert read_refused(encode_refused(refused, salt)) == (refused, salt)
    assert read_use_withdrawn(encode_use_withdrawn(WITHDRAWN, salt)) == (WITHDRAWN, salt)


def test_the_numbers_of_the_grounds_never_change():
    numbers = [decode(encode_refused(replace(REFUSED, ground=g), SALT), limit=10**5)[7] for g in Ground]
    assert dict(zip([g.value for g in Ground], numbers, strict=True)) == {
        "conditions-not-met": 1,
        "not-shown": 2,
        "formal-defect": 3,
        "unlike-specimen": 4,
        "goods-not-identified": 5,
        "expired": 6,
        "late-without-mark": 7,
        "other-country": 8,
        "excess-quantity": 9,
        "annulled-or-replaced": 10,
        "suspended": 11,
        "not-issued": 12,
        "data-untrue": 13,
        "not-originating": 14,
        "no-answer": 15,
        "visit-refused": 16,
    }


@pytest.mark.parametrize(
    "change",
    [
        {"lines": ()},
        {"lines": (LINE, LINE)},
        {"lines": (replace(LINE, item=2), LINE)},
        {"lines": (replace(LINE, quantity=0),)},
        {"lines": (replace(LINE, quantity=True),)},
        {"lines": (replace(LINE, total=39 * SCALE),)},
        {"lines": (replace(LINE, total=MOST + 1),)},
        {"lines": (replace(LINE, unit=""),)},
        {"issued": bytes(31)},
        {"number": "ВУ-1"},
        {"seen": -1},
        {"office": ""},
    ],
)
def test_an_impossible_use_is_not_written(change):
    with pytest.raises(DocumentError):
        encode_used(replace(USED, **change), SALT)


@pytest.mark.parametrize("items", [(), (3, 1), (1, 1), (0,), (1000,)])
def test_an_impossible_refusal_is_not_written(items):
    with pytest.raises(DocumentError):
        encode_refused(replace(REFUSED, items=items), SALT)


@pytest.mark.parametrize("salt", [b"", bytes(15), bytes(17)])
def test_a_content_without_its_salt_is_not_written(salt):
    with pytest.raises(DocumentError):
        encode_used(USED, salt)


@pytest.mark.parametrize(
    "change",
    [
        {0: b"short"},
        {1: 2},
        {4: []},
        {4: "lines"},
        {8: "300"},
        {8: True},
        {9: 0},
        {7: "2026-5-4"},
        {7: "2026-02-30"},
    ],
)
def test_a_partners_impossible_use_is_not_read(change):
    raw = decode(encode_used(USED, SALT), limit=10**5)
    assert raw[8] == 300
    with pytest.raises(DocumentError):
        read_used(encode(raw | change))


def test_lines_out_of_order_are_not_read():
    raw = decode(encode_used(USED, SALT), limit=10**5)
    with pytest.raises(DocumentError):
        read_used(encode(raw | {4: raw[4][::-1]}))
    refused = decode(encode_refused(REFUSED, SALT), limit=10**5)
    with pytest.raises(DocumentError):
        read_refused(encode(refused | {9: [3, 1]}))
