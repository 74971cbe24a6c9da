"""Decides what a log commits to: C2SP signed notes, verifier keys and tlog-checkpoint.

A checkpoint is a text: origin, size, root, optional extension lines. A note is a text, a blank line and
signature lines. Reading is exact: a note that reads is, written again, the same bytes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass, replace
from enum import IntEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from countermark.trust.algorithm import check_ed25519
from countermark.trust.errors import NoteError
from countermark.trust.tree import HASH_LENGTH

MAX_NOTE = 500_000
"""Bytes; room for a hundred ML-DSA-44 signatures."""
MAX_SIGNATURES = 100
KEY_ID_LENGTH = 4
_SIZE_END = 1 << 63
_MARK = "\N{EM DASH} "
_AGAIN = "Fetch it again from the log."


class KeyKind(IntEnum):
    """The signature type byte of a key (C2SP signed-note); ML-DSA-44 cosigners would be 6."""

    LOG = 1
    """Ed25519 over the note's text."""
    COSIGNER = 4
    """Ed25519 over the text and a time (C2SP tlog-cosignature)."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The public key of a log or cosigner, under its name."""

    name: str
    kind: KeyKind
    public: bytes
    """32 bytes."""

    @property
    def key_id(self) -> bytes:
        """The first 4 bytes of SHA-256 of name, newline, type byte and key (C2SP signed-note)."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """``name+hash+key``, as it is handed to others."""
        return f"{self.name}+{self.key_id.hex()}+{_base64(bytes([self.kind]) + self.public)}"

    @classmethod
    def read(cls, text: str) -> VerifierKey:
        """The key in this text; raises ``NoteError``, or ``KeyRefused`` for a weak key."""
        name, *rest = text.split("+", 2)
        if len(rest) != 2:
            raise NoteError("vkey-form", "A verifier key reads name+hash+key. Ask its owner for it again.")
        blob = _from_base64(rest[1], "vkey-form")
        if len(blob) != 33 or blob[0] not in (KeyKind.LOG, KeyKind.COSIGNER):
            raise NoteError("vkey-kind", "The verifier key is not an Ed25519 key of a log or cosigner.")
        _check_name(name)
        check_ed25519(blob[1:])
        key = cls(name, KeyKind(blob[0]), blob[1:])
        if key.key_id.hex() != rest[0]:
            raise NoteError("vkey-hash", "The hash in the verifier key is not that of its name and key.")
        return key

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Whether the Ed25519 signature over these bytes is good."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class NoteSigner:
    """The private key of a log or cosigner, under its name."""

    name: str
    key: Ed25519PrivateKey
    kind: KeyKind = KeyKind.LOG

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey(self.name, self.kind, self.key.public_key().public_bytes_raw())


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One signature of a note."""

    name: str
    key_id: bytes
    signature: bytes
    """What follows the key id; 64 bytes for a log, 8 bytes of time and 64 for a cosigner."""

    @property
    def text(self) -> str:
        """The line, without its newline."""
        return f"{_MARK}{self.name} {_base64(self.key_id + self.signature)}"

    @classmethod
    def read(cls, text: str) -> SignatureLine:
        """The signature in this line; raises ``NoteError``."""
        name, space, blob = text.removeprefix(_MARK).partition(" ")
        if not (text.startswith(_MARK) and space):
            raise NoteError("note-signature", f"A signature line of the note is not in its form. {_AGAIN}")
        _check_name(name)
        raw = _from_base64(blob, "note-signature")
        if len(raw) <= KEY_ID_LENGTH:
            raise NoteError("note-signature", f"A signature line of the note holds no signature. {_AGAIN}")
        return cls(name, raw[:KEY_ID_LENGTH], raw[KEY_ID_LENGTH:])

    def is_by(self, key: VerifierKey) -> bool:
        """Whether the line claims to be by this key."""
        return self.name == key.name and self.key_id == key.key_id


@dataclass(frozen=True, slots=True)
class Note:
    """A signed text; no two of its signatures claim the same key."""

    body: str
    """Ends with a newline."""
    signatures: tuple[SignatureLine, ...]

    @classmethod
    def read(cls, data: bytes) -> Note:
        """The note in these bytes; raises ``NoteError`` unless they are exactly one (C2SP signed-note)."""
        if len(data) > MAX_NOTE:
            raise NoteError("note-long", f"The note is longer than {MAX_NOTE} bytes. {_AGAIN}")
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            raise NoteError("note-utf8", f"The note is not UTF-8. {_AGAIN}") from error
        body, blank, lines = text.rpartition("\n\n")
        if not (body and blank and lines.endswith("\n")):
            raise NoteError("note-form", f"The note is not a text, a blank line and signatures. {_AGAIN}")
        if not all(line.isprintable() for line in body.split("\n")):
            raise NoteError("note-control", f"The note holds a control character. {_AGAIN}")
        signatures = tuple(SignatureLine.read(line) for line in lines[:-1].split("\n"))
        if len(signatures) > MAX_SIGNATURES:
            raise NoteError("note-signatures", f"The note has over {MAX_SIGNATURES} signatures. {_AGAIN}")
        if len({(line.name, line.key_id) for line in signatures}) < len(signatures):
            raise NoteError("note-duplicate", f"Two signatures of the note claim the same key. {_AGAIN}")
        return cls(body + "\n", signatures)

    def with_signature(self, line: SignatureLine) -> Note:
        """The note with one more signature; unchanged if it has one by that key, so that the oldest stays."""
        if any((held.name, held.key_id) == (line.name, line.key_id) for held in self.signatures):
            return self
        return replace(self, signatures=(*self.signatures, line))

    @property
    def bytes(self) -> bytes:
        return (self.body + "\n" + "".join(f"{line.text}\n" for line in self.signatures)).encode()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's size and root."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def body(self) -> str:
        """The text that is signed (C2SP tlog-checkpoint)."""
        return "".join(f"{line}\n" for line in (self.origin, self.size, _base64(self.root), *self.extensions))

    @classmethod
    def read(cls, body: str) -> Checkpoint:
        """The checkpoint in a note's body; raises ``NoteError`` unless writing it gives the same text."""
        match body.split("\n"):
            case [str() as origin, str() as size, str() as root, *extensions, ""] if (
                origin and size.isascii() and size.isdigit() and len(size) <= 19 and all(extensions)
            ):
                raw = _from_base64(root, "checkpoint-root")
                checkpoint = cls(origin, int(size), raw, tuple(extensions))
                if len(raw) == HASH_LENGTH and checkpoint.size < _SIZE_END and checkpoint.body == body:
                    return checkpoint
        raise NoteError("checkpoint-form", f"The text is not an origin, a size and a root. {_AGAIN}")


def sign(checkpoint: Checkpoint, signer: NoteSigner) -> Note:
    """The checkpoint as a note with the log's signature; ``NoteError`` if it could not be read back."""
    body = checkpoint.body
    if Checkpoint.read(body) != checkpoint or checkpoint.origin != signer.name:
        raise NoteError(
            "checkpoint-form", "The checkpoint is not one this log's key can sign. Sign no part of it."
        )
    line = SignatureLine(signer.name, signer.verifier.key_id, signer.key.sign(body.encode()))
    return Note.read(Note(body, (line,)).bytes)


def verify(note: Note, key: VerifierKey) -> bool:
    """Whether the log of this key signed the note, its name being the origin (C2SP tlog-checkpoint)."""
    if key.kind is not KeyKind.LOG or note.body.partition("\n")[0] != key.name:
        return False
    return any(line.is_by(key) and key.verify(note.body.encode(), line.signature) for line in note.signatures)


def _check_name(name: str) -> None:
    """Names are not empty and hold no space, plus or control character (C2SP signed-note)."""
    if not name or "+" in name or not name.isprintable() or any(c.isspace() for c in name):
        raise NoteError("note-name", f"The name of a key is empty or holds a space or a plus. {_AGAIN}")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _from_base64(text: str, code: str) -> bytes:
    """The bytes of canonical base64 (RFC 4648, 3.5)."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        data = b""
    if not data or _base64(data) != text:
        raise NoteError(code, f"{text[:40]!r} is not canonical base64. {_AGAIN}")
    return data
