"""What a partner's statement changes here: the register, the balances, the inquiries.

Effects are indexes of the statements' bytes and happen in the transaction that stores them. A statement whose
content is unreadable or contradicts what is known raises ``Unacceptable``: it is stored, listed as refused, and
changes nothing; the feed goes on. Certificates and uses come by the thousand: each run of them is judged first and
then written at once. Everything else works alone, taken back if it is refused halfway.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from types import MappingProxyType
from typing import TypeVar

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
from countermark.casework.sign import FAMILY
from countermark.casework.use import USE
from countermark.clearance.inquiry import read_reply, read_request
from countermark.clearance.use import inherit, limit, measure, read_used, scaled
from countermark.corridor.received import read_received
from countermark.document.certificate import Certificate, Reference, read_certificate
from countermark.document.errors import DocumentError
from countermark.document.lifecycle import LegalStatus, Void, next_status, read_lifecycle
from countermark.trust.certified import signer_faults, statement_faults
from countermark.trust.statement import Statement
from countermark.trust.tiles import TileReader
from countermark.trust.tree import consistency_proof, leaf_hash, verify_consistency
from countermark.trust.trustlist import Refusal as SignerRefused
from countermark.trust.trustlist import TrustHistory

T = TypeVar("T")

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

    @property
    def kind(self) -> str:
        return self.statement.header.kind


def take_effects(office: Office, entries: Iterable[Entry]) -> dict[int, str]:
    """Let the statements work, in their order; returns the codes of those refused, by index."""
    refused: dict[int, str] = {}
    for kind, run in groupby(entries, key=lambda entry: entry.kind):
        if kind in RUNS:
            refused |= RUNS[kind](office, run)
        elif kind in EFFECTS:
            refused |= _each(run, partial(_alone, office))[1]
    return refused


def _alone(office: Office, entry: Entry) -> None:
    with office.store.transaction():
        EFFECTS[entry.kind](office, entry)


def _each(run: Iterable[Entry], judge: Callable[[Entry], T]) -> tuple[list[T], dict[int, str]]:
    """What is found of each statement, and the codes of those that are refused for it."""
    found: list[T] = []
    refused: dict[int, str] = {}
    for entry in run:
        try:
            found.append(judge(entry))
        except (Unacceptable, DocumentError) as refusal:
            refused[entry.index] = refusal.code
    return found, refused


@dataclass(frozen=True, slots=True)
class _Original:
    """A certificate as it stands by itself, and what may be drawn of it."""

    index: int
    row: CertificateRow
    balances: tuple[BalanceRow, ...]


def _issued(office: Office, run: Iterable[Entry]) -> dict[int, str]:
    """Numbers and families are new, to the register and within the run."""
    register = office.store.register
    originals, refused = _each(run, partial(_original, office))
    numbers = {(r.party, r.number) for r in register.certificates(*(o.row.number for o in originals))}
    families = {r.sub for r in register.family(*(o.row.sub for o in originals))}
    new = []
    for original in originals:
        row = original.row
        if (row.party, row.number) in numbers:
            refused[original.index] = "number-used"
        elif row.sub in families:
            refused[original.index] = "family-has-original"
        else:
            numbers.add((row.party, row.number))
            families.add(row.sub)
            new.append(original)
    register.add_certificates([original.row for original in new])
    register.put_balances([balance for original in new for balance in original.balances])
    return refused


def _original(office: Office, entry: Entry) -> _Original:
    certificate = _certificate(office, entry)
    if not entry.sub.startswith(FAMILY):
        raise Unacceptable("family-name")
    if certificate.duplicate_of or certificate.replaces:
        raise Unacceptable("refers-to-earlier")
    over = office.agreement(certificate.agreement).quantity_over_pct
    balances = tuple(
        BalanceRow(ledger, entry.sub, item.item, m.unit, limit(scaled(m.value), extra))
        for item in certificate.items
        if (m := measure(item)) is not None
        for ledger, extra in ((USE, over), (RELIANCE, over * 0))
    )
    return _Original(entry.index, _index_entry(entry, certificate), balances)


def _duplicate(office: Office, entry: Entry) -> None:
    """The same goods again, valid no longer than before (CIS Rules 8.2)."""
    certificate = _certificate(office, entry)
    old = _supersede(office, entry, certificate.duplicate_of)
    original = read_certificate(_content(office, old.leaf_hash))[0]
    if certificate.items != original.items or certificate.valid_until > original.valid_until:
        raise Unacceptable("duplicate-differs")
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


def _used(office: Office, run: Iterable[Entry]) -> dict[int, str]:
    """Uses of our certificates, noted line by line."""
    entries = tuple(run)
    families = office.store.register.family(*(entry.sub for entry in entries))
    ours = {(r.leaf_hash, r.sub): r for r in families}

    def drawings(entry: Entry) -> list[DrawingRow]:
        used = read_used(entry.content)[0]
        _check_ours(office, ours.get((used.issued, entry.sub)), used.number, entry)
        cause = f"{used.office}/{used.declaration}"
        return [DrawingRow(REPORTED, entry.sub, line.item, line.quantity, cause) for line in used.lines]

    found, refused = _each(entries, drawings)
    office.store.register.note_drawings([row for rows in found for row in rows])
    return refused


def _request(office: Office, entry: Entry) -> None:
    request = read_request(entry.content)[0]
    family = office.store.register.family(entry.sub)
    row = next((r for r in family if r.leaf_hash == request.issued), None)
    _check_ours(office, row, request.number, entry)
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
        "duplicate": _duplicate,
        "replaced": _replaced,
        "annulled": _lifecycle,
        "suspended": _lifecycle,
        "resumed": _lifecycle,
        "void": _lifecycle,
        "verification-request": _request,
        "verification-reply": _reply,
        "received": _received,
    }
)
"""By kind of statement; a kind without an effect is stored and read where it is needed."""

RUNS: Mapping[str, Callable[[Office, Iterable[Entry]], dict[int, str]]] = MappingProxyType(
    {"issued": _issued, "used": _used}
)
"""The kinds whose statements work together."""


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
        agreement = office.agreement(certificate.agreement)
    except NoAgreement as error:
        raise Unacceptable("agreement-unknown") from error
    if certificate.form != agreement.form:
        raise Unacceptable("wrong-form")
    if not agreement.parties.issuperset(
        {certificate.party, certificate.destination, *(item.country for item in certificate.items)}
    ):
        raise Unacceptable("origin-no-party")
    listed = entry.history.in_force(entry.index)
    for fault in (
        *statement_faults(entry.statement, certificate),
        *signer_faults(certificate, signer, listed),
    ):
        raise Unacceptable(fault.code)
    return certificate


def _index_entry(entry: Entry, certificate: Certificate) -> CertificateRow:
    return index_entry(entry.statement.header.iss, entry.statement.leaf, entry.sub, entry.kind, certificate)


def _register(office: Office, entry: Entry, certificate: Certificate) -> None:
    register = office.store.register
    if any(row.party == certificate.party for row in register.certificates(certificate.number)):
        raise Unacceptable("number-used")
    register.add_certificates([_index_entry(entry, certificate)])


def _supersede(office: Office, entry: Entry, earlier: Reference | None) -> CertificateRow:
    """Give the certificate a statement refers to its next status, by the life-cycle table."""
    kind = entry.statement.header.kind
    rows = [
        r
        for r in office.store.register.family(entry.sub)
        if earlier and (r.leaf_hash, r.number) == (earlier.leaf_hash, earlier.number)
    ]
    if not rows or rows[0].origin != entry.statement.header.iss:
        raise Unacceptable("reference-unknown")
    status = next_status(LegalStatus(rows[0].status), kind)
    if status is None:
        raise Unacceptable("wrong-status")
    office.store.register.set_status(rows[0].leaf_hash, status.value)
    return rows[0]


def _check_ours(office: Office, row: CertificateRow | None, number: str, entry: Entry) -> None:
    ours = (office.origin, entry.partner.party, number)
    if row is None or (row.origin, row.destination, row.number) != ours:
        raise Unacceptable("not-our-certificate")


def _content(office: Office, leaf: bytes) -> bytes:
    found = office.store.statements.at(leaf)
    return found.content if found and found.content else b""
