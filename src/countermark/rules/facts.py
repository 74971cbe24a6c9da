"""What is known about one good when its rule is tested: every blank stays visible as a blank.

Values are in the currency of the good's price, at a price basis the agreement allows; what could not be
brought there is blank, with the question that would fill it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum

from countermark.goods.application import Operation
from countermark.goods.material import Answer, Proof
from countermark.rules.determination import Question, Trace, Truth
from countermark.rules.expression import Expression
from countermark.rules.terms import FORMULAS, Formula

Questions = tuple[Question, ...]


class Standing(Enum):
    """Where a material stands for the exporting party; ``code`` names it in the trace."""

    WHOLLY = ("wholly", Truth.NO, Truth.YES)
    OWN = ("own", Truth.NO, Truth.NO)
    PROVED = ("proved", Truth.NO, Truth.NO)
    PARTY = ("party", Truth.NO, Truth.NO)
    OPEN = ("open", Truth.UNKNOWN, Truth.NO)
    FOREIGN = ("foreign", Truth.YES, Truth.NO)
    BLANK = ("blank", Truth.UNKNOWN, Truth.UNKNOWN)

    def __init__(self, code: str, foreign: Truth, wholly: Truth) -> None:
        self.code = code
        self.foreign = foreign
        self.wholly = wholly


@dataclass(frozen=True, slots=True)
class Line:
    """One material as the rules see it; the good itself is described as a line of key ``good``."""

    key: str
    """``material:3``: the beginning of every question about it."""
    number: int
    name: str
    digits: str
    """The code as far as it is known and comparable; empty if it is not."""
    standing: Standing
    foreign: Truth
    wholly: Truth
    value: Decimal | None = None
    value_asks: Questions = ()
    weight: Decimal | None = None
    named: Mapping[str, Answer] = field(default_factory=dict)
    proof: Proof | None = None
    origin_asks: Questions = ()
    """What to ask if its origin is not known; empty: whether it originates."""
    proposed: str = ""
    """Codes of the list's edition that a code of another edition may have become."""
    tested: bool = True
    """Whether its code and origin are tested; packing and accessories may be passed over."""
    counted: bool = True
    """Whether its value and weight count."""
    path: tuple[int, ...] = ()
    """Lines from the good's bill down to it; empty: its own number."""
    steps: tuple[Trace, ...] = ()
    """How its own origin was determined from its bill."""

    @property
    def label(self) -> str:
        """Its line as people read it: ``3``, or ``3.1`` in the bill of line 3."""
        return ".".join(map(str, self.path)) if self.path else str(self.number)

    def question(self, about: str, code: str, **figures: str) -> Question:
        """The question ``material:3:<about>``."""
        return Question(f"{self.key}:{about}", code, {"line": self.label, "name": self.name, **figures})


@dataclass(frozen=True, slots=True)
class Price:
    """The price that shares are taken of."""

    amount: Decimal
    currency: str
    bases: frozenset[str]
    """The price bases it is known to be of."""


@dataclass(frozen=True, slots=True)
class Facts:
    """One good, ready to be held against rules."""

    good: Line
    lines: tuple[Line, ...]
    """The materials as they stand in the bill."""
    price: Price | None
    on: date
    country: str
    parties: frozenset[str] = frozenset()
    operations: tuple[Operation, ...] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)
    blank: Questions = ()
    """The question for the materials, if they are blank altogether."""
    wholly: Truth = Truth.NO
    """Whether the good itself is wholly obtained."""
    weight: Decimal | None = None
    costs: Mapping[str, Decimal] = field(default_factory=dict)
    method: str = ""
    """The way of reckoning the value content that the producer chose; empty if any may be used."""
    items: tuple[Line, ...] | None = None
    """The items of a set; ``None``: its materials are its items."""
    rules: Mapping[str, Expression] = field(default_factory=dict)
    """Rules that others refer to."""
    skipped: frozenset[int] = frozenset()
    """Lines passed over by a permission of the rule."""
    opened: tuple[Line, ...] | None = None
    """The lines again, where materials that do not originate may be replaced by what they were made of; ``None``: none may."""
    opened_operations: tuple[Operation, ...] = ()
    """What was done to make those materials."""
    formulas: Mapping[str, Formula] = field(default_factory=lambda: FORMULAS)
    value_base: str = ""
    """The price that the agreement takes shares of; empty where there is no agreement: the price given."""
    remarks: tuple[Trace, ...] = ()
    """What was noticed or passed over in the bill."""
    tracing: bool = True


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one node comes to, the questions that could change it, and its step of the trace."""

    truth: Truth
    asks: Questions = ()
    trace: Trace | None = None
