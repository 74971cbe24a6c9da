"""What the verbs need from the world, as protocols; ``adapters`` implements each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Protocol

from countermark.document.certificate import Body
from countermark.goods.hs import HSEdition
from countermark.rules.agreement import Agreement
from countermark.trust.algorithm import Signer
from countermark.trust.checkpoint import NoteSigner
from countermark.trust.statement import Header


class AlreadyThere(Exception):
    """A unique fact is there already: a number, a statement, an index, a drawing."""


class Raced(Exception):
    """The head changed while we worked: another process was first; look again."""


class NoAgreement(Exception):
    """No agreement of this name, or none in force that day; the message says what there is."""


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement's bytes and its place: ``index`` is ``None`` until sequenced, ``content`` where we may not see it."""

    origin: str
    index: int | None
    leaf: bytes
    content: bytes | None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class NewStatement:
    """A statement to be stored. ``header`` is ``None`` for a partner's leaf that is no statement at all."""

    origin: str
    index: int | None
    header: Header | None
    leaf: bytes
    content: bytes | None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class HeadRow:
    """The checkpoint we stand by for a log. ``files`` maps each path last written to its staged name."""

    origin: str
    version: int
    size: int
    root: bytes
    note: str
    edge: bytes
    files: bytes


@dataclass(frozen=True, slots=True)
class CosignatureRow:
    """A cosigned note: its body and signature lines, and the witness's time in Unix seconds."""

    origin: str
    size: int
    witness: str
    time: int
    note: str


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """The index entry of one certificate statement."""

    leaf_hash: bytes
    origin: str
    sub: str
    number: str
    dated: str
    kind: str
    party: str
    destination: str
    status: str


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """A submitted application: its plain form, the rules officers stated for it, and what became of it."""

    id: str
    exporter: str
    reference: str
    plain: str
    submitted: int
    stated: str = "[]"
    state: str = "submitted"
    number: str = ""
    determinations: bytes | None = None


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """What may be drawn of one item, in whole millionths of its unit."""

    ledger: str
    family: str
    item: int
    unit: str
    most: int
    drawn: int = 0


@dataclass(frozen=True, slots=True)
class DrawingRow:
    """One line drawn from a balance, and what drew it."""

    ledger: str
    family: str
    item: int
    amount: int
    cause: str


@dataclass(frozen=True, slots=True)
class PartnerRow:
    """The other side of a corridor. ``card`` is its JSON: address, pinned roots, transport key."""

    party: str
    origin: str
    card: str
    state: str = "idle"
    fault: str = ""
    received_size: int = 0
    """How much of our log the partner said it received."""
    answered_size: int = 0
    """How much of the partner's log our last ``received`` covers."""


@dataclass(frozen=True, slots=True)
class InquiryRow:
    """A verification request, ours or the partner's, by the leaf hashes of its statements."""

    id: str
    ours: bool
    partner: str
    number: str
    request: bytes
    reply: bytes | None = None


class Statements(Protocol):
    """The bytes of every signed fact, once each."""

    def add(self, rows: Sequence[NewStatement]) -> None:
        """Raises AlreadyThere if the log holds an entry at one of the indexes."""

    def seen(self, origin: str, ctis: Sequence[bytes]) -> set[bytes]:
        """Which of these statement identifiers the log holds already."""

    def at(self, leaf_hash: bytes) -> StatementRow | None: ...
    def page(self, origin: str, first: int, limit: int) -> list[StatementRow]: ...
    def pending(self, origin: str, limit: int) -> list[tuple[int, bytes]]:
        """Own statements without an index, oldest first: (row number, leaf)."""

    def place(self, origin: str, places: Sequence[tuple[int, int]]) -> None:
        """Give rows their index: (index, row number). Raises Raced if one has an index already."""

    def public(self, origin: str) -> list[StatementRow]:
        """Sequenced trust lists, policies and key events, in order of the log."""

    def of_kind(self, origin: str, kind: str, sub: str = "") -> list[StatementRow]: ...
    def refused(self, origin: str, first: int, end: int) -> list[tuple[int, str]]:
        """Index and code of every refused entry in a range of a partner's log."""

    def missing(self, origin: str, aud: str, first: int, end: int) -> list[int]:
        """Entries addressed to us whose content has not arrived."""

    def refuse(self, origin: str, index: int, code: str) -> None:
        """Mark a partner's entry as refused."""

    def kinds(self, origin: str, first: int, end: int) -> set[str]: ...


class Logs(Protocol):
    """Heads by compare-and-set, and the cosignatures gathered."""

    def head(self, origin: str) -> HeadRow | None: ...
    def swap(self, old: HeadRow | None, new: HeadRow) -> None:
        """Raises Raced unless the head still is ``old``."""

    def cosigned(self, origin: str, first: int = 0) -> list[CosignatureRow]:
        """On checkpoints of size ``first`` and more, in order of size and time."""

    def last_cosigned(self, origin: str, witness: str) -> CosignatureRow | None: ...
    def add_cosignature(self, row: CosignatureRow) -> None:
        """Bringing the same line again changes nothing."""


class Register(Protocol):
    """Certificates by number and family, number series, and balances."""

    def next_numbers(self, series: str, count: int) -> int:
        """Take ``count`` numbers of a series in this transaction; returns the first."""

    def last_number(self, series: str) -> int: ...
    def add_certificates(self, rows: Sequence[CertificateRow]) -> None:
        """Raises AlreadyThere when a party's number is used twice."""

    def certificates(self, *numbers: str) -> list[CertificateRow]:
        """Every certificate with one of these numbers, whoever issued it."""

    def family(self, *subs: str) -> list[CertificateRow]:
        """Every certificate of these families."""

    def set_status(self, leaf_hash: bytes, status: str) -> None: ...
    def open_balances(self, rows: Sequence[BalanceRow]) -> None:
        """New rows; one that is there stays as it is."""

    def put_balances(self, rows: Sequence[BalanceRow]) -> None:
        """Set rows as they are given, new or there already."""

    def balances(self, ledger: str, family: str) -> list[BalanceRow]: ...
    def draw(self, rows: Sequence[DrawingRow]) -> bool:
        """Draw every line or none: false when one goes beyond its balance. Raises AlreadyThere on a cause seen before."""

    def note_drawings(self, rows: Sequence[DrawingRow]) -> None:
        """Record lines another party drew."""

    def drawings(self, ledger: str, family: str) -> list[DrawingRow]: ...
    def drawn_by(self, ledger: str, cause: str) -> list[DrawingRow]: ...


class Cases(Protocol):
    """Applications, inquiries and partners."""

    def add_applications(self, rows: Sequence[ApplicationRow]) -> None:
        """Raises AlreadyThere when the exporter used the reference before."""

    def application(self, id: str) -> ApplicationRow | None: ...
    def application_of(self, number: str) -> ApplicationRow | None:
        """The application a certificate of ours was issued for."""

    def application_by_reference(self, exporter: str, reference: str) -> ApplicationRow | None: ...
    def update_applications(self, rows: Iterable[ApplicationRow]) -> None: ...
    def add_inquiry(self, row: InquiryRow) -> None: ...
    def inquiries(self, number: str = "", id: str = "") -> list[InquiryRow]: ...
    def update_inquiry(self, row: InquiryRow) -> None: ...
    def partners(self) -> list[PartnerRow]: ...
    def partner(self, party: str) -> PartnerRow | None: ...
    def put_partner(self, row: PartnerRow) -> None: ...
    def note_received(self, party: str, size: int) -> None:
        """The partner said it received our log up to a size; it never becomes smaller."""


class Store(Protocol):
    """The party's database."""

    statements: Statements
    logs: Logs
    register: Register
    cases: Cases

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing, alone: no other writer is in between."""


class Tiles(Protocol):
    """The static files of our own log (trust.md, order of writes)."""

    def stage(self, data: bytes) -> str:
        """Write under the content's hash, durably; returns the staged name."""

    def install(self, path: str, staged: str) -> None:
        """Give a staged file its final name; harmless when it has it already."""

    def read(self, path: str) -> bytes | None: ...
    def remove(self, path: str) -> None: ...
    def publish(self, path: str, data: bytes) -> None:
        """Replace a small file at once, durably."""


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware, UTC."""


class Ids(Protocol):
    def random(self, size: int) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Office:
    """A party at work: who it is, its keys, its store, its clock."""

    code: str
    """ISO 3166-1 alpha-2 of the party."""
    origin: str
    zone: tzinfo
    body: Body
    store: Store
    clock: Clock
    ids: Ids
    signers: Mapping[str, Signer]
    """By role (trust.kinds): ``body-seal``, ``customs-seal``, ``operations`` ..."""
    log_signer: NoteSigner
    witness: NoteSigner
    tiles: Tiles
    hs: HSEdition
    agreement: Callable[[str], Agreement]
    """Raises NoAgreement."""
