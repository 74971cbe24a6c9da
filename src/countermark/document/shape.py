"""Decides how a frozen value stands in bytes: a map with integer keys, one form for each value, and back.

A shape is said once, as a table of parts, and serves both ways. Writing checks everything; reading builds the
value, writes it again and compares the bytes, so whatever is read could have been written, byte for byte.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, Generic, TypeVar

import cbor2

from countermark.document.encode import parse
from countermark.document.errors import DocumentError

VERSION = 1
"""Of the contents this release writes and reads."""
SALT_LENGTH = 16
MAX_CONTENT = 1_000_000

T = TypeVar("T")

_NEVER: Any = object()
_SALT, _VERSION, _FIRST = 0, 1, 2


class Unfit(DocumentError):
    """A value that no document of this shape may hold; ``path`` says where."""

    def __init__(self, code: str, complaint: str, path: tuple[str, ...] = ()) -> None:
        where = f"{'.'.join(path)}: " if path else ""
        super().__init__(code, f"{where}{complaint}. Correct it and try again.")
        self.complaint = complaint
        self.path = path

    def inside(self, name: str) -> Unfit:
        return Unfit(self.code, self.complaint, (name, *self.path))


def misfit(value: object, words: str) -> Unfit:
    """The complaint that a value is not what its place asks for."""
    seen = repr(value)
    seen = seen if len(seen) <= 40 else f"{seen[:40]}..."
    return Unfit("content-value", f"{seen} is not {words}")


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """How one kind of value is written (and checked) and read; ``absent`` is the value that is left out."""

    write: Callable[[T], Any]
    read: Callable[[Any], T] | None = None
    """``None``: as it stands. The check is left to ``write``."""
    absent: Any = _NEVER


def write_content(part: Part[T], value: T, salt: bytes) -> bytes:
    """The bytes a statement's hash is taken of: the value with its salt of 16 random bytes.

    Raises ``DocumentError`` for a value the shape cannot hold.
    """
    if type(salt) is not bytes or len(salt) != SALT_LENGTH:
        raise Unfit("salt", f"The salt has not {SALT_LENGTH} bytes")
    return _emit({_SALT: salt, _VERSION: VERSION, **part.write(value)}, MAX_CONTENT)


def read_content(part: Part[T], content: bytes) -> tuple[T, bytes]:
    """The value and the salt; raises ``DocumentError`` for bytes that ``write_content`` cannot give."""
    raw = _versioned(content, MAX_CONTENT)
    salt: Any = raw.get(_SALT)
    value = _built(part, raw)
    if write_content(part, value, salt) != content:
        raise Unfit("content-form", "The content is not in the one form of its values")
    return value, salt


def write_record(part: Part[T], value: T, *, limit: int = MAX_CONTENT) -> bytes:
    """The bytes of a value that no log's statement carries, so without a salt; raises ``DocumentError``."""
    return _emit({_VERSION: VERSION, **part.write(value)}, limit)


def read_record(part: Part[T], data: bytes, *, limit: int = MAX_CONTENT) -> T:
    """The value in these bytes; raises ``DocumentError`` for anything ``write_record`` cannot give."""
    value = _built(part, _versioned(data, limit))
    if write_record(part, value, limit=limit) != data:
        raise Unfit("content-form", "The content is not in the one form of its values")
    return value


def _emit(value: dict[int, Any], limit: int) -> bytes:
    # Every map is made in the order of RFC 8949, 4.2.1 by the parts, so nothing is sorted again.
    data = cbor2.dumps(value)
    if len(data) > limit:
        raise Unfit("content-long", f"The content is longer than {limit} bytes")
    return data


def _versioned(data: bytes, limit: int) -> dict[Any, Any]:
    raw = parse(data, limit=limit)
    if type(raw) is not dict:
        raise Unfit("content-form", "The content is not a map")
    if raw.get(_VERSION) != VERSION:
        raise Unfit(
            "unknown-version", f"The content has a version other than {VERSION}, which is all we know"
        )
    return raw


def _built(part: Part[T], raw: Any) -> T:
    if part.read is None:
        raise TypeError("only a record is a whole content")
    return part.read(raw)


def record(cls: type[T], **parts: Part[Any]) -> Part[T]:
    """A frozen dataclass as a map: its fields in order under the keys 2, 3 and so on.

    Keys 0 and 1 are the salt's and the version's where the record is a whole content.
    """
    names = tuple(parts)
    if names != tuple(field.name for field in fields(cls)):  # type: ignore[arg-type]
        raise TypeError(f"The parts of {cls.__name__} are not its fields")
    take = attrgetter(*names)
    keys = tuple(range(_FIRST, _FIRST + len(names)))
    writing = tuple((key, part.write, part.absent) for key, part in zip(keys, parts.values(), strict=True))
    absents = tuple(None if part.absent is _NEVER else part.absent for part in parts.values())
    building = tuple((place, part.read) for place, part in enumerate(parts.values()) if part.read)

    def write(value: T) -> dict[int, Any]:
        if type(value) is not cls:
            raise misfit(value, f"a {cls.__name__.lower()}")
        found: dict[int, Any] = {}
        key = _FIRST
        try:
            for (key, put, absent), field in zip(writing, take(value), strict=True):
                if field or field != absent:
                    found[key] = put(field)
        except Unfit as unfit:
            raise unfit.inside(names[key - _FIRST]) from None
        return found

    def read(raw: Any) -> T:
        if type(raw) is not dict:
            raise misfit(raw, f"a {cls.__name__.lower()}")
        found = list(map(raw.get, keys, absents))
        for place, build in building:
            if found[place] is not absents[place]:
                found[place] = build(found[place])
        return cls(*found)

    return Part(write, read)


def maybe(part: Part[T], absent: Any = None) -> Part[Any]:
    """A part that is left out when it has the value ``absent``."""
    return Part(part.write, part.read, absent)


def array(part: Part[T], most: int) -> Part[tuple[T, ...]]:
    """A tuple of at most ``most`` values."""
    put, build = part.write, part.read

    def write(values: tuple[T, ...]) -> list[Any]:
        if type(values) is not tuple or len(values) > most:
            raise misfit(values, f"a list of at most {most} entries")
        return [put(value) for value in values]

    def read(raw: Any) -> tuple[T, ...]:
        if type(raw) is not list:
            raise misfit(raw, "a list")
        return tuple(raw) if build is None else tuple([build(value) for value in raw])

    return Part(write, read)
