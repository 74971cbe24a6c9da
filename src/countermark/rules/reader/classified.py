"""Rules that say of which heading materials may be: "of any heading, except ...", "classified in a heading other than ..."."""

from __future__ import annotations

from countermark.rules import nodes
from countermark.rules.nodes import Expression
from countermark.rules.reader.changes import FROM
from countermark.rules.reader.codes import code_list
from countermark.rules.reader.exceptions import (
    ABBREVIATED,
    EXCEPT,
    LEVEL,
    OWN_GOOD,
    SHORT,
    excepting,
    exceptions,
    level_of,
)
from countermark.rules.reader.materials import (
    Selectors,
    listed,
)
from countermark.rules.reader.names import name
from countermark.rules.reader.words import Words, words
from countermark.rules.selector import Described, Level

_CLASSIFIED = words(
    r"(?:(?:all )?(?:of )?(?:the )?(?:non-originating )?(?:materials|products)(?: used)?(?: \(?other than[^)]{0,0}\)?)? (?:are|is|must be|shall be) )?classified (?:within|in|under)(?: an?)? (?P<level>chapter|heading|sub-? ?heading) ?(?:other than|different from)(?: the)?(?= )"
)
_ANY_HEADING = words(
    rf"(?:from )?(?:(?P<foreign>non-originating )?(?:materials?|products?|inputs?|goods) )(?:of|from|classified in|falling within) any(?P<other> other)? {LEVEL}s?"
)
_THAT_ARE = words(
    r"(?:from )?(?:non-originating )?(?:materials|products)(?: used)?(?: which are| that are)?(?= classified)"
)
_NAMED_ANY = words(rf"(?:of|from) any {LEVEL}s?")
_NOT_CLASSIFIED = words(
    r"(?:from |using )?(?:non-originating )?(?:materials|products) not (?:classified |falling |included |provided for )?(?:within|in|under|of)(?= )"
)
_INCLUDING = words(
    r",? ?(?:including|even from|also from)(?: (?:the )?(?:other )?(?:non-originating )?(?:materials|products|goods) (?:of|from|in|classified in))?(?= )"
)


def classified(w: Words) -> Expression | None:
    """ "all the materials used are classified within a heading other than that of the product"."""
    start = w.i
    found = w.take(_CLASSIFIED)
    if found is None:
        return None
    level = level_of(found["level"])
    barred, own = exceptions(w)
    if own is None and not barred:
        w.i = start
        return None
    if own is None:
        return nodes.AnyHeading(barred, cite=(start, start))
    return excepting(w, nodes.ChangeOfClassification(level, excepted=barred, cite=(start, start)))


def any_heading(w: Words) -> Expression | None:
    """ "from materials of any heading, except that of the product", "including other materials of heading 3002"."""
    start = w.i
    outside = w.take(_NOT_CLASSIFIED)
    if outside is not None:
        codes = code_list(w)
        if codes is None:
            w.i = start
            return None
        return nodes.AnyHeading(codes, cite=(start, start))
    if w.take(_THAT_ARE):
        rule = classified(w)
        if rule is not None:
            return rule
        w.i = start
    found = w.take(_ANY_HEADING)
    if found is None:
        return _named_of_any_heading(w)
    level = level_of(found["level"])
    if found["other"]:
        return excepting(w, nodes.ChangeOfClassification(level, cite=(start, start)))
    if w.take(_INCLUDING):
        if w.take(OWN_GOOD):
            return nodes.AnyHeading(cite=(start, start))
        codes = code_list(w, bare=True)
        if codes is None:
            w.i = start
            return None
        return nodes.ChangeOfClassification(level, also_from=codes, cite=(start, start))
    return _own_excepted(w, level, start)


def _own_excepted(w: Words, level: Level, start: int) -> Expression | None:
    """The exceptions of "any heading": with the good's own among them it is a change of heading."""
    barred: Selectors = ()
    own = False
    while True:
        begin = w.i
        if w.take(EXCEPT) is None:
            break
        w.take(words(r":(?=\s)"))
        bullets = listed(w)
        more, mine = (bullets, None) if bullets else exceptions(w)
        if not more and mine is None:
            w.i = begin
            return None
        own = own or mine is not None
        barred = (*barred, *more)
        short = w.take(ABBREVIATED)
        if short is not None and not (own and SHORT[short["short"]] is level):
            return None
    if own:
        return nodes.ChangeOfClassification(level, excepted=barred, cite=(start, start))
    return nodes.AnyHeading(barred, cite=(start, start))


def _named_of_any_heading(w: Words) -> Expression | None:
    """ "from wood of any heading, except drawn wood of heading 4409"."""
    start = w.i
    if w.take(FROM) is None:
        return None
    text = name(w)
    if text is None or w.take(_NAMED_ANY) is None:
        w.i = start
        return None
    excepted: Selectors = ()
    if w.take(EXCEPT):
        excepted, own = exceptions(w)
        if own is not None or not excepted:
            w.i = start
            return None
    return nodes.FromMaterials((Described(named=text, excepted=excepted),), cite=(start, start))
