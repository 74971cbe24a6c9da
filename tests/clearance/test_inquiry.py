"""Where a verification request stands on each day, and which grounds are open then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from clearance_samples import CIS
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.clearance.inquiry import (
    NEEDS,
    Ground,
    InquiryState,
    ItemAnswer,
    Needs,
    Question,
    RequestKind,
    VerificationReply,
    VerificationRequest,
    deadline,
    encode_reply,
    encode_request,
    inquiry_state,
    may_refuse,
    read_reply,
    read_request,
    sufficient,
)
from countermark.document.encode import decode, encode
from countermark.document.errors import DocumentError
from countermark.rules.determination import Truth

SALT = bytes(range(16))
YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN
AUTHENTICITY, DATA, CRITERION = Question
REQUEST = VerificationRequest(
    issued=bytes(32),
    number="BYAZ6101000042",
    kind=RequestKind.REASONED,
    ground="heading",
    words="the heading differs",
    questions=(AUTHENTICITY, CRITERION),
    items=(1, 3),
    copy=bytes(32),
    registered=date(2026, 11, 30),
    deadline=date(2027, 2, 28),
)
REPEAT = replace(REQUEST, registered=date(2027, 3, 5), deadline=date(2027, 6, 5), repeat_of=bytes(32))
REPLY = VerificationReply(
    request=bytes(32),
    number="BYAZ6101000042",
    answered=date(2027, 1, 15),
    authentic=YES,
    data=UNKNOWN,
    items=(ItemAnswer(1, YES), ItemAnswer(3, NO)),
    explanation="item 3 has foreign parts over the limit",
    evidence=(bytes(32),),
)
ONE_TERM = replace(CIS, verification_months=6, verification_repeat_mandatory=False)

OPEN, ANSWERED, REPEAT_DUE, REPEATED, POSSIBLE = InquiryState


@pytest.mark.parametrize(
    ("today", "repeat", "expected"),
    [
        ("2026-11-30", None, OPEN),
        ("2027-02-28", None, OPEN),
        ("2027-03-01", None, REPEAT_DUE),
        ("2029-01-01", None, REPEAT_DUE),
        ("2027-03-05", REPEAT, REPEATED),
        ("2027-06-05", REPEAT, REPEATED),
        ("2027-06-06", REPEAT, POSSIBLE),
    ],
)
@pytest.mark.parametrize("reply", [None, replace(REPLY, authentic=UNKNOWN)])
def test_silence_and_an_insufficient_answer_must_be_met_by_a_second_request(today, repeat, expected, reply):
    assert inquiry_state(REQUEST, reply, repeat, date.fromisoformat(today), CIS) is expected


@pytest.mark.parametrize("repeat", [None, REPEAT])
@pytest.mark.parametrize("today", ["2027-01-15", "2027-03-04", "2027-08-01"])
def test_a_sufficient_answer_closes_whenever_it_comes(today, repeat):
    assert inquiry_state(REQUEST, REPLY, repeat, date.fromisoformat(today), CIS) is ANSWERED


def test_one_term_is_enough_where_the_agreement_knows_no_repetition():
    assert inquiry_state(REQUEST, None, None, date(2027, 5, 30), ONE_TERM) is OPEN
    assert inquiry_state(REQUEST, None, None, date(2027, 5, 31), ONE_TERM) is POSSIBLE


@pytest.mark.parametrize(
    ("registered", "end"),
    [("2026-11-30", "2027-02-28"), ("2027-11-30", "2028-02-29"), ("2026-05-31", "2026-08-31")],
)
def test_terms_end_in_short_months(registered, end):
    for repeat in (False, True):
        assert deadline(date.fromisoformat(registered), repeat, CIS) == date.fromisoformat(end)


@settings(max_examples=100, deadline=None)
@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 400), st.integers(0, 400))
def test_an_inquiry_never_goes_back_in_time(registered, first, second):
    request = replace(REQUEST, registered=registered)
    days = sorted((first, second))
    before, after = (inquiry_state(request, None, None, registered + timedelta(d), CIS) for d in days)
    assert [OPEN, REPEAT_DUE].index(before) <= [OPEN, REPEAT_DUE].index(after)


@pytest.mark.parametrize(
    ("questions", "change", "enough"),
    [
        ((AUTHENTICITY,), {}, True),
        ((AUTHENTICITY,), {"authentic": UNKNOWN}, False),
        ((DATA,), {}, False),
        ((DATA,), {"data": NO}, True),
        ((CRITERION,), {"authentic": UNKNOWN}, True),
        ((CRITERION,), {"items": (ItemAnswer(1, YES),)}, False),
        ((CRITERION,), {"items": (ItemAnswer(1, YES), ItemAnswer(3, UNKNOWN))}, False),
        ((AUTHENTICITY, DATA, CRITERION), {}, False),
        ((AUTHENTICITY, DATA, CRITERION), {"authentic": NO, "items": ()}, True),
    ],
)
def test_an_answer_must_answer_every_question(questions, change, enough):
    assert sufficient(replace(REQUEST, questions=questions), replace(REPLY, **change)) is enough


@pytest.mark.parametrize("ground", [g for g in Ground if NEEDS[g] is Needs.NOTHING])
def test_what_can_be_seen_needs_no_request(ground):
    assert may_refuse(ground, [1], None, None)


@pytest.mark.parametrize("state", [None, *InquiryState])
def test_silence_is_a_ground_only_after_the_last_request(state):
    assert may_refuse(Ground.NO_ANSWER, [1], state, None) is (state is POSSIBLE)


@pytest.mark.parametrize(
    ("ground", "items", "change", "may"),
    [
        (Ground.NOT_ISSUED, [1], {"authentic": NO}, True),
        (Ground.NOT_ISSUED, [1], {"authentic": UNKNOWN}, False),
        (Ground.NOT_ISSUED, [1], {}, False),
        (Ground.UNTRUE, [1], {"data": NO}, True),
        (Ground.UNTRUE, [1], {}, False),
        (Ground.NOT_ORIGINATING, [3], {}, True),
        (Ground.NOT_ORIGINATING, [1], {}, False),
        (Ground.NOT_ORIGINATING, [1, 3], {}, False),
        (Ground.NOT_ORIGINATING, [7], {}, False),
    ],
)
def test_an_answer_is_a_ground_for_what_it_denies(ground, items, change, may):
    assert may_refuse(ground, items, ANSWERED, replace(REPLY, **change)) is may
    assert not may_refuse(ground, items, POSSIBLE, None)


def test_a_refused_visit_needs_a_request():
    assert not may_refuse(Ground.VISIT, [1], None, None)
    assert may_refuse(Ground.VISIT, [1], OPEN, None)


salts = st.binary(min_size=16, max_size=16)
digests = st.binary(min_size=32, max_size=32)
days = st.dates(date(1990, 1, 1), date(2100, 1, 1))
item_lists = st.sets(st.integers(1, 999), min_size=1, max_size=6).map(sorted)
requests = st.builds(
    lambda registered, term, **rest: VerificationRequest(
        registered=registered, deadline=registered + timedelta(term), **rest
    ),
    registered=days,
    term=st.integers(0, 400),
    issued=digests,
    number=st.from_regex(r"[A-Z0-9]{1,20}", fullmatch=True),
    kind=st.just(RequestKind.REASONED),
    ground=st.sampled_from(["heading", "expired", "digits-5-to-10"]),
    words=st.sampled_from(["seal looks new", "печать"]),
    questions=st.sets(st.sampled_from(Question), min_size=1).map(
        lambda asked: tuple(q for q in Question if q in asked)
    ),
    items=item_lists.map(tuple),
    copy=st.none() | digests,
    repeat_of=st.none() | digests,
)
replies = st.builds(
    VerificationReply,
    request=digests,
    number=st.from_regex(r"[A-Z0-9]{1,20}", fullmatch=True),
    answered=days,
    authentic=st.sampled_from(Truth),
    data=st.sampled_from(Truth),
    items=item_lists.flatmap(
        lambda items: st.tuples(*(st.builds(ItemAnswer, st.just(i), st.sampled_from(Truth)) for i in items))
    ),
    explanation=st.sampled_from(["see the papers", "см. документы"]),
    evidence=st.lists(digests, max_size=3).map(tuple),
)


@settings(max_examples=60, deadline=None)
@given(requests, replies, salts)
def test_requests_and_replies_read_back_as_written(request_, reply, salt):
    assert read_request(encode_request(request_, salt)) == (request_, salt)
    assert read_reply(encode_reply(reply, salt)) == (reply, salt)


def test_a_random_request_reads_back():
    random = replace(REQUEST, kind=RequestKind.RANDOM, ground="", copy=None)
    assert read_request(encode_request(random, SALT)) == (random, SALT)


@pytest.mark.parametrize(
    "change",
    [
        {"ground": ""},
        {"kind": RequestKind.RANDOM},
        {"questions": ()},
        {"questions": (CRITERION, AUTHENTICITY)},
        {"items": ()},
        {"items": (3, 1)},
        {"deadline": date(2026, 11, 29)},
        {"words": ""},
        {"copy": bytes(31)},
    ],
)
def test_a_request_that_asks_nothing_is_not_written(change):
    with pytest.raises(DocumentError):
        encode_request(replace(REQUEST, **change), SALT)


@pytest.mark.parametrize(
    "change", [{5: "Heading?"}, {7: [3, 1]}, {8: []}, {11: "2026-11-29"}, {4: 3}, {13: bytes(32)}]
)
def test_a_partners_impossible_request_is_not_read(change):
    raw = decode(encode_request(REQUEST, SALT), limit=10**5)
    assert (raw[8], raw[11]) == ([1, 3], "2027-02-28")
    with pytest.raises(DocumentError):
        read_request(encode(raw | change))


@pytest.mark.parametrize("items", [(ItemAnswer(3, YES), ItemAnswer(1, YES)), (ItemAnswer(1, YES),) * 2])
def test_an_item_is_answered_for_once(items):
    with pytest.raises(DocumentError):
        encode_reply(replace(REPLY, items=items), SALT)
    raw = decode(encode_reply(REPLY, SALT), limit=10**5)
    with pytest.raises(DocumentError):
        read_reply(encode(raw | {7: raw[7][::-1]}))
