"""Decides what proves delivery: the content of ``received``, put by the partner into its own log.

It says that everything up to a size of our log arrived, but for the indices listed. It means no agreement: a
statement can arrive and be refused, with its reason, and a hole never stops the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

from countermark.document.parts import ascii_text, digest, text, whole
from countermark.document.shape import Part, Unfit, array, maybe, read_content, record, write_content

MOST_LISTED = 10_000
"""Missing or refused indices of one ``received``; a partner with more covers a smaller size."""
MAX_SIZE = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class RefusedEntry:
    """An entry that arrived and cannot be used."""

    index: int
    reason: str
    """A code, such as ``content-mismatch``, or words."""


@dataclass(frozen=True, slots=True)
class Received:
    """How much of a partner's log arrived."""

    origin: str
    """The log's."""
    size: int
    root: bytes
    """Of that size."""
    missing: tuple[int, ...] = ()
    """Indices whose content, addressed to us, has not arrived."""
    refused: tuple[RefusedEntry, ...] = ()


INDEX = whole(0, MAX_SIZE)
ORIGIN = ascii_text("[!-~]{1,255}", "an origin of 1 to 255 visible ASCII characters")
_RECEIVED: Part[Received] = record(
    Received,
    origin=ORIGIN,
    size=INDEX,
    root=digest(),
    missing=maybe(array(INDEX, MOST_LISTED), ()),
    refused=maybe(array(record(RefusedEntry, index=INDEX, reason=text(100)), MOST_LISTED), ()),
)


def _check(received: Received) -> None:
    refused = [entry.index for entry in received.refused]
    for listed in (list(received.missing), refused):
        if listed != sorted(set(listed)):
            raise Unfit("received-order", "Missing and refused indices stand in order, once each")
        if listed and listed[-1] >= received.size:
            raise Unfit("received-size", f"Index {listed[-1]} is not in a log of {received.size}")
    if not set(refused).isdisjoint(received.missing):
        raise Unfit("received-both", "An index is listed as missing and as refused")


def encode_received(received: Received, salt: bytes) -> bytes:
    """The content to sign; ``salt`` is 16 random bytes. Raises ``DocumentError`` for impossible indices."""
    _check(received)
    return write_content(_RECEIVED, received, salt)


def read_received(content: bytes) -> tuple[Received, bytes]:
    """The value and its salt; raises ``DocumentError`` for anything ``encode_received`` cannot give."""
    received, salt = read_content(_RECEIVED, content)
    _check(received)
    return received, salt
