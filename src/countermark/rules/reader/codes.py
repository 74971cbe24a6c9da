"""Lists of HS codes in words: "headings 8501, 8502 and 85.04 to 85.06", "chapter 2 or heading 0506".

A list joined by "and" is one group, a list joined by "or" is several selectors: both select the same codes.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from countermark.rules.reader.words import Words, words
from countermark.rules.selector import Code, CodeRange, Described, Selector

_KIND = words(
    r"(?:of |from |in |within |under |and |to )?(?:the )?(?P<kind>(?:hs |tariff |customs )?"
    r"(?:sub-? ?headings?|headings?|chapters?|(?:tariff |sub)?items?|codes?|hs|positions?))"
    r"(?:[ ]?n[oº°]s?\b\.?)?(?P<ex>[ ]ex)?"
)
_DOTTED = (
    r"\d{2}[. ]\d{2}(?:[. ]\d{2}){0,3}|\d{4}(?:[. ]\d{2}){0,3}(?:\d{2})?(?:[. ]\d{1,3})?|\d{4}(?:\d{1,6})?"
)
_CODE = re.compile(rf"[ \n]*(?:ex[ ]?)?(?P<code>{_DOTTED})(?![\d%])(?![.,]\d)(?!\s*%)")
_CHAPTER = re.compile(r"[ \n]*(?:ex[ ]?)?(?P<code>\d{1,2})(?![\d%])(?![.,]\d)(?!\s*%)")
_RANGE = re.compile(r"[ \n]*(?:(?:to|through|until|thru)\b|-)")
_JOIN = re.compile(r"[ \n]*(?P<join>[ ]?,? ?(?:and|or)\b|[ ]?, ?|; ?(?:and|or)\b|and/or\b)")


class CodeWords(NamedTuple):
    """The words a language has around codes."""

    kind: re.Pattern[str]
    chapter: str
    """How the word for a chapter begins."""
    until: re.Pattern[str]
    join: re.Pattern[str]
    both: str
    """The word that makes one group."""


ENGLISH = CodeWords(_KIND, "chapter", _RANGE, _JOIN, "and")


def code_list(
    w: Words, *, bare: bool = False, of_one_kind: bool = False, said: CodeWords = ENGLISH
) -> tuple[Selector, ...] | None:
    """The codes of a list that stands next.

    ``bare``: the kind of code need not be named first. ``of_one_kind``: the list ends before another kind is named,
    or "from" is said again, as what stands before the list does not speak of those.
    """
    start = w.i
    parts: list[tuple[str, Selector]] = []
    join, chapter, kind = "", False, ""
    while True:
        named = w.take(said.kind)
        if named is not None:
            if of_one_kind and parts and (named["kind"].rstrip("s") != kind or "from" in named[0]):
                break
            kind = named["kind"].rstrip("s")
            chapter = said.chapter in named["kind"]
        elif not parts and not bare:
            break
        found = _one(w, chapter, said)
        if found is None:
            break
        parts.append((join, found))
        end = w.i
        joined = w.take(said.join)
        if joined is None:
            return _grouped(parts, said.both)
        join = joined["join"].strip(" ,;\n")
        if not (w.sees(said.kind) or w.sees(_CHAPTER if chapter else _CODE)):
            w.i = end
            return _grouped(parts, said.both)
        kept = end
    if parts:
        w.i = kept
        return _grouped(parts, said.both)
    w.i = start
    return None


def _one(w: Words, chapter: bool, said: CodeWords) -> Selector | None:
    pattern = _CHAPTER if chapter else _CODE
    found = w.take(pattern)
    if found is None:
        return None
    first = _digits(found["code"], chapter)
    if first is None:
        return None
    end = w.i
    if w.take(said.until) is not None:
        named = w.take(said.kind)
        if named is not None:
            chapter = said.chapter in named["kind"]
        found = w.take(_CHAPTER if chapter else _CODE)
        last = _digits(found["code"], chapter) if found else None
        if last is None:
            w.i = end
            return Code(first)
        return CodeRange(first, last) if first.ljust(10, "0") <= last.ljust(10, "9") else None
    return Code(first)


def _digits(written: str, chapter: bool) -> str | None:
    digits = re.sub(r"\D", "", written)
    if chapter:
        return digits.zfill(2)
    return digits if len(digits) in (4, 6, 8, 9, 10) else None


def _grouped(parts: list[tuple[str, Selector]], both: str) -> tuple[Selector, ...]:
    """A comma joins as the next word does; what "and" joins is one group."""
    joins = [join for join, _ in parts]
    for n in range(len(joins) - 2, 0, -1):
        joins[n] = joins[n] or joins[n + 1]
    groups: list[list[Selector]] = []
    for join, (_, code) in zip(joins, parts, strict=True):
        if join == both and groups:
            groups[-1].append(code)
        else:
            groups.append([code])
    return tuple(group[0] if len(group) == 1 else Described(codes=tuple(group)) for group in groups)
