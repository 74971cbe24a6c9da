"""The rule expression: one frozen type for every thing a rule of origin can ask.

Percentages are exact; limits inclusive unless ``strict``; ``cite`` is the span of the text a node came from.
The JSON form of every node is in ``countermark.rules.expression``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from countermark.rules.selector import Described, Level, Selector

Selectors = tuple[Selector, ...]
AGREEMENT = "agreement"
"""A formula or a price that a rule leaves to its agreement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A node, with where in its text it begins and ends."""

    cite: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class AnyOf(Cited):
    """At least one alternative is met."""

    of: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AllOf(Cited):
    """Every part is met."""

    of: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AtLeast(Cited):
    """``n`` of the parts are met."""

    n: int
    of: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class WhollyObtainedGood(Cited):
    """The good itself is wholly obtained."""


@dataclass(frozen=True, slots=True)
class WhollyObtainedMaterials(Cited):
    """Every selected material is wholly obtained."""

    materials: Selectors
    excepted: Selectors = ()


@dataclass(frozen=True, slots=True)
class OriginatingMaterials(Cited):
    """Every selected material originates."""

    materials: Selectors
    excepted: Selectors = ()


@dataclass(frozen=True, slots=True)
class ChangeOfClassification(Cited):
    """Every foreign material is of another chapter, heading or subheading than the good."""

    level: Level
    also_from: Selectors = ()
    """Allowed although they do not change."""
    only_from: Selectors = ()
    """If given, the change must be from these."""
    excepted: Selectors = ()
    """Not allowed although they change."""


@dataclass(frozen=True, slots=True)
class AnyHeading(Cited):
    """Foreign materials of any heading, the good's own included, but for the exceptions."""

    excepted: Selectors = ()


@dataclass(frozen=True, slots=True)
class MaxForeignValue(Cited):
    """The value of foreign materials, all or the selected, does not exceed a share of a price."""

    pct: Decimal
    base: str
    materials: Selectors | None = None
    strict: bool = False
    """The share must stay below the limit."""


@dataclass(frozen=True, slots=True)
class ValueContent(Cited):
    """Regional value content by a named formula is not less than a percentage."""

    pct: Decimal
    formula: str
    base: str
    strict: bool = False
    materials: Selectors | None = None
    """For the focused formula: the foreign materials that count."""


@dataclass(frozen=True, slots=True)
class MaxWeight(Cited):
    """The weight of selected foreign materials does not exceed a share of the good, or of other materials."""

    pct: Decimal
    materials: Selectors
    of: Selectors | None = None
    """``None``: of the good."""
    measure: str = "net"
    each: bool = False
    """Each selector is held against the limit by itself."""
    strict: bool = False


@dataclass(frozen=True, slots=True)
class MinShare(Cited):
    """Among the materials ``of``, the selected ones of a status make up at least a share."""

    pct: Decimal
    materials: Selectors
    status: str
    of: Selectors
    measure: str
    strict: bool = False


@dataclass(frozen=True, slots=True)
class MinCount(Cited):
    """At least ``n`` of the items of the set have the status."""

    n: int
    of: str = "set_items"
    status: str = "originating"


@dataclass(frozen=True, slots=True)
class ForeignWithinOriginating(Cited):
    """The value of foreign materials does not exceed the value of originating ones."""


@dataclass(frozen=True, slots=True)
class FromMaterials(Cited):
    """Manufacture from the materials named; another foreign line asks whether it is an earlier stage."""

    materials: Selectors
    earlier_stages: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Process(Cited):
    """An operation that a person attests, with evidence."""

    id: str
    on: Selectors = ()
    where: str = "party"
    text: str = ""


@dataclass(frozen=True, slots=True)
class NotOnly(Cited):
    """Some operation done lies outside the list."""

    operations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limit(Cited):
    """A share of a price, or of the weight of the good (``weight``)."""

    pct: Decimal
    base: str


@dataclass(frozen=True, slots=True)
class Permit(Cited):
    """In ``rule`` the selected materials are passed over, within a limit and under a condition."""

    materials: Selectors
    rule: Expression
    limit: Limit | None = None
    condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class SetRule(Cited):
    """Every item of a set originates, but for foreign ones up to a share of the price."""

    pct: Decimal
    base: str
    each: bool = True


@dataclass(frozen=True, slots=True)
class When(Cited):
    """One rule if the good is as described, or an expression holds; otherwise the other."""

    condition: Described | Expression
    then: Expression
    otherwise: Expression | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """A rule between two days, both included; an absent end is open."""

    since: date | None
    until: date | None
    rule: Expression


@dataclass(frozen=True, slots=True)
class Dated(Cited):
    """The rule of the day."""

    periods: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class NoTolerance(Cited):
    """In ``rule`` no tolerance is taken for materials of these codes."""

    materials: Selectors
    rule: Expression


@dataclass(frozen=True, slots=True)
class Quota(Cited):
    """A rule open only within a quota, drawn down at import."""

    id: str
    rule: Expression


@dataclass(frozen=True, slots=True)
class Noted(Cited):
    """A rule that refers to a note or an article of the treaty, which stands beside it and decides nothing here."""

    note: str
    rule: Expression


@dataclass(frozen=True, slots=True)
class Retain(Cited):
    """What must remain or be kept, in words: a person judges."""

    what: str


@dataclass(frozen=True, slots=True)
class Ref(Cited):
    """The rule of another row of the agreement, by its id."""

    name: str


@dataclass(frozen=True, slots=True)
class Pending(Cited):
    """The parties have not agreed the rule."""


@dataclass(frozen=True, slots=True)
class Manual(Cited):
    """A text that was not read, and why: a person decides."""

    why: str
    text: str = ""


Expression = (
    AnyOf
    | AllOf
    | AtLeast
    | WhollyObtainedGood
    | WhollyObtainedMaterials
    | OriginatingMaterials
    | ChangeOfClassification
    | AnyHeading
    | MaxForeignValue
    | ValueContent
    | MaxWeight
    | MinShare
    | MinCount
    | ForeignWithinOriginating
    | FromMaterials
    | Process
    | NotOnly
    | Permit
    | SetRule
    | When
    | Dated
    | NoTolerance
    | Quota
    | Noted
    | Retain
    | Ref
    | Pending
    | Manual
)
