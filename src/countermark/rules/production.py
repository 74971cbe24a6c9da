"""The questions before and beside the rows: is the good wholly produced, by cumulation, and more than minimally worked?"""

from __future__ import annotations

import re

from countermark.goods.application import Operation, WhollyObtained
from countermark.goods.country import COUNTRIES
from countermark.goods.material import Answer
from countermark.rules.agreement import Agreement
from countermark.rules.coverage import parts
from countermark.rules.determination import Question, Trace, Truth
from countermark.rules.evaluate_materials import origin_questions, wholly_questions
from countermark.rules.facts import Facts, Judgement, Questions, Standing
from countermark.rules.match import same_level, within_any
from countermark.rules.nodes import Process
from countermark.rules.rows import candidates
from countermark.rules.truth import NO, UNKNOWN, YES, answered, every, negated, some, told
from countermark.rules.unknown import worked_beyond_a_list_not_held

SIMPLE_ASSEMBLY = "simple-assembly"
"""The agreement's code of the operation whose meaning for kits is a matter of reading."""
_READINGS = {"sufficient": YES, "insufficient": NO}


def wholly_produced(claim: WhollyObtained | None, facts: Facts, agreement: Agreement) -> Judgement:
    """By a claim of a category with evidence, or from materials all wholly obtained in the exporting party."""
    if facts.blank and claim is None:
        return Judgement(NO, (), _step("wholly_not_claimed", NO, facts))
    pure = UNKNOWN if facts.blank else every(line.wholly for line in facts.lines if line.tested)
    asks = list(facts.blank) if facts.blank else _wholly_asks(facts)
    if claim is None:
        truth = pure if facts.lines else NO
        step = _step("wholly_materials", truth, facts)
        return Judgement(truth, tuple(asks) if truth is UNKNOWN else (), step)
    stated, more = _claimed(claim, facts, agreement)
    truth = every((pure, stated))
    words = agreement.wholly_obtained.get(claim.category, "")
    figures = {
        "category": claim.category,
        "words": words,
        "pack": agreement.id,
        "citation": agreement.wholly_citation,
    }
    asks += more
    return Judgement(truth, tuple(asks) if truth is UNKNOWN else (), _step("wholly", truth, facts, **figures))


def _wholly_asks(facts: Facts) -> list[Question]:
    return [
        ask
        for line in facts.lines
        if line.wholly is UNKNOWN and line.tested
        for ask in wholly_questions(line)
    ]


def _claimed(claim: WhollyObtained, facts: Facts, agreement: Agreement) -> tuple[Truth, list[Question]]:
    """Whether the claim stands: a category of the agreement, likely for the code or confirmed, with evidence."""
    asks = []
    if "wholly_obtained" in agreement.unknown:
        unlisted = Question("wholly:category", "wholly_unlisted", {"category": claim.category})
        asks += [] if facts.answers.get(unlisted.id) is Answer.YES else [unlisted]
    elif claim.category not in agreement.wholly_obtained:
        asks.append(Question("wholly:category", "wholly_category", {"category": claim.category}))
    if not claim.evidence:
        asks.append(Question("wholly:evidence", "wholly_evidence", {"category": claim.category}))
    likely = agreement.wholly_chapters.get(claim.category)
    if likely and within_any(facts.good.digits, likely) is not YES:
        words = agreement.wholly_obtained.get(claim.category, "")
        figures = {"category": claim.category, "words": words, "hs": facts.good.digits}
        ask = Question("wholly:likely", "wholly_likely", figures)
        confirmed = answered(facts.answers.get(ask.id))
        if confirmed is NO:
            return NO, []
        asks += [ask] if confirmed is UNKNOWN else []
    return UNKNOWN if asks else YES, asks


def cumulated(facts: Facts, agreement: Agreement) -> Judgement:
    """No foreign material remains, and another party's, each line proved, is used (CIS Rules 2.3)."""
    if facts.blank:
        return Judgement(UNKNOWN, facts.blank, _step("cumulation", UNKNOWN, facts))
    others = [line for line in facts.lines if line.standing in (Standing.PROVED, Standing.PARTY)]
    proved = told(bool(others) and all(line.standing is Standing.PROVED for line in others))
    truth = every((proved, *(negated(line.foreign) for line in facts.lines)))
    asks = tuple(a for line in facts.lines if line.foreign is UNKNOWN for a in origin_questions(line))
    figures = {
        "lines": ", ".join(line.label for line in others),
        "citation": agreement.cumulation_citation,
    }
    return Judgement(truth, asks if truth is UNKNOWN else (), _step("cumulation", truth, facts, **figures))


def all_own(facts: Facts) -> Truth:
    """Whether there are materials and all originate in the exporting party: such a good needs no working to keep origin."""
    own = (Standing.OWN, Standing.WHOLLY)
    held = (
        YES if line.standing in own else UNKNOWN if line.standing is Standing.BLANK else NO
        for line in facts.lines
        if line.tested
    )
    return UNKNOWN if facts.blank else every(held) if facts.lines else NO


def worked_enough(facts: Facts, agreement: Agreement) -> Judgement:
    """Some operation done lies outside the list of those that never confer origin (CIS Rules 3.1, 3.2)."""
    done = facts.operations
    figures = {"citation": agreement.insufficient_citation}
    if not done:
        ask = Question("operations", "operations")
        return Judgement(UNKNOWN, (ask,), _step("operations_none", UNKNOWN, facts))
    if "insufficient" in agreement.unknown and not all(_abroad(op, facts) for op in done):
        return worked_beyond_a_list_not_held(facts)
    found = [(op, *_beyond(n, op, facts, agreement)) for n, op in enumerate(done, 1)]
    outside = [op.words or op.code for op, truth, _ in found if truth is YES]
    if outside:
        return Judgement(YES, (), _step("operations", YES, facts, outside="; ".join(outside), **figures))
    figures["inside"] = "; ".join(
        agreement.insufficient.get(op.code, f"{op.words}: {op.place}")
        for op, truth, _ in found
        if truth is NO
    )
    figures |= {"codes": "; ".join(op.code for op in done), "pack": agreement.id}
    if any(op.code == SIMPLE_ASSEMBLY for op in done) and _kits(facts):
        return _assembly_of_kits(facts, agreement)
    truth = some(truth for _, truth, _ in found)
    asks = tuple(ask for _, _, more in found for ask in more)
    return Judgement(truth, asks, _step("operations", truth, facts, **figures))


def _beyond(number: int, done: Operation, facts: Facts, agreement: Agreement) -> tuple[Truth, Questions]:
    """Whether one operation goes beyond the list: by what is stated; one only described, without evidence, is asked.

    So is one on the list that the rule for the good names as well: a person reads the two together.
    """
    if _abroad(done, facts) or done.minimal is Answer.YES:
        return NO, ()
    words = done.words.strip().casefold()
    listed = done.code in agreement.insufficient or any(
        words in (name.casefold(), name.replace("-", " ")) for name in agreement.insufficient
    )
    named = bool(done.code) and _named_by_rule(done, facts, agreement)
    if not listed and (done.minimal is Answer.NO or done.evidence or named):
        return YES, ()
    ask = Question(
        f"operation:{number}:beyond",
        "operation_beyond",
        {
            "number": str(number),
            "words": done.words or done.code,
            "citation": agreement.insufficient_citation,
        },
    )
    if listed and not named:
        return NO, ()
    truth = answered(facts.answers.get(ask.id))
    return truth, (ask,) if truth is UNKNOWN else ()


def _named_by_rule(done: Operation, facts: Facts, agreement: Agreement) -> bool:
    """Whether a row for the good asks for the operation."""
    return any(
        isinstance(part, Process) and part.id == done.code
        for candidate in candidates(agreement.rows, facts.good.digits, facts.answers)
        for part in parts(candidate.row.rule)
    )


def _abroad(done: Operation, facts: Facts) -> bool:
    """Work in a country that is no party gives the good no origin here.

    A place not begun with a code is not judged, nor another country while the parties are not known.
    """
    country = re.match(r"[A-Z]{2}(?![A-Za-z])", done.place)
    if country is None or country[0] not in COUNTRIES or country[0] == facts.country:
        return False
    return bool(facts.parties) and country[0] not in facts.parties


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
