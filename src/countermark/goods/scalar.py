"""What single values may hold: text, exact numbers, dates, country and currency letters, choices, answers.

Numbers come as quoted decimals or whole numbers. An unquoted decimal has gone through binary floating point
in most readers, so it is refused rather than trusted to be what was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from countermark.goods.fault import Fault, Reading, shown
from countermark.goods.material import Answer
from countermark.goods.shape import Kind

MOST_DIGITS = 24
YEARS = range(1990, 2101)
"""Later dates would overflow the calendar when a period of validity is added."""

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_WHOLE = re.compile(r"0|[1-9][0-9]{0,23}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_JOINERS = "\u200c\u200d"
"""Invisible, but part of the spelling in several scripts."""


def _unprintable(letter: str) -> bool:
    category = unicodedata.category(letter)
    return (category[0] == "C" and letter not in _JOINERS) or category in ("Zl", "Zp")


@dataclass(frozen=True, slots=True)
class Text(Kind):
    """One line of text in Unicode NFC, without blanks at its ends and without control characters."""

    most: int
    blank: Any = ""

    @property
    def words(self) -> str:
        return f"text of up to {self.most} characters"

    def read(self, raw: object, path: str, reading: Reading) -> str:
        if not isinstance(raw, str):
            simple = isinstance(raw, int | Decimal | date) and not isinstance(raw, bool)
            instead = f'Write it in quotes: "{shown(raw)}".' if simple else f"Write {self.words}, in quotes."
            reading.refuse(path, Fault.NOT_TEXT, f"Here stands text, not {shown(raw)}.", instead)
            return ""
        text = unicodedata.normalize("NFC", raw.strip())
        if len(text) > self.most:
            message = f"The text has {len(text)} characters; at most {self.most} fit."
            reading.refuse(path, Fault.TOO_LONG, message, "Shorten it.")
        if not text.isprintable() and (strange := next(filter(_unprintable, text), None)):
            message = f"The text holds the character U+{ord(strange):04X}, which cannot be printed."
            instead = "Write it on one line (in YAML, >- folds lines), without tabs or invisible characters."
            reading.refuse(path, Fault.CHARACTERS, message, instead)
        return text

    def write(self, value: Any) -> object:
        return value


@dataclass(frozen=True, slots=True)
class Number(Kind):
    """An exact number, not negative: at most 24 digits, ``places`` of them after the point."""

    zero: bool = False
    places: int = 6

    @property
    def words(self) -> str:
        return 'a number in quotes, such as "41000.00"'

    def read(self, raw: object, path: str, reading: Reading) -> Decimal:
        text = self._text(raw, path, reading)
        if text is None:
            return Decimal(0)
        whole, _, fraction = text.lstrip("-").partition(".")
        if len(whole) + len(fraction) > MOST_DIGITS or len(fraction) > self.places:
            message = f"{shown(raw)} has {len(whole)} digits before the point and {len(fraction)} after it."
            instead = f"Write at most {MOST_DIGITS} digits, {self.places} of them after the point."
            reading.refuse(path, Fault.DIGITS, message, instead)
        elif text.startswith("-"):
            message = f"{shown(raw)} is negative."
            reading.refuse(path, Fault.NEGATIVE, message, "Write the amount without a sign.")
        elif not self.zero and not text.strip("0."):
            instead = f"Write {self.words}; leave the field out if it is not known."
            reading.refuse(path, Fault.ZERO, "Zero makes no sense here.", instead)
        else:
            return Decimal(text)
        return Decimal(0)

    def _text(self, raw: object, path: str, reading: Reading) -> str | None:
        if isinstance(raw, int) and not isinstance(raw, bool):
            if abs(raw) < 10**MOST_DIGITS:
                return str(raw)
            instead = f"Write at most {MOST_DIGITS} digits."
            reading.refuse(path, Fault.DIGITS, "The number has too many digits.", instead)
        elif isinstance(raw, float | Decimal):
            exact = shown(raw) if _NUMBER.fullmatch(str(raw)[:40]) else "41000.00"
            message = f"The decimal {shown(raw)} stands without quotes, so it may have lost exactness."
            reading.refuse(path, Fault.UNQUOTED_DECIMAL, message, f'Write it in quotes, such as "{exact}".')
        elif isinstance(raw, str) and _NUMBER.fullmatch(raw.strip()):
            return raw.strip()
        else:
            instead = 'Write digits, with a point before decimals and nothing else, such as "41000.00".'
            reading.refuse(path, Fault.NOT_A_NUMBER, f"{shown(raw)} is not a number.", instead)
        return None

    def write(self, value: Any) -> object:
        return format(value, "f")


def whole(raw: object) -> int | None:
    """A whole number written as such or as text of digits; ``None`` for anything else."""
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    return int(raw) if isinstance(raw, str) and _WHOLE.fullmatch(raw.strip()) else None


@dataclass(frozen=True, slots=True)
class Whole(Kind):
    """A whole number between two bounds, both included."""

    least: int
    most: int

    @property
    def words(self) -> str:
        return f"a whole number from {self.least} to {self.most}"

    def read(self, raw: object, path: str, reading: Reading) -> int | None:
        number = whole(raw)
        if number is None or not self.least <= number <= self.most:
            message = f"Here stands {self.words}, not {shown(raw)}."
            reading.refuse(path, Fault.NOT_WHOLE, message, f"Write {self.words}.")
        return number

    def write(self, value: Any) -> object:
        return value


@dataclass(frozen=True, slots=True)
class Day(Kind):
    """A calendar day; a time of day is refused, since it would need a zone."""

    @property
    def words(self) -> str:
        return "a date as year-month-day, such as 2026-05-04"

    def read(self, raw: object, path: str, reading: Reading) -> date:
        day = _day(raw)
        if day is None:
            message = f"{shown(raw)} is not a date."
            reading.refuse(path, Fault.NOT_A_DATE, message, f"Write {self.words}.")
            return date.min
        if day.year not in YEARS:
            message = f"{day.isoformat()} lies outside the years {YEARS[0]} to {YEARS[-1]}."
            reading.refuse(path, Fault.DATE_RANGE, message, "Check the year.")
        return day

    def write(self, value: Any) -> object:
        return value.isoformat()


@dataclass(frozen=True, slots=True)
class DayText(Day):
    """A calendar day kept as ISO text, as papers of another country are cited."""

    blank: Any = ""

    def read(self, raw: object, path: str, reading: Reading) -> str:  # type: ignore[override]
        return Day.read(self, raw, path, reading).isoformat()

    def write(self, value: Any) -> object:
        return value


def _day(raw: object) -> date | None:
    if isinstance(raw, date):
        return None if isinstance(raw, datetime) else raw
    if not isinstance(raw, str) or not _DAY.fullmatch(raw.strip()):
        return None
    try:
        return date.fromisoformat(raw.strip())
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Letters(Kind):
    """A code of Latin capitals from a published list."""

    listed: frozenset[str]
    noun: str
    example: str
    fault: Fault
    blank: Any = ""

    @property
    def words(self) -> str:
        return f"the code of a {self.noun}, such as {self.example}"

    def read(self, raw: object, path: str, reading: Reading) -> str:
        text = raw.strip() if isinstance(raw, str) else ""
        if text in self.listed:
            return text
        if text.upper() in self.listed:
            instead = f"Write {text.upper()}."
        elif raw is False and "NO" in self.listed:
            instead = 'If it stands for Norway, write "NO" in quotes.'
        else:
            script = "" if text.isascii() else " in Latin letters"
            instead = f"Write {self.words}{script}."
        reading.refuse(path, self.fault, f"{shown(raw)} is not the code of a {self.noun}.", instead)
        return ""

    def write(self, value: Any) -> object:
        return value


@dataclass(frozen=True, slots=True)
class Choice(Kind):
    """One of a few words."""

    listed: Mapping[str, Any]
    """Word to value."""
    blank: Any = None

    @property
    def words(self) -> str:
        return f"one of {', '.join(self.listed)}"

    def read(self, raw: object, path: str, reading: Reading) -> Any:
        text = raw.strip() if isinstance(raw, str) else str(raw) if type(raw) is int and raw < 10**4 else ""
        if text in self.listed:
            return self.listed[text]
        lowered = {word.lower(): word for word in self.listed}
        near = get_close_matches(text[:40].lower(), lowered, 1)
        instead = f"Did you mean {lowered[near[0]]}?" if near else f"Write {self.words}."
        reading.refuse(path, Fault.CHOICE, f"{shown(raw)} is not known here.", instead)
        return self.blank

    def write(self, value: Any) -> object:
        return next(word for word, meant in self.listed.items() if meant == value)


def choice(words: type[StrEnum], blank: StrEnum | None = None) -> Choice:
    """One of the members of an enumeration, written as its value."""
    return Choice({word.value: word for word in words}, blank)


@dataclass(frozen=True, slots=True)
class Reply(Kind):
    """An answer to a question: yes, no, or that it cannot be proved."""

    @property
    def words(self) -> str:
        return "yes, no or unestablished"

    def read(self, raw: object, path: str, reading: Reading) -> Answer | None:
        if isinstance(raw, bool):
            return Answer.YES if raw else Answer.NO
        text = raw.strip().lower() if isinstance(raw, str) else ""
        if text in set(Answer):
            return Answer(text)
        message = f"{shown(raw)} is not an answer."
        reading.refuse(path, Fault.ANSWER, message, f"Write {self.words}.")
        return None

    def write(self, value: Any) -> object:
        return value.value
