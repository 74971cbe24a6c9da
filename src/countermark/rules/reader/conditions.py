"""Conditions on materials: values, weights, what must be wholly obtained or originate.

Each reads one condition that stands next, or leaves the cursor where it is.
"""

from __future__ import annotations

import re
from dataclasses import replace

from countermark.rules import nodes
from countermark.rules.nodes import AGREEMENT, Expression
from countermark.rules.reader.materials import Chosen, Selectors, materials
from countermark.rules.reader.prices import Bound, base, bound, percentage
from countermark.rules.reader.words import Words, words
from countermark.rules.selector import Described, Every

_WITHIN = words(
    r"(?:where,? )?within (?:the above|this|that|the said) limits?,?|(?:where|in which),? within (?:the above|this) limit,?"
)
_VALUE = words(
    r"(?:that )?(?:the |their |its )?(?:total |combined |aggregate |maximum |cif |customs )?(?:value|cost|price)s?,? (?:of|for) (?=\S)"
)
_ITS_VALUE = words(
    r"(?:that )?(?:the |their |its )(?:total |combined |aggregate )?value,?(?: taken together,?)?|the value of which|whose (?:total )?value|of a value"
)
_THESE_VALUE = words(
    r"(?:that )?(?:the )?(?:total )?value of (?:such|these|those|the said) (?:materials|products|goods|articles)"
)
_WEIGHT = words(
    r"(?:that )?(?:the |their |its )?(?P<each>individual )?(?:total |combined )*(?P<net>net )?(?:combined )?weight,? (?:of|for) (?=\S)"
)
_OF_GOOD_WEIGHT = words(
    r"(?:of |by )?(?:the |its )?(?:total )?(?P<net>net )?weight of the (?:(?:final|finished) )?(?:products?|goods?)"
)
_OF_WEIGHT_OF = words(r"of (?:the |its )?(?:total )?(?:net )?weight of (?=\S)")
_THE_GOOD = words(r"(?:the )?(?:(?:final|finished) )?(?:products?|goods?)(?! used)")
_BARE_WEIGHT = words(r"of (?:the|its) (?:total )?weight|by (?:net )?weight")
_ORIGINATING_VALUE = words(
    r"the (?:total )?value of (?:all )?(?:the )?originating materials(?: used)?(?: in its production)?"
)
_USED_UP_TO = words(r"(?:(?:are|is|may be) )?(?:only )?(?:be )?used (?:only )?(?=up to|only up to)")
_WHOLLY = words(
    r"(?:(?:is|are|were|must be|shall be|has been|have been|should be|must have been) )?(?:themselves )?(?:already )?wholly (?:obtained|produced)(?: or (?:wholly )?produced)?"
    r"(?: (?:entirely )?(?:in|within) (?:the |a |one |any )?(?:country or territory|part(?:y|ies)|territory of (?:a|the|any|one or more of the) part(?:y|ies)|beneficiary country|exporting part(?:y|ies)|contracting part(?:y|ies)))?"
)
_ORIGINATES = words(
    r"(?:(?:is|are|must|must be|shall be|shall|has to be|have to be|must already be|must be already) )?(?:already )?(?:be )?originating(?: (?:materials|products|goods))?"
)
_AT_LEAST = words(r"at least|not less than|no less than|a minimum of")
_TOGETHER = words(r",? ?(?:taken together|in total)(?:,(?=\s))?")
_LISTED = re.compile(r"[ \n]*:\s*[•\-]?(?=\s*\d)")
_AGAIN = words(r"\(max ?nom (?P<pct>\d+(?:\.\d+)?)%(?: \(exw\))?\)")
_FOREIGN_PARTS = words(
    r"(?:is |are )?(?:made up|consist(?:s|ing)?|composed) of non-originating (?:parts|materials)(?: used)?(?: \(?max ?nom\)?)?"
)
_MAXNOM_SHORT = words(
    r"\(?(?:max ?nom|nom|mnm|vnm|vom?nm)\)?(?: ?[:=])?(?: of)?(?: not exceeding| not more than| up to| ≤| <=)?"
)


def condition(w: Words) -> Expression | None:
    """One condition."""
    for read in (
        _foreign_within_originating,
        _value,
        _its_value,
        _weight,
        _share,
        _percent_of,
        _maxnom,
        _used_up_to,
        _weighing,
        _status,
    ):
        start = w.i
        w.take(_WITHIN)
        found = read(w)
        if found is not None:
            return found if found.cite else replace(found, cite=(start, start))
        w.i = start
    return None


def _value(w: Words) -> Expression | None:
    if w.take(_VALUE) is None:
        return None
    chosen = materials(w)
    return _valued(w, chosen) if chosen else None


def _valued(w: Words, chosen: Chosen) -> Expression | None:
    w.take(_TOGETHER)
    held = bound(w)
    w.take(_LISTED)
    pct = percentage(w) if held else None
    price = base(w) if pct is not None else None
    if held is None or pct is None:
        return None
    if chosen.origin == "originating" and held.least:
        return nodes.ValueContent(pct, "build-up", price or AGREEMENT, held.strict, chosen.materials)
    if held.least or chosen.origin == "originating":
        return None
    again = w.take(_AGAIN)
    if again is not None and again["pct"] != f"{pct:f}":
        return None
    return nodes.MaxForeignValue(pct, price or AGREEMENT, chosen.materials, held.strict)


def _used_up_to(w: Words) -> Expression | None:
    """ "the materials classified within heading 8431 are only used up to a value of 10 % of the ex-works price"."""
    chosen = materials(w)
    w.take(_TOGETHER)
    if chosen is None or w.take(_USED_UP_TO) is None:
        return None
    return _valued(w, chosen)


def _its_value(w: Words) -> Expression | None:
    """A limit on what was just named: the caller says what that is."""
    if w.take(_THESE_VALUE) or w.take(_ITS_VALUE):
        return _valued(w, Chosen((_JUST_NAMED,)))
    return None


_JUST_NAMED = Described(named="\0")
"""Stands for "their value" until the caller fills in whose."""


def fill(node: Expression, named: Selectors) -> Expression | None:
    """The limit with what "their" stands for; ``None`` if it is no limit of that kind."""
    if isinstance(node, nodes.MaxForeignValue) and node.materials == (_JUST_NAMED,):
        return replace(node, materials=named)
    return None


def is_open(node: object) -> bool:
    """Whether "their" is still to be filled in."""
    return isinstance(node, nodes.MaxForeignValue) and node.materials == (_JUST_NAMED,)


def settled(found: Expression, before: Expression) -> Expression | None:
    """A condition that follows a rule: "from leather, provided its value ..." limits that leather."""
    if not is_open(found):
        return found
    return fill(found, before.materials) if isinstance(before, nodes.FromMaterials) else None


def _foreign_within_originating(w: Words) -> Expression | None:
    if w.take(_VALUE) is None:
        return None
    chosen = materials(w)
    if chosen is None or chosen.materials or chosen.origin != "foreign" or bound(w) != Bound(False, False):
        return None
    if w.take(_ORIGINATING_VALUE) is None:
        return None
    return nodes.ForeignWithinOriginating()


def _weight(w: Words) -> Expression | None:
    named = w.take(_WEIGHT)
    if named is None:
        return None
    chosen = materials(w)
    held = bound(w) if chosen else None
    pct = percentage(w) if held else None
    if chosen is None or held is None or pct is None or held.least:
        return None
    of: Selectors | None = None
    if w.take(_OF_WEIGHT_OF):
        others = None if w.sees(_THE_GOOD) else materials(w)
        if others is None or others.materials is None:
            if w.take(_THE_GOOD) is None:
                return None
        else:
            of = others.materials
    elif not (w.take(_OF_GOOD_WEIGHT) or w.take(_BARE_WEIGHT)):
        return None
    which = chosen.materials or (Every(),)
    if named["each"] is not None:
        which = _apart(which)
    return nodes.MaxWeight(pct, which, of, each=named["each"] is not None, strict=held.strict)


def _apart(materials: Selectors) -> Selectors:
    """The members of groups one by one: each is weighed by itself."""
    found: Selectors = ()
    for each in materials:
        group = isinstance(each, Described) and each == Described(codes=each.codes)
        found += _apart(each.codes) if isinstance(each, Described) and group else (each,)
    return found


def _weighing(w: Words) -> Expression | None:
    """ "materials of headings 04.02 to 04.06 used do not exceed 10 % of the weight of the product"."""
    chosen = materials(w)
    held = bound(w) if chosen else None
    pct = percentage(w) if held else None
    if chosen is None or held is None or held.least or pct is None or w.take(_OF_GOOD_WEIGHT) is None:
        return None
    return nodes.MaxWeight(pct, chosen.materials or (Every(),), strict=held.strict)


def _share(w: Words) -> Expression | None:
    """ "at least 70 % by weight of the tobacco of heading 2401 used is originating"."""
    if w.take(_AT_LEAST) is None:
        return None
    pct = percentage(w)
    if pct is None:
        return None
    measured = w.take(words(r"(?:by|of the|in) (?P<measure>weight|value),? of (?=\S)"))
    chosen = materials(w) if measured else None
    if measured is None or chosen is None or not chosen.materials:
        return None
    measure = measured["measure"]
    if w.take(_WHOLLY):
        return nodes.MinShare(pct, chosen.materials, "wo", chosen.materials, measure)
    if w.take(_ORIGINATES):
        return nodes.MinShare(pct, chosen.materials, "originating", chosen.materials, measure)
    return None


def _percent_of(w: Words) -> Expression | None:
    """ "a maximum of 50 % of the ex-works price is made up of non-originating parts (MAXNOM)"."""
    held = bound(w)
    pct = percentage(w) if held else None
    if held is None or pct is None or held.least:
        return None
    price = base(w)
    if price is None or w.take(_FOREIGN_PARTS) is None:
        return None
    return nodes.MaxForeignValue(pct, price, strict=held.strict)


def _maxnom(w: Words) -> Expression | None:
    """ "MaxNOM 40 % (EXW)"."""
    if w.take(_MAXNOM_SHORT) is None:
        return None
    pct = percentage(w)
    if pct is None:
        return None
    end = w.i
    price = base(w)
    if price is None and w.take(words(r"\(")):
        price = base(w)
        if price is None or w.take(words(r"\)")) is None:
            w.i, price = end, None
    return nodes.MaxForeignValue(pct, price or AGREEMENT)


def _status(w: Words) -> Expression | None:
    """ "all the materials of chapter 1 used are wholly obtained", "... must be originating"."""
    w.take(words(r"that (?=\S)"))
    chosen = materials(w)
    if chosen is None or chosen.origin == "foreign":
        return None
    if w.take(_WHOLLY):
        return nodes.WhollyObtainedMaterials(chosen.materials or (Every(),))
    if w.take(_ORIGINATES):
        return nodes.OriginatingMaterials(chosen.materials or (Every(),))
    return None
