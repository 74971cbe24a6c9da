"""Issue certificates: only for goods that originate, each with the next number of its series, in one transaction.

The number, the certificate's content, the signed leaf and what it draws from other certificates are stored together
(trust.md, write 0): a crash leaves all of it or nothing, so a series has no gap and no certificate is half issued.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from countermark.casework.decide import Decided, determine_now, find, keep
from countermark.casework.draft import draft_certificate
from countermark.casework.ports import CertificateRow, NewStatement, Office
from countermark.casework.refusal import Answer, Refusal
from countermark.casework.rely import draw_on_proofs
from countermark.casework.sign import SALT_BYTES, new_subject, sign
from countermark.document.certificate import Certificate, Reference, encode_certificate
from countermark.document.lifecycle import LegalStatus
from countermark.document.number import series
from countermark.rules.determination import Condition, Truth, Verdict
from countermark.trust.tree import leaf_hash


@dataclass(frozen=True, slots=True)
class Issued:
    """An issued certificate; ``new`` is false when the application had it already."""

    number: str
    dated: date
    sub: str
    leaf_hash: bytes
    new: bool = True


def issue(office: Office, application_ids: Sequence[str], officer: str) -> list[Issued]:
    """Issue one certificate per application, all or none. Raises Refusal naming the application that stands in the way."""
    with office.store.transaction():
        return issue_in_transaction(office, application_ids, officer)


def issue_in_transaction(
    office: Office,
    application_ids: Sequence[str],
    officer: str,
    *,
    kind: str = "issued",
    sub: str = "",
    replaces: Reference | None = None,
) -> list[Issued]:
    """As ``issue``, inside the caller's transaction; a replacement keeps its family's ``sub``."""
    rows = [find(office, application_id) for application_id in dict.fromkeys(application_ids)]
    done = {row.id: _issued_before(office, row.number) for row in rows if row.state == "issued"}
    decided = [determine_now(office, row) for row in rows if row.id not in done]
    today = office.clock.now().astimezone(office.zone).date()
    for each in decided:
        check_may_issue(each, today)
        draw_on_proofs(office, each)
    serials = next_serials(office, today, len(decided))
    certificates = [
        (draft_certificate(office, each, serial, today, officer, replaces), sub or new_subject(office))
        for each, serial in zip(decided, serials, strict=True)
    ]
    for each, issued in zip(decided, _store(office, certificates, kind), strict=True):
        done[each.row.id] = issued
    office.store.cases.update_applications(
        [replace(keep(d), state="issued", number=done[d.row.id].number) for d in decided]
    )
    return [done[application_id] for application_id in application_ids]


def check_may_issue(decided: Decided, today: date) -> None:
    """Raises Refusal unless every good originates and nothing else stands in the way of issue."""
    name = f"Application {decided.row.id} ({decided.application.reference})"
    for good, found in zip(decided.application.goods, decided.determinations, strict=True):
        if found.verdict is Verdict.NOT_ORIGINATING:
            raise Refusal(
                "not-originating",
                f"{name}: item {good.item} does not originate under {found.rule}. No certificate can be issued for it.",
            )
        if found.verdict is Verdict.UNDETERMINED or not found.box9:
            raise Refusal(
                "undetermined",
                f"{name}: the origin of item {good.item}, or its criterion, cannot be told yet. Answer the open"
                " questions, then issue.",
                Answer.CANNOT_TELL,
                tuple(question.id for question in found.questions),
            )
        _check_conditions(name, good.item, found.conditions)
    departure = decided.application.departure
    if departure is not None and departure < today and decided.application.retrospective is None:
        raise Refusal(
            "exported-already",
            f"{name}: the goods left on {departure}. Apply for retrospective issue, with its reason and the proof of export.",
        )


def _check_conditions(name: str, item: int, conditions: Sequence[Condition]) -> None:
    """Those known at issue only: one that can only be known at import never blocks issue (rules.md)."""
    for condition in conditions:
        if condition.phase != "issue" or condition.met is Truth.YES:
            continue
        if condition.met is Truth.NO:
            raise Refusal(
                "condition-fails",
                f"{name}: item {item} does not meet the condition of {condition.kind}; a general-form certificate may serve.",
            )
        raise Refusal(
            "condition-open",
            f"{name}: item {item}: is the condition of {condition.kind} met? Answer it in the application.",
            Answer.CANNOT_TELL,
        )


def next_serials(office: Office, today: date, count: int) -> range:
    """Take the next numbers of this year's series, in the caller's transaction: all of them are used or none."""
    if not count:
        return range(0)
    first = office.store.register.next_numbers(series(office.body.id, today.year), count)
    return range(first, first + count)


def _store(office: Office, certificates: Sequence[tuple[Certificate, str]], kind: str) -> list[Issued]:
    """Sign and store the certificates with their index entries."""
    made: list[tuple[NewStatement, CertificateRow]] = []
    for certificate, sub in certificates:
        content = encode_certificate(certificate, office.ids.random(SALT_BYTES))
        new = sign(office, kind, content, sub=sub, aud=certificate.destination)
        made.append((new, index_entry(office.origin, new.leaf, sub, kind, certificate)))
    office.store.statements.add([new for new, _ in made])
    office.store.register.add_certificates([entry for _, entry in made])
    return [
        Issued(entry.number, certificate.certified_on, entry.sub, entry.leaf_hash)
        for (_, entry), (certificate, _) in zip(made, certificates, strict=True)
    ]


def index_entry(origin: str, leaf: bytes, sub: str, kind: str, certificate: Certificate) -> CertificateRow:
    """The index entry of a certificate statement, ours or received."""
    return CertificateRow(
        leaf_hash=leaf_hash(leaf),
        origin=origin,
        sub=sub,
        number=certificate.number,
        dated=certificate.certified_on.isoformat(),
        kind=kind,
        party=certificate.party,
        destination=certificate.destination,
        status=LegalStatus.VALID.value,
    )


def _issued_before(office: Office, number: str) -> Issued:
    row = next(r for r in office.store.register.certificates(number) if r.origin == office.origin)
    return Issued(row.number, date.fromisoformat(row.dated), row.sub, row.leaf_hash, new=False)
