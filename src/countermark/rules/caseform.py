"""How a bare case is written: one good, its materials and a rule, without an agreement (``determine --case``)."""

from __future__ import annotations

import re
from decimal import Decimal

from countermark.goods.application import Operation
from countermark.goods.material import Answer
from countermark.rules.bare import Case, CaseGood, CaseMaterial, CaseOperation, CasePrice, CaseTolerance
from countermark.rules.expression import Expression, read_expression
from countermark.rules.form import (
    FLAG,
    TEXT,
    ExpressionError,
    Kind,
    Part,
    list_of,
    one_of,
    read_code,
    read_object,
    read_parts,
)
from countermark.rules.reader import read_rule
from countermark.rules.terms import LISTED_WEIGHT, WEIGHT

_AMOUNT = re.compile(r"\d{1,24}(\.\d{1,12})?\Z", re.ASCII)
_CODE = re.compile(r"\d{2,10}\Z", re.ASCII)
TEXTILES = ("5001-5007", "5101-5113", "5201-5212", "5301-5311", "5401-5408", "5501-5516", "5605")
"""The basic textile materials by code: silk, wool and hair, cotton, other vegetable fibres, man-made, metallised."""
MOST_DEEP = 8
"""Levels of bills inside bills."""


def read_case(raw: object) -> Case:
    """A case from plain data; a rule given as text is read, and what is not understood of it stays undetermined.

    Raises:
        ExpressionError: not a case of this form.
    """
    return Case(**read_parts(raw, _CASE, ""))


def _rule(raw: object, path: str) -> Expression:
    if not isinstance(raw, str):
        return read_expression(raw, path)
    read = read_rule(raw)
    if read.expression is None:
        raise ExpressionError(path, "empty", "The rule has no words: write it, or give an expression.")
    return read.expression


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


def _share(raw: object, path: str) -> Decimal:
    share = _known_amount(raw, path)
    if share > 100:
        raise ExpressionError(path, "percentage", "A percentage from 0 to 100 is expected here.")
    return share


def _tolerance(raw: object, path: str) -> CaseTolerance:
    """As ``{pct, base}``, or as ``{kind, percent, of}``."""
    fields = read_object(raw, path)
    if "kind" not in fields:
        return CaseTolerance(**read_parts(raw, _TOLERANCE, path))
    parts = read_parts(raw, _KIND_OF_TOLERANCE, path)
    of = parts.get("of", "")
    if parts["kind"] == "value":
        return CaseTolerance(parts["pct"], of or "EXW")
    if "textile" in of.lower():
        return CaseTolerance(parts["pct"], LISTED_WEIGHT, listed=TEXTILES)
    return CaseTolerance(parts["pct"], WEIGHT)


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
    Part("desc", "name", _WORD),
    Part("origin", "country", _WORD),
    Part("rule", "rule", _read_only(_rule)),
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
_SHARE = _read_only(_share)
_TOLERANCE = (
    Part("pct", "pct", _SHARE, True),
    Part("base", "base", TEXT, True),
    Part("same_heading_only", "same_heading_only", FLAG),
    Part("attestations", "attestations", list_of(TEXT)),
    Part("listed", "listed", list_of(Kind(read_code, str))),
    Part("stacks", "stacks", FLAG),
    Part("beside_value_limits", "beside_value_limits", FLAG),
)
_KIND_OF_TOLERANCE = (
    Part("kind", "kind", one_of("value", "weight"), True),
    Part("percent", "pct", _SHARE, True),
    Part("of", "of", TEXT),
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
        _read_only(_tolerance),
    ),
    Part("costs", "costs", _read_only(_costs)),
    Part("method", "method", _WORD),
    Part("operations", "operations", _read_only(_operations)),
    Part("attested", "attested", _read_only(_attested)),
    Part("cumulation", "cumulation", _WORD),
    Part("set_items", "set_items", _MATERIALS),
)
