"""What treaties say around their lists, as data: tolerances, cumulation, absorption, sets, packing, formulas, rates.

Every switch has the value that claims the least: what a pack does not say is never read in the good's favour.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

WEIGHT = "weight"
"""Base of a tolerance: the net weight of the good."""
LISTED_WEIGHT = "listed-weight"
"""Base of a tolerance: the weight of the materials ``listed``, such as the basic textile materials."""
PRICE_BASES = ("EXW", "FCA", "FOB", "CIF", "transaction value", "customs value", "net cost")
"""What a share of a price can be taken of."""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Foreign materials that fail by code or origin may be used up to a share (CIS Rules 2.6).

    It never repairs a limit on value or weight, nor an operation. Of several that are for the good, any one may be used.
    """

    pct: Decimal
    base: str
    """A price basis, ``weight`` or ``listed-weight``."""
    same_heading_only: bool
    against_list: bool
    """Whether it may repair a row of the list, or the general test only."""
    attestations: tuple[str, ...] = ()
    """Question ids that must be answered yes, such as ``tolerance:necessary-component``."""
    id: str = "tolerance"
    citation: str = ""
    goods: tuple[str, ...] = ()
    """Codes and ranges of the goods it is for; empty: every good."""
    not_goods: tuple[str, ...] = ()
    """Codes and ranges of goods it is not for, such as textiles of chapters 50 to 63."""
    materials: tuple[str, ...] = ()
    """Codes and ranges of the materials it may pass over; empty: any."""
    not_materials: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    """With ``listed-weight``: the materials whose weight is the base, one entry for each kind."""
    least_kinds: int = 1
    """How many of the kinds ``listed`` must be used, such as two for mixed textiles."""
    stacks: bool = False
    """Whether it may be used on top of a permission of the rule."""
    beside_value_limits: bool = True
    """Whether it may be used where the same alternative holds a value limit (in which the materials still count)."""


@dataclass(frozen=True, slots=True)
class Cumulation:
    """When another country's materials count as originating (CIS Rules 2.3, 2.5)."""

    kind: str
    """``none``; ``bilateral``: the parties' originating materials; ``diagonal``: also the partners'; ``full``: also work
    done in a party on materials that do not originate, of which only the foreign content then counts."""
    proof_forms: tuple[str, ...] = ()
    """The forms that prove a party's material for the cumulation criterion; empty if none is needed."""
    party_material_is_foreign_without_proof: bool = True
    partners: frozenset[str] = frozenset()
    """Countries beyond the parties whose originating materials count too (diagonal and full)."""
    not_materials: tuple[str, ...] = ()
    """Codes and ranges of materials that are not cumulated."""
    beyond_minimal: bool = True
    """Whether work in the exporting party must go beyond the operations that never confer origin."""


@dataclass(frozen=True, slots=True)
class Absorption:
    """What counts of an intermediate material that the bill traces to its own materials."""

    originating: str = "absorbed"
    """``absorbed``: once it originates nothing in it is foreign; ``content``: its foreign content still counts in values."""
    foreign: str = "whole"
    """``whole``: if it does not originate its whole value counts; ``content``: only its foreign content does."""


@dataclass(frozen=True, slots=True)
class Sets:
    """Sets of General Rule 3: how much of the price may be items that do not originate."""

    pct: Decimal
    base: str


@dataclass(frozen=True, slots=True)
class Counted:
    """How packing for retail sale, packing for transport, or accessories enter the tests."""

    rule: str = ""
    """In words."""
    in_values: bool = True
    in_classification: bool = True


@dataclass(frozen=True, slots=True)
class Formula:
    """A regional value content: (sum of ``counted`` - sum of ``deducted``) / base.

    The amounts: ``price``, ``originating`` or ``foreign`` materials, ``costs`` (all those stated), or one cost by name.
    """

    counted: tuple[str, ...]
    deducted: tuple[str, ...] = ()
    base: str = ""
    """The price basis it is a share of; empty: the one the rule names."""


FORMULAS: Mapping[str, Formula] = {
    "build-down": Formula(("price",), ("foreign",)),
    "focused": Formula(("price",), ("foreign",)),
    "build-up": Formula(("originating",)),
    "direct": Formula(("originating", "costs")),
    "net-cost": Formula(("net cost",), ("foreign",), "net cost"),
}
"""The formulas that treaties share; a pack may add its own, or change these."""


@dataclass(frozen=True, slots=True)
class Valuation:
    """How prices and values are compared."""

    base: str
    """The price that value limits are taken of."""
    materials: tuple[str, ...] = ()
    """Price bases at which foreign materials count, such as ``customs`` and ``first-sale``; empty: any."""
    rate_date: str = "amount"
    """The day whose exchange rate holds: of the ``amount``, of ``departure``, of the ``invoice``, or ``determination``."""
    scrap: str = "counted"
    """Scrap that was sold: its proceeds stay ``counted`` in the material's value, or are ``deducted``."""


RATE_DATES = ("amount", "departure", "invoice", "determination")
FUNGIBLE_METHODS = ("segregation", "average")
"""Accounting segregation: originating stock is used first, up to what there is of it; average: by the shares in stock."""
