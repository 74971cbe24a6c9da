"""Operations in words: what a person attests to have been done, taken apart where the words say how they combine."""

from __future__ import annotations

import re

from countermark.rules import nodes
from countermark.rules.nodes import Expression
from countermark.rules.reader.materials import placed_codes
from countermark.rules.reader.names import name, predicate
from countermark.rules.reader.words import LONGEST_NAME, Words, words

DONE = re.compile(
    r"\b(?:[a-z\-]{2,}(?:ings?|tions?|sions?|ments?|lys[ie]s|sis|tures?)|process(?:es)?|assembly|repair|made (?:into|up)|spun|formed|knit|woven|born|raised|fattened|harvested|collected|make-up|use of|removal|recovery|blend|slaughter)\b"
)
_IN_LIST = re.compile(DONE.pattern + r"|\ba change in [a-z]")
_HEAD = re.compile(r"(?:manufacture|manufacturing|production|processing)(?:\Z| (?!of |line|techn|process))")
"""Begins a clause on materials: no operation by itself."""
_TOGETHER = words(
    r",? ?(?:in each case )?(?P<each>,? ?in each case )?(?:accompanied (?:by|with)|combined (?:with|by)|preceded by|followed by|together with|in combination with)(?= )"
)
_WITH = re.compile(r"accompanied|combined|preceded|followed|together with|in combination")
_OR = re.compile(r"\bor\b")
_OR_DONE = re.compile(r"\bor (?!by |with )\S+(?:ing|ion) of\b")
_EACH = words(r",? ?in each case(?= accompanied| combined| followed| preceded)")
_OR_BY = words(r",? ?or (?:by|with)(?= )")
_SEVERAL = words(
    r"(?:at least )?(?P<n>one|two|three|four|five) (?P<what>(?:other )?(?:main )?(?:(?:preparatory|finishing|preparatory or finishing|preparatory and finishing) )?operations?|of the following (?:operations|processes))"
)
_SUCH_AS = re.compile(r"[ \n]*\((?:such as|e\.g\.?|for example)[ ](?P<list>[^()%\d]{3,600})\)")
_COLON = words(r":(?=\s)")
_ITEM = re.compile(r"\s*(?:[;,]?\s*(?:and|or)?)\s*(?:\(?(?:[a-z]|\d{1,2}|[ivx]{1,4})\)|•)\s*")
_OF_CODES = words(r"of (?:heading|subheading|chapter)s?")
_UNDERGONE = words(r"(?:is|are) (?:undergone|carried out|performed)|takes? place")
_LISTED = re.compile(
    r"[ \n]*(?P<one>[a-z][a-z '\-]*?(?: \([a-z ,\-]+\))?)(?=,|[.;]|\Z| is undergone| are carried)"
)
_LISTING = re.compile(r",[ ](?:(?P<join>or|and)[ ])?")
_COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}


def operation(w: Words) -> Expression | None:
    """An operation, or several that belong together."""
    start = w.i
    first = _either(w)
    if first is None:
        return None
    parts = [first]
    each = False
    while True:
        here = w.i
        each = w.take(_EACH) is not None or each
        if w.take(_TOGETHER) is None:
            w.i = here
            break
        more = _either(w)
        if more is None:
            w.i = here
            break
        parts.append(more)
    if len(parts) > 1 and not each and _ambiguous(w.s[start : w.i]):
        text = _told(w.s[start : w.i])
        return (
            nodes.Process(slug(text), text=text, cite=(start, start)) if len(text) <= LONGEST_NAME else None
        )
    return parts[0] if len(parts) == 1 else nodes.AllOf(tuple(parts))


def _ambiguous(text: str) -> bool:
    """ "A or B of C with D", "A with B or C with D": beside what B stands, the words do not say."""
    plain = re.sub(r"\([^()]*\)", "", text)
    return bool(_OR_DONE.search(plain)) or any(_OR.search(part) for part in _WITH.split(plain)[1:-1])


def _either(w: Words) -> Expression | None:
    """One operation, or alternatives joined by "or by", "or with"."""
    first = _one(w)
    if first is None:
        return None
    parts = [first]
    while True:
        here = w.i
        if w.take(_OR_BY) is None:
            break
        more = _one(w)
        if more is None:
            w.i = here
            break
        parts.append(more)
    return first if len(parts) == 1 else nodes.AnyOf(tuple(parts))


def _one(w: Words) -> Expression | None:
    start = w.i
    several = w.take(_SEVERAL)
    if several is not None:
        found = _several(w, _COUNTS[several["n"]], _told(several[0]), start)
        if found is not None:
            return found
        w.i = start
    w.take(words(r"(?:by |the (?:operation|process) of )(?=\S)"))
    text = name(w, operation=True)
    if text is None or not DONE.search(text) or _HEAD.match(text):
        w.i = start
        return _many(w)
    codes = placed_codes(w) if w.sees(_OF_CODES) else None
    if codes and w.sees(words(r"(?:with|by|into|to) ")):
        text = f"{text} {predicate(w) or ''}".strip()
    w.take(_UNDERGONE)
    return nodes.Process(slug(text), codes or (), text=text, cite=(start, start))


def _many(w: Words) -> Expression | None:
    """A list of operations too long for one question: each is asked, all or any of them by the last joining word."""
    start = w.i
    found: list[Expression] = []
    joins: set[str] = set()
    while True:
        here = w.i
        listed = w.take(_LISTED)
        if listed is None or not _IN_LIST.search(listed["one"]):
            w.i = start
            return None
        text = listed["one"].strip()
        found.append(nodes.Process(slug(text), text=text, cite=(here, here)))
        joined = w.take(_LISTING)
        if joined is None:
            break
        joins |= {joined["join"]} if joined["join"] else set()
    w.take(_UNDERGONE)
    if len(found) < 2 or len(joins) != 1:
        w.i = start
        return None
    return nodes.AnyOf(tuple(found)) if joins == {"or"} else nodes.AllOf(tuple(found))


def _several(w: Words, n: int, told: str, start: int) -> Expression | None:
    """ "at least two finishing operations (such as ...)": attested as a whole, or by the operations named."""
    if "following" in told:
        w.take(_COLON)
        listed = _items(w)
        if len(listed) < n:
            return None
        return nodes.AtLeast(n, tuple(listed), cite=(start, start))
    whole = nodes.Process(slug(told), text=told, cite=(start, start))
    such = w.take(_SUCH_AS)
    if such is None:
        return whole
    place = such.start("list")
    named: list[Expression] = []
    for found in re.finditer(
        r"(?:(?<=,)|(?<=^)|(?<= and))\s*(?:and )?(?P<one>[^,]+?)(?=,|$| and )", such["list"]
    ):
        text = found["one"].removeprefix("and ")
        named.append(nodes.Process(slug(text), text=text, cite=(place + found.start("one"),) * 2))
    return nodes.AnyOf((whole, nodes.AtLeast(n, tuple(named)))) if len(named) >= n else whole


def _items(w: Words) -> list[Expression]:
    found: list[Expression] = []
    while True:
        start = w.i
        if w.take(_ITEM) is None:
            w.i = start
            return found
        text = name(w)
        if text is None:
            w.i = start
            return found
        found.append(nodes.Process(slug(text), text=text, cite=(start, start)))


def _told(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" ,;.")


def slug(text: str) -> str:
    """An identifier made of the words of an operation."""
    return re.sub(r"[^\w]+", "-", text).strip("-")
