"""Serve a page of our log to a partner: every leaf, and the content of what is addressed to it or public."""

from __future__ import annotations

from collections.abc import Callable

from countermark.casework.ports import Office, StatementRow
from countermark.casework.refusal import Answer, Refusal
from countermark.corridor.feed import Entry, Page, SignedCheckpoint, fitting
from countermark.trust import statement
from countermark.trust.tiles import TileReader
from countermark.trust.tree import consistency_proof

LIMIT = 256


def feed_page(office: Office, party: str, first: int, limit: int) -> bytes:
    """The entries from ``first`` under our current checkpoint. Raises Refusal before our log has one."""
    head = office.store.logs.head(office.origin)
    if head is None:
        raise Refusal("log-empty", "This log has no checkpoint yet. Ask again soon.", Answer.CANNOT_TELL)
    first = min(first, head.size)
    rows = office.store.statements.page(office.origin, first, min(limit, head.size - first))
    entries = fitting(Entry(row.leaf, _content_for(party, row)) for row in rows)
    end = first + len(entries)
    proof: tuple[bytes, ...] = ()
    if 0 < end < head.size:
        proof = consistency_proof(end, head.size, TileReader(_fetch(office), head.size))
    return Page(SignedCheckpoint.read(head.note.encode()), first, entries, proof).encode()


def _content_for(party: str, row: StatementRow) -> bytes | None:
    """Only the addressee sees a content; those without an addressee are public (trust.md, who sees what)."""
    aud = statement.read(row.leaf).header.aud
    return row.content if aud in (None, party) else None


def _fetch(office: Office) -> Callable[[str], bytes | None]:
    return office.tiles.read
