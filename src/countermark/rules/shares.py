"""How a share is shown in a trace: rounded for reading, and never so that it looks to be at a limit it is not at.

Nothing is decided by what is shown here: ``countermark.rules.balance`` decides on exact amounts.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

FEWEST, MOST = 2, 12
"""Decimal places of a percentage."""


def share(hundredfold: Decimal, base: Decimal, limit: Decimal | None = None) -> str:
    """A percentage to the hundredth, or as exactly as it takes to tell it from the limit."""
    exact = hundredfold / base
    for places in range(FEWEST, MOST + 1):
        shown = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        if shown != limit or exact == limit:
            break
    return f"{shown:f}"
