"""Who takes part: countries, and the traders named in an application."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trader:
    """A natural or legal person named in a box of the certificate."""

    name: str
    address: str
    country: str
    """ISO 3166-1 alpha-2."""
    id: str = ""
    """Registration or tax number, as the country writes it."""
