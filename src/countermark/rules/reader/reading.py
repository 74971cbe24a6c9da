"""What reading a rule's text comes to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from countermark.rules.nodes import Expression


class Status(StrEnum):
    """How far a text was read."""

    EXACT = "exact"
    """Codes and figures decide."""
    ATTESTED = "attested"
    """A person answers yes-or-no questions too: operations, named materials."""
    PARTIAL = "partial"
    """At least one node decides; the rest is ``manual``."""
    MANUAL = "manual"
    """A person decides all of it."""
    EMPTY = "empty"
    """There were no words."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as read: the expression, whose ``cite`` spans tile the text, and the words that were not understood."""

    status: Status
    expression: Expression | None
    """``None`` of an empty text only."""
    unread: tuple[str, ...] = ()
