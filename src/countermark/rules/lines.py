"""Turn the lines of a bill of materials into what the rules see: whose each is, under which code, at what value.

A line that states no status but its own bill is traced: its origin is determined from that bill, under the rule for its
own code, as if it were the good; and what it was made of takes its place in the second reading of the good's bill, where
the agreement lets one look into it. Bills nest, so a trace always ends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from countermark.goods.hs import Correlations, HSCode
from countermark.goods.material import Answer, Material, Role
from countermark.goods.money import Quantity, Rate
from countermark.goods.operation import Operation
from countermark.rules.agreement import Agreement
from countermark.rules.determination import Question, Trace
from countermark.rules.facts import Line, Price, Questions, Standing
from countermark.rules.standing import comparable, foreign_of, standing_of
from countermark.rules.terms import Counted
from countermark.rules.truth import NO, UNKNOWN, YES, answered
from countermark.rules.value import RateDay, value_of

_ONE = Decimal(1)
_UNTOUCHED = Counted()


@dataclass(frozen=True, slots=True)
class Setting:
    """Within which a bill is read: the good's, or that of a material made from its own."""

    agreement: Agreement
    country: str
    """The party whose origin is asked for."""
    price: Price | None
    currency: str
    """To which all amounts are brought; empty: each stays in its own."""
    rates: Sequence[Rate]
    on: date
    rate_day: RateDay
    answers: Mapping[str, Answer]
    correlations: Correlations
    tracing: bool
    weight: Decimal | None = None
    """Net weight of what the bill makes: no material of it can be heavier, less its waste."""
    times: Decimal = _ONE
    """How many times the bill is in the quantity made."""
    unclear: Questions = ()
    """Why that cannot be told: all amounts of the bill are then open."""


@dataclass(slots=True)
class Bill:
    """A bill of materials as read, line by line."""

    lines: list[Line]
    opened: list[Line] | None = None
    """The lines, with what may be looked into replaced by what it was made of; ``None`` while that is the same."""
    operations: tuple[Operation, ...] = ()
    remarks: tuple[Trace, ...] = ()

    def add(self, lines: Sequence[Line], opened: Sequence[Line] | None = None) -> None:
        """Lines of one material; ``opened``: what stands for them in the second reading."""
        if opened is not None and self.opened is None:
            self.opened = list(self.lines)
        if self.opened is not None:
            self.opened.extend(lines if opened is None else opened)
        self.lines.extend(lines)


def simple_line(number: int, key: str, material: Material, within: Setting) -> Line:
    """A material by itself, whatever its bill says."""
    agreement, answers = within.agreement, within.answers
    digits, proposed = known_code(material.hs, key, within)
    standing = standing_of(material, key, digits, agreement, within.country, answers)
    foreign, wholly = foreign_of(standing, agreement), standing.wholly
    if material.status is None and standing is Standing.OWN:
        wholly = answered(answers.get(f"{key}:wholly"))
    terms = _UNTOUCHED if material.role is None else _counted(material.role, agreement)
    line = Line(
        key, number, material.name, digits, standing, foreign, wholly, None, (), material.weight, material.named,
        material.proof, (), proposed, terms.in_classification, terms.in_values,
    )  # fmt: skip
    value, asks, weight = amounts_of(material, line, within)
    origin_asks: Questions = ()
    if standing is Standing.BLANK and material.status is not None and material.country:
        origin_asks = (line.question("hs", "material_hs", digits=digits),)
    if standing is Standing.OPEN:
        origin_asks = (line.question("cumulates", "material_cumulates"),)
    return Line(
        key, number, material.name, digits, standing, foreign, wholly, value, asks, weight, material.named,
        material.proof, origin_asks, proposed, terms.in_classification, terms.in_values,
    )  # fmt: skip


def known_code(code: HSCode | None, key: str, within: Setting) -> tuple[str, str]:
    """The digits that can be compared, and else the candidates proposed for a code of another edition."""
    digits = comparable(code, within.agreement)
    if digits or code is None:
        return digits, ""
    candidates = within.correlations.candidates(code, within.agreement.hs_edition)
    for candidate, _ in candidates:
        if within.answers.get(f"{key}:hs:{candidate}") is Answer.YES:
            return candidate, ""
    if not candidates:
        return "", f"{code.subheading} ({code.edition})"
    listed = ", ".join(f"{candidate} ({kind})" for candidate, kind in candidates)
    return "", f"{code.subheading} ({code.edition}): {listed}"


def _counted(role: Role, agreement: Agreement) -> Counted:
    match role:
        case Role.RETAIL_PACKING:
            terms = agreement.retail_packing
        case Role.TRANSPORT_PACKING:
            terms = agreement.transport_packing
        case Role.ACCESSORY:
            terms = agreement.accessories
        case Role.NEUTRAL:
            terms = None
    return terms or _UNTOUCHED


def amounts_of(
    material: Material, line: Line, within: Setting
) -> tuple[Decimal | None, Questions, Decimal | None]:
    """Value, what to ask if it is blank, and weight: of the bill as often as it is in what was made."""
    terms = within.agreement.valuation
    bases = () if line.foreign is NO else terms.materials
    value, asks = value_of(material.value, line, bases, within.currency, within.rates, within.rate_day)
    weight = material.weight
    if material.scrap is not None and terms.scrap == "deducted" and value is not None:
        proceeds, more = value_of(material.scrap, line, (), within.currency, within.rates, within.rate_day)
        value, asks = (None, more) if proceeds is None else (max(value - proceeds, Decimal(0)), asks)
    if value is not None and not value and line.foreign is not NO:
        value, asks = _nothing(line, within)
    if within.unclear:
        return None, within.unclear, None
    if within.times is not _ONE:
        value = None if value is None else value * within.times
        weight = None if weight is None else weight * within.times
    if is_heavier(material, weight, within) and not _is_confirmed(line, "heavier", within):
        ask = line.question("heavier", "heavier_than_good", weight=f"{weight:f}", good=f"{within.weight:f}")
        return None, (ask,), None
    return value, asks, weight


def _nothing(line: Line, within: Setting) -> tuple[Decimal | None, Questions]:
    """A foreign material worth nothing is free of charge, not of value: believed only if confirmed."""
    if _is_confirmed(line, "zero-value", within):
        return Decimal(0), ()
    return None, (line.question("zero-value", "zero_value"),)


def is_heavier(material: Material, weight: Decimal | None, within: Setting) -> bool:
    """Whether more of the material remains in the good than the good weighs."""
    if weight is None or within.weight is None or material.role is not None:
        return False
    return weight - (material.waste or 0) * within.times > within.weight


def _is_confirmed(line: Line, about: str, within: Setting) -> bool:
    return within.answers.get(f"{line.key}:{about}") is Answer.YES


def times_in(quantity: Quantity | None, bill_for: Quantity | None, key: str) -> tuple[Decimal, Questions]:
    """How many times a bill stated for one quantity is in another; both must be in one unit, as nothing is converted."""
    if bill_for is None:
        return _ONE, ()
    if quantity is not None and quantity.unit == bill_for.unit:
        return quantity.value / bill_for.value, ()
    figures = {"unit": bill_for.unit, "given": quantity.unit if quantity else ""}
    return _ONE, (Question(f"{key}:bill-unit", "bill_unit", figures),)


def lifted(line: Line, outer: Line) -> Line:
    """A line of a material's own bill as a line of the bill that material stands in."""
    key, path = f"{outer.key}>{line.key}", (outer.path or (outer.number,)) + (line.path or (line.number,))
    return replace(
        line, key=key, path=path, value_asks=prefixed(line.value_asks, outer),
        origin_asks=prefixed(line.origin_asks, outer),
    )  # fmt: skip


def prefixed(asks: Questions, outer: Line) -> Questions:
    """Questions about the making of a material, asked of the good."""
    return tuple(
        ask
        if ask.id.startswith("rate:")
        else Question(
            f"{outer.key}>{ask.id}", ask.code, {**ask.figures, "within": f"{outer.label}, {outer.name}"}
        )
        for ask in asks
    )


def unprefixed(answers: Mapping[str, Answer], key: str) -> dict[str, Answer]:
    """The answers that are about the making of one material, as its own determination asks them."""
    start = f"{key}>"
    return {id.removeprefix(start): answer for id, answer in answers.items() if id.startswith(start)}


def blank_line(line: Line, asks: Questions, steps: tuple[Trace, ...]) -> Line:
    """A line whose own origin is open: its questions are those of its making."""
    return replace(
        line, standing=Standing.BLANK, foreign=UNKNOWN, wholly=UNKNOWN, origin_asks=asks, steps=steps
    )


def foreign_content(inner: Sequence[Line]) -> list[Line]:
    """The lines of a bill that count as foreign in values, their codes not tested again."""
    return [replace(line, tested=False) for line in inner if line.foreign is not NO and line.counted]


def less_content(line: Line, content: Sequence[Line]) -> Line:
    """An originating material without the foreign content that is counted beside it."""
    amounts = [part.value for part in content]
    sure = all(part.foreign is YES for part in content)
    if line.value is None or not sure or any(amount is None for amount in amounts):
        asks = line.value_asks + tuple(ask for part in content for ask in part.value_asks)
        return replace(line, value=None, value_asks=asks) if content else line
    return replace(line, value=max(line.value - sum(a for a in amounts if a is not None), Decimal(0)))
