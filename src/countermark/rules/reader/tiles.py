"""Give every node the span of the text its words stand in, so that the spans tile the text.

While reading, a node remembers only where its words begin. A span runs to where the next begins. A span longer than
``LONGEST_SPAN`` is shared with nodes put around it (``all`` of one part), which changes nothing of what is decided.
"""

from __future__ import annotations

import itertools
from dataclasses import fields, replace
from typing import Any

from countermark.rules import nodes
from countermark.rules.nodes import Cited, Expression
from countermark.rules.reader.source import Source
from countermark.rules.reader.words import Words

LONGEST_SPAN = 120
"""Letters of the text that one node may answer for, unless it says that they were not read."""


def tiled(rule: Expression, text: str, source: Source, w: Words) -> Expression:
    """The rule with its spans in the text as given."""
    starts = sorted({node.cite[0] for node in _cited(rule) if node.cite is not None})
    places: dict[int, tuple[int, int]] = {}
    begins = [0 if n == 0 else source.at(w.glue.get(start, start)) for n, start in enumerate(starts)]
    for n, start in enumerate(starts):
        places[start] = (begins[n], begins[n + 1] if n + 1 < len(begins) else source.size)
    placed: Expression = _placed(rule, places, set(), text)
    return placed


def _cited(node: Any) -> list[Cited]:
    return [one for one in nodes_of(node) if isinstance(one, Cited)]


def parts_of(node: Any) -> list[Any]:
    """The nodes and limits right below a node."""
    found: list[Any] = []
    for held in fields(node):
        value = getattr(node, held.name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Cited | nodes.Period):
                found.append(one)
    return found


def nodes_of(node: Any) -> list[Any]:
    """A node and all below it."""
    return [node, *(inner for part in parts_of(node) for inner in nodes_of(part))]


def _placed(node: Any, places: dict[int, tuple[int, int]], used: set[int], text: str) -> Any:
    """The node with its span; of two nodes from the same words the first has it."""
    own: tuple[int, int] | None = None
    if isinstance(node, Cited) and node.cite is not None:
        start = node.cite[0]
        low, high = places[start]
        own = (low, high) if start not in used and low < high else None
        used.add(start)
    changes: dict[str, Any] = {}
    for held in fields(node):
        value = getattr(node, held.name)
        if isinstance(value, Cited | nodes.Period):
            changes[held.name] = _placed(value, places, used, text)
        elif isinstance(value, tuple) and any(isinstance(one, Cited | nodes.Period) for one in value):
            changes[held.name] = tuple(_placed(one, places, used, text) for one in value)
    if isinstance(node, Cited):
        changes["cite"] = own
    placed = replace(node, **changes)
    return (
        _shared(placed, text) if isinstance(placed, Cited) and not isinstance(placed, nodes.Limit) else placed
    )


def _shared(node: Any, text: str) -> Any:
    """A node whose span is too long, with nodes around it that take the first parts of it."""
    if node.cite is None or isinstance(node, nodes.Manual):
        return node
    start, end = node.cite
    cuts = [start]
    while end - cuts[-1] > LONGEST_SPAN:
        most = cuts[-1] + LONGEST_SPAN
        blank = text.rfind(" ", cuts[-1] + 1, most)
        cuts.append(blank + 1 if blank > 0 else most)
    inner: Any = replace(node, cite=(cuts[-1], end))
    for low, high in reversed(list(itertools.pairwise(cuts))):
        inner = nodes.AllOf((inner,), cite=(low, high))
    return inner
