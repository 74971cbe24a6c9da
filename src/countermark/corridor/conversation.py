"""Decides where the conversation about one direction stands: one table, the same for both sides.

A direction is one party's log, followed by the other; two directions live and fail on their own. A fault ends
with the next good page. A fork does not: two signed checkpoints that cannot both be true stop the direction
until the roots open a new origin that names the last common checkpoint.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from countermark.corridor.feed import Accepted, Fault


class State(StrEnum):
    """Where one direction stands."""

    IDLE = "idle"
    """Nothing followed yet."""
    BEHIND = "behind"
    """More is known to exist than has arrived."""
    FOLLOWING = "following"
    FAULTED = "faulted"
    """The last page was wrong or did not come; ask again."""
    OUTAGE = "outage"
    """Declared or detected, and logged: paper may be asked, and what arrives is back-filled."""
    FORKED = "forked"
    """Stopped, with both checkpoints kept as evidence."""


class Event(StrEnum):
    """What happened to it."""

    NOTICE = "notice"
    """The partner says there is a new checkpoint."""
    PAGE = "page"
    """A good page, with more to come."""
    CAUGHT_UP = "caught up"
    """A good page, up to its checkpoint."""
    FAULT = "fault"
    FORK = "fork"
    OUTAGE_START = "outage start"
    OUTAGE_END = "outage end"
    RESUMED = "resumed"
    """A key-event signed by the roots opens a new origin."""


_I, _B, _F, _X, _O, _K = State
TRANSITIONS: Mapping[tuple[State, Event], State] = MappingProxyType(
    {
        (state, event): after
        for event, row in {
            Event.NOTICE: (_B, _B, _B, _X, _O, _K),
            Event.PAGE: (_B, _B, _B, _B, _O, _K),
            Event.CAUGHT_UP: (_F, _F, _F, _F, _O, _K),
            Event.FAULT: (_X, _X, _X, _X, _O, _K),
            Event.FORK: (_K, _K, _K, _K, _K, _K),
            Event.OUTAGE_START: (_O, _O, _O, _O, _O, _K),
            Event.OUTAGE_END: (_I, _B, _F, _X, _B, _K),
            Event.RESUMED: (_I, _B, _F, _X, _O, _I),
        }.items()
        for state, after in zip(State, row, strict=True)
    }
)
"""A row for each event; its columns are the states in their order: idle to forked."""


def step(state: State, event: Event) -> State:
    """The state after an event; every event has an answer in every state."""
    return TRANSITIONS[state, event]


def event_of(outcome: Accepted | Fault) -> Event:
    """What the judgement of a page means for the conversation."""
    if isinstance(outcome, Fault):
        return Event.FORK if outcome.is_fork else Event.FAULT
    return Event.PAGE if outcome.behind else Event.CAUGHT_UP
