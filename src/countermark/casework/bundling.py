"""Make the offline bundle of our own log: everything a verifier without a network needs, in one signed file.

Leaf hashes are read from the tiles and the status list is derived from the statements; whoever opens the bundle
computes the root from them again, so a damaged tile gives a bundle that nobody believes, never a wrong answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from countermark.casework.ports import CosignatureRow, HeadRow, Office
from countermark.casework.refusal import Answer, Refusal
from countermark.trust import status
from countermark.trust.bundle import Manifest, RootSigned, make_bundle
from countermark.trust.checkpoint import Note
from countermark.trust.kinds import Role
from countermark.trust.roots import Roots, fingerprint
from countermark.trust.statement import read
from countermark.trust.status import StatusList, derive_marks, seal_status_list
from countermark.trust.tiles import WIDTH, read_tile

VALID = timedelta(days=7)
"""How long a bundle may say that a certificate stands: a week at a border post without a network."""
MOST_CHECKPOINTS = 10_000
"""Of one bundle (trust.bundle)."""
SPANS = (1, 60, 600, 3_600, 21_600, 86_400)
"""Seconds: of each witness the last cosignature of each span is kept, of the shortest span with which they fit."""
PAGE = 256


def offline_bundle(office: Office, roots: Roots) -> bytes:
    """The bundle as of now, leading back to ``roots``. Raises Refusal before the log has a checkpoint."""
    head = office.store.logs.head(office.origin)
    if head is None:
        raise Refusal("log-empty", "This log has no checkpoint yet. Ask again soon.", Answer.CANNOT_TELL)
    now = int(office.clock.now().timestamp())
    signer = office.signers[Role.OPERATIONS]
    marks = derive_marks(_events(office, head.size), head.size)
    manifest = Manifest(
        fingerprint=bytes.fromhex(fingerprint(roots)),
        origin=office.origin,
        made_at=now,
        valid_until=now + int(VALID.total_seconds()),
        trust=tuple(_root_signed(office, head.size)),
        notes=tuple(_notes(office, head)),
        hashes=_leaf_hashes(office, head.size),
        status=seal_status_list(StatusList(office.origin, head.size, head.root, now, marks), signer),
    )
    return make_bundle(manifest, signer)


def _root_signed(office: Office, size: int) -> Iterator[RootSigned]:
    for row in office.store.statements.public(office.origin):
        if row.index is not None and row.index < size and row.content is not None:
            yield RootSigned(row.index, row.leaf, row.content)


def _events(office: Office, size: int) -> Iterator[status.Event]:
    """What each statement does to a status; one whose content was erased after its retention does nothing."""
    for first in range(0, size, PAGE):
        for row in office.store.statements.page(office.origin, first, min(PAGE, size - first)):
            if row.index is not None and row.content is not None:
                event = status.event_of(row.index, read(row.leaf), row.content)
                if event is not None:
                    yield event


def _leaf_hashes(office: Office, size: int) -> bytes:
    tiles = range(-(-size // WIDTH))
    return b"".join(read_tile(office.tiles.read, size, 0, index) for index in tiles)


def _notes(office: Office, head: HeadRow) -> Iterator[bytes]:
    """Cosigned checkpoints in order of size, the newest last, each with its witnesses' lines and no others."""
    rows = [row for row in office.store.logs.cosigned(office.origin) if row.size <= head.size]
    newest = Note.read(head.note.encode())
    for row in kept_cosignatures(rows):
        note = _cosigned(row)
        merged = newest
        for line in note.signatures if row.size == head.size else ():
            merged = merged.with_signature(line)
        if merged == newest:
            yield note.bytes
        newest = merged
    yield newest.bytes


def kept_cosignatures(rows: Sequence[CosignatureRow]) -> list[CosignatureRow]:
    """All if they fit; else spread evenly in time, with the oldest and the newest of each witness, in order of size."""
    if len(rows) < MOST_CHECKPOINTS:
        return list(rows)
    oldest = {row.witness: row for row in reversed(rows)}
    kept: list[CosignatureRow] = []
    for span in SPANS:
        kept = list({(row.witness, row.time // span): row for row in rows}.values())
        if len(kept) < MOST_CHECKPOINTS:
            break
    return sorted({*kept, *oldest.values()}, key=lambda row: (row.size, row.time))


def _cosigned(row: CosignatureRow) -> Note:
    """The checkpoint with the log's line and this witness's."""
    brought = Note.read(row.note.encode())
    lines = [line for line in brought.signatures if line.name in (row.origin, row.witness)]
    return Note(brought.body, tuple(lines))
