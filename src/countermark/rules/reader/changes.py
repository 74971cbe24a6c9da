"""Changes of tariff classification in words: by name, by abbreviation, from where to where."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from countermark.rules import nodes
from countermark.rules.nodes import Expression
from countermark.rules.reader.codes import code_list
from countermark.rules.reader.exceptions import ABBREVIATED, LEVEL, SHORT, excepting, level_of
from countermark.rules.reader.materials import (
    Selectors,
    named_materials,
    selection,
)
from countermark.rules.reader.words import Words, words
from countermark.rules.selector import Code, CodeRange, Described, Level

_DIGITS = {"2": Level.CHAPTER, "4": Level.HEADING, "6": Level.SUBHEADING}
_ABBREVIATION = words(r"(?P<short>cc|cth|ctsh)")
_SPELT_OUT = words(
    r"(?::|-|,)? ?(?:all )?(?:of )?(?:the )?non-originating materials used in the production of the goods? (?:have|has) (?:undergone|undergo)"
    r" a change (?:in|of) tariff classification at the (?P<digits>[246])-? ?digit level(?: \((?:tariff )?(?P<level>heading|chapter|sub-?heading)\))?"
)
_OF_LEVEL = words(rf"(?:a )?change (?:of|in) (?:the )?(?:tariff )?{LEVEL}(?! \d)")
_NONE = words(
    r"no (?:required )?(?:ctc|change (?:in|of) (?:tariff )?classification|change of (?:chapter|heading|sub-? ?heading))(?: is)?(?: required| needed)?"
)
_SUCH = words(
    r"(?:to|for) (?:a |any )?(?:goods? )?(?:of |classified in )?(?:such|that|this) (?:chapter|heading|sub-? ?heading)s?(?: is required)?"
)
_REQUIRED = words(r"is required")
_COLON = re.compile(r"[ ]*:(?=[ ])")
_CHANGE = words(r"(?:a )?change(?: in (?:tariff )?classification)?(?= (?:to|from|within))")
_TO = words(r"(?:to|for) (?=\S)")
_ANY_OTHER_GOOD = words(
    r"(?P<other>(?:any |all )?other (?:goods?|products?))(?: of| classified in| in)?(?= )"
)
_A_GOOD = words(r"(?:a |any |the )?(?:goods?|products?|materials?)(?: of| classified (?:in|under))(?= )")
_GOOD_SAID = re.compile(r"[ \n]*(?P<good>an? goods? (?:[a-z]|[a-z]+ )[^;.%\d()]{3,100}?),?(?= from any )")
_OTHER_THAN = words(r",? ?(?:other than|except for|except|excluding)(?: a change to)?(?: from)? (?=\S)")
FROM = words(r",? ?from(?= )")
_ANY_OTHER = words(
    rf"(?:(?:products|materials|goods|those) of )?any(?: (?:other|one|of the other))? {LEVEL}s?"
    r"(?P<outside>(?: outside| except a heading in| other than (?:a )?(?:headings?|subheadings?) (?:of|in|within)) (?:of )?th(?:at|is|e) group)?"
)
_ANOTHER = words(rf"another {LEVEL}")
_WITHIN = words(
    r"(?:within|any (?:material )?within) (?:any (?:one )?of )?(?:this|that|these|the same|each of these|those)(?: same)? (?P<level>chapter|heading|sub-? ?heading)s?"
    r"|any (?:one of )?(?:these|this|those) (?P<level2>chapter|heading|sub-? ?heading)s?"
)
_INCLUDING_GROUP = words(rf",? ?including (?:another|any other|an?) {LEVEL} within th(?:at|e|is) group")
_WHETHER = words(r",? ?whether or not (?:there is )?(?:also )?a change from")
_OR_FROM = words(
    r",? ?or(?! (?:no|a change|change|a regional|a qualifying|an? |cth|cc|ctsh|rvc|qvc|manufacture|production|provided)\b)(?: to [^,;]{1,60}?)?(?: from)?(?= )"
)


class _Sources(NamedTuple):
    """Where materials may come from."""

    level: Level | None = None
    outside: bool = False
    anything: bool = False
    own: bool = False
    named: Selectors = ()


def change(w: Words) -> Expression | None:
    """A change of classification, with its exceptions."""
    for read in (_abbreviated, _none, _of_level, _shift):
        start = w.i
        found = read(w, start)
        if found is not None:
            return found
        w.i = start
    return None


def _abbreviated(w: Words, start: int) -> Expression | None:
    short = w.take(_ABBREVIATION)
    if short is None:
        return None
    level = SHORT[short["short"]]
    spelt = w.take(_SPELT_OUT)
    if spelt and (
        _DIGITS[spelt["digits"]] is not level or (spelt["level"] and level_of(spelt["level"]) is not level)
    ):
        return None
    end = w.i
    if spelt is None and w.take(_COLON):
        shift = _shift(w, start)
        if shift is not None:
            said = shift.then if isinstance(shift, nodes.When) else shift
            same = isinstance(said, nodes.ChangeOfClassification) and said.level is level
            return shift if same else None
        w.i = end
    return excepting(w, nodes.ChangeOfClassification(level, cite=(start, start)))


def _none(w: Words, start: int) -> Expression | None:
    if w.take(_NONE) is None:
        return None
    if w.take(_SUCH):
        return nodes.AnyHeading(cite=(start, start))
    target = _target(w)
    w.take(_REQUIRED)
    return _aimed(target, nodes.AnyHeading(cite=(start, start)), start)


def _of_level(w: Words, start: int) -> Expression | None:
    found = w.take(_OF_LEVEL)
    if found is None:
        return None
    w.take(ABBREVIATED)
    return excepting(w, nodes.ChangeOfClassification(level_of(found["level"]), cite=(start, start)))


def _shift(w: Words, start: int) -> Expression | None:
    """ "A change to heading 8501 from any other heading, except from heading 8503"."""
    if w.take(_CHANGE) is None:
        return None
    target = None if w.take(_SUCH) else _target(w)
    begin = w.i
    if w.take(FROM) is None:
        return None
    sources = _sources(w)
    if sources is None:
        return None
    group = target.codes if target else w.group
    rule = _from_sources(w, sources, group, begin)
    if rule is None:
        return None
    return _aimed(target, rule, start)


def _target(w: Words) -> Described | None:
    """The good a change leads to."""
    start = w.i
    if w.take(_TO) is None:
        return None
    other = w.take(_ANY_OTHER_GOOD)
    codes = code_list(w)
    if codes is None and not other and w.take(_A_GOOD):
        codes = code_list(w)
    if codes is not None or other:
        found = Described(codes=codes or (), named=other["other"] if other else "")
    else:
        said = w.take(_GOOD_SAID)
        named = (Described(named=said["good"]),) if said else named_materials(w)
        if named is None or len(named) != 1 or not isinstance(named[0], Described):
            w.i = start
            return None
        found = named[0]
    end = w.i
    if w.take(_OTHER_THAN):
        excepted = selection(w)
        if excepted is None:
            w.i = end
        else:
            found = replace(found, excepted=excepted)
            w.take(words(r",(?=\s)"))
    return found


def _aimed(target: Described | None, rule: Expression, start: int) -> Expression:
    return rule if target is None else nodes.When(target, rule, cite=(start, start))


def _sources(w: Words) -> _Sources | None:
    found = _source(w)
    if found is None:
        return None
    while True:
        end = w.i
        if w.take(_INCLUDING_GROUP):
            if found.level is None:
                return None
            continue
        led = w.take(_WHETHER) or w.take(_OR_FROM)
        if led is not None:
            more = _source(w)
            said = "from" in led[0] or more is None or not _only_named(more.named)
            if more is not None and said:
                found = _Sources(
                    found.level or more.level, found.outside or more.outside, found.anything or more.anything,
                    found.own or more.own, (*found.named, *more.named),
                )  # fmt: skip
                if w.take(words(r",(?= provided)")):
                    w.i -= 1
                continue
        w.i = end
        return found


def _only_named(materials: Selectors) -> bool:
    """Whether no code belongs to some of the materials: what follows an "or" may then be a rule of its own."""
    return any(isinstance(each, Described) and not each.codes for each in materials)


def _source(w: Words) -> _Sources | None:
    if w.take(_WITHIN):
        return _Sources(own=True)
    any_other = w.take(_ANY_OTHER) or w.take(_ANOTHER)
    if any_other is not None:
        return _Sources(
            level_of(any_other["level"]), outside="outside" in any_other[0] or " group" in any_other[0]
        )
    other = w.take(_ANY_OTHER_GOOD)
    if other is not None:
        codes = code_list(w)
        return _Sources(named=(Described(codes=codes or (), named=other["other"]),))
    codes = code_list(w)
    if codes is None and w.take(
        words(r"(?:any )?(?:non-originating )?(?:materials?|products?|goods?) (?:of|classified (?:in|under))")
    ):
        codes = code_list(w)
    if codes is None:
        codes = named_materials(w)
    return _Sources(named=codes) if codes else None


def _from_sources(w: Words, found: _Sources, group: Selectors, start: int) -> Expression | None:
    if found.own:
        rule = excepting(w, nodes.AnyHeading(cite=(start, start)))
        return nodes.Permit(found.named, rule) if found.named and rule is not None else rule
    if found.level is not None:
        if found.outside and not group:
            return None
        barred = group if found.outside else ()
        return excepting(
            w,
            nodes.ChangeOfClassification(
                found.level, also_from=found.named, excepted=barred, cite=(start, start)
            ),
        )
    digits = {_digits(s) for s in found.named}
    if None in digits or len(digits) != 1:
        return excepting(w, nodes.FromMaterials(found.named, cite=(start, start)))
    level = {2: Level.CHAPTER, 4: Level.HEADING}.get(digits.pop() or 0, Level.SUBHEADING)
    return excepting(w, nodes.ChangeOfClassification(level, only_from=found.named, cite=(start, start)))


def _digits(selector: object) -> int | None:
    match selector:
        case Code(digits):
            return len(digits)
        case CodeRange(first, last) if len(first) == len(last):
            return len(first)
        case Described(codes=codes, named="", excepted=()) if codes:
            held = {_digits(code) for code in codes}
            return held.pop() if len(held) == 1 else None
    return None
