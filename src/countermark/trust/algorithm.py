"""Decides which signature algorithms and public keys count, and whether a signature is good.

Signatures are raw: r || s of 32 bytes each for ECDSA (RFC 9053, 2.1), R || S for Ed25519 (RFC 8032, 5.1.6).
For every message and key there is at most one accepted form of a signature: high s is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from countermark.trust.errors import KeyRefused

KID_LENGTH = 8
SIGNATURE_LENGTH = 64


class Family(StrEnum):
    """The kind of key an algorithm needs."""

    P256 = "P-256"
    ED25519 = "Ed25519"


@dataclass(frozen=True, slots=True)
class Algorithm:
    """A row of the table: a COSE algorithm number, its IANA name, and the keys it takes."""

    number: int
    name: str
    family: Family


ES256, EDDSA = -7, -8

ALGORITHMS: Mapping[int, Algorithm] = MappingProxyType(
    {
        algorithm.number: algorithm
        for algorithm in (
            Algorithm(ES256, "ES256", Family.P256),  # RFC 9053, 2.1, restricted to P-256
            Algorithm(-9, "ESP256", Family.P256),  # RFC 9864, 2.1
            Algorithm(EDDSA, "EdDSA", Family.ED25519),  # RFC 9053, 2.2, restricted to Ed25519
            Algorithm(-19, "Ed25519", Family.ED25519),  # RFC 9864, 2.2
        )
    }
)
"""Every algorithm accepted; ES256 and EdDSA are the two that are emitted."""

EMITTED: Mapping[Family, int] = MappingProxyType({Family.P256: ES256, Family.ED25519: EDDSA})


class Signer(Protocol):
    """Whoever holds a private key: a file, a token, a test."""

    @property
    def alg(self) -> int:
        """The COSE algorithm number written into the header."""
        ...

    @property
    def kid(self) -> bytes:
        """``kid_of`` the signer's certificate."""
        ...

    def sign(self, message: bytes) -> bytes:
        """The raw signature of 64 bytes, with low s."""
        ...


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key that passed every check of ``public_key``."""

    family: Family
    key: ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey
    spki: bytes
    """SubjectPublicKeyInfo, DER (RFC 5280, 4.1.2.7)."""


@dataclass(frozen=True, slots=True)
class KeySigner:
    """A signer whose private key is at hand; ECDSA takes its nonce from the message (RFC 6979)."""

    key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
    kid: bytes

    @property
    def alg(self) -> int:
        return ES256 if isinstance(self.key, ec.EllipticCurvePrivateKey) else EDDSA

    def sign(self, message: bytes) -> bytes:
        if isinstance(self.key, ec.EllipticCurvePrivateKey):
            return raw_signature(self.key.sign(message, _ECDSA_RFC6979))
        return self.key.sign(message)


_ECDSA = ec.ECDSA(hashes.SHA256())
_ECDSA_RFC6979 = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)

_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_P256_HALF = _P256_ORDER // 2

_ED25519_P = 2**255 - 19
_ED25519_SMALL_ORDER_Y = frozenset(
    {
        0,  # order 4
        1,  # the neutral point
        _ED25519_P - 1,  # order 2
        int.from_bytes(
            bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
        ),
        int.from_bytes(
            bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little"
        ),
    }
)
"""The y of the eight points whose order divides 8: under such a key one signature fits every message."""


def kid_of(cert_der: bytes) -> bytes:
    """The first 8 bytes of SHA-256 of a certificate's DER; two certificates may share it, so try all."""
    return hashlib.sha256(cert_der).digest()[:KID_LENGTH]


def public_key(der: bytes) -> PublicKey:
    """The key in a SubjectPublicKeyInfo or an X.509 certificate, DER.

    Raises ``KeyRefused`` unless it is P-256 as a named curve with an uncompressed point (RFC 5480, 2.1.1),
    or Ed25519 of large order.
    """
    key, spki = _key_in(der)
    if spki not in der:
        raise KeyRefused(
            "key-encoding",
            "The key is not written as a named curve and an uncompressed point. Export it again so.",
        )
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return PublicKey(Family.P256, key, spki)
    if isinstance(key, ed25519.Ed25519PublicKey):
        check_ed25519(key.public_bytes_raw())
        return PublicKey(Family.ED25519, key, spki)
    raise KeyRefused("key-type", "The key is neither P-256 nor Ed25519. Make a key of one of these kinds.")


def check_ed25519(raw: bytes) -> None:
    """Raise ``KeyRefused`` for a point of small order, or one not in canonical form (RFC 8032, 5.1.3)."""
    y = int.from_bytes(raw, "little") & ((1 << 255) - 1)
    if y >= _ED25519_P:
        raise KeyRefused("key-not-canonical", "The Ed25519 key is not in canonical form. Make a new key.")
    if y in _ED25519_SMALL_ORDER_Y:
        raise KeyRefused("key-small-order", "The Ed25519 key is a point of small order. Make a new key.")


def verify(key: PublicKey, alg: int, message: bytes, signature: bytes) -> bool:
    """Whether the raw signature over the message is good under the key and a COSE algorithm of the table."""
    algorithm = ALGORITHMS.get(alg)
    if algorithm is None or algorithm.family is not key.family or len(signature) != SIGNATURE_LENGTH:
        return False
    try:
        if isinstance(key.key, ec.EllipticCurvePublicKey):
            r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
            if not (0 < r < _P256_ORDER and 0 < s <= _P256_HALF):
                return False
            key.key.verify(encode_dss_signature(r, s), message, _ECDSA)
        else:
            key.key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def raw_signature(der: bytes) -> bytes:
    """r || s with low s, from the ECDSA signature over P-256 that a key or token gives in DER."""
    r, s = decode_dss_signature(der)
    return r.to_bytes(32) + min(s, _P256_ORDER - s).to_bytes(32)


def _key_in(der: bytes) -> tuple[object, bytes]:
    """The key object and its DER written anew."""
    try:
        key = load_der_public_key(der)
    except (ValueError, UnsupportedAlgorithm):
        try:
            key = x509.load_der_x509_certificate(der).public_key()
        except (ValueError, UnsupportedAlgorithm) as error:
            raise KeyRefused(
                "key-unreadable", "This is neither a public key nor a certificate in DER. Check the file."
            ) from error
    return key, key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
