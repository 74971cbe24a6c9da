"""Decide a bare case: a rule given as an expression, a good and its materials, without an agreement around them.

More than minimal operations are assumed when none are given, and the answer says so. A material is foreign when it
is stated not to originate; another country's counts as originating where cumulation is named and a proof is given.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import localcontext

from countermark.goods.material import Answer
from countermark.rules.amounts import plain
from countermark.rules.bare import Case, CaseGood, CaseMaterial, CasePrice, CaseTolerance
from countermark.rules.determination import Criterion, Determination, Question, Trace, Truth, Verdict
from countermark.rules.evaluate import judge
from countermark.rules.facts import Facts, Line, Price, Questions, Standing
from countermark.rules.settle import settle
from countermark.rules.steps import material_steps
from countermark.rules.terms import Tolerance
from countermark.rules.tolerance import tolerated
from countermark.rules.truth import NO, UNKNOWN, YES, answered, every, some
from countermark.rules.value import EXACT

_VERDICTS = {YES: Verdict.ORIGINATING, NO: Verdict.NOT_ORIGINATING, UNKNOWN: Verdict.UNDETERMINED}
NO_CUMULATION = ("", "none")


@dataclass(frozen=True, slots=True)
class DecidedCase:
    """The verdict on a case; its determination names no agreement, and no box 9 entry."""

    determination: Determination
    assumed: tuple[str, ...]
    """What was taken for granted, by code: ``operations``."""


@dataclass(frozen=True, slots=True)
class _Found:
    truth: Truth
    asks: Questions
    facts: Facts
    steps: tuple[Trace, ...]


def decide_case(case: Case, on: date, *, trace: bool = True) -> DecidedCase:
    """The verdict on a bare case, on a day (for rules that change by date)."""
    with localcontext(EXACT):
        found = _find(case, on, case.attested, tracing=trace)
        if found.truth is UNKNOWN:
            truth, asks = settle(
                found, case.attested, lambda answers: _find(case, on, answers, tracing=False)
            )
            found = replace(found, truth=truth, asks=asks)
    assumed = () if case.operations else ("operations",)
    figures = {"hs": case.good.hs, "on": on.isoformat()}
    steps = (*(Trace(f"assumed_{what}", None) for what in assumed), *found.steps)
    determination = Determination(
        agreement="",
        edition="",
        on=on.isoformat(),
        verdict=_VERDICTS[found.truth],
        country="",
        criterion=_criterion(found.facts) if found.truth is YES else None,
        box9="",
        rule="",
        stated_by="",
        relied_on=(),
        conditions=(),
        questions=tuple({ask.id: ask for ask in found.asks}.values()),
        trace=Trace("case", found.truth, figures, steps) if trace else None,
    )
    return DecidedCase(determination, assumed)


def _find(case: Case, on: date, answers: Mapping[str, Answer], *, tracing: bool) -> _Found:
    facts = _facts(case, on, answers, tracing=tracing)
    found = _read_once(case, facts)
    if facts.opened is None or found.truth is YES:
        return found
    within = _read_once(case, replace(facts, lines=facts.opened, opened=None))
    truth = some((found.truth, within.truth))
    steps = (*found.steps, Trace("opened", within.truth, {}, within.steps)) if tracing else ()
    asks = found.asks + within.asks if truth is UNKNOWN else ()
    return _Found(truth, asks, within.facts if within.truth is YES else facts, steps)


def _read_once(case: Case, facts: Facts) -> _Found:
    """The case under one reading of its bill."""
    judged = judge(case.rule, facts)
    met, asks, steps = judged.truth, judged.asks, [step for step in (judged.trace,) if step]
    if case.tolerance is not None and met is not YES:
        repaired = tolerated(case.rule, facts, _tolerance(case.tolerance))
        met, asks = some((met, repaired.truth)), asks + repaired.asks
        steps += [repaired.trace] if repaired.trace else []
    worked = NO if case.operations and all(done.minimal for done in case.operations) else YES
    truth = every((met, worked))
    if facts.tracing:
        steps.insert(0, material_steps(facts))
        steps.append(Trace("worked_minimally" if worked is NO else "worked", worked))
    return _Found(truth, asks if truth is UNKNOWN else (), facts, tuple(steps))


def _tolerance(stated: CaseTolerance) -> Tolerance:
    return Tolerance(
        stated.pct, stated.base, stated.same_heading_only, against_list=True, attestations=stated.attestations,
        listed=stated.listed, stacks=stated.stacks, beside_value_limits=stated.beside_value_limits,
    )  # fmt: skip


def _facts(case: Case, on: date, answers: Mapping[str, Answer], *, tracing: bool) -> Facts:
    good = case.good
    lines = tuple(_line(n, material, case, on, answers) for n, material in enumerate(case.materials or (), 1))
    items = tuple(_line(n, item, case, on, answers) for n, item in enumerate(case.set_items or (), 1))
    wholly = every(line.wholly for line in lines) if lines else UNKNOWN
    return Facts(
        good=Line("good", 0, good.name, good.hs, Standing.BLANK, UNKNOWN, UNKNOWN, named=good.named),
        lines=lines,
        price=_price(good.value_basis),
        on=on,
        country="",
        operations=tuple(done.operation for done in case.operations),
        answers=answers,
        blank=(Question("materials", "materials"),)
        if case.materials is None and case.set_items is None
        else (),
        wholly=answered(good.wo) if good.wo is not None else wholly,
        weight=good.weight,
        costs=case.costs,
        method=case.method,
        items=items if case.set_items is not None else None,
        tracing=tracing,
        opened=_opened(lines, case, on, answers),
        remarks=_heavier(lines, case) if tracing else (),
    )


def _opened(
    lines: tuple[Line, ...], case: Case, on: date, answers: Mapping[str, Answer]
) -> tuple[Line, ...] | None:
    """With full cumulation, what a material that does not originate was made of may stand for it."""
    if "full" not in case.cumulation.casefold():
        return None
    found: list[Line] = []
    for line, material in zip(lines, case.materials or (), strict=True):
        inside = material.bill if line.foreign is not NO else ()
        parts = [_line(n, part, case, on, answers) for n, part in enumerate(inside, 1)]
        found += [
            replace(part, key=f"{line.key}>{part.key}", path=(line.number, part.number)) for part in parts
        ]
        found += [] if parts else [line]
    if len(found) == len(lines) and all(a is b for a, b in zip(found, lines, strict=True)):
        return None
    return tuple(replace(line, number=n, path=line.path or (line.number,)) for n, line in enumerate(found, 1))


def _heavier(lines: tuple[Line, ...], case: Case) -> tuple[Trace, ...]:
    """Materials heavier than the good: named, whether or not their weight decides."""
    good = case.good.weight
    return tuple(
        Trace(
            "heavier_than_good",
            None,
            {"line": line.label, "name": line.name, "weight": plain(material.weight), "good": plain(good)},
        )
        for line, material in zip(lines, case.materials or (), strict=True)
        if material.weight is not None and good is not None and material.weight > good
    )


def _price(stated: CasePrice | None) -> Price | None:
    """A basis such as ``TV(FOB)`` answers to each of its names."""
    if stated is None:
        return None
    names = {stated.type, *re.findall(r"[A-Za-z]+", stated.type)}
    return Price(stated.amount, stated.currency, frozenset(names))


def _line(number: int, material: CaseMaterial, case: Case, on: date, answers: Mapping[str, Answer]) -> Line:
    key = f"material:{number}"
    standing = _standing(material, case, on, answers.get(f"{key}:origin"))
    wholly = standing.wholly
    if standing is Standing.OWN and material.wo is None:
        wholly = answered(answers.get(f"{key}:wholly"))
    value, weight, good = material.value, material.weight, case.good.weight
    asks: Questions = () if value is not None else (_value_question(number, material),)
    heavier = weight is not None and good is not None and weight > good
    if heavier and answers.get(f"{key}:heavier") is not Answer.YES:
        figures = {"line": str(number), "name": material.name, "weight": f"{weight:f}", "good": f"{good:f}"}
        value, weight, asks = None, None, (Question(f"{key}:heavier", "heavier_than_good", figures),)
    return Line(
        key, number, material.name, material.hs, standing, standing.foreign, wholly, value, asks,
        weight, material.named,
    )  # fmt: skip


def _value_question(number: int, material: CaseMaterial) -> Question:
    return Question(
        f"material:{number}:value", "material_value", {"line": str(number), "name": material.name}
    )


def _standing(material: CaseMaterial, case: Case, on: date, answer: Answer | None) -> Standing:
    """By what is stated; a self-made material all of whose own materials originate is rolled up."""
    if material.wo is Answer.YES:
        return Standing.WHOLLY
    if material.originating is Answer.YES:
        return Standing.OWN
    if material.proof and case.cumulation.casefold() not in NO_CUMULATION:
        return Standing.PROVED
    stated = material.originating or answer
    if stated is not None:
        return Standing.OWN if stated is Answer.YES else Standing.FOREIGN
    own = [_standing(part, case, on, None) for part in material.bill]
    if own and all(part not in (Standing.FOREIGN, Standing.BLANK) for part in own):
        return Standing.OWN
    return _by_own_rule(material, case, on)


def _by_own_rule(material: CaseMaterial, case: Case, on: date) -> Standing:
    """By the rule of its own code, held against its own bill, with its value as the price."""
    if material.rule is None or not material.bill:
        return Standing.BLANK
    basis = case.good.value_basis
    price = None
    if basis is not None and material.value is not None:
        price = CasePrice(basis.type, material.value, basis.currency)
    good = CaseGood(material.hs, material.name, price, material.weight)
    made = replace(case, rule=material.rule, good=good, materials=material.bill, set_items=None, attested={})
    found = _find(made, on, {}, tracing=False).truth
    return {YES: Standing.OWN, NO: Standing.FOREIGN, UNKNOWN: Standing.BLANK}[found]


def _criterion(facts: Facts) -> Criterion:
    if facts.wholly is YES:
        return Criterion.WHOLLY
    shared = any(line.standing is Standing.PROVED for line in facts.lines)
    if shared and all(line.foreign is NO for line in facts.lines):
        return Criterion.CUMULATION
    return Criterion.SUFFICIENT
