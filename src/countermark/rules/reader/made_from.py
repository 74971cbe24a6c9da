"""What a good must be made from: "from yarn", "from materials of heading 7207", or a list of such."""

from __future__ import annotations

import re

from countermark.rules import nodes
from countermark.rules.nodes import Expression
from countermark.rules.reader.codes import code_list
from countermark.rules.reader.lists import COLON
from countermark.rules.reader.materials import Selectors, excepted, named_materials, placed_codes
from countermark.rules.reader.words import Words, words
from countermark.rules.selector import Described

_OTHER_MATERIALS = words(r"(?:the )?other materials (?=of|in|from)")
_OR_ALSO = re.compile(r",?[ ]or[ ](?:of[ ]|from[ ])?(?=[^\s•])")
_FROM_JOIN = re.compile(r"[ ]*(?:[,;]?[ ]*\b(?P<join>or|and)\b|[,;])?[ ]*(?=\n)(?!\s*(?:or|and)\s)")
_LINE = re.compile(r"\s*(?:•|\(?(?:[ivx]{1,4}|[a-hа-е])\))?\s*")
_SEMI = words(r"(?:(?:the )?(?:non-originating )?)(?:materials|products|goods|inputs)(?= )")


def made_from(w: Words, start: int) -> Expression | None:
    """ "from yarn", "from materials of heading 7207", or a list of such."""
    if w.take(COLON) or w.sees(re.compile(r"\s*•")):
        return _from_list(w, start)
    chosen = _from_one(w)
    if not chosen:
        return None
    barred = excepted(w)
    return nodes.FromMaterials(
        (Described(codes=chosen, excepted=barred),) if barred else chosen, cite=(start, start)
    )


def _from_one(w: Words) -> Selectors | None:
    start = w.i
    others = w.take(_OTHER_MATERIALS)
    if others is None:
        w.take(_SEMI)
    placed = placed_codes(w)
    if placed is not None:
        return (*placed, *_or_names(w))
    w.i = start
    codes = code_list(w)
    if codes is not None:
        return codes
    w.take(words(r"(?:non-originating |any |the |all )*(?=\S)"))
    named = named_materials(w)
    if named is None:
        w.i = start
        return None
    return (*named, *_or_names(w))


def _or_names(w: Words) -> Selectors:
    """ "... of heading 0207 or bones of heading 0506"."""
    found: Selectors = ()
    while True:
        start = w.i
        if w.take(_OR_ALSO) is None:
            return found
        if w.sees(words(r"(?:manufacture|production|in which|where|a change|other operations)")):
            w.i = start
            return found
        more = placed_codes(w) or named_materials(w)
        if more is None:
            w.i = start
            return found
        found = (*found, *more)


def _from_list(w: Words, start: int) -> Expression | None:
    found: list[Selectors] = []
    joins: set[str] = set()
    while True:
        before = w.i
        if found:
            joined = w.take(_FROM_JOIN)
            if joined is None:
                break
            joins |= {joined["join"]} if joined["join"] else set()
            if not joined["join"] and "or" in joins:
                w.i = before
                break
        w.take(_LINE)
        chosen = _from_one(w)
        if chosen is None:
            w.i = before
            return None
        found.append(chosen)
    if not found or "and" in joins or len(joins) > 1:
        return None
    return nodes.FromMaterials(tuple(s for chosen in found for s in chosen), cite=(start, start))
