"""Decides whether a time of signing can be true, by what the partner's witness signed before and after it.

Trusted time is an interval (trust.md): a cosigned checkpoint that does not hold the entry yet was signed
before it, one that holds it after. Both ends are the witness's clock, never the signer's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

TOLERANCE = timedelta(minutes=10)
"""How far the signer's clock may be off."""
WIDEST = timedelta(hours=96)
"""Beyond it an interval proves too little: a long weekend, or a partner away for three days, stays within."""

_LAST_SECOND = 253_402_300_799 - 14 * 3600
"""The end of the year 9999, everywhere on Earth."""


class Timing(StrEnum):
    """What the interval says of a time of signing."""

    AGREES = "agrees"
    BACK_DATED = "back-dated"
    FORWARD_DATED = "forward-dated"
    OPEN = "open"
    """Not contradicted, but the interval lacks an end or is too wide to prove anything."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Seconds since 1970; ``None`` where nothing bounds it."""

    after: int | None
    before: int | None


def judge_time(
    iat: int, interval: Interval, *, tolerance: timedelta = TOLERANCE, widest: timedelta = WIDEST
) -> Timing:
    """Whether a statement signed at ``iat``, as it says, can stand where the interval puts it."""
    slack = int(tolerance.total_seconds())
    if interval.after is not None and iat < interval.after - slack:
        return Timing.BACK_DATED
    if interval.before is not None and iat > interval.before + slack:
        return Timing.FORWARD_DATED
    if interval.after is None or interval.before is None:
        return Timing.OPEN
    return Timing.AGREES if interval.before - interval.after <= widest.total_seconds() else Timing.OPEN


def interval_of(index: int, cosigned: Iterable[tuple[int, int]]) -> Interval:
    """The interval of an entry from verified cosignatures, each the size of its checkpoint and its time."""
    after: int | None = None
    before: int | None = None
    for size, time in cosigned:
        if size <= index:
            after = time if after is None else max(after, time)
        else:
            before = time if before is None else min(before, time)
    return Interval(after, before)


def days_of(seconds: int) -> tuple[date, date]:
    """The first and the last day that this moment can be somewhere on Earth (UTC-12 to UTC+14)."""
    moment = datetime.fromtimestamp(min(max(seconds, 86_400), _LAST_SECOND), UTC)
    return (moment - timedelta(hours=12)).date(), (moment + timedelta(hours=14)).date()


def iso(seconds: int) -> str:
    """The moment in UTC, to the second."""
    moment = datetime.fromtimestamp(min(max(seconds, 0), _LAST_SECOND), UTC)
    return moment.strftime("%Y-%m-%d %H:%M:%S UTC")
