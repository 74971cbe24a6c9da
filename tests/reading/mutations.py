"""Single changes of a text that change what it asks: the reading must change with each.

One digit of a percentage, a code, a day or another number; "except" left out or turned into "including"; "not" left
out; "and" for "or". An "and" or "or" right between two codes is counted apart: a list of materials means the same.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from reading.corpus import Text
from reading.facts import Figure, figures
from reading.readings import Result, read

KINDS = ("percentage", "code", "day", "number", "except", "not", "and-or", "and-or-between-codes")
MOST_OF_A_KIND = 12
"""Changes of one kind tried on one text; more are sampled."""
_EXCEPT = re.compile(
    r"\b(?:except(?:ing)?|excluding|with the exception of|кроме|за исключением|исключая)\b", re.IGNORECASE
)
_INCLUDING = re.compile(r"\b(?:including|включая)\b", re.IGNORECASE)
_NOT = re.compile(r"\b(?:not|не)\b\s*", re.IGNORECASE)
_AND_OR = re.compile(r"(?<!/)\b(and|or|и|или)\b(?!\s?/)", re.IGNORECASE)
_OTHER = {"and": "or", "or": "and", "и": "или", "или": "и"}
_BEFORE_LIST = re.compile(r"[\s,;:]*\Z")
_AFTER_LIST = re.compile(
    r"[\s,;]*(?:\b(?:from|of|ex|Nos?|Nºs?|№|sub-?headings?|headings?|chapters?|(?:суб)?позици\w*|групп\w*)\b\.?[\s]*)*\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Mutation:
    """A text with one change."""

    kind: str
    change: str
    text: str


def mutations(text: str, seed: int = 0) -> list[Mutation]:
    """The single changes of a text, at most ``MOST_OF_A_KIND`` of each kind, drawn by the seed."""
    kinds: dict[str, list[Mutation]] = {}
    found = figures(text)
    for each in (*_digits(text, found), *_words(text, found)):
        kinds.setdefault(each.kind, []).append(each)
    draw = random.Random(f"{seed} {text}")
    return [
        each
        for listed in kinds.values()
        for each in (listed if len(listed) <= MOST_OF_A_KIND else draw.sample(listed, MOST_OF_A_KIND))
    ]


def _digits(text: str, found: list[Figure]) -> Iterator[Mutation]:
    for figure in found:
        start, end = figure.span
        for at in range(start, end):
            if text[at].isascii() and text[at].isdigit():
                digit = str((int(text[at]) + 1) % 10)
                changed = text[:at] + digit + text[at + 1 :]
                yield Mutation(figure.kind, f"{text[start:end]} -> {changed[start:end]}", changed)


def _words(text: str, found: list[Figure]) -> Iterator[Mutation]:
    for match in _EXCEPT.finditer(text):
        yield _replaced(text, match.span(), "", "except")
        yield _replaced(text, match.span(), "including", "except")
    for match in _INCLUDING.finditer(text):
        yield _replaced(text, match.span(), "except", "except")
    for match in _NOT.finditer(text):
        yield _replaced(text, match.span(), "", "not")
    codes = [figure.span for figure in found if figure.kind == "code"]
    for match in _AND_OR.finditer(text):
        kind = "and-or-between-codes" if _between(text, match.span(), codes) else "and-or"
        yield _replaced(text, match.span(), _OTHER[match[0].lower()], kind)


def _replaced(text: str, span: tuple[int, int], word: str, kind: str) -> Mutation:
    start, end = span
    change = (
        f"...{text[max(0, start - 20) : start]}[{text[start:end].strip()} -> {word}]{text[end : end + 20]}..."
    )
    return Mutation(kind, change, text[:start] + word + text[end:])


def _between(text: str, span: tuple[int, int], codes: list[tuple[int, int]]) -> bool:
    """Whether nothing but the words of a list stands between the conjunction and a code on each side."""
    before = max((end for _, end in codes if end <= span[0]), default=-1)
    after = min((start for start, _ in codes if start >= span[1]), default=-1)
    if before < 0 or after < 0:
        return False
    return bool(_BEFORE_LIST.match(text[before : span[0]]) and _AFTER_LIST.match(text[span[1] : after]))


def sampled(texts: Sequence[Text], count: int, seed: int) -> list[Text]:
    """The most frequent tenth of the sample, and the rest drawn by the seed; all for a count of 0."""
    if not count or len(texts) <= count:
        return list(texts)
    ordered = sorted(texts, key=lambda entry: (-entry.count, entry.text))
    frequent = ordered[: count // 10]
    return frequent + random.Random(seed).sample(ordered[len(frequent) :], count - len(frequent))


@dataclass
class Trial:
    """One text with its changes tried."""

    text: str
    tried: Counter[str] = field(default_factory=Counter)
    unchanged: list[Mutation] = field(default_factory=list)
    """The changes that changed neither expression nor status, and crashes."""


def tried(entry: tuple[str, str, str], seed: int = 0) -> Trial:
    """Read a text and each of its changes."""
    text, heading, lang = entry
    trial, origin = Trial(text), read(text, heading, lang)
    before = origin.form
    for each in mutations(text, seed):
        after = read(each.text, heading, lang)
        trial.tried[each.kind] += 1
        if after.crash or _same(origin, after, before):
            trial.unchanged.append(each)
    return trial


def _same(origin: Result, after: Result, before: str) -> bool:
    return origin.status == after.status and before == after.form
