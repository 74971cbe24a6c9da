"""Whether a material, or the good, is one of those a rule names: yes, no, or not known, with what to ask."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from countermark.rules.determination import Question, Truth
from countermark.rules.facts import Facts, Line, Questions
from countermark.rules.selector import Code, CodeRange, Described, Every, Own, Property, Selector
from countermark.rules.truth import NO, UNKNOWN, YES, answered, every, negated, some

Match = tuple[Truth, Questions]
_NO: Match = (NO, ())
_YES: Match = (YES, ())
LONGEST = 10
"""Digits of the longest codes: shorter ones stand for all that begin with them."""


def selected(selectors: Sequence[Selector], line: Line, facts: Facts) -> Match:
    """Whether the line is one of the selected."""
    asks: Questions = ()
    found = NO
    for selector in selectors:
        truth, more = _matches(selector, line, facts)
        if truth is YES:
            return _YES
        if truth is UNKNOWN:
            found = UNKNOWN
            asks += more
    return found, asks


def within(digits: str, code: str) -> Truth:
    """Whether a code, perhaps known only in part, begins with another."""
    if digits.startswith(code):
        return YES
    return UNKNOWN if code.startswith(digits) else NO


def within_range(digits: str, first: str, last: str) -> Truth:
    """Whether a code, perhaps known only in part, lies in a range."""
    low, high = span(first, last)
    lowest, highest = span(digits, digits)
    if low <= lowest and highest <= high:
        return YES
    return NO if highest < low or lowest > high else UNKNOWN


def within_any(digits: str, codes: Sequence[str]) -> Truth:
    """Whether a code, perhaps known only in part, is one of codes and ranges written as a pack writes them."""
    found = NO
    for code in codes:
        first, _, last = code.partition("-")
        truth = within_range(digits, first, last or first)
        if truth is YES:
            return YES
        if truth is UNKNOWN:
            found = UNKNOWN
    return found


@lru_cache(maxsize=8192)
def span(first: str, last: str) -> tuple[str, str]:
    """The lowest and the highest code of a range at full length."""
    return first.ljust(LONGEST, "0"), last.ljust(LONGEST, "9")


def same_level(line: Line, facts: Facts, digits: int) -> Truth:
    """Whether the line is of the good's own chapter, heading or subheading."""
    own, theirs = facts.good.digits[:digits], line.digits[:digits]
    if len(own) == len(theirs) == digits:
        return YES if own == theirs else NO
    return UNKNOWN if own.startswith(theirs) or theirs.startswith(own) else NO


def code_question(line: Line) -> Question:
    """The next digits; or of a code of another edition, which of the candidates it is."""
    if line.proposed:
        code = "material_hs_edition" if line.number else "good_hs_edition"
        return line.question("hs", code, candidates=line.proposed)
    return line.question("hs", "material_hs" if line.number else "good_hs", digits=line.digits)


def _matches(selector: Selector, line: Line, facts: Facts) -> Match:
    match selector:
        case Code(digits):
            truth = within(line.digits, digits)
        case CodeRange(first, last):
            truth = within_range(line.digits, first, last)
        case Own(level):
            truth = same_level(line, facts, level.digits)
        case Every():
            return _YES
        case Described():
            return described(selector, line, facts)
    if truth is UNKNOWN:
        return UNKNOWN, (code_question(line),)
    return _YES if truth is YES else _NO


def described(wanted: Described, line: Line, facts: Facts) -> Match:
    """Whether the line is as described; words are asked only where the code could match."""
    parts: list[Match] = []
    if wanted.codes:
        parts.append(selected(wanted.codes, line, facts))
        if parts[0][0] is NO:
            return _NO
    if wanted.when is not None:
        parts.append(described(wanted.when, facts.good, facts))
    if wanted.excepted:
        truth, asks = selected(wanted.excepted, line, facts)
        parts.append((negated(truth), asks))
    if wanted.heavier_of:
        parts.append(_heavier(wanted.heavier_of, line, facts))
    if wanted.named:
        parts.append(_attested(line, facts, "named", wanted.named))
    if wanted.same:
        parts.append(_attested(line, facts, "same", wanted.same))
    parts.extend(_property(prop, line, facts) for prop in wanted.prop)
    truth = every(part for part, _ in parts)
    return truth, tuple(ask for _, asks in parts for ask in asks) if truth is UNKNOWN else ()


def _attested(line: Line, facts: Facts, kind: str, words: str) -> Match:
    about = f"{kind}:{words}"
    truth = answered(line.named.get(words) or facts.answers.get(f"{line.key}:{about}"))
    if truth is UNKNOWN:
        return UNKNOWN, (line.question(about, kind if line.number else f"good_{kind}", words=words),)
    return truth, ()


def _property(prop: Property, line: Line, facts: Facts) -> Match:
    words = f"{prop.name} {prop.comparison} {prop.figure:f}"
    return _attested(line, facts, "prop", words)


def _heavier(groups: Sequence[Selector], line: Line, facts: Facts) -> Match:
    """Whether the line is of the heaviest group; equal weights settle nothing, so they leave it unknown."""
    lightest, heaviest, own = [], [], []
    asks: Questions = ()
    for group in groups:
        low = high = Decimal(0)
        for other in facts.lines:
            truth, more = _matches(group, other, facts)
            if truth is NO:
                continue
            if truth is YES and other.weight is not None:
                low += other.weight
            asks += more if other.weight is not None else (*more, other.question("weight", "material_weight"))
            high = (
                high + other.weight if other.weight is not None and high.is_finite() else Decimal("Infinity")
            )
        lightest.append(low)
        heaviest.append(high)
        own.append(_matches(group, line, facts)[0])
    results = []
    for n, mine in enumerate(own):
        others = [m for m in range(len(groups)) if m != n]
        leads = every(
            YES if lightest[n] > heaviest[m] else NO if heaviest[n] < lightest[m] else UNKNOWN for m in others
        )
        results.append(every((mine, leads)))
    truth = some(results)
    ask = Question(f"{line.key}:heavier", "heavier_of", {"line": line.label, "name": line.name})
    truth = truth if truth is not UNKNOWN else answered(facts.answers.get(ask.id))
    return truth, (asks or (ask,)) if truth is UNKNOWN else ()
