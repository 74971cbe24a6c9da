"""Bring a price and the values of materials to one currency and an allowed price basis, or say what is missing.

Rates are only those the application gives, for the day the amount is of; none is looked up, inverted or chained.
Two that differ are as good as none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Context, Decimal
from typing import Protocol

from countermark.goods.money import Money, Rate
from countermark.rules.determination import Question
from countermark.rules.facts import Price, Questions


class Named(Protocol):
    """What an amount is of, as questions name it."""

    def question(self, about: str, code: str, **figures: str) -> Question: ...


EXACT = Context(prec=400)
"""More digits than any product of stated amounts, rates and percentages can have: nothing is rounded."""


def price_of(money: Money | None) -> Price | None:
    """The price of the good; a price of unstated basis is of no basis."""
    if money is None:
        return None
    return Price(money.amount, money.currency, frozenset((money.basis,)) if money.basis else frozenset())


def value_of(
    money: Money | None,
    line: Named,
    bases: Sequence[str],
    currency: str,
    rates: Sequence[Rate],
    day: date | None,
) -> tuple[Decimal | None, Questions]:
    """The value of a material in the currency wanted (empty: its own), or the question that would give it.

    ``bases`` are the price bases at which it may count; none given: any (CIS Rules 2.4: customs value, first sale).
    ``day`` is the day of the rate, if the agreement names another than that of the amount.
    """
    if money is None:
        return None, (line.question("value", "material_value"),)
    if bases and money.basis not in bases:
        return None, (line.question("value-basis", "value_basis", given=money.basis, bases=", ".join(bases)),)
    if not currency or money.currency == currency:
        return money.amount, ()
    if day is None:
        day = money.date
    if day is None:
        return None, (line.question("value-date", "value_date"),)
    given = {r.rate for r in rates if (r.source, r.target, r.on) == (money.currency, currency, day)}
    if len(given) == 1:
        return money.amount * given.pop(), ()
    wanted = {"from": money.currency, "to": currency, "date": day.isoformat()}
    return None, (Question(f"rate:{money.currency}:{currency}:{day.isoformat()}", "rate", wanted),)
