"""The nodes that weigh values, weights and counts, each as an exact balance of amounts.

A material of unknown origin counts in full at worst and not at all at best; a blank value is anything from
zero up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from countermark.rules.balance import Term, balance, known
from countermark.rules.determination import Question, Trace, Truth
from countermark.rules.evaluate_materials import origin_questions
from countermark.rules.facts import Facts, Judgement, Line, Questions
from countermark.rules.match import Match, selected
from countermark.rules.nodes import (
    ForeignWithinOriginating,
    Limit,
    MaxForeignValue,
    MaxWeight,
    MinCount,
    MinShare,
    Selectors,
    SetRule,
    ValueContent,
)
from countermark.rules.selection import write_selectors
from countermark.rules.shares import share
from countermark.rules.truth import NO, UNKNOWN, YES, answered, every, negated

HUNDRED = Decimal(100)
ZERO = Decimal(0)


def max_foreign_value(node: MaxForeignValue, facts: Facts) -> Judgement:
    """Foreign materials, all or selected, up to a share of a price."""
    terms = [*facts_blank(facts), base_term(node.base, node.pct, facts)]
    terms += foreign_terms(facts.lines, node.materials, facts, HUNDRED)
    figures = {"materials": write_selectors(node.materials)} if node.materials else {}
    return _limit("max_nom", terms, facts, Limit(node.pct, node.base), strict=node.strict, **figures)


def value_content(node: ValueContent, facts: Facts) -> Judgement:
    """Regional value content by the formula the rule names."""
    chosen = "net-cost" if facts.method.replace(" ", "-") == "net-cost" else "other"
    if facts.method and (node.formula == "net-cost") is not (chosen == "net-cost"):
        return Judgement(NO, (), Trace("rvc_method", NO, {"formula": node.formula, "method": facts.method}))
    figures = {"formula": node.formula}
    if node.formula in ("build-down", "focused", "net-cost"):
        base = node.base if node.formula != "net-cost" else "net cost"
        terms = [*facts_blank(facts), base_term(base, HUNDRED - node.pct, facts)]
        terms += foreign_terms(facts.lines, node.materials, facts, HUNDRED)
        return _limit("rvc", terms, facts, Limit(node.pct, base), strict=node.strict, **figures)
    if node.formula in ("build-up", "direct"):
        base_share = base_term(node.base, node.pct, facts)
        terms = [*facts_blank(facts), _minus(base_share), *_originating_terms(facts)]
        if node.formula == "direct":
            costs = sum((amount for name, amount in facts.costs.items() if name != "net_cost"), ZERO)
            terms.append(known(costs * HUNDRED))
        return _limit("rvc", terms, facts, Limit(node.pct, node.base), strict=node.strict, **figures)
    ask = Question(f"formula:{node.formula}", "formula", figures)
    return _attested("rvc", ask, facts, figures)


def foreign_within_originating(_: ForeignWithinOriginating, facts: Facts) -> Judgement:
    """Foreign materials are worth no more than originating ones."""
    terms = [
        *facts_blank(facts),
        *foreign_terms(facts.lines, None, facts, HUNDRED),
        *_originating_terms(facts),
    ]
    truth, asks = balance(terms)
    return Judgement(truth, asks, Trace("nom_within_om", truth) if facts.tracing else None)


def max_weight(node: MaxWeight, facts: Facts) -> Judgement:
    """The weight of selected foreign materials, together or selector by selector, up to a share."""
    figures = {"materials": write_selectors(node.materials), "limit": f"{node.pct:f}"}
    if node.measure != "net":
        ask = Question(
            f"measure:{node.measure}:{figures['materials']}", "measure", figures | {"measure": node.measure}
        )
        return _attested("max_weight", ask, facts, figures)
    groups = [(selector,) for selector in node.materials] if node.each else [node.materials]
    found = []
    for group in groups:
        terms = [*facts_blank(facts), *_weighed_base(node, facts)]
        terms += _terms(_picked(facts.lines, group, facts, _foreign), "weight", -HUNDRED)
        found.append(balance(terms, strict=node.strict))
    truth = every(truth for truth, _ in found)
    asks = tuple(ask for _, more in found for ask in more) if truth is UNKNOWN else ()
    return Judgement(truth, asks, Trace("max_weight", truth, figures) if facts.tracing else None)


def min_share(node: MinShare, facts: Facts) -> Judgement:
    """Selected materials of a status make up at least a share of others, by value or weight."""
    terms = [*facts_blank(facts)]
    for line in facts.lines:
        within, asks = selected(node.of, line, facts)
        chosen, more = selected(node.materials, line, facts)
        held = line.wholly if node.status == "wo" else negated(line.foreign)
        status_asks = origin_questions(line) if held is UNKNOWN else ()
        counts = every((within, chosen, held))
        factors = (
            {HUNDRED - node.pct}
            if counts is YES
            else {-node.pct}
            if counts is NO
            else {HUNDRED - node.pct, -node.pct}
        )
        if within is NO:
            continue
        terms.append(
            _weighted(
                line,
                node.measure,
                factors | ({ZERO} if within is UNKNOWN else set()),
                asks + more + status_asks,
            )
        )
    truth, open_asks = balance(terms, strict=node.strict)
    figures = {
        "materials": write_selectors(node.materials),
        "of": write_selectors(node.of),
        "limit": f"{node.pct:f}",
        "measure": node.measure,
    }
    return Judgement(truth, open_asks, Trace("min_share", truth, figures) if facts.tracing else None)


def min_count(node: MinCount, facts: Facts) -> Judgement:
    """Enough items of the set originate."""
    items = facts.items if facts.items is not None else facts.lines
    sure = sum(1 for item in items if item.foreign is NO)
    possible = sum(1 for item in items if item.foreign is not YES)
    truth = YES if sure >= node.n else NO if possible < node.n and not facts.blank else UNKNOWN
    asks = (*facts.blank, *(a for item in items if item.foreign is UNKNOWN for a in origin_questions(item)))
    figures = {"n": str(node.n), "originating": str(sure)}
    trace = Trace("min_count", truth, figures) if facts.tracing else None
    return Judgement(truth, asks if truth is UNKNOWN else (), trace)


def set_rule(node: SetRule, facts: Facts) -> Judgement:
    """Each item originates, foreign ones being tolerated up to a share of the price of the set."""
    items = facts.items if facts.items is not None else facts.lines
    terms = [
        *facts_blank(facts),
        base_term(node.base, node.pct, facts),
        *foreign_terms(items, None, facts, HUNDRED),
    ]
    return _limit("set", terms, facts, Limit(node.pct, node.base))


def facts_blank(facts: Facts) -> list[Term]:
    """Materials not stated at all weigh anything."""
    return [Term(None, None, facts.blank)] if facts.blank else []


def base_term(base: str, factor: Decimal, facts: Facts) -> Term:
    """The price of the kind the limit is taken of; another price, or none, is a question."""
    if base == "net cost" and "net_cost" in facts.costs:
        return known(facts.costs["net_cost"] * factor)
    price = facts.price
    if price is not None and base in price.bases:
        return known(price.amount * factor)
    if price is None:
        return Term(ZERO, None, (Question("good:price", "good_price", {"base": base}),))
    given = ", ".join(sorted(price.bases))
    return Term(ZERO, None, (Question("good:price-basis", "price_basis", {"base": base, "given": given}),))


def foreign_terms(
    lines: Iterable[Line], materials: Selectors | None, facts: Facts, factor: Decimal
) -> list[Term]:
    """What the foreign materials take away from a balance, all of them or the selected."""
    return _terms(_picked(lines, materials, facts, _foreign), "value", -factor)


def _originating_terms(facts: Facts) -> list[Term]:
    return _terms(_picked(facts.lines, None, facts, _own), "value", HUNDRED)


def _foreign(line: Line) -> Match:
    return line.foreign, origin_questions(line) if line.foreign is UNKNOWN else ()


def _own(line: Line) -> Match:
    return negated(line.foreign), origin_questions(line) if line.foreign is UNKNOWN else ()


def _picked(
    lines: Iterable[Line], materials: Selectors | None, facts: Facts, status: Callable[[Line], Match]
) -> Iterator[tuple[Line, Truth, Questions]]:
    for line in lines:
        truth, asks = status(line)
        if truth is NO:
            continue
        if materials:
            chosen, more = selected(materials, line, facts)
            truth, asks = every((truth, chosen)), asks + more
        if truth is not NO:
            yield line, truth, asks


def _terms(picked: Iterable[tuple[Line, Truth, Questions]], measure: str, factor: Decimal) -> list[Term]:
    return [
        _weighted(line, measure, {factor} if truth is YES else {factor, ZERO}, asks)
        for line, truth, asks in picked
    ]


def _weighted(line: Line, measure: str, factors: set[Decimal], asks: Questions) -> Term:
    """The amount of a line times one of the factors, whichever turns out to be right."""
    amount = line.value if measure == "value" else line.weight
    if amount is None:
        asks += line.value_asks if measure == "value" else (line.question("weight", "material_weight"),)
        return Term(None if min(factors) < 0 else ZERO, None if max(factors) > 0 else ZERO, asks)
    return Term(amount * min(factors), amount * max(factors), asks if len(factors) > 1 else ())


def _minus(term: Term) -> Term:
    worst = None if term.best is None else -term.best
    return Term(worst, None if term.worst is None else -term.worst, term.asks)


def _weighed_base(node: MaxWeight, facts: Facts) -> list[Term]:
    if node.of is not None:
        return _terms(((line, *selected(node.of, line, facts)) for line in facts.lines), "weight", node.pct)
    if facts.weight is None:
        return [Term(ZERO, None, (Question("good:weight", "good_weight"),))]
    return [known(facts.weight * node.pct)]


def _attested(code: str, ask: Question, facts: Facts, figures: dict[str, str]) -> Judgement:
    truth = answered(facts.answers.get(ask.id))
    return Judgement(
        truth, (ask,) if truth is UNKNOWN else (), Trace(code, truth, figures) if facts.tracing else None
    )


def _limit(
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
        asks = (
            replace(
                asks[0],
                figures={
                    **asks[0].figures,
                    "most": plain(most),
                    "currency": facts.price.currency if facts.price else "",
                },
            ),
        )
    if not facts.tracing:
        return Judgement(truth, asks)
    figures |= {"limit": plain(limit.pct), "of": limit.base} | _shares(terms, facts, code, limit, opened)
    return Judgement(truth, asks, Trace(code, truth, figures))


def _shares(
    terms: Sequence[Term], facts: Facts, code: str, limit: Limit, opened: Sequence[Term]
) -> dict[str, str]:
    """The sum, the price, the share and the margin to the limit, where all amounts are known."""
    if opened or facts.price is None:
        return {}
    price = facts.price
    base = (
        facts.costs["net_cost"] if limit.base == "net cost" and facts.costs.get("net_cost") else price.amount
    )
    margin = sum((term.worst for term in terms if term.worst is not None), ZERO) / HUNDRED
    shown = {"base": plain(base), "currency": price.currency, "margin": plain(margin)}
    taken = -sum((term.worst for term in terms if term.worst is not None and term.worst < 0), ZERO) / HUNDRED
    if code == "rvc":
        return shown | ({"pct": share(limit.pct * base + margin * HUNDRED, base, limit.pct)} if base else {})
    if base:
        shown["pct"] = share(taken * HUNDRED, base, limit.pct)
    return {"foreign": plain(taken)} | shown


def plain(amount: Decimal) -> str:
    """A decimal without exponent and without trailing zeros."""
    shown = f"{amount:f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
