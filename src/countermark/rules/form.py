"""How a rule is written in JSON: the kinds of value a node's fields hold, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

MOST_DEEP = 32
"""Levels of nesting that are read: a deeper rule is an attack, or a mistake."""
_FIGURE = re.compile(r"-?\d{1,12}(\.\d{1,9})?\Z", re.ASCII)
_CODE = re.compile(r"\d{2,10}\Z", re.ASCII)


class ExpressionError(ValueError):
    """A rule that is not written in the form; ``code`` names the mistake, ``path`` where it stands."""

    def __init__(self, path: str, code: str, sentence: str) -> None:
        super().__init__(f"{path or 'rule'}: {sentence}")
        self.path = path
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value: how it is read from JSON at a path, and written back."""

    read: Callable[[object, str], Any]
    write: Callable[[Any], object]


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a node: its name in JSON, its name in Python, and the kind of its value."""

    name: str
    attribute: str
    kind: Kind
    required: bool = False


def read_parts(
    raw: object, parts: tuple[Part, ...], path: str, beside: Collection[str] = ()
) -> dict[str, Any]:
    """The fields of an object; ``beside`` names keys that others read.

    Raises:
        ExpressionError: not an object, a field nobody reads, a required field missing, or a wrong value.
    """
    fields = read_object(raw, path)
    names = [part.name for part in parts]
    for name in fields:
        if name not in names and name not in beside:
            raise ExpressionError(
                f"{path}.{name}"[:120], "unknown-field", f"The fields here are: {', '.join(names)}."
            )
    values = {}
    for part in parts:
        if part.name in fields:
            values[part.attribute] = part.kind.read(fields[part.name], f"{path}.{part.name}")
        elif part.required:
            raise ExpressionError(path, "missing", f"The field {part.name} is missing.")
    return values


def write_parts(value: Any, parts: tuple[Part, ...]) -> dict[str, object]:
    """The fields that differ from what leaving them out would mean."""
    blanks = {name: held.default for name, held in value.__dataclass_fields__.items()}
    held = ((part, getattr(value, part.attribute)) for part in parts)
    return {part.name: part.kind.write(v) for part, v in held if part.required or v != blanks[part.attribute]}


def read_object(raw: object, path: str) -> Mapping[str, object]:
    if not isinstance(raw, dict) or not all(isinstance(name, str) for name in raw):
        raise ExpressionError(path, "not-an-object", "An object with named fields is expected here.")
    return raw


def read_list(raw: object, path: str) -> list[object]:
    if not isinstance(raw, list | tuple) or not raw:
        raise ExpressionError(path, "not-a-list", "A list of at least one entry is expected here.")
    return list(raw)


def _text(raw: object, path: str) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise ExpressionError(path, "not-text", "A text is expected here.")
    return raw


def _flag(raw: object, path: str) -> bool:
    if not isinstance(raw, bool):
        raise ExpressionError(path, "not-a-flag", "Only true or false is expected here.")
    return raw


def _count(raw: object, path: str) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 1 <= raw <= 1000:
        raise ExpressionError(path, "not-a-count", "A whole number from 1 to 1000 is expected here.")
    return raw


def _figure(raw: object, path: str) -> Decimal:
    if not isinstance(raw, str) or not _FIGURE.match(raw):
        raise ExpressionError(
            path, "not-a-figure", 'A decimal in quotes is expected here, such as "40" or "7.5".'
        )
    return Decimal(raw)


def _percentage(raw: object, path: str) -> Decimal:
    figure = _figure(raw, path)
    if not 0 <= figure <= 100:
        raise ExpressionError(path, "percentage", "A percentage from 0 to 100 is expected here.")
    return figure


def _day(raw: object, path: str) -> date:
    try:
        return date.fromisoformat(_text(raw, path))
    except ValueError as error:
        raise ExpressionError(path, "not-a-date", "A day such as 2026-05-04 is expected here.") from error


def _cite(raw: object, path: str) -> tuple[int, int]:
    match raw:
        case [int(start), int(end)] if (
            0 <= start <= end and not isinstance(start, bool) and not isinstance(end, bool)
        ):
            return start, end
    raise ExpressionError(path, "cite", "The start and end of the text are expected here, such as [0, 42].")


def read_code(raw: object, path: str) -> str:
    if not isinstance(raw, str) or not _CODE.match(raw):
        raise ExpressionError(
            path, "code", 'A code of 2 to 10 digits in quotes is expected here, such as "0402".'
        )
    return raw


def one_of(*words: str) -> Kind:
    """One of a few fixed words."""

    def read(raw: object, path: str) -> str:
        if raw not in words:
            raise ExpressionError(path, "choice", f"One of these is expected here: {', '.join(words)}.")
        return str(raw)

    return Kind(read, str)


def list_of(kind: Kind) -> Kind:
    """A list of at least one value of a kind."""
    return Kind(
        lambda raw, path: tuple(kind.read(v, f"{path}[{n}]") for n, v in enumerate(read_list(raw, path))),
        lambda values: [kind.write(v) for v in values],
    )


TEXT = Kind(_text, str)
FLAG = Kind(_flag, bool)
COUNT = Kind(_count, int)
FIGURE = Kind(_figure, lambda value: f"{value:f}")
PERCENTAGE = Kind(_percentage, lambda value: f"{value:f}")
DAY = Kind(_day, lambda value: value.isoformat())
CITE = Kind(_cite, list)
