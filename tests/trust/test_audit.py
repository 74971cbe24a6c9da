from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from countermark.trust import checkpoint, statement
from countermark.trust.algorithm import KeySigner, kid_of
from countermark.trust.audit import Check, Finding, Report, check_log, content_path
from countermark.trust.checkpoint import Checkpoint, KeyKind, NoteSigner
from countermark.trust.cosign import cosign
from countermark.trust.report import Result
from countermark.trust.roots import LogKey, RootKey, Roots
from countermark.trust.tiles import TileEdge, grow
from countermark.trust.trustlist import KeyEntry, TrustList, Witness, encode_trust_list

ORIGIN, NOW = "log.example/exports", 1_790_000_000
START = datetime.date(2026, 1, 1)
END = datetime.date(2027, 12, 31)


def private(seed: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)


ROOT_KEYS = tuple(RootKey(f"Root {n}", private(n).public_key().public_bytes_raw()) for n in (1, 2, 3))
ROOT_SIGNERS = tuple(KeySigner(private(n + 1), root.kid) for n, root in enumerate(ROOT_KEYS))
LOG = NoteSigner(ORIGIN, private(10))
WITNESS = NoteSigner("witness.example/w1", private(11), KeyKind.COSIGNER)
STRANGER = NoteSigner("witness.example/w2", private(12), KeyKind.COSIGNER)
ROOTS = Roots("AA", ROOT_KEYS, 2, (LogKey(ORIGIN, LOG.verifier.text),), WITNESS.verifier.text, START)


def certificate(seed: int) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Seal {seed}")])
    start = datetime.datetime(2026, 1, 1)
    key = private(seed)
    builder = x509.CertificateBuilder(name, name, key.public_key(), seed, start, start.replace(year=2028))
    return builder.sign(key, None).public_bytes(Encoding.DER)


BODY, CUSTOMS = certificate(20), certificate(21)
SEAL, CUSTOMS_SEAL = KeySigner(private(20), kid_of(BODY)), KeySigner(private(21), kid_of(CUSTOMS))
UNKNOWN = KeySigner(private(22), b"nobody..")


def trust_list(version: int = 1, witnesses: tuple[Witness, ...] = (), **body: Any) -> bytes:
    keys = (
        KeyEntry(BODY, ("body-seal",), START, END, **body),
        KeyEntry(CUSTOMS, ("customs-seal",), START, END),
    )
    listed = TrustList("AA", version, START, END, (), (), keys, witnesses)
    return encode_trust_list(listed, bytes(16))


LISTED = (Witness("BB", WITNESS.verifier.text),)


@dataclass
class SomeLog:
    """A log in memory, as its operator publishes it."""

    edge: TileEdge = field(default_factory=TileEdge)
    files: dict[str, bytes] = field(default_factory=dict)
    leaves: list[bytes] = field(default_factory=list)
    used: int = 0

    def add(self, signer: KeySigner, content: bytes = b"", kind: str = "issued", **changes: Any) -> None:
        self.used += 1
        public = kind in ("trust-list", "policy")
        claims = {
            "kind": kind, "iss": ORIGIN, "sub": "co:1", "aud": None if public else "BB",
            "iat": NOW, "cti": self.used.to_bytes(16), **changes,
        }  # fmt: skip
        leaf = statement.sign(**claims, content=content, signer=signer).leaf
        self.leaves.append(leaf)
        if public:
            self.files[content_path(leaf)] = content

    def publish(self, signer: NoteSigner = LOG, root: bytes | None = None) -> None:
        growth = grow(self.edge, self.leaves)
        self.edge, self.leaves = growth.edge, []
        self.files.update(growth.files)
        for path in growth.superseded:
            del self.files[path]
        note = checkpoint.sign(
            Checkpoint(signer.name, self.edge.size, root or self.edge.edge().root()), signer
        )
        self.files["checkpoint"] = note.bytes

    def cosign(self, *signers: NoteSigner) -> None:
        note = checkpoint.Note.read(self.files["checkpoint"])
        for signer in signers:
            note = note.with_signature(cosign(note.body, signer, NOW))
        self.files["checkpoint"] = note.bytes

    def check(self) -> Report:
        return check_log(self.files.get, ROOTS)


def good_log(entries: int, witnesses: tuple[Witness, ...] = ()) -> SomeLog:
    log = SomeLog()
    content = trust_list(witnesses=witnesses)
    log.add(ROOT_SIGNERS[0], content, "trust-list")
    log.add(ROOT_SIGNERS[2], content, "trust-list")
    for _ in range(entries - 2):
        log.add(SEAL)
    log.publish()
    return log


def failed(report: Report) -> dict[Check, int | None]:
    assert [each.check for each in report.findings] == list(Check)
    assert not report.ok
    return {each.check: each.index for each in report.findings if each.result is Result.FAILED}


def finding(report: Report, check: Check) -> Finding:
    return next(each for each in report.findings if each.check is check)


@pytest.mark.parametrize("entries", [2, 20, 256, 600])
def test_a_good_log_passes(entries: int) -> None:
    report = good_log(entries).check()
    assert report.ok
    assert report.first_failure is None
    assert (report.origin, report.size) == (ORIGIN, entries)
    assert {each.result for each in report.findings[:-1]} == {Result.PASSED}


def test_an_empty_log_passes() -> None:
    log = SomeLog()
    log.publish()
    assert log.check().ok


@pytest.mark.parametrize("entries", [12, 300])
def test_a_byte_flipped_anywhere_is_found(entries: int) -> None:
    log = good_log(entries)
    for path, good in list(log.files.items()):
        step = max(1, len(good) // (25 if entries == 12 else 1))
        for at in range(0, len(good), step):
            log.files[path] = good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :]
            assert not log.check().ok, (path, at)
        log.files[path] = good
    assert log.check().ok


def test_a_file_taken_away_is_found() -> None:
    log = good_log(300)
    for path in list(log.files):
        held = log.files.pop(path)
        assert failed(log.check()), path
        log.files[path] = held


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (lambda log: log.add(CUSTOMS_SEAL), Check.SIGNERS),
        (lambda log: log.add(UNKNOWN), Check.SIGNERS),
        (lambda log: log.add(KeySigner(private(22), SEAL.kid)), Check.SIGNERS),
        (lambda log: log.add(SEAL, iat=NOW - 400 * 86_400), Check.SIGNERS),
        (lambda log: log.add(SEAL, iss="log.example/imports"), Check.STATEMENTS),
        (lambda log: log.add(SEAL, cti=(3).to_bytes(16)), Check.IDENTIFIERS),
        (lambda log: log.leaves.append(log.leaves[3]), Check.IDENTIFIERS),
        (lambda log: log.leaves.append(b""), Check.STATEMENTS),
        (lambda log: log.leaves.append(log.leaves[3] + b"\x00"), Check.STATEMENTS),
        (lambda log: log.add(ROOT_SIGNERS[0], b"no list", "policy", iat=0), Check.PUBLIC_CONTENTS),
    ],
)
def test_a_bad_entry_is_named(change: Callable[[SomeLog], None], check: Check) -> None:
    log = SomeLog()
    for signer in ROOT_SIGNERS[:2]:
        log.add(signer, trust_list(), "trust-list")
    for _ in range(3):
        log.add(SEAL)
    change(log)
    log.add(SEAL)
    log.publish()
    found = failed(log.check())
    assert found[check] == 5
    assert log.check().first_failure == finding(log.check(), min(found))


def test_without_enough_roots_no_list_is_in_force() -> None:
    log = SomeLog()
    log.add(ROOT_SIGNERS[0], trust_list(), "trust-list")
    log.add(ROOT_SIGNERS[0], trust_list(), "trust-list")
    log.add(SEAL)
    log.publish()
    assert failed(log.check()) == {Check.SIGNERS: 2}


def test_a_trust_list_by_a_stranger_is_found() -> None:
    log = good_log(4)
    log.add(UNKNOWN, trust_list(2), "trust-list")
    log.publish()
    assert set(failed(log.check())) == {Check.PUBLIC_CONTENTS, Check.SIGNERS}


def test_a_key_counts_from_its_list_to_the_list_that_suspends_it() -> None:
    log = good_log(10)
    for signer in ROOT_SIGNERS[1:]:
        log.add(signer, trust_list(2, suspended=True), "trust-list")
    log.publish()
    assert log.check().ok
    log.add(SEAL)
    log.publish()
    assert failed(log.check()) == {Check.SIGNERS: 12}


def test_a_checkpoint_of_another_root_is_found() -> None:
    log = good_log(5)
    log.publish(root=bytes(32))
    assert set(failed(log.check())) == {Check.ROOT}


def test_a_checkpoint_by_another_key_or_of_another_log_ends_the_audit() -> None:
    log = good_log(5)
    for signer in (NoteSigner(ORIGIN, private(13)), NoteSigner("log.example/other", LOG.key)):
        log.publish(signer)
        report = log.check()
        assert set(failed(report)) == {Check.CHECKPOINT}
        assert {each.result for each in report.findings[1:]} == {Result.NOT_CHECKED}


def test_a_log_that_grew_while_it_was_read_still_passes_by_its_full_files() -> None:
    log = good_log(100)
    old = log.files["checkpoint"]
    for _ in range(300):
        log.add(SEAL)
    log.publish()
    log.files["checkpoint"] = old
    assert log.check().ok


def test_a_cosignature_by_a_listed_witness_passes() -> None:
    log = good_log(5, LISTED)
    assert finding(log.check(), Check.COSIGNATURES).result is Result.NOT_CHECKED
    assert not log.check().ok
    log.cosign(WITNESS)
    assert log.check().ok


def test_a_cosignature_by_a_stranger_is_not_checked() -> None:
    log = good_log(5, LISTED)
    log.cosign(WITNESS, STRANGER)
    assert finding(log.check(), Check.COSIGNATURES).result is Result.NOT_CHECKED


def test_a_bad_cosignature_fails_even_after_a_strangers() -> None:
    log = good_log(5, LISTED)
    log.cosign(STRANGER)
    note = checkpoint.Note.read(log.files["checkpoint"])
    other = Checkpoint(ORIGIN, 4, bytes(32)).body
    log.files["checkpoint"] = note.with_signature(cosign(other, WITNESS, NOW)).bytes
    assert set(failed(log.check())) == {Check.COSIGNATURES}
