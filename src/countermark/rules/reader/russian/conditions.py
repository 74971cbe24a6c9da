"""Conditions on materials in Russian: values, weights, what must be wholly obtained or originate."""

from __future__ import annotations

import re
from dataclasses import replace

from countermark.rules import nodes
from countermark.rules.nodes import AGREEMENT, Expression
from countermark.rules.reader.russian.materials import (
    materials,
)
from countermark.rules.reader.russian.terms import base, bound, percentage
from countermark.rules.reader.words import Words, words
from countermark.rules.selector import Every

_WITHIN = words(
    r"(?:и |причем |причём )?в пределах (?:указанн\w+ |этого |данного )?(?:выше )?(?:ограничен\w+|предел\w+|лимит\w+)(?: выше)?,? ?(?=\S)"
)
_VALUE = words(r"(?:общ\w+ |совокупн\w+ |суммарн\w+ )?(?:таможенная )?(?:стоимость|цена)(?= )")
_ORIGINATING_VALUE = words(
    r"стоимост\w+ (?:всех )?(?:используемых )?(?:происходящих )?материалов(?:,? происходящих из \w+| происхождени\w+ из \w+)?"
)
_WEIGHT = words(r"(?:общ\w+ |суммарн\w+ )?(?:чист\w+ )?(?:масса|вес)(?: нетто)?(?= )")
_OF_WEIGHT = words(
    r"(?:от )?(?:общей )?(?:чистой )?(?:массы|веса|массе|весу|масса)(?: нетто)?(?: (?:конечн\w+ |готов\w+ )?(?:продук\w+|товара|изделия))?"
)
_SHARE = words(r"(?P<by>по (?:массе|весу|стоимости))(?= )")
_WHOLLY = words(
    r",? ?(?:должн\w+ быть |долж\w+ )?полностью (?:произведен\w+|получен\w+|произведён\w*|выращен\w+)(?: (?:или|и|\(или) (?:произведен\w+|получен\w+)\)?)?(?: в (?:стран\w+|государств\w+|данной стране)(?:[- ]участни\w+| экспорта| соглашения)?)?"
)
_ORIGINATE = words(
    r",? ?(?:должн\w+ (?:уже )?(?:быть )?)?(?:происходящ\w+|происходить|иметь происхождение)(?: из (?:стран\w+|государств\w+)(?:[- ]участни\w+)?)?"
)
_COMMA = re.compile(r",(?=\s)")


def condition(w: Words) -> Expression | None:
    """One condition on materials."""
    for read in (_value, _weight, _share, _status):
        start = w.i
        w.take(_WITHIN)
        found = read(w)
        if found is not None:
            return replace(found, cite=(start, start))
        w.i = start
    return None


def _value(w: Words) -> Expression | None:
    if w.take(_VALUE) is None:
        return None
    chosen = materials(w)
    w.take(_COMMA)
    held = bound(w) if chosen else None
    if chosen is None or held is None:
        return None
    pct = percentage(w)
    if pct is None:
        within = held == (False, False) and not chosen.materials and w.take(_ORIGINATING_VALUE)
        return nodes.ForeignWithinOriginating() if within else None
    if held.least:
        return None
    return nodes.MaxForeignValue(pct, base(w) or AGREEMENT, chosen.materials, held.strict)


def _weight(w: Words) -> Expression | None:
    chosen = materials(w) if w.take(_WEIGHT) else None
    held = bound(w) if chosen else None
    pct = percentage(w) if held else None
    if chosen is None or held is None or held.least or pct is None or w.take(_OF_WEIGHT) is None:
        return None
    return nodes.MaxWeight(pct, chosen.materials or (Every(),), strict=held.strict)


def _share(w: Words) -> Expression | None:
    """ "не менее 70 % по массе табака позиции 2401 должно быть полностью получено"."""
    held = bound(w)
    pct = percentage(w) if held and held.least else None
    by = w.take(_SHARE) if pct is not None else None
    chosen = materials(w) if by else None
    if held is None or pct is None or by is None or chosen is None or not chosen.materials:
        return None
    measure = "value" if "стоимости" in by[0] else "weight"
    status = "wo" if w.take(_WHOLLY) else "originating" if w.take(_ORIGINATE) else ""
    if not status:
        return None
    return nodes.MinShare(pct, chosen.materials, status, chosen.materials, measure, held.strict)


def _status(w: Words) -> Expression | None:
    chosen = materials(w)
    if chosen is None or chosen.origin == "foreign":
        return None
    if w.take(_WHOLLY):
        return nodes.WhollyObtainedMaterials(chosen.materials or (Every(),))
    return nodes.OriginatingMaterials(chosen.materials or (Every(),)) if w.take(_ORIGINATE) else None
