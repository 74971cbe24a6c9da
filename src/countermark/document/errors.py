"""The errors of reading and writing documents: each has a code, a sentence, and what to do next in it."""

from __future__ import annotations


class DocumentError(ValueError):
    """Bytes or a value that cannot be a document; callers translate by ``code``."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        """Stable, lower case with hyphens, such as ``cbor-not-canonical``."""


class NotCanonical(DocumentError):
    """Bytes that are not the one deterministic encoding of their value (RFC 8949, 4.2), or no CBOR at all."""


class NotEncodable(DocumentError):
    """A value outside the data model of documents: a float, a tag, an integer beyond 64 bits, a deep nest."""
