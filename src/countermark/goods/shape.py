"""How records are read from plain data and written back: one table of fields each, all faults in one pass.

Plain data is what JSON and YAML hold: mappings with text keys, lists, text, whole numbers, booleans, dates,
``None``. A blank is a field left out, ``null``, an empty text, or the word ``unknown``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from countermark.goods.fault import Fault, Reading, inside, shown

BLANK_WORD = "unknown"
_BLANKS = frozenset(("", BLANK_WORD))


def is_blank(raw: object) -> bool:
    """Whether the applicant left the value open."""
    return raw is None or (isinstance(raw, str) and raw.strip() in _BLANKS)


class Kind(ABC):
    """What a field may hold; ``blank`` is the value that stands for a field left open."""

    __slots__ = ()
    blank: Any = None

    @property
    @abstractmethod
    def words(self) -> str:
        """How to write such a value, for error messages."""

    @abstractmethod
    def read(self, raw: object, path: str, reading: Reading) -> Any:
        """The value of ``raw``, which is no blank; on a fault, notes it and returns anything."""

    @abstractmethod
    def write(self, value: Any) -> object:
        """The plain form of a value other than the blank."""


@dataclass(frozen=True, slots=True)
class Field:
    """A named place in a record."""

    name: str
    kind: Kind
    required: bool = False
    attribute: str = ""
    """The name in the value type, where it differs."""

    @property
    def target(self) -> str:
        return self.attribute or self.name

    def read(self, raw: object, path: str, reading: Reading) -> Any:
        """The field's value, or its blank; a blank in a required field is a fault."""
        if raw is not None and not (isinstance(raw, str) and raw.strip() in _BLANKS):
            return self.kind.read(raw, path, reading)
        if self.required:
            reading.refuse(path, Fault.MISSING, f"`{self.name}` is missing.", f"Write {self.kind.words}.")
        return self.kind.blank


Check = Callable[[Mapping[str, Any], str, Reading], None]


@dataclass(frozen=True, slots=True)
class Record(Kind):
    """A group of named fields that makes one value; ``checks`` compare fields with each other."""

    name: str
    make: Callable[..., Any]
    fields: tuple[Field, ...]
    blank: Any = None
    checks: tuple[Check, ...] = ()
    names: tuple[str, ...] = field(init=False, repr=False, compare=False)
    _places: tuple[tuple[Field, str, str], ...] = field(init=False, repr=False, compare=False)
    """Each field with its name and its target; most are left open in most records, so passing them must be cheap."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(f.name for f in self.fields))
        object.__setattr__(self, "_places", tuple((f, f.name, f.target) for f in self.fields))

    @property
    def words(self) -> str:
        return f"the fields {', '.join(self.names)}"

    def read(self, raw: object, path: str, reading: Reading) -> Any:
        if not isinstance(raw, dict):
            message = f"Here stand fields with names, not {shown(raw)}."
            reading.refuse(path, Fault.NOT_FIELDS, message, f"Write {self.words}.")
            return None
        before = len(reading.errors)
        _refuse_unknown(raw, self.names, path, reading)
        prefix = f"{path}." if path else ""
        values: dict[str, Any] = {}
        for place, name, target in self._places:
            part = raw.get(name)
            if part is None and not place.required:
                values[target] = place.kind.blank
            else:
                values[target] = place.read(part, prefix + name, reading)
        for check in self.checks:
            check(values, path, reading)
        return None if len(reading.errors) > before else self.make(**values)

    def write(self, value: Any) -> dict[str, object]:
        found: dict[str, object] = {}
        for place, name, target in self._places:
            kind, part = place.kind, getattr(value, target)
            if part != kind.blank:
                found[name] = kind.write(part)
        return found


def _refuse_unknown(
    raw: Mapping[object, object], names: tuple[str, ...], path: str, reading: Reading
) -> None:
    """A field nobody reads would be a statement silently dropped: each one is a fault."""
    for name in raw:
        if name in names:
            continue
        near = get_close_matches(name, names, 1) if isinstance(name, str) and len(name) <= 40 else []
        instead = f"Did you mean `{near[0]}`?" if near else f"The fields here are: {', '.join(names)}."
        reading.refuse(inside(path, name), Fault.UNKNOWN_FIELD, f"There is no field {shown(name)}.", instead)


@dataclass(frozen=True, slots=True)
class ListOf(Kind):
    """A list of values of one kind."""

    kind: Kind
    least: int
    most: int
    blank: Any = ()

    @property
    def words(self) -> str:
        return f"a list of {self.least} to {self.most} entries"

    def read(self, raw: object, path: str, reading: Reading) -> Any:
        if not isinstance(raw, list | tuple):
            message = f"Here stands a list, not {shown(raw)}."
            reading.refuse(path, Fault.NOT_A_LIST, message, "Write a list, or [] to say that there is none.")
            return ()
        if len(raw) < self.least:
            message = f"The list has {len(raw)} entries."
            reading.refuse(path, Fault.MISSING, message, f"Write {self.words}.")
        if len(raw) > self.most:
            message = f"The list has {len(raw)} entries; at most {self.most} are read."
            reading.refuse(path, Fault.TOO_MANY, message, f"Write {self.words}.")
            return ()
        entry = Field("entry", self.kind, required=True)
        return tuple(entry.read(part, f"{path}[{n}]", reading) for n, part in enumerate(raw))

    def write(self, value: Any) -> list[object]:
        return [self.kind.write(part) for part in value]


@dataclass(frozen=True, slots=True)
class Keyed(Kind):
    """Values of one kind under names the applicant did not choose, such as the ids of questions."""

    key: Kind
    kind: Kind
    most: int

    @property
    def blank(self) -> dict[str, Any]:
        return {}

    @property
    def words(self) -> str:
        return f"lines of a name and {self.kind.words}"

    def read(self, raw: object, path: str, reading: Reading) -> Any:
        if not isinstance(raw, dict):
            message = f"Here stand lines with names, not {shown(raw)}."
            reading.refuse(path, Fault.NOT_FIELDS, message, f"Write {self.words}.")
            return {}
        if len(raw) > self.most:
            message = f"There are {len(raw)} lines; at most {self.most} are read."
            reading.refuse(path, Fault.TOO_MANY, message, "Keep the lines that were asked for.")
            return {}
        found: dict[str, Any] = {}
        for name, part in raw.items():
            here = inside(path, name)
            key = Field("name", self.key, required=True).read(name, here, reading)
            if key and key in found:
                reading.refuse(here, Fault.REPEATED, f"{shown(key)} is written twice.", "Keep one of them.")
            if not is_blank(part):
                found[key] = self.kind.read(part, here, reading)
        return found

    def write(self, value: Any) -> dict[str, object]:
        return {key: self.kind.write(part) for key, part in sorted(value.items())}
