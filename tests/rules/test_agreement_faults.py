"""What is wrong with a pack is named; what merely looks odd is not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.adapters.nomenclature import hs_2022
from countermark.adapters.packs import load_agreement
from countermark.goods.hs import HSEdition
from countermark.rules.agreement import Agreement, Coverage, Row, RowPolicy, depth_of, span_of
from countermark.rules.coverage import Reason, Standing, Survey, tally
from countermark.rules.expression import read_expression
from countermark.rules.faults import faults

CTH = {"ctc": "CTH"}


def row(name: str, *codes: str, rule: object = CTH, ex: bool = False, gloss: str = "", **other: str) -> Row:
    terms = {"citation": "Annex 1", "certainty": "read"} | other
    return Row(name, codes or (name,), ex, gloss, read_expression(rule), **terms)


@pytest.fixture(scope="module")
def empty() -> Agreement:
    return replace(load_agreement("cis-2009"), rows=())


def codes_of(agreement: Agreement) -> list[tuple[str, str]]:
    return [(fault.code, fault.place) for fault in faults(agreement, hs_2022())]


def test_an_unknown_code_of_a_row_or_in_a_rule_is_named(empty):
    rows = (row("8803"), row("8805", rule={"ctc": "CTH", "except": ["7799"]}), row("8425-8499"))
    assert codes_of(replace(empty, rows=rows)) == [
        ("unknown-code", "8803"),
        ("unknown-code", "8805"),
        ("unknown-code", "8425-8499"),
    ]


@pytest.mark.parametrize(
    ("left", "right"),
    [("8403", "8403"), ("8425-8428", "8426"), ("1504-150600000", "1505-1510"), ("071040000", "071040")],
)
def test_two_plain_rows_equally_deep_for_one_code_overlap(empty, left, right):
    assert codes_of(replace(empty, rows=(row("a", left), row("b", right)))) == [("overlap", "a")]


@pytest.mark.parametrize(
    ("left", "right"), [("2106", "210690200"), ("8425-8428", "8429"), ("3701-370400", "3705")]
)
def test_a_deeper_or_a_neighbouring_row_does_not_overlap(empty, left, right):
    assert codes_of(replace(empty, rows=(row("a", left), row("b", right)))) == []


def test_an_ex_row_beside_a_plain_one_does_not_overlap(empty):
    rows = (row("a", "8528"), row("b", "8528", ex=True, gloss="liquid-crystal monitors"))
    assert codes_of(replace(empty, rows=rows)) == []


def test_where_any_row_may_decide_rows_may_overlap(empty):
    rows = (row("a", "8403"), row("b", "8403", rule={"any_heading": True}))
    assert codes_of(replace(empty, rows=rows, row_policy=RowPolicy.ANY)) == []


@pytest.mark.parametrize(
    "rule",
    [
        {"ctc": "CTH", "also_from": ["8404"], "except": ["8404"]},
        {"any_heading": True, "except": ["*"]},
        {"process": "simple-assembly"},
        {"ref": "no-such-row"},
        {
            "all": [
                {"max_nom": {"pct": "50", "base": "EXW"}},
                {"max_nom": {"pct": "60", "base": "EXW", "materials": ["84"]}},
            ]
        },
    ],
)
def test_a_rule_that_contradicts_itself_is_named(empty, rule):
    assert codes_of(replace(empty, rows=(row("8403", rule=rule),))) == [("contradiction", "8403")]


def test_one_ex_with_two_rules_contradicts(empty):
    rows = (
        row("a", "8528", ex=True, gloss="monitors"),
        row("b", "8528", ex=True, gloss="monitors", rule={"any_heading": True}),
    )
    assert codes_of(replace(empty, rows=rows)) == [("contradiction", "b")]


def test_a_damaged_row_that_would_decide_is_named(empty):
    assert codes_of(replace(empty, rows=(row("8403", certainty="damaged"),))) == [("contradiction", "8403")]


def test_a_missing_citation_is_named(empty):
    assert codes_of(replace(empty, rows=(row("8403", citation=" "),), general_citation="")) == [
        ("missing-citation", "8403"),
        ("missing-citation", "general_test"),
    ]


def test_a_latin_letter_in_box_9_is_named(empty):
    assert codes_of(replace(empty, box9={"cumulation": "K"})) == [("wrong-letter", "form.box9.cumulation")]


def test_the_general_test_decides_only_in_a_complete_chapter(empty):
    whole = replace(empty, coverage={"84": Coverage.COMPLETE})
    assert Survey(whole).standing("840310") == (Standing.DECIDED, frozenset())
    assert Survey(whole).standing("850110") == (Standing.GAP, frozenset({Reason.NO_ROW}))
    assert Survey(replace(whole, general_rule=None)).standing("840310")[0] is Standing.GAP


def test_an_ex_row_in_a_complete_chapter_leaves_no_gap_behind(empty):
    whole = replace(empty, coverage={"84": Coverage.COMPLETE}, rows=(row("8403", ex=True, gloss="boilers"),))
    assert Survey(whole).standing("840310") == (Standing.ASKED, frozenset({Reason.EX}))


@pytest.mark.parametrize(
    ("code", "first", "last", "digits"),
    [
        ("0402", "0402", "0402", 4),
        ("071040000", "071040", "071040", 6),
        ("210690200", "210690200", "210690200", 9),
        ("401211000-401219000", "401211", "401219", 6),
        ("844400-8447", "844400", "8447", 4),
    ],
)
def test_zeros_after_the_sixth_digit_mean_the_whole_subheading(code, first, last, digits):
    assert span_of(code) == (first, last)
    assert depth_of(code) == digits


ROWLESS = replace(load_agreement("cis-2009"), rows=())
CODES = st.sampled_from(hs_2022().subheadings).flatmap(
    lambda code: st.sampled_from([code[:2], code[:4], code, code + "200"])
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(CODES, st.booleans()), max_size=8))
def test_a_further_row_never_turns_a_touched_subheading_into_a_gap(agreement_rows):
    rows = tuple(row(f"r{n}", code, ex=ex, gloss="g") for n, (code, ex) in enumerate(agreement_rows))
    survey = Survey(replace(ROWLESS, rows=rows))
    for code, _ in agreement_rows:
        touched = code[:6] if len(code) > 6 else next(c for c in hs_2022().subheadings if c.startswith(code))
        assert survey.standing(touched)[0] is not Standing.GAP
    small = HSEdition(2022, frozenset(code[:6] for code, _ in agreement_rows if len(code) >= 6))
    assert sum(tally(replace(ROWLESS, rows=rows), small).total.values()) == len(small.codes)
