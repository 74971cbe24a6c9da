"""The JSON form of rules: read back as written, and refused unless it is exactly of the form."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.rules.expression import ExpressionError, read_expression, write_expression

PCT = st.decimals(0, 100, places=2).map(str)
CODE = st.text("0123456789", min_size=2, max_size=10)
WORDS = st.text(st.characters(categories=("L",)), min_size=1, max_size=12)
PLAIN_SELECTOR = st.one_of(
    CODE, st.sampled_from(["*", "@chapter", "@heading", "@subheading", "0201-0206", "15-160413"])
)
DESCRIBED = st.fixed_dictionaries(
    {"named": WORDS},
    optional={
        "codes": st.lists(PLAIN_SELECTOR, min_size=1, max_size=2),
        "except": st.lists(PLAIN_SELECTOR, min_size=1, max_size=2),
        "prop": st.dictionaries(WORDS, st.fixed_dictionaries({"gt": PCT}), min_size=1, max_size=2),
        "same": WORDS,
        "heavier_of": st.lists(PLAIN_SELECTOR, min_size=2, max_size=2),
        "when": st.fixed_dictionaries({"named": WORDS}),
    },
)
S = st.lists(st.one_of(PLAIN_SELECTOR, DESCRIBED), min_size=1, max_size=3)
BASE = st.sampled_from(["EXW", "FOB"])


def node(lead: str, value: Any, **more: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({lead: value}, optional=more)


def inside(lead: str, fields: dict[str, Any], **more: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({lead: st.fixed_dictionaries(fields, optional=more)})


YES = st.just(True)
LEAVES = st.one_of(
    st.just({"wo": True}),
    node("wo", S, **{"except": S}),
    node("originating", S, **{"except": S}),
    node("ctc", st.sampled_from(["CC", "CTH", "CTSH"]), also_from=S, only_from=S, **{"except": S}),
    node("any_heading", YES, **{"except": S}, cite=st.just([0, 7])),
    inside("max_nom", {"pct": PCT, "base": BASE}, materials=S, strict=YES),
    inside("rvc", {"pct": PCT, "base": BASE, "formula": WORDS}, strict=YES, materials=S),
    inside(
        "max_weight", {"pct": PCT, "materials": S}, of=S, measure=st.sampled_from(["dry", "volume"]), each=YES
    ),
    inside(
        "min_share",
        {"pct": PCT, "materials": S, "status": st.just("wo"), "of": S, "measure": st.just("value")},
    ),
    inside("min_count", {"n": st.integers(1, 9)}),
    node("nom_within_om", YES),
    node("from_materials", S, earlier_stages=YES, text=WORDS),
    node("process", WORDS, on=S, where=st.sampled_from(["parties", "any"]), text=WORDS),
    node("not_only", st.lists(WORDS, min_size=1, max_size=2)),
    inside("set", {"pct": PCT, "base": BASE}),
    node("retain", WORDS),
    node("ref", WORDS),
    node("pending", YES),
    node("manual", WORDS, text=WORDS),
)


def nested(e: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    limit = st.fixed_dictionaries({"pct": PCT, "base": BASE})
    return st.one_of(
        node("any", st.lists(e, min_size=1, max_size=3)),
        node("all", st.lists(e, min_size=1, max_size=3), cite=st.just([3, 9])),
        inside("at_least", {"n": st.just(1), "of": st.lists(e, min_size=1, max_size=2)}),
        st.fixed_dictionaries({"permit": S, "rule": e}, optional={"limit": limit, "if": e}),
        st.fixed_dictionaries({"when": st.one_of(DESCRIBED, e), "then": e}, optional={"else": e}),
        node(
            "dated",
            st.lists(
                st.fixed_dictionaries({"rule": e}, optional={"from": st.just("2026-01-01")}), min_size=1
            ),
        ),
        st.fixed_dictionaries({"no_tolerance": S, "rule": e}),
        st.fixed_dictionaries({"quota": WORDS, "rule": e}),
    )


@settings(max_examples=150, deadline=None)
@given(st.recursive(LEAVES, nested, max_leaves=5))
def test_what_is_written_reads_back_and_loses_nothing(plain: dict[str, Any]) -> None:
    expression = read_expression(plain)
    written = write_expression(expression)
    assert read_expression(written) == expression
    assert written == plain


@pytest.mark.parametrize(
    ("plain", "code", "path"),
    [
        ([], "not-an-object", ""),
        ({}, "unknown-node", ""),
        ({"ctc": "CTH", "any_heading": True}, "two-nodes", ""),
        ({"ctc": "heading"}, "change", ".ctc"),
        ({"ctc": "CTH", "exept": ["01"]}, "unknown-field", ".exept"),
        ({"max_nom": {"pct": 40, "base": "EXW"}}, "not-a-figure", ".max_nom.pct"),
        ({"max_nom": {"pct": "140", "base": "EXW"}}, "percentage", ".max_nom.pct"),
        ({"max_nom": {"pct": "40"}}, "missing", ".max_nom"),
        ({"max_nom": {"pct": "40", "base": "EXW"}, "materials": ["01"]}, "unknown-field", ".materials"),
        ({"all": []}, "not-a-list", ".all"),
        ({"any": [{"wo": False}]}, "not-a-list", ".any[0].wo"),
        ({"from_materials": ["8"]}, "code", ".from_materials[0]"),
        ({"from_materials": ["0206-0201"]}, "range", ".from_materials[0]"),
        ({"from_materials": ["@section"]}, "level", ".from_materials[0]"),
        ({"from_materials": [{}]}, "empty", ".from_materials[0]"),
        ({"at_least": {"n": 3, "of": [{"pending": True}]}}, "at-least", ""),
        ({"any_heading": False}, "not-true", ".any_heading"),
        ({"pending": True, "cite": [4, 1]}, "cite", ".cite"),
        ({"dated": [{"from": "2026-02-30", "rule": {"pending": True}}]}, "not-a-date", ".dated[0].from"),
    ],
)
def test_anything_else_is_refused_with_its_place(plain: object, code: str, path: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        read_expression(plain)
    assert (refused.value.code, refused.value.path) == (code, path)


def test_a_rule_nested_without_end_is_refused() -> None:
    plain: dict[str, Any] = {"pending": True}
    for _ in range(200):
        plain = {"any": [plain]}
    with pytest.raises(ExpressionError) as refused:
        read_expression(plain)
    assert refused.value.code == "too-deep"
