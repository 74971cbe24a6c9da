"""What a follower makes of a partner's pages: honest ones, and every way a partner can misbehave."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simulated_partner import ORIGIN, Partner, entry, follower, key_of

from countermark.corridor import feed
from countermark.corridor.feed import Accepted, Entry, Fault, Page, SignedCheckpoint, accept, fitting
from countermark.document.encode import decode, encode
from countermark.trust.checkpoint import NoteSigner
from countermark.trust.tree import Edge

POOL = [entry(n) for n in range(40)]
OTHER = [entry(1000 + n) for n in range(40)]


def take(outcome: Accepted | Fault) -> Accepted:
    assert isinstance(outcome, Accepted), outcome
    return outcome


def refuse(outcome: Accepted | Fault) -> Fault:
    assert isinstance(outcome, Fault)
    return outcome


def following(partner: Partner, size: int) -> feed.Follower:
    """A follower that holds the first entries under the checkpoint of that size."""
    return take(accept(partner.page(0, size, size).encode(), follower(), partner.key)).follower


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), min_size=1, max_size=8))
def test_a_follower_ends_with_the_partners_root_however_pages_and_checkpoints_fall(steps):
    partner, us = Partner([]), follower()
    for count, grown in steps:
        partner.entries += POOL[len(partner.entries) :][:grown]
        got = take(accept(partner.page(us.edge.size, count).encode(), us, partner.key))
        assert [a.index for a in got.arrivals] == list(range(us.edge.size, got.follower.edge.size))
        assert got.behind == (got.follower.edge.size < len(partner.entries))
        us = got.follower
    while us.edge.size < len(partner.entries):
        us = take(accept(partner.page(us.edge.size, 7).encode(), us, partner.key)).follower
    assert us.edge.root() == partner.signed().checkpoint.root
    assert us.seen == partner.signed()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12))
def test_a_page_reads_back_as_it_was_written(first, count, more):
    partner = Partner(POOL[: first + count + more])
    page = partner.page(first, count)
    assert Page.read(page.encode()) == page


def test_contents_arrive_and_what_is_not_ours_does_not():
    mine, others, public = entry(1), entry(2, aud="KZ"), entry(3, aud=None)
    partner = Partner([mine, others, public])
    arrivals = take(accept(partner.page(0, 3).encode(), follower(), partner.key)).arrivals
    assert [a.content for a in arrivals] == [mine.content, None, public.content]
    assert not any(a.refusal or a.missing for a in arrivals)
    assert all(a.statement is not None for a in arrivals)


def test_a_hole_is_marked_and_the_feed_goes_on():
    partner = Partner([Entry(POOL[0].leaf, None), Entry(entry(9, aud="KZ").leaf, None), POOL[2]])
    got = take(accept(partner.page(0, 3).encode(), follower(), partner.key))
    assert [a.missing for a in got.arrivals] == [True, False, False]
    assert got.follower.edge.size == 3


@pytest.mark.parametrize(
    ("poison", "code"),
    [
        (Entry(b"garbage", None), "statement-tag"),
        (Entry(POOL[0].leaf, b"another content"), "content-mismatch"),
        (Entry(entry(1, iss="kz.example/log").leaf, b"content 1"), "other-issuer"),
    ],
)
def test_a_poison_entry_is_refused_alone(poison, code):
    partner = Partner([POOL[1], poison, POOL[2]])
    got = take(accept(partner.page(0, 3).encode(), follower(), partner.key))
    assert [a.refusal for a in got.arrivals] == ["", code, ""]
    assert got.arrivals[1].content is None
    assert got.joined


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_garbage_is_a_fault(data):
    assert not refuse(accept(data, follower(), Partner([]).key)).is_fork


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_page_changed_anywhere_is_a_fault_or_harms_one_entry_only(data):
    partner = Partner(POOL[:6])
    page = bytearray(partner.page(0, 4).encode())
    at = data.draw(st.integers(0, len(page) - 1))
    page[at] ^= 1 << data.draw(st.integers(0, 7))
    got = accept(bytes(page), follower(), partner.key)
    if isinstance(got, Accepted):
        assert got.follower.edge == Edge().extend(a.leaf_hash for a in got.arrivals)
        assert [a.leaf for a in got.arrivals] == [e.leaf for e in POOL[:4]]
        assert sum(a.refusal != "" for a in got.arrivals) <= 1
    else:
        assert not got.is_fork


def test_a_truncated_page_is_a_fault():
    data = Partner(POOL[:6]).page(0, 4).encode()
    for cut in range(0, len(data), 37):
        assert not refuse(accept(data[:cut], follower(), Partner([]).key)).is_fork


@pytest.mark.parametrize(
    "raw",
    [
        [],
        {"first": 0},
        ["note", 0, [], []],
        ["", True, [], []],
        ["", -1, [], []],
        ["", 0, [[b"leaf"]], []],
        ["", 0, [["leaf", None]], []],
        ["", 0, [[b"leaf", "text"]], []],
        ["", 0, [], [b"short"]],
        ["", 0, [[b"", None]] * 257, []],
        ["", 0, [], [bytes(32)] * 65],
    ],
)
def test_another_form_than_a_page_is_a_fault(raw):
    fault = refuse(accept(encode(raw), follower(), Partner([]).key))
    assert fault.code in ("page-form", "note-form")


def test_a_page_over_the_limit_is_not_even_decoded():
    fault = refuse(accept(bytes(feed.MAX_PAGE + 1), follower(), Partner([]).key))
    assert fault.code == "cbor-too-long"


def test_too_many_entries_are_refused_under_a_good_checkpoint():
    partner = Partner(POOL[:3])
    note, first, entries, proof = decode(partner.page(0, 3).encode(), limit=10**6)
    fault = refuse(accept(encode([note, first, entries * 100, proof]), follower(), partner.key))
    assert fault.code == "page-form"


def test_the_fullest_page_is_read():
    largest = Entry(bytes(feed.MAX_LEAF), bytes(feed.MAX_CONTENT))
    entries = fitting([largest] * 300)
    assert len(entries) == 6
    signed = Partner([]).signed()
    page = Page(signed, 0, entries, (bytes(32),) * feed.MAX_PROOF)
    assert len(page.encode()) <= feed.MAX_PAGE
    assert Page.read(page.encode()) == page


def test_fitting_stops_at_256_entries():
    assert len(fitting([Entry(b"l", None)] * 300)) == 256


def test_a_checkpoint_by_another_key_is_a_fault():
    partner = Partner(POOL[:3], signer=NoteSigner(ORIGIN, key_of("stranger")))
    fault = refuse(accept(partner.page(0, 3).encode(), follower(), Partner([]).key))
    assert fault.code == "checkpoint-signature"


def test_a_checkpoint_of_another_log_of_the_same_key_is_a_fault():
    other = "az.example/log/2"
    partner = Partner(POOL[:3], name=other, signer=NoteSigner(other, key_of("log")))
    fault = refuse(accept(partner.page(0, 3).encode(), follower(), partner.key))
    assert fault.code == "checkpoint-signature"


def test_a_gap_is_a_fault():
    partner = Partner(POOL[:9])
    assert refuse(accept(partner.page(2, 3).encode(), follower(), partner.key)).code == "page-gap"


def test_entries_out_of_order_are_a_fault():
    partner = Partner(POOL[:4])
    page = partner.page(0, 4)
    turned = replace(page, entries=page.entries[::-1])
    assert refuse(accept(turned.encode(), follower(), partner.key)).code == "page-proof"


def test_entries_past_the_checkpoint_are_a_fault():
    page = replace(Partner(POOL[:4]).page(0, 4), entries=tuple(POOL[:5]))
    assert refuse(accept(page.encode(), follower(), Partner([]).key)).code == "page-long"


def test_a_page_sent_again_changes_nothing():
    partner = Partner(POOL[:8])
    us = following(partner, 8)
    got = take(accept(partner.page(0, 4).encode(), us, partner.key))
    assert (got.arrivals, got.follower, got.joined) == ((), us, False)


def test_an_overlapping_page_gives_its_new_entries_once():
    partner = Partner(POOL[:8])
    got = take(accept(partner.page(2, 6).encode(), following(partner, 5), partner.key))
    assert [a.index for a in got.arrivals] == [5, 6, 7]
    assert got.follower.edge.root() == partner.signed().checkpoint.root


def test_an_old_checkpoint_is_a_fault_and_no_fork():
    partner = Partner(POOL[:8])
    fault = refuse(accept(partner.page(0, 5, 5).encode(), following(partner, 8), partner.key))
    assert (fault.code, fault.is_fork) == ("checkpoint-old", False)


def test_an_older_checkpoint_than_one_seen_ahead_is_a_fault():
    partner = Partner(POOL[:9])
    us = take(accept(partner.page(0, 3).encode(), follower(), partner.key)).follower
    fault = refuse(accept(partner.page(3, 3, 7).encode(), us, partner.key))
    assert (fault.code, fault.is_fork) == ("checkpoint-old", False)


def test_an_idle_page_is_accepted():
    partner = Partner(POOL[:5])
    us = following(partner, 5)
    got = take(accept(partner.page(5, 9).encode(), us, partner.key))
    assert (got.arrivals, got.behind, got.joined, got.follower) == ((), False, True, us)


def test_two_roots_for_one_size_are_a_fork_and_both_notes_are_kept():
    honest, forked = Partner(POOL[:5]), Partner([*POOL[:4], OTHER[0]])
    fault = refuse(accept(forked.page(5, 9).encode(), following(honest, 5), honest.key))
    assert fault.is_fork
    assert fault.evidence == (honest.signed(), forked.signed())


def test_a_smaller_checkpoint_that_contradicts_entries_held_under_a_larger_one_is_a_fork():
    honest, forked = Partner(POOL[:9]), Partner([*POOL[:4], OTHER[0]])
    us = take(accept(honest.page(0, 5).encode(), follower(), honest.key)).follower
    fault = refuse(accept(forked.page(0, 5).encode(), us, honest.key))
    assert fault.is_fork
    assert fault.evidence == (honest.signed(), forked.signed())


def test_a_larger_fork_is_found_when_the_entries_reach_the_checkpoint_seen_before():
    honest = Partner(POOL[:10])
    us = take(accept(honest.page(0, 3).encode(), follower(), honest.key)).follower
    forked = Partner([*POOL[:6], *OTHER[:9]])
    got = take(accept(forked.page(3, 4).encode(), us, honest.key))
    # Until then nothing of the fork is vouched for.
    assert not got.joined
    assert got.follower.seen == honest.signed()
    fault = refuse(accept(forked.page(7, 8).encode(), got.follower, honest.key))
    assert fault.is_fork
    assert fault.evidence == (honest.signed(), forked.signed())


def test_a_proof_that_does_not_arrive_is_a_fault_and_no_fork():
    honest, forked = Partner(POOL[:5]), Partner([*OTHER[:5], *POOL[5:9]])
    us = following(honest, 5)
    for page in (forked.page(5, 2), replace(honest.page(5, 2), proof=(bytes(32),)), forked.page(5, 9)):
        fault = refuse(accept(page.encode(), us, honest.key))
        assert fault.code in ("page-proof", "page-long")
        assert not fault.is_fork


def test_growing_while_we_are_behind_joins_once_we_pass_the_first_checkpoint():
    partner = Partner(POOL[:6])
    us = take(accept(partner.page(0, 2).encode(), follower(), partner.key)).follower
    first = partner.signed()
    partner.entries += POOL[6:12]
    waiting = take(accept(partner.page(2, 2).encode(), us, partner.key))
    assert (waiting.joined, waiting.follower.seen) == (False, first)
    joined = take(accept(partner.page(4, 4).encode(), waiting.follower, partner.key))
    assert (joined.joined, joined.follower.seen) == (True, partner.signed())


def test_the_evidence_reads_back_from_its_notes():
    signed = Partner(POOL[:5]).signed()
    assert SignedCheckpoint.read(signed.note.bytes) == signed
