"""Lists of clauses: all or any of them, by the word that joins the last."""

from __future__ import annotations

import re
from collections.abc import Callable

from countermark.rules import nodes
from countermark.rules.nodes import Expression
from countermark.rules.reader.words import Words

COLON = re.compile(r"[ \n]*:")
BULLET = re.compile(r"\s*(?:•|\(?(?:[ivx]{1,4}|[a-hа-е])\))\s*")
_LIST_JOIN = re.compile(
    r"[ \n]*(?:[,;]?[ \n]*\b(?P<join>and/or|and|or|и/или|или|либо|и)\b|[,;])?(?=\s*(?:•|\(?(?:[ivx]{1,4}|[a-hа-е])\)\s))"
)


Reader = Callable[[Words], Expression | None]


def bulleted(w: Words, read: Reader) -> Expression | None:
    """The items of a list, all or any of them by the word that joins the last."""
    items: list[Expression] = []
    joins: list[str] = []
    while True:
        before = w.i
        if items:
            joined = w.take(_LIST_JOIN)
            if joined is None:
                break
            join = joined["join"] or ""
        marked = w.take(BULLET)
        if marked is None:
            w.i = before
            break
        if marked:
            w.glue[w.i] = before
        found = w.speech.item(w, read)
        if found is None:
            w.i = before
            return None
        if items:
            joins.append(join)
        items.append(found)
    return _listed(items, joins)


def _listed(items: list[Expression], joins: list[str]) -> Expression | None:
    if not items:
        return None
    said = {join for join in joins if join}
    if len(items) == 1:
        return items[0]
    if len(said) > 1:
        return None
    return (
        nodes.AnyOf(tuple(items))
        if said & {"or", "and/or", "или", "либо", "и/или"}
        else nodes.AllOf(tuple(items))
    )
