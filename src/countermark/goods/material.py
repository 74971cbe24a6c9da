"""A material of a bill of materials, and what is known of its origin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from countermark.goods.hs import HSCode
from countermark.goods.money import Money, Quantity
from countermark.goods.operation import Answer, Operation

__all__ = ["Answer", "Material", "Proof", "Role", "Status", "Stock"]


class Status(StrEnum):
    """What the applicant states of a material's origin."""

    ORIGINATING = "originating"
    """Originates in the exporting party."""
    WHOLLY = "wholly-obtained"
    """Wholly obtained in the exporting party."""
    FOREIGN = "foreign"
    """Originates in no party."""
    PARTY = "party"
    """Originates in another party of the agreement (``country``), by ``proof`` or without."""
    UNESTABLISHED = "unestablished"
    """Asked, and cannot be proved: counts as foreign."""


class Role(StrEnum):
    """What a line of the bill is to the good, if not simply a material of it."""

    RETAIL_PACKING = "retail-packing"
    TRANSPORT_PACKING = "transport-packing"
    ACCESSORY = "accessory"
    """Accessories, spare parts and tools delivered with the good."""
    NEUTRAL = "neutral"
    """Used up or worn in making, no part of the good: energy, plant, tools."""


@dataclass(frozen=True, slots=True)
class Stock:
    """A fungible material, originating and foreign kept together: what the stock held when it was drawn."""

    method: str
    """``segregation`` or ``average``."""
    originating: Decimal
    foreign: Decimal
    """Both in the unit of the material's quantity."""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """A certificate that shows a material's origin, and how much of its item this good relies on."""

    form: str
    number: str
    date: str
    """ISO date of the certificate."""
    country: str
    item: int
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Material:
    """One line of the bill of materials, per the quantity of goods stated in the line of the application."""

    name: str
    hs: HSCode | None
    status: Status | None
    """``None`` is a blank: not known yet."""
    country: str = ""
    """Country of origin, ISO 3166-1 alpha-2; empty if not known."""
    quantity: Quantity | None = None
    value: Money | None = None
    weight: Decimal | None = None
    """Net weight in kilograms."""
    proof: Proof | None = None
    named: Mapping[str, Answer] = field(default_factory=dict)
    """Answers to "is this material <words of the rule>?", keyed by the words."""
    bill: tuple[Material, ...] = ()
    """The materials this material was itself made of, for roll-up."""
    bill_for: Quantity | None = None
    """The quantity of this material that its bill is stated for; ``None``: the whole line."""
    made_in: str = ""
    """Country where it was made, whether or not it originates there; empty: the exporting party."""
    operations: tuple[Operation, ...] = ()
    """Done to make it from its bill."""
    role: Role | None = None
    waste: Decimal | None = None
    """Net kilograms of it that do not remain in the good."""
    scrap: Money | None = None
    """Proceeds of the waste that was sold."""
    stock: Stock | None = None
