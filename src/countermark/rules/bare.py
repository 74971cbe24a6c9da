"""A bare case: one good, its materials and a rule, without an agreement around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from countermark.goods.application import Operation
from countermark.goods.material import Answer
from countermark.rules.expression import Expression


@dataclass(frozen=True, slots=True)
class CaseMaterial:
    """A material, or an item of a set."""

    hs: str = ""
    name: str = ""
    value: Decimal | None = None
    weight: Decimal | None = None
    originating: Answer | None = None
    wo: Answer | None = None
    country: str = ""
    proof: bool = False
    named: Mapping[str, Answer] = field(default_factory=dict)
    bill: tuple[CaseMaterial, ...] = ()
    rule: Expression | None = None
    """The rule of its own code, by which its bill makes it originating or not."""


@dataclass(frozen=True, slots=True)
class CasePrice:
    """What the good is worth, and at which price basis."""

    type: str
    amount: Decimal
    currency: str = ""


@dataclass(frozen=True, slots=True)
class CaseGood:
    """The good."""

    hs: str = ""
    name: str = ""
    value_basis: CasePrice | None = None
    weight: Decimal | None = None
    wo: Answer | None = None
    named: Mapping[str, Answer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseTolerance:
    """How much may fail by code or origin."""

    pct: Decimal
    base: str
    same_heading_only: bool = False
    attestations: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    """With the base ``listed-weight``: the codes of the materials whose weight it is a share of."""
    stacks: bool = False
    beside_value_limits: bool = True


@dataclass(frozen=True, slots=True)
class CaseOperation:
    """An operation done; ``minimal`` if it alone would not confer origin."""

    operation: Operation
    minimal: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """A bare case as stated."""

    rule: Expression
    good: CaseGood
    materials: tuple[CaseMaterial, ...] | None = None
    tolerance: CaseTolerance | None = None
    costs: Mapping[str, Decimal] = field(default_factory=dict)
    method: str = ""
    operations: tuple[CaseOperation, ...] = ()
    attested: Mapping[str, Answer] = field(default_factory=dict)
    cumulation: str = ""
    set_items: tuple[CaseMaterial, ...] | None = None
