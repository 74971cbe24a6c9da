"""Decide sufficient processing: by the rows that apply to the code, else by the general test, else not at all.

The general test decides only where the list is known to be complete. Where a row is missing, or could not be read,
an officer may state the rule; it then decides as his, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from countermark.rules.agreement import Agreement, Coverage, Row, RowPolicy
from countermark.rules.determination import Question, Trace, Truth
from countermark.rules.evaluate import UNREAD, judge
from countermark.rules.facts import Facts, Judgement, Questions
from countermark.rules.match import code_question, span
from countermark.rules.nodes import Expression
from countermark.rules.rows import Candidate, candidates
from countermark.rules.stated import StatedRule, StatedRuleRefused
from countermark.rules.tolerance import tolerated
from countermark.rules.truth import UNKNOWN, YES, every, negated, some
from countermark.rules.unknown import tolerance_step


@dataclass(frozen=True, slots=True)
class Processing:
    """Whether the good is sufficiently processed, and by which rule."""

    truth: Truth
    asks: Questions = ()
    rule: str = ""
    """Citation of the rule that decided, or would have to."""
    stated_by: str = ""
    traces: tuple[Trace, ...] = ()


def process(facts: Facts, agreement: Agreement, stated: StatedRule | None) -> Processing:
    """Hold the good against the rows for its code.

    Raises:
        StatedRuleRefused: the rule stated is not for this code, or the data decides without it.
    """
    if stated is not None:
        _check_codes(stated, facts.good.digits)
    found = candidates(agreement.rows, facts.good.digits, facts.answers, agreement.row_policy)
    if agreement.row_policy is RowPolicy.MOST_SPECIFIC:
        sure = next((n for n, c in enumerate(found) if c.applies is YES), len(found))
        found = found[: sure + 1]
    outcomes = [_by_row(candidate.row, facts, agreement, stated) for candidate in found]
    fallback = None if any(c.applies is YES for c in found) else _beyond_rows(facts, agreement, stated)
    joined = _join(found, outcomes, fallback, agreement.row_policy)
    if stated is not None and not joined.stated_by:
        raise StatedRuleRefused(
            "stated-rule-not-needed",
            f"The agreement's data holds a rule that can be decided: {joined.rule}. Withdraw the stated rule.",
        )
    return joined


def _check_codes(stated: StatedRule, digits: str) -> None:
    low, high = span(digits, digits)
    for code in stated.codes:
        first, _, last = code.partition("-")
        lowest, highest = span(first, last or first)
        if lowest <= low and high <= highest:
            return
    raise StatedRuleRefused(
        "stated-rule-other-code",
        f"The stated rule is for {', '.join(stated.codes)}, the good is of {digits or 'an unknown code'}. "
        "State the rule for this code.",
    )


def _join(
    found: Sequence[Candidate], outcomes: Sequence[Processing], fallback: Processing | None, policy: RowPolicy
) -> Processing:
    """What the rows come to together. While it is open which row applies, only that is asked."""
    every_outcome = [*outcomes, fallback] if fallback else list(outcomes)
    open_rows = [c for c in found if c.applies is UNKNOWN]
    truths = {outcome.truth for outcome in every_outcome}
    if policy is RowPolicy.ANY and not fallback:
        truths = {some(every((c.applies, o.truth)) for c, o in zip(found, outcomes, strict=True))}
    elif policy is RowPolicy.ALL and not fallback:
        truths = {every(some((negated(c.applies), o.truth)) for c, o in zip(found, outcomes, strict=True))}
    truth = truths.pop() if len(truths) == 1 else UNKNOWN
    asks: Questions = ()
    if truth is UNKNOWN and open_rows:
        asks = tuple(ask for candidate in open_rows for ask in candidate.asks)
    elif truth is UNKNOWN:
        asks = tuple(ask for outcome in every_outcome for ask in outcome.asks)
    return Processing(
        truth,
        asks,
        "; ".join(dict.fromkeys(outcome.rule for outcome in every_outcome)),
        next((outcome.stated_by for outcome in every_outcome if outcome.stated_by), ""),
        tuple(trace for outcome in every_outcome for trace in outcome.traces),
    )


def _by_row(row: Row, facts: Facts, agreement: Agreement, stated: StatedRule | None) -> Processing:
    found = _judged(row.rule, facts, agreement, listed=True)
    unread = [ask for ask in found.asks if ask.code == UNREAD]
    if unread and stated is not None:
        return _by_statement(stated, facts, agreement)
    asks = tuple(ask for ask in found.asks if ask.code != UNREAD)
    if unread:
        figures = {"heading": facts.good.digits[:4], "row": row.id, "note": row.note, **unread[0].figures}
        asks = (*asks, Question(f"row-gap:{facts.good.digits[:4]}", "row_unread", figures))
    figures = {"row": row.id, "gloss": row.gloss, "citation": row.citation}
    traces = (Trace("row", found.truth, figures, _children(found)),) if facts.tracing else ()
    return Processing(found.truth, asks, row.citation, "", traces)


def _beyond_rows(facts: Facts, agreement: Agreement, stated: StatedRule | None) -> Processing:
    """No row is known to apply: the general test in a complete chapter, otherwise a gap."""
    digits = facts.good.digits
    if not digits:
        ask = code_question(facts.good)
        trace = (Trace("code_not_comparable", UNKNOWN),) if facts.tracing else ()
        return Processing(UNKNOWN, (ask,), agreement.general_citation, "", trace)
    coverage = agreement.coverage.get(digits[:2], Coverage.GAP_POSSIBLE)
    if coverage is Coverage.COMPLETE and agreement.general_rule is not None:
        found = _judged(agreement.general_rule, facts, agreement, listed=False)
        figures = {"citation": agreement.general_citation}
        traces = (Trace("general_rule", found.truth, figures, _children(found)),) if facts.tracing else ()
        return Processing(found.truth, found.asks, agreement.general_citation, "", traces)
    if stated is not None:
        return _by_statement(stated, facts, agreement)
    figures = {"heading": digits[:4], "chapter": digits[:2], "coverage": str(coverage)}
    ask = Question(f"row-gap:{digits[:4]}", "row_gap", figures)
    traces = (Trace("row_gap", UNKNOWN, figures),) if facts.tracing else ()
    return Processing(UNKNOWN, (ask,), "", "", traces)


def _by_statement(stated: StatedRule, facts: Facts, agreement: Agreement) -> Processing:
    """A stated rule is a rule of the list, for the tolerance too."""
    found = _judged(stated.expression, facts, agreement, listed=True)
    figures = {"citation": stated.citation, "officer": stated.officer, "on": stated.on.isoformat()}
    traces = (Trace("stated_rule", found.truth, figures, _children(found)),) if facts.tracing else ()
    return Processing(found.truth, found.asks, stated.citation, stated.officer, traces)


def _judged(expression: Expression, facts: Facts, agreement: Agreement, *, listed: bool) -> Judgement:
    """The rule, and if it is not met as it stands, the rule with each tolerance that is for the good."""
    found = judge(expression, facts)
    for tolerance in agreement.tolerances:
        if found.truth is YES or (listed and not tolerance.against_list):
            continue
        repaired = tolerated(expression, facts, tolerance)
        truth = some((found.truth, repaired.truth))
        asks = found.asks + repaired.asks if truth is UNKNOWN else ()
        trace = found.trace
        if trace is not None and repaired.trace is not None:
            trace = replace(trace, children=(*trace.children, repaired.trace))
        found = Judgement(truth, asks, trace)
    open_step = tolerance_step(expression, found.truth, facts, agreement)
    if open_step is not None and found.trace is not None:
        found = replace(found, trace=replace(found.trace, children=(*found.trace.children, open_step)))
    return found


def _children(found: Judgement) -> tuple[Trace, ...]:
    return (found.trace,) if found.trace is not None else ()
