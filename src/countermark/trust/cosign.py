"""Decides whether, and when, another party vouched for a checkpoint: C2SP tlog-cosignature, cosignature/v1.

What the cosigner vouches for is its key's matter: a witness for consistency, a mirror for holding every leaf.
"""

from __future__ import annotations

from countermark.trust.checkpoint import Checkpoint, KeyKind, Note, NoteSigner, SignatureLine, VerifierKey
from countermark.trust.errors import NoteError

_TIME_LENGTH = 8
_TIME_END = 1 << 63


def cosign(note_body: str, signer: NoteSigner, time: int) -> SignatureLine:
    """The line that vouches for a checkpoint at a time, in seconds since 1970.

    Raises ``NoteError`` if the text is no checkpoint, the key no cosigner's, or the time out of range.
    """
    Checkpoint.read(note_body)
    if signer.kind is not KeyKind.COSIGNER:
        raise NoteError("cosign-kind", "A log's key does not cosign. Use a key made for cosigning.")
    if not 0 < time < _TIME_END:
        raise NoteError("cosign-time", "A cosignature needs the time in seconds since 1970. Check the clock.")
    signature = signer.key.sign(_message(note_body, time))
    return SignatureLine(signer.name, signer.verifier.key_id, time.to_bytes(_TIME_LENGTH) + signature)


def verify(note: Note, key: VerifierKey) -> int | None:
    """When the cosigner of this key vouched for the note, in seconds since 1970; ``None`` if it did not."""
    if key.kind is not KeyKind.COSIGNER:
        return None
    for line in note.signatures:
        if line.is_by(key):
            time = int.from_bytes(line.signature[:_TIME_LENGTH])
            signature = line.signature[_TIME_LENGTH:]
            good = 0 < time < _TIME_END and key.verify(_message(note.body, time), signature)
            return time if good else None
    return None


def _message(note_body: str, time: int) -> bytes:
    """What is signed: a header line, a time line, and the whole note body."""
    return f"cosignature/v1\ntime {time}\n{note_body}".encode()
