"""Money and quantities, exact: no float ever decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency, with what it includes and where it is written."""

    amount: Decimal
    currency: str
    """ISO 4217 code, three letters."""
    basis: str = ""
    """Price basis: ``EXW``, ``FOB``, ``FCA``, ``CIF``, ``customs`` (customs value), ``first-sale``; empty if not stated."""
    date: date | None = None
    source: str = ""
    """The document the amount is taken from."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A measured amount: net mass in ``kg``, pieces in ``pcs``, litres in ``l`` and so on."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Rate:
    """An exchange rate: one unit of ``source`` is ``rate`` units of ``target``."""

    source: str
    target: str
    rate: Decimal
    on: date
    publisher: str
