"""The main job in one process, on each database: from the application to the use reported back, both logs verified."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from countermark.adapters.reading import read_plain
from countermark.casework.amend import annul, duplicate, replace_certificate, resume, suspend
from countermark.casework.apply import apply
from countermark.casework.check import check
from countermark.casework.decide import decide, state_rule
from countermark.casework.inquire import answer, inquire, show_inquiry
from countermark.casework.issue import issue
from countermark.casework.refusal import Refusal
from countermark.casework.rely import RELIANCE, fallen_proofs
from countermark.casework.show import show, signed_file
from countermark.casework.use import Drawn, use
from countermark.clearance.compare import Summary
from countermark.clearance.inquiry import InquiryState, ItemAnswer, Question
from countermark.document.lifecycle import Effect
from countermark.rules.determination import Truth, Verdict
from two_parties import EXAMPLES, OFFICER, Pair, cattle, certify, declared, pieces, plain


def test_from_the_application_to_the_use_reported_back(any_pair: Pair):
    pair = any_pair
    by, az = pair.by.office, pair.az.office
    submitted = apply(by, plain("by-lifts"))
    assert submitted.new
    assert apply(by, plain("by-lifts")) == type(submitted)(submitted.id, new=False)
    decided = decide(by, submitted.id)
    assert [(d.verdict, d.box9) for d in decided.determinations] == [(Verdict.ORIGINATING, "Д8428")]
    (issued,) = issue(by, [submitted.id], OFFICER)
    assert (issued.number, issued.dated, issued.new) == ("BYAZ6101000001", date(2026, 11, 20), True)
    (again,) = issue(by, [submitted.id], OFFICER)
    assert (again.number, again.new) == (issued.number, False)
    assert show(by, issued.number).index is None

    pair.settle()
    state = show(by, issued.number)
    assert state.index is not None
    assert state.received

    found = check(az, issued.number, "2026-11-20", lifts_declaration(issued.number))
    assert found.row.status == "valid"
    assert found.comparison is not None
    assert found.comparison.summary is Summary.MATCH
    assert [(b.used, b.left) for b in found.balances] == [(Decimal(0), Decimal("8.4"))]

    part = use(az, issued.number, "2026-11-20", pieces("3"), declared("AZ-1"))
    assert [(b.used, b.left) for b in part] == [(Decimal(3), Decimal("5.4"))]
    full = use(az, issued.number, "2026-11-20", pieces("5.4"), declared("AZ-2"))
    assert [(b.used, b.left) for b in full] == [(Decimal("8.4"), Decimal(0))]

    pair.settle()
    uses = show(by, issued.number).uses
    assert [(u.item, u.amount, u.cause) for u in uses] == [
        (1, 3_000_000, "Baku/AZ-1"),
        (1, 5_400_000, "Baku/AZ-2"),
    ]
    assert signed_file(by, issued.number)
    assert_both_logs_whole(pair)


def test_a_verification_request_and_its_reply(any_pair: Pair):
    pair = any_pair
    by, az = pair.by.office, pair.az.office
    issued = certify(pair.by, cattle("asked"))
    pair.settle()
    asked = inquire(
        az, issued.number, "2026-11-20", ground="authenticity", words="The stamp is not known.",
        questions=[Question.AUTHENTICITY, Question.CRITERION],
    )  # fmt: skip
    assert asked.state is InquiryState.OPEN
    pair.settle()
    (arrived,) = show(by, issued.number).inquiries
    assert (arrived.request, arrived.row.ours) == (asked.request, False)
    given = answer(
        by, arrived.row.id, authentic=Truth.YES, data=Truth.YES,
        items=[ItemAnswer(1, Truth.YES)], explanation="It is ours.",
    )  # fmt: skip
    pair.settle()
    closed = show_inquiry(az, asked.row.id)
    assert closed.reply == given.reply
    assert closed.state is InquiryState.ANSWERED
    with pytest.raises(Refusal, match="was answered"):
        answer(by, arrived.row.id, authentic=Truth.NO, data=Truth.NO, items=[], explanation="No.")
    assert_both_logs_whole(pair)


def test_annulled_on_one_side_cannot_be_used_on_the_other(any_pair: Pair):
    pair = any_pair
    issued = certify(pair.by, cattle("annulled"))
    pair.settle()
    annul(pair.by.office, issued.number, reason="withdrawn", effect=Effect.FROM_START, officer=OFFICER)
    pair.settle()
    assert check(pair.az.office, issued.number, "2026-11-20").row.status == "annulled"
    with pytest.raises(Refusal) as refused:
        use(pair.az.office, issued.number, "2026-11-20", pieces("1"), declared())
    assert refused.value.code == "not-valid"
    assert_both_logs_whole(pair)


def test_suspended_is_not_used_until_resumed(any_pair: Pair):
    pair = any_pair
    issued = certify(pair.by, cattle("suspended"))
    pair.settle()
    suspend(pair.by.office, issued.number, reason="doubt", officer=OFFICER)
    pair.settle()
    with pytest.raises(Refusal) as refused:
        use(pair.az.office, issued.number, "2026-11-20", pieces("1"), declared())
    assert refused.value.code == "not-valid"
    resume(pair.by.office, issued.number, reason="cleared", officer=OFFICER)
    pair.settle()
    (balance,) = use(pair.az.office, issued.number, "2026-11-20", pieces("1"), declared())
    assert balance.used == 1
    assert_both_logs_whole(pair)


def test_a_replacement_inherits_what_was_used(any_pair: Pair):
    pair = any_pair
    az = pair.az.office
    first = certify(pair.by, cattle("replaced"))
    pair.settle()
    use(az, first.number, "2026-11-20", pieces("60"), declared("AZ-1"))
    pair.settle()
    corrected = apply(pair.by.office, cattle("corrected", remarks=["address corrected"]))
    second = replace_certificate(pair.by.office, first.number, corrected.id, OFFICER)
    assert second.sub == first.sub
    pair.settle()
    assert check(az, first.number, "2026-11-20").row.status == "replaced"
    found = check(az, second.number, "2026-11-20")
    assert [(b.used, b.left) for b in found.balances] == [(Decimal(60), Decimal("9.3"))]
    with pytest.raises(Refusal) as refused:
        use(az, second.number, "2026-11-20", pieces("10"), declared("AZ-2"))
    assert refused.value.code == "beyond-certified"
    use(az, second.number, "2026-11-20", pieces("9.3"), declared("AZ-2"))
    assert_both_logs_whole(pair)


def test_a_duplicate_adds_nothing(any_pair: Pair):
    pair = any_pair
    az = pair.az.office
    original = certify(pair.by, cattle("lost"))
    pair.settle()
    use(az, original.number, "2026-11-20", pieces("60"), declared("AZ-1"))
    pair.clock.wait(days=3)
    copy = duplicate(pair.by.office, original.number, reason="lost in the post", officer=OFFICER)
    pair.settle()
    found = check(az, copy.number, "2026-11-23")
    assert found.certificate.valid_until == date(2027, 11, 20)
    assert [(b.used, b.left) for b in found.balances] == [(Decimal(60), Decimal("9.3"))]
    with pytest.raises(Refusal) as refused:
        use(az, original.number, "2026-11-20", pieces("1"), declared("AZ-2"))
    assert refused.value.code == "not-valid"
    use(az, copy.number, "2026-11-23", pieces("9.3"), declared("AZ-3"))
    with pytest.raises(Refusal):
        use(az, copy.number, "2026-11-23", pieces("0.000001"), declared("AZ-4"))
    assert_both_logs_whole(pair)


def test_goods_of_the_partner_rely_on_a_certificate_no_further_than_it_certifies(any_pair: Pair):
    pair = any_pair
    by, az = pair.by.office, pair.az.office
    kits = apply(by, plain("by-tractor-kits"))
    for item in (1, 2):
        state_rule(by, kits.id, item, rule={"ctc": "CTH"}, citation="CIS Rules, 2.4", officer=OFFICER)
    (issued,) = issue(by, [kits.id], OFFICER)
    pair.settle()
    proof = {"number": issued.number, "date": issued.dated.isoformat()}
    first = apply(az, relying("own-1", proof))
    (made,) = issue(az, [first.id], OFFICER)
    assert [(b.item, b.drawn) for b in az.store.register.balances(RELIANCE, issued.sub)] == [
        (1, 5_000_000),
        (2, 0),
    ]
    second = apply(az, relying("own-2", proof))
    with pytest.raises(Refusal) as refused:
        issue(az, [second.id], OFFICER)
    assert refused.value.code == "proof-overdrawn"
    assert refused.value.details == ("item 1: 5 pcs asked, 3 left",)
    assert [b.drawn for b in az.store.register.balances(RELIANCE, issued.sub)] == [5_000_000, 0]
    assert az.store.register.last_number("2026/201") == 1

    annul(by, issued.number, reason="wrong kits", effect=Effect.FROM_START, officer=OFFICER)
    pair.settle()
    assert fallen_proofs(az, made.number) == (issued.number,)
    with pytest.raises(Refusal) as refused:
        issue(az, [second.id], OFFICER)
    assert refused.value.code == "proof-not-valid"
    assert_both_logs_whole(pair)


def test_one_use_names_several_items_and_is_drawn_as_a_whole_or_not_at_all(any_pair: Pair):
    pair = any_pair
    az = pair.az.office
    kits = apply(pair.by.office, plain("by-tractor-kits"))
    for item in (1, 2):
        state_rule(
            pair.by.office, kits.id, item, rule={"ctc": "CTH"}, citation="CIS Rules, 2.4", officer=OFFICER
        )
    (issued,) = issue(pair.by.office, [kits.id], OFFICER)
    pair.settle()
    lines = [Drawn(1, Decimal(8), "pcs"), Drawn(2, Decimal(99), "pcs")]
    with pytest.raises(Refusal) as refused:
        use(az, issued.number, "2026-11-20", lines, declared())
    assert refused.value.code == "beyond-certified"
    assert refused.value.details[0] == "item 1: 8.4 pcs left"
    assert [b.used for b in check(az, issued.number, "2026-11-20").balances] == [0, 0]


def relying(reference: str, proof: dict[str, str]) -> object:
    application = plain("az-tractors-own", reference=reference)
    for material in application["goods"][0]["materials"]:
        if "proof" in material:
            material["proof"] |= proof
    return application


def lifts_declaration(number: str) -> object:
    declaration = read_plain(EXAMPLES / "declarations" / "az-lifts.yaml")
    assert isinstance(declaration, dict)
    declaration["certificate"]["number"] = number
    return declaration


def assert_both_logs_whole(pair: Pair) -> None:
    pair.settle()
    for report in pair.audits():
        assert report.ok, report.findings
        assert report.size > 2
