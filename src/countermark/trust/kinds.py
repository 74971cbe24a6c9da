"""Decides which statements exist, whose seals may sign each, in whose log it stands, and who is addressed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What the trust list allows a key to do; it compares equal to its text."""

    BODY_SEAL = "body-seal"
    VERIFYING_SEAL = "verifying-seal"
    CUSTOMS_SEAL = "customs-seal"
    OPERATIONS = "operations"
    CENTRAL = "central"
    ROOT = "root"


class Side(StrEnum):
    """In whose log a statement of a kind stands."""

    EXPORTING = "exporting"
    IMPORTING = "importing"
    EACH = "each"


@dataclass(frozen=True, slots=True)
class Kind:
    """A row of the table."""

    name: str
    roles: frozenset[Role]
    """A key needs one of them."""
    side: Side
    addressed: bool
    """Whether ``aud`` must be present; if not it must be absent, and the content is public."""


_BODY = frozenset({Role.BODY_SEAL})
_IMPORTING = frozenset({Role.CUSTOMS_SEAL, Role.BODY_SEAL})
_OPERATIONS = frozenset({Role.OPERATIONS})

_TABLE = (
    *(
        Kind(name, _BODY, Side.EXPORTING, True)
        for name in (
            "issued", "duplicate", "replaced", "annulled", "suspended", "resumed", "confirmed", "void",
        )
    ),
    Kind("verification-reply", frozenset({Role.VERIFYING_SEAL}), Side.EXPORTING, True),
    *(
        Kind(name, _IMPORTING, Side.IMPORTING, True)
        for name in ("used", "use-withdrawn", "refused", "verification-request", "substitute")
    ),
    Kind("received", _OPERATIONS, Side.EACH, True),
    *(Kind(name, _OPERATIONS, Side.EACH, False) for name in ("outage-start", "outage-end")),
    *(
        Kind(name, frozenset({Role.CENTRAL}), Side.EACH, True)
        for name in ("profile", "meeting-snapshot")
    ),
    *(
        Kind(name, frozenset({Role.ROOT}), Side.EACH, False)
        for name in ("trust-list", "policy", "key-event")
    ),
)  # fmt: skip

KINDS: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in _TABLE})
"""Every kind of statement there is, by name."""
