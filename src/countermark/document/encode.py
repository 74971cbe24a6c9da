"""Decides which bytes a value has: exactly one encoding each, deterministic CBOR (RFC 8949, 4.2).

The data model is smaller than CBOR's: integers of 64 bits, byte and text strings, true, false, null, arrays,
and maps with integer or text keys. No floats, tags, bignums, other simple values or indefinite lengths.
What ``decode`` accepts is exactly what ``encode`` writes: two byte strings never mean the same value.
"""

from __future__ import annotations

from typing import Any, NoReturn

import cbor2

from countermark.document.errors import NotCanonical, NotEncodable

MAX_DEPTH = 16
"""Containers inside one another, the outermost included."""

_ASK_SENDER = "Ask the sender for the file as it was signed."


class _NoTags(dict[int, Any]):
    """Makes every tag an error before its decoder runs: tag 35 would compile a regular expression."""

    def __missing__(self, tag: int) -> NoReturn:
        raise NotEncodable("cbor-tag", f"CBOR tag {tag} has no place in a document. Convert it first.")


_NO_TAGS = _NoTags()
_PLAIN = frozenset({str, bytes, bool, type(None)})
_LEAST, _GREATEST = -(1 << 64), (1 << 64) - 1


def encode(value: object) -> bytes:
    """The deterministic bytes of a value; maps may be given in any order.

    Raises ``NotEncodable`` for anything outside the data model; subclasses such as enums are outside it too.
    """
    try:
        return cbor2.dumps(_ordered(value, MAX_DEPTH))
    except UnicodeEncodeError:
        raise NotEncodable(
            "cbor-text", "A text holds half of a surrogate pair and has no UTF-8 form. Enter the text again."
        ) from None


def parse(data: bytes, *, limit: int) -> Any:
    """The value of bytes that may not be canonical: for a reader that writes its value again and compares.

    Raises ``NotCanonical`` for what is too long, no CBOR, tagged, indefinite, or nested too deep.
    """
    if len(data) > limit:
        raise NotCanonical(
            "cbor-too-long", f"The data has {len(data)} bytes; at most {limit} are read here. {_ASK_SENDER}"
        )
    try:
        return cbor2.loads(
            data,
            semantic_decoders=_NO_TAGS,
            max_depth=MAX_DEPTH,
            allow_indefinite=False,
            allow_duplicate_keys=False,
        )
    except (cbor2.CBORError, NotEncodable) as error:
        raise NotCanonical(
            "cbor-unreadable",
            f"The data is no CBOR of this format ({error.__cause__ or error}). {_ASK_SENDER}",
        ) from error


def decode(data: bytes, *, limit: int) -> Any:
    """The value of canonical bytes: lists, dicts, ints, bytes, strs, bools and ``None``.

    ``limit`` is the greatest length in bytes that is looked at. Raises ``NotCanonical`` unless
    ``encode`` of the value gives the same bytes (RFC 8949, 4.2.1), which also refuses trailing bytes.
    """
    value = parse(data, limit=limit)
    try:
        canonical = encode(value)
    except NotEncodable as error:
        raise NotCanonical(
            "cbor-unreadable", f"The data is no CBOR of this format ({error}). {_ASK_SENDER}"
        ) from error
    if canonical != data:
        raise NotCanonical(
            "cbor-not-canonical",
            f"The data is not in its one deterministic form (RFC 8949, 4.2). {_ASK_SENDER}",
        )
    return value


def _ordered(value: Any, depth: int) -> Any:
    """The same value with every map in bytewise order of its encoded keys, every type checked."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is int:
        if _LEAST <= value <= _GREATEST:
            return value
        raise NotEncodable("cbor-integer", "An integer has more than 64 bits. Write it as a text.")
    if depth == 0:
        raise NotEncodable("cbor-depth", f"Arrays and maps are nested deeper than {MAX_DEPTH}. Flatten them.")
    if kind is dict:
        return {
            key: item if type(item := value[key]) in _PLAIN else _ordered(item, depth - 1)
            for key in _keys(value)
        }
    if kind is list or kind is tuple:
        return [item if type(item) in _PLAIN else _ordered(item, depth - 1) for item in value]
    raise NotEncodable("cbor-type", f"A {kind.__name__} has no place in a document. Convert it first.")


def _keys(value: dict[Any, Any]) -> list[Any]:
    """The keys of a map as their encodings order bytewise."""
    if set(map(type, value)) == {int}:
        keys = sorted(value)
        if keys[0] >= 0:
            return keys
    return sorted(value, key=_key_order)


def _key_order(key: object) -> tuple[int, int, bytes]:
    """0, 1, ..., then -1, -2, ..., then texts, shorter first (RFC 8949, 4.2.1)."""
    if type(key) is int:
        return (0, key, b"") if key >= 0 else (1, -key, b"")
    if type(key) is str:
        text = key.encode()
        return (2, len(text), text)
    raise NotEncodable(
        "cbor-key", f"A {type(key).__name__} is no key of a map here: use an integer or a text."
    )
