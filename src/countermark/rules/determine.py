"""Determine the origin of one good: agreement and code, wholly produced, materials, operations, rows, tolerance.

The good originates if it is wholly produced, or if it is worked more than minimally and either no foreign material
remains beside another party's proved material, or it is sufficiently processed. Conditions apart from origin
(direct purchase, direct delivery) stand beside the verdict and never change it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import localcontext

from countermark.goods.application import Application, Good
from countermark.goods.material import Answer
from countermark.rules.agreement import Agreement
from countermark.rules.box9 import box9_text
from countermark.rules.determination import (
    Condition,
    Criterion,
    Determination,
    Question,
    Reliance,
    Trace,
    Truth,
    Verdict,
)
from countermark.rules.facts import Facts, Judgement, Questions, Standing
from countermark.rules.gather import gather
from countermark.rules.processing import Processing, process
from countermark.rules.production import all_own, cumulated, wholly_produced, worked_enough
from countermark.rules.settle import settle
from countermark.rules.stated import StatedRule, StatedRuleRefused
from countermark.rules.steps import material_steps
from countermark.rules.truth import NO, UNKNOWN, YES, answered, every, some
from countermark.rules.value import EXACT

_VERDICTS = {YES: Verdict.ORIGINATING, NO: Verdict.NOT_ORIGINATING, UNKNOWN: Verdict.UNDETERMINED}


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


def determine(
    application: Application,
    good: Good,
    agreement: Agreement,
    on: date,
    *,
    stated: StatedRule | None = None,
    trace: bool = True,
) -> Determination:
    """The origin of one good of an application under an agreement's edition on a date.

    ``stated`` is the rule an officer states where the agreement's data has a gap. ``trace=False`` gives the same
    verdict, criterion and questions without the reasoning.

    Raises:
        StatedRuleRefused: the data decides without the stated rule, or it is for another code.
        Box9Error: the agreement's template gives an entry in letters its form does not allow.
    """
    with localcontext(EXACT):

        def find(answers: Mapping[str, Answer], *, tracing: bool) -> Found:
            facts = gather(application, good, agreement, on, answers, tracing=tracing)
            return _find(facts, good, agreement, stated)

        found = find(good.attested, tracing=trace)
        if found.truth is UNKNOWN and stated is None:
            truth, asks = settle(found, good.attested, lambda answers: find(answers, tracing=False))
            found = replace(found, truth=truth, asks=asks)
        return _told(found, application, good, agreement)


def _find(facts: Facts, good: Good, agreement: Agreement, stated: StatedRule | None) -> Found:
    if facts.country not in agreement.parties:
        step = Trace("not_a_party", NO, {"country": facts.country})
        return Found(NO, (), facts, steps=(step,))
    if facts.on < agreement.valid_from or (agreement.valid_until and facts.on > agreement.valid_until):
        figures = {"edition": agreement.edition, "on": facts.on.isoformat()}
        return Found(
            UNKNOWN,
            (Question("edition", "edition", figures),),
            facts,
            steps=(Trace("edition", UNKNOWN, figures),),
        )
    wholly = wholly_produced(good.wholly_obtained, facts, agreement)
    if wholly.truth is not NO:
        facts = replace(facts, wholly=wholly.truth)
    if wholly.truth is YES:
        _refuse_needless(stated, agreement.wholly_citation)
        return Found(YES, (), facts, Criterion.WHOLLY, agreement.wholly_citation, steps=_steps(facts, wholly))
    shared = cumulated(facts, agreement)
    worked = worked_enough(facts, agreement)
    kept = some((worked.truth, all_own(facts)))
    steps = _steps(facts, wholly, shared, worked)
    if shared.truth is YES:
        _refuse_needless(stated, agreement.cumulation_citation)
        processing = Processing(YES, rule=agreement.cumulation_citation)
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


def _told(found: Found, application: Application, good: Good, agreement: Agreement) -> Determination:
    originates = found.truth is YES
    box9 = ""
    if originates and found.criterion is not None:
        box9 = box9_text(found.criterion, good.hs, agreement)
    facts = found.facts
    trace = None
    if facts.tracing:
        figures = {
            "agreement": agreement.title,
            "pack": agreement.id,
            "edition": agreement.edition,
            "on": facts.on.isoformat(),
            "hs": str(good.hs),
        }
        figures |= {
            "nomenclature": str(good.hs.nomenclature),
            "hs_edition": str(good.hs.edition),
            "box9": box9,
        }
        trace = Trace("determination", found.truth, figures, found.steps)
    return Determination(
        agreement=agreement.id,
        edition=agreement.edition,
        on=facts.on.isoformat(),
        verdict=_VERDICTS[found.truth],
        country=facts.country if originates else "",
        criterion=found.criterion if originates else None,
        box9=box9,
        rule=found.rule,
        stated_by=found.stated_by,
        relied_on=_relied_on(found),
        conditions=_conditions(application),
        questions=tuple({ask.id: ask for ask in found.asks}.values()),
        trace=trace,
    )


def _relied_on(found: Found) -> tuple[Reliance, ...]:
    """Every proof without which a material would not count as it did; a refusal rests on none."""
    if found.truth is NO or found.criterion is Criterion.WHOLLY:
        return ()
    return tuple(
        Reliance(line.number, line.proof)
        for line in found.facts.lines
        if line.standing is Standing.PROVED and line.proof is not None
    )


def _conditions(application: Application) -> tuple[Condition, ...]:
    """Direct purchase is known at issue; direct delivery only at import (CIS Rules 5.1)."""
    return (
        Condition("direct purchase", "issue", answered(application.direct_purchase)),
        Condition("direct delivery", "import", answered(application.direct_delivery)),
    )
