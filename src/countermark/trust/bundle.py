"""Decides what a verifier without a network may rely on: one signed file that leads back to pinned roots.

The bundle of a log holds its trust lists, all its leaf hashes, cosigned checkpoints and the status list. It
is proven in this order, and nothing is used before it is: (1) it names pinned roots and a log of theirs;
(2) the roots signed its trust lists, which stand in the log where it says; (3) an operations key of the list
in force signed the whole; (4) the leaf hashes give the root of every checkpoint, and the log signed the
newest; (5) an operations key signed the status list, for the same tree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from countermark.document.errors import DocumentError
from countermark.document.parts import ascii_text, digest, octets, whole
from countermark.document.shape import Part, array, read_record, record, write_record
from countermark.trust import statement as statements
from countermark.trust.algorithm import Signer
from countermark.trust.checkpoint import Checkpoint, Note, VerifierKey
from countermark.trust.checkpoint import verify as is_by_log
from countermark.trust.errors import TrustError
from countermark.trust.roots import Roots, fingerprint
from countermark.trust.sealed import Sealed, read_sealed, seal
from countermark.trust.status import MAX_FILE, MAX_SIZE, StatusList, read_status_list
from countermark.trust.tree import HASH_LENGTH, Edge, leaf_hash
from countermark.trust.trustlist import Refusal, TrustHistory

MAX_BUNDLE = 120_000_000
"""Bytes: two million entries at 32 bytes, and room for the rest."""


@dataclass(frozen=True, slots=True)
class RootSigned:
    """A root-signed statement, its place in the log, and its content."""

    index: int
    leaf: bytes
    content: bytes


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the operations key signs."""

    fingerprint: bytes
    """Of the roots it leads back to."""
    origin: str
    made_at: int
    """Seconds since 1970."""
    valid_until: int
    """Seconds since 1970: beyond it the status is no longer known."""
    trust: tuple[RootSigned, ...]
    """In order of the log."""
    notes: tuple[bytes, ...]
    """Cosigned checkpoints, the newest and those kept as proof of time, in order of size."""
    hashes: bytes
    """The log's leaf hashes from index 0 to the newest checkpoint's size, 32 bytes each."""
    status: bytes
    """The sealed status list."""


_MANIFEST: Part[Manifest] = record(
    Manifest,
    fingerprint=digest(),
    origin=ascii_text("[!-~]{1,255}", "an origin"),
    made_at=whole(0, 2**53),
    valid_until=whole(0, 2**53),
    trust=array(
        record(
            RootSigned,
            index=whole(0, MAX_SIZE),
            leaf=octets(1, statements.MAX_LEAF),
            content=octets(1, statements.MAX_CONTENT),
        ),
        1000,
    ),
    notes=array(octets(1, 500_000), 100_000),
    hashes=octets(HASH_LENGTH, MAX_SIZE * HASH_LENGTH),
    status=octets(1, MAX_FILE),
)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle as read: nothing in it is believed yet."""

    manifest: Manifest
    sealed: Sealed

    @classmethod
    def read(cls, data: bytes) -> Bundle:
        """The bundle in these bytes; raises ``TrustError`` unless they are exactly one."""
        sealed = read_sealed("bundle", data, limit=MAX_BUNDLE)
        try:
            return cls(read_record(_MANIFEST, sealed.payload, limit=MAX_BUNDLE), sealed)
        except DocumentError as error:
            raise TrustError(error.code, f"The bundle cannot be read: {error}") from error


def make_bundle(manifest: Manifest, signer: Signer) -> bytes:
    """The bundle's file, signed by an operations key; raises ``DocumentError`` for an unfit value."""
    return seal("bundle", write_record(_MANIFEST, manifest, limit=MAX_BUNDLE), signer)


@dataclass(frozen=True, slots=True)
class CosignedCheckpoint:
    """A checkpoint whose root was recomputed; its signatures are verified when they are used."""

    checkpoint: Checkpoint
    note: Note


@dataclass(frozen=True, slots=True)
class Proven:
    """A bundle that leads back to pinned roots."""

    roots: Roots
    log_key: VerifierKey
    history: TrustHistory
    hashes: bytes
    checkpoints: tuple[CosignedCheckpoint, ...]
    """In order of size."""
    status: StatusList
    made_at: int
    valid_until: int
    witnesses: Mapping[str, tuple[VerifierKey, ...]]
    """By party: from its own pinned roots, or else as the proven party's roots vouch for it."""

    @property
    def size(self) -> int:
        return len(self.hashes) // HASH_LENGTH

    def index_of(self, leaf: bytes) -> int | None:
        """Where an entry stands in the log."""
        wanted = leaf_hash(leaf)
        place = self.hashes.find(wanted)
        while place % HASH_LENGTH and place != -1:
            place = self.hashes.find(wanted, place + 1)
        return None if place == -1 else place // HASH_LENGTH


def prove(bundle: Bundle, pinned: Sequence[Roots]) -> Proven | Refusal:
    """The bundle as far as it can be relied on, or why it cannot be at all."""
    manifest = bundle.manifest
    size = len(manifest.hashes) // HASH_LENGTH
    # 1 pinned roots
    roots = next((each for each in pinned if fingerprint(each) == manifest.fingerprint.hex()), None)
    log = roots.log(manifest.origin) if roots else None
    if roots is None or log is None:
        return Refusal(
            "unpinned", "The bundle does not lead back to pinned roots. Pin the party's roots: trust add."
        )
    # 2 trust lists
    history = _history(manifest, roots)
    if isinstance(history, Refusal):
        return history
    # 3 the seal of the whole
    operators = history.operator(bundle.sealed.kid, size - 1, manifest.made_at)
    if not any(bundle.sealed.is_by(each.key) for each in operators):
        return Refusal("bundle-signature", "No operations key in force signed the bundle. Fetch it again.")
    # 4 the tree
    try:
        checkpoints = tuple(_checkpoint(data) for data in manifest.notes)
        status, seal_of_status = read_status_list(manifest.status)
    except TrustError as error:
        return Refusal("bundle-part", f"A part of the bundle cannot be read: {error}")
    refusal = _check_tree(manifest, checkpoints, status)
    if refusal:
        return refusal
    if not is_by_log(checkpoints[-1].note, log.key):
        return Refusal("bundle-checkpoint", "The log did not sign the newest checkpoint. Fetch it again.")
    # 5 the status list
    operators = history.operator(seal_of_status.kid, status.size - 1, status.time)
    if not any(seal_of_status.is_by(each.key) for each in operators):
        return Refusal("status-signature", "No operations key in force signed the status list.")
    return Proven(
        roots, log.key, history, manifest.hashes, checkpoints, status,
        manifest.made_at, manifest.valid_until, _witnesses(history, size, pinned),
    )  # fmt: skip


def _history(manifest: Manifest, roots: Roots) -> TrustHistory | Refusal:
    history = TrustHistory(roots)
    if any(earlier.index >= later.index for earlier, later in pairwise(manifest.trust)):
        return Refusal("bundle-trust", "The bundle's trust lists are not in order of the log.")
    for each in manifest.trust:
        start = each.index * HASH_LENGTH
        if manifest.hashes[start : start + HASH_LENGTH] != leaf_hash(each.leaf):
            return Refusal("bundle-trust", f"A trust list does not stand at index {each.index} of the log.")
        try:
            statement = statements.read(each.leaf)
        except TrustError as error:
            return Refusal("bundle-trust", f"A trust list cannot be read: {error}")
        if statement.header.iss != manifest.origin:
            return Refusal("bundle-trust", "A trust list was made for another log.")
        # A statement that does not count is no fault of the bundle: it stands in the log and has no effect.
        history.feed(each.index, statement, each.content)
    return history


def _checkpoint(data: bytes) -> CosignedCheckpoint:
    note = Note.read(data)
    return CosignedCheckpoint(Checkpoint.read(note.body), note)


def _check_tree(
    manifest: Manifest, checkpoints: Sequence[CosignedCheckpoint], status: StatusList
) -> Refusal | None:
    """Why checkpoints, status list and leaf hashes are not of one tree."""
    size, rest = divmod(len(manifest.hashes), HASH_LENGTH)
    sizes = [each.checkpoint.size for each in checkpoints]
    if rest or not sizes or sizes != sorted(sizes) or sizes[-1] != size:
        return Refusal("bundle-checkpoint", "The newest checkpoint is not of the size of the bundle's log.")
    if any(each.checkpoint.origin != manifest.origin for each in checkpoints):
        return Refusal("bundle-checkpoint", "A checkpoint is of another log.")
    if status.origin != manifest.origin or not 0 < status.size <= size:
        return Refusal("status-log", "The status list is of another log, or of more than the bundle holds.")
    roots = _roots_at(manifest.hashes, {*sizes, status.size})
    if any(each.checkpoint.root != roots[each.checkpoint.size] for each in checkpoints):
        return Refusal("bundle-root", "A checkpoint is not of the tree that the leaf hashes give.")
    if status.root != roots[status.size]:
        return Refusal("status-log", "The status list was derived from another tree.")
    return None


def _roots_at(hashes: bytes, sizes: set[int]) -> dict[int, bytes]:
    """The root of the tree at each of the sizes, in one pass."""
    edge = Edge()
    found: dict[int, bytes] = {}
    for size in sorted(sizes):
        span = range(edge.size * HASH_LENGTH, size * HASH_LENGTH, HASH_LENGTH)
        edge = edge.extend(hashes[start : start + HASH_LENGTH] for start in span)
        found[size] = edge.root()
    return found


def _witnesses(
    history: TrustHistory, size: int, pinned: Sequence[Roots]
) -> Mapping[str, tuple[VerifierKey, ...]]:
    found: dict[str, tuple[VerifierKey, ...]] = {}
    for roots in pinned:
        found[roots.party] = (*found.get(roots.party, ()), roots.witness_key)
    newest = history.in_force(size - 1)
    for witness in newest.witnesses if newest else ():
        if all(roots.party != witness.party for roots in pinned):
            found[witness.party] = (*found.get(witness.party, ()), VerifierKey.read(witness.vkey))
    return found
