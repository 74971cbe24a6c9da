"""Automatic checks of one reading against its text. They share nothing with the reader but the expression's form.

``percentages`` and ``codes``: the expression holds exactly those of the text, outside ``manual``; ``days`` too.
``tiling``: each letter and digit lies in exactly one ``cite`` span; ``length``: none over 120 characters but ``manual``;
``manual-words``: a ``manual`` node holds the words it cites; ``status``: it says what the nodes are;
``round-trip``: the JSON form reads back as the same expression.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reading.facts import Span, figures, stated
from reading.readings import Result

LONGEST_CITE = 120
CHECKS = ("percentages", "codes", "days", "tiling", "length", "manual-words", "status", "round-trip")
_KINDS = {"percentages": "percentage", "codes": "code", "days": "day"}
_ANY_STATUS = ("ref", "quota")
_WORD_NODES = ("process", "retain", "not_only")
_WORD_FIELDS = ("named", "prop", "same")


def failures(result: Result) -> dict[str, str]:
    """The checks that a reading fails, each with what is wrong."""
    if result.status == "crash":
        return {"crash": result.crash}
    if result.status == "empty":
        return {} if not result.text.strip() else {"status": "words were taken for no words"}
    found = dict(_figure_failures(result))
    nodes = list(cited(result.expression))
    found |= _tiling(result.text, [span for span, _ in nodes])
    long = [span for span, node in nodes if "manual" not in node and span[1] - span[0] > LONGEST_CITE]
    if long:
        found["length"] = f"{len(long)} spans over {LONGEST_CITE}: {long[:3]}"
    for span, node in nodes:
        if "manual" in node and _folded(node.get("text", "")) != _folded(result.text[span[0] : span[1]]):
            found["manual-words"] = f"cites {result.text[span[0] : span[1]]!r}, holds {node.get('text')!r}"
    expected = expected_statuses(result.expression)
    if result.status not in expected:
        found["status"] = f"{result.status}, but the nodes say {' or '.join(sorted(expected))}"
    if not result.round_trips:
        found["round-trip"] = "the JSON form reads back as another expression"
    return found


def _folded(words: str) -> str:
    return " ".join(words.split())


def cited(value: Any) -> Iterator[tuple[Span, dict[str, Any]]]:
    """Every object of an expression that has a ``cite``, with the span."""
    if isinstance(value, dict):
        if "cite" in value:
            yield (value["cite"][0], value["cite"][1]), value
        for held in value.values():
            yield from cited(held)
    elif isinstance(value, (list, tuple)):
        for held in value:
            yield from cited(held)


def manual_spans(expression: Any, length: int) -> list[Span]:
    """Where the text was left to a person; the whole of it for a ``manual`` without citation."""
    if isinstance(expression, dict) and "manual" in expression and "cite" not in expression:
        return [(0, length)]
    return [span for span, node in cited(expression) if "manual" in node]


def _figure_failures(result: Result) -> Iterator[tuple[str, str]]:
    """Set against set: more than the text is as wrong as less."""
    manual = manual_spans(result.expression, len(result.text))
    held = stated(result.expression)
    own = {"percentage": held.percentages, "code": held.codes, "day": held.days}
    found = figures(result.text)
    for check, kind in _KINDS.items():
        asked = {f.value for f in found if f.kind == kind and not _within(f.span, manual)}
        known = {f.value for f in found if f.kind == kind}
        has = own[kind] | held.in_words(kind)
        missing, extra = asked - has, has - known
        if missing or extra:
            yield (
                check,
                " ".join(
                    [f"without {sorted(missing)}"] * bool(missing) + [f"more {sorted(extra)}"] * bool(extra)
                ),
            )


def only_in_words(result: Result) -> set[str]:
    """Figures of the text that the expression keeps in words for a person only: allowed, and counted."""
    held = stated(result.expression)
    return (held.in_words("percentage") - held.percentages) | (held.in_words("code") - held.codes)


def _within(span: Span, spans: list[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in spans)


def _tiling(text: str, spans: list[Span]) -> dict[str, str]:
    depth = [0] * len(text)
    for start, end in spans:
        if not 0 <= start <= end <= len(text):
            return {"tiling": f"the span {start}-{end} is not of the text"}
        for at in range(start, end):
            depth[at] += 1
    bare = "".join(c if c.isalnum() and not depth[at] else " " for at, c in enumerate(text)).split()
    twice = "".join(c if c.isalnum() and depth[at] > 1 else " " for at, c in enumerate(text)).split()
    found = [f"in no span: {' '.join(bare)[:80]}"] * bool(bare) + [f"in two: {' '.join(twice)[:80]}"] * bool(
        twice
    )
    return {"tiling": "; ".join(found)} if found else {}


def expected_statuses(expression: Any) -> set[str]:
    """The statuses that the nodes allow; more than one where the design leaves it open."""
    kinds = set(_kinds(expression))
    if "manual" in kinds:
        return {"partial"} if "decides" in kinds else {"manual"}
    if "words" in kinds:
        return {"attested"}
    return {"exact", "attested"} if "open" in kinds else {"exact"}


def _kinds(value: Any) -> Iterator[str]:
    """``manual``, ``words`` (a person answers), ``decides`` (any other node), ``open`` (either status is right)."""
    if isinstance(value, (list, tuple)):
        for held in value:
            yield from _kinds(held)
    if not isinstance(value, dict):
        return
    if "manual" in value or "pending" in value:
        yield "manual"
        return
    if any(name in value for name in (*_WORD_NODES, *_WORD_FIELDS)):
        yield "words"
    if any(name in value for name in (*_ANY_STATUS, "from_materials")):
        yield "open"
    if not set(value) <= {"any", "all", "at_least", "cite", "n", "of"}:
        yield "decides"
    for name, held in value.items():
        if name != "cite":
            yield from _kinds(held)
