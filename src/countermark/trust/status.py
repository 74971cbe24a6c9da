"""Decides what a status list says: the legal status of every entry of a log, as of one size.

One mark a byte, at the index of the entry in the log; derived from the log's statements alone, so whoever has
the contents derives the same marks. Packed with zlib and unpacked only up to the size it names.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from countermark.document.certificate import read_certificate
from countermark.document.errors import DocumentError
from countermark.document.lifecycle import (
    LegalStatus,
    Void,
    next_status,
    read_lifecycle,
)
from countermark.document.parts import ascii_text, digest, octets, whole
from countermark.document.shape import Part, read_record, record, write_record
from countermark.trust.algorithm import Signer
from countermark.trust.errors import TrustError
from countermark.trust.sealed import Sealed, read_sealed, seal
from countermark.trust.statement import Statement
from countermark.trust.tree import leaf_hash

MAX_SIZE = 2_000_000
MAX_FILE = 4_000_000

NO_CERTIFICATE = 0
MARKS: Mapping[LegalStatus, int] = MappingProxyType(
    {
        LegalStatus.VALID: 1,
        LegalStatus.SUSPENDED: 2,
        LegalStatus.ANNULLED: 3,
        LegalStatus.REPLACED: 4,
        LegalStatus.SUPERSEDED: 5,
    }
)
_STATUSES = {mark: status for status, mark in MARKS.items()}
_ISSUING = frozenset({"issued", "duplicate", "replaced"})
_CHANGING = frozenset({"annulled", "suspended", "resumed"})


@dataclass(frozen=True, slots=True)
class Event:
    """What an entry of the log does to a status: its own, or that of the certificate it is ``about``."""

    index: int
    kind: str
    leaf_hash: bytes
    about: bytes | None


@dataclass(frozen=True, slots=True)
class StatusList:
    """The marks of a log's first ``size`` entries."""

    origin: str
    size: int
    root: bytes
    time: int
    """When it was derived, in seconds since 1970."""
    marks: bytes

    def status(self, index: int) -> LegalStatus | None:
        """The status of the certificate at an index below ``size``; ``None`` if there is none."""
        return _STATUSES.get(self.marks[index])


@dataclass(frozen=True, slots=True)
class _Packed:
    origin: str
    size: int
    root: bytes
    time: int
    marks: bytes


_PACKED: Part[_Packed] = record(
    _Packed,
    origin=ascii_text("[!-~]{1,255}", "an origin"),
    size=whole(0, MAX_SIZE),
    root=digest(),
    time=whole(0, 2**53),
    marks=octets(0, MAX_FILE),
)


def event_of(index: int, statement: Statement, content: bytes) -> Event | None:
    """What a statement does to a status, if anything; raises ``DocumentError`` for another content."""
    kind = statement.header.kind
    if kind in _ISSUING:
        certificate = read_certificate(content)[0]
        earlier = certificate.duplicate_of if kind == "duplicate" else certificate.replaces
        about = earlier.leaf_hash if earlier and kind != "issued" else None
        return Event(index, kind, leaf_hash(statement.leaf), about)
    if kind in _CHANGING:
        change = read_lifecycle(kind, content)[0]
        if not isinstance(change, Void):
            return Event(index, kind, leaf_hash(statement.leaf), change.certificate.leaf_hash)
    return None


def derive_marks(events: Iterable[Event], size: int) -> bytes:
    """The marks of a log's first ``size`` entries from its events in order; those beyond are left out.

    What cannot follow by the table of the life cycle changes nothing, and a duplicate or replacement of what
    does not stand is no certificate.
    """
    marks = bytearray(size)
    places: dict[bytes, int] = {}
    for event in events:
        if event.index >= size:
            break
        follows = event.about is None
        place = places.get(event.about) if event.about else None
        if place is not None:
            status = next_status(_STATUSES[marks[place]], event.kind)
            follows = status is not None
            marks[place] = MARKS[status] if status else marks[place]
        if event.kind in _ISSUING and follows:
            marks[event.index] = MARKS[LegalStatus.VALID]
            places[event.leaf_hash] = event.index
    return bytes(marks)


def seal_status_list(status_list: StatusList, signer: Signer) -> bytes:
    """The list as its operations key signs it."""
    packed = _Packed(
        status_list.origin,
        status_list.size,
        status_list.root,
        status_list.time,
        zlib.compress(status_list.marks, 9),
    )
    return seal("status-list", write_record(_PACKED, packed, limit=MAX_FILE), signer)


def read_status_list(data: bytes) -> tuple[StatusList, Sealed]:
    """The list and its seal, whose signature is the caller's to verify; raises ``TrustError``."""
    sealed = read_sealed("status-list", data, limit=MAX_FILE)
    try:
        packed = read_record(_PACKED, sealed.payload, limit=MAX_FILE)
    except DocumentError as error:
        raise TrustError(error.code, str(error)) from error
    marks = _unpack(packed.marks, packed.size)
    return StatusList(packed.origin, packed.size, packed.root, packed.time, marks), sealed


def _unpack(packed: bytes, size: int) -> bytes:
    """The marks; nothing is unpacked beyond the size, whatever the data would give."""
    unpacker = zlib.decompressobj()
    try:
        marks = unpacker.decompress(packed, size + 1)
    except zlib.error:
        marks = b""
    if len(marks) != size or not unpacker.eof or unpacker.unused_data:
        raise TrustError(
            "status-marks", "The status list does not hold one mark for each entry. Fetch it again."
        )
    if marks and max(marks) > max(_STATUSES):
        raise TrustError("status-marks", "The status list holds an unknown mark. Update this program.")
    return marks
