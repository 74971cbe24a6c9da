"""How a bare case is written: one good, its materials and a rule, without an agreement (``determine --case``)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from countermark.goods.application import Operation
from countermark.goods.material import Answer
from countermark.rules.expression import Expression, read_expression
from countermark.rules.form import FLAG, TEXT, ExpressionError, Kind, Part, list_of, read_object, read_parts

_AMOUNT = re.compile(r"\d{1,24}(\.\d{1,12})?\Z", re.ASCII)
_CODE = re.compile(r"\d{2,10}\Z", re.ASCII)
MOST_DEEP = 8
"""Levels of bills inside bills."""


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


def read_case(raw: object) -> Case:
    """A case from plain data.

    Raises:
        ExpressionError: not a case of this form, or its rule is a text: reading rule texts is a command of its own.
    """
    return Case(**read_parts(raw, _CASE, ""))


def _rule(raw: object, path: str) -> Expression:
    if isinstance(raw, str):
        raise ExpressionError(
            path, "rule-as-text", 'The rule is a text. Give it as an expression, such as {"ctc": "CTH"}.'
        )
    return read_expression(raw, path)


def _code(raw: object, path: str) -> str:
    digits = raw.replace(" ", "").replace(".", "") if isinstance(raw, str) else raw
    if digits in (None, "any"):
        return ""
    if not isinstance(digits, str) or not _CODE.match(digits):
        raise ExpressionError(path, "code", 'A code of 2 to 10 digits in quotes is expected, such as "0402".')
    return digits


def _amount(raw: object, path: str) -> Decimal | None:
    """A number as written: decimals come from the file as decimals, never as binary fractions."""
    if raw is None:
        return None
    if isinstance(raw, bool | float) or not _AMOUNT.match(
        f"{raw:f}" if isinstance(raw, Decimal) else str(raw)
    ):
        raise ExpressionError(
            path, "amount", "A number of at most 24 digits, not below zero, is expected here."
        )
    return Decimal(str(raw))


def _known_amount(raw: object, path: str) -> Decimal:
    amount = _amount(raw, path)
    if amount is None:
        raise ExpressionError(path, "missing", "A number is expected here.")
    return amount


def _answer(raw: object, path: str) -> Answer | None:
    match raw:
        case None:
            return None
        case bool():
            return Answer.YES if raw else Answer.NO
        case "yes" | "no" | "unestablished":
            return Answer(raw)
    raise ExpressionError(path, "answer", "true, false, null, yes, no or unestablished is expected here.")


def _answers(raw: object, path: str) -> dict[str, Answer]:
    if isinstance(raw, list | tuple):
        return dict.fromkeys((TEXT.read(name, path) for name in raw), Answer.YES)
    named = {name: _answer(answer, f"{path}.{name}") for name, answer in read_object(raw, path).items()}
    return {name: answer for name, answer in named.items() if answer is not None}


def _attested(raw: object, path: str) -> dict[str, Answer]:
    """Answers by question id; a bare name is a process."""
    return {
        name if ":" in name else f"process:{name}": answer for name, answer in _answers(raw, path).items()
    }


def _materials(raw: object, path: str) -> tuple[CaseMaterial, ...]:
    if path.count(".bill") > MOST_DEEP:
        raise ExpressionError(path, "too-deep", f"Bills are read to a depth of {MOST_DEEP}.")
    if not isinstance(raw, list | tuple):
        raise ExpressionError(
            path, "not-a-list", "A list of materials is expected here; [] says there are none."
        )
    return tuple(CaseMaterial(**read_parts(each, _MATERIAL, f"{path}[{n}]")) for n, each in enumerate(raw))


def _operation(raw: object, path: str) -> CaseOperation:
    if isinstance(raw, str):
        return CaseOperation(Operation(TEXT.read(raw, path), raw))
    parts = read_parts(raw, _OPERATION, path)
    minimal = parts.pop("minimal", False)
    return CaseOperation(Operation(**({"code": "", "words": ""} | parts)), minimal)


def _operations(raw: object, path: str) -> tuple[CaseOperation, ...]:
    if not isinstance(raw, list | tuple):
        raise ExpressionError(path, "not-a-list", "A list of operations is expected here.")
    return tuple(_operation(each, f"{path}[{n}]") for n, each in enumerate(raw))


def _costs(raw: object, path: str) -> dict[str, Decimal]:
    return {name: _known_amount(amount, f"{path}.{name}") for name, amount in read_object(raw, path).items()}


def _word(raw: object, path: str) -> str:
    return "" if raw is None else TEXT.read(raw, path)


def _read_only(read: object) -> Kind:
    return Kind(read, str)  # type: ignore[arg-type]


_AMOUNTS, _KNOWN, _TRUTHS = _read_only(_amount), _read_only(_known_amount), _read_only(_answer)
_NAMED, _WORD, _HS = _read_only(_answers), _read_only(_word), _read_only(_code)
_MATERIALS = _read_only(_materials)
_PRICE = (
    Part("type", "type", TEXT, True),
    Part("amount", "amount", _KNOWN, True),
    Part("currency", "currency", _WORD),
)
_MATERIAL = (
    Part("hs", "hs", _HS),
    Part("name", "name", _WORD),
    Part("value", "value", _AMOUNTS),
    Part("weight", "weight", _AMOUNTS),
    Part("originating", "originating", _TRUTHS),
    Part("wo", "wo", _TRUTHS),
    Part("country", "country", _WORD),
    Part("proof", "proof", _read_only(lambda raw, _: bool(raw))),
    Part("named", "named", _NAMED),
    Part("bill", "bill", _MATERIALS),
)
_GOOD = (
    Part("hs", "hs", _HS),
    Part("name", "name", _WORD),
    Part(
        "value_basis", "value_basis", _read_only(lambda raw, path: CasePrice(**read_parts(raw, _PRICE, path)))
    ),
    Part("weight", "weight", _AMOUNTS),
    Part("wo", "wo", _TRUTHS),
    Part("named", "named", _NAMED),
)
_TOLERANCE = (
    Part("pct", "pct", _KNOWN, True),
    Part("base", "base", TEXT, True),
    Part("same_heading_only", "same_heading_only", FLAG),
    Part("attestations", "attestations", list_of(TEXT)),
)
_OPERATION = (
    Part("code", "code", TEXT),
    Part("words", "words", TEXT),
    Part("place", "place", TEXT),
    Part("evidence", "evidence", TEXT),
    Part("minimal", "minimal", FLAG),
)
_CASE = (
    Part("rule", "rule", _read_only(_rule), True),
    Part("good", "good", _read_only(lambda raw, path: CaseGood(**read_parts(raw, _GOOD, path))), True),
    Part("materials", "materials", _MATERIALS),
    Part(
        "tolerance",
        "tolerance",
        _read_only(lambda raw, path: CaseTolerance(**read_parts(raw, _TOLERANCE, path))),
    ),
    Part("costs", "costs", _read_only(_costs)),
    Part("method", "method", _WORD),
    Part("operations", "operations", _read_only(_operations)),
    Part("attested", "attested", _read_only(_attested)),
    Part("cumulation", "cumulation", _WORD),
    Part("set_items", "set_items", _MATERIALS),
)
