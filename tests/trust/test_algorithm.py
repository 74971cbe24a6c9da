from __future__ import annotations

import datetime
import hashlib

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.trust.algorithm import ALGORITHMS, KeySigner, check_ed25519, kid_of, public_key, verify
from countermark.trust.errors import KeyRefused

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
D = -121665 * pow(121666, -1, P) % P
ED_SPKI = bytes.fromhex("302a300506032b6570032100")
P256_SPKI_COMPRESSED = bytes.fromhex("3039301306072a8648ce3d020106082a8648ce3d030107032200")
ED = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
EC = ec.derive_private_key(0xC0FFEE, ec.SECP256R1())


def spki(key: object) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)  # type: ignore[attr-defined]


def add(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    """Addition on edwards25519 (RFC 8032, 5.1.4)."""
    product = D * a[0] * b[0] * a[1] * b[1]
    x = (a[0] * b[1] + b[0] * a[1]) * pow(1 + product, -1, P)
    y = (a[1] * b[1] + a[0] * b[0]) * pow(1 - product, -1, P)
    return x % P, y % P


def small_order_points() -> set[tuple[int, int]]:
    """The eight points whose order divides 8, as multiples of one of order 8."""
    y = int.from_bytes(
        bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little"
    )
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    points, point = set(), (x, y)
    while point not in points:
        points.add(point)
        point = add(point, (x, y))
    return points


def test_every_encoding_of_a_point_of_small_order_is_refused() -> None:
    points = small_order_points()
    assert len(points) == 8
    for _, y in points:
        for form in (y, y + P):
            for sign in (0, 1 << 255):
                if form < 1 << 255:
                    with pytest.raises(KeyRefused):
                        check_ed25519((form | sign).to_bytes(32, "little"))
                    with pytest.raises(KeyRefused):
                        public_key(ED_SPKI + (form | sign).to_bytes(32, "little"))


def test_under_the_neutral_point_one_signature_would_fit_every_message() -> None:
    forged = b"\x01" + bytes(63)
    Ed25519PublicKey.from_public_bytes(b"\x01" + bytes(31)).verify(forged, b"any message")


@pytest.mark.parametrize("y", [P, P + 2, P + 17, (1 << 255) - 1])
def test_an_ed25519_key_not_in_canonical_form_is_refused(y: int) -> None:
    with pytest.raises(KeyRefused):
        check_ed25519(y.to_bytes(32, "little"))


@given(st.binary(min_size=1, max_size=200), st.sampled_from([ED, EC]))
@settings(deadline=None, max_examples=60)
def test_signatures_are_good_by_the_library_too(message: bytes, private: Ed25519PrivateKey) -> None:
    signer = KeySigner(private, bytes(8))
    signature = signer.sign(message)
    assert signature == signer.sign(message)
    key = public_key(spki(private))
    assert verify(key, signer.alg, message, signature)
    assert not verify(key, signer.alg, message + b"x", signature)
    if private is ED:
        ED.public_key().verify(signature, message)
    else:
        r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
        assert s <= N // 2
        EC.public_key().verify(encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))


def test_the_other_form_of_an_ecdsa_signature_is_refused_though_mathematically_good() -> None:
    signature = KeySigner(EC, bytes(8)).sign(b"m")
    r, s = int.from_bytes(signature[:32]), N - int.from_bytes(signature[32:])
    EC.public_key().verify(encode_dss_signature(r, s), b"m", ec.ECDSA(hashes.SHA256()))
    assert not verify(public_key(spki(EC)), -7, b"m", r.to_bytes(32) + s.to_bytes(32))


@pytest.mark.parametrize(("r", "s"), [(0, 1), (1, 0), (N, 1), (1, N), (N + 1, 1), (0, 0), (2**256 - 1, 1)])
def test_r_and_s_out_of_range_are_refused(r: int, s: int) -> None:
    assert not verify(public_key(spki(EC)), -7, b"m", r.to_bytes(32) + s.to_bytes(32))


def test_an_ed25519_signature_with_s_beyond_the_order_is_refused() -> None:
    signature = ED.sign(b"m")
    s = int.from_bytes(signature[32:], "little") + L
    malleated = signature[:32] + s.to_bytes(32, "little")
    with pytest.raises(InvalidSignature):
        ED.public_key().verify(malleated, b"m")
    assert not verify(public_key(spki(ED)), -8, b"m", malleated)


def test_an_algorithm_takes_only_its_own_family_of_keys() -> None:
    for private in (ED, EC):
        signature, key = KeySigner(private, bytes(8)).sign(b"m"), public_key(spki(private))
        good = {alg for alg in (*ALGORITHMS, -35, -36, 0, 5) if verify(key, alg, b"m", signature)}
        assert good == ({-8, -19} if private is ED else {-7, -9})


@pytest.mark.parametrize("length", [0, 63, 65, 72])
def test_a_signature_of_another_length_is_refused(length: int) -> None:
    assert not verify(public_key(spki(ED)), -8, b"m", bytes(length))
    assert not verify(public_key(spki(EC)), -7, b"m", bytes(length))


def certificate(key: Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Seal 1")])
    start = datetime.datetime(2026, 1, 1)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, start, start.replace(year=2027))
    return builder.sign(key, None if key is ED else hashes.SHA256()).public_bytes(Encoding.DER)  # type: ignore[arg-type]


@pytest.mark.parametrize("private", [ED, EC], ids=["Ed25519", "P-256"])
def test_a_certificate_gives_the_same_key_as_its_public_key(private: Ed25519PrivateKey) -> None:
    der = certificate(private)
    assert public_key(der).spki == public_key(spki(private)).spki == spki(private)
    assert kid_of(der) == hashlib.sha256(der).digest()[:8]


EXPLICIT_CURVE = bytes.fromhex(
    "3082014b3082010306072a8648ce3d02013081f7020101302c06072a8648ce3d0101022100ffffffff00000001000000"
    "000000000000000000ffffffffffffffffffffffff305b0420ffffffff00000001000000000000000000000000ffffff"
    "fffffffffffffffffc04205ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b031500c49d"
    "360886e704936a6678e1139d26b7819f7e900441046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a139"
    "45d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5022100ffffffff00000000"
    "ffffffffffffffffbce6faada7179e84f3b9cac2fc6325510201010342000402c76a681dc03e45dff5cdebe1591b7c29"
    "d3b473e4f2bd1eee1a83fe3cb2f57b7e0ef410e2edf0cc98ea141b03260be70e49f51214e3ee69c561cdb009122da9"
)
"""A P-256 key whose curve is spelled out instead of named."""


@pytest.mark.parametrize(
    ("der", "code"),
    [
        (b"", "key-unreadable"),
        (b"0\x03\x02\x01\x05", "key-unreadable"),
        (spki(ED)[:-1], "key-unreadable"),
        (spki(ec.derive_private_key(7, ec.SECP384R1())), "key-type"),
        (spki(ec.derive_private_key(7, ec.SECP256K1())), "key-type"),
        (spki(rsa.generate_private_key(65537, 2048)), "key-type"),
        (P256_SPKI_COMPRESSED + EC.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint),
         "key-encoding"),
        (EXPLICIT_CURVE, "key-encoding"),
    ],
)  # fmt: skip
def test_other_keys_are_refused(der: bytes, code: str) -> None:
    with pytest.raises(KeyRefused) as caught:
        public_key(der)
    assert caught.value.code == code
