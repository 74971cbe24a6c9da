"""The tolerance: per alternative of the rule, what fails by code or origin, tested once on its sum.

It never repairs a value, weight, content or process node, and is not stacked on a permission of the rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations, islice, product
from typing import NamedTuple

from countermark.rules import nodes
from countermark.rules.balance import Term, balance, known
from countermark.rules.determination import Question, Trace, Truth
from countermark.rules.evaluate import judge, rule_of_the_day
from countermark.rules.evaluate_materials import REPAIRABLE, Finding, findings
from countermark.rules.evaluate_value import HUNDRED, ZERO, base_term, plain
from countermark.rules.facts import Facts, Judgement, Line, Questions
from countermark.rules.match import code_question, same_level, selected
from countermark.rules.nodes import Expression, Selectors
from countermark.rules.terms import Tolerance
from countermark.rules.truth import NO, UNKNOWN, YES, answered, every, negated, some

MOST_ALTERNATIVES = 256


class Leaf(NamedTuple):
    """A node that is not divided further, and the materials for which it allows no tolerance."""

    node: Expression
    barred: Selectors


def tolerated(expression: Expression, facts: Facts, tolerance: Tolerance) -> Judgement:
    """Whether some alternative of the rule passes once its failing materials are tolerated."""
    found = [_alternative(leaves, facts, tolerance) for leaves in alternatives(expression, facts)]
    truth = some(j.truth for j in found)
    asks = tuple(ask for j in found if j.truth is UNKNOWN for ask in j.asks) if truth is UNKNOWN else ()
    if not facts.tracing:
        return Judgement(truth, asks)
    return Judgement(
        truth, asks, Trace("tolerance_tried", truth, {}, tuple(j.trace for j in found if j.trace))
    )


def alternatives(expression: Expression, facts: Facts) -> list[tuple[Leaf, ...]]:
    """The ways to meet the rule, each a list of nodes that must all be met; beyond a number, none."""
    found = []
    for leaves in _ways(expression, (), facts):
        found.append(leaves)
        if len(found) > MOST_ALTERNATIVES:
            return []
    return found


def _ways(node: Expression, barred: Selectors, facts: Facts) -> Iterator[tuple[Leaf, ...]]:
    match node:
        case nodes.AnyOf(of):
            for part in of:
                yield from _ways(part, barred, facts)
        case nodes.AllOf(of):
            yield from _together(of, barred, facts)
        case nodes.AtLeast(n, of):
            for chosen in combinations(of, n):
                yield from _together(chosen, barred, facts)
        case nodes.NoTolerance(materials, rule):
            yield from _ways(rule, barred + materials, facts)
        case nodes.Quota(_, rule) | nodes.Noted(_, rule):
            yield from _ways(rule, barred, facts)
        case nodes.Dated() if (of_the_day := rule_of_the_day(node, facts)) is not None:
            yield from _ways(of_the_day, barred, facts)
        case nodes.Ref(name) if name in facts.rules:
            yield from _ways(facts.rules[name], barred, facts)
        case nodes.Permit(materials, rule) if not _permits(materials, facts):
            yield from _ways(rule, barred, facts)
        case _:
            yield (Leaf(node, barred),)


def _together(parts: tuple[Expression, ...], barred: Selectors, facts: Facts) -> Iterator[tuple[Leaf, ...]]:
    # No part needs more ways than the whole may have: combinations of a long list are never all made.
    ways = [list(islice(_ways(part, barred, facts), MOST_ALTERNATIVES + 1)) for part in parts]
    for chosen in product(*ways):
        yield tuple(leaf for leaves in chosen for leaf in leaves)


def _permits(materials: Selectors, facts: Facts) -> bool:
    return any(selected(materials, line, facts)[0] is not NO for line in facts.lines)


def _alternative(leaves: tuple[Leaf, ...], facts: Facts, tolerance: Tolerance) -> Judgement:
    rest = [judge(leaf.node, facts) for leaf in leaves if not isinstance(leaf.node, REPAIRABLE)]
    firm = every(j.truth for j in rest)
    failing = [f for leaf in leaves if isinstance(leaf.node, REPAIRABLE) for f in findings(leaf.node, facts)]
    if firm is NO or facts.blank or not failing:
        return Judgement(
            every((firm, UNKNOWN)) if facts.blank else firm, tuple(a for j in rest for a in j.asks)
        )
    barred = tuple(selector for leaf in leaves for selector in leaf.barred)
    kept = _kept(failing, barred, facts, tolerance)
    truth = every((firm, kept.truth))
    asks = tuple(ask for j in (*rest, kept) if j.truth is UNKNOWN for ask in j.asks)
    return Judgement(truth, asks if truth is UNKNOWN else (), kept.trace)


def _kept(failing: list[Finding], barred: Selectors, facts: Facts, tolerance: Tolerance) -> Judgement:
    """The tests of the tolerance itself: which materials, how much, and what a person attests."""
    sure = {f.line.number: f for f in failing if f.truth is NO}
    lines = {f.line.number: f for f in failing} | sure
    parts: list[tuple[Truth, Questions]] = []
    for finding in lines.values():
        allowed, asks = _allowed(finding.line, barred, facts, tolerance)
        if finding.truth is NO:
            parts.append((allowed, asks))
        elif allowed is not YES:
            parts.append((UNKNOWN, finding.asks + asks))
    weighed = [_term(f, tolerance) for f in lines.values()]
    parts.append(balance([_base(tolerance, facts), *weighed]))
    if every(truth for truth, _ in parts) is not NO:
        parts += [_attestation(id, facts, needed=bool(sure)) for id in tolerance.attestations]
    truth = every(part for part, _ in parts)
    asks = tuple(ask for part, more in parts if part is UNKNOWN for ask in more) if truth is UNKNOWN else ()
    if not facts.tracing:
        return Judgement(truth, asks)
    total = sum((-term.worst / HUNDRED for term in weighed if term.worst is not None), ZERO)
    figures = {"pct": plain(tolerance.pct), "of": tolerance.base, "failing": plain(total)}
    return Judgement(
        truth, asks, Trace("tolerance", truth, figures | {"lines": ", ".join(map(str, sorted(lines)))})
    )


def _allowed(line: Line, barred: Selectors, facts: Facts, tolerance: Tolerance) -> tuple[Truth, Questions]:
    truth, asks = selected(barred, line, facts)
    truth = negated(truth)
    if tolerance.same_heading_only:
        own = same_level(line, facts, 4)
        truth, asks = every((truth, own)), (*asks, code_question(line)) if own is UNKNOWN else asks
    return truth, asks


def _term(finding: Finding, tolerance: Tolerance) -> Term:
    line = finding.line
    amount = line.weight if tolerance.base == "weight" else line.value
    blank = (line.question("weight", "material_weight"),) if tolerance.base == "weight" else line.value_asks
    if amount is None:
        return Term(None, ZERO, finding.asks + blank)
    return Term(-HUNDRED * amount, -HUNDRED * amount if finding.truth is NO else ZERO, finding.asks)


def _base(tolerance: Tolerance, facts: Facts) -> Term:
    if tolerance.base != "weight":
        return base_term(tolerance.base, tolerance.pct, facts)
    if facts.weight is None:
        return Term(ZERO, None, (Question("good:weight", "good_weight"),))
    return known(facts.weight * Decimal(tolerance.pct))


def _attestation(id: str, facts: Facts, *, needed: bool) -> tuple[Truth, Questions]:
    """Refused, it bars the tolerance; while no line surely fails, that leaves the answer open."""
    truth = answered(facts.answers.get(id))
    asks = (Question(id, "attestation"),) if truth is UNKNOWN else ()
    return truth if needed or truth is YES else UNKNOWN, asks
