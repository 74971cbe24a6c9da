"""What a change of classification does not allow: "except from heading 8503", "and except when resulting from ..."."""

from __future__ import annotations

import re
from dataclasses import replace

from countermark.rules import nodes
from countermark.rules.nodes import Expression
from countermark.rules.reader.materials import (
    LEVELS,
    Selectors,
    joined,
    own_level,
    selection,
)
from countermark.rules.reader.words import Words, words
from countermark.rules.selector import Described, Level, Own

SHORT = {"cc": Level.CHAPTER, "cth": Level.HEADING, "ctsh": Level.SUBHEADING}
LEVEL = r"(?P<level>chapter|heading|sub-? ?heading)"
EXCEPT = words(
    r",? ?(?:and )?(?:except(?:ing)?|with the exclusion of|excluding|other than)(?: (?:(?:a )?change )?(?:from|for|of))?(?= )"
)
_WHEN = re.compile(
    r"[ \n]*,?[ \n]*(?P<when>(?:when|where|if)[ \n][^,;.•%\d]{5,100}?(?:interpretation 2\(a\))?)(?=[,;.\n]|\Z| and except)"
)
_OR_FROM = words(r",? ?or from")
"""After "when ...": whether it holds for what is barred next too, the words do not say."""
_RESULTING = words(
    r",? ?except when (?:that change is )?(?:resulting|the result) (?:from|of) (?P<what>[a-z \-]{5,60})"
)
ABBREVIATED = words(r"\((?P<short>cc|cth|ctsh)\)")
OWN_GOOD = words(
    r"(?:(?:(?:from |of )?(?:that|those|the (?:chapter|heading|sub-? ?heading))|materials) (?:of|as)|of) the (?:(?:final|finished) )?(?:products?|goods?)"
)


def level_of(written: str) -> Level:
    return LEVELS[re.sub(r"[- ]", "", written)]


def excepting(w: Words, rule: Expression) -> Expression | None:
    """The rule with the exceptions that follow it; ``None`` if one cannot be read, or the rule takes none."""
    while True:
        start = w.i
        resulting = w.take(_RESULTING)
        if resulting is not None:
            return nodes.AllOf((rule, nodes.NotOnly((resulting["what"].strip(),), cite=(start, start))))
        if w.take(EXCEPT) is None:
            w.take(ABBREVIATED)
            return rule
        barred, own = exceptions(w)
        if (not barred and own is None) or (own and not isinstance(rule, nodes.ChangeOfClassification)):
            w.i = start
            return (
                rule
                if not barred and own is None and w.sees(words(r",? ?except (?:where|as|that)"))
                else None
            )
        when = w.take(_WHEN)
        if when is not None:
            if w.sees(_OR_FROM):
                return None
            barred = (Described(codes=barred, named=re.sub(r"\s+", " ", when["when"])),)
        if isinstance(rule, nodes.FromMaterials):
            rule = replace(rule, materials=(Described(codes=rule.materials, excepted=barred),))
        elif isinstance(rule, nodes.ChangeOfClassification | nodes.AnyHeading):
            rule = replace(rule, excepted=(*rule.excepted, *barred))


def exceptions(w: Words) -> tuple[Selectors, Level | None]:
    """What follows "except": the selectors, and the level if the good's own place is among them."""
    barred: Selectors = ()
    own: Level | None = None
    join = ""
    end = w.i
    while True:
        if w.take(OWN_GOOD):
            own = Level.HEADING
        else:
            placed = _own_words(w)
            more: Selectors | None = (placed,) if placed else selection(w)
            if more is None:
                w.i = end
                return barred, own
            barred = joined(barred, join, more)
        end = w.i
        joining = w.take(_JOINING)
        if joining is None or w.sees(_CLAUSE):
            w.i = end
            return barred, own
        join = joining["join"]


_JOINING = re.compile(r",?[ ]?(?P<join>and|or|nor)(?:[ ](?:from|of|for))?(?=[ ])")
_CLAUSE = words(r"(?:in which|where|in|provided|a |cth|cc|rvc|manufacture|the value|all )")


def _own_words(w: Words) -> Own | None:
    start = w.i
    w.take(words(r"(?:from |for |those |materials |non-originating |the )*(?=\S)"))
    found = own_level(w)
    if found is None:
        w.i = start
    return found
