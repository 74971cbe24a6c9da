"""Use a certificate for goods at import: draw the balance and sign what was used, both or neither.

The balance of each item belongs to the importing party and serves the whole family. It is drawn by one conditional
UPDATE a line in the transaction that queues the statement: two officers, offices or processes can never use more
than was certified, and one declaration never draws twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from countermark.casework.find import content_of, theirs
from countermark.casework.ports import AlreadyThere, BalanceRow, CertificateRow, DrawingRow, Office
from countermark.casework.refusal import Answer, Refusal
from countermark.casework.sign import SALT_BYTES, sign
from countermark.clearance.use import Used, UsedLine, encode_used, read_used, scaled, unscaled
from countermark.clearance.validity import Standing, restorable, standing
from countermark.document.certificate import Certificate
from countermark.document.lifecycle import LegalStatus
from countermark.document.shape import Unfit
from countermark.rules.agreement import Agreement

USE = "use"


@dataclass(frozen=True, slots=True)
class Drawn:
    """One line asked to be used."""

    item: int
    quantity: Decimal
    unit: str
    granted: bool = True


@dataclass(frozen=True, slots=True)
class Declared:
    """The import declaration that draws: its number, the office, the day it was registered."""

    number: str
    office: str
    on: date


@dataclass(frozen=True, slots=True)
class Balance:
    """What was used of one item, and what is left of it with what the agreement lets be delivered over it."""

    item: int
    unit: str
    used: Decimal
    left: Decimal


def use(office: Office, number: str, dated: str, lines: Sequence[Drawn], declared: Declared) -> list[Balance]:
    """Use the lines for the declaration and report it to the exporting side.

    The same use of the same declaration again changes nothing. Raises Refusal; then nothing was used.
    """
    with office.store.transaction():
        row = theirs(office, number, dated)
        if (before := _before(office, row, declared)) is not None:
            return _same(office, row, before, lines)
        _check_may_be_used(office, row, content_of(office, row), declared)
        _draw(office, row, lines, declared)
        drawn = office.store.register.balances(USE, row.sub)
        _report(office, row, lines, declared, {balance.item: balance.drawn for balance in drawn})
        return [_balance(balance) for balance in drawn]


def balances_of(office: Office, family: str) -> list[Balance]:
    """The balances of a received certificate's family."""
    return [_balance(row) for row in office.store.register.balances(USE, family)]


def _balance(row: BalanceRow) -> Balance:
    return Balance(row.item, row.unit, unscaled(row.drawn), unscaled(row.most - row.drawn))


def _before(office: Office, row: CertificateRow, declared: Declared) -> Used | None:
    """What this declaration used of this family before; offices number their declarations each for itself."""
    for stored in office.store.statements.of_kind(office.origin, "used", row.sub):
        found = read_used(stored.content or b"")[0]
        if (found.office, found.declaration) == (declared.office, declared.number):
            return found
    return None


def _same(office: Office, row: CertificateRow, before: Used, lines: Sequence[Drawn]) -> list[Balance]:
    asked = [(line.item, _amount(line), line.unit, line.granted) for line in lines]
    if sorted(asked) != [(line.item, line.quantity, line.unit, line.granted) for line in before.lines]:
        raise Refusal(
            "declaration-used",
            f"Declaration {before.declaration} has used certificate {row.number} before, for other quantities."
            " Use it under its own declaration.",
        )
    return balances_of(office, row.sub)


def _check_may_be_used(
    office: Office, row: CertificateRow, certificate: Certificate, declared: Declared
) -> None:
    if row.status != LegalStatus.VALID.value:
        raise Refusal("not-valid", f"Certificate {row.number} is {row.status}: it cannot be used.")
    agreement = office.agreement(certificate.agreement)
    placed = standing(
        certificate.certified_on, certificate.valid_until, agreement.validity_months, declared.on
    )
    if placed is Standing.BEFORE and not _restores(office, row, agreement, declared):
        raise Refusal(
            "certified-later",
            f"Certificate {row.number} is of {certificate.certified_on}, later than the declaration of {declared.on}"
            " by more than the agreement allows. Show a certificate that stood then.",
        )
    if placed is Standing.EXPIRED:
        raise Refusal(
            "expired",
            f"Certificate {row.number} was valid until {certificate.valid_until}; the declaration is of {declared.on}.",
        )


def _restores(office: Office, row: CertificateRow, agreement: Agreement, declared: Declared) -> bool:
    """A family that stood on the day, or one that begins later but within the term of restoration (CIS Rules 9-2)."""
    begun = date.fromisoformat(min(each.dated for each in office.store.register.family(row.sub)))
    months = agreement.restoration_months
    return begun <= declared.on or (months is not None and restorable(declared.on, months, begun))


def _draw(office: Office, row: CertificateRow, lines: Sequence[Drawn], declared: Declared) -> None:
    balances = {b.item: b for b in office.store.register.balances(USE, row.sub)}
    for line in lines:
        _check_line(row.number, line, balances)
    cause = f"{declared.office}/{declared.number}"
    drawings = [DrawingRow(USE, row.sub, line.item, _amount(line), cause) for line in lines]
    try:
        if office.store.register.draw(drawings):
            return
    except AlreadyThere as error:
        raise Refusal(
            "used-twice", "The lines name an item twice. Add its quantities in one line.", Answer.BAD_REQUEST
        ) from error
    raise Refusal(
        "beyond-certified",
        f"Certificate {row.number} does not cover so much: nothing was used. Only what is left can be used.",
        details=tuple(f"item {b.item}: {b.left} {b.unit} left" for b in balances_of(office, row.sub)),
    )


def _check_line(number: str, line: Drawn, balances: dict[int, BalanceRow]) -> None:
    balance = balances.get(line.item)
    if balance is None:
        raise Refusal(
            "no-item",
            f"Certificate {number} has no item {line.item} to use. Name one of {sorted(balances)}.",
            Answer.BAD_REQUEST,
        )
    if balance.unit != line.unit:
        raise Refusal(
            "other-unit",
            f"Item {line.item} is counted in {balance.unit}, not in {line.unit}. State it in {balance.unit}.",
            Answer.BAD_REQUEST,
        )
    if _amount(line) <= 0:
        raise Refusal(
            "no-quantity", f"Item {line.item}: a use needs a quantity above zero.", Answer.BAD_REQUEST
        )


def _amount(line: Drawn) -> int:
    try:
        return scaled(line.quantity)
    except Unfit as error:
        raise Refusal("quantity", f"Item {line.item}: {error}.", Answer.BAD_REQUEST) from error


def _report(
    office: Office, row: CertificateRow, lines: Sequence[Drawn], declared: Declared, totals: Mapping[int, int]
) -> None:
    """Queue the ``used`` statement, with the family's totals now and the size of the exporter's log that we had seen."""
    head = office.store.logs.head(row.origin)
    content = Used(
        issued=row.leaf_hash,
        number=row.number,
        lines=tuple(
            UsedLine(line.item, _amount(line), line.unit, totals[line.item], line.granted)
            for line in sorted(lines, key=lambda line: line.item)
        ),
        declaration=declared.number,
        office=declared.office,
        on=declared.on,
        seen=head.size if head else 0,
    )
    encoded = encode_used(content, office.ids.random(SALT_BYTES))
    office.store.statements.add([sign(office, "used", encoded, sub=row.sub, aud=row.party)])
