"""Bring a price and the values of materials to one currency and an allowed price basis, or say what is missing.

Rates are only those the application gives, for the day the amount is of; none is looked up, inverted or chained.
Two that differ are as good as none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from typing import Protocol

from countermark.goods.money import Money, Rate
from countermark.rules.determination import Question
from countermark.rules.facts import Price, Questions


@dataclass(frozen=True, slots=True)
class RateDay:
    """The day whose exchange rate holds, by the agreement's rule."""

    rule: str
    day: date | None
    """Of departure, of the invoice, of the determination; of the amount, where an amount names no day of its own."""

    def of(self, money: Money) -> date | None:
        return money.date or self.day if self.rule == "amount" else self.day


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
    rate_day: RateDay,
) -> tuple[Decimal | None, Questions]:
    """The value of a material in the currency wanted (empty: its own), or the question that would give it.

    ``bases`` are the price bases at which it may count; none given: any (CIS Rules 2.4: customs value, first sale).
    ``rate_day`` is the day whose rate holds under the agreement.
    """
    if money is None:
        return None, (line.question("value", "material_value"),)
    if bases and money.basis not in bases:
        return None, (line.question("value-basis", "value_basis", given=money.basis, bases=", ".join(bases)),)
    if not currency or money.currency == currency:
        return money.amount, ()
    day = rate_day.of(money)
    if day is None:
        return None, (Question("rate-day", "rate_day", {"rule": rate_day.rule}),)
    given = {r.rate for r in rates if (r.source, r.target, r.on) == (money.currency, currency, day)}
    if len(given) == 1:
        return money.amount * given.pop(), ()
    wanted = {"from": money.currency, "to": currency, "date": day.isoformat()}
    return None, (Question(f"rate:{money.currency}:{currency}:{day.isoformat()}", "rate", wanted),)
