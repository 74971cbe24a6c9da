"""What can be wrong with an application as written, and how it is told: where, why, what to write instead."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from countermark.goods.hs import HSEdition


class Fault(StrEnum):
    """The kinds of mistake; ``docs/reference/application.md`` explains each."""

    NOT_AN_APPLICATION = "not-an-application"
    FORMAT = "format"
    UNKNOWN_FIELD = "unknown-field"
    MISSING = "missing"
    NOT_FIELDS = "not-fields"
    NOT_A_LIST = "not-a-list"
    TOO_MANY = "too-many"
    TOO_DEEP = "too-deep"
    CYCLE = "cycle"
    REPEATED = "repeated"
    NOT_TEXT = "not-text"
    TOO_LONG = "too-long"
    CHARACTERS = "characters"
    NOT_A_NUMBER = "not-a-number"
    UNQUOTED_DECIMAL = "unquoted-decimal"
    NEGATIVE = "negative"
    ZERO = "zero"
    DIGITS = "digits"
    NOT_WHOLE = "not-whole"
    NOT_A_DATE = "not-a-date"
    DATE_RANGE = "date-range"
    COUNTRY = "country"
    CURRENCY = "currency"
    CHOICE = "choice"
    ANSWER = "answer"
    CODE_UNQUOTED = "code-unquoted"
    CODE_FORM = "code-form"
    CODE_SHORT = "code-short"
    CODE_UNKNOWN = "code-unknown"
    ITEM_ORDER = "item-order"
    NET_OVER_GROSS = "net-over-gross"
    SAME_CURRENCY = "same-currency"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One mistake in an application, with where it stands and what to write instead."""

    path: str
    """Such as ``goods[0].materials[2].value.amount``, counted from 0; empty for the whole application."""
    code: Fault
    message: str
    instead: str

    def __str__(self) -> str:
        return f"{self.path or 'application'}: {self.message} {self.instead}"


class EnoughFaults(Exception):
    """The reading has found as many faults as a person can use, and stops."""


MOST_FAULTS = 1000


@dataclass(slots=True)
class Reading:
    """One pass over an application: the code list it is held against, and the faults found so far."""

    edition: HSEdition
    errors: list[FieldError] = field(default_factory=list)

    def refuse(self, path: str, code: Fault, message: str, instead: str) -> None:
        """Note a fault and go on: the applicant sees all at once. Raises EnoughFaults at the limit."""
        self.errors.append(FieldError(path, code, message, instead))
        if len(self.errors) == MOST_FAULTS:
            message = f"These are the first {MOST_FAULTS} mistakes; the rest was not read."
            self.errors.append(FieldError("", Fault.TOO_MANY, message, "Correct them, and try again."))
            raise EnoughFaults


def inside(path: str, name: object) -> str:
    """The path of the field ``name`` of the value at ``path``; a strange name is escaped and shortened."""
    if isinstance(name, str) and name.isascii() and name.replace("_", "").isalnum() and len(name) <= 40:
        return f"{path}.{name}" if path else name
    return f"{path}[{shown(name)}]"


def shown(raw: object) -> str:
    """A value as an error message may quote it: short, and without characters that act on a terminal."""
    match raw:
        case bool():
            return "true" if raw else "false"
        case str():
            escaped = repr(raw[:40])[1:-1].replace('"', r"\"")
            return f'"{escaped}…"' if len(raw) > 40 else f'"{escaped}"'
        case int():
            return str(raw) if abs(raw) < 10**24 else "a number of more than 24 digits"
        case float() | Decimal():
            return str(raw)[:40]
        case date():
            return raw.isoformat()
        case dict():
            return "a group of fields"
        case list():
            return "a list"
        case None:
            return "nothing"
        case _:
            return f"a value of type {type(raw).__name__}"
