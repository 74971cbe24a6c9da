"""Decides how a certificate and an import declaration differ, and what each difference means.

Each item has its own outcome, the gravest of its own cells and of those that concern the whole certificate: a
problem with one item does not touch the others. Amounts count over all declarations of the family, and only
what exceeds the certified amount with its tolerance is uncovered (CIS Rules 7.4, box 10). Whether the
certificate is annulled or replaced is its status, not a comparison.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from countermark.clearance.declaration import DeclaredItem, ImportDeclaration
from countermark.clearance.grade import Cell, Grade, Outcome, Summary, Table, outcome
from countermark.clearance.use import limit, measure, scaled
from countermark.clearance.validity import Standing, standing
from countermark.clearance.wording import Likeness, descriptions, names, numbers
from countermark.document.certificate import Certificate, Item
from countermark.document.shape import Unfit
from countermark.goods.money import Quantity
from countermark.goods.party import Trader
from countermark.rules.agreement import Agreement


@dataclass(frozen=True, slots=True)
class ItemComparison:
    """One line of the declaration against the item of the certificate it is claimed under."""

    item: int
    """Of the declaration."""
    certificate_item: int | None
    """``None`` if it cannot be told which."""
    cells: tuple[Cell, ...]
    covered: int
    """What is still covered of the declared amount, in millionths of ``unit``; 0 if not comparable."""
    excess: int
    unit: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Comparison:
    """A certificate and a declaration, field by field."""

    cells: tuple[Cell, ...]
    """Those that concern every item."""
    items: tuple[ItemComparison, ...]

    @property
    def gravest(self) -> Grade:
        """The gravest difference that was found; what could not be compared is none."""
        cells = (*self.cells, *(cell for item in self.items for cell in item.cells))
        found = {cell.grade for cell in cells} - {Grade.NOT_COMPARABLE}
        return max(found, key=list(Grade).index)

    @property
    def summary(self) -> Summary:
        """Only what was compared whole and agrees is a match."""
        outcomes = {item.outcome for item in self.items}
        if outcomes <= {Outcome.ACCEPT}:
            return Summary.MATCH
        return Summary.MINOR if outcomes <= {Outcome.ACCEPT, Outcome.NOTE} else Summary.MATERIAL


_Drawn = Counter[tuple[int, str]]
"""By item of the certificate and field, in millionths."""


def compare(
    certificate: Certificate,
    declaration: ImportDeclaration,
    agreement: Agreement,
    used_before: Mapping[int, int],
) -> Comparison:
    """Every field of both sides, graded by the agreement.

    ``used_before`` is what the family's other declarations drew, by item of the certificate, in millionths of
    the unit of ``measure``. Raises ``ValueError`` for an agreement whose table has a grade nobody knows.
    """
    cells = tuple(_whole_certificate(certificate, declaration, agreement))
    drawn: _Drawn = Counter(
        {(i.item, m.field): used_before.get(i.item, 0) for i in certificate.items if (m := measure(i))}
    )
    items = tuple(_line(line, certificate.items, cells, agreement, drawn) for line in declaration.items)
    return Comparison(cells, items)


def _whole_certificate(
    certificate: Certificate, declaration: ImportDeclaration, agreement: Agreement
) -> Iterable[Cell]:
    table = Table(agreement.comparison)
    number, quoted = certificate.number, declaration.certificate
    yield table.likeness("number", number, quoted.number, numbers(number, quoted.number))
    dates = str(certificate.certified_on), str(quoted.date)
    yield table.cell("date", *dates, "" if dates[0] == dates[1] else "date")
    for field, declared, certified in (
        ("consignor", declaration.consignor, (certificate.consignor, certificate.exporter)),
        ("consignee", declaration.consignee, (certificate.consignee, certificate.importer)),
    ):
        yield _trader(field, declared, [trader for trader in certified if trader], table)
    same = certificate.destination == declaration.country
    yield table.cell(
        "destination", certificate.destination, declaration.country, "" if same else "destination"
    )
    yield _term(certificate, declaration, agreement, table)
    yield _export(certificate, declaration, table)


def _trader(field: str, declared: Trader, certified: list[Trader], table: Table) -> Cell:
    """Boxes 1 and 2 may name two persons each; the declaration may name either of them."""
    cells = [table.likeness(field, t.name, declared.name, names(t.name, declared.name)) for t in certified]
    return min(cells, key=lambda cell: list(Grade).index(cell.grade))


def _term(
    certificate: Certificate, declaration: ImportDeclaration, agreement: Agreement, table: Table
) -> Cell:
    """Validity on the day of registration (CIS Rules 6.4); a later certificate may restore (9-2)."""
    issued, until, on = certificate.certified_on, certificate.valid_until, declaration.registered
    kind = {
        Standing.EXPIRED: "expired",
        Standing.BEFORE: "" if certificate.duplicate_of else "certified-later",
        Standing.WITHIN: "",
    }[standing(issued, until, agreement.validity_months, on)]
    return table.cell("validity", f"{issued} - {until}", str(on), kind)


def _export(certificate: Certificate, declaration: ImportDeclaration, table: Table) -> Cell:
    """Issue after export must say so (CIS Rules 8.1); duplicates and replacements carry other marks."""
    issued, exported = str(certificate.certified_on), declaration.exported
    if certificate.retrospective or certificate.duplicate_of or certificate.replaces:
        return table.cell("issued-after-export", issued, str(exported or ""))
    if exported is None:
        return Cell("issued-after-export", issued, "", Grade.NOT_COMPARABLE)
    late = certificate.certified_on > exported
    return table.cell("issued-after-export", issued, str(exported), "issued-after-export" if late else "")


def _line(
    line: DeclaredItem,
    items: tuple[Item, ...],
    general: tuple[Cell, ...],
    agreement: Agreement,
    drawn: _Drawn,
) -> ItemComparison:
    table = Table(agreement.comparison)
    item = _counterpart(line, items, table)
    if isinstance(item, Cell):
        return ItemComparison(line.item, None, (item,), 0, 0, "", outcome((*general, item)))
    amounts = [
        _amount(name, certified, declared, drawn[item.item, name], agreement)
        for name, certified, declared in _amounts(item, line)
    ]
    by = measure(item)
    taken = next((a for a in amounts if by and a.cell.field == by.field and a.measured), None)
    cells = [*_goods(item, line, table), *(amount.cell for amount in amounts)]
    if taken is None:
        cells.append(table.cell("amount", by.unit if by else "", "", "amount-unclear"))
    found = outcome((*general, *cells))
    if found is not Outcome.REFUSE:
        drawn.update({(item.item, a.cell.field): a.covered for a in amounts})
    covered, excess = (taken.covered, taken.excess) if taken else (0, 0)
    return ItemComparison(line.item, item.item, tuple(cells), covered, excess, by.unit if by else "", found)


def _counterpart(line: DeclaredItem, items: tuple[Item, ...], table: Table) -> Item | Cell:
    """The item of the certificate a line is claimed under; where it cannot be told, the cell that says so."""
    if line.certificate_item is not None:
        named = next((item for item in items if item.item == line.certificate_item), None)
        return named or table.cell("identification", "", f"item {line.certificate_item}", "identification")
    alike = [i for i in items if descriptions(i.description, line.description) is not Likeness.DIFFERENT]
    coded = [i for i in items if _heading(i) == line.hs.heading]
    for found in ([i for i in alike if i in coded], alike or coded):
        if len(found) == 1:
            return found[0]
    if not alike and not coded:
        return table.cell("identification", "", line.description, "identification")
    certified = ", ".join(str(i.item) for i in items if i in alike or i in coded)
    return table.cell("item", certified, "", "item-unclear")


def _goods(item: Item, line: DeclaredItem, table: Table) -> Iterable[Cell]:
    """What the goods are: wording, code, origin, invoice."""
    like = descriptions(item.description, line.description)
    heading, declared = _heading(item), line.hs.heading
    yield table.likeness("description", item.description, line.description, like)
    yield table.cell("heading", heading, declared, "" if heading == declared else "heading")
    if heading != declared and like is Likeness.DIFFERENT:
        yield table.cell("identification", item.description, line.description, "identification")
    if heading == declared:
        length = 10 if item.hs.nomenclature is line.hs.nomenclature else 6
        length = min(len(item.hs.digits), len(line.hs.digits), length)
        same = item.hs.digits[4:length] == line.hs.digits[4:length]
        yield table.cell("code", item.hs.digits, line.hs.digits, "" if same else "digits-5-to-10")
    yield table.cell("origin", item.country, line.origin, "" if item.country == line.origin else "origin")
    if item.invoices and line.invoice:
        number = line.invoice.number
        likeness = min((numbers(i.number, number) for i in item.invoices), key=list(Likeness).index)
        yield table.likeness("invoice", ", ".join(i.number for i in item.invoices), number, likeness)
    elif item.invoices or line.invoice:
        number = line.invoice.number if line.invoice else ""
        certified = ", ".join(i.number for i in item.invoices)
        yield Cell("invoice", certified, number, Grade.NOT_COMPARABLE)


def _heading(item: Item) -> str:
    """The heading box 9 states, or that of the code where box 9 states none (CIS Rules 6.6; 7.4, box 9)."""
    stated = re.search(r"[0-9]{4}", item.box9)
    return stated[0] if stated else item.hs.heading


@dataclass(frozen=True, slots=True)
class _Amount:
    """One amount compared, in millionths."""

    cell: Cell
    covered: int = 0
    excess: int = 0

    @property
    def measured(self) -> bool:
        return self.cell.grade is not Grade.NOT_COMPARABLE


def _amounts(item: Item, line: DeclaredItem) -> Iterable[tuple[str, Quantity | None, Quantity | None]]:
    """The amounts that at least one side states."""
    for name, certified, declared in (
        ("quantity", item.quantity, line.quantity),
        ("net weight", _kilograms(item.net_weight), _kilograms(line.net_weight)),
        ("gross weight", _kilograms(item.gross_weight), _kilograms(line.gross_weight)),
    ):
        if certified or declared:
            yield name, certified, declared


def _kilograms(weight: Decimal | None) -> Quantity | None:
    return None if weight is None else Quantity(weight, "kg")


def _amount(
    name: str,
    certified: Quantity | None,
    declared: Quantity | None,
    drawn: int,
    agreement: Agreement,
) -> _Amount:
    """How much of a declared amount what is left of the certified one covers, its tolerance included."""
    stated, claim = (f"{q.value:f} {q.unit}" if q else "" for q in (certified, declared))
    if not certified or not declared or certified.unit.casefold() != declared.unit.casefold():
        return _Amount(Cell(name, stated, claim, Grade.NOT_COMPARABLE))
    try:
        most, claimed = limit(scaled(certified.value), agreement.quantity_over_pct), scaled(declared.value)
    except Unfit:
        return _Amount(Cell(name, stated, claim, Grade.NOT_COMPARABLE))
    covered = min(claimed, max(most - drawn, 0))
    excess = claimed - covered
    cell = Table(agreement.comparison).cell(name, stated, claim, "quantity" if excess else "")
    return _Amount(cell, covered, excess)
