from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from corridor_world import (
    AZ,
    BODY_SEAL,
    BY,
    CUSTOMS,
    KEYS,
    OPERATIONS,
    OTHER_WITNESS,
    PINNED,
    SALT,
    STRANGER,
    WITNESS,
    World,
    annulment,
    certificate,
    entry,
    item,
    make_roots,
    reference,
    resumption,
    seal,
    started,
    suspension,
    trust_list,
)

from countermark.document.certificate import encode_certificate
from countermark.trust.bundle import Bundle, Proven, prove
from countermark.trust.report import Answer, Report, Result, Seen
from countermark.trust.statement import SignedFile
from countermark.trust.trustlist import Refusal, Witness
from countermark.trust.verify import judge, verify


def check(world: World, file: SignedFile, **changes: object) -> Report:
    settings = {"now": world.now, "for_country": "AZ", **changes}
    return verify(file.bytes, Bundle.read(world.bundle()), PINNED, **settings)  # type: ignore[arg-type]


def finish(world: World) -> None:
    world.wait(minutes=1)
    world.publish()
    world.wait(minutes=5)


def issued(**changes: object) -> tuple[World, SignedFile]:
    world = started()
    file = world.issue(**changes)  # type: ignore[arg-type]
    finish(world)
    return world, file


def outcome(report: Report) -> tuple[Answer, int, str]:
    assert report.reason is not None
    return report.verdict, report.reason.number, report.reason.code


def test_a_certificate_is_valid_as_of_the_bundle() -> None:
    world, file = issued()
    report = check(world, file)
    assert report.verdict is Answer.VALID
    assert report.reason is None
    assert [step.number for step in report.steps] == list(range(1, 11))
    assert {step.result for step in report.steps[:9]} == {Result.PASSED}
    assert report.certificate == certificate()
    assert report.as_of is not None
    assert (report.as_of.size, report.as_of.time) == (3, world.seconds)


def test_no_flipped_bit_is_ever_valid() -> None:
    world, file = issued()
    proven = prove(Bundle.read(world.bundle()), PINNED)
    data = file.bytes
    for place in range(len(data)):
        for mask in (0x01, 0x80, 0xFF):
            altered = data[:place] + bytes([data[place] ^ mask]) + data[place + 1 :]
            found = outcome(judge(altered, proven, now=world.now))
            assert found[0] is Answer.INVALID or found[2] == "other-log", (place, mask)


def test_no_part_and_no_extension_is_ever_readable() -> None:
    world, file = issued()
    proven = prove(Bundle.read(world.bundle()), PINNED)
    data = file.bytes
    for altered in (*(data[:end] for end in range(len(data))), data + b"\x00", data + data, b"\xd2" + data):
        assert outcome(judge(altered, proven, now=world.now))[:2] == (Answer.INVALID, 1)


def test_without_a_bundle_nothing_is_valid() -> None:
    world, file = issued()
    assert outcome(verify(file.bytes, None, PINNED, now=world.now)) == (Answer.CANNOT_TELL, 3, "no-bundle")


def test_another_statement_is_no_certificate() -> None:
    world, file = issued()
    notice = world.log("annulled", annulment(file), seal(BODY_SEAL)[0])
    finish(world)
    assert outcome(check(world, notice)) == (Answer.INVALID, 2, "not-a-certificate")


@pytest.mark.parametrize(
    ("signer", "code"),
    [(STRANGER, "unknown-signer"), (CUSTOMS, "wrong-role"), (OPERATIONS, "wrong-role")],
)
def test_a_signer_outside_its_row_is_refused(signer: int, code: str) -> None:
    world, file = issued(signer=seal(signer)[0])
    assert outcome(check(world, file)) == (Answer.INVALID, 3, code)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"suspended": True}, "suspended-signer"),
        ({"valid_to": date(2026, 4, 30)}, "signer-not-valid"),
        ({"valid_from": date(2026, 5, 6)}, "signer-not-valid"),
        ({"forms": ("EUR.1",)}, "wrong-form"),
        ({"agreements": ("other",)}, "wrong-agreement"),
    ],
)
def test_a_key_may_do_only_what_its_entry_says(changes: dict[str, object], code: str) -> None:
    own = entry(BODY_SEAL, "body-seal", **{"body": "101", **changes})
    world = started(keys=(own, *KEYS[1:]))
    file = world.issue()
    finish(world)
    assert outcome(check(world, file)) == (Answer.INVALID, 3, code)


def test_a_key_suspended_later_keeps_what_it_signed_before_and_loses_what_it_signs_after() -> None:
    world = started()
    before = world.issue()
    world.trust(trust_list(2, keys=(replace(KEYS[0], suspended=True), *KEYS[1:])))
    after = world.issue(certificate(2))
    finish(world)
    assert check(world, before).verdict is Answer.VALID
    assert outcome(check(world, after)) == (Answer.INVALID, 3, "suspended-signer")


def test_a_signature_of_another_content_fails() -> None:
    world, file = issued()
    other = encode_certificate(certificate(items=(item(net_weight=None),)), SALT)
    forged = SignedFile(file.protected, file.signature, other)
    assert outcome(check(world, forged)) == (Answer.INVALID, 4, "signature")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"number": "ВYAZ6101000001"}, "content-value"),
        ({"number": "BYAZ7101000001"}, "number-other"),
        ({"number": "BYKZ6101000001"}, "number-other"),
        ({"number": "42"}, "number-form"),
        ({"valid_until": date(2026, 5, 3)}, "valid-until"),
        ({"items": (item(2),)}, "item-numbers"),
        ({"determinations": ()}, "determinations"),
        ({"officer": "Officer 8"}, "unknown-officer"),
        ({"certified_on": date(2026, 5, 1), "declaration": None}, "certified-on"),
    ],
)
def test_a_content_that_contradicts_itself_fails(changes: dict[str, object], code: str) -> None:
    paper = certificate()
    if "declaration" in changes:
        changes = {**changes, "declaration": replace(paper.declaration, date=date(2026, 4, 30))}
    paper = replace(paper, **changes)
    if code == "content-value":
        with pytest.raises(ValueError, match="1 to 50 Latin letters"):
            encode_certificate(paper, SALT)
        return
    world, file = issued(paper=paper)
    assert outcome(check(world, file)) == (Answer.INVALID, 5, code)


def test_a_seal_of_one_body_does_not_certify_for_another() -> None:
    body = replace(certificate().body, id="102")
    world, file = issued(paper=certificate(number="BYAZ6102000001", body=body))
    assert outcome(check(world, file)) == (Answer.INVALID, 5, "other-body")


def test_it_must_be_addressed_to_the_country_it_names_and_presented_there() -> None:
    world, file = issued(aud="KZ")
    assert outcome(check(world, file)) == (Answer.INVALID, 5, "addressed")
    world, file = issued()
    assert outcome(check(world, file, for_country="KZ")) == (Answer.INVALID, 5, "other-country")


def test_what_was_never_logged_is_invalid_once_it_should_have_been() -> None:
    world, _file = issued()
    content = encode_certificate(certificate(2), SALT)
    loose = SignedFile.of(
        world.sign("issued", content, seal(BODY_SEAL)[0], iat=world.seconds - 3600), content
    )
    assert outcome(check(world, loose)) == (Answer.INVALID, 6, "not-in-log")
    fresh = SignedFile.of(world.sign("issued", content, seal(BODY_SEAL)[0]), content)
    assert outcome(check(world, fresh)) == (Answer.CANNOT_TELL, 6, "newer-than-bundle")


def test_without_the_partners_cosignature_it_is_pending() -> None:
    world = started()
    file = world.issue()
    world.wait(minutes=1)
    world.publish_alone()
    assert outcome(check(world, file)) == (Answer.CANNOT_TELL, 7, "pending")


def test_the_issuers_own_witness_counts_for_nothing() -> None:
    world = started()
    file = world.issue()
    world.wait(minutes=1)
    world.publish(OTHER_WITNESS)
    assert outcome(check(world, file)) == (Answer.CANNOT_TELL, 7, "pending")


def test_a_partner_without_pinned_roots_counts_only_if_the_issuers_roots_vouch_for_its_witness() -> None:
    world, file = issued()
    alone = verify(file.bytes, Bundle.read(world.bundle()), [BY], now=world.now)
    assert outcome(alone) == (Answer.CANNOT_TELL, 7, "witness-unknown")
    world = started(witnesses=(Witness("AZ", WITNESS.verifier.text),))
    file = world.issue()
    finish(world)
    vouched = verify(file.bytes, Bundle.read(world.bundle()), [BY], now=world.now)
    assert vouched.verdict is Answer.VALID


@pytest.mark.parametrize(("shift", "code"), [(-30, "back-dated"), (30, "forward-dated")])
def test_a_time_the_witness_contradicts_is_invalid(shift: int, code: str) -> None:
    world = started()
    file = world.issue(iat=world.seconds + shift * 60)
    finish(world)
    assert outcome(check(world, file)) == (Answer.INVALID, 8, code)


@pytest.mark.parametrize("shift", [-10, 10])
def test_a_clock_within_the_tolerance_is_no_fault(shift: int) -> None:
    world = started()
    file = world.issue(iat=world.seconds + shift * 60)
    finish(world)
    assert check(world, file).verdict is Answer.VALID


def test_a_wide_interval_proves_nothing() -> None:
    world = started()
    world.wait(days=5)
    file = world.issue(certificate(certified_on=date(2026, 5, 9)))
    finish(world)
    assert outcome(check(world, file)) == (Answer.CANNOT_TELL, 8, "interval-wide")


def test_a_log_without_an_earlier_cosignature_proves_no_time() -> None:
    world = World()
    world.trust(trust_list())
    file = world.issue()
    finish(world)
    assert outcome(check(world, file)) == (Answer.CANNOT_TELL, 8, "interval-wide")


def test_an_annulled_certificate_is_invalid_however_old_the_bundle() -> None:
    world, file = issued()
    world.log("annulled", annulment(file), seal(BODY_SEAL)[0])
    finish(world)
    assert outcome(check(world, file)) == (Answer.INVALID, 9, "annulled")
    late = world.now + timedelta(days=30)
    assert outcome(check(world, file, now=late)) == (Answer.INVALID, 9, "annulled")


def test_a_suspended_certificate_cannot_be_told_and_a_resumed_one_is_valid() -> None:
    world, file = issued()
    world.log("suspended", suspension(file), seal(BODY_SEAL)[0])
    finish(world)
    assert outcome(check(world, file)) == (Answer.CANNOT_TELL, 9, "suspended")
    world.log("resumed", resumption(file), seal(BODY_SEAL)[0])
    finish(world)
    assert check(world, file).verdict is Answer.VALID


@pytest.mark.parametrize(
    ("kind", "naming", "code"),
    [("replaced", "replaces", "replaced"), ("duplicate", "duplicate_of", "superseded")],
)
def test_what_was_replaced_or_duplicated_gives_way_to_what_follows(kind: str, naming: str, code: str) -> None:
    world, file = issued()
    after = world.issue(certificate(2, **{naming: reference(file)}), kind=kind)
    finish(world)
    assert outcome(check(world, file)) == (Answer.INVALID, 9, code)
    assert check(world, after).verdict is Answer.VALID


def test_a_replacement_of_what_does_not_stand_is_no_certificate() -> None:
    world, file = issued()
    world.log("annulled", annulment(file), seal(BODY_SEAL)[0])
    after = world.issue(certificate(2, replaces=reference(file)), kind="replaced")
    finish(world)
    assert outcome(check(world, after)) == (Answer.INVALID, 9, "no-certificate")


def test_a_replacement_must_name_what_it_replaces() -> None:
    world, file = issued(kind="replaced")
    assert outcome(check(world, file)) == (Answer.INVALID, 5, "reference")


def test_an_expired_certificate_is_invalid() -> None:
    world, file = issued()
    now = world.now.replace(year=2027, day=7)
    assert outcome(check(world, file, now=now)) == (Answer.INVALID, 9, "expired")


def test_a_bundle_past_its_time_cannot_tell() -> None:
    world, file = issued()
    late = world.now + timedelta(days=8)
    assert outcome(check(world, file, now=late)) == (Answer.CANNOT_TELL, 9, "bundle-expired")


def test_an_ended_trust_list_cannot_tell() -> None:
    world = started(expires=date(2026, 5, 5))
    file = world.issue()
    finish(world)
    late = world.now + timedelta(days=3)
    assert outcome(check(world, file, now=late)) == (Answer.CANNOT_TELL, 9, "trust-list-expired")


@pytest.mark.parametrize("seen", [Seen(4, 0), Seen(3, 2_000_000_000)])
def test_a_bundle_older_than_one_seen_cannot_tell(seen: Seen) -> None:
    world, file = issued()
    report = check(world, file, newest_seen={BY.logs[0].origin: seen})
    assert outcome(report) == (Answer.CANNOT_TELL, 9, "bundle-older")


def test_a_bundle_under_roots_of_its_own_proves_nothing() -> None:
    world, file = issued()
    forged = make_roots("BY", (7, 8, 9), BY.logs[0].origin, WITNESS, OTHER_WITNESS)
    report = verify(file.bytes, Bundle.read(world.bundle()), [forged, AZ], now=world.now)
    assert outcome(report) == (Answer.CANNOT_TELL, 3, "unpinned")


def test_a_bundle_of_another_log_proves_nothing() -> None:
    world, file = issued(iss="origin.by.example/log/2")
    assert outcome(check(world, file)) == (Answer.CANNOT_TELL, 3, "other-log")


def test_a_status_list_that_ends_before_the_certificate_cannot_tell() -> None:
    world = started()
    early = world.manifest().status
    file = world.issue()
    finish(world)
    bundle = Bundle.read(world.bundle(status=early))
    assert outcome(verify(file.bytes, bundle, PINNED, now=world.now)) == (Answer.CANNOT_TELL, 9, "no-status")


def test_only_failed_steps_make_it_invalid_and_only_all_passed_make_it_valid() -> None:
    world, file = issued()
    proven = prove(Bundle.read(world.bundle()), PINNED)
    assert isinstance(proven, Proven)
    weakened: list[Callable[[Proven], Proven]] = [
        lambda each: replace(each, witnesses={}),
        lambda each: replace(each, checkpoints=each.checkpoints[:1]),
        lambda each: replace(each, checkpoints=each.checkpoints[1:]),
        lambda each: replace(each, valid_until=0),
    ]
    for weaken in weakened:
        assert judge(file.bytes, weaken(proven), now=world.now).verdict is Answer.CANNOT_TELL
    refused = judge(file.bytes, Refusal("any", "Any."), now=world.now)
    assert refused.verdict is Answer.CANNOT_TELL
