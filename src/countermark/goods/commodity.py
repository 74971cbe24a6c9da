"""What a commodity code may be written like, and whether its HS edition knows it.

A code is text: as a number it would lose its leading zero. Codes of an edition other than the one at hand
are checked for their form only; nothing converts them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from countermark.goods.fault import Fault, Reading, inside, shown
from countermark.goods.hs import HSCode, HSEdition, Nomenclature
from countermark.goods.scalar import Choice, choice
from countermark.goods.shape import Field, Kind, Record

_WRITTEN = re.compile(r"[0-9]+([ .][0-9]+)*")
_LENGTHS = (2, 4, 6, 7, 8, 9, 10)
CURRENT_EDITION = 2022
"""The edition a code is taken from when none is written."""
_EDITIONS = {str(year): year for year in (1988, 1992, 1996, 2002, 2007, 2012, 2017, 2022)}
_NEAREST = 5


@dataclass(frozen=True, slots=True)
class Digits(Kind):
    """The digits of a code, at least ``least`` of them, with single blanks or dots between them."""

    least: int
    blank: Any = ""

    @property
    def words(self) -> str:
        return f'a code of {self.least} to 10 digits in quotes, such as "8701.92"'

    def read(self, raw: object, path: str, reading: Reading) -> str:
        if not isinstance(raw, str):
            message = f"The code stands as {shown(raw)}, not as text, so leading zeros may be lost."
            reading.refuse(path, Fault.CODE_UNQUOTED, message, f"Write {self.words}.")
            return ""
        digits = re.sub(r"[ .]", "", raw) if _WRITTEN.fullmatch(raw.strip()) else ""
        if len(digits) not in _LENGTHS:
            message = f"{shown(raw)} is not a commodity code."
            instead = 'Write 2, 4, 6 or up to 10 digits, with blanks or dots between them, such as "8701.92".'
            reading.refuse(path, Fault.CODE_FORM, message, instead)
            return ""
        if len(digits) < self.least:
            message = f"{digits} names only a chapter."
            instead = f"Write at least the first {self.least} digits of the code of the good."
            reading.refuse(path, Fault.CODE_SHORT, message, instead)
            return ""
        return digits

    def write(self, value: Any) -> object:
        return value


@lru_cache(maxsize=4)
def code_record(least: int) -> Record:
    """The long form of a code, for a nomenclature or an edition other than the usual."""
    parts = (
        Field("code", Digits(least), required=True, attribute="digits"),
        Field("nomenclature", choice(Nomenclature, Nomenclature.HS)),
        Field("edition", Choice(_EDITIONS, CURRENT_EDITION)),
    )
    return Record("hs", HSCode, parts)


@dataclass(frozen=True, slots=True)
class Code(Kind):
    """A commodity code: text, or the fields code, nomenclature and edition."""

    least: int

    @property
    def words(self) -> str:
        return Digits(self.least).words

    def read(self, raw: object, path: str, reading: Reading) -> HSCode | None:
        if isinstance(raw, dict):
            code: HSCode | None = code_record(self.least).read(raw, path, reading)
            path = inside(path, "code")
        else:
            digits = Digits(self.least).read(raw, path, reading)
            code = HSCode(digits) if digits else None
        if code and code.edition == reading.edition.year:
            _refuse_unlisted(code, path, reading)
        return code

    def write(self, value: Any) -> object:
        plain = code_record(self.least).write(value)
        return value.digits if len(plain) == 1 else plain


def _refuse_unlisted(code: HSCode, path: str, reading: Reading) -> None:
    if reading.edition.knows(code):
        return
    near = ", ".join(nearest(code, reading.edition)) or "none"
    message = f"The HS of {reading.edition.year} has no code {code.subheading}."
    reading.refuse(path, Fault.CODE_UNKNOWN, message, f"Check the digits; the nearest codes: {near}.")


def nearest(code: HSCode, edition: HSEdition) -> tuple[str, ...]:
    """The listed codes closest in number to an unlisted one: within its heading, chapter, or all."""
    below = _below(edition)
    parents = [p for p in (code.heading, code.chapter, "") if p in below and len(p) < len(code.subheading)]
    siblings = below[parents[0]] if parents else ()

    def distance(sibling: str) -> int:
        return abs(int(sibling) - int(code.digits[: len(sibling)]))

    return tuple(sorted(sorted(siblings, key=distance)[:_NEAREST]))


@lru_cache(maxsize=2)
def _below(edition: HSEdition) -> Mapping[str, tuple[str, ...]]:
    """Every chapter and heading with the codes directly under it; chapters stand under the empty text."""
    found: dict[str, list[str]] = {}
    for code in sorted(edition.codes):
        found.setdefault(code[:-2], []).append(code)
    return {parent: tuple(codes) for parent, codes in found.items()}
