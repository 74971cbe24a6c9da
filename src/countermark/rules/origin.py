"""Decide origin from facts: the same for the good, and for every material traced to its own bill.

It originates if it is wholly produced, or if it is worked more than minimally and either no foreign material
remains beside another party's proved material, or it is sufficiently processed. A bill may be read in two ways:
materials as they stand, and, where the agreement lets one look into those that do not originate, with these replaced
by what they were made of. Either reading that is met is enough.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from countermark.goods.application import WhollyObtained
from countermark.rules.agreement import Agreement
from countermark.rules.determination import Criterion, Question, Trace, Truth
from countermark.rules.facts import Facts, Judgement, Questions
from countermark.rules.processing import Processing, process
from countermark.rules.production import all_own, cumulated, wholly_produced, worked_enough
from countermark.rules.sets import judge_set
from countermark.rules.standing import is_party
from countermark.rules.stated import StatedRule, StatedRuleRefused
from countermark.rules.steps import material_steps
from countermark.rules.truth import NO, UNKNOWN, YES, every, some


@dataclass(frozen=True, slots=True)
class Found:
    """The verdict on a good before it is put in the words of a determination."""

    truth: Truth
    asks: Questions
    facts: Facts
    criterion: Criterion | None = None
    rule: str = ""
    stated_by: str = ""
    steps: tuple[Trace, ...] = ()


def find(
    facts: Facts, claim: WhollyObtained | None, agreement: Agreement, stated: StatedRule | None = None
) -> Found:
    """Whether the facts make an originating good.

    Raises:
        StatedRuleRefused: the data decides without the stated rule, or it is for another code.
    """
    if not is_party(facts.country, agreement):
        return Found(NO, (), facts, steps=(Trace("not_a_party", NO, {"country": facts.country}),))
    if facts.on < agreement.valid_from or (agreement.valid_until and facts.on > agreement.valid_until):
        figures = {"edition": agreement.edition, "on": facts.on.isoformat()}
        asks = (Question("edition", "edition", figures),)
        return Found(UNKNOWN, asks, facts, steps=(Trace("edition", UNKNOWN, figures),))
    wholly = wholly_produced(claim, facts, agreement)
    if wholly.truth is not NO:
        facts = replace(facts, wholly=wholly.truth)
    if wholly.truth is YES:
        _refuse_needless(stated, agreement.wholly_citation)
        return Found(YES, (), facts, Criterion.WHOLLY, agreement.wholly_citation, steps=_steps(facts, wholly))
    whole = _made(facts, wholly, agreement, stated)
    if facts.opened is None or whole.truth is YES:
        return whole
    operations = facts.operations + facts.opened_operations
    within = replace(facts, lines=facts.opened, operations=operations, opened=None)
    return _either(whole, _made(within, wholly, agreement, stated))


def _made(facts: Facts, wholly: Judgement, agreement: Agreement, stated: StatedRule | None) -> Found:
    """By cumulation or sufficient processing, under one reading of the bill."""
    shared = cumulated(facts, agreement)
    worked = worked_enough(facts, agreement)
    kept = some((worked.truth, all_own(facts), _needs_no_work(facts, shared, agreement)))
    steps = _steps(facts, wholly, shared, worked)
    if shared.truth is YES:
        _refuse_needless(stated, agreement.cumulation_citation)
        processing = Processing(YES, rule=agreement.cumulation_citation)
    elif facts.items is not None and stated is None:
        processing = judge_set(facts, agreement)
    else:
        processing = process(facts, agreement, stated)
    made = some((shared.truth, processing.truth))
    truth = some((wholly.truth, every((made, kept))))
    asks = wholly.asks
    if made is not NO and kept is not NO:
        asks += (shared.asks + processing.asks if made is UNKNOWN else ()) + (
            worked.asks if kept is UNKNOWN else ()
        )
    criterion = _criterion(wholly, shared) if truth is YES else None
    open_asks = wholly.asks + shared.asks if truth is YES and criterion is None else ()
    return Found(
        truth, asks if truth is UNKNOWN else open_asks, facts, criterion, processing.rule, processing.stated_by,
        steps + processing.traces,
    )  # fmt: skip


def _needs_no_work(facts: Facts, shared: Judgement, agreement: Agreement) -> Truth:
    """Making up a set is no working of its items; and some agreements ask for none where all is cumulated."""
    if facts.items is not None:
        return YES
    return NO if agreement.cumulation.beyond_minimal else shared.truth


def _either(whole: Found, within: Found) -> Found:
    """The reading that is met; while neither is, the bill as it stands leads."""
    truth = some((whole.truth, within.truth))
    steps = (*whole.steps, Trace("opened", within.truth, {}, within.steps)) if whole.facts.tracing else ()
    if within.truth is YES:
        return replace(within, steps=steps)
    return replace(whole, truth=truth, asks=whole.asks + within.asks if truth is UNKNOWN else (), steps=steps)


def _criterion(wholly: Judgement, shared: Judgement) -> Criterion | None:
    """By what the good originates; none while a blank leaves open which entry would be true."""
    if wholly.truth is UNKNOWN or shared.truth is UNKNOWN:
        return None
    return Criterion.CUMULATION if shared.truth is YES else Criterion.SUFFICIENT


def _refuse_needless(stated: StatedRule | None, rule: str) -> None:
    if stated is not None:
        raise StatedRuleRefused(
            "stated-rule-not-needed", f"The good originates without the stated rule: {rule}. Withdraw it."
        )


def _steps(facts: Facts, *found: Judgement) -> tuple[Trace, ...]:
    if not facts.tracing:
        return ()
    return (material_steps(facts), *(judgement.trace for judgement in found if judgement.trace))
