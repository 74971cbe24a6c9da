"""The nodes that weigh values, weights and counts, each as an exact balance of amounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from countermark.rules.amounts import (
    HUNDRED,
    ZERO,
    base_term,
    currency_of,
    facts_blank,
    foreign_terms,
    is_foreign,
    is_own,
    limited,
    margin_of,
    picked,
    plain,
    rounded,
    terms_of,
    weighted,
)
from countermark.rules.balance import Term, balance, known
from countermark.rules.determination import Question, Trace
from countermark.rules.evaluate_materials import origin_questions
from countermark.rules.facts import Facts, Judgement
from countermark.rules.match import selected
from countermark.rules.nodes import (
    AGREEMENT,
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
from countermark.rules.terms import FORMULAS
from countermark.rules.truth import NO, UNKNOWN, YES, answered, every, negated, some

_USUAL = ("build-down", "build-up")


def max_foreign_value(node: MaxForeignValue, facts: Facts) -> Judgement:
    """Foreign materials, all or selected, up to a share of a price."""
    terms = [*facts_blank(facts), base_term(node.base, node.pct, facts)]
    terms += foreign_terms(facts.lines, node.materials, facts, HUNDRED)
    figures = {"materials": write_selectors(node.materials)} if node.materials else {}
    return limited("max_nom", terms, facts, Limit(node.pct, node.base), strict=node.strict, **figures)


def value_content(node: ValueContent, facts: Facts) -> Judgement:
    """Regional value content by the formula the rule names: counted less deducted, at least a share of the base."""
    chosen = "net-cost" if facts.method.replace(" ", "-") == "net-cost" else "other"
    if facts.method and (node.formula == "net-cost") is not (chosen == "net-cost"):
        return Judgement(NO, (), Trace("rvc_method", NO, {"formula": node.formula, "method": facts.method}))
    if node.formula == AGREEMENT and AGREEMENT not in facts.formulas:
        return _by_the_agreement(node, facts)
    figures = {"formula": node.formula}
    formula = facts.formulas.get(node.formula)
    if formula is None:
        ask = Question(f"formula:{node.formula}", "formula", figures)
        return _attested("rvc", ask, facts, figures)
    base = formula.base or node.base
    whole = any(part in ("price", base) for part in formula.counted)
    terms = [*facts_blank(facts), base_term(base, (HUNDRED if whole else ZERO) - node.pct, facts)]
    for part in formula.counted:
        if part not in ("price", base):
            terms += _amounts(part, node.materials, facts, HUNDRED)
    for part in formula.deducted:
        terms += _amounts(part, node.materials, facts, -HUNDRED)
    return limited("rvc", terms, facts, Limit(node.pct, base), strict=node.strict, **figures)


def _by_the_agreement(node: ValueContent, facts: Facts) -> Judgement:
    """A content whose formula the rule leaves open: by any the agreement names; where none is named, by all usual ones."""
    named = facts.formulas is not FORMULAS
    usual = [name for name in _USUAL if name in facts.formulas]
    found = [value_content(replace(node, formula=name), facts) for name in usual]
    truth = some(j.truth for j in found) if named else every(j.truth for j in found)
    if not named and truth is NO and some(j.truth for j in found) is not NO:
        ask = Question(f"formula:{node.formula}", "formula", {"formula": node.formula})
        answer = answered(facts.answers.get(ask.id))
        found.append(Judgement(answer, (ask,)))
        truth = answer
    asks = tuple(ask for j in found for ask in j.asks) if truth is UNKNOWN else ()
    if not facts.tracing:
        return Judgement(truth, asks)
    return Judgement(
        truth, asks, Trace("any" if named else "all", truth, {}, tuple(j.trace for j in found if j.trace))
    )


def _amounts(part: str, materials: Selectors | None, facts: Facts, factor: Decimal) -> list[Term]:
    """One part of a formula, times a factor."""
    match part:
        case "foreign":
            return terms_of(picked(facts.lines, materials, facts, is_foreign), "value", factor)
        case "originating":
            return terms_of(picked(facts.lines, None, facts, is_own), "value", factor)
        case "costs":
            stated = sum((amount for name, amount in facts.costs.items() if name != "net_cost"), ZERO)
            return [known(stated * factor)]
    cost = facts.costs.get(part.replace(" ", "_"), facts.costs.get(part))
    if cost is not None:
        return [known(cost * factor)]
    ask = Question(f"cost:{part}", "cost", {"cost": part})
    return [Term(None, ZERO, (ask,)) if factor < 0 else Term(ZERO, None, (ask,))]


def foreign_within_originating(_: ForeignWithinOriginating, facts: Facts) -> Judgement:
    """Foreign materials are worth no more than originating ones."""
    terms = [
        *facts_blank(facts),
        *foreign_terms(facts.lines, None, facts, HUNDRED),
        *terms_of(picked(facts.lines, None, facts, is_own), "value", HUNDRED),
    ]
    truth, asks = balance(terms)
    if not facts.tracing:
        return Judgement(truth, asks)
    margin = margin_of(terms)
    figures = {} if margin is None else {"margin": plain(margin), "currency": currency_of(facts)}
    return Judgement(truth, asks, Trace("nom_within_om", truth, figures))


def max_weight(node: MaxWeight, facts: Facts) -> Judgement:
    """The weight of selected foreign materials, together or selector by selector, up to a share."""
    figures = {"materials": write_selectors(node.materials), "limit": plain(node.pct)}
    if node.measure != "net":
        ask = Question(
            f"measure:{node.measure}:{figures['materials']}", "measure", figures | {"measure": node.measure}
        )
        return _attested("max_weight", ask, facts, figures)
    groups = [(selector,) for selector in node.materials] if node.each else [node.materials]
    found = []
    for group in groups:
        terms = [*facts_blank(facts), *_weighed_base(node, facts)]
        terms += terms_of(picked(facts.lines, group, facts, is_foreign), "weight", -HUNDRED)
        found.append(balance(terms, strict=node.strict))
        figures |= _weighed(terms, facts) if facts.tracing and len(groups) == 1 and node.of is None else {}
    truth = every(truth for truth, _ in found)
    asks = tuple(ask for _, more in found for ask in more) if truth is UNKNOWN else ()
    return Judgement(truth, asks, Trace("max_weight", truth, figures) if facts.tracing else None)


def _weighed(terms: Sequence[Term], facts: Facts) -> dict[str, str]:
    """The margin to a limit on weight, in kilograms and points of the weight of the good."""
    margin = margin_of(terms)
    if margin is None:
        return {}
    points = {"points": rounded(margin * HUNDRED / facts.weight)} if facts.weight else {}
    return {"margin_kg": plain(margin)} | points


def min_share(node: MinShare, facts: Facts) -> Judgement:
    """Selected materials of a status make up at least a share of others, by value or weight."""
    terms = [*facts_blank(facts)]
    for line in facts.lines:
        if not line.counted:
            continue
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
            weighted(
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
        "limit": plain(node.pct),
        "measure": node.measure,
    }
    margin = margin_of(terms) if facts.tracing else None
    if margin is not None:
        unit = {"currency": currency_of(facts)} if node.measure == "value" else {}
        figures |= {"margin" if unit else "margin_kg": plain(margin)} | unit
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
    return limited("set", terms, facts, Limit(node.pct, node.base))


def _weighed_base(node: MaxWeight, facts: Facts) -> list[Term]:
    if node.of is not None:
        among = [(line, *selected(node.of, line, facts)) for line in facts.lines]
        return terms_of([each for each in among if each[1] is not NO], "weight", node.pct)
    if facts.weight is None:
        return [Term(ZERO, None, (Question("good:weight", "good_weight"),))]
    return [known(facts.weight * node.pct)]


def _attested(code: str, ask: Question, facts: Facts, figures: dict[str, str]) -> Judgement:
    truth = answered(facts.answers.get(ask.id))
    return Judgement(
        truth, (ask,) if truth is UNKNOWN else (), Trace(code, truth, figures) if facts.tracing else None
    )
