"""Whether amounts, some of them blank, balance to zero or more: every limit on value or weight is this.

A limit "foreign materials do not exceed 40 % of the price" is ``40 * price - 100 * foreign >= 0``: products
of decimals, so nothing is rounded. A blank amount spans what it may be; the sum of the worst ends and the sum
of the best ends are the worst and the best completion of the blanks, as no amount depends on another.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from countermark.rules.determination import Truth
from countermark.rules.facts import Questions
from countermark.rules.truth import NO, UNKNOWN, YES

NOTHING = Decimal("1e-200")
"""Shares of a stock, and bills stated for another quantity, are divided to 400 digits. An amount of such parts that is
not zero is above this: the parts have denominators of at most 30 digits each."""
MOST_WEIGHED = 12
"""Up to so many open amounts all their combinations are looked at, so that none is asked for nothing."""


class Term(NamedTuple):
    """One amount of the balance: its worst and its best, and what to ask if they differ."""

    worst: Decimal | None
    """``None``: without bound."""
    best: Decimal | None
    asks: Questions = ()


def known(amount: Decimal) -> Term:
    return Term(amount, amount)


def balance(terms: Sequence[Term], *, strict: bool = False) -> tuple[Truth, Questions]:
    """Whether the sum is at least zero (``strict``: above zero), with the questions that can change it."""
    worst: Decimal | None = Decimal(0)
    best: Decimal | None = Decimal(0)
    for term in terms:
        worst = None if worst is None or term.worst is None else worst + term.worst
        best = None if best is None or term.best is None else best + term.best
    if worst is not None and _passes(worst, strict):
        return YES, ()
    if best is not None and not _passes(best, strict):
        return NO, ()
    return UNKNOWN, tuple(ask for term in _pivotal(terms, strict) for ask in term.asks)


def _passes(amount: Decimal, strict: bool) -> bool:
    return amount > NOTHING if strict else amount >= -NOTHING


def _pivotal(terms: Sequence[Term], strict: bool) -> list[Term]:
    """The open terms that can tip the balance, given some completion of the others."""
    opened = [term for term in terms if term.worst is None or term.best is None or term.worst != term.best]
    ends = [(t.worst, t.best) for t in opened]
    if len(opened) > MOST_WEIGHED or any(worst is None or best is None for worst, best in ends):
        return opened
    fixed = sum((term.worst for term in terms if term not in opened and term.worst is not None), Decimal(0))
    return [term for n, term in enumerate(opened) if _tips(term, opened[:n] + opened[n + 1 :], fixed, strict)]


def _tips(term: Term, others: Sequence[Term], fixed: Decimal, strict: bool) -> bool:
    sums = {fixed}
    for other in others:
        sums = {amount + end for amount in sums for end in (other.worst, other.best) if end is not None}
    return any(
        not _passes(amount + (term.worst or 0), strict) and _passes(amount + (term.best or 0), strict)
        for amount in sums
    )
