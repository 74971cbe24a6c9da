"""Decides the legal status of a certificate from what was stated about it, in order of the log.

One table: what is not in it cannot be done. Annulled, replaced and superseded are final; "expired" is no
status but a comparison with the day of presentation. A duplicate and a replacement are whole certificates
that name the one they follow; the other contents stand here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from countermark.document.certificate import IDENTIFIER, REFERENCE, Reference
from countermark.document.parts import DATE, ascii_text, choice, text, whole
from countermark.document.shape import Part, read_content, record, write_content


class LegalStatus(StrEnum):
    """Whether a certificate stands."""

    VALID = "valid"
    SUSPENDED = "suspended"
    ANNULLED = "annulled"
    REPLACED = "replaced"
    SUPERSEDED = "superseded by a duplicate"


class Effect(StrEnum):
    """From when an annulment works."""

    FROM_START = "from the start"
    FROM_NOW = "from now"


@dataclass(frozen=True, slots=True)
class Annulled:
    """The certificate is withdrawn."""

    certificate: Reference
    reason: str
    effect: Effect
    officer: str
    on: date


@dataclass(frozen=True, slots=True)
class Suspended:
    """The certificate is not to be relied on until it is resumed."""

    certificate: Reference
    reason: str
    officer: str
    on: date


@dataclass(frozen=True, slots=True)
class Resumed:
    """The suspension has ended."""

    certificate: Reference
    reason: str
    officer: str
    on: date


@dataclass(frozen=True, slots=True)
class Void:
    """A number of a series under which nothing was issued, nor will be: it leaves no gap."""

    series: str
    """As ``number.series`` writes it."""
    serial: int
    reason: str
    officer: str
    on: date


LifecycleContent = Annulled | Suspended | Resumed | Void

_REASON = text(1000)
_PARTS: Mapping[str, Part[LifecycleContent]] = MappingProxyType(
    {
        "annulled": record(
            Annulled,
            certificate=REFERENCE,
            reason=_REASON,
            effect=choice({Effect.FROM_START: 1, Effect.FROM_NOW: 2}),
            officer=IDENTIFIER,
            on=DATE,
        ),
        "suspended": record(Suspended, certificate=REFERENCE, reason=_REASON, officer=IDENTIFIER, on=DATE),
        "resumed": record(Resumed, certificate=REFERENCE, reason=_REASON, officer=IDENTIFIER, on=DATE),
        "void": record(
            Void,
            series=ascii_text("[0-9]{4}/[0-9]{3}", "a series such as 2026/101"),
            serial=whole(1, 999_999),
            reason=_REASON,
            officer=IDENTIFIER,
            on=DATE,
        ),
    }
)
"""By the kind of statement that carries the content."""

_KINDS = MappingProxyType({Annulled: "annulled", Suspended: "suspended", Resumed: "resumed", Void: "void"})

_VALID, _SUSPENDED = LegalStatus.VALID, LegalStatus.SUSPENDED

TRANSITIONS: Mapping[tuple[LegalStatus | None, str], LegalStatus] = MappingProxyType(
    {
        (None, "issued"): _VALID,
        (_VALID, "suspended"): _SUSPENDED,
        (_SUSPENDED, "resumed"): _VALID,
        (_VALID, "annulled"): LegalStatus.ANNULLED,
        (_SUSPENDED, "annulled"): LegalStatus.ANNULLED,
        (_VALID, "replaced"): LegalStatus.REPLACED,
        (_SUSPENDED, "replaced"): LegalStatus.REPLACED,
        (_VALID, "duplicate"): LegalStatus.SUPERSEDED,
    }
)
"""(status, kind of the statement about the certificate) to the status after it; ``None`` is: not yet issued.

``issued`` stands for whatever statement brought the certificate itself into being. A suspended certificate
has no duplicate: the doubt would be lost with the paper.
"""


def next_status(status: LegalStatus | None, kind: str) -> LegalStatus | None:
    """The status after a statement of this kind, or ``None`` if it cannot be made now."""
    return TRANSITIONS.get((status, kind))


def status_after(kinds: Iterable[str]) -> LegalStatus | None:
    """The status after these statements about one certificate, in order of the log.

    A statement that cannot follow changes nothing, so nothing leads out of a final status.
    ``None`` until the certificate is issued.
    """
    status: LegalStatus | None = None
    for kind in kinds:
        status = TRANSITIONS.get((status, kind), status)
    return status


def encode_lifecycle(content: LifecycleContent, salt: bytes) -> bytes:
    """The content to sign; ``salt`` is 16 random bytes. Raises ``DocumentError``."""
    return write_content(_PARTS[_KINDS[type(content)]], content, salt)


def read_lifecycle(kind: str, content: bytes) -> tuple[LifecycleContent, bytes]:
    """The content of an ``annulled``, ``suspended``, ``resumed`` or ``void`` statement, and its salt.

    Raises ``DocumentError`` for bytes that are not its one encoding, ``KeyError`` for another kind.
    """
    return read_content(_PARTS[kind], content)
