"""Three values joined by strong Kleene logic: a no outweighs a blank where all count, a yes where one does."""

from __future__ import annotations

from collections.abc import Iterable

from countermark.goods.material import Answer
from countermark.rules.determination import Truth

YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN


def every(truths: Iterable[Truth]) -> Truth:
    """Yes if all are; no as soon as one is no."""
    found = YES
    for truth in truths:
        if truth is NO:
            return NO
        if truth is UNKNOWN:
            found = UNKNOWN
    return found


def some(truths: Iterable[Truth]) -> Truth:
    """Yes as soon as one is; no if all are no."""
    found = NO
    for truth in truths:
        if truth is YES:
            return YES
        if truth is UNKNOWN:
            found = UNKNOWN
    return found


def negated(truth: Truth) -> Truth:
    if truth is UNKNOWN:
        return UNKNOWN
    return NO if truth is YES else YES


def told(flag: bool) -> Truth:
    return YES if flag else NO


def answered(answer: Answer | None) -> Truth:
    """Asked and not provable counts as no; a blank stays unknown."""
    if answer is None:
        return UNKNOWN
    return YES if answer is Answer.YES else NO
