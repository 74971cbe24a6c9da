"""A partner's log in memory, with real statements, keys and proofs, that can be made to misbehave."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from countermark.corridor.feed import Entry, Follower, Page, SignedCheckpoint
from countermark.trust import checkpoint, statement, tree
from countermark.trust.checkpoint import Checkpoint, NoteSigner
from countermark.trust.tree import Edge

ORIGIN = "az.example/log/1"
PARTY = "BY"


@dataclass(frozen=True)
class Seal:
    """An Ed25519 signer whose key is derived from a name."""

    key: Ed25519PrivateKey
    alg: int = -8
    kid: bytes = b"test-kid"

    def sign(self, message: bytes) -> bytes:
        return self.key.sign(message)


def key_of(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())


def entry(n: int, aud: str | None = PARTY, iss: str = ORIGIN) -> Entry:
    """A statement with its content."""
    content = b"content %d" % n
    made = statement.sign(
        kind="issued" if aud else "policy",
        iss=iss,
        sub=f"co:{n}",
        aud=aud,
        iat=1_780_000_000 + n,
        cti=n.to_bytes(16, "big"),
        content=content,
        signer=Seal(key_of("seal")),
    )
    return Entry(made.leaf, content)


@dataclass
class Partner:
    """A log and its key."""

    entries: list[Entry] = field(default_factory=list)
    name: str = ORIGIN
    signer: NoteSigner = field(default_factory=lambda: NoteSigner(ORIGIN, key_of("log")))

    @property
    def key(self) -> checkpoint.VerifierKey:
        return self.signer.verifier

    def _read(self, level: int, index: int) -> bytes:
        part = self.entries[index << level : (index + 1) << level]
        return Edge().extend(tree.leaf_hash(e.leaf) for e in part).root()

    def signed(self, size: int | None = None) -> SignedCheckpoint:
        size = len(self.entries) if size is None else size
        root = Edge().extend(tree.leaf_hash(e.leaf) for e in self.entries[:size]).root()
        point = Checkpoint(self.name, size, root)
        return SignedCheckpoint(point, checkpoint.sign(point, self.signer))

    def page(self, first: int, count: int, size: int | None = None) -> Page:
        """Honest: the entries from ``first``, under the checkpoint of ``size``."""
        signed = self.signed(size)
        end = min(first + count, signed.checkpoint.size)
        proof = tree.consistency_proof(end, signed.checkpoint.size, self._read)
        return Page(signed, first, tuple(self.entries[first:end]), proof)


def follower() -> Follower:
    return Follower(ORIGIN, PARTY, Edge())
