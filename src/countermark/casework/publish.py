"""Put our own statements into the log and publish its checkpoint.

The order of writes is the safety proof (trust.md). 0, the signed leaf in its transaction, was done by the verb.
1  tiles and bundles are staged under their content's hash: a crash leaves files nobody refers to.
2  the head is swapped together with the rows' indexes: before it nothing is numbered, after it everything is.
3  staged files get their final names: a crash leaves an old checkpoint whose files are all there.
4  the checkpoint is published, only ever larger: readers never see a checkpoint without its files.
5  superseded partial files are removed; the makers were acknowledged when their statement was stored.
On start, and before each growth, 3 to 5 are done again for the head we stand by; each is harmless when done twice.
"""

from __future__ import annotations

from countermark.casework.ports import HeadRow, Office, Raced
from countermark.document.encode import decode, encode
from countermark.trust.checkpoint import Checkpoint, Note, sign
from countermark.trust.tiles import TileEdge, grow
from countermark.trust.tree import leaf_hash

BATCH = 256
MANIFEST_LIMIT = 1 << 20


def publish(office: Office) -> int:
    """Sequence everything pending, in batches of 256; returns the log's size. Safe with several processes at once."""
    logs = office.store.logs
    head = logs.head(office.origin)
    if head is not None:
        _finish(office, head)
    while pending := office.store.statements.pending(office.origin, BATCH):
        try:
            head = _grow(office, head, pending)
        except Raced:
            head = logs.head(office.origin)
            continue
        _finish(office, head)
    return head.size if head else 0


def _grow(office: Office, head: HeadRow | None, pending: list[tuple[int, bytes]]) -> HeadRow:
    edge = TileEdge.decode(head.edge) if head else TileEdge()
    growth = grow(edge, [leaf for _, leaf in pending])
    staged = {path: office.tiles.stage(data) for path, data in growth.files.items()}
    root = growth.edge.edge().root()
    new = HeadRow(
        origin=office.origin,
        version=head.version + 1 if head else 1,
        size=growth.edge.size,
        root=root,
        note=sign(Checkpoint(office.origin, growth.edge.size, root), office.log_signer).bytes.decode(),
        edge=growth.edge.encode(),
        files=encode([[list(pair) for pair in staged.items()], list(growth.superseded)]),
    )
    with office.store.transaction():
        office.store.logs.swap(head, new)
        first = head.size if head else 0
        places = [(first + n, row) for n, (row, _) in enumerate(pending)]
        office.store.statements.place(office.origin, places)
    return new


def _finish(office: Office, head: HeadRow) -> None:
    """Steps 3 to 5 for a head that was swapped in."""
    written, superseded = decode(head.files, limit=MANIFEST_LIMIT)
    for path, staged in written:
        office.tiles.install(path, staged)
    _publish_contents(office, head)
    publish_checkpoint(office)
    for path in superseded:
        office.tiles.remove(path)


def publish_checkpoint(office: Office) -> None:
    """Publish the head's checkpoint with the cosignatures we have for it, never an older one than is published.

    Head and file are read again after writing: another process may have published a larger one in between.
    """
    while (newest := _cosigned_note(office)) != office.tiles.read("checkpoint"):
        office.tiles.publish("checkpoint", newest)


def _cosigned_note(office: Office) -> bytes:
    head = office.store.logs.head(office.origin)
    if head is None:
        raise LookupError("a log without a head has no checkpoint to publish")
    note = Note.read(head.note.encode())
    for row in office.store.logs.cosigned(office.origin, head.size):
        for line in Note.read(row.note.encode()).signatures:
            note = note.with_signature(line)
    return note.bytes


def _publish_contents(office: Office, head: HeadRow) -> None:
    """Public statements' contents stand beside the tiles, so that anyone can check who may sign."""
    for row in office.store.statements.public(office.origin):
        if row.content is None or row.index is None or row.index >= head.size:
            continue
        path = f"content/{leaf_hash(row.leaf).hex()}"
        if office.tiles.read(path) != row.content:
            office.tiles.publish(path, row.content)
