"""Decides what is a statement: a legal fact's hash, signed, in the exact bytes that stand in the log.

A statement is a tagged COSE_Sign1 hash envelope (RFC 9052, 4.2; RFC 9995, 3), its unprotected header empty:
the payload is SHA-256 of the content, so anyone can check the signature and nobody can guess the content.
Reading writes the parsed values again and compares every byte: a statement has exactly one encoding.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from countermark.document.encode import decode, encode
from countermark.document.errors import DocumentError
from countermark.trust import algorithm
from countermark.trust.algorithm import ALGORITHMS, KID_LENGTH, SIGNATURE_LENGTH, PublicKey, Signer
from countermark.trust.errors import StatementError
from countermark.trust.kinds import KINDS

MAX_LEAF = 65_535
"""Bytes; the length prefix of an entry bundle has 16 bits (C2SP tlog-tiles)."""
MAX_CONTENT = 1_000_000
MAX_FILE = MAX_CONTENT + MAX_LEAF
CTI_LENGTH = 16
DIGEST_LENGTH = 32

# Header labels: RFC 9052, 3.1 (alg, kid); RFC 9597, 2 (CWT claims); RFC 9995, 3 (hash, content type).
_ALG, _KID, _CLAIMS, _HASH, _TYPE = 1, 4, 15, 258, 259
# Claim keys: RFC 8392, 4.
_ISS, _SUB, _AUD, _IAT, _CTI = 1, 2, 3, 6, 7
_SHA256 = -16  # RFC 9054, 2.1
_TAG = b"\xd2"  # tag 18, COSE_Sign1 (RFC 9052, 2)
_TYPE_FORM = re.compile(r"application/vnd\.countermark\.([a-z-]{1,64})\+cbor")
_NAME_FORM = re.compile(r"[!-~]{1,255}")
_IAT_END = 1 << 53


@dataclass(frozen=True, slots=True)
class Header:
    """The protected header of a statement."""

    alg: int
    """COSE algorithm number."""
    kid: bytes
    kind: str
    """A name of ``kinds.KINDS``."""
    iss: str
    """The origin of the log the statement stands in."""
    sub: str
    aud: str | None
    """The partner addressed; ``None`` if the content is public."""
    iat: int
    """Seconds since 1970, as the signer's clock said."""
    cti: bytes
    """16 bytes, never used twice under one ``iss``."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement in canonical form; its signature is not checked by being one."""

    header: Header
    protected: bytes
    """The header's encoding, as signed."""
    digest: bytes
    """SHA-256 of the content."""
    signature: bytes
    """Raw, 64 bytes."""
    leaf: bytes
    """The statement's own bytes: the log's entry."""


@dataclass(frozen=True, slots=True)
class SignedFile:
    """A statement with its content, as files and symbols carry it: [protected, signature, content]."""

    protected: bytes
    signature: bytes
    content: bytes

    @classmethod
    def of(cls, statement: Statement, content: bytes) -> SignedFile:
        """A statement and the content it signs; raises ``StatementError`` for any other content."""
        if not matches(statement, content):
            raise _error("content", "The content is not the one that was signed")
        return cls(statement.protected, statement.signature, content)

    @classmethod
    def read(cls, data: bytes) -> SignedFile:
        """The file in these bytes; raises ``StatementError`` unless it is canonical and holds a statement."""
        value = _decoded(data, MAX_FILE)
        if not (isinstance(value, list) and [type(part) for part in value] == [bytes, bytes, bytes]):
            raise _error("file-form", "The file is not an array of header, signature and content")
        file = cls(*value)
        if len(file.content) > MAX_CONTENT:
            raise _error("content-long", f"The content is longer than {MAX_CONTENT} bytes")
        file.statement  # noqa: B018 - raises unless the parts make a statement
        return file

    @property
    def bytes(self) -> bytes:
        return encode([self.protected, self.signature, self.content])

    @property
    def statement(self) -> Statement:
        """The statement, its leaf rebuilt from header, signature and the content's hash."""
        digest = hashlib.sha256(self.content).digest()
        leaf = _leaf(self.protected, digest, self.signature)
        return _build(self.protected, digest, self.signature, leaf)


def sign(
    *,
    kind: str,
    iss: str,
    sub: str,
    aud: str | None,
    iat: int,
    cti: bytes,
    content: bytes,
    signer: Signer,
) -> Statement:
    """Sign the content's hash; the same arguments and a deterministic signer give the same bytes.

    Raises ``StatementError`` if the result could not be read back.
    """
    header = Header(signer.alg, signer.kid, kind, iss, sub, aud, iat, cti)
    _check(header)
    if len(content) > MAX_CONTENT:
        raise _error("content-long", f"The content is longer than {MAX_CONTENT} bytes")
    protected = encode(_header_map(header))
    digest = hashlib.sha256(content).digest()
    signature = signer.sign(_signed_bytes(protected, digest))
    return Statement(header, protected, digest, signature, _leaf(protected, digest, signature))


def read(leaf: bytes) -> Statement:
    """The statement whose bytes these are; raises ``StatementError`` for anything but its one encoding."""
    if len(leaf) > MAX_LEAF:
        raise _error("leaf-long", f"The statement is longer than {MAX_LEAF} bytes")
    if leaf[:1] != _TAG:
        raise _error("tag", "The data is not a tagged COSE_Sign1")
    match _decoded(leaf[1:], MAX_LEAF):
        case [bytes() as protected, {**unprotected}, bytes() as digest, bytes() as signature]:
            if unprotected:
                raise _error("unprotected", "The statement has an unprotected header")
            return _build(protected, digest, signature, leaf)
    raise _error("form", "The data is not an array of header, empty map, digest and signature")


def verify(statement: Statement, key: PublicKey) -> bool:
    """Whether the key made the signature (RFC 9052, 4.4); the trust list says whether it was allowed to."""
    message = _signed_bytes(statement.protected, statement.digest)
    return algorithm.verify(key, statement.header.alg, message, statement.signature)


def matches(statement: Statement, content: bytes) -> bool:
    """Whether this is the content whose hash was signed."""
    return hashlib.sha256(content).digest() == statement.digest


def _build(protected: bytes, digest: bytes, signature: bytes, leaf: bytes) -> Statement:
    if len(digest) != DIGEST_LENGTH:
        raise _error("digest", f"The payload is not a hash of {DIGEST_LENGTH} bytes")
    if len(signature) != SIGNATURE_LENGTH:
        raise _error("signature", f"The signature has not {SIGNATURE_LENGTH} bytes")
    return Statement(_header(_decoded(protected, MAX_LEAF)), protected, digest, signature, leaf)


def _header(value: Any) -> Header:
    """The header of a decoded map; every label must be known and in its place."""
    try:
        claims = value[_CLAIMS]
        form = _TYPE_FORM.fullmatch(value[_TYPE])
        header = Header(
            value[_ALG], value[_KID], form[1] if form else "",
            claims[_ISS], claims[_SUB], claims.get(_AUD), claims[_IAT], claims[_CTI],
        )  # fmt: skip
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise _error("header", "A header or claim is missing or has the wrong type") from error
    _check(header)
    if value != _header_map(header):
        raise _error("header", "The header holds a label, claim or value that is not known")
    return header


def _check(header: Header) -> None:
    """Raise ``StatementError`` for a header no statement may have."""
    kind = KINDS.get(header.kind)
    if kind is None:
        raise _error("kind", f"{header.kind!r} is no kind of statement")
    if not (type(header.alg) is int and header.alg in ALGORITHMS):
        raise _error("alg", f"Algorithm {header.alg!r} is not accepted")
    if not (type(header.kid) is bytes and len(header.kid) == KID_LENGTH):
        raise _error("kid", f"The key identifier has not {KID_LENGTH} bytes")
    if not (type(header.cti) is bytes and len(header.cti) == CTI_LENGTH):
        raise _error("cti", f"The statement's identifier has not {CTI_LENGTH} bytes")
    if not (type(header.iat) is int and 0 <= header.iat < _IAT_END):
        raise _error("iat", "The time of signing is not a whole number of seconds since 1970")
    if kind.addressed != (header.aud is not None):
        must = "must" if kind.addressed else "must not"
        raise _error("aud", f"A statement of the kind {header.kind!r} {must} be addressed")
    for name in (header.iss, header.sub, header.aud or "-"):
        if not (type(name) is str and _NAME_FORM.fullmatch(name)):
            raise _error("name", "iss, sub and aud are 1 to 255 visible ASCII characters")


def _header_map(header: Header) -> dict[int, object]:
    claims: dict[int, object] = {_ISS: header.iss, _SUB: header.sub}
    if header.aud is not None:
        claims[_AUD] = header.aud
    claims[_IAT] = header.iat
    claims[_CTI] = header.cti
    return {
        _ALG: header.alg,
        _KID: header.kid,
        _CLAIMS: claims,
        _HASH: _SHA256,
        _TYPE: f"application/vnd.countermark.{header.kind}+cbor",
    }


def _signed_bytes(protected: bytes, digest: bytes) -> bytes:
    """Sig_structure (RFC 9052, 4.4) with empty external data."""
    return encode(["Signature1", protected, b"", digest])


def _leaf(protected: bytes, digest: bytes, signature: bytes) -> bytes:
    return _TAG + encode([protected, {}, digest, signature])


def _decoded(data: bytes, limit: int) -> Any:
    try:
        return decode(data, limit=limit)
    except DocumentError as error:
        raise StatementError(error.code, str(error)) from error


def _error(code: str, sentence: str) -> StatementError:
    return StatementError(
        f"statement-{code}", f"{sentence}. Ask the signer for the statement as it was signed."
    )
