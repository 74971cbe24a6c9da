"""What can happen to an issued certificate: annulled, suspended, resumed, replaced, superseded by a duplicate.

Nothing is edited: each is a new statement that names the certificate by the hash of its leaf.
"""

from __future__ import annotations

from dataclasses import replace

from countermark.casework.find import content_of, ours, reference_to
from countermark.casework.issue import Issued, index_entry, issue_in_transaction, next_serials
from countermark.casework.ports import CertificateRow, Office
from countermark.casework.refusal import Refusal
from countermark.casework.rely import release_proofs
from countermark.casework.sign import SALT_BYTES, sign
from countermark.document.certificate import encode_certificate
from countermark.document.lifecycle import (
    Annulled,
    Effect,
    LegalStatus,
    Resumed,
    Suspended,
    encode_lifecycle,
    next_status,
)
from countermark.document.number import make_number


def annul(office: Office, number: str, *, reason: str, effect: Effect, officer: str) -> LegalStatus:
    """Withdraw a certificate; the partner is told by the log (CIS Rules 9.4). Raises Refusal."""
    return _state(office, number, "annulled", reason, officer, effect)


def suspend(office: Office, number: str, *, reason: str, officer: str) -> LegalStatus:
    """Nobody is to rely on the certificate until it is resumed. Raises Refusal."""
    return _state(office, number, "suspended", reason, officer)


def resume(office: Office, number: str, *, reason: str, officer: str) -> LegalStatus:
    """End a suspension. Raises Refusal."""
    return _state(office, number, "resumed", reason, officer)


def replace_certificate(office: Office, number: str, application_id: str, officer: str) -> Issued:
    """Issue a new certificate in place of one with errors (CIS Rules 8.3), from a corrected application. Raises Refusal."""
    with office.store.transaction():
        row = ours(office, number)
        status = _after(row, "replaced")
        reference = reference_to(row, content_of(office, row))
        release_proofs(office, number)
        (issued,) = issue_in_transaction(
            office, [application_id], officer, kind="replaced", sub=row.sub, replaces=reference
        )
        if not issued.new:
            raise Refusal(
                "issued-already",
                "The application has a certificate of its own. Apply again with the corrected data.",
            )
        if ours(office, issued.number).destination != row.destination:
            raise Refusal(
                "other-destination",
                f"Certificate {number} is for {row.destination}, the application for another party: nobody would tell"
                f" {row.destination}. Annul it, and issue a new certificate.",
            )
        office.store.register.set_status(row.leaf_hash, status.value)
    return issued


def duplicate(office: Office, number: str, *, reason: str, officer: str) -> Issued:
    """Issue a duplicate of a lost certificate: the same content, valid no longer than the original (CIS Rules 8.2)."""
    with office.store.transaction():
        row = ours(office, number)
        status = _after(row, "duplicate")
        original = content_of(office, row)
        today = office.clock.now().astimezone(office.zone).date()
        if today > original.valid_until:
            raise Refusal(
                "expired",
                f"Certificate {number} was valid until {original.valid_until}: a duplicate is valid no longer."
                " Apply for a new certificate.",
            )
        (serial,) = next_serials(office, today, 1)
        copy = replace(
            original,
            number=make_number(office.code, original.destination, today.year, office.body.id, serial),
            certified_on=today,
            officer=officer,
            duplicate_of=reference_to(row, original),
            remarks=(*original.remarks, reason),
        )
        content = encode_certificate(copy, office.ids.random(SALT_BYTES))
        new = sign(office, "duplicate", content, sub=row.sub, aud=row.destination)
        entry = index_entry(office.origin, new.leaf, row.sub, "duplicate", copy)
        office.store.statements.add([new])
        office.store.register.add_certificates([entry])
        office.store.register.set_status(row.leaf_hash, status.value)
    return Issued(entry.number, today, entry.sub, entry.leaf_hash)


def _state(
    office: Office, number: str, kind: str, reason: str, officer: str, effect: Effect = Effect.FROM_NOW
) -> LegalStatus:
    with office.store.transaction():
        row = ours(office, number)
        status = _after(row, kind)
        reference = reference_to(row, content_of(office, row))
        today = office.clock.now().astimezone(office.zone).date()
        said: Annulled | Suspended | Resumed
        match kind:
            case "annulled":
                said = Annulled(reference, reason, effect, officer, today)
            case "suspended":
                said = Suspended(reference, reason, officer, today)
            case _:
                said = Resumed(reference, reason, officer, today)
        content = encode_lifecycle(said, office.ids.random(SALT_BYTES))
        office.store.statements.add([sign(office, kind, content, sub=row.sub, aud=row.destination)])
        office.store.register.set_status(row.leaf_hash, status.value)
    return status


def _after(row: CertificateRow, kind: str) -> LegalStatus:
    """The status after this, by the life-cycle table. Raises Refusal if it cannot be done now."""
    status = next_status(LegalStatus(row.status), kind)
    if status is None:
        raise Refusal("wrong-status", f"Certificate {row.number} is {row.status}; it cannot be {kind} now.")
    return status
