"""What is known of a certificate of ours: its legal status, its delivery, its uses, its inquiries."""

from __future__ import annotations

from dataclasses import dataclass

from countermark.casework.effects import REPORTED
from countermark.casework.find import ours, statement_of
from countermark.casework.inquire import Inquiry, inquiries_of
from countermark.casework.ports import CertificateRow, DrawingRow, Office
from countermark.casework.rely import fallen_proofs
from countermark.trust.statement import SignedFile, read


@dataclass(frozen=True, slots=True)
class CertificateState:
    """The four axes: legal status, delivery, use, inquiry; and where it stands in the log."""

    row: CertificateRow
    index: int | None
    """Place in our log; ``None`` for the moment before it is sequenced."""
    received: bool
    """Whether the partner's ``received`` covers it."""
    uses: tuple[DrawingRow, ...]
    inquiries: tuple[Inquiry, ...]
    fallen_proofs: tuple[str, ...]
    """Certificates it was built on that no longer stand: to be looked at again."""


def show(office: Office, number: str) -> CertificateState:
    """The state of a certificate this office issued. Raises Refusal."""
    row = ours(office, number)
    index = statement_of(office, row).index
    partner = office.store.cases.partner(row.destination)
    return CertificateState(
        row=row,
        index=index,
        received=index is not None and partner is not None and index < partner.received_size,
        uses=tuple(office.store.register.drawings(REPORTED, row.sub)),
        inquiries=tuple(inquiries_of(office, number)),
        fallen_proofs=fallen_proofs(office, number),
    )


def signed_file(office: Office, number: str) -> bytes:
    """The certificate as a file anyone can verify: header, signature, content. Raises Refusal."""
    stored = statement_of(office, ours(office, number))
    return SignedFile.of(read(stored.leaf), stored.content or b"").bytes
