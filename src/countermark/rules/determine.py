"""Determine the origin of one good: agreement and code, wholly produced, materials, operations, rows, tolerance.

Conditions apart from origin (direct purchase, direct delivery, documents) stand beside the verdict and never change it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import localcontext

from countermark.goods.application import Application, Good
from countermark.goods.hs import NO_CORRELATIONS, Correlations
from countermark.goods.material import Answer
from countermark.rules.agreement import Agreement
from countermark.rules.box9 import box9_text
from countermark.rules.determination import Condition, Criterion, Determination, Reliance, Trace, Verdict
from countermark.rules.facts import Standing
from countermark.rules.gather import gather
from countermark.rules.origin import Found, find
from countermark.rules.settle import settle
from countermark.rules.stated import StatedRule
from countermark.rules.truth import NO, UNKNOWN, YES, answered
from countermark.rules.unknown import hedge
from countermark.rules.value import EXACT

_VERDICTS = {YES: Verdict.ORIGINATING, NO: Verdict.NOT_ORIGINATING, UNKNOWN: Verdict.UNDETERMINED}


def determine(
    application: Application,
    good: Good,
    agreement: Agreement,
    on: date,
    *,
    stated: StatedRule | None = None,
    trace: bool = True,
    correlations: Correlations = NO_CORRELATIONS,
) -> Determination:
    """The origin of one good of an application under an agreement's edition on a date.

    ``stated`` is the rule an officer states where the agreement's data has a gap. ``trace=False`` gives the same
    verdict, criterion and questions without the reasoning. ``correlations`` are the candidates proposed for a code of
    another edition than the list's; none is applied until it is answered.

    Raises:
        StatedRuleRefused: the data decides without the stated rule, or it is for another code.
        Box9Error: the agreement's template gives an entry in letters its form does not allow.
    """
    with localcontext(EXACT):

        def decide(answers: Mapping[str, Answer], *, tracing: bool) -> Found:
            facts = gather(application, good, agreement, on, answers, correlations, tracing=tracing)
            decided = find(facts, good.wholly_obtained, agreement, stated)
            left = hedge(decided.truth, decided.asks, facts, agreement)
            return replace(decided, truth=left.truth, asks=left.asks, steps=left.traces + decided.steps)

        found = decide(good.attested, tracing=trace)
        if found.truth is UNKNOWN and stated is None:
            truth, asks = settle(found, good.attested, lambda answers: decide(answers, tracing=False))
            found = replace(found, truth=truth, asks=asks)
        return _told(found, application, good, agreement)


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
        conditions=_conditions(application, agreement),
        questions=tuple({ask.id: ask for ask in found.asks}.values()),
        trace=trace,
    )


def _relied_on(found: Found) -> tuple[Reliance, ...]:
    """Every proof without which a material would not count as it did; a refusal rests on none."""
    if found.truth is NO or found.criterion is Criterion.WHOLLY:
        return ()
    return tuple(
        Reliance(line.path[0], line.proof, line.path[1:]) if line.path else Reliance(line.number, line.proof)
        for line in found.facts.lines
        if line.standing is Standing.PROVED and line.proof is not None
    )


def _conditions(application: Application, agreement: Agreement) -> tuple[Condition, ...]:
    """Direct purchase is known at issue; direct delivery and the papers shown only at import (CIS Rules 5.1)."""
    found = []
    if agreement.direct_purchase:
        found.append(Condition("direct purchase", "issue", answered(application.direct_purchase)))
    if agreement.direct_delivery:
        found.append(Condition("direct delivery", "import", answered(application.direct_delivery)))
    if agreement.proof_documents:
        found.append(Condition("document", "import", UNKNOWN))
    return tuple(found)
