"""Decides what a certificate number looks like: who issued it, for whom, in which year, by which body.

``BYAZ6101000042``: party, country of presentation, last digit of the year, body (3 digits), serial (6).
Letters that only look Latin are refused: what cannot be typed back names another certificate, or none.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from countermark.document.errors import DocumentError

_FORM = re.compile(r"([A-Z]{2})([A-Z]{2})([0-9])([0-9]{3})([0-9]{6})", re.ASCII)
_BODY = re.compile(r"[0-9]{3}", re.ASCII)
_PARTY = re.compile(r"[A-Z]{2}", re.ASCII)
SERIAL_END = 1_000_000


@dataclass(frozen=True, slots=True)
class Number:
    """The parts of a certificate number."""

    party: str
    destination: str
    year: int
    """The last digit of the year of certification."""
    body: str
    serial: int

    def __str__(self) -> str:
        return f"{self.party}{self.destination}{self.year}{self.body}{self.serial:06}"


def series(body: str, year: int) -> str:
    """The series a body counts in: one a year, whatever the destination, such as ``2026/101``."""
    return f"{year:04}/{body}"


def make_number(party: str, destination: str, year: int, body: str, serial: int) -> str:
    """The number with this serial in the body's series of the year.

    Raises ``DocumentError`` if a part does not fit, and when the series is full.
    """
    if not (_PARTY.fullmatch(party) and _PARTY.fullmatch(destination) and _BODY.fullmatch(body)):
        raise DocumentError(
            "number-parts",
            f"No number can be made for {party!r}, {destination!r}, body {body!r}. "
            "Countries have two capital Latin letters, a body three digits.",
        )
    if not 0 < serial < SERIAL_END:
        raise DocumentError(
            "number-series-full",
            f"Serial {serial} does not fit the six digits of a number. Open another body's series.",
        )
    return str(Number(party, destination, year % 10, body, serial))


def read_number(written: str) -> Number:
    """The parts of a number as it stands on a certificate.

    Raises ``DocumentError``, and says which letter it is when one only looks Latin.
    """
    for place, letter in enumerate(written, 1):
        if not letter.isascii():
            name = unicodedata.name(letter, "a character without a name").lower()
            raise DocumentError(
                "number-look-alike",
                f"Character {place} of the number is {name}, not a Latin letter or digit. "
                "Type the number on a Latin keyboard.",
            )
    match = _FORM.fullmatch(written)
    if match is None or match[5] == "000000":
        raise DocumentError(
            "number-form",
            f"{written[:40]!r} is not a certificate number such as BYAZ6101000042. Compare it with box 4.",
        )
    return Number(match[1], match[2], int(match[3]), match[4], int(match[5]))
