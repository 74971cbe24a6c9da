from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.trust import statement
from countermark.trust.algorithm import KeySigner, PublicKey, public_key
from countermark.trust.errors import StatementError
from countermark.trust.kinds import KINDS, Role, Side
from countermark.trust.statement import SignedFile

ED = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
EC = ec.derive_private_key(0xC0FFEE, ec.SECP256R1())
SIGNERS = (KeySigner(ED, b"seal-ed1"), KeySigner(EC, b"seal-ec1"))
GOOD: dict[str, Any] = {
    "kind": "issued", "iss": "log.example/exports", "sub": "co:1", "aud": "partner.example",
    "iat": 1_790_000_000, "cti": bytes(range(16)),
}  # fmt: skip
NAMES = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=255)


def key_of(signer: KeySigner) -> PublicKey:
    return public_key(signer.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


@given(
    kind=st.sampled_from(sorted(KINDS)), iss=NAMES, sub=NAMES, aud=NAMES, iat=st.integers(0, 2**53 - 1),
    cti=st.binary(min_size=16, max_size=16), content=st.binary(max_size=100), signer=st.sampled_from(SIGNERS),
)  # fmt: skip
@settings(deadline=None, max_examples=80)
def test_a_signed_statement_reads_back_and_verifies(
    kind: str, iss: str, sub: str, aud: str, iat: int, cti: bytes, content: bytes, signer: KeySigner
) -> None:
    addressed = aud if KINDS[kind].addressed else None
    made = statement.sign(
        kind=kind, iss=iss, sub=sub, aud=addressed, iat=iat, cti=cti, content=content, signer=signer
    )
    read = statement.read(made.leaf)
    assert read == made
    assert read.header == statement.Header(signer.alg, signer.kid, kind, iss, sub, addressed, iat, cti)
    assert statement.verify(read, key_of(signer))
    assert statement.matches(read, content)
    assert not statement.matches(read, content + b"x")
    file = SignedFile.of(made, content)
    assert SignedFile.read(file.bytes) == file
    assert file.statement == made


def test_the_leaf_is_a_cose_sign1_hash_envelope_as_the_library_reads_it() -> None:
    made = statement.sign(**GOOD, content=b"content", signer=SIGNERS[0])
    message = cbor2.loads(made.leaf)
    assert isinstance(message, cbor2.CBORTag)
    assert message.tag == 18
    raw, unprotected, payload, signature = message.value
    assert cbor2.loads(raw) == {
        1: -8,
        4: b"seal-ed1",
        15: {1: GOOD["iss"], 2: GOOD["sub"], 3: GOOD["aud"], 6: GOOD["iat"], 7: GOOD["cti"]},
        258: -16,
        259: "application/vnd.countermark.issued+cbor",
    }
    assert unprotected == {}
    assert payload == hashlib.sha256(b"content").digest()
    ED.public_key().verify(signature, cbor2.dumps(["Signature1", raw, b"", payload]))


@pytest.mark.parametrize("signer", SIGNERS, ids=["EdDSA", "ES256"])
def test_no_byte_of_a_statement_can_be_changed(signer: KeySigner) -> None:
    leaf = statement.sign(**GOOD, content=b"content", signer=signer).leaf
    key = key_of(signer)
    for at in range(len(leaf)):
        bad = leaf[:at] + bytes([leaf[at] ^ 1]) + leaf[at + 1 :]
        try:
            read = statement.read(bad)
        except StatementError:
            continue
        assert not statement.verify(read, key), at


def test_another_key_of_the_same_kind_did_not_sign() -> None:
    made = statement.sign(**GOOD, content=b"content", signer=SIGNERS[0])
    other = KeySigner(Ed25519PrivateKey.from_private_bytes(bytes(32)), b"seal-ed1")
    assert not statement.verify(made, key_of(other))
    assert not statement.verify(made, key_of(SIGNERS[1]))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "approved"}, "kind"),
        ({"aud": None}, "aud"),
        ({"kind": "trust-list"}, "aud"),
        ({"iss": ""}, "name"),
        ({"sub": "a b"}, "name"),
        ({"aud": "x" * 256}, "name"),
        ({"iss": "журнал"}, "name"),
        ({"iss": "log\n"}, "name"),
        ({"iat": -1}, "iat"),
        ({"iat": 1 << 53}, "iat"),
        ({"iat": True}, "iat"),
        ({"cti": bytes(15)}, "cti"),
        ({"signer": replace(SIGNERS[0], kid=bytes(9))}, "kid"),
        ({"content": bytes(statement.MAX_CONTENT + 1)}, "content-long"),
    ],
)
def test_what_could_not_be_read_back_is_not_signed(change: dict[str, Any], code: str) -> None:
    with pytest.raises(StatementError) as caught:
        statement.sign(**{"content": b"", "signer": SIGNERS[0], **GOOD, **change})
    assert caught.value.code == f"statement-{code}"


def test_a_statement_longer_than_an_entry_is_refused() -> None:
    with pytest.raises(StatementError) as caught:
        statement.read(b"\xd2" + bytes(65_535))
    assert caught.value.code == "statement-leaf-long"


@pytest.mark.parametrize(
    "value",
    [
        [],
        {},
        [b"", b""],
        [b"", b"", b"", b""],
        [b"", "", b""],
        [b"\xa0", bytes(64), b""],
        [b"\x80", bytes(64), b""],
        [b"\x01", bytes(64), b""],
        [b"\xf6", bytes(64), b""],
        [cbor2.dumps({15: [1, 2, 3], 259: 5}), bytes(64), b""],
        [cbor2.dumps({1: [], 4: {}, 15: {1: 1, 2: 2, 6: "", 7: 0}, 259: "x"}), bytes(64), b""],
    ],
)
def test_files_that_hold_no_statement_are_refused(value: object) -> None:
    with pytest.raises(StatementError):
        SignedFile.read(cbor2.dumps(value))


def test_a_file_with_another_content_has_another_leaf_and_does_not_verify() -> None:
    made = statement.sign(**GOOD, content=b"content", signer=SIGNERS[1])
    other = SignedFile.read(replace(SignedFile.of(made, b"content"), content=b"contents").bytes).statement
    assert other.leaf != made.leaf
    assert not statement.verify(other, key_of(SIGNERS[1]))
    with pytest.raises(StatementError):
        SignedFile.of(made, b"contents")


def test_only_the_offline_roots_speak_of_keys_and_nobody_is_addressed() -> None:
    rooted = {name for name, kind in KINDS.items() if Role.ROOT in kind.roles}
    assert rooted == {"trust-list", "policy", "key-event"}
    assert {name for name, kind in KINDS.items() if not kind.addressed} == rooted | {
        "outage-start",
        "outage-end",
    }


def test_customs_seals_sign_only_in_the_importing_log() -> None:
    sides = {kind.side for kind in KINDS.values() if Role.CUSTOMS_SEAL in kind.roles}
    assert sides == {Side.IMPORTING}
    assert KINDS["issued"].roles == {"body-seal"}
    assert KINDS["verification-reply"].roles == {"verifying-seal"}
    assert len(KINDS) == 22
