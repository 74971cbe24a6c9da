"""The nodes that look at each material by itself: its code, its origin, what it is.

Such a node is met if every line passes; a line that is not foreign passes every one of them but ``wo``.
The lines that fail are what a tolerance may repair.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from countermark.rules.determination import Trace, Truth
from countermark.rules.facts import Facts, Judgement, Line, Questions
from countermark.rules.match import Match, code_question, same_level, selected
from countermark.rules.nodes import (
    AnyHeading,
    ChangeOfClassification,
    Expression,
    FromMaterials,
    OriginatingMaterials,
    Selectors,
    WhollyObtainedMaterials,
)
from countermark.rules.selection import write_selectors
from countermark.rules.truth import NO, UNKNOWN, YES, answered, every, negated, some


class Finding(NamedTuple):
    """A line that does not surely pass a node."""

    line: Line
    truth: Truth
    asks: Questions


def findings(node: Expression, facts: Facts) -> list[Finding]:
    """The lines that fail the node or may fail it, in order."""
    test, origin_excuses = _TESTS[type(node)]
    found = []
    for line in facts.lines:
        if (origin_excuses and line.foreign is NO) or not line.tested or line.number in facts.skipped:
            continue
        truth, asks = test(node, line, facts)
        if truth is YES:
            continue
        if not origin_excuses or line.foreign is YES:
            found.append(Finding(line, truth, asks if truth is UNKNOWN else ()))
        else:
            found.append(Finding(line, UNKNOWN, (*origin_questions(line), *asks)))
    return found


def judge_materials(node: Expression, facts: Facts) -> Judgement:
    """Every line against the node."""
    found = findings(node, facts)
    truth = NO if any(f.truth is NO for f in found) else UNKNOWN if found or facts.blank else YES
    asks = (*facts.blank, *(ask for f in found for ask in f.asks)) if truth is UNKNOWN else ()
    if not facts.tracing:
        return Judgement(truth, asks)
    lines = tuple(
        Trace("material_fails", f.truth, {"line": f.line.label, "name": f.line.name, "hs": f.line.digits})
        for f in found
    )
    foreign = sum(1 for line in facts.lines if line.foreign is not NO)
    if not foreign and not found and not facts.blank:
        lines = (Trace("nothing_to_test", None),)
    return Judgement(truth, asks, Trace(node_code(node), truth, _figures(node, facts), lines))


def origin_questions(line: Line) -> Questions:
    """What to ask for a line whose origin is blank."""
    return line.origin_asks or (line.question("origin", "material_origin"),)


def wholly_questions(line: Line) -> Questions:
    """What to ask for a line of which it is not known whether it is wholly obtained."""
    if line.foreign is UNKNOWN:
        return origin_questions(line)
    return (line.question("wholly", "material_wholly"),)


def node_code(node: Expression) -> str:
    return _CODES[type(node)]


def _figures(node: Any, facts: Facts) -> dict[str, str]:
    figures = {"hs": facts.good.digits}
    for name in ("materials", "also_from", "only_from", "excepted"):
        if getattr(node, name, ()):
            figures[name] = write_selectors(getattr(node, name))
    if isinstance(node, ChangeOfClassification):
        figures["level"] = str(node.level)[1:]
    return figures


def _wholly(node: WhollyObtainedMaterials, line: Line, facts: Facts) -> Match:
    concerned, asks = _among(node.materials, node.excepted, line, facts)
    truth = some((negated(concerned), line.wholly))
    if truth is UNKNOWN and line.wholly is UNKNOWN:
        asks += wholly_questions(line)
    return truth, asks


def _originating(node: OriginatingMaterials, line: Line, facts: Facts) -> Match:
    concerned, asks = _among(node.materials, node.excepted, line, facts)
    return negated(concerned), asks


def _among(materials: Selectors, excepted: Selectors, line: Line, facts: Facts) -> Match:
    truth, asks = selected(materials, line, facts)
    if excepted and truth is not NO:
        out, more = selected(excepted, line, facts)
        return every((truth, negated(out))), asks + more
    return truth, asks


def _changed(node: ChangeOfClassification, line: Line, facts: Facts) -> Match:
    """Of another chapter, heading or subheading, from where it may be and not whence it may not."""
    own = same_level(line, facts, node.level.digits)
    asks: Questions = (code_question(line),) if own is UNKNOWN else ()
    truth = negated(own)
    if node.only_from and truth is not NO:
        allowed, more = selected(node.only_from, line, facts)
        truth, asks = every((truth, allowed)), asks + more
    if node.excepted and truth is not NO:
        barred, more = selected(node.excepted, line, facts)
        truth, asks = every((truth, negated(barred))), asks + more
    if node.also_from and truth is not YES:
        allowed, more = selected(node.also_from, line, facts)
        truth, asks = some((truth, allowed)), asks + more
    return truth, asks


def _any_heading(node: AnyHeading, line: Line, facts: Facts) -> Match:
    barred, asks = selected(node.excepted, line, facts)
    return negated(barred), asks


def _from_materials(node: FromMaterials, line: Line, facts: Facts) -> Match:
    """Listed passes; a line of the good's own heading cannot be an earlier stage; any other is asked."""
    listed, asks = selected(node.materials, line, facts)
    if listed is YES:
        return listed, ()
    if listed is NO and same_level(line, facts, 4) is YES:
        return NO, ()
    question = line.question("earlier-stage", "earlier_stage", materials=write_selectors(node.materials))
    earlier = answered(facts.answers.get(question.id))
    return some((listed, earlier)), (*asks, question) if earlier is UNKNOWN else asks


_TESTS: Mapping[type, tuple[Callable[[Any, Line, Facts], Match], bool]] = {
    WhollyObtainedMaterials: (_wholly, False),
    OriginatingMaterials: (_originating, True),
    ChangeOfClassification: (_changed, True),
    AnyHeading: (_any_heading, True),
    FromMaterials: (_from_materials, True),
}
"""The test of a line, and whether a line that is not foreign passes untested."""
_CODES: Mapping[type, str] = {
    WhollyObtainedMaterials: "wo_materials",
    OriginatingMaterials: "originating",
    ChangeOfClassification: "ctc",
    AnyHeading: "any_heading",
    FromMaterials: "from_materials",
}
REPAIRABLE = tuple(_TESTS)
"""Nodes whose failing lines a tolerance may pass over."""
