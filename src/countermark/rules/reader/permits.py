"""What a rule allows or forbids after the fact: "However, materials of the same heading may be used up to ..."."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from countermark.rules import nodes
from countermark.rules.nodes import AGREEMENT, Expression, Limit
from countermark.rules.reader.conditions import condition, fill, is_open
from countermark.rules.reader.materials import Selectors, listed, materials
from countermark.rules.reader.operations import operation
from countermark.rules.reader.prices import base, bound, percentage
from countermark.rules.reader.words import Words, words
from countermark.rules.selector import Described, Every

_HOWEVER = re.compile(r"\s*(?:[.;,]\s*)?(?:however|nevertheless|notwithstanding this)\b,?")
_APART = re.compile(r"\s*(?:\.\s+|\n)\s*(?=(?:non-originating )?[a-z][a-z ]{3,60} may (?:also )?be used)")
_OF_WHICH = re.compile(r",?\s*of which (?P<what>[^%•;]{10,110}?),?(?=\s+may\b)")
_LISTED = re.compile(r"\s*:?(?=\s*\n•)")
_ALSO = re.compile(r"\s*(?:[.;,]\s*)?(?=(?:the )?materials of (?:this|the same) description\b)")
_OR_IF = words(r",? ?or,? if(?= )")
_THESE = words(r"(?:these|such|the said|those) (?:materials|products|goods|articles)")
_MAY = words(
    r"(?:may|can|could)(?: also| only)? be (?:used|incorporated|included)(?: (?:into|in) the set)?|may be used"
)
_MAY_NOT = words(r"(?:may|must|shall|can)(?: not|not) be (?:used|incorporated)|cannot be used")
_PROVIDED = words(r",? ?(?:provided|providing|on condition)(?: that)?(?= )|only if(?= )")
_VOLUME = words(r"by (?P<measure>volume|weight)")


class _Allowed(NamedTuple):
    limit: Limit | None = None
    condition: Expression | None = None


def however(w: Words, rule: Expression | None) -> Expression | None:
    """The rule with the permission, ban or limit that follows; ``None`` and nothing taken if none does."""
    start = w.i
    found = _or_if(w, rule) if rule is not None else None
    if found is not None:
        return found
    if rule is None or not any(w.take(lead) for lead in (_HOWEVER, _ALSO, _APART)):
        w.i = start
        return None
    begin = w.i
    w.glue[begin] = start
    found = _permitted(w, rule, begin) or _limited(w, rule, begin)
    if found is None:
        w.i = start
    return found


def _or_if(w: Words, rule: Expression) -> Expression | None:
    """ "... or, if all the other materials used are already originating, arrack may be used up to 5 % by volume"."""
    start = w.i
    if w.take(_OR_IF) is None:
        return None
    begin = w.i
    met = condition(w)
    if met is not None:
        w.take(words(r",(?=\s)"))
        here = w.i
        chosen = materials(w)
        if chosen and chosen.materials and w.take(_MAY):
            allowed = _terms(w, chosen.materials)
            if allowed is not None:
                terms = (
                    nodes.AllOf((replace(met, cite=(begin, begin)), allowed.condition))
                    if allowed.condition
                    else met
                )
                return nodes.Permit(chosen.materials, rule, allowed.limit, terms, cite=(here, here))
    w.i = start
    return None


def _limited(w: Words, rule: Expression, begin: int) -> Expression | None:
    """ "However, the value of all the materials of heading 2909 used must not exceed 20 % ..."."""
    w.i = begin
    found = condition(w)
    return nodes.AllOf((rule, found)) if found is not None else None


def _permitted(w: Words, rule: Expression, begin: int) -> Expression | None:
    chosen: Selectors | None
    if w.take(_THESE):
        chosen = _excepted(rule)
    elif w.take(_LISTED):
        chosen = listed(w)
    else:
        named = materials(w)
        chosen = (named.materials or (Every(),)) if named else None
    if not chosen:
        return None
    which = w.take(_OF_WHICH)
    if which is not None:
        chosen = (Described(codes=chosen, named=re.sub(r"\s+", " ", which["what"])),)
    if w.take(_MAY_NOT):
        return _barred(rule, chosen, begin)
    if w.take(_MAY) is None:
        return None
    allowed = _terms(w, chosen)
    if allowed is None:
        return None
    return nodes.Permit(chosen, rule, allowed.limit, allowed.condition, cite=(begin, begin))


def _terms(w: Words, chosen: Selectors) -> _Allowed | None:
    """The limit of a permission: "provided that their total value does not exceed 20 % ...", "up to 5 % by volume"."""
    start = w.i
    if w.take(_PROVIDED) is None:
        held = bound(w)
        if held is None:
            w.i = start
            return _Allowed()
        pct = percentage(w)
        if pct is None or held.least or held.strict:
            return None
        measured = w.take(_VOLUME)
        if measured is not None and measured["measure"] == "volume":
            volume = nodes.MaxWeight(pct, chosen, measure="volume", cite=(start, start))
            return _Allowed(condition=volume)
        price = "weight" if measured else base(w)
        return _Allowed(Limit(pct, price or AGREEMENT, cite=(start, start)))
    found = condition(w) or operation(w)
    if found is None:
        return None
    if is_open(found) and isinstance(found, nodes.MaxForeignValue) and not found.strict:
        return _Allowed(Limit(found.pct, found.base, cite=(start, start)))
    filled = fill(found, chosen) if is_open(found) else found
    return _Allowed(condition=replace(filled, cite=(start, start))) if filled else None


def _excepted(rule: Expression) -> Selectors:
    """ "These materials": the ones the rule has just excepted."""
    match rule:
        case nodes.ChangeOfClassification(excepted=barred) | nodes.AnyHeading(excepted=barred):
            return barred
    return ()


def _barred(rule: Expression, chosen: Selectors, begin: int) -> Expression | None:
    """The rule with materials that may not be used."""
    match rule:
        case nodes.ChangeOfClassification(excepted=barred) | nodes.AnyHeading(excepted=barred):
            return replace(rule, excepted=(*barred, *chosen))
        case nodes.AllOf(of):
            return nodes.AllOf((*of, nodes.AnyHeading(chosen, cite=(begin, begin))))
    return None
