"""What a determination says: the verdict, the criterion of box 9, the trace, and the questions still open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum

from countermark.goods.material import Proof


class Truth(Enum):
    """Kleene's three values: a fact that may be missing is never taken as yes."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """Whether the good originates under the agreement."""

    ORIGINATING = "originating"
    NOT_ORIGINATING = "not originating"
    UNDETERMINED = "undetermined"


class Criterion(StrEnum):
    """By what the good originates; the agreement gives each its box 9 template."""

    WHOLLY = "wholly produced"
    SUFFICIENT = "sufficiently processed"
    CUMULATION = "cumulation"


@dataclass(frozen=True, slots=True)
class Trace:
    """One step of the reasoning: a code and its figures; the words are added where it is shown."""

    code: str
    """Which sentence of the catalogue says this step, such as ``max_nom`` or ``row_gap``."""
    result: Truth | None
    """``None`` for a step that only states a fact."""
    figures: Mapping[str, str] = field(default_factory=dict)
    children: tuple[Trace, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A missing fact whose answer can change the verdict; answered in ``Good.attested`` under ``id``, or by filling the blank."""

    id: str
    """Stable: ``process:body-welding``, ``row:3902-1``, ``material:3:value``, ``rate:EUR:USD:2026-05-04``."""
    code: str
    figures: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of preferential treatment apart from origin (CIS Rules 5.1)."""

    kind: str
    """``direct purchase``, ``direct delivery`` or ``document``."""
    phase: str
    """``issue`` or ``import``: one that can only be known at import never blocks issue."""
    met: Truth


@dataclass(frozen=True, slots=True)
class Reliance:
    """A proof of origin this verdict rests on, and the material line it covers."""

    line: int
    proof: Proof
    inside: tuple[int, ...] = ()
    """Lines within the bill of that material, and the bills within it; empty: the material itself."""


@dataclass(frozen=True, slots=True)
class Determination:
    """The answer for one good under one agreement's edition on one date."""

    agreement: str
    edition: str
    on: str
    verdict: Verdict
    country: str
    """The party of origin; empty unless originating."""
    criterion: Criterion | None
    box9: str
    rule: str
    """Citation of the rule that decided, or would have to."""
    stated_by: str
    """The officer who stated the rule; empty when the agreement's data held it."""
    relied_on: tuple[Reliance, ...]
    conditions: tuple[Condition, ...]
    questions: tuple[Question, ...]
    trace: Trace | None
