"""Which materials a clause speaks of: all of them, those of some codes, those of the good's own heading, named ones."""

from __future__ import annotations

import re
from typing import NamedTuple

from countermark.rules.reader.codes import code_list
from countermark.rules.reader.names import names
from countermark.rules.reader.titles import says_no_more
from countermark.rules.reader.words import Words, words
from countermark.rules.selector import Described, Every, Level, Own, Selector

Selectors = tuple[Selector, ...]
LEVELS = {"chapter": Level.CHAPTER, "heading": Level.HEADING, "subheading": Level.SUBHEADING}


class Chosen(NamedTuple):
    """Materials as a clause names them."""

    materials: Selectors | None
    """``None``: all materials."""
    origin: str = ""
    """``foreign`` or ``originating`` where the words say so."""


_THE = words(r"(?:(?:the|all|any|each|every|such|of|these|those|both|it|single|individual|said) )*(?=\S)")
_OTHERS = words(
    r"(?:all |any )?(?:the |of the )?(?:other|remaining)(?= (?:non-originating |input )?(?:materials|products|inputs|goods|articles))"
)
_FOREIGN = words(r"(?:non-originating|imported|foreign|third[- ]country|extra-regional)(?= )")
_ORIGINATING = words(r"originating")
_NOUN = words(
    r"(?:input )?(?:raw )?(?:materials?|inputs?|products?|goods|articles|merchandise|substances)(?! (?:derived|made|obtained|of the same description|of this description))"
)
_PARTS = words(r"(?:parts|components)(?= used|\)| \(maxnom)")
_PLACED = words(
    r"(?:,? ?(?:which are |that are |is |are )?(?:classified|classifiable|falling|included|provided for)? ?(?:within|in|under|of|from|by)(?: within)?)"
)
_OWN = words(
    r"(?:,? ?(?:(?:which|that) (?:is|are) )?(?:classified |falling )?(?:within|in|of|from|under|from within|of any one of) ?"
    r"(?:the same|this|that|its own|that same|these|any one of these|the product's|the good's) (?P<level>chapter|heading|sub-? ?heading)s?"
    r"(?: as (?:that of )?(?:the|a|each) (?:(?:final|finished) )?(?:product|good)s?(?: concerned)?)?)"
)
_SAME_NAME = words(r"(?P<same>materials? of (?:the same|this) description(?: as the (?:product|good))?)")
_USED = words(
    r",? ?(?:which (?:is|are) )?used(?: in (?:the|its|their) (?:production|manufacture|assembly)(?: of (?:the|that) (?:product|good)s?)?| in production| in manufacture)?"
)
_EXCEPT = words(
    r",? ?\(? ?(?:except(?:ing)?(?: for| from| of)?|other than|excluding|with the exception of|not including)(?: (?:that|those) of)?"
)
_MORE = words(r",? ?(?P<join>and|or) (?=\S)")
_VERB = words(r",? ?(?:used|is|are|does|do|must|shall|may|should|has|have)")
_CLOSE = re.compile(r"[ \n]*\)")


def materials(w: Words) -> Chosen | None:
    """The materials that stand next, with "used" and an exception if they follow."""
    start = w.i
    found = _materials(w)
    if found is None:
        w.i = start
        return None
    if found.materials and not w.sees(_USED):
        found = found._replace(materials=_more(w, found.materials))
    w.take(_USED)
    barred = excepted(w)
    if barred:
        w.take(_USED)
        chosen = found.materials or ()
        placed = placed_codes(w)
        if placed is not None:
            chosen = tuple(Described(codes=placed, named=s.named) for s in chosen if isinstance(s, Described))
            w.take(_USED)
        found = found._replace(materials=(Described(codes=chosen, excepted=barred),))
    return found


def _more(w: Words, first: Selectors) -> Selectors:
    """ "... of heading 0714 or fruit used": what is joined before the verb belongs to the same materials."""
    start = w.i
    found = first
    while (joining := w.take(_MORE)) is not None:
        more = _materials(w)
        if more is None or not more.materials:
            break
        found = joined(found, joining["join"], more.materials)
        if w.sees(_VERB):
            return found
    w.i = start
    return first


def joined(found: Selectors, join: str, more: Selectors) -> Selectors:
    """Selectors with more of them: what "and" joins is one group, what "or" joins stands beside it."""
    if join != "and":
        return (*found, *more)
    return (*found[:-1], Described(codes=(*found[-1:], *more)))


def excepted(w: Words) -> Selectors | None:
    """ "except natural rubber", "(other than that of heading 1006)"."""
    start = w.i
    found = w.take(_EXCEPT)
    if found is None:
        return None
    barred = selection(w)
    if barred and "(" in found[0] and w.take(_CLOSE) is None:
        barred = None
    if barred is None:
        w.i = start
        return None
    if "(" not in found[0]:
        w.take(words(r",(?=\s)"))
    return barred


def _materials(w: Words) -> Chosen | None:
    if w.take(_OTHERS):
        origin = _origin(w)
        if w.take(_NOUN) is None:
            return None
        codes = placed_codes(w)
        return Chosen(codes or (Every(),), origin)
    w.take(_THE)
    origin = _origin(w)
    w.take(_THE)
    same = w.take(_SAME_NAME)
    if same is not None:
        return Chosen((Described(same="description"),), origin)
    start = w.i
    if w.take(_NOUN) or w.take(_PARTS):
        placed = own_level(w)
        if placed is not None:
            return Chosen((placed,), origin)
        codes = placed_codes(w)
        if codes is not None:
            return Chosen(codes, origin)
        if w.sees(
            words(
                r",? ?(?:used|is|are|does|do|must|shall|may|should|has|have|which|\)|\(|,|\.|exceeds?|of the (?:product|good)|taken|in the|or\b|and\b|may|not|not|up|provided|from any|,? ?except|to\b)|\Z|[ \n]*;"
            )
        ):
            return Chosen(None, origin)
        w.i = start
    codes = code_list(w)
    if codes is not None:
        return Chosen(codes, origin)
    named = named_materials(w)
    return Chosen(named, origin) if named else None


def _origin(w: Words) -> str:
    if w.take(_FOREIGN):
        return "foreign"
    return "originating" if w.take(_ORIGINATING) else ""


def own_level(w: Words) -> Own | None:
    """ "of the same heading as the product", "classified in this subheading"."""
    found = w.take(_OWN)
    return Own(LEVELS[re.sub(r"[- ]", "", found["level"])]) if found else None


def placed_codes(w: Words, *, of_one_kind: bool = False) -> Selectors | None:
    """ "of heading 8501", "classified within chapter 17"."""
    start = w.i
    w.take(_PLACED)
    codes = code_list(w, of_one_kind=of_one_kind)
    if codes is None:
        w.i = start
    return codes


def named_materials(w: Words) -> Selectors | None:
    """A name, with codes if they follow: "yarn or rags of heading 6310" names rags of that code, and yarn of any."""
    start = w.i
    w.take(words(r"(?:of |the )*(?:non-originating )?(?=\S)"))
    listed = names(w)
    if not listed:
        w.i = start
        return None
    end = w.i
    text = listed[-1]
    before = tuple(Described(named=each) for each in listed[:-1])
    placed = own_level(w)
    codes: Selectors | None = (placed,) if placed else placed_codes(w, of_one_kind=True)
    if codes is None:
        w.i = end
        return (*before, Described(named=text))
    if w.sees(_OTHER_KIND):
        w.i = start
        return None
    if all(says_no_more(text, code) for code in codes):
        return (*before, *codes)
    head, join, tail = _apart(text)
    placed_name = Described(codes=codes, named=tail)
    if not head:
        return (*before, placed_name)
    return (*before, *joined((Described(named=head),), join, (placed_name,)))


_OTHER_KIND = words(r",? ?(?:and|or) (?:of |in )?(?:sub-? ?headings?|headings?|chapters?)")
"""After "ethanol of heading 2207": whether "or subheading 2208.90" is of ethanol too, the words do not say."""


def _apart(text: str) -> tuple[str, str, str]:
    """The names before the one that codes follow, and that one: codes must not narrow what they may not belong to."""
    listed = re.match(r"(?P<head>.+,.+?),? (?P<join>and|or) (?P<tail>.+)", text) or re.match(
        r"(?P<head>.+) (?P<join>or) (?P<tail>.+)", text
    )
    if listed is None:
        return "", "", text
    head, tail = listed["head"], listed["tail"]
    alike = (
        tail.startswith(("other ", "not "))
        or set(head.split()) & set(tail.split())
        or re.search(r"(?:ed|cut|raw|dried|fresh)$", head)
    )
    shared = len(head.split()) < len(tail.split())
    return ("", "", text) if alike or shared else (head, listed["join"], tail)


_AND_MORE = re.compile(
    r"[ ]?,?[ ]?(?P<join>and|or)[ ](?:(?:from|of|those of|that of|for)[ ])?(?:(?:the|any)[ ])?(?:non-originating[ ])?(?=\S)"
)
_BUT_NOT = words(
    r"(?:other than|excluding|but not)(?= (?:those of |that of )?(?:the )?(?:sub-? ?)?(?:heading|chapter|item))"
)
_BUT_NOT_NAMED = words(r"(?:other than|but not)(?= [a-z])")
_PARTS_FOR = words(
    r",? ?parts suitable (?:for use )?solely(?: or principally)? (?:for|with) (?:the )?machin(?:ery|es)(?= of)"
)
"""Heading 8431 is called so: these parts are all of it, and the machinery is none of it."""
_THOSE = words(
    r"(?:(?:from|for|of|that|those|any|the|other|non-originating|materials?|products?|goods?|inputs?|articles|used|classified|falling|in|within|under) )*(?=\S)"
)


def selection(w: Words) -> Selectors | None:
    """What an exception or a permission names: codes, the good's own heading, names; several joined by and/or."""
    found = _one_selection(w)
    if found is None:
        return None
    while True:
        start = w.i
        joining = w.take(_AND_MORE)
        if joining is None:
            return found
        more = _one_selection(w)
        if more is None:
            w.i = start
            return found
        found = joined(found, joining["join"], more)


def _one_selection(w: Words) -> Selectors | None:
    start = w.i
    w.take(words(r"(?:from|for|of) (?=\S)"))
    codes = code_list(w, bare=True)
    if codes is None:
        w.take(_THOSE)
        codes = code_list(w, bare=True)
    if codes is not None:
        apart = _but_not(w)
        return codes if apart is None else (Described(codes=codes, excepted=apart),)
    w.i = start
    w.take(words(r"(?:(?:from|for|of|that|those|the|any) )*(?:non-originating )?(?=\S)"))
    if w.take(_NOUN):
        placed = own_level(w)
        if placed is not None:
            return (placed,)
        w.i = start
    named = named_materials(w)
    if named is None:
        w.i = start
    return named


def _but_not(w: Words) -> Selectors | None:
    """ "other than heading 8431", "other than swine skin"."""
    if w.take(_PARTS_FOR) or w.take(_BUT_NOT):
        return code_list(w)
    start = w.i
    found = named_materials(w) if w.take(_BUT_NOT_NAMED) else None
    if found is None:
        w.i = start
    return found


_ITEM = re.compile(r"[ ]*(?:[,;]?[ ]*\b(?P<join>and|or)\b|[,;])?\s*\n•\s*")


def listed(w: Words) -> Selectors:
    """A list of selections, one a line; none if there is none."""
    found: Selectors = ()
    while True:
        start = w.i
        mark = w.take(_ITEM)
        more = selection(w) if mark else None
        if mark is None or more is None:
            w.i = start
            return found
        found = joined(found, mark["join"] or "", more)
