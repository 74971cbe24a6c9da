"""Decides where a verification request stands, and which grounds of refusal are open on a day.

A doubt is asked of the exporting side; it has a term to answer. Where the agreement says so, silence or an
insufficient answer must be asked again, and only the second silence opens a refusal (CIS Rules 9-1, 9.2).
Grounds that can be seen in the document or the log need no request at all (CIS Rules 9.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from countermark.clearance.validity import last_day
from countermark.document.certificate import MAX_ITEMS, NUMBER
from countermark.document.parts import DATE, ascii_text, choice, digest, text, whole
from countermark.document.shape import Part, Unfit, array, maybe, read_content, record, write_content
from countermark.rules.agreement import Agreement
from countermark.rules.determination import Truth


class Ground(StrEnum):
    """Why preference is refused; the clause of the agreement is named beside it.

    Append only: the number of a ground in a ``refused`` statement is its place here, counted from 1.
    """

    CONDITIONS = "conditions-not-met"
    """Direct purchase, direct delivery or another condition of treatment (CIS Rules 5.1)."""
    NOT_SHOWN = "not-shown"
    """The original was demanded with cause and not shown."""
    FORMAL = "formal-defect"
    SPECIMEN = "unlike-specimen"
    NOT_IDENTIFIED = "goods-not-identified"
    EXPIRED = "expired"
    LATE = "late-without-mark"
    """Issued after export without saying so (CIS Rules 8.1)."""
    COUNTRY = "other-country"
    EXCESS = "excess-quantity"
    WITHDRAWN = "annulled-or-replaced"
    SUSPENDED = "suspended"
    NOT_ISSUED = "not-issued"
    """The exporting side confirms that it did not issue the certificate, or on false papers."""
    UNTRUE = "data-untrue"
    NOT_ORIGINATING = "not-originating"
    NO_ANSWER = "no-answer"
    """No answer, or no sufficient one, in the last term there is."""
    VISIT = "visit-refused"


class Needs(StrEnum):
    """What must have happened before a ground may be used."""

    NOTHING = "nothing"
    REQUEST = "a request"
    ANSWER = "an answer that says so"
    SILENCE = "silence to the last request due"


NEEDS: Mapping[Ground, Needs] = dict.fromkeys(Ground, Needs.NOTHING) | {
    Ground.NOT_ISSUED: Needs.ANSWER,
    Ground.UNTRUE: Needs.ANSWER,
    Ground.NOT_ORIGINATING: Needs.ANSWER,
    Ground.NO_ANSWER: Needs.SILENCE,
    Ground.VISIT: Needs.REQUEST,
}


class RequestKind(StrEnum):
    """Why the question is asked at all."""

    REASONED = "reasoned"
    RANDOM = "random"


class Question(StrEnum):
    """What a request may bear on (CIS Rules 9-1)."""

    AUTHENTICITY = "authenticity"
    DATA = "data"
    CRITERION = "criterion"


@dataclass(frozen=True, slots=True)
class VerificationRequest:
    """The content of a verification request: what is doubted, and until when an answer is due."""

    issued: bytes
    """Leaf hash of the certificate's statement."""
    number: str
    kind: RequestKind
    ground: str
    """Code of the doubt, such as the field that differs; empty for a random request."""
    words: str
    questions: tuple[Question, ...]
    items: tuple[int, ...]
    """The certificate's items asked about."""
    copy: bytes | None
    """SHA-256 of the copy sent along, where paper was shown."""
    registered: date
    """The day customs registered the request: terms run from it."""
    deadline: date
    repeat_of: bytes | None = None
    """Leaf hash of the first request, where this one repeats it."""


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """Whether one item meets the criterion."""

    item: int
    originating: Truth


@dataclass(frozen=True, slots=True)
class VerificationReply:
    """The content of the answer; what is not said is unknown, and unknown is no answer."""

    request: bytes
    """Leaf hash of the request's statement."""
    number: str
    answered: date
    authentic: Truth
    data: Truth
    """Whether the data asked about are true."""
    items: tuple[ItemAnswer, ...]
    explanation: str
    evidence: tuple[bytes, ...]
    """SHA-256 of the documents sent along."""


class InquiryState(StrEnum):
    """The axis of one inquiry."""

    OPEN = "open"
    ANSWERED = "answered"
    REPEAT_DUE = "overdue: repeat due"
    REPEATED = "repeated"
    REFUSAL_POSSIBLE = "overdue: refusal possible"


def deadline(registered: date, repeat: bool, agreement: Agreement) -> date:
    """The last day for an answer to a request, or to its repetition, registered on a day."""
    months = agreement.verification_repeat_months if repeat else agreement.verification_months
    return last_day(registered, months)


def sufficient(request: VerificationRequest, reply: VerificationReply) -> bool:
    """Whether the reply answers every question asked, for every item asked about (CIS Rules 9-1)."""
    answers = {answer.item: answer.originating for answer in reply.items}
    said = {
        Question.AUTHENTICITY: reply.authentic,
        Question.DATA: reply.data,
        Question.CRITERION: Truth.UNKNOWN
        if any(answers.get(item, Truth.UNKNOWN) is Truth.UNKNOWN for item in request.items)
        else Truth.YES,
    }
    # What is not authentic has no true data and no criterion left to answer for.
    return reply.authentic is Truth.NO or all(said[q] is not Truth.UNKNOWN for q in request.questions)


def inquiry_state(
    request: VerificationRequest,
    reply: VerificationReply | None,
    repeat: VerificationRequest | None,
    today: date,
    agreement: Agreement,
) -> InquiryState:
    """Where an inquiry stands on a day; ``reply`` is the latest to either request.

    Where the agreement demands no repetition, the first silence opens the refusal.
    """
    if reply is not None and sufficient(request, reply):
        return InquiryState.ANSWERED
    if repeat is not None:
        over = today > deadline(repeat.registered, True, agreement)
        return InquiryState.REFUSAL_POSSIBLE if over else InquiryState.REPEATED
    if today <= deadline(request.registered, False, agreement):
        return InquiryState.OPEN
    if agreement.verification_repeat_mandatory:
        return InquiryState.REPEAT_DUE
    return InquiryState.REFUSAL_POSSIBLE


def may_refuse(
    ground: Ground, items: Iterable[int], state: InquiryState | None, reply: VerificationReply | None
) -> bool:
    """Whether the ground may be used for the items now; ``state`` is ``None`` where nothing was asked."""
    match NEEDS[ground]:
        case Needs.NOTHING:
            return True
        case Needs.REQUEST:
            return state is not None
        case Needs.SILENCE:
            return state is InquiryState.REFUSAL_POSSIBLE
        case Needs.ANSWER:
            return reply is not None and _says(ground, items, reply)


def _says(ground: Ground, items: Iterable[int], reply: VerificationReply) -> bool:
    denied = {answer.item for answer in reply.items if answer.originating is Truth.NO}
    return {
        Ground.NOT_ISSUED: reply.authentic is Truth.NO,
        Ground.UNTRUE: reply.data is Truth.NO,
        Ground.NOT_ORIGINATING: denied.issuperset(items),
    }[ground]


ITEM = whole(1, MAX_ITEMS)
_TRUTH = choice({Truth.NO: 0, Truth.YES: 1, Truth.UNKNOWN: 2})


def _check_request(request: VerificationRequest) -> None:
    if (request.kind is RequestKind.RANDOM) == bool(request.ground):
        raise Unfit("request-ground", "A reasoned request has a ground, a random one has none")
    for asked in (list(request.items), [list(Question).index(q) for q in request.questions]):
        if not asked or asked != sorted(set(asked)):
            raise Unfit("request-asks", "A request names its questions and items in order, once each")
    if request.deadline < request.registered:
        raise Unfit("request-deadline", "The deadline lies before the registration")


def _check_reply(reply: VerificationReply) -> None:
    items = [answer.item for answer in reply.items]
    if items != sorted(set(items)):
        raise Unfit("reply-items", "The items answered for do not stand in order, once each")


_REQUEST: Part[VerificationRequest] = record(
    VerificationRequest,
    issued=digest(),
    number=NUMBER,
    kind=choice({RequestKind.REASONED: 1, RequestKind.RANDOM: 2}),
    ground=maybe(ascii_text("[a-z0-9][a-z0-9-]{0,39}", "a code such as heading"), ""),
    words=text(4000),
    questions=array(choice({Question.AUTHENTICITY: 1, Question.DATA: 2, Question.CRITERION: 3}), 3),
    items=array(ITEM, MAX_ITEMS),
    copy=maybe(digest()),
    registered=DATE,
    deadline=DATE,
    repeat_of=maybe(digest()),
)
_REPLY: Part[VerificationReply] = record(
    VerificationReply,
    request=digest(),
    number=NUMBER,
    answered=DATE,
    authentic=_TRUTH,
    data=_TRUTH,
    items=maybe(array(record(ItemAnswer, item=ITEM, originating=_TRUTH), MAX_ITEMS), ()),
    explanation=text(20_000),
    evidence=maybe(array(digest(), 100), ()),
)


def encode_request(request: VerificationRequest, salt: bytes) -> bytes:
    """The content to sign; ``salt`` is 16 random bytes. Raises ``DocumentError`` if it asks nothing."""
    _check_request(request)
    return write_content(_REQUEST, request, salt)


def read_request(content: bytes) -> tuple[VerificationRequest, bytes]:
    """The request and its salt; raises ``DocumentError`` for anything ``encode_request`` cannot give."""
    request, salt = read_content(_REQUEST, content)
    _check_request(request)
    return request, salt


def encode_reply(reply: VerificationReply, salt: bytes) -> bytes:
    """The content to sign; ``salt`` is 16 random bytes. Raises ``DocumentError`` if an item is twice."""
    _check_reply(reply)
    return write_content(_REPLY, reply, salt)


def read_reply(content: bytes) -> tuple[VerificationReply, bytes]:
    """The reply and its salt; raises ``DocumentError`` for anything ``encode_reply`` cannot give."""
    reply, salt = read_content(_REPLY, content)
    _check_reply(reply)
    return reply, salt
