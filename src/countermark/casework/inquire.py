"""Ask the exporting side whether a certificate is authentic, its data true, its goods originating; and answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from countermark.casework.find import content_of, theirs
from countermark.casework.ports import InquiryRow, Office, StatementRow
from countermark.casework.refusal import Answer, Refusal
from countermark.casework.sign import SALT_BYTES, sign
from countermark.clearance.inquiry import (
    InquiryState,
    ItemAnswer,
    Question,
    RequestKind,
    VerificationReply,
    VerificationRequest,
    deadline,
    encode_reply,
    encode_request,
    inquiry_state,
    read_reply,
    read_request,
)
from countermark.document.certificate import read_certificate
from countermark.rules.determination import Truth
from countermark.trust.statement import read as read_statement
from countermark.trust.tree import leaf_hash

ID_BYTES = 6


@dataclass(frozen=True, slots=True)
class Inquiry:
    """An inquiry with its request, and its reply if there is one."""

    row: InquiryRow
    request: VerificationRequest
    reply: VerificationReply | None
    state: InquiryState


def inquire(
    office: Office,
    number: str,
    dated: str,
    *,
    ground: str,
    words: str,
    questions: Sequence[Question],
    items: Sequence[int] = (),
) -> Inquiry:
    """Send a verification request; an empty ``ground`` makes it a random one. Raises Refusal."""
    with office.store.transaction():
        row = theirs(office, number, dated)
        certificate = content_of(office, row)
        known = [item.item for item in certificate.items]
        if not set(items) <= set(known):
            raise Refusal("no-item", f"Certificate {number} has the items {known} only.", Answer.BAD_REQUEST)
        today = office.clock.now().astimezone(office.zone).date()
        agreement = office.agreement(certificate.agreement)
        request = VerificationRequest(
            issued=row.leaf_hash,
            number=number,
            kind=RequestKind.REASONED if ground else RequestKind.RANDOM,
            ground=ground,
            words=words,
            questions=tuple(questions),
            items=tuple(sorted(items)) or tuple(known),
            copy=None,
            registered=today,
            deadline=deadline(today, False, agreement),
        )
        content = encode_request(request, office.ids.random(SALT_BYTES))
        new = sign(office, "verification-request", content, sub=row.sub, aud=row.party)
        office.store.statements.add([new])
        kept = InquiryRow(office.ids.random(ID_BYTES).hex(), True, row.party, number, leaf_hash(new.leaf))
        office.store.cases.add_inquiry(kept)
    return Inquiry(kept, request, None, InquiryState.OPEN)


def answer(
    office: Office,
    inquiry_id: str,
    *,
    authentic: Truth,
    data: Truth,
    items: Sequence[ItemAnswer],
    explanation: str,
) -> Inquiry:
    """Reply to a partner's request; a sufficient reply closes it. Raises Refusal."""
    with office.store.transaction():
        asked = show_inquiry(office, inquiry_id)
        if asked.row.ours:
            raise Refusal(
                "our-own-request",
                f"Inquiry {inquiry_id} is ours: the partner answers it.",
                Answer.BAD_REQUEST,
            )
        if asked.reply is not None:
            raise Refusal("answered-already", f"Inquiry {inquiry_id} was answered on {asked.reply.answered}.")
        reply = VerificationReply(
            request=asked.row.request,
            number=asked.row.number,
            answered=office.clock.now().astimezone(office.zone).date(),
            authentic=authentic,
            data=data,
            items=tuple(items),
            explanation=explanation,
            evidence=(),
        )
        content = encode_reply(reply, office.ids.random(SALT_BYTES))
        sub = read_statement(_statement(office, asked.row.request).leaf).header.sub
        new = sign(office, "verification-reply", content, sub=sub, aud=asked.row.partner)
        office.store.statements.add([new])
        kept = replace(asked.row, reply=leaf_hash(new.leaf))
        office.store.cases.update_inquiry(kept)
    return show_inquiry(office, inquiry_id)


def show_inquiry(office: Office, inquiry_id: str) -> Inquiry:
    """An inquiry as it stands today. Raises Refusal if there is none of this id."""
    for row in office.store.cases.inquiries(id=inquiry_id):
        return _inquiry(office, row)
    raise Refusal(
        "no-inquiry",
        f"There is no inquiry {inquiry_id}. Give the id shown when it was made.",
        Answer.BAD_REQUEST,
    )


def inquiries_of(office: Office, number: str) -> list[Inquiry]:
    """All inquiries on a certificate, ours and the partner's."""
    return [_inquiry(office, row) for row in office.store.cases.inquiries(number=number)]


def _inquiry(office: Office, row: InquiryRow) -> Inquiry:
    request = read_request(_content(office, row.request))[0]
    reply = read_reply(_content(office, row.reply))[0] if row.reply else None
    agreement = office.agreement(read_certificate(_content(office, request.issued))[0].agreement)
    today = office.clock.now().astimezone(office.zone).date()
    return Inquiry(row, request, reply, inquiry_state(request, reply, None, today, agreement))


def _statement(office: Office, leaf: bytes) -> StatementRow:
    found = office.store.statements.at(leaf)
    if found is None:
        raise LookupError(f"the inquiry names a statement that is not stored: {leaf.hex()}")
    return found


def _content(office: Office, leaf: bytes) -> bytes:
    content = _statement(office, leaf).content
    if content is None:
        raise Refusal("erased", "The content was erased after its retention ended.", Answer.CANNOT_TELL)
    return content
