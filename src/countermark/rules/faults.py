"""Decide what is wrong with a pack that could be read.

A code the edition lacks, two rows for one code, a rule that contradicts itself, a value that cites nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from countermark.goods.hs import HSCode, HSEdition
from countermark.rules.agreement import Agreement, Row, RowPolicy, depth_of, span_of
from countermark.rules.coverage import parts
from countermark.rules.expression import Expression
from countermark.rules.match import span
from countermark.rules.nodes import (
    AllOf,
    AnyHeading,
    ChangeOfClassification,
    Manual,
    MaxForeignValue,
    Process,
    Ref,
)
from countermark.rules.selector import Code, CodeRange, Every


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong in a pack: a code, the row or section, and one sentence."""

    code: str
    place: str
    sentence: str


def faults(agreement: Agreement, edition: HSEdition | None) -> tuple[Finding, ...]:
    """Unknown codes, overlapping rows, contradictions, missing citations, wrong letters in box 9.

    Codes are held against the edition the rows are written in; with none at hand they are not checked.
    """
    return (
        *(_unknown_codes(agreement, edition) if edition is not None else ()),
        *_overlaps(agreement),
        *_contradictions(agreement),
        *_uncited(agreement),
        *_wrong_letters(agreement),
    )


def _known(code: str, edition: HSEdition) -> bool:
    return all(edition.knows(HSCode(end)) for end in code.split("-"))


def _rule_codes(rule: Expression) -> Iterator[str]:
    for part in parts(rule):
        if isinstance(part, Code):
            yield part.digits
        elif isinstance(part, CodeRange):
            yield f"{part.first}-{part.last}"


def _unknown_codes(agreement: Agreement, edition: HSEdition) -> Iterator[Finding]:
    for row in agreement.rows:
        for code in (*row.codes, *_rule_codes(row.rule)):
            if not _known(code, edition):
                sentence = f"{code} is not in the HS of {edition.year}: correct it, or leave it out."
                yield Finding("unknown-code", row.id, sentence)


def _overlaps(agreement: Agreement) -> Iterator[Finding]:
    """Two plain rows, or two for the rest, equally deep, for one code: nothing says which decides."""
    if agreement.row_policy is not RowPolicy.MOST_SPECIFIC:
        return
    levels: dict[tuple[bool, int], list[_Stretch]] = {}
    for order, row in enumerate(agreement.rows):
        for code in row.codes if not row.ex else ():
            stretch = _Stretch(*span(*span_of(code)), order, row, code)
            levels.setdefault((row.rest, depth_of(code)), []).append(stretch)
    found = [pair for stretches in levels.values() for pair in _meeting(stretches)]
    for one, other in sorted(found, key=lambda pair: (pair[0].order, pair[1].order)):
        sentence = (
            f"{one.code} stands in row {other.row.id} too, as {other.code}: nothing says which decides."
        )
        yield Finding("overlap", one.row.id, sentence)


class _Stretch(NamedTuple):
    """A code of a row at full length."""

    low: str
    high: str
    order: int
    row: Row
    code: str


def _meeting(stretches: list[_Stretch]) -> Iterator[tuple[_Stretch, _Stretch]]:
    """Pairs of different rows that share a code, the earlier row first: one pass along the codes."""
    going_on: list[_Stretch] = []
    for stretch in sorted(stretches, key=lambda each: (each.low, each.order)):
        going_on = [other for other in going_on if other.high >= stretch.low]
        for other in going_on:
            if other.row is not stretch.row:
                first, second = sorted((other, stretch), key=lambda each: each.order)
                yield first, second
        going_on.append(stretch)


def _contradictions(agreement: Agreement) -> Iterator[Finding]:
    ids = {row.id for row in agreement.rows}
    seen: dict[tuple[tuple[str, ...], str], Row] = {}
    for row in agreement.rows:
        twin = seen.setdefault((row.codes, row.gloss), row)
        if twin is not row and twin.ex and row.ex and twin.rule != row.rule:
            yield Finding("contradiction", row.id, f"row {twin.id} gives the same goods another rule.")
        if row.certainty == "damaged" and not isinstance(row.rule, Manual):
            yield Finding("contradiction", row.id, "a damaged row cannot decide: make its rule manual.")
        for part in parts(row.rule):
            if sentence := _contradiction(part, agreement, ids):
                yield Finding("contradiction", row.id, sentence)


def _contradiction(part: object, agreement: Agreement, ids: set[str]) -> str:
    match part:
        case ChangeOfClassification(also_from=allowed, only_from=only, excepted=barred) if barred:
            both = set(barred) & {*allowed, *only}
            return "a material is both allowed and excepted." if both else ""
        case AnyHeading(excepted=barred) if Every() in barred:
            return "materials of any heading, all excepted."
        case AllOf(of=inner):
            return _idle_limit([node for node in inner if isinstance(node, MaxForeignValue)])
        case Process(id=operation) if operation in agreement.insufficient:
            return f"the operation '{operation}' never confers origin ({agreement.insufficient_citation})."
        case Ref(name=name) if name not in ids:
            return f"there is no row '{name}' to refer to."
    return ""


def _idle_limit(limits: list[MaxForeignValue]) -> str:
    """A limit on some materials that is not below the limit on all can never bite: one figure is wrong."""
    for whole in limits:
        for some in limits:
            narrower = whole.materials is None and some.materials is not None and some.base == whole.base
            if narrower and some.pct >= whole.pct:
                return f"{some.pct} % of some materials can never bite under {whole.pct} % of all."
    return ""


def _uncited(agreement: Agreement) -> Iterator[Finding]:
    places = [(row.id, row.citation) for row in agreement.rows]
    places += [(f"provision {key}", provision.paragraph) for key, provision in agreement.provisions.items()]
    places += [(section, citation.paragraph) for section, citation in agreement.citations.items()]
    if agreement.general_rule is not None:
        places.append(("general_test", agreement.general_citation))
    for place, citation in places:
        if not citation.strip():
            yield Finding("missing-citation", place, "nothing says where this comes from.")


def _wrong_letters(agreement: Agreement) -> Iterator[Finding]:
    for criterion, template in agreement.box9.items():
        wrong = sorted(set(template.replace("{heading}", "")) - set(agreement.box9_letters))
        if wrong:
            sentence = f"{', '.join(wrong)} is not among the letters of the form ({agreement.box9_letters})."
            yield Finding("wrong-letter", f"form.box9.{criterion}", sentence)
