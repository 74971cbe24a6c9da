"""Decides on which days a certificate serves, and when a term counted in calendar months ends.

Days are days of the party's own zone; the caller names them. A term of months ends on the day of the same
number, or on the last day of a shorter month; that day is still inside. How many months is agreement data.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from enum import StrEnum


class Standing(StrEnum):
    """Where a day lies in relation to a certificate's term."""

    BEFORE = "before"
    WITHIN = "within"
    EXPIRED = "expired"


def last_day(start: date, months: int) -> date:
    """The last day of a term of months from ``start``; that day is still inside (CIS Rules 6.4, 9-1)."""
    month = start.month - 1 + months
    year, month = start.year + month // 12, month % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def standing(issued: date, until: date, months: int, on: date) -> Standing:
    """Where ``on``, the day the declaration was registered, lies in the term of a certificate.

    ``issued`` and ``until`` are the days the certificate states. A stated end later than the agreement's
    ``months`` gives nothing; an earlier one stands, as a duplicate's does (CIS Rules 6.4, 8.2).
    """
    if on > min(until, last_day(issued, months)):
        return Standing.EXPIRED
    return Standing.BEFORE if on < issued else Standing.WITHIN


def restorable(registered: date, months: int, on: date) -> bool:
    """Whether refused treatment can still be restored on a day, from the declaration's on (CIS Rules 9-2)."""
    return registered <= on <= last_day(registered, months)
