"""Turn what the exporter states into facts: the lines of the bill, those made in steps traced to their own bills.

Nothing is assumed: a status that is not stated is blank, a code of another edition is not compared, an empty bill of a
good that is not wholly obtained is asked about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from countermark.goods.application import Application, Good
from countermark.goods.hs import Correlations
from countermark.goods.material import Answer, Material, Role, Status
from countermark.rules.agreement import Agreement
from countermark.rules.determination import Question, Reliance, Trace, Truth
from countermark.rules.facts import Facts, Line, Price, Questions, Standing
from countermark.rules.lines import (
    Bill,
    Setting,
    amounts_of,
    blank_line,
    foreign_content,
    is_heavier,
    known_code,
    less_content,
    lifted,
    prefixed,
    simple_line,
    times_in,
    unprefixed,
)
from countermark.rules.origin import find
from countermark.rules.rows import rules_by_id
from countermark.rules.standing import cumulates, foreign_of, is_party, is_proved, of_party
from countermark.rules.stock import drawn_from_stock
from countermark.rules.truth import NO, UNKNOWN, YES
from countermark.rules.value import RateDay, price_of, value_of

_GAPS = frozenset({"row_gap", "row_unread", "unread", "edition"})
"""Questions about a material's own rule that only a stated rule could answer: then its origin itself is asked."""


def gather(
    application: Application,
    good: Good,
    agreement: Agreement,
    on: date,
    answers: Mapping[str, Answer],
    correlations: Correlations,
    *,
    tracing: bool,
) -> Facts:
    """The facts of one good under an agreement."""
    price, country = price_of(good.price), application.exporter.country
    times, unclear = times_in(good.quantity, good.bill_for, "good")
    within = Setting(
        agreement, country, price, price.currency if price else "", good.rates, on,
        _rate_day(application, good, agreement, on), answers, correlations, tracing, good.net_weight, times, unclear,
    )  # fmt: skip
    items = None if good.set_items is None else read_bill(good.set_items, within, "item").lines
    bill = read_bill(good.materials or (), within, "material", after=len(items or ()))
    lines, opened = _numbered(bill, items or [])
    digits, proposed = known_code(good.hs, "good", within)
    return Facts(
        good=Line(
            "good", 0, good.description, digits, Standing.BLANK, UNKNOWN, UNKNOWN, proposed=proposed,
        ),
        lines=lines,
        price=price,
        on=on,
        country=country,
        parties=agreement.parties,
        operations=good.operations,
        answers=answers,
        blank=_blank(good, lines),
        weight=good.net_weight,
        items=None if items is None else lines[: len(items)],
        tracing=tracing,
        opened=opened,
        opened_operations=bill.operations,
        formulas=agreement.formulas,
        value_base=agreement.valuation.base,
        rules=rules_by_id(agreement.rows),
        remarks=bill.remarks,
    )  # fmt: skip


def _rate_day(application: Application, good: Good, agreement: Agreement, on: date) -> RateDay:
    rule = agreement.valuation.rate_date
    invoice = good.invoice.date if good.invoice else None
    return RateDay(rule, {"departure": application.departure, "invoice": invoice}.get(rule, on))


def _blank(good: Good, lines: Sequence[Line]) -> Questions:
    """The question for a bill that is not stated, or that a good not wholly obtained cannot have."""
    if lines or good.set_items is not None:
        return ()
    if good.materials is None:
        return (Question("materials", "materials"),)
    return () if good.wholly_obtained is not None else (Question("materials", "materials_none"),)


def _numbered(bill: Bill, items: Sequence[Line]) -> tuple[tuple[Line, ...], tuple[Line, ...] | None]:
    """Every line under a number of its own: those that stand for another's parts follow the highest."""
    lines = (*items, *bill.lines)
    if bill.opened is None and len({line.number for line in lines}) == len(lines):
        return lines, None
    seen: dict[str, int] = {}

    def number(line: Line) -> Line:
        mark = f"{line.key}/{line.path}"
        return replace(line, number=seen.setdefault(mark, len(seen) + 1), path=line.path or (line.number,))

    numbered = tuple(map(number, lines))
    return numbered, None if bill.opened is None else tuple(map(number, (*items, *bill.opened)))


def read_bill(materials: Sequence[Material], within: Setting, kind: str, *, after: int = 0) -> Bill:
    """The lines of a bill, in its order; ``after`` is the number of the line before its first."""
    bill = Bill([])
    for number, material in enumerate(materials, after + 1):
        key = f"{kind}:{number - after}"
        if material.role is Role.NEUTRAL and within.agreement.neutral_elements:
            bill.remarks += _remark("neutral", number, material, within)
            continue
        line = simple_line(number, key, material, within)
        if is_heavier(material, material.weight and material.weight * within.times, within):
            bill.remarks += _remark("heavier_than_good", number, material, within, good=f"{within.weight:f}")
        if material.bill and material.status not in (Status.WHOLLY, Status.PARTY):
            _trace(material, line, within, bill)
        else:
            methods = within.agreement.fungible_methods
            bill.add(drawn_from_stock(material.stock, material.quantity, line, methods))
    return bill


def _remark(code: str, number: int, material: Material, within: Setting, **figures: str) -> tuple[Trace, ...]:
    if not within.tracing:
        return ()
    weight = f"{material.weight:f}" if material.weight is not None else ""
    return (Trace(code, None, {"line": str(number), "name": material.name, "weight": weight, **figures}),)


def _trace(material: Material, line: Line, within: Setting, bill: Bill) -> None:
    """A material with its own bill: whether it originates, and what stands for it if one may look into it."""
    agreement = within.agreement
    maker = material.made_in or within.country
    if material.status is Status.ORIGINATING and agreement.absorption.originating == "absorbed":
        bill.add([line])
        return
    if not is_party(maker, agreement):
        outside = replace(line, standing=Standing.FOREIGN, foreign=YES, wholly=NO)
        bill.add([outside if line.standing is Standing.BLANK else line])
        return
    inner_setting = _inside(material, line, maker, within)
    inner = read_bill(material.bill, inner_setting, "material")
    truth, line = _own_origin(material, line, maker, inner, inner_setting, within)
    parts = [lifted(part, line) for part in (inner.lines if inner.opened is None else inner.opened)]
    if truth is YES and agreement.absorption.originating == "content":
        content = foreign_content(parts)
        bill.add([less_content(line, content), *content])
    elif truth is YES or not _may_look_into(material, maker, line, within):
        bill.add([line])
    else:
        bill.add([line], parts)
        bill.operations += material.operations + inner.operations


def _inside(material: Material, line: Line, maker: str, within: Setting) -> Setting:
    """The setting of a material's own bill: its maker's country, its value as the price, the outer currency."""
    times, unclear = times_in(material.quantity, material.bill_for, "bill")
    amount, _ = value_of(material.value, line, (), within.currency, within.rates, within.rate_day)
    price = None
    if amount is not None and material.value is not None:
        bases = frozenset((material.value.basis,)) if material.value.basis else frozenset[str]()
        price = Price(amount * within.times, within.currency or material.value.currency, bases)
    return replace(
        within, country=maker, price=price, answers=unprefixed(within.answers, line.key), weight=None,
        times=within.times * times if times != 1 else within.times, unclear=within.unclear + unclear,
    )  # fmt: skip


def _own_origin(
    material: Material, line: Line, maker: str, inner: Bill, inside: Setting, within: Setting
) -> tuple[Truth, Line]:
    """Whether the material originates where it was made: as stated, or by its own determination."""
    if line.standing is not Standing.BLANK:
        return (NO if line.foreign is YES else YES), line
    if all(part.standing in (Standing.OWN, Standing.WHOLLY) for part in inner.lines):
        below = tuple(step for part in inner.lines for step in part.steps)
        own = Trace("intermediate", YES, {"rule": "", "country": maker}, below)
        return YES, _stands(material, line, maker, within, (own,) if within.tracing else ())
    lines, opened = _numbered(inner, [])
    facts = Facts(
        good=replace(line, key="good", number=0, path=(), origin_asks=()),
        lines=lines, price=inside.price, on=within.on, country=maker, parties=within.agreement.parties,
        operations=material.operations, answers=inside.answers, weight=line.weight, tracing=within.tracing,
        opened=opened, opened_operations=inner.operations, formulas=within.agreement.formulas,
        value_base=within.agreement.valuation.base,
        rules=rules_by_id(within.agreement.rows), remarks=inner.remarks,
    )  # fmt: skip
    found = find(facts, None, within.agreement)
    step = Trace("intermediate", found.truth, {"rule": found.rule, "country": maker}, found.steps)
    steps = (step,) if within.tracing else ()
    if found.truth is YES:
        return YES, _stands(material, line, maker, within, steps)
    if found.truth is NO:
        foreign = replace(line, standing=Standing.FOREIGN, foreign=YES, wholly=NO, steps=steps)
        value, asks, weight = amounts_of(material, foreign, within)
        return NO, replace(foreign, value=value, value_asks=asks, weight=weight)
    gap = any(ask.code in _GAPS for ask in found.asks)
    return UNKNOWN, blank_line(line, () if gap else prefixed(found.asks, line), steps)


def _stands(material: Material, line: Line, maker: str, within: Setting, steps: tuple[Trace, ...]) -> Line:
    """An originating material of the country where it was made."""
    standing = of_party(material, maker, line.digits, within.agreement, within.country)
    foreign = foreign_of(standing, within.agreement)
    made = replace(line, standing=standing, foreign=foreign, wholly=NO, steps=steps)
    value, asks, weight = amounts_of(material, made, within)
    return replace(made, value=value, value_asks=asks, weight=weight)


def _may_look_into(material: Material, maker: str, line: Line, within: Setting) -> bool:
    """Whether what a material that does not originate was made of may stand for it (full cumulation, absorption)."""
    agreement = within.agreement
    if maker == within.country:
        return agreement.absorption.foreign == "content"
    if agreement.cumulation.kind != "full" or cumulates(maker, line.digits, agreement) is not YES:
        return False
    unproved = agreement.cumulation.party_material_is_foreign_without_proof
    return not unproved or is_proved(material, maker, agreement)


def material_at(good: Good, reliance: Reliance) -> Material:
    """The material a reliance is about, perhaps within the bill of another."""
    materials: Sequence[Material] = (*(good.set_items or ()), *(good.materials or ()))
    material = materials[reliance.line - 1]
    for line in reliance.inside:
        material = material.bill[line - 1]
    return material
