"""A partner that misbehaves: it holds its real keys, and writes whatever it likes into a log of its own making."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from countermark.adapters.party import OpenParty
from countermark.corridor.feed import Entry, Page, SignedCheckpoint
from countermark.document.certificate import Certificate, encode_certificate, read_certificate
from countermark.trust import checkpoint, statement, tree
from countermark.trust.algorithm import KeySigner, Signer
from countermark.trust.checkpoint import Checkpoint
from countermark.trust.kinds import Role
from countermark.trust.tree import Edge
from two_parties import SetClock

SALT = bytes(range(16))


@dataclass
class Forger:
    """Entries and their tree in memory; a feed that serves them, spoiled where a test asks for it."""

    party: OpenParty
    clock: SetClock
    entries: list[Entry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """Cosignatures brought to it."""
    spoil: Callable[[bytes], bytes] = lambda data: data
    size: int | None = None
    """Of the checkpoint it shows; all of its entries if not set."""
    used: int = 0

    def __post_init__(self) -> None:
        """It begins as the honest log did."""
        rows = self.party.office.store.statements.page(self.origin, 0, 256)
        self.entries = [Entry(row.leaf, row.content) for row in rows]

    @property
    def origin(self) -> str:
        return self.party.office.origin

    def feed(self, first: int, limit: int) -> bytes:
        return self.spoil(self.page(first, limit).encode())

    def bring_cosignature(self, origin: str, note: str) -> None:
        self.notes.append(note)

    def page(self, first: int, limit: int = 256) -> Page:
        signed = self.signed()
        end = min(first + limit, signed.checkpoint.size)
        proof = tree.consistency_proof(end, signed.checkpoint.size, self._read) if end else ()
        return Page(signed, first, tuple(self.entries[first:end]), tuple(proof))

    def signed(self) -> SignedCheckpoint:
        size = len(self.entries) if self.size is None else self.size
        root = Edge().extend(tree.leaf_hash(e.leaf) for e in self.entries[:size]).root()
        point = Checkpoint(self.origin, size, root)
        return SignedCheckpoint(point, checkpoint.sign(point, self.party.office.log_signer))

    def _read(self, level: int, index: int) -> bytes:
        part = self.entries[index << level : (index + 1) << level]
        return Edge().extend(tree.leaf_hash(e.leaf) for e in part).root()

    def say(self, kind: str, content: bytes, *, shown: bytes | None = None, **claims: Any) -> int:
        """Append a statement; the claims default to honest ones, ``shown`` to the content. Returns its index."""
        self.used += 1
        signer: Signer = claims.pop("signer", self.party.office.signers[Role.BODY_SEAL])
        honest = {
            "kind": kind, "iss": self.origin, "sub": f"co:{self.used}", "aud": "AZ",
            "iat": int(self.clock.now().timestamp()), "cti": b"forged" + self.used.to_bytes(10),
        }  # fmt: skip
        made = statement.sign(**(honest | claims), content=content, signer=signer)
        return self.put(made.leaf, content if shown is None else shown)

    def put(self, leaf: bytes, content: bytes | None = None) -> int:
        self.entries.append(Entry(leaf, content))
        return len(self.entries) - 1

    def certificate(self, like: Certificate, serial: int, **changes: Any) -> bytes:
        """The content of a certificate like another one, under a number of its own."""
        number = f"{like.number[:8]}{serial:06}"
        return encode_certificate(replace(like, **({"number": number} | changes)), SALT)

    def issue(self, like: Certificate, serial: int, *, sub: str = "", **changes: Any) -> int:
        claims = {"sub": sub} if sub else {}
        return self.say("issued", self.certificate(like, serial, **changes), **claims)


def stranger() -> KeySigner:
    """A key that no trust list names."""
    return KeySigner(Ed25519PrivateKey.from_private_bytes(bytes(32)), b"stranger")


def certificate_of(party: OpenParty, leaf_hash: bytes) -> Certificate:
    row = party.office.store.statements.at(leaf_hash)
    assert row is not None
    assert row.content is not None
    return read_certificate(row.content)[0]


def day(text: str) -> date:
    return date.fromisoformat(text)
