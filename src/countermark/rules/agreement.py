"""An agreement as dated, cited data: who is party, which rule stands for which code, and all around it.

Values are built from a pack (``agreement.toml`` and ``rules.jsonl``) by ``countermark.adapters.packs``.
A pack that does not hold its treaty's whole list says so per chapter (``coverage``); the engine never guesses
there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from countermark.rules.expression import Expression
from countermark.rules.terms import (
    FORMULAS,
    Absorption,
    Counted,
    Cumulation,
    Formula,
    Sets,
    Tolerance,
    Valuation,
)


class Coverage(StrEnum):
    """How much of a chapter's rows the pack holds; unproved completeness is a possible gap."""

    COMPLETE = "complete"
    GAP_KNOWN = "gap known"
    GAP_POSSIBLE = "gap possible"


UNKNOWABLE = (
    "parties",
    "dates",
    "hs_edition",
    "form",
    "value",
    "wholly_obtained",
    "general_test",
    "cumulation",
    "tolerance",
    "insufficient",
    "sets",
    "validity",
    "verification",
)
"""What a pack may say it does not know, because a list of rules alone does not show it."""


class RowPolicy(StrEnum):
    """Which of the matching rows decide."""

    MOST_SPECIFIC = "most_specific"
    ANY = "any"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a value of the pack comes from, and how sure we are of it."""

    source: str
    """A key of the pack's sources."""
    paragraph: str
    valid_from: date | None
    """``None`` where the date of entry into force was not read."""
    confidence: str
    """``read`` in the agreement's text, from a ``secondary`` text, or ``inferred`` by us."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A fact around the agreement that decides nothing by itself, and must not be forgotten."""

    kind: str
    """``party``, ``other party``, ``amendment``, ``reservation`` or ``gap``."""
    subject: str
    """The country, the protocol's date, the matter reserved, or the chapter."""
    text: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class SmallConsignment:
    """Up to this value a simpler document is proof enough (CIS Rules 6.2)."""

    amount: Decimal
    currency: str
    document: str
    rate_date: str
    """The event whose date gives the exchange rate."""


@dataclass(frozen=True, slots=True)
class Provision:
    """One cited fact of the treaty, with how sure we are of it."""

    id: str
    value: object
    statement: str
    paragraph: str
    source: str
    valid_from: date | None
    confidence: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list of rules: for these codes, this expression."""

    id: str
    """Stable: the first code, and a counter where several rows share it, such as ``3901-3915/1``."""
    codes: tuple[str, ...]
    """Codes of 2 to 10 digits, and ranges ``a-b`` whose ends may differ in length, as the list writes them.

    What they reach is ``span_of``: zeros after the sixth digit only say that the subheading is not subdivided.
    """
    ex: bool
    """Only the goods named in ``gloss``."""
    gloss: str
    rule: Expression
    citation: str
    certainty: str
    """``read``; ``cut``: the words of the goods are cut short; ``damaged``: then the rule is manual."""
    note: str = ""
    amended: tuple[str, ...] = ()
    rest: bool = False
    """The goods of its codes that no other row is for: the rest of a chapter, or of a heading unless named elsewhere.

    No person is asked: it applies to what the rows before it leave. ``ex`` is the other meaning, a part by description.
    """
    texts: tuple[str, ...] = ()
    """The words of the list, where the pack keeps them; ``cite`` counts the characters of each."""
    reading: str = ""
    """How far the words were read by this program: ``exact`` ... ``manual``; empty where a person wrote the rule."""


def span_of(code: str) -> tuple[str, str]:
    """The first and last code of a row's code or range: goods that begin with them are meant too.

    ``820210000`` is the whole subheading ``820210``, so a good coded in six digits is asked for no more.
    """
    first, _, last = code.partition("-")
    return _undivided(first), _undivided(last or first)


def _undivided(digits: str) -> str:
    return digits[:6] if len(digits) > 6 and not digits[6:].strip("0") else digits


def depth_of(code: str) -> int:
    """How specific a row's code is, in digits; of a range, its shorter end."""
    return min(map(len, span_of(code)))


@dataclass(frozen=True, slots=True)
class Agreement:
    """One edition of an agreement, whole: what the engine needs to decide, and the desk to show."""

    id: str
    title: str
    edition: str
    valid_from: date
    valid_until: date | None
    form: str
    parties: frozenset[str]
    """ISO 3166-1 alpha-2 codes."""
    hs_edition: int
    row_policy: RowPolicy
    rows: tuple[Row, ...]
    general_rule: Expression | None
    general_citation: str
    coverage: Mapping[str, Coverage]
    """By chapter (two digits); a chapter not named is a possible gap."""
    wholly_obtained: Mapping[str, str]
    """Category letter to its words."""
    wholly_citation: str
    insufficient: Mapping[str, str]
    """Operations that never confer origin: code to words (CIS Rules 3.1)."""
    insufficient_citation: str
    tolerances: tuple[Tolerance, ...]
    cumulation: Cumulation
    cumulation_citation: str
    sets: Sets | None
    """Without it, every item of a set must originate."""
    valuation: Valuation
    box9: Mapping[str, str]
    """Template per criterion, such as ``{"sufficiently processed": "Д{heading}"}``; empty: the form has no such box."""
    box9_letters: str
    """The letters allowed in box 9: look-alikes of another script are refused."""
    simple_assembly_of_kits: str
    """Reading of General Rule 2(a) kits without proof: ``undetermined`` unless the parties settled it."""
    validity_months: int
    quantity_over_pct: Decimal
    """How much more than certified may be delivered (CIS Rules 7.4, box 10)."""
    verification_months: int
    verification_repeat_months: int
    comparison: Mapping[str, str]
    """What differs from the declaration, to its grade: ``slip``, ``excess: <what>``, ``ask: <document>``,
    ``ground: <clause>``."""
    provisions: Mapping[str, Provision]
    nomenclature: str = "HS"
    """Whose codes the rows are written in, such as ``CIS``; all agree with the HS in six digits."""
    code_digits: int = 6
    """The longest code of that nomenclature."""
    language: str = ""
    """ISO 639-1 code of the language the form is filled in."""
    neutral_elements: tuple[str, ...] = ()
    """Things whose origin is ignored (CIS Rules 4.3)."""
    retail_packing: Counted | None = None
    transport_packing: Counted | None = None
    accessories: Counted | None = None
    """Without these, packing and accessories are materials like any other."""
    absorption: Absorption = field(default_factory=Absorption)
    fungible_methods: tuple[str, ...] = ()
    """How fungible materials kept together may be told apart: ``segregation``, ``average``."""
    formulas: Mapping[str, Formula] = field(default_factory=lambda: FORMULAS)
    wholly_chapters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By category, the codes it is likely for; a claim for another code is asked about. A category not named is never asked."""
    direct_purchase: tuple[str, ...] = ()
    direct_delivery: tuple[str, ...] = ()
    proof_documents: tuple[str, ...] = ()
    small_consignment: SmallConsignment | None = None
    verification_repeat_mandatory: bool = False
    """Whether silence must be met by a second request before refusal (CIS Rules 9-1, 9.2)."""
    restoration_months: int | None = None
    """How long after the declaration's registration treatment can be restored (CIS Rules 9-2)."""
    entry_days: int | None = None
    """Within how many days a certificate must stand in the electronic system (CIS Rules, Annex 4, 3.2)."""
    citations: Mapping[str, Citation] = field(default_factory=dict)
    """By section of the pack, such as ``tolerance`` or ``comparison.heading``: where its values come from."""
    sources: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    not_read: tuple[str, ...] = ()
    """What of the treaty nobody has read yet."""
    unknown: frozenset[str] = frozenset()
    """Sections the pack says it does not know (``UNKNOWABLE``): never read as "there is none"."""
