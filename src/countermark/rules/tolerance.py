"""The tolerance: per alternative of the rule, what fails by code or origin, tested once on its sum.

It never repairs a value, weight, content or process node, and is not stacked on a permission of the rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, islice, product
from typing import NamedTuple

from countermark.rules import nodes
from countermark.rules.amounts import HUNDRED, ZERO, base_term, margin_of, plain, rounded
from countermark.rules.balance import Term, balance, known
from countermark.rules.determination import Question, Trace, Truth
from countermark.rules.evaluate import allowances, judge, rule_of_the_day
from countermark.rules.evaluate_materials import REPAIRABLE, Finding, findings
from countermark.rules.facts import Facts, Judgement, Line, Questions
from countermark.rules.match import code_question, same_level, selected, within_any
from countermark.rules.nodes import Expression, Selectors
from countermark.rules.terms import LISTED_WEIGHT, WEIGHT, Tolerance
from countermark.rules.truth import NO, UNKNOWN, YES, answered, every, negated, some

MOST_ALTERNATIVES = 256


class Leaf(NamedTuple):
    """A node that is not divided further, the materials for which it allows no tolerance, and lines it passes over."""

    node: Expression
    barred: Selectors
    skipped: frozenset[int] = frozenset()


VALUE_LIMITS = (nodes.MaxForeignValue, nodes.ValueContent, nodes.ForeignWithinOriginating, nodes.SetRule)


def tolerated(expression: Expression, facts: Facts, tolerance: Tolerance) -> Judgement:
    """Whether some alternative of the rule passes once its failing materials are tolerated."""
    allowed = _for_good(facts, tolerance)
    if allowed[0] is NO:
        return Judgement(NO)
    ways = alternatives(expression, facts, stacks=tolerance.stacks)
    found = [_alternative(leaves, facts, tolerance, allowed) for leaves in ways]
    truth = some(j.truth for j in found)
    asks = tuple(ask for j in found if j.truth is UNKNOWN for ask in j.asks) if truth is UNKNOWN else ()
    if not facts.tracing:
        return Judgement(truth, asks)
    figures = {"id": tolerance.id, "citation": tolerance.citation}
    return Judgement(
        truth, asks, Trace("tolerance_tried", truth, figures, tuple(j.trace for j in found if j.trace))
    )


def _for_good(facts: Facts, tolerance: Tolerance) -> tuple[Truth, Questions]:
    """Whether the tolerance is for goods of this code."""
    parts = [within_any(facts.good.digits, tolerance.goods)] if tolerance.goods else []
    if tolerance.not_goods:
        parts.append(negated(within_any(facts.good.digits, tolerance.not_goods)))
    truth = every(parts)
    return truth, (code_question(facts.good),) if truth is UNKNOWN else ()


def alternatives(expression: Expression, facts: Facts, *, stacks: bool = False) -> list[tuple[Leaf, ...]]:
    """The ways to meet the rule, each a list of nodes that must all be met; beyond a number, none."""
    found = []
    for leaves in _ways(expression, Leaf(expression, ()), facts, stacks):
        found.append(leaves)
        if len(found) > MOST_ALTERNATIVES:
            return []
    return found


def _ways(node: Expression, within: Leaf, facts: Facts, stacks: bool) -> Iterator[tuple[Leaf, ...]]:
    """The ways to meet a node, inside what ``within`` bars and passes over."""
    match node:
        case nodes.AnyOf(of):
            for part in of:
                yield from _ways(part, within, facts, stacks)
        case nodes.AllOf(of):
            yield from _together(of, within, facts, stacks)
        case nodes.AtLeast(n, of):
            for chosen in combinations(of, n):
                yield from _together(chosen, within, facts, stacks)
        case nodes.NoTolerance(materials, rule):
            yield from _ways(rule, within._replace(barred=within.barred + materials), facts, stacks)
        case nodes.Permit(_, rule) if stacks:
            passed = within._replace(skipped=within.skipped | _permitted(node, facts))
            for leaves in _ways(rule, passed, facts, stacks):
                yield (*(within._replace(node=limit) for limit in allowances(node)), *leaves)
        case nodes.Ref(name) if name in facts.rules:
            others = {id: rule for id, rule in facts.rules.items() if id != name}
            yield from _ways(facts.rules[name], within, replace(facts, rules=others), stacks)
        case _:
            inner = _only_rule(node, facts)
            yield from _ways(inner, within, facts, stacks) if inner else ((within._replace(node=node),),)


def _only_rule(node: Expression, facts: Facts) -> Expression | None:
    """The one rule inside a node that changes nothing for a tolerance."""
    match node:
        case nodes.Quota(_, rule) | nodes.Noted(_, rule):
            return rule
        case nodes.Dated():
            return rule_of_the_day(node, facts)
        case nodes.Permit(materials, rule) if not _permits(materials, facts):
            return rule
    return None


def _together(
    parts: tuple[Expression, ...], within: Leaf, facts: Facts, stacks: bool
) -> Iterator[tuple[Leaf, ...]]:
    # No part needs more ways than the whole may have: combinations of a long list are never all made.
    ways = [list(islice(_ways(part, within, facts, stacks), MOST_ALTERNATIVES + 1)) for part in parts]
    for chosen in product(*ways):
        yield tuple(leaf for leaves in chosen for leaf in leaves)


def _permitted(node: nodes.Permit, facts: Facts) -> frozenset[int]:
    """The lines a permission surely passes over."""
    return frozenset(line.number for line in facts.lines if selected(node.materials, line, facts)[0] is YES)


def _permits(materials: Selectors, facts: Facts) -> bool:
    return any(selected(materials, line, facts)[0] is not NO for line in facts.lines)


def _alternative(
    leaves: tuple[Leaf, ...], facts: Facts, tolerance: Tolerance, allowed: tuple[Truth, Questions]
) -> Judgement:
    rest = [judge(leaf.node, _seen(leaf, facts)) for leaf in leaves if not isinstance(leaf.node, REPAIRABLE)]
    firm = every(j.truth for j in rest)
    failing = [
        finding
        for leaf in leaves
        if isinstance(leaf.node, REPAIRABLE)
        for finding in findings(leaf.node, _seen(leaf, facts))
    ]
    if firm is NO or facts.blank or not failing:
        return Judgement(
            every((firm, UNKNOWN)) if facts.blank else firm, tuple(a for j in rest for a in j.asks)
        )
    if not tolerance.beside_value_limits and any(isinstance(leaf.node, VALUE_LIMITS) for leaf in leaves):
        return Judgement(NO, (), Trace("tolerance_beside_value", NO) if facts.tracing else None)
    barred = tuple(selector for leaf in leaves for selector in leaf.barred)
    kept = _kept(failing, barred, facts, tolerance)
    truth = every((firm, kept.truth, allowed[0]))
    asks = (*(ask for j in (*rest, kept) if j.truth is UNKNOWN for ask in j.asks), *allowed[1])
    return Judgement(truth, asks if truth is UNKNOWN else (), kept.trace)


def _seen(leaf: Leaf, facts: Facts) -> Facts:
    return replace(facts, skipped=facts.skipped | leaf.skipped) if leaf.skipped else facts


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
    base = _base(tolerance, facts)
    parts.append(balance([*base, *weighed]))
    if tolerance.least_kinds > 1:
        parts.append(_mixed(facts, tolerance))
    if every(truth for truth, _ in parts) is not NO:
        parts += [_attestation(id, facts, needed=bool(sure)) for id in tolerance.attestations]
    truth = every(part for part, _ in parts)
    asks = tuple(ask for part, more in parts if part is UNKNOWN for ask in more) if truth is UNKNOWN else ()
    if not facts.tracing:
        return Judgement(truth, asks)
    total = sum((-term.worst / HUNDRED for term in weighed if term.worst is not None), ZERO)
    figures = {"pct": plain(tolerance.pct), "of": tolerance.base, "failing": plain(total)}
    margin = margin_of([*base, *weighed])
    if margin is not None:
        whole = (margin + total) * HUNDRED
        points = {"points": rounded(margin * tolerance.pct * HUNDRED / whole)} if whole else {}
        by_weight = tolerance.base in (WEIGHT, LISTED_WEIGHT)
        figures |= {"margin_kg" if by_weight else "margin": plain(margin)} | points
    labels = ", ".join(lines[number].line.label for number in sorted(lines))
    return Judgement(truth, asks, Trace("tolerance", truth, figures | {"lines": labels}))


def _mixed(facts: Facts, tolerance: Tolerance) -> tuple[Truth, Questions]:
    """Whether enough of the kinds listed are used, such as two basic textile materials."""
    kinds = [[(within_any(line.digits, (kind,)), line) for line in facts.lines] for kind in tolerance.listed]
    sure = sum(1 for kind in kinds if any(truth is YES for truth, _ in kind))
    possible = sum(1 for kind in kinds if any(truth is not NO for truth, _ in kind))
    truth = YES if sure >= tolerance.least_kinds else NO if possible < tolerance.least_kinds else UNKNOWN
    asks = {code_question(line).id: code_question(line) for kind in kinds for t, line in kind if t is UNKNOWN}
    return truth, tuple(asks.values()) if truth is UNKNOWN else ()


def _allowed(line: Line, barred: Selectors, facts: Facts, tolerance: Tolerance) -> tuple[Truth, Questions]:
    """Whether the tolerance may pass over this line at all."""
    truth, asks = selected(barred, line, facts)
    truth = negated(truth)
    codes = []
    if tolerance.same_heading_only:
        codes.append(same_level(line, facts, 4))
    if tolerance.materials or tolerance.listed:
        codes.append(within_any(line.digits, tolerance.materials or tolerance.listed))
    if tolerance.not_materials:
        codes.append(negated(within_any(line.digits, tolerance.not_materials)))
    if UNKNOWN in codes:
        asks = (*asks, code_question(line))
    return every((truth, *codes)), asks


def _term(finding: Finding, tolerance: Tolerance) -> Term:
    line = finding.line
    by_weight = tolerance.base in (WEIGHT, LISTED_WEIGHT)
    amount = line.weight if by_weight else line.value
    blank = (line.question("weight", "material_weight"),) if by_weight else line.value_asks
    if amount is None:
        return Term(None, ZERO, finding.asks + blank)
    return Term(-HUNDRED * amount, -HUNDRED * amount if finding.truth is NO else ZERO, finding.asks)


def _base(tolerance: Tolerance, facts: Facts) -> list[Term]:
    """The share of what the tolerance is a share of."""
    if tolerance.base == LISTED_WEIGHT:
        return [term for line in facts.lines for term in _listed(line, tolerance)]
    if tolerance.base != WEIGHT:
        return [base_term(tolerance.base, tolerance.pct, facts)]
    if facts.weight is None:
        return [Term(ZERO, None, (Question("good:weight", "good_weight"),))]
    return [known(facts.weight * tolerance.pct)]


def _listed(line: Line, tolerance: Tolerance) -> list[Term]:
    """What a line adds to the weight of the materials listed."""
    listed = within_any(line.digits, tolerance.listed)
    if listed is NO or not line.counted:
        return []
    asks: Questions = () if listed is YES else (code_question(line),)
    if line.weight is None:
        return [Term(ZERO, None, (*asks, line.question("weight", "material_weight")))]
    share = line.weight * tolerance.pct
    return [Term(share if listed is YES else ZERO, share, asks)]


def _attestation(id: str, facts: Facts, *, needed: bool) -> tuple[Truth, Questions]:
    """Refused, it bars the tolerance; while no line surely fails, that leaves the answer open."""
    truth = answered(facts.answers.get(id))
    asks = (Question(id, "attestation"),) if truth is UNKNOWN else ()
    return truth if needed or truth is YES else UNKNOWN, asks
