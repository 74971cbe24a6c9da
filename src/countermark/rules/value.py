"""Bring a price and the values of materials to one currency and an allowed price basis, or say what is missing.

Rates are only those the application gives, for the day the amount is of; none is looked up, inverted or chained.
Two that differ are as good as none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Context, Decimal

from countermark.goods.material import Material
from countermark.goods.money import Money, Rate
from countermark.rules.determination import Question
from countermark.rules.facts import Price, Questions

EXACT = Context(prec=400)
"""More digits than any product of stated amounts, rates and percentages can have: nothing is rounded."""


def price_of(money: Money | None) -> Price | None:
    """The price of the good; a price of unstated basis is of no basis."""
    if money is None:
        return None
    return Price(money.amount, money.currency, frozenset((money.basis,)) if money.basis else frozenset())


def value_of(
    number: int,
    material: Material,
    bases: Sequence[str],
    price: Price | None,
    rates: Sequence[Rate],
    on: date,
) -> tuple[Decimal | None, Questions]:
    """The value of a material in the price's currency, or the question that would give it.

    ``bases`` are the price bases at which it may count; none given: any (CIS Rules 2.4: customs value, first sale).
    """
    value = material.value
    figures = {"line": str(number), "name": material.name}
    if value is None:
        return None, (Question(f"material:{number}:value", "material_value", figures),)
    if bases and value.basis not in bases:
        figures |= {"given": value.basis, "bases": ", ".join(bases)}
        return None, (Question(f"material:{number}:value-basis", "value_basis", figures),)
    if price is None or value.currency == price.currency:
        return value.amount, ()
    day = value.date or on
    given = {r.rate for r in rates if (r.source, r.target, r.on) == (value.currency, price.currency, day)}
    if len(given) == 1:
        return value.amount * given.pop(), ()
    wanted = {"from": value.currency, "to": price.currency, "date": day.isoformat()}
    return None, (Question(f"rate:{value.currency}:{price.currency}:{day.isoformat()}", "rate", wanted),)
