"""Find a certificate by number and date among ours and those received, with its content."""

from __future__ import annotations

from countermark.casework.ports import CertificateRow, Office, StatementRow
from countermark.casework.refusal import Answer, Refusal
from countermark.document.certificate import Certificate, Reference, read_certificate
from countermark.document.errors import DocumentError
from countermark.document.number import read_number


def rows_of(office: Office, number: str) -> list[CertificateRow]:
    """The certificates with this number. Raises Refusal when the number cannot be one, such as for look-alike letters."""
    try:
        read_number(number)
    except DocumentError as error:
        raise Refusal(error.code, str(error), Answer.BAD_REQUEST) from error
    return office.store.register.certificates(number)


def ours(office: Office, number: str) -> CertificateRow:
    """A certificate this office issued. Raises Refusal."""
    for row in rows_of(office, number):
        if row.origin == office.origin:
            return row
    raise Refusal(
        "not-ours",
        f"This office issued no certificate {number}. Compare the number with box 4.",
        Answer.CANNOT_TELL,
    )


def theirs(office: Office, number: str, dated: str) -> CertificateRow:
    """A received certificate by number and date. Raises Refusal, telling a wrong date from an unknown number."""
    rows = [row for row in rows_of(office, number) if row.origin != office.origin]
    if not rows:
        raise Refusal(
            "not-found",
            f"No certificate {number} was received. It may be late, mistyped, or not issued: check the number, then wait or ask.",
            Answer.CANNOT_TELL,
        )
    for row in rows:
        if row.dated == dated:
            return row
    raise Refusal(
        "date-differs",
        f"Certificate {number} was received, but it is not dated {dated}. Compare box 12 with the declaration.",
        Answer.CANNOT_TELL,
    )


def statement_of(office: Office, row: CertificateRow) -> StatementRow:
    """The stored statement behind an index entry; the index never stands without it."""
    found = office.store.statements.at(row.leaf_hash)
    if found is None:
        raise LookupError(f"the index names a statement that is not stored: {row.leaf_hash.hex()}")
    return found


def content_of(office: Office, row: CertificateRow) -> Certificate:
    """The certificate itself. Raises Refusal when its retention has ended and it was erased."""
    content = statement_of(office, row).content
    if content is None:
        raise Refusal(
            "erased", f"Certificate {row.number} was erased after its retention ended.", Answer.CANNOT_TELL
        )
    return read_certificate(content)[0]


def reference_to(row: CertificateRow, certificate: Certificate) -> Reference:
    return Reference(row.leaf_hash, row.number, certificate.certified_on)
