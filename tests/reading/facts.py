"""What a text and an expression state in figures: percentages, codes and days. Knows nothing of the reader's code.

Found by the form of the figures and the word before them, never by the sentence around them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Span = tuple[int, int]


@dataclass(frozen=True)
class Figure:
    """A figure of a text: what it is, its value in one form, and where it stands."""

    kind: str
    """``percentage``, ``code``, ``day`` or ``number``."""
    value: str
    span: Span


_PER_CENT = r"(?:%|per\s*-?\s*cent|percent|\bpct\b|процент)"
_PERCENTAGE = re.compile(
    rf"(?<![\d.,])(\d{{1,3}}(?:[.,]\d+)?)\s*\\*\s*(?:\([^()\d]{{1,40}}\)\s*)?{_PER_CENT}", re.IGNORECASE
)
_SHORT = re.compile(
    r"\b(?:RVC|QVC|LVC|ASEAN Value Content|VNM|MaxNOM|MAXNOM|NQV|ДДС|РСС)\s*[(:]?\s*(?:of|is)?\s*"
    r"(?:(?:not less than|at least|no less than|≥|>=)\s*)?(\d{1,3}(?:[.,]\d+)?)(?![\d.]*\d)",
    re.IGNORECASE,
)
_LOOSE = re.compile(
    r"(?:not less than|at least|not exceed|not exceeding|more than)\s+(\d{1,3})(?=\s+(?:except|or|and)\b)",
    re.IGNORECASE,
)

_ENGLISH = "january february march april may june july august september october november december"
_RUSSIAN = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
_MONTHS = {name: n for names in (_ENGLISH, _RUSSIAN) for n, name in enumerate(names.split(), 1)}
_MONTH = "|".join(_MONTHS)
_DAY_FORMS = (
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<name>{_MONTH})\s*,?\s+(?P<y>\d{{4}})\b", re.IGNORECASE),
    re.compile(rf"\b(?P<name>{_MONTH})\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+(?P<y>\d{{4}})\b", re.IGNORECASE),
    re.compile(r"(?<![\d.])(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>(?:19|20)\d\d)(?!\d)"),
    re.compile(r"(?<![\d.])(?P<d>\d\d)(?P<m>\d\d)\.(?P<y>20\d\d)(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)(?!\d)"),
    re.compile(r"(?<!\d)(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>(?:19|20)\d\d)(?!\d)"),
)  # fmt: skip

_UNIT = r"(?:mm\b|cm|kg\b|g\b|m\b|l\b|°|decitex|micron|months?\b|years?\b)"
_NOT_A_CODE = rf"(?!\s*(?:\\*\s*{_PER_CENT}|{_UNIT}))"
_CHAPTER_WORD = r"(?:chapters?|chap\.|групп[а-я]*|глав[а-я]*)"
_PLACE_WORD = (
    r"(?:sub\s*-?\s*headings?|headings?|heating|tariff\s+items?|tariff\s+lines?|codes?|items?|HS|HTS(?:US)?"
    r"|товарн[а-я]*\s+(?:суб)?позици[а-я]*|(?:суб)?позици[а-я]*|код[а-я]*)"
)  # "heating" for "heading" stands in a published list
_NUMBER_SIGN = r"(?:\s*(?:Nos?|Nºs?|N°s?|№)\.?)?(?:\s*ex\.?)?\s*"
_JOIN = r"\s*(?:(?:,|;|\band/or\b|\band\b|\bor\b|\bto\b|\bthrough\b|\buntil\b|\bfrom\b|-|–|—|\bи\b|\bили\b|\bпо\b|\bдо\b)\s*)+"
_CHAPTER = r"(?<![\d.,])0?\d{1,2}(?![\d]|[.,]\d|-digit)"
_CHAPTERS = re.compile(
    rf"\b{_CHAPTER_WORD}{_NUMBER_SIGN}({_CHAPTER}{_NOT_A_CODE}"
    rf"(?:{_JOIN}(?:{_CHAPTER_WORD})?{_NUMBER_SIGN}{_CHAPTER}{_NOT_A_CODE})*)",
    re.IGNORECASE,
)
_SPACED = r"\d\d(?:[ \u00a0]\d\d){1,3}(?!\d)|\d{4}(?:[ \u00a0]\d\d){1,3}(?!\d)|\d{4}[ \u00a0]\d{3}[ \u00a0]\d{3}[ \u00a0]\d(?!\d)"
_DOTTED = (
    r"\d{4}\s?\.\s?\d\d(?:\.\d\d){0,2}(?!\d)|\d\d\.\d\d(?:\.\d\d){0,3}(?!\d)"
    r"|\d{10}(?!\d)|\d{8}(?!\d)|\d{6}(?!\d)|\d{4}(?!\d)"
)
_PLACES = re.compile(
    rf"\b{_PLACE_WORD}{_NUMBER_SIGN}((?:{_SPACED}|{_DOTTED}){_NOT_A_CODE}"
    rf"(?:{_JOIN}(?:{_PLACE_WORD})?{_NUMBER_SIGN}(?:{_SPACED}|{_DOTTED}){_NOT_A_CODE})*)",
    re.IGNORECASE,
)
_PLACE = re.compile(rf"(?<![\d.])(?:{_SPACED}|{_DOTTED})")
_BARE = re.compile(
    rf"(?<![\w.,])(?<!\D-)(?:\d{{4}}\.\d\d(?:\.\d\d){{0,2}}|\d\d\.\d\d(?:\.\d\d){{0,3}}|\d{{10}}|\d{{8}}|\d{{6}}|\d{{4}})(?![\w]|[.,]\d){_NOT_A_CODE}"
)
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*")


def figures(text: str) -> list[Figure]:
    """Every figure of a text that is a percentage, a code or a day; then every other number. No two overlap."""
    found: list[Figure] = []
    taken = bytearray(len(text))
    for kind, value, span in _candidates(text):
        if not any(taken[span[0] : span[1]]):
            taken[span[0] : span[1]] = b"\1" * (span[1] - span[0])
            found.append(Figure(kind, value, span))
    return sorted(found, key=lambda figure: figure.span)


def _candidates(text: str) -> Iterator[tuple[str, str, Span]]:
    for form in _DAY_FORMS:
        for match in form.finditer(text):
            parts = match.groupdict()
            month = int(parts["m"]) if parts.get("m") else _MONTHS[parts["name"].lower()]
            yield "day", f"{int(parts['y']):04}-{month:02}-{int(parts['d']):02}", match.span()
    for form in (_PERCENTAGE, _SHORT, _LOOSE):
        for match in form.finditer(text):
            yield "percentage", percentage(match[1]), match.span(1)
    for match in _PLACES.finditer(text):
        for place in _PLACE.finditer(text, *match.span(1)):
            yield "code", code(place[0]), place.span()
    for match in _CHAPTERS.finditer(text):
        for chapter in re.finditer(_CHAPTER, text[: match.end(1)][match.start(1) :]):
            start = match.start(1)
            yield "code", code(chapter[0]), (start + chapter.start(), start + chapter.end())
    for match in _BARE.finditer(text):
        yield "code", code(match[0]), match.span()
    for match in _NUMBER.finditer(text):
        yield "number", match[0], match.span()


def percentage(written: str) -> str:
    """A percentage in one form: ``47,50`` is ``47.5``."""
    value = Decimal(written.replace(",", "."))
    return format(value.normalize() if value else Decimal(0), "f")


def code(written: str) -> str:
    """A code in digits: ``84.31`` is ``8431``, ``1`` is ``01``."""
    digits = re.sub(r"\D", "", written)
    return digits.zfill(2)


@dataclass
class Stated:
    """What an expression states: in its own fields, and in the words it keeps for a person."""

    percentages: set[str]
    codes: set[str]
    days: set[str]
    words: list[str]
    """The strings of nodes and selectors that keep words, ``manual`` apart."""

    def in_words(self, kind: str) -> set[str]:
        return {f.value for words in self.words for f in figures(words) if f.kind == kind}


_WORDS = ("text", "named", "retain", "same", "process", "quota", "ref")
_CODE = re.compile(r"\d{2,10}(?:-\d{2,10})?\Z")
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")


def stated(expression: Any) -> Stated:
    """Every percentage, code, day and word of an expression in JSON, outside ``manual``."""
    found = Stated(set(), set(), set(), [])
    _walk(expression, found)
    return found


def _walk(value: Any, found: Stated, name: str = "") -> None:
    if isinstance(value, dict):
        if "manual" in value:
            return
        for key, held in value.items():
            if key == "prop":
                _properties(held, found)
            elif key != "cite":
                _walk(held, found, key)
    elif isinstance(value, (list, tuple)):
        for held in value:
            _walk(held, found, name)
    elif isinstance(value, str):
        _word(value, found, name)


def _word(value: str, found: Stated, name: str) -> None:
    if name == "pct":
        found.percentages.add(percentage(value))
    elif name in ("from", "until") and _DAY.match(value):
        found.days.add(value)
    elif name in _WORDS:
        found.words.append(value)
    elif _CODE.match(value):
        found.codes.update(value.split("-"))


def _properties(held: Any, found: Stated) -> None:
    for name, bounds in held.items():
        for figure in bounds.values():
            if "pct" in name or "percent" in name:
                found.percentages.add(percentage(str(figure)))
            else:
                found.words.append(str(figure))
