"""Terms of calendar months: their last day, and which days a certificate serves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.clearance.validity import Standing, last_day, restorable, standing

days = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-03-15", 12, "2027-03-15"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2023-02-28", 12, "2024-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-08-31", 3, "2026-11-30"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-31", 12, "2027-12-31"),
        ("2026-12-01", 1, "2027-01-01"),
        ("2026-05-31", 0, "2026-05-31"),
    ],
)
def test_a_term_ends_on_the_same_day_or_the_last_of_a_shorter_month(start, months, end):
    assert last_day(date.fromisoformat(start), months) == date.fromisoformat(end)


@settings(max_examples=150, deadline=None)
@given(days, st.integers(0, 60))
def test_a_term_ends_in_its_month_and_never_after_its_day(start, months):
    end = last_day(start, months)
    assert (end.year - start.year) * 12 + end.month - start.month == months
    assert end.day == start.day or ((end + timedelta(1)).day == 1 and end.day < start.day)


@settings(max_examples=100, deadline=None)
@given(days, days, st.integers(0, 24))
def test_a_later_start_never_ends_earlier(one, other, months):
    first, second = sorted((one, other))
    assert last_day(first, months) <= last_day(second, months)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2026-03-30", Standing.BEFORE),
        ("2026-03-31", Standing.WITHIN),
        ("2027-03-31", Standing.WITHIN),
        ("2027-04-01", Standing.EXPIRED),
    ],
)
def test_the_last_day_is_inside(on, expected):
    issued, until = date(2026, 3, 31), date(2027, 3, 31)
    assert standing(issued, until, 12, date.fromisoformat(on)) is expected


def test_the_earlier_of_the_stated_and_the_agreed_end_counts():
    issued = date(2026, 3, 31)
    assert standing(issued, date(2026, 6, 30), 12, date(2026, 7, 1)) is Standing.EXPIRED
    assert standing(issued, date(2028, 1, 1), 12, date(2027, 4, 1)) is Standing.EXPIRED
    # A duplicate whose original has ended serves on no day at all, not even its own.
    assert standing(issued, date(2026, 1, 1), 12, date(2026, 3, 1)) is Standing.EXPIRED


def test_restoration_ends_with_its_last_day():
    registered = date(2024, 2, 29)
    assert restorable(registered, 12, registered)
    assert restorable(registered, 12, date(2025, 2, 28))
    assert not restorable(registered, 12, date(2025, 3, 1))
    assert not restorable(registered, 12, date(2024, 2, 28))
