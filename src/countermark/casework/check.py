"""Check a certificate named in an import declaration: does it stand, does it fit, what is left of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from countermark.casework.find import content_of, theirs
from countermark.casework.ports import CertificateRow, Office
from countermark.casework.refusal import Answer, Refusal
from countermark.casework.use import USE, Balance, balances_of
from countermark.clearance.compare import Comparison, compare
from countermark.clearance.declaration import ImportDeclaration, read_declaration
from countermark.document.certificate import Certificate


@dataclass(frozen=True, slots=True)
class Checked:
    """A received certificate as it stands now. ``as_of`` is the size of the exporter's log we know."""

    row: CertificateRow
    certificate: Certificate
    balances: tuple[Balance, ...]
    comparison: Comparison | None
    as_of: int


def check(office: Office, number: str, dated: str, declaration: object = None) -> Checked:
    """Look a certificate up and, given a declaration's plain data, compare the two.

    Raises Refusal: cannot tell when nothing was received under the number, or under that date.
    """
    row = theirs(office, number, dated)
    certificate = content_of(office, row)
    declared = None if declaration is None else declaration_of(office, declaration)
    comparison = None if declared is None else _compared(office, row, certificate, declared)
    head = office.store.logs.head(row.origin)
    return Checked(
        row, certificate, tuple(balances_of(office, row.sub)), comparison, head.size if head else 0
    )


def declaration_of(office: Office, plain: object) -> ImportDeclaration:
    """The declaration as a value. Raises Refusal listing every field error."""
    found = read_declaration(plain, office.hs)
    if isinstance(found, tuple):
        raise Refusal(
            "declaration-fields",
            f"The declaration has {len(found)} field(s) to correct.",
            Answer.BAD_REQUEST,
            tuple(str(error) for error in found),
        )
    return found


def _compared(
    office: Office, row: CertificateRow, certificate: Certificate, declared: ImportDeclaration
) -> Comparison:
    """Against what the family's other declarations used; this one's own use does not count against it."""
    own = f"{declared.office}/{declared.number}"
    used = Counter({b.item: b.drawn for b in office.store.register.balances(USE, row.sub)})
    for drawing in office.store.register.drawings(USE, row.sub):
        if drawing.cause == own:
            used[drawing.item] -= drawing.amount
    return compare(certificate, declared, office.agreement(certificate.agreement), used)
