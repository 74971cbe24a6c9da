from __future__ import annotations

from enum import IntEnum, StrEnum

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.document.encode import MAX_DEPTH, decode, encode
from countermark.document.errors import DocumentError, NotCanonical, NotEncodable

integers = st.integers(-(1 << 64), (1 << 64) - 1)
texts = st.text(max_size=30)
plain = st.one_of(st.none(), st.booleans(), integers, texts, st.binary(max_size=30))
values = st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(integers | texts, inner, max_size=6),
    max_leaves=25,
)


@given(values)
@settings(deadline=None, max_examples=200)
def test_a_value_comes_back_and_has_one_encoding(value: object) -> None:
    data = encode(value)
    assert decode(data, limit=len(data)) == value
    assert cbor2.loads(data) == value
    assert encode(decode(data, limit=len(data))) == data


@given(st.dictionaries(integers | texts, st.just(0), min_size=2, max_size=12))
@settings(deadline=None, max_examples=200)
def test_maps_stand_in_bytewise_order_of_their_encoded_keys(value: dict[int | str, int]) -> None:
    encoded = sorted(cbor2.dumps(key) for key in value)
    assert encode(value)[1:] == b"".join(key + b"\x00" for key in encoded)


@given(values, st.data())
@settings(deadline=None, max_examples=300)
def test_changed_bytes_are_refused_or_mean_another_value(value: object, data: st.DataObject) -> None:
    good = encode(value)
    at = data.draw(st.integers(0, len(good) - 1))
    bad = good[:at] + bytes([good[at] ^ data.draw(st.integers(1, 255))]) + good[at + 1 :]
    try:
        other = decode(bad, limit=len(bad))
    except NotCanonical:
        return
    assert encode(other) == bad


@given(st.binary(max_size=40))
@settings(deadline=None, max_examples=300)
def test_any_bytes_are_refused_or_canonical(data: bytes) -> None:
    try:
        value = decode(data, limit=40)
    except NotCanonical:
        return
    assert encode(value) == data


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ("", "nothing"),
        ("1801", "an integer in two bytes"),
        ("190001", "an integer in three bytes"),
        ("0000", "a trailing byte"),
        ("5801aa", "a long length"),
        ("a202010101", "keys in another order"),
        ("a2616201616101", "text keys in another order"),
        ("a220000100", "a negative key first"),
        ("a201010102", "a key twice"),
        ("a20101180102", "a key twice, once written long"),
        ("9f01ff", "an array without length"),
        ("bf0101ff", "a map without length"),
        ("5f4101ff", "a byte string in pieces"),
        ("c101", "a date"),
        ("c24101", "a bignum"),
        ("c249010000000000000000", "a large bignum"),
        ("d8236161", "a regular expression"),
        ("d81c80", "a shared reference"),
        ("d9d9f701", "the CBOR tag"),
        ("d28440a04040", "a COSE message"),
        ("f93c00", "a float of 16 bits"),
        ("fb3ff0000000000000", "a float of 64 bits"),
        ("f7", "undefined"),
        ("f0", "a simple value"),
        ("a1f401", "a boolean key"),
        ("a1410101", "a byte string as key"),
        ("a18001", "an array as key"),
        ("62c328", "text that is not UTF-8"),
        ("63eda080", "text with half a surrogate pair"),
        ("9bffffffffffffffff", "a length beyond the data"),
        ("5bffffffffffffffff", "a byte string beyond the data"),
        ("1c", "a reserved initial byte"),
        ("81" * MAX_DEPTH + "80", "too deep a nest"),
    ],
)
def test_bytes_outside_the_format_are_refused(data: str, what: str) -> None:
    with pytest.raises(NotCanonical) as caught:
        decode(bytes.fromhex(data), limit=1000)
    assert caught.value.code in ("cbor-unreadable", "cbor-not-canonical"), what


def test_the_deepest_nest_is_read() -> None:
    data = b"\x81" * (MAX_DEPTH - 1) + b"\x80"
    assert encode(decode(data, limit=100)) == data


def test_data_over_the_limit_is_not_looked_at() -> None:
    with pytest.raises(NotCanonical) as caught:
        decode(bytes(11), limit=10)
    assert caught.value.code == "cbor-too-long"


class Colour(StrEnum):
    RED = "red"


class Number(IntEnum):
    ONE = 1


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (1.0, "cbor-type"),
        ({1, 2}, "cbor-type"),
        (Colour.RED, "cbor-type"),
        (Number.ONE, "cbor-type"),
        (bytearray(b"x"), "cbor-type"),
        (1 << 64, "cbor-integer"),
        (-(1 << 64) - 1, "cbor-integer"),
        ({b"x": 1}, "cbor-key"),
        ({True: 1}, "cbor-key"),
        ({Number.ONE: 1}, "cbor-key"),
        ("\ud800", "cbor-text"),
        ({"\ud800": 1}, "cbor-text"),
    ],
)
def test_values_outside_the_format_are_not_written(value: object, code: str) -> None:
    with pytest.raises(NotEncodable) as caught:
        encode([value])
    assert caught.value.code == code


def test_a_nest_too_deep_or_endless_is_not_written() -> None:
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(DocumentError, match="16"):
        encode(endless)
