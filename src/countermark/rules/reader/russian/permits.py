"""What a Russian rule allows, forbids or limits after the fact."""

from __future__ import annotations

import re
from dataclasses import replace

from countermark.rules import nodes
from countermark.rules.nodes import AGREEMENT, Expression, Limit
from countermark.rules.reader.materials import Chosen
from countermark.rules.reader.russian.conditions import condition
from countermark.rules.reader.russian.materials import (
    materials,
)
from countermark.rules.reader.russian.terms import base, bound, percentage
from countermark.rules.reader.words import Words, words
from countermark.rules.selector import Every

ITS_VALUE = words(r"(?:их|его|её|ее) (?:общая |суммарная |совокупная )?стоимость|стоимость которых")
_HOWEVER = re.compile(r"\s*(?:[.;,]\s*)?(?:однако|тем не менее|при этом)\b,?")
_MAY = words(
    r",? ?(?:могут|может)(?: также| только)? (?:быть использован\w+|использоваться|применяться|входить в набор)"
)
_MAY_NOT = words(r",? ?не (?:могут|может|должн\w+) (?:быть использован\w+|использоваться|применяться)")
PROVIDED = words(r",? ?(?:только )?(?:при условии,? (?:что|если)|если)(?= )")


def however(w: Words, rule: Expression | None) -> Expression | None:
    """The rule with the permission, ban or limit that follows; ``None`` and nothing taken if none does."""
    start = w.i
    if rule is None or w.take(_HOWEVER) is None:
        w.i = start
        return None
    begin = w.i
    w.glue[begin] = start
    chosen = materials(w)
    found = _permitted(w, rule, chosen, begin) if chosen else None
    if found is None:
        w.i = begin
        limit = condition(w)
        found = nodes.AllOf((rule, limit)) if limit is not None else None
    if found is None:
        w.i = start
    return found


def _permitted(w: Words, rule: Expression, chosen: Chosen, begin: int) -> Expression | None:
    which = chosen.materials or (Every(),)
    if w.take(_MAY_NOT):
        if isinstance(rule, nodes.ChangeOfClassification | nodes.AnyHeading):
            return replace(rule, excepted=(*rule.excepted, *which))
        return None
    if w.take(_MAY) is None:
        return None
    here = w.i
    if w.take(PROVIDED) and w.take(ITS_VALUE):
        held = bound(w)
        pct = percentage(w) if held == (False, False) else None
        if pct is None:
            return None
        return nodes.Permit(
            which, rule, Limit(pct, base(w) or AGREEMENT, cite=(here, here)), cite=(begin, begin)
        )
    w.i = here
    held = bound(w)
    if held == (False, False) and (pct := percentage(w)) is not None:
        return nodes.Permit(
            which, rule, Limit(pct, base(w) or AGREEMENT, cite=(here, here)), cite=(begin, begin)
        )
    w.i = here
    return nodes.Permit(which, rule, cite=(begin, begin))
