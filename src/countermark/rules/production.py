"""The questions before and beside the rows: is the good wholly produced, by cumulation, and more than minimally worked?"""

from __future__ import annotations

import re

from countermark.goods.application import Operation, WhollyObtained
from countermark.goods.country import COUNTRIES
from countermark.rules.agreement import Agreement
from countermark.rules.determination import Question, Trace, Truth
from countermark.rules.evaluate_materials import origin_questions
from countermark.rules.facts import Facts, Judgement, Line, Questions, Standing
from countermark.rules.match import same_level
from countermark.rules.truth import NO, UNKNOWN, YES, answered, every, negated, told

SIMPLE_ASSEMBLY = "simple-assembly"
"""The agreement's code of the operation whose meaning for kits is a matter of reading."""
_READINGS = {"sufficient": YES, "insufficient": NO}


def wholly_produced(claim: WhollyObtained | None, facts: Facts, agreement: Agreement) -> Judgement:
    """By a claim of a category with evidence, or from materials all wholly obtained in the exporting party."""
    if facts.blank and claim is None:
        return Judgement(NO, (), _step("wholly_not_claimed", NO, facts))
    pure = UNKNOWN if facts.blank else every(line.wholly for line in facts.lines)
    asks = [*facts.blank] if facts.blank else [a for line in facts.lines for a in _wholly_questions(line)]
    if claim is None:
        truth = pure if facts.lines else NO
        return Judgement(
            truth, tuple(asks) if truth is UNKNOWN else (), _step("wholly_materials", truth, facts)
        )
    known = claim.category in agreement.wholly_obtained
    if not known:
        asks.append(Question("wholly:category", "wholly_category", {"category": claim.category}))
    if not claim.evidence:
        asks.append(Question("wholly:evidence", "wholly_evidence", {"category": claim.category}))
    truth = every((pure, YES if known and claim.evidence else UNKNOWN))
    words = agreement.wholly_obtained.get(claim.category, "")
    figures = {
        "category": claim.category,
        "words": words,
        "pack": agreement.id,
        "citation": agreement.wholly_citation,
    }
    return Judgement(truth, tuple(asks) if truth is UNKNOWN else (), _step("wholly", truth, facts, **figures))


def _wholly_questions(line: Line) -> Questions:
    if line.wholly is not UNKNOWN:
        return ()
    return (
        origin_questions(line) if line.foreign is UNKNOWN else (line.question("wholly", "material_wholly"),)
    )


def cumulated(facts: Facts, agreement: Agreement) -> Judgement:
    """No foreign material remains, and another party's, each line proved, is used (CIS Rules 2.3)."""
    if facts.blank:
        return Judgement(UNKNOWN, facts.blank, _step("cumulation", UNKNOWN, facts))
    others = [line for line in facts.lines if line.standing in (Standing.PROVED, Standing.PARTY)]
    proved = told(bool(others) and all(line.standing is Standing.PROVED for line in others))
    truth = every((proved, *(negated(line.foreign) for line in facts.lines)))
    asks = tuple(a for line in facts.lines if line.foreign is UNKNOWN for a in origin_questions(line))
    figures = {
        "lines": ", ".join(str(line.number) for line in others),
        "citation": agreement.cumulation_citation,
    }
    return Judgement(truth, asks if truth is UNKNOWN else (), _step("cumulation", truth, facts, **figures))


def all_own(facts: Facts) -> Truth:
    """Whether there are materials and all originate in the exporting party: such a good needs no working to keep origin."""
    own = (Standing.OWN, Standing.WHOLLY)
    held = (
        YES if line.standing in own else UNKNOWN if line.standing is Standing.BLANK else NO
        for line in facts.lines
    )
    return UNKNOWN if facts.blank else every(held) if facts.lines else NO


def worked_enough(facts: Facts, agreement: Agreement) -> Judgement:
    """Some operation done lies outside the list of those that never confer origin (CIS Rules 3.1, 3.2)."""
    done = facts.operations
    figures = {"citation": agreement.insufficient_citation}
    if not done:
        ask = Question("operations", "operations")
        return Judgement(UNKNOWN, (ask,), _step("operations_none", UNKNOWN, facts))
    outside = [
        op.words or op.code for op in done if op.code not in agreement.insufficient and not _abroad(op, facts)
    ]
    if outside:
        return Judgement(YES, (), _step("operations", YES, facts, outside="; ".join(outside), **figures))
    figures["inside"] = "; ".join(
        agreement.insufficient.get(op.code, f"{op.words}: {op.place}") for op in done
    )
    figures |= {"codes": "; ".join(op.code for op in done), "pack": agreement.id}
    if any(op.code == SIMPLE_ASSEMBLY for op in done) and _kits(facts):
        return _assembly_of_kits(facts, agreement)
    return Judgement(NO, (), _step("operations", NO, facts, **figures))


def _abroad(done: Operation, facts: Facts) -> bool:
    """Work in a country that is no party gives the good no origin here; a place not begun with a code is not judged."""
    country = re.match(r"[A-Z]{2}(?![A-Za-z])", done.place)
    return country is not None and country[0] in COUNTRIES and country[0] not in facts.parties


def _kits(facts: Facts) -> bool:
    """Another party's material already classified as the good: a kit of it (General Rule 2(a))."""
    return any(
        line.standing in (Standing.PROVED, Standing.PARTY) and same_level(line, facts, 4) is not NO
        for line in facts.lines
    )


def _assembly_of_kits(facts: Facts, agreement: Agreement) -> Judgement:
    """Only simple assembly of a party's kits: by the parties' reading if settled, else by the officer's answer."""
    ask = Question("simple-assembly-of-kits", "kits", {"citation": agreement.insufficient_citation})
    truth = _READINGS.get(agreement.simple_assembly_of_kits, UNKNOWN)
    if truth is UNKNOWN:
        truth = answered(facts.answers.get(ask.id))
    step = _step("kits", truth, facts, reading=agreement.simple_assembly_of_kits)
    return Judgement(truth, (ask,) if truth is UNKNOWN else (), step)


def _step(code: str, truth: Truth, facts: Facts, **figures: str) -> Trace | None:
    return Trace(code, truth, figures) if facts.tracing else None
