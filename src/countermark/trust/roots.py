"""Decides whom a verifier trusts at the outset: a party's root keys, its logs and its witness, in one file.

Everything else a party says is believed because these keys signed the list it stands in. The file is pinned
by its fingerprint, which people compare over another channel.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from countermark.document.errors import DocumentError
from countermark.document.parts import COUNTRY, DATE, ascii_text, digest, text, whole
from countermark.document.shape import Part, array, record, write_record
from countermark.trust.algorithm import KID_LENGTH, PublicKey, public_key
from countermark.trust.checkpoint import KeyKind, VerifierKey
from countermark.trust.errors import TrustError

MAX_FILE = 1_000_000
_ED25519_SPKI = bytes.fromhex("302a300506032b6570032100")
"""What precedes the 32 bytes of the key in its SubjectPublicKeyInfo (RFC 8410, 4)."""


@dataclass(frozen=True, slots=True)
class RootKey:
    """An offline key of the party; Ed25519, 32 bytes."""

    name: str
    key: bytes

    @property
    def kid(self) -> bytes:
        """The first 8 bytes of SHA-256 of the key: a root has no certificate."""
        return hashlib.sha256(self.key).digest()[:KID_LENGTH]

    @property
    def public(self) -> PublicKey:
        return public_key(_ED25519_SPKI + self.key)


@dataclass(frozen=True, slots=True)
class LogKey:
    """A log of the party and the verifier key of its checkpoints, ``name+hash+key``."""

    origin: str
    vkey: str

    @property
    def key(self) -> VerifierKey:
        return VerifierKey.read(self.vkey)


@dataclass(frozen=True, slots=True)
class Roots:
    """The root key set of one party."""

    party: str
    """ISO 3166-1 alpha-2."""
    keys: tuple[RootKey, ...]
    threshold: int
    """How many of the keys must sign a trust list."""
    logs: tuple[LogKey, ...]
    witness: str
    """The verifier key under which this party cosigns its partners' checkpoints."""
    valid_from: date

    @property
    def witness_key(self) -> VerifierKey:
        return VerifierKey.read(self.witness)

    def log(self, origin: str) -> LogKey | None:
        """The log of this origin, if it is the party's."""
        return next((log for log in self.logs if log.origin == origin), None)


_VKEY = ascii_text("[!-~]{1,400}", "a verifier key name+hash+key")
_ROOTS: Part[Roots] = record(
    Roots,
    party=COUNTRY,
    keys=array(record(RootKey, name=text(100), key=digest()), 50),
    threshold=whole(1, 50),
    logs=array(record(LogKey, origin=ascii_text("[!-~]{1,255}", "an origin"), vkey=_VKEY), 2),
    witness=_VKEY,
    valid_from=DATE,
)


def fingerprint(roots: Roots) -> str:
    """SHA-256, in hexadecimal, of the canonical bytes: it does not depend on how the file is laid out."""
    return hashlib.sha256(write_record(_ROOTS, roots)).hexdigest()


def write_roots(*roots: Roots) -> str:
    """The file of one root set, or of several as a list."""
    plain = [
        {
            "party": each.party,
            "valid_from": each.valid_from.isoformat(),
            "threshold": each.threshold,
            "keys": [{"name": key.name, "key": base64.b64encode(key.key).decode()} for key in each.keys],
            "logs": [{"origin": log.origin, "vkey": log.vkey} for log in each.logs],
            "witness": each.witness,
        }
        for each in roots
    ]
    return json.dumps(plain[0] if len(plain) == 1 else plain, ensure_ascii=False, indent=2) + "\n"


def read_roots(data: bytes) -> tuple[Roots, ...]:
    """The root sets of a file; raises ``TrustError`` unless every field is there, known and fit."""
    try:
        if len(data) > MAX_FILE:
            raise ValueError("it is too long")
        plain = json.loads(data.decode(), object_pairs_hook=_once)
        found = tuple(_roots(each) for each in (plain if isinstance(plain, list) else [plain]))
        for roots in found:
            _check(roots)
    except (DocumentError, TrustError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise TrustError(
            "roots-unreadable", f"This is no file of root keys: {error}. Ask the party for its roots file."
        ) from error
    if not found:
        raise TrustError("roots-unreadable", "The file holds no root keys. Ask the party for its roots file.")
    return found


def _roots(plain: Mapping[str, Any]) -> Roots:
    _only(plain, "party", "valid_from", "threshold", "keys", "logs", "witness")
    return Roots(
        party=plain["party"],
        keys=tuple(
            RootKey(_only(key, "name", "key")["name"], base64.b64decode(key["key"], validate=True))
            for key in plain["keys"]
        ),
        threshold=plain["threshold"],
        logs=tuple(LogKey(_only(log, "origin", "vkey")["origin"], log["vkey"]) for log in plain["logs"]),
        witness=plain["witness"],
        valid_from=date.fromisoformat(plain["valid_from"]),
    )


def _check(roots: Roots) -> None:
    """Raise for a set that could not be used: weak or repeated keys, a threshold beyond them."""
    write_record(_ROOTS, roots)
    if len({key.public.spki for key in roots.keys}) < max(len(roots.keys), roots.threshold):
        raise ValueError("its keys are fewer than its threshold, or one stands there twice")
    if not roots.logs or any(
        log.key.kind is not KeyKind.LOG or log.key.name != log.origin for log in roots.logs
    ):
        raise ValueError("it names no log, or a key that is not its log's")
    if roots.witness_key.kind is not KeyKind.COSIGNER:
        raise ValueError("its witness key is not a cosigner's")


def _only(plain: Any, *names: str) -> Mapping[str, Any]:
    if not isinstance(plain, dict) or set(plain) != set(names):
        raise ValueError(f"it does not hold exactly the fields {', '.join(names)}")
    return plain


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; a name that stands twice means two different things to two readers."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return found
