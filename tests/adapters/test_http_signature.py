"""Requests between partners: only what was signed, by who signed it, to whom, and now."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.adapters.http.signature import SignatureRefused, content_digest, sign_request, signing_party

NOW = 1_795_000_000
BY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
AZ = Ed25519PrivateKey.from_private_bytes(bytes(32))
KEYS = {"BY": BY.public_key().public_bytes_raw(), "AZ": AZ.public_key().public_bytes_raw()}
URL = "https://az.example:8102"
ASKED = ("POST", "/corridor/cosignatures", "origin=az.example%2Flog%2F1", b"a note")


def ask(
    headers: dict[str, str], *, url: str = URL, asked: tuple[str, str, str, bytes] = ASKED, now: int = NOW
) -> str:
    return signing_party(headers, KEYS, url, *asked, now)


def signed(key: Ed25519PrivateKey = BY, party: str = "BY", url: str = URL) -> dict[str, str]:
    return sign_request(key, party, url, *ASKED, NOW)


def test_a_request_as_it_was_signed_names_its_party():
    assert ask(signed()) == "BY"


@pytest.mark.parametrize(
    "asked",
    [
        ("GET", *ASKED[1:]),
        (ASKED[0], "/corridor/notice", *ASKED[2:]),
        (*ASKED[:2], "origin=kz.example", ASKED[3]),
        (*ASKED[:2], "", ASKED[3]),
        (*ASKED[:3], b"a note "),
        (*ASKED[:3], b""),
    ],
    ids=["method", "path", "query", "no query", "body", "no body"],
)
def test_an_altered_request_is_refused(asked: tuple[str, str, str, bytes]):
    with pytest.raises(SignatureRefused):
        ask(signed(), asked=asked)


def test_a_body_altered_with_its_digest_is_refused():
    headers = signed() | {"Content-Digest": content_digest(b"another")}
    with pytest.raises(SignatureRefused):
        ask(headers, asked=(*ASKED[:3], b"another"))


@pytest.mark.parametrize("off", [-121, 121, -86_400, 86_400])
def test_a_stale_request_is_refused(off: int):
    with pytest.raises(SignatureRefused, match="two minutes"):
        ask(signed(), now=NOW + off)


@pytest.mark.parametrize("off", [-120, 0, 120])
def test_clocks_may_differ_by_two_minutes(off: int):
    assert ask(signed(), now=NOW + off) == "BY"


def test_a_request_made_to_another_party_cannot_be_passed_on():
    """Else a partner could read from a third party what is kept for the one that asked it."""
    for url in ("https://kz.example:8102", "https://az.example", "https://az.example:8103"):
        with pytest.raises(SignatureRefused, match="address"):
            ask(signed(url=url))


def test_the_schemes_own_port_and_capitals_make_no_other_address():
    assert ask(signed(url="https://AZ.example:443/"), url="https://az.example") == "BY"
    assert ask(signed(url="http://az.example"), url="http://az.example:80") == "BY"


def test_another_partys_key_or_name_is_refused():
    with pytest.raises(SignatureRefused):
        ask(signed(key=AZ))
    with pytest.raises(SignatureRefused, match="no partner"):
        ask(signed(party="KZ"))
    headers = signed()
    headers["Signature-Input"] = headers["Signature-Input"].replace('"BY"', '"AZ"')
    with pytest.raises(SignatureRefused):
        ask(headers)


@pytest.mark.parametrize("field", ["Content-Digest", "Signature-Input", "Signature"])
@pytest.mark.parametrize("value", [None, "", "x", "cm=", "cm=:AAAA:", "\u0416"])
def test_a_header_that_is_missing_or_no_signature_is_refused(field: str, value: str | None):
    headers = signed()
    if value is None:
        del headers[field]
    else:
        headers[field] = value
    with pytest.raises(SignatureRefused):
        ask(headers)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"content-digest"', ""),
        ('"@authority" ', ""),
        ("ed25519", "none"),
        ("created=", "expires="),
        ("created=1", "created=\u0661"),
    ],
)
def test_a_signature_over_less_than_everything_is_refused(old: str, new: str):
    headers = signed()
    headers["Signature-Input"] = headers["Signature-Input"].replace(old, new)
    with pytest.raises(SignatureRefused):
        ask(headers)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 63), st.integers(1, 255))
def test_no_flipped_bit_of_the_signature_is_accepted(place: int, flip: int):
    headers = signed()
    raw = bytearray(base64.b64decode(headers["Signature"][4:-1]))
    raw[place] ^= flip
    headers["Signature"] = f"cm=:{base64.b64encode(raw).decode()}:"
    with pytest.raises(SignatureRefused):
        ask(headers)
