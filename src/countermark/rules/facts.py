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

Questions = tuple[Question, ...]


class Standing(Enum):
    """Where a material stands for the exporting party; ``code`` names it in the trace."""

    WHOLLY = ("wholly", Truth.NO, Truth.YES)
    OWN = ("own", Truth.NO, Truth.NO)
    PROVED = ("proved", Truth.NO, Truth.NO)
    PARTY = ("party", Truth.NO, Truth.NO)
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

    def question(self, about: str, code: str, **figures: str) -> Question:
        """The question ``material:3:<about>``."""
        return Question(f"{self.key}:{about}", code, {"line": str(self.number), "name": self.name, **figures})


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
    tracing: bool = True


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one node comes to, the questions that could change it, and its step of the trace."""

    truth: Truth
    asks: Questions = ()
    trace: Trace | None = None
