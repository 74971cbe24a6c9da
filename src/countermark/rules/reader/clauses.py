"""One clause of a rule: how the good must be made, what its materials must be, or what must be done."""

from __future__ import annotations

import re
from decimal import Decimal

from countermark.rules import nodes
from countermark.rules.nodes import Expression
from countermark.rules.reader.changes import change
from countermark.rules.reader.classified import any_heading, classified
from countermark.rules.reader.codes import code_list
from countermark.rules.reader.conditions import condition
from countermark.rules.reader.contents import content
from countermark.rules.reader.lists import BULLET, COLON, bulleted
from countermark.rules.reader.made_from import made_from
from countermark.rules.reader.names import predicate
from countermark.rules.reader.operations import DONE, operation, slug
from countermark.rules.reader.words import Words, words
from countermark.rules.selector import Described, Every

MADE = words(
    r"(?:the )?(?:manufacture|production|manufacturing|processing|manufactured|produced|made|obtained)(?: of (?:the )?(?:good|product)s?)?"
    r"|other operations(?: than those referred to in column(?: \(?\w\)?)?)?(?= in which)|incorporation in a set(?= in which)"
)
IN_WHICH = words(
    r"(?:(?:in|for) which|where|whereby|such that|on condition that|on the condition that|provided(?: always)?(?: that)?|providing(?: that)?|with|if|subject to the condition that)(?= |:)"
)
_FROM = words(r"from(?= |:)")
_BY = words(r"by(?= )")
_WHOLLY = words(
    r"(?:the )?(?:goods?|products?)?(?: ?(?:is|are|must be|shall be|being|which are))? ?wholly (?:obtained|produced)(?: or (?:wholly )?(?:obtained|produced))?(?: entirely)?"
    r"(?: (?:in|within) (?:the )?(?:territor(?:y|ies) of )?(?:a |one |the |any |exporting |country or territory|country|part(?:y|ies)|or more of|both|beneficiary )*)?|wo"
)
_SET = words(
    r"(?:each|every) (?:item|article|product|component|good)s? in the set (?:must|shall|should) (?:satisfy|meet|fulfil|comply with) the rule,? (?:which|that) would (?:apply|be applicable|have applied) to it if it were not (?:included|incorporated|presented) in (?:the|a) set"
)
_SET_FOREIGN = words(
    r"(?:[.,;]?\s*however,?|,? provided that) non-originating (?:articles|products|goods|items|components) may be (?:incorporated|included|used)(?: in the set)?,? (?:provided|providing)(?: that)? (?:their|the) total value(?: of them)? does not exceed"
)
_OF_SET = words(r"of the ex-? ?works price(?: \(exw\))? of the set")
_IN_SET = words(
    r"the total value of (?:all )?the non-originating articles incorporated (?:does not exceed|is not more than)"
)
_PCT = re.compile(r"[ \n]*(?P<pct>\d{1,2}(?:\.\d+)?)%")
_RETAINED = words(
    r"the origin of the (?:product|good)s? in (?:its|their) original classification shall be retained"
)
_NOT_AGREED = words(
    r"(?:rules? )?(?:is |are )?(?:yet )?to be (?:agreed|negotiated)(?: upon)?|(?:rules? )?under negotiation"
)
_COUNTRY = words(
    r"(?:the )?(?:country of )?origin(?: of (?:a|the) goods?)?(?: (?:of|classifiable under|classified in)(?: this (?:heading|subheading|chapter))?)?(?= )"
)
_IS_COUNTRY = words(
    r"(?:is|shall be) the country(?:, territory,? or insular possession)? (?:in which|where)(?= )"
)
_BY_REFERENCE = words(
    r"(?:product[- ]specific )?process rule|(?:the )?(?:chemical reaction|distillation|purification|biotechnological processing|isomer separation|mixtures? and blends?|separation prohibition|standard materials?|particle size) rule|sp(?=\W|$)|cr(?=\W|$)|melt(?:ed)? and pour(?:ed)?(?: requirement)?"
)
_UNDERGO = words(
    r"(?:that )?(?:the )?(?:non-originating )?(?:goods?|products?|materials?)(?: used)? (?:have |has )?(?:undergoes|undergone|undergo)(?= )"
)
_IN_PARTY = words(r"in (?:the territory of )?(?:a|the|one or more of the|either) part(?:y|ies)")
_BOTH = words(
    r"(?:that )?(?:the )?(?:non-originating )?(?:goods?|products?|apparel|change|materials?|fabrics?|articles?)(?: from (?:this|these) [a-z]+)?(?: of [a-z ,]{3,40}?)?(?: (?:is|are|does|do|has|have|must|undergoes|undergo|was|were))(?= )"
)


def clause(w: Words) -> Expression | None:
    """The clause that stands next."""
    start = w.i
    for read in (
        _made,
        change,
        content,
        _set,
        _wholly,
        classified,
        condition,
        _fixed,
        _part_of_made,
        _sentence,
        operation,
    ):
        found = read(w)
        if found is not None:
            return found
        w.i = start
    return None


def _made(w: Words) -> Expression | None:
    """ "Manufacture from ...", "Production in which ...", "Manufacture by ... treatment"."""
    start = w.i
    head = w.take(MADE)
    if head is None:
        return None
    if "set" in head[0]:
        return _incorporated(w, start)
    if w.take(COLON) and w.sees(BULLET):
        return bulleted(w, _part_of_made)
    return _part_of_made(w)


def _part_of_made(w: Words) -> Expression | None:
    """ "from materials of any heading", "in which all ... are wholly obtained", "by thermal treatment"."""
    start = w.i
    heading = any_heading(w)
    if heading is not None:
        return heading
    if w.take(_FROM):
        return made_from(w, start)
    if w.take(IN_WHICH):
        return conditions(w)
    if w.take(_BY):
        return operation(w)
    return condition(w) or classified(w)


def conditions(w: Words) -> Expression | None:
    """What follows "in which" or "provided that": one condition, or a list of them."""
    start = w.i
    if w.take(COLON) or w.sees(BULLET):
        listed = bulleted(w, _one_condition)
        if listed is not None:
            return listed
        w.i = start
        w.take(COLON)
    return _one_condition(w)


def _one_condition(w: Words) -> Expression | None:
    start = w.i
    for read in (classified, condition, content, change, _part, _sentence, operation):
        found = read(w)
        if found is not None:
            return found
        w.i = start
    return None


def _part(w: Words) -> Expression | None:
    w.take(IN_WHICH)
    return condition(w) or classified(w) or any_heading(w)


def _wholly(w: Words) -> Expression | None:
    start = w.i
    return nodes.WhollyObtainedGood(cite=(start, start)) if w.take(_WHOLLY) else None


def _set(w: Words) -> Expression | None:
    start = w.i
    if w.take(_SET) is None:
        return None
    end = w.i
    if w.take(_SET_FOREIGN):
        pct = w.take(_PCT)
        if pct is not None and w.take(_OF_SET):
            return nodes.SetRule(Decimal(pct["pct"]), "EXW", cite=(start, start))
        w.i = end
        return None
    return nodes.OriginatingMaterials((Every(),), cite=(start, start))


def _incorporated(w: Words, start: int) -> Expression | None:
    if w.take(IN_WHICH) is None or w.take(_IN_SET) is None:
        return None
    pct = w.take(_PCT)
    if pct is None or w.take(_OF_SET) is None:
        return None
    return nodes.SetRule(Decimal(pct["pct"]), "EXW", each=False, cite=(start, start))


def _fixed(w: Words) -> Expression | None:
    """Rules that stand elsewhere, or that only a person can apply."""
    start = w.i
    if w.take(_NOT_AGREED):
        return nodes.Pending(cite=(start, start))
    if w.take(_RETAINED):
        return nodes.Retain("origin", cite=(start, start))
    if w.take(_COUNTRY):
        return _country(w, start)
    found = w.take(_BY_REFERENCE)
    if found is not None:
        text = re.sub(r"\s+", " ", found[0].strip())
        return nodes.Process(slug(text), text=text, cite=(start, start))
    return None


def _country(w: Words, start: int) -> Expression | None:
    """ "The country of origin of a good of heading 5007 is the country in which the fabric was formed by ..."."""
    codes = code_list(w)
    if w.take(_IS_COUNTRY) is None:
        return None
    place = w.i
    done = predicate(w)
    if done is None or not DONE.search(done):
        return None
    text = re.sub(r"\s+", " ", done)
    process = nodes.Process(slug(text), text=text, cite=(place, place))
    return process if codes is None else nodes.When(Described(codes=codes), process, cite=(start, start))


def _sentence(w: Words) -> Expression | None:
    """A sentence about the good that a person answers: "the good is both cut and sewn in the territory of a party"."""
    start = w.i
    if w.take(_UNDERGO):
        done = operation(w)
        if done is not None:
            w.take(_IN_PARTY)
            return done
        w.i = start
    if w.take(_BOTH) is None:
        return None
    rest = predicate(w)
    if rest is None:
        w.i = start
        return None
    text = re.sub(r"\s+", " ", w.s[start : w.i]).strip(" ,").removeprefix("that ")
    return nodes.Process(slug(text), text=text, cite=(start, start))
