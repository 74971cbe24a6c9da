"""Decides what a party's server says in its own name outside the log: bundles and status lists.

A tagged COSE_Sign1 (RFC 9052, 4.2) with its payload inside, signed by an operations key. Its content type
stands under label 3, a statement's under 259, so neither can be taken for the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from countermark.document.encode import decode, encode
from countermark.document.errors import DocumentError
from countermark.trust import algorithm
from countermark.trust.algorithm import ALGORITHMS, KID_LENGTH, PublicKey, Signer
from countermark.trust.errors import TrustError

_ALG, _TYPE, _KID = 1, 3, 4  # RFC 9052, 3.1
_TAG = b"\xd2"
_AGAIN = "Fetch it again from the party that made it."


@dataclass(frozen=True, slots=True)
class Sealed:
    """What was said, and by which key; the signature is not checked by being one."""

    alg: int
    kid: bytes
    protected: bytes
    payload: bytes
    signature: bytes

    def is_by(self, key: PublicKey) -> bool:
        """Whether the key made the signature (RFC 9052, 4.4)."""
        return algorithm.verify(key, self.alg, _signed_bytes(self.protected, self.payload), self.signature)


def seal(kind: str, payload: bytes, signer: Signer) -> bytes:
    """The payload as a signed file of this kind, such as ``bundle``."""
    protected = encode(_header(kind, signer.alg, signer.kid))
    signature = signer.sign(_signed_bytes(protected, payload))
    return _TAG + encode([protected, {}, payload, signature])


def read_sealed(kind: str, data: bytes, *, limit: int) -> Sealed:
    """The signed file of this kind in these bytes; raises ``TrustError`` unless they are exactly one."""
    try:
        parts = decode(data[1:], limit=limit)
        header = decode(parts[0], limit=1000) if _is_sign1(parts) else None
    except DocumentError as error:
        raise TrustError(error.code, str(error)) from error
    if data[:1] != _TAG or not isinstance(header, dict):
        raise TrustError("sealed-form", f"The {kind} is not a signed file. {_AGAIN}")
    alg: Any = header.get(_ALG)
    kid: Any = header.get(_KID)
    if header != _header(kind, alg, kid) or not (type(alg) is int and alg in ALGORITHMS and _is_kid(kid)):
        raise TrustError("sealed-header", f"The file is not a {kind}, or signed in an unknown way. {_AGAIN}")
    return Sealed(alg, kid, parts[0], parts[2], parts[3])


def _header(kind: str, alg: object, kid: object) -> dict[int, object]:
    return {_ALG: alg, _TYPE: f"application/vnd.countermark.{kind}+cbor", _KID: kid}


def _is_sign1(parts: object) -> bool:
    return (
        isinstance(parts, list)
        and [type(part) for part in parts] == [bytes, dict, bytes, bytes]
        and not parts[1]
    )


def _is_kid(kid: object) -> bool:
    return type(kid) is bytes and len(kid) == KID_LENGTH


def _signed_bytes(protected: bytes, payload: bytes) -> bytes:
    return encode(["Signature1", protected, b"", payload])
