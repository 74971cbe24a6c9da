"""The rule expression in JSON, read strictly: nothing is guessed, nothing is passed over.

``read_expression(write_expression(e)) == e`` for every expression; its types are ``countermark.rules.nodes``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from countermark.rules import nodes
from countermark.rules.form import (
    CITE,
    COUNT,
    DAY,
    FLAG,
    MOST_DEEP,
    PERCENTAGE,
    TEXT,
    ExpressionError,
    Kind,
    Part,
    list_of,
    one_of,
    read_list,
    read_object,
    read_parts,
    write_parts,
)
from countermark.rules.nodes import Expression
from countermark.rules.selection import SELECTORS, read_described, write_selector
from countermark.rules.selector import Described, Level

__all__ = [
    "Expression",
    "ExpressionError",
    "read_expression",
    "write_expression",
]

_LEVELS: Mapping[str, Level] = {"CC": Level.CHAPTER, "CTH": Level.HEADING, "CTSH": Level.SUBHEADING}


@dataclass(frozen=True, slots=True)
class _Form:
    """How one node is written: its type, its parts, and whether they stand inside the leading key."""

    make: Callable[..., Any]
    parts: tuple[Part, ...] = ()
    inside: bool = False


def read_expression(raw: object, path: str = "") -> Expression:
    """A rule from its JSON form.

    Raises:
        ExpressionError: not a rule of this form; says where and what is expected.
    """
    fields = read_object(raw, path)
    if path.count(".") > 2 * MOST_DEEP:
        raise ExpressionError(path, "too-deep", f"Rules are read to a depth of {MOST_DEEP}.")
    leads = [name for name in fields if name in _FORMS]
    if len(leads) > 1 and "rule" not in fields:
        raise ExpressionError(path, "two-nodes", f"One node is expected here, not {' and '.join(leads)}.")
    if not leads:
        raise ExpressionError(path, "unknown-node", f"A node begins with one of: {', '.join(_FORMS)}.")
    lead = leads[0]
    cite = {"cite": CITE.read(fields["cite"], f"{path}.cite")} if "cite" in fields else {}
    if lead == "wo" and fields["wo"] is True:
        lead = "wo-good"
    form = _FORMS.get(lead) or _WHOLLY
    if not form.inside and form.parts and form.parts[0].name == lead:
        return _made(form, read_parts(fields, form.parts, path, ("cite",)) | cite, path)
    here = f"{path}.{leads[0]}"
    if form.inside:
        read_parts(fields, (), path, (leads[0], "cite"))
        return _made(form, read_parts(fields[leads[0]], form.parts, here) | cite, path)
    if fields[leads[0]] is not True:
        raise ExpressionError(here, "not-true", "Only true is expected here.")
    return _made(form, read_parts(fields, form.parts, path, (leads[0], "cite")) | cite, path)


def _made(form: _Form, values: dict[str, Any], path: str) -> Expression:
    made: Expression = form.make(**values)
    if isinstance(made, nodes.AtLeast) and made.n > len(made.of):
        raise ExpressionError(path, "at-least", f"{made.n} of {len(made.of)} parts can never be met.")
    return made


def write_expression(expression: Expression) -> dict[str, object]:
    """The JSON form of a rule."""
    lead, form = _WRITTEN[type(expression)]
    written = write_parts(expression, form.parts)
    if form.inside:
        written = {lead: written}
    elif lead not in written:
        written = {lead: True} | written
    if expression.cite is not None:
        written["cite"] = list(expression.cite)
    return written


def _read_condition(raw: object, path: str) -> Described | Expression:
    fields = read_object(raw, path)
    if "then" in fields or any(name in _FORMS and name != "when" for name in fields):
        return read_expression(raw, path)
    return read_described(raw, path)


def _write_condition(condition: Described | Expression) -> object:
    return write_selector(condition) if isinstance(condition, Described) else write_expression(condition)


def _read_level(raw: object, path: str) -> Level:
    if raw not in _LEVELS:
        raise ExpressionError(path, "change", "One of these is expected here: CC, CTH, CTSH.")
    return _LEVELS[str(raw)]


def _read_weighed(raw: object, path: str) -> object:
    return None if raw == "good" else SELECTORS.read(raw, path)


def _read_periods(raw: object, path: str) -> tuple[nodes.Period, ...]:
    listed = enumerate(read_list(raw, path))
    found = [
        nodes.Period(**({"since": None, "until": None} | read_parts(v, _PERIOD, f"{path}[{n}]")))
        for n, v in listed
    ]
    if any(p.since and p.until and p.since > p.until for p in found):
        raise ExpressionError(path, "period", "A period runs from the earlier day to the later one.")
    return tuple(found)


def _write_periods(periods: tuple[nodes.Period, ...]) -> object:
    return [
        {part.name: part.kind.write(v) for part in _PERIOD if (v := getattr(p, part.attribute))}
        for p in periods
    ]


_RULE = Kind(read_expression, write_expression)
_RULES = list_of(_RULE)
_LIMIT_PARTS = (Part("pct", "pct", PERCENTAGE, True), Part("base", "base", TEXT, True))
_CITED_LIMIT = (*_LIMIT_PARTS, Part("cite", "cite", CITE))
_LIMIT = Kind(
    lambda raw, path: nodes.Limit(**read_parts(raw, _CITED_LIMIT, path)),
    lambda limit: write_parts(limit, _CITED_LIMIT),
)
_PERIOD = (Part("from", "since", DAY), Part("until", "until", DAY), Part("rule", "rule", _RULE, True))
_SELECTED = (Part("materials", "materials", SELECTORS, True),)
_STRICT = Part("strict", "strict", FLAG)
_MEASURES = one_of("net", "dry", "volume", "alcohol")
_EXCEPT = Part("except", "excepted", SELECTORS)
_LEVEL = Kind(_read_level, lambda level: next(word for word, held in _LEVELS.items() if held is level))
_WEIGHED = Kind(_read_weighed, lambda of: "good" if of is None else SELECTORS.write(of))
_WHOLLY = _Form(nodes.WhollyObtainedGood)

_FORMS: Mapping[str, _Form] = {
    "any": _Form(nodes.AnyOf, (Part("any", "of", _RULES, True),)),
    "all": _Form(nodes.AllOf, (Part("all", "of", _RULES, True),)),
    "at_least": _Form(
        nodes.AtLeast, (Part("n", "n", COUNT, True), Part("of", "of", _RULES, True)), inside=True
    ),
    "wo": _Form(nodes.WhollyObtainedMaterials, (Part("wo", "materials", SELECTORS, True), _EXCEPT)),
    "originating": _Form(
        nodes.OriginatingMaterials, (Part("originating", "materials", SELECTORS, True), _EXCEPT)
    ),
    "ctc": _Form(
        nodes.ChangeOfClassification,
        (
            Part("ctc", "level", _LEVEL, True),
            Part("also_from", "also_from", SELECTORS),
            Part("only_from", "only_from", SELECTORS),
            _EXCEPT,
        ),
    ),
    "any_heading": _Form(nodes.AnyHeading, (_EXCEPT,)),
    "max_nom": _Form(
        nodes.MaxForeignValue,
        (*_LIMIT_PARTS, Part("materials", "materials", SELECTORS), _STRICT),
        inside=True,
    ),
    "rvc": _Form(
        nodes.ValueContent,
        (
            *_LIMIT_PARTS,
            Part("formula", "formula", TEXT, True),
            _STRICT,
            Part("materials", "materials", SELECTORS),
        ),
        inside=True,
    ),
    "max_weight": _Form(
        nodes.MaxWeight,
        (
            _LIMIT_PARTS[0],
            *_SELECTED,
            Part("of", "of", _WEIGHED),
            Part("measure", "measure", _MEASURES),
            Part("each", "each", FLAG),
            _STRICT,
        ),
        inside=True,
    ),
    "min_share": _Form(
        nodes.MinShare,
        (
            _LIMIT_PARTS[0],
            *_SELECTED,
            Part("status", "status", one_of("wo", "originating"), True),
            Part("of", "of", SELECTORS, True),
            Part("measure", "measure", one_of("weight", "value"), True),
            _STRICT,
        ),
        inside=True,
    ),
    "min_count": _Form(
        nodes.MinCount,
        (
            Part("n", "n", COUNT, True),
            Part("of", "of", one_of("set_items")),
            Part("status", "status", one_of("originating")),
        ),
        inside=True,
    ),
    "nom_within_om": _Form(nodes.ForeignWithinOriginating),
    "from_materials": _Form(
        nodes.FromMaterials,
        (
            Part("from_materials", "materials", SELECTORS, True),
            Part("earlier_stages", "earlier_stages", FLAG),
            Part("text", "text", TEXT),
        ),
    ),
    "process": _Form(
        nodes.Process,
        (
            Part("process", "id", TEXT, True),
            Part("on", "on", SELECTORS),
            Part("where", "where", one_of("party", "parties", "any")),
            Part("text", "text", TEXT),
        ),
    ),
    "not_only": _Form(nodes.NotOnly, (Part("not_only", "operations", list_of(TEXT), True),)),
    "permit": _Form(
        nodes.Permit,
        (
            Part("permit", "materials", SELECTORS, True),
            Part("limit", "limit", _LIMIT),
            Part("if", "condition", _RULE),
            Part("rule", "rule", _RULE, True),
        ),
    ),
    "set": _Form(nodes.SetRule, (*_LIMIT_PARTS, Part("each", "each", FLAG)), inside=True),
    "when": _Form(
        nodes.When,
        (
            Part("when", "condition", Kind(_read_condition, _write_condition), True),
            Part("then", "then", _RULE, True),
            Part("else", "otherwise", _RULE),
        ),
    ),
    "dated": _Form(nodes.Dated, (Part("dated", "periods", Kind(_read_periods, _write_periods), True),)),
    "no_tolerance": _Form(
        nodes.NoTolerance,
        (Part("no_tolerance", "materials", SELECTORS, True), Part("rule", "rule", _RULE, True)),
    ),
    "quota": _Form(nodes.Quota, (Part("quota", "id", TEXT, True), Part("rule", "rule", _RULE, True))),
    "note": _Form(nodes.Noted, (Part("note", "note", TEXT, True), Part("rule", "rule", _RULE, True))),
    "retain": _Form(nodes.Retain, (Part("retain", "what", TEXT, True),)),
    "ref": _Form(nodes.Ref, (Part("ref", "name", TEXT, True),)),
    "pending": _Form(nodes.Pending),
    "manual": _Form(nodes.Manual, (Part("manual", "why", TEXT, True), Part("text", "text", TEXT))),
}
_WRITTEN: Mapping[Callable[..., Any], tuple[str, _Form]] = {
    form.make: (lead, form) for lead, form in _FORMS.items()
} | {nodes.WhollyObtainedGood: ("wo", _WHOLLY)}
