"""The application for a certificate of origin: what the exporter states, before anyone decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from countermark.goods.hs import HSCode
from countermark.goods.material import Answer, Material
from countermark.goods.money import Money, Quantity, Rate
from countermark.goods.operation import Operation
from countermark.goods.party import Trader

__all__ = [
    "Application",
    "Document",
    "Good",
    "Operation",
    "Packages",
    "Retrospective",
    "WhollyObtained",
]


@dataclass(frozen=True, slots=True)
class WhollyObtained:
    """The claim that the good is wholly obtained or produced."""

    category: str
    """The agreement's category letter or number, such as ``b``."""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Packages:
    """Box 7: how many packages of what kind, with their marks."""

    count: int | None
    kind: str
    marks: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A paper the application relies on: an invoice, a contract, an expert act."""

    number: str
    date: date
    kind: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Good:
    """One line of the application: what it is, what it costs, what it was made of and how."""

    item: int
    description: str
    hs: HSCode
    packages: Packages
    net_weight: Decimal | None
    """Kilograms."""
    gross_weight: Decimal | None
    quantity: Quantity | None
    price: Money | None
    """Price of the whole line."""
    materials: tuple[Material, ...] | None
    """``None`` is a blank; an empty tuple says there are none."""
    operations: tuple[Operation, ...] = ()
    wholly_obtained: WhollyObtained | None = None
    attested: Mapping[str, Answer] = field(default_factory=dict)
    """Answers to the questions of a determination, keyed by question id."""
    rates: tuple[Rate, ...] = ()
    expert_act: Document | None = None
    invoice: Document | None = None
    producer: Trader | None = None
    bill_for: Quantity | None = None
    """The quantity of good that the materials are stated for; ``None``: the whole line."""
    set_items: tuple[Material, ...] | None = None
    """The items, if the good is a set of General Rule 3; ``None``: it is not stated to be one."""


@dataclass(frozen=True, slots=True)
class Retrospective:
    """A request for issue after export: why, and the proof of export."""

    reason: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Application:
    """What the exporter asks for: one certificate for one consignment (CIS Rules 6.4)."""

    reference: str
    """The exporter's own reference: applying twice with one reference is one application."""
    agreement: str
    form: str
    exporter: Trader
    consignee: Trader
    destination: str
    """Country of presentation, ISO 3166-1 alpha-2."""
    goods: tuple[Good, ...]
    consignor: Trader | None = None
    importer: Trader | None = None
    transport: str = ""
    """Box 3: means of transport and route, as far as known."""
    departure: date | None = None
    contract: Document | None = None
    direct_purchase: Answer | None = None
    direct_delivery: Answer | None = None
    retrospective: Retrospective | None = None
    remarks: tuple[str, ...] = ()
