"""Value contents in words: regional, qualifying, local value content, by the formulas a rule names."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from countermark.rules import nodes
from countermark.rules.nodes import AGREEMENT, Expression
from countermark.rules.reader.conditions import condition
from countermark.rules.reader.materials import materials
from countermark.rules.reader.prices import base, bound, percentage
from countermark.rules.reader.words import Words, words

_SHORT = r"(?:rvc|qvc|lvc|avc|vac|dvc|lac|ftavc|mvc|va|vc)"
_LEAD = words(
    r"(?:that )?(?:(?:the|a) (?:good|product) (?:has|have|with|having)|there is|with|having|subject to|to|it has)?(?: ?(?:also|either))?(?: ?(?:an?|the))?"
    rf"(?: ?(?P<long>(?:regional|qualifying|local|asean|fta|domestic|minimum)(?: value[- ]added| value| fta)* content|value[- ]added content|value content|(?:local )?value[- ]added(?= of| not| at|,? ?is)|local value[- ]added|{_SHORT}(?![a-z])))"
    rf"(?: \(\"?{_SHORT}\"?\))?"
)
_TIGHT = re.compile(rf"[ \n]*{_SHORT}[ ]?\(?(?P<pct>\d{{1,3}}(?:\.\d+)?)\)?%?\)?(?![\w.])")
_REFERENCE = words(
    r",? ?(?:as )?(?:calculated|determined|set out|defined|provided for|computed|specified)(?: in accordance with| under| pursuant to| in| by| as provided for in)?(?: the provisions of)?"
    r" (?P<where>(?:article|paragraph|annex|section|chapter|rule) [\w.]+(?:\([\w]+\))*(?: of (?:the |this )?[a-z ]{3,40}?)?),?(?= of not| of at| not less| is not|,)"
)
_OF = words(r"(?:,? ?(?:of|is|shall be|that is|which is|must be|:))?")
_BUILD_DOWN = r"(?P<down>(?:(?:the |a )?build[- ]?down(?:[- ]method| formula)?)|(?:the )?indirect (?:method|formula)|bd)"
_BUILD_UP = (
    r"(?P<up>(?:(?:the |a )?build[- ]?up(?:[- ]method| formula)?)|(?:the )?direct (?:method|formula)|bu)"
)
_OTHERS = r"(?P<tv>(?:the )?transaction value(?: method)?)|(?P<nc>(?:the )?net cost(?: method)?)|(?P<focused>(?:the )?focused value(?: method)?)"
_METHOD = words(
    rf",? ?\(?(?:whether |either |if |where |when )?(?:by )?(?:using |under |based on |based upon |on the basis of |calculated (?:using|by|under|on) |in accordance with |according to )?(?:the )?(?:{_BUILD_DOWN}|{_BUILD_UP}|{_OTHERS})"
    r"(?: is (?:used|applied))?\)?"
)
_OR_METHOD = words(
    rf",? ?or (?:using |under |by |based on )?(?:{_BUILD_DOWN}|{_BUILD_UP}|{_OTHERS})(?: is used)?\)?"
)
_MARK = re.compile(r"[:\s]*(?:\(?[a-e1-5ivx]{1,3}\)|•)\s*")
_OR = re.compile(r"\s*[;,]?\s*or\b:?|\s*;(?=\s*\n?\(?[a-e])")
_BRACKET = re.compile(r"[ ]*\((?=max|nom)")
_OPEN = re.compile(r"[ ]*\(")
_CLOSE = re.compile(r"[ ]*\)")
_FOCUS = words(r",? ?(?:taking into account only|where only|considering only|counting only)(?= )")
_REPEATED = re.compile(rf"[ \n]*\({_SHORT}[ ]?(?P<pct>\d{{1,3}}(?:\.\d+)?)%?\)")


def content(w: Words) -> Expression | None:
    """ "RVC40", "a regional value content of not less than 35 % under the build-up method, or 45 % ..."."""
    start = w.i
    tight = w.take(_TIGHT)
    if tight is not None:
        return _joined(w, _methods(w, Decimal(tight["pct"]), start))
    if w.take(_LEAD) is None:
        w.i = start
        return None
    reference = w.take(_REFERENCE)
    w.take(_OF)
    begin = w.i if reference else start
    found = _listed(w, begin)
    if not found:
        w.i = start
        return None
    rule = _joined(w, found)
    if rule is None:
        w.i = start
        return None
    place = w.i
    if w.take(_BRACKET):
        limit = condition(w)
        if isinstance(limit, nodes.MaxForeignValue) and w.take(_CLOSE):
            rule = nodes.AllOf((rule, replace(limit, cite=(place, place))))
        else:
            w.i = place
    if reference is not None:
        return nodes.Noted(re.sub(r"\s+", " ", reference["where"]), rule, cite=(start, start))
    return rule


def _listed(w: Words, start: int) -> list[nodes.ValueContent]:
    """One percentage, or several with their methods."""
    held = bound(w)
    if held is not None and not held.least:
        return []
    strict = held.strict if held else False
    found: list[nodes.ValueContent] = []
    end = w.i
    while True:
        here = w.i
        marked = w.take(_MARK)
        before = _taken(w)
        if w.take(words(r",(?=\s)")) and not before:
            w.i = here
            return found
        again = bound(w)
        pct = percentage(w)
        if pct is None or (again is not None and not again.least):
            w.i = end if found else here
            return found
        parts = _methods(w, pct, here if found else start, before)
        found += [replace(part, strict=strict or bool(again and again.strict)) for part in parts]
        end = w.i
        if w.take(_OR) is None or not (marked or parts[0].formula != AGREEMENT):
            w.i = end
            return found


def _taken(w: Words) -> dict[str, str]:
    method = w.take(_METHOD)
    return {kind: text for kind, text in method.groupdict().items() if text} if method else {}


def _methods(
    w: Words, pct: Decimal, start: int, before: dict[str, str] | None = None
) -> list[nodes.ValueContent]:
    """One node for each method the words name."""
    price = base(w) or _bracketed(w)
    first = before or _taken(w)
    price = price or base(w)
    found = [_node(w, pct, first, price, start)]
    while first:
        here = w.i
        more = w.take(_OR_METHOD)
        if more is None:
            break
        kinds = {kind: text for kind, text in more.groupdict().items() if text}
        found.append(_node(w, pct, kinds, price, here))
    return found


def _bracketed(w: Words) -> str | None:
    """ "(FOB)" after a percentage."""
    start = w.i
    price = base(w) if w.take(_OPEN) else None
    if price is None or w.take(_CLOSE) is None:
        w.i = start
        return None
    return price


def _node(w: Words, pct: Decimal, kinds: dict[str, str], price: str | None, start: int) -> nodes.ValueContent:
    cite = (start, start)
    if "focused" in kinds:
        end = w.i
        if w.take(_FOCUS):
            chosen = materials(w)
            if chosen is not None:
                return nodes.ValueContent(
                    pct, "focused", price or AGREEMENT, materials=chosen.materials, cite=cite
                )
        w.i = end
        return nodes.ValueContent(pct, "focused", price or AGREEMENT, cite=cite)
    if "nc" in kinds:
        return nodes.ValueContent(pct, "net-cost", price or "net cost", cite=cite)
    if "tv" in kinds:
        return nodes.ValueContent(pct, "build-down", price or "TV", cite=cite)
    formula = "build-down" if "down" in kinds else "build-up" if "up" in kinds else AGREEMENT
    return nodes.ValueContent(pct, formula, price or AGREEMENT, cite=cite)


def _joined(w: Words, found: list[nodes.ValueContent]) -> Expression | None:
    """The alternatives; a percentage said again in brackets must be the same."""
    again = w.take(_REPEATED)
    if again is not None and {part.pct for part in found} != {Decimal(again["pct"])}:
        return None
    return found[0] if len(found) == 1 else nodes.AnyOf(tuple(found))
