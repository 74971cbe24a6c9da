"""A material of a bill of materials, and what is known of its origin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from countermark.goods.hs import HSCode
from countermark.goods.money import Money, Quantity


class Answer(StrEnum):
    """A fact that was asked: yes, no, or asked and not provable. A blank is the absence of an answer."""

    YES = "yes"
    NO = "no"
    UNESTABLISHED = "unestablished"


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
