from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.trust.checkpoint import (
    Checkpoint,
    KeyKind,
    Note,
    NoteSigner,
    SignatureLine,
    VerifierKey,
    sign,
    verify,
)
from countermark.trust.errors import TrustError

SIGNER = NoteSigner("log.example/exports", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
GOOD = Checkpoint(SIGNER.name, 20_852_163, bytes(range(32)))


@given(
    st.integers(0, (1 << 63) - 1),
    st.binary(min_size=32, max_size=32),
    st.lists(
        st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1, max_size=9), max_size=3
    ),
)
@settings(deadline=None, max_examples=80)
def test_a_signed_checkpoint_reads_back_and_verifies(size: int, root: bytes, extensions: list[str]) -> None:
    checkpoint = Checkpoint(SIGNER.name, size, root, tuple(extensions))
    note = sign(checkpoint, SIGNER)
    assert Note.read(note.bytes) == note
    assert Checkpoint.read(note.body) == checkpoint
    assert verify(note, SIGNER.verifier)
    SIGNER.key.public_key().verify(note.signatures[0].signature, note.body.encode())


def test_no_byte_of_a_checkpoint_can_be_changed() -> None:
    data = sign(GOOD, SIGNER).bytes
    for at in range(len(data)):
        for flip in (1, 2, 32, 128):
            bad = data[:at] + bytes([data[at] ^ flip]) + data[at + 1 :]
            try:
                note = Note.read(bad)
            except TrustError:
                continue
            assert not verify(note, SIGNER.verifier), (at, flip)


def test_the_verifier_key_reads_back() -> None:
    key = SIGNER.verifier
    assert VerifierKey.read(key.text) == key
    cosigner = replace(SIGNER, kind=KeyKind.COSIGNER).verifier
    assert VerifierKey.read(cosigner.text) == cosigner
    assert cosigner.key_id != key.key_id
    assert not verify(sign(GOOD, SIGNER), cosigner)


def test_no_letter_of_a_verifier_key_can_be_changed() -> None:
    text = SIGNER.verifier.text
    for at, letter in enumerate(text):
        with pytest.raises(TrustError):
            VerifierKey.read(text[:at] + ("b" if letter == "a" else "a") + text[at + 1 :])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000",
        "name+00000000+",
        SIGNER.verifier.text.removeprefix(SIGNER.name),
        SIGNER.verifier.text.replace(SIGNER.name, "log example"),
        SIGNER.verifier.text.upper(),
        SIGNER.verifier.text[:-1],
        VerifierKey("weak", KeyKind.LOG, b"\x01" + bytes(31)).text,
        SIGNER.verifier.text + "\n",
    ],
)
def test_texts_that_are_no_verifier_key_are_refused(text: str) -> None:
    with pytest.raises(TrustError):
        VerifierKey.read(text)


@pytest.mark.parametrize(
    "checkpoint",
    [
        replace(GOOD, origin=""),
        replace(GOOD, origin="log.example/imports"),
        replace(GOOD, origin="a\nb"),
        replace(GOOD, size=-1),
        replace(GOOD, size=1 << 63),
        replace(GOOD, root=bytes(31)),
        replace(GOOD, extensions=("",)),
        replace(GOOD, extensions=("tab\t",)),
        replace(GOOD, extensions=("line\nline",)),
    ],
)
def test_what_could_not_be_read_back_is_not_signed(checkpoint: Checkpoint) -> None:
    with pytest.raises(TrustError):
        sign(checkpoint, SIGNER)


def test_a_note_keeps_the_oldest_signature_of_a_key() -> None:
    note = sign(GOOD, SIGNER)
    line = SignatureLine("witness.example/w1", b"1234", b"first")
    twice = note.with_signature(line).with_signature(replace(line, signature=b"second"))
    assert twice.signatures == (*note.signatures, line)
    assert Note.read(twice.bytes) == twice
    assert verify(twice, SIGNER.verifier)


def test_a_note_has_at_most_100_signatures_and_500_000_bytes() -> None:
    note = sign(GOOD, SIGNER)
    for number in range(99):
        note = note.with_signature(SignatureLine(f"w{number}", b"1234", bytes(72)))
    assert len(Note.read(note.bytes).signatures) == 100
    with pytest.raises(TrustError, match="100"):
        Note.read(note.with_signature(SignatureLine("one-more", b"1234", bytes(72))).bytes)
    with pytest.raises(TrustError, match="500000"):
        Note.read(b"x" * 500_001)
