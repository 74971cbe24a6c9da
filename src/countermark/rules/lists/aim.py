"""Leave out of a row's rule that it is for the row's own codes: "A change to heading 8501 from ..." in row 8501."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from countermark.rules.agreement import span_of
from countermark.rules.match import span
from countermark.rules.nodes import Cited, Expression, Period, When
from countermark.rules.selector import Code, CodeRange, Described, Selector


def aimed(rule: Expression, codes: Sequence[str]) -> Expression:
    """The rule with every ``when`` that holds for all goods of these codes replaced by what follows from it."""
    spans = [span(*span_of(code)) for code in codes]
    found: Expression = _aimed(rule, spans)
    return found


def _aimed(node: Any, spans: Sequence[tuple[str, str]]) -> Any:
    if isinstance(node, When) and isinstance(node.condition, Described) and _holds(node.condition, spans):
        return _aimed(node.then, spans)
    changes: dict[str, Any] = {}
    for held in fields(node):
        value = getattr(node, held.name)
        if isinstance(value, Cited | Period):
            changes[held.name] = _aimed(value, spans)
        elif isinstance(value, tuple) and any(isinstance(one, Cited | Period) for one in value):
            changes[held.name] = tuple(_aimed(one, spans) for one in value)
    return replace(node, **changes) if changes else node


def _holds(condition: Described, spans: Sequence[tuple[str, str]]) -> bool:
    """Whether the codes of the condition, and nothing else, take in all the spans."""
    if condition != Described(codes=condition.codes):
        return False
    wanted = [each for code in condition.codes for each in _spans(code)]
    return bool(wanted) and all(
        any(low <= lowest and highest <= high for low, high in wanted) for lowest, highest in spans
    )


def _spans(selector: Selector) -> list[tuple[str, str]]:
    match selector:
        case Code(digits):
            return [span(digits, digits)]
        case CodeRange(first, last):
            return [span(first, last)]
        case Described(codes=codes) if selector == Described(codes=codes):
            return [each for code in codes for each in _spans(code)]
    return []
