"""Decides whether a page of a partner's log is accepted, and tells a fault from a fork.

A page is [checkpoint note, first index, entries, proof]. It is accepted whole or not at all:
(1) it is readable, (2) its checkpoint is signed by the log, (3) no larger one was seen, (4) it joins what
is held, (5) its entries lead to the checkpoint's root, by themselves or by a consistency proof (RFC 9162,
2.1.4), (6) and to the root of the checkpoint seen before, once they reach it. A bad statement or content in a
good page is marked and stops nothing: the log holds it for ever. A fork is two signed checkpoints that cannot
both be true; a proof that fails is only a fault.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from countermark.document.encode import decode, encode
from countermark.document.errors import DocumentError
from countermark.trust import checkpoint, statement, tree
from countermark.trust.checkpoint import MAX_NOTE, Checkpoint, Note, VerifierKey
from countermark.trust.errors import StatementError, TrustError
from countermark.trust.statement import MAX_CONTENT, MAX_LEAF, Statement
from countermark.trust.tree import HASH_LENGTH, Edge

MAX_ENTRIES = 256
MAX_PROOF = 64
"""Hashes: a log of 2**63 entries needs no more."""
MAX_ENTRY_BYTES = 6 * (MAX_LEAF + MAX_CONTENT)
MAX_PAGE = MAX_ENTRY_BYTES + MAX_NOTE + MAX_PROOF * (HASH_LENGTH + 2) + MAX_ENTRIES * 16
"""Bytes; the last terms leave room for the proof and for CBOR's own heads."""
_AGAIN = "Ask the partner for the page again; if it stays so, tell its operators."


@dataclass(frozen=True, slots=True)
class Entry:
    """A leaf of the log, and its content where the asking party may have it."""

    leaf: bytes
    content: bytes | None


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint and the note it was read from: the note is the evidence."""

    checkpoint: Checkpoint
    note: Note

    @classmethod
    def read(cls, note: bytes) -> SignedCheckpoint:
        """The checkpoint in a note; raises ``NoteError``. Its signature is not checked by being read."""
        read = Note.read(note)
        return cls(Checkpoint.read(read.body), read)


@dataclass(frozen=True, slots=True)
class Page:
    """Some consecutive entries of a log, and why they belong to it."""

    signed: SignedCheckpoint
    first: int
    entries: tuple[Entry, ...]
    proof: tuple[bytes, ...]
    """Consistency from the page's end to the checkpoint's size; empty if they are equal."""

    @property
    def end(self) -> int:
        return self.first + len(self.entries)

    def encode(self) -> bytes:
        """The page as it is sent."""
        entries = [[entry.leaf, entry.content] for entry in self.entries]
        return encode([self.signed.note.bytes.decode(), self.first, entries, list(self.proof)])

    @classmethod
    def read(cls, data: bytes) -> Page:
        """The page in these bytes; raises ``DocumentError`` or ``TrustError`` unless they are exactly one."""
        match decode(data, limit=MAX_PAGE):
            case [str() as note, int() as first, list() as entries, list() as proof] if (
                type(first) is int
                and first >= 0
                and len(entries) <= MAX_ENTRIES
                and len(proof) <= MAX_PROOF
                and all(type(node) is bytes and len(node) == HASH_LENGTH for node in proof)
            ):
                return cls(
                    SignedCheckpoint.read(note.encode()),
                    first,
                    tuple(_entry(entry) for entry in entries),
                    tuple(proof),
                )
        raise _not_a_page()


def fitting(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """As many of the entries, from the first on, as one page may hold."""
    taken: list[Entry] = []
    room = MAX_ENTRY_BYTES
    for entry in entries:
        room -= len(entry.leaf) + len(entry.content or b"")
        if room < 0 or len(taken) == MAX_ENTRIES:
            break
        taken.append(entry)
    return tuple(taken)


@dataclass(frozen=True, slots=True)
class Follower:
    """What one party holds of another's log."""

    origin: str
    party: str
    """The follower's own name, as ``aud`` names it."""
    edge: Edge
    """Of the entries held; its size is the next index."""
    seen: SignedCheckpoint | None = None
    """The newest checkpoint proved to continue every earlier one; it may lie ahead of the edge."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An entry in its place."""

    index: int
    leaf: bytes
    leaf_hash: bytes
    statement: Statement | None
    """``None`` if the leaf is no statement."""
    content: bytes | None
    refusal: str = ""
    """A code if the statement or its content cannot be used."""
    missing: bool = False
    """Whether content we are entitled to did not come."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A good page: what is held after it. A page sent again has no arrivals and changes nothing."""

    follower: Follower
    signed: SignedCheckpoint
    arrivals: tuple[Arrival, ...]
    joined: bool
    """Whether the page's checkpoint is proved to continue all seen before: only then may it be cosigned."""

    @property
    def behind(self) -> bool:
        """Whether more entries are known to exist."""
        return self.follower.edge.size < self.signed.checkpoint.size


@dataclass(frozen=True, slots=True)
class Fault:
    """A page that was not accepted; nothing of it is kept but, for a fork, the evidence."""

    code: str
    sentence: str
    evidence: tuple[SignedCheckpoint, ...] = ()
    """The two checkpoints that cannot both be true."""

    @property
    def is_fork(self) -> bool:
        return bool(self.evidence)


def accept(data: bytes, follower: Follower, key: VerifierKey) -> Accepted | Fault:
    """What a page means for a follower; ``key`` is the log's. Steps as in the module's text."""
    # 1
    try:
        page = Page.read(data)
    except (DocumentError, TrustError) as error:
        return Fault(error.code, str(error))
    # 2
    if key.name != follower.origin or not checkpoint.verify(page.signed.note, key):
        return _fault("checkpoint-signature", "The checkpoint is not signed by the log that is followed")
    # 3, 4
    return _stale(page, follower) or _extend(page, follower)


def _stale(page: Page, follower: Follower) -> Accepted | Fault | None:
    """The answer for a page that cannot be taken up where the follower stands."""
    new, seen, edge = page.signed.checkpoint, follower.seen, follower.edge
    if seen and seen.checkpoint.size == new.size and seen.checkpoint.root != new.root:
        return _fork(seen, page.signed)
    if seen and edge.size == new.size and edge.root() != new.root:
        return _fork(seen, page.signed)
    if new.size < max(edge.size, seen.checkpoint.size if seen else 0):
        return _fault(
            "checkpoint-old", f"The checkpoint has {new.size} entries; a larger one was shown before"
        )
    if page.first > edge.size:
        return _fault("page-gap", f"The page begins at {page.first}; entry {edge.size} is the next")
    if page.end > new.size:
        return _fault("page-long", f"The page goes on past its checkpoint's {new.size} entries")
    if page.end < edge.size:
        return Accepted(follower, page.signed, (), joined=False)
    return None


def _extend(page: Page, follower: Follower) -> Accepted | Fault:
    """Take up the entries after the edge."""
    held, new, seen = follower.edge.size, page.signed.checkpoint, follower.seen
    fresh = page.entries[held - page.first :]
    hashes = [tree.leaf_hash(entry.leaf) for entry in fresh]
    ahead = max(seen.checkpoint.size - held, 0) if seen else 0
    middle = follower.edge.extend(hashes[:ahead])
    edge = middle.extend(hashes[ahead:])
    # 5
    if not tree.verify_consistency(page.end, new.size, edge.root(), new.root, page.proof):
        return _fault("page-proof", "The entries do not lead to the checkpoint's root")
    # 6: the entries are proved under the new checkpoint, so an older one that they contradict is a fork
    if seen and middle.size == seen.checkpoint.size and middle.root() != seen.checkpoint.root:
        return _fork(seen, page.signed)
    joined = seen is None or new.size == seen.checkpoint.size or edge.size >= seen.checkpoint.size
    arrivals = tuple(
        _arrival(held + n, entry, leaf_hash, follower)
        for n, (entry, leaf_hash) in enumerate(zip(fresh, hashes, strict=True))
    )
    after = Follower(follower.origin, follower.party, edge, page.signed if joined else seen)
    return Accepted(after, page.signed, arrivals, joined)


def _arrival(index: int, entry: Entry, leaf_hash: bytes, follower: Follower) -> Arrival:
    """One entry judged by itself: a poison entry takes its place in the tree like any other."""
    try:
        read = statement.read(entry.leaf)
    except StatementError as error:
        return Arrival(index, entry.leaf, leaf_hash, None, None, error.code)
    if read.header.iss != follower.origin:
        return Arrival(index, entry.leaf, leaf_hash, read, None, "other-issuer")
    if read.header.aud not in (None, follower.party):
        # Not ours to keep, whoever sent it.
        return Arrival(index, entry.leaf, leaf_hash, read, None)
    if entry.content is None:
        return Arrival(index, entry.leaf, leaf_hash, read, None, missing=True)
    if len(entry.content) > MAX_CONTENT or not statement.matches(read, entry.content):
        return Arrival(index, entry.leaf, leaf_hash, read, None, "content-mismatch")
    return Arrival(index, entry.leaf, leaf_hash, read, entry.content)


def _entry(raw: object) -> Entry:
    match raw:
        case [bytes() as leaf, (bytes() | None) as content]:
            return Entry(leaf, content)
    raise _not_a_page()


def _fork(seen: SignedCheckpoint, shown: SignedCheckpoint) -> Fault:
    sizes = f"{seen.checkpoint.size} and {shown.checkpoint.size}"
    sentence = (
        f"The log has signed two checkpoints, of {sizes} entries, that cannot both be true. "
        "Stop the corridor, keep both, and call the partner's central body."
    )
    return Fault("fork", sentence, (seen, shown))


def _fault(code: str, complaint: str) -> Fault:
    return Fault(code, f"{complaint}. {_AGAIN}")


def _not_a_page() -> DocumentError:
    return DocumentError("page-form", f"The data is not a page of a feed. {_AGAIN}")
