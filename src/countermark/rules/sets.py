"""Decide a set of General Rule 3: every item originates, foreign ones being tolerated up to the agreement's share."""

from __future__ import annotations

from countermark.rules.agreement import Agreement
from countermark.rules.determination import Trace
from countermark.rules.evaluate_materials import origin_questions
from countermark.rules.evaluate_value import set_rule
from countermark.rules.facts import Facts, Judgement
from countermark.rules.nodes import SetRule
from countermark.rules.processing import Processing
from countermark.rules.truth import UNKNOWN, YES, every, negated, some


def judge_set(facts: Facts, agreement: Agreement) -> Processing:
    """The items of the set, each by its own origin. A set of nothing but foreign items never originates."""
    items = facts.items or ()
    each = every(negated(item.foreign) for item in items)
    found = Judgement(
        each, tuple(ask for item in items if item.foreign is UNKNOWN for ask in origin_questions(item))
    )
    terms = agreement.sets
    if terms is not None and each is not YES:
        tolerated = set_rule(SetRule(terms.pct, terms.base), facts)
        some_own = some(negated(item.foreign) for item in items)
        truth = some((each, every((tolerated.truth, some_own))))
        found = Judgement(truth, found.asks + tolerated.asks, tolerated.trace)
    citation = agreement.citations["sets"].paragraph if "sets" in agreement.citations else ""
    children = (found.trace,) if found.trace else ()
    figures = {"count": str(len(items)), "citation": citation}
    traces = (Trace("set_items", found.truth, figures, children),) if facts.tracing else ()
    return Processing(found.truth, found.asks if found.truth is UNKNOWN else (), citation, "", traces)
