"""How each corridor stands: both directions, what is on its way, what waits for an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from countermark.casework.inquire import Inquiry, show_inquiry
from countermark.casework.ports import HeadRow, Office, PartnerRow
from countermark.corridor.card import read_card
from countermark.corridor.conversation import State
from countermark.corridor.feed import SignedCheckpoint

MOST_PENDING = 10_000
"""Counting stops here."""


@dataclass(frozen=True, slots=True)
class Cosigned:
    """The newest cosignature on a log: the size it vouches for and the witness's time in Unix seconds."""

    size: int
    time: int


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Our log on its way to the partner."""

    received: int
    """How much of it the partner said it received."""
    cosigned: Cosigned | None
    """By the partner's witness."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """The partner's log as we follow it."""

    size: int
    """How much of it we hold."""
    root: bytes
    """Of what we hold; empty before the first page."""
    shown: int
    """The size of the newest checkpoint that was proved to us."""
    answered: int
    """How much of it our last ``received`` covers."""
    state: State
    fault: str
    """What was wrong last; of a fork, both checkpoints too."""
    cosigned: Cosigned | None
    """By our witness."""
    missing: tuple[int, ...]
    """Entries addressed to us whose content has not arrived."""
    refused: tuple[tuple[int, str], ...]
    """Entries that do not count, with the code that says why."""


@dataclass(frozen=True, slots=True)
class PartnerStatus:
    """One corridor."""

    party: str
    origin: str
    url: str
    outgoing: Outgoing
    incoming: Incoming
    to_answer: tuple[Inquiry, ...]
    """The partner's verification requests without our reply."""
    awaited: tuple[Inquiry, ...]
    """Ours without the partner's reply."""


@dataclass(frozen=True, slots=True)
class CorridorStatus:
    """Our log and every corridor it goes into."""

    party: str
    origin: str
    size: int
    root: bytes
    pending: int
    """Statements signed and not yet in the log."""
    today: date
    """In the party's zone: deadlines are judged by it."""
    partners: tuple[PartnerStatus, ...]


def corridor_status(office: Office) -> CorridorStatus:
    """The state of every corridor, as this party knows it."""
    head = office.store.logs.head(office.origin)
    return CorridorStatus(
        party=office.code,
        origin=office.origin,
        size=head.size if head else 0,
        root=head.root if head else b"",
        pending=len(office.store.statements.pending(office.origin, MOST_PENDING)),
        today=office.clock.now().astimezone(office.zone).date(),
        partners=tuple(_partner(office, row) for row in office.store.cases.partners()),
    )


def _partner(office: Office, row: PartnerRow) -> PartnerStatus:
    card = read_card(row.card)
    unanswered = [
        each for each in office.store.cases.inquiries() if each.partner == row.party and not each.reply
    ]
    shown = [show_inquiry(office, each.id) for each in unanswered]
    return PartnerStatus(
        party=row.party,
        origin=row.origin,
        url=card.url,
        outgoing=Outgoing(row.received_size, _cosigned(office, office.origin, card.witness.name)),
        incoming=_incoming(office, row),
        to_answer=tuple(each for each in shown if not each.row.ours),
        awaited=tuple(each for each in shown if each.row.ours),
    )


def _incoming(office: Office, row: PartnerRow) -> Incoming:
    head = office.store.logs.head(row.origin)
    size = head.size if head else 0
    statements = office.store.statements
    return Incoming(
        size=size,
        root=head.root if head else b"",
        shown=_shown(head),
        answered=row.answered_size,
        state=State(row.state),
        fault=row.fault,
        cosigned=_cosigned(office, row.origin, office.witness.name),
        missing=tuple(statements.missing(row.origin, office.code, 0, size)),
        refused=tuple(statements.refused(row.origin, 0, size)),
    )


def _shown(head: HeadRow | None) -> int:
    return SignedCheckpoint.read(head.note.encode()).checkpoint.size if head and head.note else 0


def _cosigned(office: Office, origin: str, witness: str) -> Cosigned | None:
    row = office.store.logs.last_cosigned(origin, witness)
    return Cosigned(row.size, row.time) if row else None
