"""The table of the conversation: whole, closed, and with one way out of a fork."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulated_partner import Partner, entry, follower

from countermark.corridor.conversation import TRANSITIONS, Event, State, event_of, step
from countermark.corridor.feed import Fault, accept

events = st.lists(st.sampled_from(Event), max_size=12)


def walk(*path: Event) -> State:
    state = State.IDLE
    for event in path:
        state = step(state, event)
    return state


def test_every_event_has_an_answer_in_every_state():
    assert set(TRANSITIONS) == {(state, event) for state in State for event in Event}


def test_every_state_is_reached():
    reached = {State.IDLE}
    while more := {step(state, event) for state in reached for event in Event} - reached:
        reached |= more
    assert reached == set(State)


def test_only_resumption_leads_out_of_a_fork():
    out = {event for event in Event if step(State.FORKED, event) is not State.FORKED}
    assert out == {Event.RESUMED}


@given(events)
def test_a_fork_stops_whatever_came_before(path):
    assert walk(*path, Event.FORK) is State.FORKED


@given(events, events)
def test_an_outage_ends_only_when_its_end_is_logged(before, during):
    state = walk(*before, Event.OUTAGE_START)
    if state is State.OUTAGE and not {Event.OUTAGE_END, Event.FORK} & set(during):
        for event in during:
            state = step(state, event)
        assert state is State.OUTAGE


@given(events)
def test_a_good_page_ends_every_fault(path):
    state = walk(*path, Event.FAULT)
    if state is State.FAULTED:
        assert step(state, Event.CAUGHT_UP) is State.FOLLOWING
        assert step(state, Event.PAGE) is State.BEHIND


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ([Event.NOTICE], State.BEHIND),
        ([Event.PAGE], State.BEHIND),
        ([Event.CAUGHT_UP], State.FOLLOWING),
        ([Event.CAUGHT_UP, Event.NOTICE], State.BEHIND),
        ([Event.FAULT], State.FAULTED),
        ([Event.FAULT, Event.NOTICE], State.FAULTED),
        ([Event.OUTAGE_START, Event.CAUGHT_UP], State.OUTAGE),
        ([Event.OUTAGE_START, Event.OUTAGE_END], State.BEHIND),
        ([Event.CAUGHT_UP, Event.OUTAGE_END], State.FOLLOWING),
        ([Event.FORK, Event.RESUMED], State.IDLE),
    ],
)
def test_the_conversation_goes(path, state):
    assert walk(*path) is state


def test_judged_pages_drive_the_conversation():
    partner = Partner([entry(n) for n in range(6)])
    us = follower()
    first = accept(partner.page(0, 3).encode(), us, partner.key)
    assert event_of(first) is Event.PAGE
    assert not isinstance(first, Fault)
    assert event_of(accept(partner.page(3, 3).encode(), first.follower, partner.key)) is Event.CAUGHT_UP
    assert event_of(accept(b"", us, partner.key)) is Event.FAULT
    forked = Partner([entry(50 + n) for n in range(6)])
    assert event_of(accept(forked.page(0, 6).encode(), first.follower, partner.key)) is Event.FORK
