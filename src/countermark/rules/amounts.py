"""Amounts of a bill as terms of a balance: prices, values and weights, all or of some materials, with what is blank.

A material of unknown origin counts in full at worst and not at all at best; a blank value is anything from
zero up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from countermark.rules.balance import Term, balance, known
from countermark.rules.determination import Question, Trace, Truth
from countermark.rules.evaluate_materials import origin_questions
from countermark.rules.facts import Facts, Judgement, Line, Questions
from countermark.rules.match import Match, selected
from countermark.rules.nodes import AGREEMENT, Limit, Selectors
from countermark.rules.shares import share
from countermark.rules.truth import NO, UNKNOWN, YES, every, negated

HUNDRED = Decimal(100)
ZERO = Decimal(0)
MOST_DIGITS = 40
CENT = Decimal("0.01")
"""Shares are shown to the hundredth of a percent; they are never decided by."""


def facts_blank(facts: Facts) -> list[Term]:
    """Materials not stated at all weigh anything."""
    return [Term(None, None, facts.blank)] if facts.blank else []


def base_term(base: str, factor: Decimal, facts: Facts) -> Term:
    """A share of the price of the kind the limit is taken of; another price, or none, is a question.

    ``EXW|TV`` is either price; ``agreement`` the one the agreement takes shares of, or without one the price given.
    """
    if base == "net cost" and "net_cost" in facts.costs:
        return known(facts.costs["net_cost"] * factor)
    if base == AGREEMENT:
        base = facts.value_base
    price = facts.price
    if price is not None and (not base or price.bases & set(base.split("|"))):
        return known(price.amount * factor)
    if price is None:
        ask = Question("good:price", "good_price", {"base": base})
    else:
        given = ", ".join(sorted(price.bases))
        ask = Question("good:price-basis", "price_basis", {"base": base, "given": given})
    return Term(None, ZERO, (ask,)) if factor < 0 else Term(ZERO, None, (ask,))


def foreign_terms(
    lines: Iterable[Line], materials: Selectors | None, facts: Facts, factor: Decimal
) -> list[Term]:
    """What the foreign materials take away from a balance, all of them or the selected."""
    return terms_of(picked(lines, materials, facts, is_foreign), "value", -factor)


def is_foreign(line: Line) -> Match:
    return line.foreign, origin_questions(line) if line.foreign is UNKNOWN else ()


def is_own(line: Line) -> Match:
    return negated(line.foreign), origin_questions(line) if line.foreign is UNKNOWN else ()


def picked(
    lines: Iterable[Line], materials: Selectors | None, facts: Facts, status: Callable[[Line], Match]
) -> Iterator[tuple[Line, Truth, Questions]]:
    for line in lines:
        truth, asks = status(line)
        if truth is NO or not line.counted:
            continue
        if materials:
            chosen, more = selected(materials, line, facts)
            truth, asks = every((truth, chosen)), asks + more
        if truth is not NO:
            yield line, truth, asks


def terms_of(picked: Iterable[tuple[Line, Truth, Questions]], measure: str, factor: Decimal) -> list[Term]:
    return [
        weighted(line, measure, {factor} if truth is YES else {factor, ZERO}, asks)
        for line, truth, asks in picked
    ]


def weighted(line: Line, measure: str, factors: set[Decimal], asks: Questions) -> Term:
    """The amount of a line times one of the factors, whichever turns out to be right."""
    amount = line.value if measure == "value" else line.weight
    if amount is None:
        asks += line.value_asks if measure == "value" else (line.question("weight", "material_weight"),)
        return Term(None if min(factors) < 0 else ZERO, None if max(factors) > 0 else ZERO, asks)
    return Term(amount * min(factors), amount * max(factors), asks if len(factors) > 1 else ())


def limited(
    code: str,
    terms: Sequence[Term],
    facts: Facts,
    limit: Limit,
    *,
    strict: bool = False,
    **figures: str,
) -> Judgement:
    """The balance as a step with its figures; a single blank value is asked with the most that would pass."""
    truth, asks = balance(terms, strict=strict)
    opened = [term for term in terms if term.worst is None or term.worst != term.best]
    if len(opened) == 1 and len(asks) == 1 and opened[0].worst is None and opened[0].best == 0:
        most = sum((term.worst for term in terms if term.worst is not None), ZERO) / HUNDRED
        told = {**asks[0].figures, "most": plain(most), "currency": currency_of(facts)}
        asks = (replace(asks[0], figures=told),)
    if not facts.tracing:
        return Judgement(truth, asks)
    figures |= {"limit": plain(limit.pct), "of": limit.base} | _shares(terms, facts, code, limit, opened)
    return Judgement(truth, asks, Trace(code, truth, figures))


def _shares(
    terms: Sequence[Term], facts: Facts, code: str, limit: Limit, opened: Sequence[Term]
) -> dict[str, str]:
    """The sum, the price, the share and the margin to the limit in money and points, where all amounts are known."""
    margin = margin_of(terms)
    if opened or facts.price is None or margin is None:
        return {}
    price = facts.price
    shown = {"base": plain(price.amount), "currency": price.currency, "margin": plain(margin)}
    if price.amount:
        shown["points"] = share(margin * HUNDRED, price.amount, ZERO)
    if code == "rvc":
        return shown | (
            {"pct": share(limit.pct * price.amount + margin * HUNDRED, price.amount, limit.pct)}
            if price.amount
            else {}
        )
    taken = -sum((term.worst for term in terms if term.worst is not None and term.worst < 0), ZERO) / HUNDRED
    if price.amount:
        shown["pct"] = share(taken * HUNDRED, price.amount, limit.pct)
    return {"foreign": plain(taken)} | shown


def margin_of(terms: Sequence[Term]) -> Decimal | None:
    """How much is left to the limit, in the unit of the amounts; none while one of them is open."""
    if any(term.worst is None or term.worst != term.best for term in terms):
        return None
    return sum((term.worst for term in terms if term.worst is not None), ZERO) / HUNDRED


def rounded(share: Decimal) -> str:
    """A share as it is shown, never as it is decided."""
    return f"{share.quantize(CENT, ROUND_HALF_UP):f}"


def currency_of(facts: Facts) -> str:
    return facts.price.currency if facts.price else ""


def plain(amount: Decimal) -> str:
    """A decimal without exponent and without trailing zeros; the endless digits of a divided amount are rounded."""
    if amount != amount.to_integral_value() and len(amount.as_tuple().digits) > MOST_DIGITS:
        amount = amount.quantize(CENT, ROUND_HALF_UP)
    shown = f"{amount:f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
