"""A party BY with its log and its partner AZ's witness, all real, in memory: what the verifier's tests attack."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from countermark.document.certificate import (
    Body,
    Certificate,
    Declaration,
    Item,
    Reference,
    encode_certificate,
)
from countermark.document.lifecycle import Annulled, Effect, Resumed, Suspended, encode_lifecycle
from countermark.goods.application import Document, Packages
from countermark.goods.hs import HSCode
from countermark.goods.money import Quantity
from countermark.goods.party import Trader
from countermark.rules.determination import Criterion
from countermark.trust import checkpoint, statement
from countermark.trust.algorithm import KeySigner, kid_of
from countermark.trust.bundle import Manifest, RootSigned, make_bundle
from countermark.trust.checkpoint import Checkpoint, KeyKind, NoteSigner
from countermark.trust.cosign import cosign
from countermark.trust.roots import LogKey, RootKey, Roots, fingerprint
from countermark.trust.statement import SignedFile, Statement
from countermark.trust.status import StatusList, derive_marks, event_of, seal_status_list
from countermark.trust.tree import Edge, leaf_hash
from countermark.trust.trustlist import KeyEntry, Official, TrustList, encode_trust_list

ORIGIN = "origin.by.example/log/1"
START = datetime(2026, 5, 4, 6, 0, tzinfo=UTC)
FIRST_DAY, LAST_DAY = date(2026, 1, 1), date(2028, 12, 31)
SALT = bytes(range(16))
BODY = Body("101", "Отделение № 1", "г. Минск")


def ed(seed: int) -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)


@cache
def seal(seed: int) -> tuple[KeySigner, bytes]:
    """A P-256 seal and its certificate."""
    key = ec.derive_private_key(seed, ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Seal {seed}")])
    start = datetime(2026, 1, 1)
    builder = x509.CertificateBuilder(name, name, key.public_key(), seed, start, start + timedelta(days=1000))
    der = builder.sign(key, hashes.SHA256(), ecdsa_deterministic=True).public_bytes(Encoding.DER)
    return KeySigner(key, kid_of(der)), der


def entry(seed: int, *roles: str, **changes: Any) -> KeyEntry:
    return replace(KeyEntry(seal(seed)[1], roles, FIRST_DAY, LAST_DAY), **changes)


BODY_SEAL, OPERATIONS, CUSTOMS, STRANGER = 21, 22, 23, 24
LOG = NoteSigner(ORIGIN, ed(10))
WITNESS = NoteSigner("witness.az.example/1", ed(11), KeyKind.COSIGNER)
OTHER_WITNESS = NoteSigner("witness.by.example/1", ed(12), KeyKind.COSIGNER)


def make_roots(party: str, seeds: Sequence[int], origin: str, log: NoteSigner, witness: NoteSigner) -> Roots:
    keys = tuple(RootKey(f"Root {n}", ed(n).public_key().public_bytes_raw()) for n in seeds)
    return Roots(party, keys, 2, (LogKey(origin, log.verifier.text),), witness.verifier.text, FIRST_DAY)


ROOT_SEEDS = (1, 2, 3)
BY = make_roots("BY", ROOT_SEEDS, ORIGIN, LOG, OTHER_WITNESS)
AZ_ORIGIN = "origin.az.example/log/1"
AZ = make_roots("AZ", (4, 5, 6), AZ_ORIGIN, NoteSigner(AZ_ORIGIN, ed(13)), WITNESS)
PINNED = (BY, AZ)

KEYS = (
    entry(BODY_SEAL, "body-seal", body="101", forms=("CT-1",)),
    entry(OPERATIONS, "operations"),
    entry(CUSTOMS, "customs-seal"),
)


def trust_list(version: int = 1, **changes: Any) -> TrustList:
    listed = TrustList(
        "BY", version, FIRST_DAY, date(2027, 6, 30), (BODY,), (Official("Officer 7", "101"),), KEYS
    )
    return replace(listed, **changes)


def item(number: int = 1, **changes: Any) -> Item:
    line = Item(
        item=number,
        packages=Packages(10, "ящики", "№ 1-10"),
        description="Тракторы колёсные, новые",
        hs=HSCode("870193"),
        box9="Д8701",
        criterion=Criterion.SUFFICIENT,
        country="BY",
        rule="CIS Rules, list, 8701",
        net_weight=Decimal("41000.5"),
        gross_weight=Decimal(42500),
        quantity=Quantity(Decimal(10), "pcs"),
        invoices=(Document("17/4", date(2026, 5, 1)),),
    )
    return replace(line, **changes)


def certificate(serial: int = 1, **changes: Any) -> Certificate:
    plain = Certificate(
        number=f"BYAZ6101{serial:06}",
        form="CT-1",
        agreement="cis-2009",
        edition="2023-06-08",
        party="BY",
        destination="AZ",
        exporter=Trader("Exporter JSC «Заря»", "г. Минск", "BY", "100000001"),
        consignee=Trader("Importer LLC", "Bakı", "AZ"),
        items=(item(),),
        body=BODY,
        officer="Officer 7",
        certified_on=date(2026, 5, 4),
        place="Минск",
        declaration=Declaration("Exporter JSC", date(2026, 5, 3)),
        valid_until=date(2027, 5, 4),
        determinations=(hashlib.sha256(b"determination").digest(),),
        transport="железная дорога",
    )
    return replace(plain, **changes)


@dataclass
class World:
    """The log of BY as it grows, a clock that both sides share, and the checkpoints cosigned so far."""

    now: datetime = START
    leaves: list[bytes] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    notes: list[bytes] = field(default_factory=list)
    used: int = 0

    @property
    def seconds(self) -> int:
        return int(self.now.timestamp())

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)

    def sign(self, kind: str, content: bytes, signer: KeySigner, **changes: Any) -> Statement:
        self.used += 1
        claims: dict[str, Any] = {
            "kind": kind, "iss": ORIGIN, "sub": "co:1", "aud": "AZ",
            "iat": self.seconds, "cti": self.used.to_bytes(16), **changes,
        }  # fmt: skip
        return statement.sign(**claims, content=content, signer=signer)

    def log(self, kind: str, content: bytes, signer: KeySigner, **changes: Any) -> SignedFile:
        signed = self.sign(kind, content, signer, **changes)
        self.leaves.append(signed.leaf)
        self.contents.append(content)
        return SignedFile.of(signed, content)

    def trust(self, listed: TrustList, seeds: Sequence[int] = ROOT_SEEDS[:2]) -> None:
        content = encode_trust_list(listed, SALT)
        for seed in seeds:
            root = RootKey("", ed(seed).public_key().public_bytes_raw())
            self.log("trust-list", content, KeySigner(ed(seed), root.kid), aud=None, sub="trust")

    def issue(self, paper: Certificate | None = None, kind: str = "issued", **changes: Any) -> SignedFile:
        signer = changes.pop("signer", seal(BODY_SEAL)[0])
        return self.log(kind, encode_certificate(paper or certificate(), SALT), signer, **changes)

    def publish(self, *witnesses: NoteSigner) -> None:
        """A checkpoint of everything so far, cosigned by these witnesses: AZ's, if none is named."""
        note = checkpoint.sign(Checkpoint(ORIGIN, len(self.leaves), self.root()), LOG)
        for witness in witnesses or (WITNESS,):
            note = note.with_signature(cosign(note.body, witness, self.seconds))
        self.notes.append(note.bytes)

    def publish_alone(self) -> None:
        """A checkpoint that nobody cosigned."""
        self.notes.append(checkpoint.sign(Checkpoint(ORIGIN, len(self.leaves), self.root()), LOG).bytes)

    def hashes(self) -> bytes:
        return b"".join(map(leaf_hash, self.leaves))

    def root(self) -> bytes:
        return Edge().extend(map(leaf_hash, self.leaves)).root()

    def status_list(self) -> StatusList:
        events = [
            event
            for index, (leaf, content) in enumerate(zip(self.leaves, self.contents, strict=True))
            if (event := event_of(index, statement.read(leaf), content))
        ]
        marks = derive_marks(events, len(self.leaves))
        return StatusList(ORIGIN, len(self.leaves), self.root(), self.seconds, marks)

    def manifest(self, **changes: Any) -> Manifest:
        trust = tuple(
            RootSigned(index, leaf, content)
            for index, (leaf, content) in enumerate(zip(self.leaves, self.contents, strict=True))
            if statement.read(leaf).header.kind == "trust-list"
        )
        plain = Manifest(
            fingerprint=bytes.fromhex(fingerprint(BY)),
            origin=ORIGIN,
            made_at=self.seconds,
            valid_until=self.seconds + 7 * 86_400,
            trust=trust,
            notes=tuple(self.notes),
            hashes=self.hashes(),
            status=seal_status_list(self.status_list(), seal(OPERATIONS)[0]),
        )
        return replace(plain, **changes)

    def bundle(self, signer: KeySigner | None = None, **changes: Any) -> bytes:
        return make_bundle(self.manifest(**changes), signer or seal(OPERATIONS)[0])


def started(**changes: Any) -> World:
    """A log with its trust list, cosigned, a minute ago."""
    world = World()
    world.trust(trust_list(**changes))
    world.publish()
    world.wait(minutes=1)
    return world


def reference(file: SignedFile, serial: int = 1) -> Reference:
    return Reference(leaf_hash(file.statement.leaf), f"BYAZ6101{serial:06}", date(2026, 5, 4))


def annulment(file: SignedFile) -> bytes:
    content = Annulled(reference(file), "Origin not proven", Effect.FROM_START, "Officer 7", date(2026, 5, 5))
    return encode_lifecycle(content, SALT)


def suspension(file: SignedFile) -> bytes:
    return encode_lifecycle(Suspended(reference(file), "Under review", "Officer 7", date(2026, 5, 5)), SALT)


def resumption(file: SignedFile) -> bytes:
    return encode_lifecycle(Resumed(reference(file), "Review closed", "Officer 7", date(2026, 5, 6)), SALT)
