"""What a pack says it does not know: asked where it can change the verdict, never taken for "there is none".

A list of rules alone does not show who the parties are, in which HS edition it is written, which operations never
confer origin, what is tolerated, or whether another country's materials count.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from countermark.rules.agreement import Agreement
from countermark.rules.determination import Question, Trace, Truth
from countermark.rules.expression import Expression
from countermark.rules.facts import Facts, Judgement, Questions
from countermark.rules.terms import WEIGHT, Tolerance
from countermark.rules.tolerance import tolerated
from countermark.rules.truth import NO, UNKNOWN, YES, answered, every

USUAL_PCT = Decimal(15)
"""Shares from 5 to 15 per cent are usual in published agreements; the widest shows what a tolerance might turn."""


class Open(NamedTuple):
    """What stands open around a verdict."""

    truth: Truth
    """What is left of the verdict."""
    asks: Questions
    traces: tuple[Trace, ...]


def hedge(truth: Truth, asks: Questions, facts: Facts, agreement: Agreement) -> Open:
    """A verdict as far as it holds while the parties, or the edition of the codes, are not known.

    Who is no party has no originating goods, so a no stands. A code of another edition may be another code, so while
    that is open neither yes nor no stands.
    """
    traces: tuple[Trace, ...] = ()
    if "parties" in agreement.unknown:
        ask = Question(f"party:{facts.country}", "party", {"country": facts.country})
        party = answered(facts.answers.get(ask.id))
        traces += (Trace("party_unknown", party, {"country": facts.country}),)
        truth = every((truth, party))
        asks = (*asks, ask) if truth is UNKNOWN and party is UNKNOWN else asks
    if "hs_edition" in agreement.unknown:
        ask = Question("hs-edition", "hs_edition")
        same = answered(facts.answers.get(ask.id))
        traces += (Trace("hs_edition_unknown", same),)
        if same is not YES:
            truth, asks = UNKNOWN, (*asks, ask)
    return Open(truth, () if truth is NO else asks, traces if facts.tracing else ())


def worked_beyond_a_list_not_held(facts: Facts) -> Judgement:
    """Whether the work goes beyond the operations that never confer origin, where the pack does not hold them."""
    ask = Question("operations:beyond-minimal", "operations_beyond_minimal")
    truth = answered(facts.answers.get(ask.id))
    words = "; ".join(operation.words or operation.code for operation in facts.operations)
    step = Trace("operations_unlisted", truth, {"operations": words}) if facts.tracing else None
    return Judgement(truth, (ask,) if truth is UNKNOWN else (), step)


def tolerance_step(rule: Expression, found: Truth, facts: Facts, agreement: Agreement) -> Trace | None:
    """That the tolerance is not known and not applied, and whether a usual one could turn the no."""
    if "tolerance" not in agreement.unknown or found is YES or not facts.tracing:
        return None
    bases = sorted(facts.price.bases) if facts.price is not None else []
    usual = (Tolerance(USUAL_PCT, base, False, True) for base in (*bases, WEIGHT))
    turned = found is NO and any(tolerated(rule, facts, tolerance).truth is not NO for tolerance in usual)
    code = "tolerance_could_turn" if turned else "tolerance_unknown"
    return Trace(code, None, {"usual": f"{USUAL_PCT:f}"})
