"""Decides whether a whole log is what it says it is, from its files and the pinned root keys alone.

It reads bundle by bundle and forgets them, keeping only the edge of the tree, the trust lists, and 16 bytes
an entry to find an identifier used twice. It cannot see private contents: numbers without gaps, and whether a
key may certify that form, are for those who hold the contents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from countermark.trust import checkpoint, cosign, statement
from countermark.trust.checkpoint import Checkpoint, Note, VerifierKey
from countermark.trust.errors import TileError, TrustError
from countermark.trust.kinds import KINDS, Role
from countermark.trust.report import Result
from countermark.trust.roots import Roots
from countermark.trust.statement import Statement
from countermark.trust.tiles import WIDTH, Fetch, TileEdge, grow, read_entries, read_tile, tile_path
from countermark.trust.tree import HASH_LENGTH, leaf_hash
from countermark.trust.trustlist import Refusal, TrustHistory


class Check(IntEnum):
    """What is checked; what fails first in this order is the reason for what fails after it."""

    CHECKPOINT = 1
    """Readable, of a log of the pinned party, signed by that log's key."""
    ENTRIES = 2
    """Every entry bundle is there and holds its entries and nothing else."""
    TILES = 3
    """Every hash tile of every level is what the entries give."""
    ROOT = 4
    """The entries give the checkpoint's root."""
    STATEMENTS = 5
    """Every entry is a statement in its one encoding, issued in this log."""
    IDENTIFIERS = 6
    """No identifier of a statement is used twice."""
    PUBLIC_CONTENTS = 7
    """Contents without an addressee are served and are what was signed; trust lists chain to the roots."""
    SIGNERS = 8
    """Every statement is signed by a key to which the trust list in force there gives its role."""
    COSIGNATURES = 9
    """Every cosignature is good and a listed witness's; one is there if the trust list names witnesses."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one check, and for all but a pass why."""

    check: Check
    result: Result
    sentence: str = ""
    index: int | None = None
    """The entry at which the check failed first, or the first one under the tile."""


@dataclass(frozen=True, slots=True)
class Report:
    """What the audit of a log found."""

    origin: str
    """Empty if the checkpoint could not be read."""
    size: int
    findings: tuple[Finding, ...]
    """One for each check, in order."""

    @property
    def ok(self) -> bool:
        """Whether every check that applies was made and passed."""
        return all(each.result in (Result.PASSED, Result.NOT_APPLICABLE) for each in self.findings)

    @property
    def first_failure(self) -> Finding | None:
        return next((each for each in self.findings if each.result is Result.FAILED), None)


def content_path(leaf: bytes) -> str:
    """Where the content of a public statement is served, beside the log."""
    return f"content/{leaf_hash(leaf).hex()}"


def check_log(fetch: Fetch, roots: Roots) -> Report:
    """Check everything that the files of a log can show; ``checkpoint`` is fetched first, and once."""
    audit = _Audit(fetch, TrustHistory(roots))
    note = audit.read_checkpoint(roots)
    if note is None:
        return audit.report("", 0, frozenset({Check.CHECKPOINT}))
    claimed = Checkpoint.read(note.body)
    whole = audit.read_log(claimed)
    if whole:
        audit.check_cosignatures(note, claimed)
    return audit.report(claimed.origin, claimed.size, frozenset(Check) if whole else _WITHOUT_ENTRIES)


_WITHOUT_ENTRIES = frozenset({Check.CHECKPOINT, Check.ENTRIES})
_AGAIN = "Fetch the log again; if it stays so, tell its operator."


@dataclass(slots=True)
class _Audit:
    """An audit under way: what it has seen, and the first finding other than a pass of each check."""

    fetch: Fetch
    history: TrustHistory
    seen: set[bytes] = field(default_factory=set)
    findings: dict[Check, Finding] = field(default_factory=dict)

    def report(self, origin: str, size: int, made: frozenset[Check]) -> Report:
        """Checks not made, or made on a part of the log only, are not passed."""
        findings = []
        for check in Check:
            rest = Finding(check, Result.PASSED) if check in made else _unmade(check)
            findings.append(self.findings.get(check, rest))
        return Report(origin, size, tuple(findings))

    def fail(self, check: Check, sentence: str, index: int | None = None) -> None:
        found = self.findings.get(check)
        if found is None or found.result is not Result.FAILED:
            self.findings[check] = Finding(check, Result.FAILED, sentence, index)

    def leave(self, check: Check, result: Result, sentence: str) -> None:
        self.findings.setdefault(check, Finding(check, result, sentence))

    def read_checkpoint(self, roots: Roots) -> Note | None:
        """1: the note, if a log of the party signed it."""
        data = self.fetch("checkpoint")
        if data is None:
            self.fail(Check.CHECKPOINT, f"The log serves no checkpoint. {_AGAIN}")
            return None
        try:
            note = Note.read(data)
            log = roots.log(Checkpoint.read(note.body).origin)
        except TrustError as error:
            self.fail(Check.CHECKPOINT, str(error))
            return None
        if log is None or not checkpoint.verify(note, log.key):
            self.fail(Check.CHECKPOINT, f"The checkpoint is not signed by a log of {roots.party}. {_AGAIN}")
            return None
        return note

    def read_log(self, claimed: Checkpoint) -> bool:
        """2 to 8, in one pass over the entries; whether all of them could be read."""
        edge = TileEdge()
        while edge.size < claimed.size:
            try:
                leaves = read_entries(self.fetch, claimed.size, edge.size // WIDTH)
            except TileError as error:
                self.fail(Check.ENTRIES, str(error), edge.size)
                return False
            for index, leaf in enumerate(leaves, edge.size):
                self.check_entry(index, leaf, claimed.origin)
            growth = grow(edge, leaves)
            edge = growth.edge
            self.check_full_tiles(claimed.size, edge.size, growth.files)
        for level, row in enumerate(edge.rows):
            if row:
                self.check_tile(claimed.size, level, edge.size >> 8 * (level + 1), row)
        if edge.edge().root() != claimed.root:
            self.fail(Check.ROOT, f"The entries do not give the root of the checkpoint. {_AGAIN}")
        return True

    def check_full_tiles(self, size: int, done: int, files: Mapping[str, bytes]) -> None:
        """3: the tiles that the last bundle filled."""
        level = 0
        while done % WIDTH ** (level + 1) == 0:
            index = (done >> 8 * (level + 1)) - 1
            self.check_tile(size, level, index, files[tile_path(level, index)])
            level += 1

    def check_tile(self, size: int, level: int, index: int, expected: bytes) -> None:
        first = index << 8 * (level + 1)
        try:
            if read_tile(self.fetch, size, level, index) != expected:
                path = tile_path(level, index, len(expected) // HASH_LENGTH)
                self.fail(Check.TILES, f"{path} is not what the entries give. {_AGAIN}", first)
        except TileError as error:
            self.fail(Check.TILES, str(error), first)

    def check_entry(self, index: int, leaf: bytes, origin: str) -> None:
        """5 to 8, for one entry."""
        try:
            read = statement.read(leaf)
        except TrustError as error:
            self.fail(Check.STATEMENTS, str(error), index)
            return
        if read.header.iss != origin:
            self.fail(Check.STATEMENTS, f"The statement was issued in the log {read.header.iss}.", index)
        if read.header.cti in self.seen:
            self.fail(Check.IDENTIFIERS, "The statement's identifier was used before.", index)
        self.seen.add(read.header.cti)
        if not KINDS[read.header.kind].addressed:
            self.check_public(index, read)
        signatory = self.history.signer(read, index)
        if isinstance(signatory, Refusal):
            self.fail(Check.SIGNERS, signatory.sentence, index)
        elif not statement.verify(read, signatory.key):
            self.fail(Check.SIGNERS, "The signature is not good.", index)

    def check_public(self, index: int, read: Statement) -> None:
        """7: the content, and what it changes in the trust lists."""
        path = content_path(read.leaf)
        content = self.fetch(path)
        if content is None:
            self.fail(Check.PUBLIC_CONTENTS, f"The log does not serve {path}. {_AGAIN}", index)
        elif not statement.matches(read, content):
            self.fail(Check.PUBLIC_CONTENTS, f"{path} is not what was signed. {_AGAIN}", index)
        elif Role.ROOT in KINDS[read.header.kind].roles:
            refusal = self.history.feed(index, read, content)
            if refusal is not None:
                self.fail(Check.PUBLIC_CONTENTS, refusal.sentence, index)

    def check_cosignatures(self, note: Note, claimed: Checkpoint) -> None:
        """9: against the witnesses of the newest trust list."""
        trust_list = self.history.in_force(claimed.size)
        try:
            known = [VerifierKey.read(each.vkey) for each in trust_list.witnesses] if trust_list else []
        except TrustError as error:
            self.fail(Check.COSIGNATURES, f"A witness of the trust list has no readable key: {error}")
            return
        log = self.history.roots.log(claimed.origin)
        lines = [line for line in note.signatures if log is None or not line.is_by(log.key)]
        for line in lines:
            by = next((key for key in known if line.is_by(key)), None)
            if by is None:
                self.leave(
                    Check.COSIGNATURES,
                    Result.NOT_CHECKED,
                    f"{line.name} is no listed witness; its line was not checked.",
                )
            elif cosign.verify(note, by) is None:
                self.fail(Check.COSIGNATURES, f"The cosignature by {line.name} is not good. {_AGAIN}")
        if not lines and known:
            sentence = (
                "No witness has cosigned this checkpoint yet. Ask again when the partner has fetched it."
            )
            self.leave(Check.COSIGNATURES, Result.NOT_CHECKED, sentence)
        elif not lines:
            self.leave(Check.COSIGNATURES, Result.NOT_APPLICABLE, "The trust list names no witness.")


def _unmade(check: Check) -> Finding:
    return Finding(check, Result.NOT_CHECKED, "An earlier check failed. Mend that first.")
