"""Take a partner's cosignature on a checkpoint of ours, and cosign the newest checkpoint of a partner's log.

A cosignature says when the witness saw the checkpoint and that it follows all it saw before; it means no agreement.
"""

from __future__ import annotations

from dataclasses import replace

from countermark.casework.ports import CosignatureRow, Office
from countermark.casework.publish import publish_checkpoint
from countermark.casework.refusal import Answer, Refusal
from countermark.corridor.card import read_card
from countermark.trust.checkpoint import Checkpoint, Note, verify
from countermark.trust.cosign import cosign
from countermark.trust.cosign import verify as cosigned_at
from countermark.trust.errors import NoteError

CLOCK_WINDOW_SECONDS = 120


def accept_cosignature(office: Office, party: str, data: bytes) -> None:
    """Keep a partner's line on a checkpoint of ours. Raises Refusal unless both signatures hold and its time is now."""
    partner = office.store.cases.partner(party)
    if partner is None:
        raise Refusal("no-partner", f"{party} is no partner here.", Answer.BAD_REQUEST)
    try:
        note = Note.read(data)
        checkpoint = Checkpoint.read(note.body)
    except NoteError as error:
        raise Refusal(error.code, str(error), Answer.BAD_REQUEST) from error
    witness = read_card(partner.card).witness
    time = cosigned_at(note, witness)
    if time is None or not verify(note, office.log_signer.verifier):
        raise Refusal(
            "cosignature", "The note lacks our signature or the witness's. Cosign our checkpoint as served."
        )
    if abs(office.clock.now().timestamp() - time) > CLOCK_WINDOW_SECONDS:
        raise Refusal(
            "cosignature-time",
            "The cosignature is more than two minutes from our clock. Set the clocks right.",
        )
    # Only these two lines: what else the partner sent along is not ours to publish.
    lines = tuple(
        line for key in (office.log_signer.verifier, witness) for line in note.signatures if line.is_by(key)
    )
    kept = replace(note, signatures=lines).bytes.decode()
    row = CosignatureRow(office.origin, checkpoint.size, witness.name, time, kept)
    with office.store.transaction():
        office.store.logs.add_cosignature(row)
    publish_checkpoint(office)


def cosign_newest(office: Office, origin: str) -> str | None:
    """The partner's newest checkpoint with our line; ``None`` until we hold all of one.

    Only called after the page was accepted and stored: what we cosign is consistent with all we saw. A line too old
    to be taken is made again: for a partner that was away when it was brought, and on a log where nothing happens.
    """
    head = office.store.logs.head(origin)
    if head is None or not head.note:
        return None
    time = int(office.clock.now().timestamp())
    for row in office.store.logs.cosigned(origin, head.size):
        if row.witness == office.witness.name and time - row.time < CLOCK_WINDOW_SECONDS // 2:
            return row.note
    note = Note.read(head.note.encode())
    if Checkpoint.read(note.body).size != head.size:
        return None
    signed = note.with_signature(cosign(note.body, office.witness, time)).bytes.decode()
    with office.store.transaction():
        office.store.logs.add_cosignature(
            CosignatureRow(origin, head.size, office.witness.name, time, signed)
        )
    return signed
