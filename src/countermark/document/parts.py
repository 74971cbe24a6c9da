"""Decides how the plain kinds of values stand in bytes: texts, bytes, numbers, amounts, dates, choices."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, TypeVar

from countermark.document.shape import Part, Unfit, misfit

T = TypeVar("T")
E = TypeVar("E", bound=Enum)

_BREAKS = str.maketrans("\n\u00a0\u202f\u200c\u200d", "     ")
"""Line breaks and fixed blanks; the joiners are part of the spelling in several scripts."""
_AMOUNT = re.compile(r"(0|[1-9][0-9]{0,17})(\.[0-9]{0,5}[1-9])?", re.ASCII)


def text(most: int) -> Part[str]:
    """A text without invisible characters: no controls, no marks that turn the direction of writing."""

    def write(value: str) -> str:
        if type(value) is str and 0 < len(value) <= most:
            if value.isprintable() or value.translate(_BREAKS).isprintable():
                return value
            raise Unfit("text-invisible", f"The text {value!r} holds characters that cannot be seen")
        raise misfit(value, f"a text of 1 to {most} characters")

    return Part(write)


def verbatim(most: int) -> Part[str]:
    """A text as somebody entered it, whatever it holds; only half a surrogate pair has no UTF-8 form."""

    def write(value: str) -> str:
        if (
            type(value) is str
            and len(value) <= most
            and (value.isascii() or value.encode(errors="replace").decode() == value)
        ):
            return value
        raise misfit(value, f"a text of at most {most} characters")

    return Part(write)


def ascii_text(form: str, words: str) -> Part[str]:
    """A text of one regular expression in ASCII, so that letters that only look alike are refused."""
    match = re.compile(form, re.ASCII).fullmatch

    def write(value: str) -> str:
        if type(value) is str and match(value):
            return value
        raise misfit(value, words)

    return Part(write)


COUNTRY = ascii_text("[A-Z]{2}", "a country code of two capital Latin letters")


def digest(length: int = 32) -> Part[bytes]:
    """Exactly ``length`` bytes."""
    return octets(length, length)


def octets(least: int, most: int) -> Part[bytes]:
    def write(value: bytes) -> bytes:
        if type(value) is bytes and least <= len(value) <= most:
            return value
        raise misfit(value, f"{least} to {most} bytes")

    return Part(write)


def whole(least: int, most: int) -> Part[int]:
    """An integer between two limits, both allowed."""

    def write(value: int) -> int:
        if type(value) is int and least <= value <= most:
            return value
        raise misfit(value, f"a whole number from {least} to {most}")

    return Part(write)


def _write_flag(value: bool) -> bool:
    if type(value) is bool:
        return value
    raise misfit(value, "yes or no")


FLAG = Part(_write_flag)


def _write_date(value: date) -> str:
    if type(value) is date:
        return value.isoformat()
    raise misfit(value, "a date")


def _read_date(raw: Any) -> date:
    try:
        return date.fromisoformat(raw)
    except (ValueError, TypeError):
        raise misfit(raw, "a date such as 2026-05-04") from None


DATE = Part(_write_date, _read_date)


def _write_amount(value: Decimal) -> str:
    if type(value) is Decimal and _AMOUNT.fullmatch(written := str(value)):
        return written
    if type(value) is Decimal and value.is_finite() and -7 < value.adjusted() < 18:
        written = f"{value:f}"
        written = written.rstrip("0").rstrip(".") if "." in written else written
        if _AMOUNT.fullmatch(written):
            return written
    raise misfit(value, "an amount of at most 18 digits and 6 decimals, not below zero")


def _read_amount(raw: Any) -> Decimal:
    # Short, so that building it costs nothing; its form is left to the writer.
    if type(raw) is str and len(raw) <= 25:
        try:
            return Decimal(raw)
        except InvalidOperation:
            pass
    raise misfit(raw, "an amount such as 41000.5")


AMOUNT = Part(_write_amount, _read_amount)
"""A decimal, not below zero: no exponent, no zeros that say nothing, so equal amounts have equal bytes."""


def choice(numbers: Mapping[E, int]) -> Part[E]:
    """A member of an enumeration, as its number."""
    members = {number: member for member, number in numbers.items()}

    def write(value: E) -> int:
        if value in numbers:
            return numbers[value]
        raise misfit(value, f"one of {', '.join(str(member.value) for member in numbers)}")

    def read(raw: Any) -> E:
        if type(raw) is int and raw in members:
            return members[raw]
        raise misfit(raw, f"one of {', '.join(map(str, members))}")

    return Part(write, read)


def mapping(part: Part[T], most: int) -> Part[Mapping[str, T]]:
    """A map from texts of at most 1000 characters."""
    name = verbatim(1000).write
    put, build = part.write, part.read

    def write(values: Mapping[str, T]) -> dict[str, Any]:
        if not isinstance(values, Mapping) or len(values) > most:
            raise misfit(values, f"a map of at most {most} entries")
        order = sorted((len(encoded := name(key).encode()), encoded, key) for key in values)
        return {key: put(values[key]) for _, _, key in order}

    def read(raw: Any) -> Mapping[str, T]:
        if type(raw) is not dict:
            raise misfit(raw, "a map")
        return raw if build is None else {key: build(value) for key, value in raw.items()}

    return Part(write, read)
