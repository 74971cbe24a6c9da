"""What a partner's statement changes here: the register, the balances, the inquiries.

Effects are indexes of the statements' bytes and happen in the transaction that stores them. A statement whose
content is unreadable or contradicts what is known raises ``Unacceptable``: it is stored, listed as refused, and
changes nothing; the feed goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from countermark.casework.issue import index_entry
from countermark.casework.ports import (
    BalanceRow,
    CertificateRow,
    DrawingRow,
    InquiryRow,
    NoAgreement,
    Office,
    PartnerRow,
)
from countermark.casework.rely import RELIANCE
from countermark.casework.use import USE
from countermark.clearance.inquiry import read_reply, read_request
from countermark.clearance.use import inherit, limit, measure, read_used, scaled
from countermark.corridor.received import read_received
from countermark.document.certificate import Certificate, Reference, read_certificate
from countermark.document.consistent import contradictions
from countermark.document.lifecycle import LegalStatus, Void, next_status, read_lifecycle
from countermark.trust.statement import Statement
from countermark.trust.tiles import TileReader
from countermark.trust.tree import consistency_proof, leaf_hash, verify_consistency
from countermark.trust.trustlist import Refusal as SignerRefused
from countermark.trust.trustlist import TrustHistory

REPORTED = "reported"
"""The ledger of what partners said they used of our certificates."""


class Unacceptable(ValueError):
    """The statement is refused; the code is listed in our ``received``."""

    @property
    def code(self) -> str:
        return str(self)


@dataclass(frozen=True, slots=True)
class Entry:
    """A verified statement of a partner's log that is addressed to us, with its content."""

    partner: PartnerRow
    statement: Statement
    content: bytes
    index: int
    history: TrustHistory

    @property
    def sub(self) -> str:
        return self.statement.header.sub


def take_effect(office: Office, entry: Entry) -> None:
    """Let the statement work. Raises Unacceptable, or DocumentError for an unreadable content."""
    effect = EFFECTS.get(entry.statement.header.kind)
    if effect is not None:
        effect(office, entry)


def _issued(office: Office, entry: Entry) -> None:
    certificate = _certificate(office, entry)
    if certificate.duplicate_of or certificate.replaces:
        raise Unacceptable("refers-to-earlier")
    if office.store.register.family(entry.sub):
        raise Unacceptable("family-has-original")
    _register(office, entry, certificate)
    agreement = office.agreement(certificate.agreement)
    rows = [
        BalanceRow(ledger, entry.sub, item.item, m.unit, limit(scaled(m.value), over))
        for item in certificate.items
        if (m := measure(item)) is not None
        for ledger, over in ((USE, agreement.quantity_over_pct), (RELIANCE, agreement.quantity_over_pct * 0))
    ]
    office.store.register.put_balances(rows)


def _duplicate(office: Office, entry: Entry) -> None:
    certificate = _certificate(office, entry)
    _supersede(office, entry, certificate.duplicate_of)
    _register(office, entry, certificate)


def _replaced(office: Office, entry: Entry) -> None:
    """The new items inherit what was used of the old (corridor.md, family)."""
    certificate = _certificate(office, entry)
    old = _supersede(office, entry, certificate.replaces)
    _register(office, entry, certificate)
    over = office.agreement(certificate.agreement).quantity_over_pct
    before = read_certificate(_content(office, old.leaf_hash))[0]
    for ledger, extra in ((USE, over), (RELIANCE, over * 0)):
        drawn = {b.item: b.drawn for b in office.store.register.balances(ledger, entry.sub)}
        inherited = inherit(before.items, certificate.items, drawn)
        closed = [
            BalanceRow(ledger, entry.sub, item, "", drawn[item], drawn[item]) for item in inherited.unplaced
        ]
        rows = [
            BalanceRow(ledger, entry.sub, item.item, m.unit, max(limit(scaled(m.value), extra), used), used)
            for item in certificate.items
            if (m := measure(item)) is not None
            for used in (inherited.used.get(item.item, 0),)
        ]
        office.store.register.put_balances([*closed, *rows])


def _lifecycle(office: Office, entry: Entry) -> None:
    content = read_lifecycle(entry.statement.header.kind, entry.content)[0]
    if not isinstance(content, Void):
        _supersede(office, entry, content.certificate)


def _used(office: Office, entry: Entry) -> None:
    used = read_used(entry.content)[0]
    _our_certificate(office, used.issued, entry)
    cause = f"{used.office}/{used.declaration}"
    office.store.register.note_drawings(
        [DrawingRow(REPORTED, entry.sub, line.item, line.quantity, cause) for line in used.lines]
    )


def _request(office: Office, entry: Entry) -> None:
    request = read_request(entry.content)[0]
    _our_certificate(office, request.issued, entry)
    leaf = leaf_hash(entry.statement.leaf)
    office.store.cases.add_inquiry(
        InquiryRow(leaf.hex()[:12], False, entry.partner.party, request.number, leaf)
    )


def _reply(office: Office, entry: Entry) -> None:
    reply = read_reply(entry.content)[0]
    for inquiry in office.store.cases.inquiries(number=reply.number):
        if inquiry.ours and inquiry.request == reply.request and inquiry.partner == entry.partner.party:
            office.store.cases.update_inquiry(
                InquiryRow(
                    inquiry.id,
                    True,
                    inquiry.partner,
                    inquiry.number,
                    inquiry.request,
                    leaf_hash(entry.statement.leaf),
                )
            )
            return
    raise Unacceptable("answers-nothing")


def _received(office: Office, entry: Entry) -> None:
    received = read_received(entry.content)[0]
    head = office.store.logs.head(office.origin)
    if received.origin != office.origin or head is None or received.size > head.size:
        raise Unacceptable("received-not-ours")
    # The root it names must be ours at that size: another one is a split view of our own log.
    read = TileReader(office.tiles.read, head.size)
    proof = consistency_proof(received.size, head.size, read) if received.size else ()
    if not verify_consistency(received.size, head.size, received.root, head.root, proof):
        raise Unacceptable("received-other-root")
    office.store.cases.note_received(entry.partner.party, received.size)


EFFECTS: Mapping[str, Callable[[Office, Entry], None]] = MappingProxyType(
    {
        "issued": _issued,
        "duplicate": _duplicate,
        "replaced": _replaced,
        "annulled": _lifecycle,
        "suspended": _lifecycle,
        "resumed": _lifecycle,
        "void": _lifecycle,
        "used": _used,
        "verification-request": _request,
        "verification-reply": _reply,
        "received": _received,
    }
)
"""By kind of statement; a kind without an effect is stored and read where it is needed."""


def _certificate(office: Office, entry: Entry) -> Certificate:
    certificate = read_certificate(entry.content)[0]
    if (certificate.party, certificate.destination) != (entry.partner.party, office.code):
        raise Unacceptable("other-parties")
    signer = entry.history.signer(
        entry.statement, entry.index, form=certificate.form, agreement=certificate.agreement
    )
    if isinstance(signer, SignerRefused):
        raise Unacceptable(signer.code)
    try:
        office.agreement(certificate.agreement)
    except NoAgreement as error:
        raise Unacceptable("agreement-unknown") from error
    for contradiction in contradictions(certificate):
        raise Unacceptable(contradiction.code)
    if any(row.party == certificate.party for row in office.store.register.certificates(certificate.number)):
        raise Unacceptable("number-used")
    return certificate


def _register(office: Office, entry: Entry, certificate: Certificate) -> None:
    header = entry.statement.header
    row = index_entry(header.iss, entry.statement.leaf, header.sub, header.kind, certificate)
    office.store.register.add_certificates([row])


def _supersede(office: Office, entry: Entry, earlier: Reference | None) -> CertificateRow:
    """Give the certificate a statement refers to its next status, by the life-cycle table."""
    kind = entry.statement.header.kind
    rows = [
        r for r in office.store.register.family(entry.sub) if earlier and r.leaf_hash == earlier.leaf_hash
    ]
    if not rows or rows[0].origin != entry.statement.header.iss:
        raise Unacceptable("reference-unknown")
    status = next_status(LegalStatus(rows[0].status), kind)
    if status is None:
        raise Unacceptable("wrong-status")
    office.store.register.set_status(rows[0].leaf_hash, status.value)
    return rows[0]


def _our_certificate(office: Office, issued: bytes, entry: Entry) -> None:
    rows = [r for r in office.store.register.family(entry.sub) if r.leaf_hash == issued]
    if not rows or rows[0].origin != office.origin or rows[0].destination != entry.partner.party:
        raise Unacceptable("not-our-certificate")


def _content(office: Office, leaf: bytes) -> bytes:
    found = office.store.statements.at(leaf)
    return found.content if found and found.content else b""
