"""Decide a rule expression for the facts of a good: yes, no or unknown, exactly.

The answer is that of the best and the worst completion of the blanks, without trying them all. Every leaf is
monotone in what fills a blank: a material that turns out to originate, an operation that turns out attested, a
foreign value that turns out lower never makes a met node unmet. So all leaves reach their best under one and
the same completion, and their worst under another, and joining their three values by strong Kleene logic gives
exactly what both completions give. A leaf is decided on the ends of its blanks (``countermark.rules.balance``).
A blank that helps one node and harms another (a name listed in one and barred in the other) is joined soundly:
a decided answer is never turned by filling it; ``countermark.rules.settle`` then tries its answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from countermark.goods.application import Operation
from countermark.rules import evaluate_value, nodes
from countermark.rules.determination import Question, Trace, Truth
from countermark.rules.evaluate_materials import REPAIRABLE, judge_materials
from countermark.rules.facts import Facts, Judgement, Questions
from countermark.rules.match import described, selected
from countermark.rules.nodes import Expression
from countermark.rules.selection import write_selectors
from countermark.rules.selector import Described
from countermark.rules.truth import NO, UNKNOWN, YES, answered, every, some, told

UNREAD = "unread"
"""Code of the question for a part of a rule that nobody could read: only a stated rule fills it."""


def judge(node: Expression, facts: Facts) -> Judgement:
    """Whether the facts meet the rule."""
    return _JUDGES[type(node)](node, facts)


def _any_of(node: nodes.AnyOf, facts: Facts) -> Judgement:
    return _joined("any", node.of, facts, some, YES)


def _all_of(node: nodes.AllOf, facts: Facts) -> Judgement:
    return _joined("all", node.of, facts, every, NO)


def _joined(
    code: str, parts: tuple[Expression, ...], facts: Facts, join: Callable[..., Truth], final: Truth
) -> Judgement:
    if len(parts) == 1:
        return judge(parts[0], facts)
    found = []
    for part in parts:
        found.append(judge(part, facts))
        if found[-1].truth is final and not facts.tracing:
            return Judgement(final)
    return _composed(code, join(j.truth for j in found), found, facts)


def _composed(
    code: str, truth: Truth, found: list[Judgement], facts: Facts, figures: Mapping[str, str] | None = None
) -> Judgement:
    asks = tuple(ask for j in found if j.truth is UNKNOWN for ask in j.asks) if truth is UNKNOWN else ()
    if not facts.tracing:
        return Judgement(truth, asks)
    return Judgement(truth, asks, Trace(code, truth, figures or {}, tuple(j.trace for j in found if j.trace)))


def _at_least(node: nodes.AtLeast, facts: Facts) -> Judgement:
    found = [judge(part, facts) for part in node.of]
    met = sum(1 for j in found if j.truth is YES)
    possible = sum(1 for j in found if j.truth is not NO)
    truth = YES if met >= node.n else NO if possible < node.n else UNKNOWN
    return _composed("at_least", truth, found, facts, {"n": str(node.n), "met": str(met)})


def _good_wholly(_: nodes.WhollyObtainedGood, facts: Facts) -> Judgement:
    asks = (Question("wholly:evidence", "wholly_evidence"),) if facts.wholly is UNKNOWN else ()
    return Judgement(facts.wholly, asks, Trace("wo", facts.wholly) if facts.tracing else None)


def _process(node: nodes.Process, facts: Facts) -> Judgement:
    """By the answer given, or else by an operation of that code done where the rule wants it."""
    question = Question(
        f"process:{node.id}", "process", {"words": node.text or node.id, "on": write_selectors(node.on)}
    )
    truth = answered(facts.answers.get(question.id))
    if truth is UNKNOWN and any(
        op.code == node.id and _placed(op, node.where, facts) for op in facts.operations
    ):
        truth = YES
    trace = Trace("process", truth, {"id": node.id, "words": node.text or node.id}) if facts.tracing else None
    return Judgement(truth, (question,) if truth is UNKNOWN else (), trace)


def _placed(operation: Operation, where: str, facts: Facts) -> bool:
    country = operation.place[:2]
    return where == "any" or country == facts.country or (where == "parties" and country in facts.parties)


def _not_only(node: nodes.NotOnly, facts: Facts) -> Judgement:
    truth = (
        some(told(op.code not in node.operations) for op in facts.operations) if facts.operations else UNKNOWN
    )
    asks = (Question("operations", "operations"),) if truth is UNKNOWN else ()
    listed = {"operations": ", ".join(node.operations)}
    return Judgement(truth, asks, Trace("not_only", truth, listed) if facts.tracing else None)


def _permit(node: nodes.Permit, facts: Facts) -> Judgement:
    """The rule with the permitted lines passed over, if the permission holds; otherwise the rule as it stands."""
    matched = [(line, *selected(node.materials, line, facts)) for line in facts.lines]
    sure = frozenset(line.number for line, truth, _ in matched if truth is YES)
    perhaps = frozenset(line.number for line, truth, _ in matched if truth is not NO)
    allowed = _allowance(node, facts)
    plain = judge(node.rule, facts)
    least = judge(node.rule, replace(facts, skipped=facts.skipped | sure))
    most = judge(node.rule, replace(facts, skipped=facts.skipped | perhaps)) if perhaps != sure else least
    passed = YES if least.truth is YES else NO if most.truth is NO else UNKNOWN
    truth = some((plain.truth, every((allowed.truth, passed))))
    asks: Questions = ()
    if truth is UNKNOWN:
        asks = (
            *(a for _, t, more in matched if t is UNKNOWN for a in more),
            *allowed.asks,
            *most.asks,
            *plain.asks,
        )
    if not facts.tracing:
        return Judgement(truth, asks)
    parts = tuple(part for part in (allowed.trace, least.trace) if part)
    return Judgement(
        truth, asks, Trace("permit", truth, {"materials": write_selectors(node.materials)}, parts)
    )


def _allowance(node: nodes.Permit, facts: Facts) -> Judgement:
    """Whether the limit and the condition of a permission hold."""
    found = [judge(part, facts) for part in allowances(node)]
    return _composed("allowance", every(j.truth for j in found), found, facts)


def allowances(node: nodes.Permit) -> tuple[Expression, ...]:
    """What a permission depends on, as rules of its own."""
    found: list[Expression] = [] if node.condition is None else [node.condition]
    if node.limit is not None and node.limit.base == "weight":
        found.append(nodes.MaxWeight(node.limit.pct, node.materials))
    elif node.limit is not None:
        found.append(nodes.MaxForeignValue(node.limit.pct, node.limit.base, node.materials))
    return tuple(found)


def _when(node: nodes.When, facts: Facts) -> Judgement:
    if isinstance(node.condition, Described):
        truth, asks = described(node.condition, facts.good, facts)
        condition = Judgement(truth, asks, Trace("when_good", truth) if facts.tracing else None)
    else:
        condition = judge(node.condition, facts)
    then = judge(node.then, facts)
    otherwise = judge(node.otherwise, facts) if node.otherwise is not None else _unread("no-else", {}, facts)
    if condition.truth is not UNKNOWN:
        chosen = then if condition.truth is YES else otherwise
        return _composed("when", chosen.truth, [condition, chosen], facts)
    same = then.truth if then.truth is otherwise.truth else UNKNOWN
    return _composed("when", same, [condition, then, otherwise], facts)


def _dated(node: nodes.Dated, facts: Facts) -> Judgement:
    rule = rule_of_the_day(node, facts)
    if rule is None:
        return _unread("no-rule-of-the-day", {"on": facts.on.isoformat()}, facts)
    return judge(rule, facts)


def rule_of_the_day(node: nodes.Dated, facts: Facts) -> Expression | None:
    """The first rule whose period holds the day, both ends included."""
    for period in node.periods:
        if (period.since is None or period.since <= facts.on) and (
            period.until is None or facts.on <= period.until
        ):
            return period.rule
    return None


def _inner(node: nodes.NoTolerance, facts: Facts) -> Judgement:
    return judge(node.rule, facts)


def _quota(node: nodes.Quota, facts: Facts) -> Judgement:
    inner = judge(node.rule, facts)
    return _composed("quota", inner.truth, [inner], facts, {"id": node.id})


def _noted(node: nodes.Noted, facts: Facts) -> Judgement:
    inner = judge(node.rule, facts)
    return _composed("note", inner.truth, [inner], facts, {"note": node.note})


def _ref(node: nodes.Ref, facts: Facts) -> Judgement:
    rule = facts.rules.get(node.name)
    if rule is None:
        return _unread("ref", {"name": node.name}, facts)
    found = judge(rule, replace(facts, rules={k: v for k, v in facts.rules.items() if k != node.name}))
    return _composed("ref", found.truth, [found], facts, {"name": node.name})


def _retain(node: nodes.Retain, facts: Facts) -> Judgement:
    return _unread("retain", {"text": node.what}, facts)


def _pending(_: nodes.Pending, facts: Facts) -> Judgement:
    return _unread("pending", {}, facts)


def _manual(node: nodes.Manual, facts: Facts) -> Judgement:
    return _unread("manual", {"why": node.why, "text": node.text}, facts)


def _unread(kind: str, figures: dict[str, str], facts: Facts) -> Judgement:
    """A part that decides nothing: never yes, never no."""
    question = Question(f"unread:{kind}", UNREAD, {"kind": kind, **figures})
    return Judgement(UNKNOWN, (question,), Trace(kind, UNKNOWN, figures) if facts.tracing else None)


_JUDGES: Mapping[type, Callable[[Any, Facts], Judgement]] = {
    nodes.AnyOf: _any_of,
    nodes.AllOf: _all_of,
    nodes.AtLeast: _at_least,
    nodes.WhollyObtainedGood: _good_wholly,
    nodes.MaxForeignValue: evaluate_value.max_foreign_value,
    nodes.ValueContent: evaluate_value.value_content,
    nodes.MaxWeight: evaluate_value.max_weight,
    nodes.MinShare: evaluate_value.min_share,
    nodes.MinCount: evaluate_value.min_count,
    nodes.ForeignWithinOriginating: evaluate_value.foreign_within_originating,
    nodes.SetRule: evaluate_value.set_rule,
    nodes.Process: _process,
    nodes.NotOnly: _not_only,
    nodes.Permit: _permit,
    nodes.When: _when,
    nodes.Dated: _dated,
    nodes.NoTolerance: _inner,
    nodes.Quota: _quota,
    nodes.Retain: _retain,
    nodes.Noted: _noted,
    nodes.Ref: _ref,
    nodes.Pending: _pending,
    nodes.Manual: _manual,
    **dict.fromkeys(REPAIRABLE, judge_materials),
}
