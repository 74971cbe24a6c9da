from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from corridor_world import (
    BODY_SEAL,
    BY,
    CUSTOMS,
    FIRST_DAY,
    KEYS,
    OPERATIONS,
    ORIGIN,
    ROOT_SEEDS,
    SALT,
    STRANGER,
    ed,
    entry,
    seal,
    trust_list,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.document.errors import DocumentError
from countermark.trust import statement
from countermark.trust.algorithm import KeySigner
from countermark.trust.checkpoint import NoteSigner
from countermark.trust.errors import TrustError
from countermark.trust.roots import RootKey, Roots, fingerprint, read_roots, write_roots
from countermark.trust.statement import Statement
from countermark.trust.trustlist import (
    Official,
    Refusal,
    Signatory,
    TrustHistory,
    TrustList,
    Witness,
    encode_trust_list,
    read_trust_list,
)

NOON = int(datetime(2026, 5, 4, 12, tzinfo=UTC).timestamp())


def signed(content: bytes, signer: KeySigner, kind: str = "trust-list", **changes: Any) -> Statement:
    public = kind in ("trust-list", "policy")
    claims = {"iss": ORIGIN, "sub": "co:1", "aud": None if public else "AZ", "iat": NOON, "cti": bytes(16)}
    return statement.sign(kind=kind, content=content, signer=signer, **{**claims, **changes})


def root(seed: int) -> KeySigner:
    return KeySigner(ed(seed), RootKey("", ed(seed).public_key().public_bytes_raw()).kid)


def fed(
    history: TrustHistory, listed: TrustList, start: int, seeds: Sequence[int] = ROOT_SEEDS[:2]
) -> list[str]:
    """Feed one list, signed by these roots from an index on; the refusals' codes."""
    content = encode_trust_list(listed, SALT)
    found = [history.feed(start + n, signed(content, root(seed)), content) for n, seed in enumerate(seeds)]
    return [each.code if each else "" for each in found]


def history(**changes: Any) -> TrustHistory:
    started = TrustHistory(BY)
    assert fed(started, trust_list(**changes), 0) == ["", ""]
    return started


def test_a_list_reads_back_as_it_was_written() -> None:
    listed = trust_list(
        witnesses=(Witness("AZ", BY.witness),), officials=(Official("Officer 7", "101", "A"),)
    )
    assert read_trust_list(encode_trust_list(listed, SALT)) == listed


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 10_000), st.integers(1, 255))
def test_an_altered_list_never_reads_back_as_the_same(place: int, mask: int) -> None:
    content = encode_trust_list(trust_list(), SALT)
    place %= len(content)
    altered = content[:place] + bytes([content[place] ^ mask]) + content[place + 1 :]
    try:
        found = read_trust_list(altered)
    except DocumentError:
        return
    assert found != trust_list() or altered[:20] != content[:20]


def test_a_list_is_in_force_from_the_statement_that_completes_its_threshold() -> None:
    found = history()
    assert found.in_force(0) is None
    assert found.in_force(1) == trust_list()
    assert found.in_force(10**6) == trust_list()


def test_one_root_signing_twice_does_not_make_two() -> None:
    found = TrustHistory(BY)
    assert fed(found, trust_list(), 0, (1, 1)) == ["", ""]
    assert found.in_force(5) is None


def test_roots_that_sign_different_contents_do_not_add_up() -> None:
    found = TrustHistory(BY)
    fed(found, trust_list(1), 0, (1,))
    fed(found, trust_list(2), 1, (2,))
    assert found.in_force(5) is None


def test_versions_only_rise() -> None:
    found = history(version=2)
    assert fed(found, trust_list(2, expires=date(2027, 1, 1)), 2) == ["", "trust-list-old"]
    assert fed(found, trust_list(1), 4) == ["", "trust-list-old"]
    assert fed(found, trust_list(3), 6) == ["", ""]
    assert [found.in_force(index) for index in (5, 6, 7)] == [trust_list(2), trust_list(2), trust_list(3)]


def test_another_partys_list_or_an_unusable_one_does_not_come_into_force() -> None:
    assert fed(TrustHistory(BY), trust_list(party="AZ"), 0)[1] == "trust-list-party"
    broken = (replace(KEYS[0], certificate=b"no certificate"),)
    assert fed(TrustHistory(BY), trust_list(keys=broken), 0)[1] == "key-unreadable"
    assert fed(TrustHistory(BY), trust_list(witnesses=(Witness("AZ", "x"),)), 0)[1] == "vkey-form"


def test_only_pinned_roots_count_and_only_with_a_good_signature() -> None:
    found = TrustHistory(BY)
    assert fed(found, trust_list(), 0, (7, 8)) == ["unknown-root", "unknown-root"]
    content = encode_trust_list(trust_list(), SALT)
    posing = KeySigner(ed(9), root(1).kid)
    refusal = found.feed(2, signed(content, posing), content)
    assert refusal is not None
    assert refusal.code == "root-signature"
    refusal = found.feed(3, signed(content, root(1)), content + b"\x00")
    assert refusal is not None
    assert refusal.code == "root-signature"
    early = found.feed(4, signed(content, root(1), iat=1_600_000_000), content)
    assert early is not None
    assert early.code == "root-early"


def judged(found: TrustHistory, signer: KeySigner, kind: str = "issued", index: int = 5, **asked: str) -> str:
    answer = found.signer(signed(b"content", signer, kind), index, **asked)
    return answer.code if isinstance(answer, Refusal) else ""


@pytest.mark.parametrize(
    ("seed", "kind", "code"),
    [
        (BODY_SEAL, "issued", ""),
        (BODY_SEAL, "verification-reply", "wrong-role"),
        (CUSTOMS, "used", ""),
        (CUSTOMS, "issued", "wrong-role"),
        (OPERATIONS, "received", ""),
        (OPERATIONS, "used", "wrong-role"),
        (STRANGER, "issued", "unknown-signer"),
    ],
)
def test_a_key_signs_the_kinds_of_its_roles(seed: int, kind: str, code: str) -> None:
    assert judged(history(), seal(seed)[0], kind) == code


def test_a_root_signs_the_roots_kinds_and_nothing_else() -> None:
    found = history()
    assert judged(found, root(1), "policy") == ""
    assert judged(found, root(1), "issued") == "unknown-signer"
    assert judged(found, seal(OPERATIONS)[0], "policy") == "unknown-root"


def test_nobody_signs_before_a_list_is_in_force() -> None:
    assert judged(history(), seal(BODY_SEAL)[0], index=0) == "no-trust-list"


def test_forms_are_asked_only_where_given() -> None:
    found = history()
    assert judged(found, seal(BODY_SEAL)[0], form="CT-1") == ""
    assert judged(found, seal(BODY_SEAL)[0], form="CT-2") == "wrong-form"


def test_a_list_that_ended_authorises_nobody() -> None:
    assert judged(history(expires=date(2026, 5, 2)), seal(BODY_SEAL)[0]) == "trust-list-expired"


def test_of_keys_that_share_an_identifier_the_one_that_signed_is_taken() -> None:
    body, customs = entry(BODY_SEAL, "body-seal"), entry(CUSTOMS, "customs-seal")
    found = history(keys=(body, customs))
    listed = found._lists[0]
    sharing = tuple(signatory for signatories in listed.keys.values() for signatory in signatories)
    found._lists[0] = replace(listed, keys={b"the same": sharing[::-1]})
    answer = found.signer(signed(b"", replace(seal(BODY_SEAL)[0], kid=b"the same"), "issued"), 5)
    assert isinstance(answer, Signatory)
    assert answer.entry == body
    wrong = found.signer(signed(b"", replace(seal(CUSTOMS)[0], kid=b"the same"), "issued"), 5)
    assert isinstance(wrong, Refusal)
    assert wrong.code == "wrong-role"


def test_a_certificate_listed_twice_may_do_what_either_entry_says() -> None:
    found = history(keys=(entry(BODY_SEAL, "customs-seal"), entry(BODY_SEAL, "body-seal")))
    assert judged(found, seal(BODY_SEAL)[0], "issued") == ""
    assert judged(found, seal(BODY_SEAL)[0], "used") == ""
    assert judged(found, seal(BODY_SEAL)[0], "received") == "wrong-role"


def test_the_roots_file_reads_back_and_its_fingerprint_does_not_depend_on_layout() -> None:
    assert read_roots(write_roots(BY).encode()) == (BY,)
    assert read_roots(write_roots(BY, BY).encode()) == (BY, BY)
    assert fingerprint(read_roots(write_roots(BY).replace("\n", "").encode())[0]) == fingerprint(BY)


def test_every_field_of_the_roots_is_in_the_fingerprint() -> None:
    other = NoteSigner(ORIGIN, ed(77)).verifier.text
    changed = (
        replace(BY, party="AZ"),
        replace(BY, keys=BY.keys[:2]),
        replace(BY, threshold=1),
        replace(BY, logs=(replace(BY.logs[0], vkey=other),)),
        replace(BY, witness=other),
        replace(BY, valid_from=date(2026, 1, 2)),
    )
    assert len({fingerprint(each) for each in (BY, *changed)}) == 7


@pytest.mark.parametrize(
    "spoilt",
    [
        replace(BY, threshold=4),
        replace(BY, threshold=0),
        replace(BY, keys=(*BY.keys, BY.keys[0])),
        replace(BY, keys=(RootKey("weak", bytes(32)),), threshold=1),
        replace(BY, logs=()),
        replace(BY, logs=(replace(BY.logs[0], origin="elsewhere"),)),
        replace(BY, witness=BY.logs[0].vkey),
        replace(BY, party="by"),
    ],
)
def test_roots_that_could_not_be_used_are_refused(spoilt: Roots) -> None:
    with pytest.raises(TrustError) as caught:
        read_roots(write_roots(spoilt).encode())
    assert caught.value.code == "roots-unreadable"


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{}", b"\xff", b"[1]", b"[" * 100_000, b'{"party": "BY", "party": "AZ"}', b"null"],
)
def test_what_is_no_roots_file_is_refused(data: bytes) -> None:
    with pytest.raises(TrustError) as caught:
        read_roots(data)
    assert caught.value.code == "roots-unreadable"


def test_an_unknown_field_in_the_roots_file_is_refused() -> None:
    with pytest.raises(TrustError):
        read_roots(write_roots(BY).replace('"threshold": 2', '"threshold": 2, "more": 1').encode())


def test_the_first_day_of_roots_and_keys_is_a_day_somewhere_on_earth() -> None:
    evening = int(datetime(2025, 12, 31, 21, tzinfo=UTC).timestamp())
    found = TrustHistory(BY)
    content = encode_trust_list(trust_list(), SALT)
    assert BY.valid_from == FIRST_DAY
    assert found.feed(0, signed(content, root(1), iat=evening), content) is None
