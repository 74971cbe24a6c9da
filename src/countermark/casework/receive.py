"""Follow a partner's log: verify, store, cosign, say what was received.

The log's index is the offset, so every entry is taken exactly once: leaf, content, effects and the new edge are
written in one transaction. Only then is the newest checkpoint cosigned, and ``received`` queued in our own log.
After a crash anywhere, following goes on from the edge that was stored.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from countermark.casework.cosign import cosign_newest
from countermark.casework.effects import Entry, take_effects
from countermark.casework.ports import HeadRow, NewStatement, Office, PartnerRow
from countermark.casework.sign import SALT_BYTES, sign
from countermark.corridor.card import Card, read_card
from countermark.corridor.conversation import State, event_of, step
from countermark.corridor.feed import Accepted, Arrival, Fault, Follower, SignedCheckpoint, accept
from countermark.corridor.received import MOST_LISTED, Received, RefusedEntry, encode_received
from countermark.document.encode import decode, encode
from countermark.trust import statement
from countermark.trust.kinds import KINDS, Role
from countermark.trust.time import Interval, Timing, judge_time
from countermark.trust.tree import Edge
from countermark.trust.trustlist import Refusal as SignerRefused
from countermark.trust.trustlist import TrustHistory

LIMIT = 256
EDGE_LIMIT = 64 * 40
IDLE_SECONDS = 3600
"""After so long the newest checkpoint is cosigned again (trust.md, trusted time)."""


class Feed(Protocol):
    """A partner's server."""

    def feed(self, first: int, limit: int) -> bytes: ...
    def bring_cosignature(self, origin: str, note: str) -> None: ...


def follow(office: Office, party: str, feed: Feed) -> Fault | None:
    """Take everything new, cosign it, answer it. A fault is kept with the partner and told; asking again is harmless."""
    while True:
        partner = office.store.cases.partner(party)
        if partner is None or partner.state == State.FORKED:
            return None
        head = office.store.logs.head(partner.origin)
        outcome = receive_page(office, partner, feed.feed(head.size if head else 0, LIMIT))
        if isinstance(outcome, Fault):
            return outcome
        if not (outcome.behind and outcome.arrivals):
            break
    if _unanswered(office, party) or _idle(office, partner.origin):
        note = cosign_newest(office, partner.origin)
        if note is not None:
            feed.bring_cosignature(partner.origin, note)
        acknowledge(office, party)
    return None


def _idle(office: Office, origin: str) -> bool:
    """Whether our last word on this log is an hour old: entries after a quiet week must be proved later than it."""
    last = office.store.logs.last_cosigned(origin, office.witness.name)
    return last is not None and office.clock.now().timestamp() - last.time >= IDLE_SECONDS


def _unanswered(office: Office, party: str) -> bool:
    """Whether entries came that were neither cosigned nor answered."""
    partner = office.store.cases.partner(party)
    head = partner and office.store.logs.head(partner.origin)
    return bool(partner and head and head.size > partner.answered_size and partner.state != State.FORKED)


def receive_page(office: Office, partner: PartnerRow, data: bytes) -> Accepted | Fault:
    """Judge a page and store what it brings, in one transaction."""
    card = read_card(partner.card)
    with office.store.transaction():
        # Read again, alone: what another worker found out meanwhile stands, a fork above all.
        partner = office.store.cases.partner(partner.party) or partner
        if partner.state == State.FORKED:
            return Fault("forked", partner.fault)
        head = office.store.logs.head(partner.origin)
        outcome = accept(data, _follower(office, partner, head), card.log_key)
        state = step(State(partner.state), event_of(outcome))
        fault = _fault_text(outcome) if isinstance(outcome, Fault) else ""
        if (state.value, fault) != (partner.state, partner.fault):
            office.store.cases.put_partner(replace(partner, state=state.value, fault=fault))
        if isinstance(outcome, Accepted) and outcome.arrivals:
            _take_in(office, partner, card, outcome.arrivals)
        if isinstance(outcome, Accepted) and (outcome.arrivals or outcome.joined):
            _advance(office, partner.origin, head, outcome.follower)
    return outcome


def _fault_text(fault: Fault) -> str:
    """The fault in words; of a fork, both signed checkpoints too: they are the evidence."""
    return "\n\n".join((fault.sentence, *(signed.note.bytes.decode() for signed in fault.evidence)))


def acknowledge(office: Office, party: str) -> None:
    """Say ``received`` for what came since the last time; what is only ``received`` itself gets no answer."""
    with office.store.transaction():
        partner = office.store.cases.partner(party)
        head = partner and office.store.logs.head(partner.origin)
        if not partner or not head or head.size <= partner.answered_size or not _complete(head):
            return
        first, end = partner.answered_size, head.size
        statements = office.store.statements
        if statements.kinds(partner.origin, first, end) - {"received"}:
            content = Received(
                origin=partner.origin,
                size=end,
                root=head.root,
                missing=tuple(statements.missing(partner.origin, office.code, first, end)[:MOST_LISTED]),
                refused=tuple(
                    RefusedEntry(*r) for r in statements.refused(partner.origin, first, end)[:MOST_LISTED]
                ),
            )
            encoded = encode_received(content, office.ids.random(SALT_BYTES))
            sub = f"log:{partner.origin}"
            statements.add([sign(office, "received", encoded, sub=sub, aud=partner.party)])
        office.store.cases.put_partner(replace(partner, answered_size=end))


def trust_history(office: Office, origin: str, card: Card) -> TrustHistory:
    """The partner's trust lists so far, from the statements we hold."""
    history = TrustHistory(card.roots)
    for row in office.store.statements.public(origin):
        if row.content is not None and row.index is not None and not row.refusal:
            history.feed(row.index, statement.read(row.leaf), row.content)
    return history


def _take_in(office: Office, partner: PartnerRow, card: Card, arrivals: tuple[Arrival, ...]) -> None:
    """Store every arrival; let the good ones take effect, in order. A refused one takes its place and does nothing."""
    history = trust_history(office, partner.origin, card)
    interval = _interval(office, partner.origin)
    statements = office.store.statements
    seen = statements.seen(partner.origin, [a.statement.header.cti for a in arrivals if a.statement])
    refusals = [a.refusal or _judge(history, a, seen, interval) for a in arrivals]
    statements.add([_row(partner.origin, a, refusal) for a, refusal in zip(arrivals, refusals, strict=True)])
    good = [
        Entry(partner, a.statement, a.content, a.index, history)
        for a, refusal in zip(arrivals, refusals, strict=True)
        if not refusal and a.statement is not None and a.content is not None
    ]
    for index, code in take_effects(office, good).items():
        statements.refuse(partner.origin, index, code)


def _judge(history: TrustHistory, arrival: Arrival, seen: set[bytes], interval: Interval) -> str:
    """A code if the statement does not count: its identifier, its time, its signer, its signature."""
    found = arrival.statement
    if found is None:
        return "no-statement"
    if found.header.cti in seen:
        return "statement-twice"
    seen.add(found.header.cti)
    timing = judge_time(found.header.iat, interval)
    if timing in (Timing.BACK_DATED, Timing.FORWARD_DATED):
        return timing.value
    if Role.ROOT in KINDS[found.header.kind].roles:
        refused = history.feed(arrival.index, found, arrival.content or b"")
        return refused.code if refused else ""
    signer = history.signer(found, arrival.index)
    if isinstance(signer, SignerRefused):
        return signer.code
    return "" if statement.verify(found, signer.key) else "signature"


def _interval(office: Office, origin: str) -> Interval:
    """New entries were signed after our last cosignature, and before now."""
    last = office.store.logs.last_cosigned(origin, office.witness.name)
    return Interval(last.time if last else None, int(office.clock.now().timestamp()))


def _row(origin: str, arrival: Arrival, refusal: str) -> NewStatement:
    header = arrival.statement.header if arrival.statement else None
    return NewStatement(origin, arrival.index, header, arrival.leaf, arrival.content, refusal)


def _follower(office: Office, partner: PartnerRow, head: HeadRow | None) -> Follower:
    if head is None:
        return Follower(partner.origin, office.code, Edge())
    size, peaks = decode(head.edge, limit=EDGE_LIMIT)
    seen = SignedCheckpoint.read(head.note.encode()) if head.note else None
    return Follower(partner.origin, office.code, Edge(size, tuple(peaks)), seen)


def _advance(office: Office, origin: str, head: HeadRow | None, follower: Follower) -> None:
    """Keep the edge and the newest checkpoint proved; by compare-and-set, so two workers never both advance."""
    seen = follower.seen
    new = HeadRow(
        origin=origin,
        version=head.version + 1 if head else 1,
        size=follower.edge.size,
        root=follower.edge.root(),
        note=seen.note.bytes.decode() if seen else "",
        edge=encode([follower.edge.size, list(follower.edge.peaks)]),
        files=b"",
    )
    if head is None or (new.size, new.note) != (head.size, head.note):
        office.store.logs.swap(head, new)


def _complete(head: HeadRow) -> bool:
    """Whether we hold everything under the newest checkpoint."""
    return bool(head.note) and SignedCheckpoint.read(head.note.encode()).checkpoint.size == head.size
