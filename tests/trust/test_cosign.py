from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.trust.checkpoint import Checkpoint, KeyKind, Note, NoteSigner, sign
from countermark.trust.cosign import cosign, verify
from countermark.trust.errors import NoteError, TrustError

LOG = NoteSigner("log.example/exports", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
WITNESS = NoteSigner(
    "witness.example/w1", Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))), KeyKind.COSIGNER
)
NOTE = sign(Checkpoint(LOG.name, 777, bytes(32)), LOG)
TIME = 1_790_000_000


@given(st.integers(1, (1 << 63) - 1))
@settings(deadline=None, max_examples=40)
def test_a_cosignature_gives_its_time(time: int) -> None:
    note = Note.read(NOTE.with_signature(cosign(NOTE.body, WITNESS, time)).bytes)
    assert verify(note, WITNESS.verifier) == time
    raw = note.signatures[1].signature
    assert int.from_bytes(raw[:8]) == time
    message = f"cosignature/v1\ntime {time}\n{NOTE.body}".encode()
    WITNESS.key.public_key().verify(raw[8:], message)


def test_a_note_without_that_cosignature_gives_none() -> None:
    assert verify(NOTE, WITNESS.verifier) is None
    assert verify(NOTE, LOG.verifier) is None


def test_no_byte_of_a_cosignature_or_what_it_covers_can_be_changed() -> None:
    data = NOTE.with_signature(cosign(NOTE.body, WITNESS, TIME)).bytes
    log_line = data.index(NOTE.signatures[0].text.encode())
    covered = [*range(log_line), *range(log_line + len(NOTE.signatures[0].text.encode()), len(data))]
    for at in covered:
        bad = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        try:
            note = Note.read(bad)
        except TrustError:
            continue
        assert verify(note, WITNESS.verifier) is None, at


def test_a_cosignature_of_another_checkpoint_does_not_count() -> None:
    other = sign(Checkpoint(LOG.name, 778, bytes(32)), LOG)
    assert verify(other.with_signature(cosign(NOTE.body, WITNESS, TIME)), WITNESS.verifier) is None


def test_the_same_key_as_a_logs_key_does_not_count() -> None:
    as_log = replace(WITNESS, kind=KeyKind.LOG)
    note = NOTE.with_signature(cosign(NOTE.body, WITNESS, TIME))
    assert verify(note, as_log.verifier) is None


@pytest.mark.parametrize("time", [0, 1 << 63])
def test_a_cosignature_without_a_time_in_range_does_not_count(time: int) -> None:
    signature = WITNESS.key.sign(f"cosignature/v1\ntime {time}\n{NOTE.body}".encode())
    line = replace(cosign(NOTE.body, WITNESS, TIME), signature=time.to_bytes(8) + signature)
    assert verify(NOTE.with_signature(line), WITNESS.verifier) is None


@pytest.mark.parametrize("length", [0, 7, 8, 71])
def test_a_cut_cosignature_does_not_count(length: int) -> None:
    line = cosign(NOTE.body, WITNESS, TIME)
    note = NOTE.with_signature(replace(line, signature=line.signature[:length]))
    assert verify(note, WITNESS.verifier) is None


@pytest.mark.parametrize(
    ("body", "signer", "time"),
    [
        (NOTE.body, LOG, TIME),
        (NOTE.body, WITNESS, 0),
        (NOTE.body, WITNESS, -1),
        (NOTE.body, WITNESS, 1 << 63),
        ("no checkpoint\n", WITNESS, TIME),
    ],
)
def test_what_would_vouch_for_nothing_is_not_signed(body: str, signer: NoteSigner, time: int) -> None:
    with pytest.raises(NoteError):
        cosign(body, signer, time)
