"""The measuring itself: each check fails where it should, figures are found, classes parse, changes are made."""

from __future__ import annotations

import pytest

from reading.checks import expected_statuses, failures
from reading.classes import NotAClass, parsed, written
from reading.corpus import pattern
from reading.facts import figures, stated
from reading.mutations import mutations
from reading.oracle import accepted, form_of, key_of
from reading.readings import Result, laid_out

TEXT = "From heading 84.31 and chapter 2, up to 40 % until 31 December 2030"
EXPRESSION = {
    "dated": [
        {
            "until": "2030-12-31",
            "rule": {
                "all": [
                    {"max_nom": {"pct": "40", "base": "EXW", "materials": ["8431", "02"]}, "cite": [0, 39]},
                    {"wo": True, "cite": [39, 43]},
                ]
            },
        }
    ],
    "cite": [43, len(TEXT)],
}


def result(expression=EXPRESSION, status="exact", text=TEXT, **more):
    return Result(text, status, expression, **more)


def changed(at, value):
    """The expression with another value at a path."""
    import copy

    made = copy.deepcopy(EXPRESSION)
    held = made
    for step in at[:-1]:
        held = held[step]
    held[at[-1]] = value
    return made


RULE = ("dated", 0, "rule", "all")


def test_a_right_reading_fails_no_check():
    assert failures(result()) == {}


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        ("percentages", result(changed((*RULE, 0, "max_nom", "pct"), "41"))),
        ("percentages", result(changed((*RULE, 1), {"rvc": {"pct": "5", "base": "FOB", "formula": "f"}, "cite": [39, 43]}))),
        ("codes", result(changed((*RULE, 0, "max_nom", "materials"), ["8431"]))),
        ("codes", result(changed((*RULE, 0, "max_nom", "materials"), ["8431", "02-03"]))),
        ("days", result(changed(("dated", 0, "until"), "2031-12-31"))),
        ("tiling", result(changed((*RULE, 0, "cite"), [0, 20]))),
        ("tiling", result(changed((*RULE, 0, "cite"), [0, 43]))),
        ("tiling", result(changed(("cite",), [43, 400]))),
        ("length", result({"wo": True, "cite": [0, 121]}, text="x" * 121)),
        ("manual-words", result({"manual": "why", "text": "other words", "cite": [0, 5]}, "manual", "words")),
        ("status", result(status="attested")),
        ("status", result({"process": "p", "text": "words", "cite": [0, 5]}, "exact", "words")),
        ("round-trip", result(round_trips=False)),
        ("crash", result(None, "crash", crash="ValueError")),
    ],
)  # fmt: skip
def test_a_wrong_reading_fails_its_check(check, wrong):
    assert check in failures(wrong)


def test_figures_left_to_a_person_are_not_asked_of_the_expression():
    text = "wholly obtained; of heading 8431 up to 40 %"
    expression = {
        "all": [{"wo": True, "cite": [0, 16]}, {"manual": "why", "text": text[16:], "cite": [16, 43]}]
    }
    assert failures(Result(text, "partial", expression)) == {}


def test_figures_kept_in_words_are_held():
    text = "yarn of heading 5205 with 85 % of cotton"
    expression = {"from_materials": [{"named": text}], "cite": [0, len(text)]}
    assert failures(Result(text, "attested", expression)) == {}
    assert not stated(expression).codes


@pytest.mark.parametrize(
    ("expression", "statuses"),
    [
        ({"ctc": "CTH"}, {"exact"}),
        ({"any": [{"ctc": "CTH"}, {"process": "p"}]}, {"attested"}),
        ({"ctc": "CTH", "except": [{"named": "yarn"}]}, {"attested"}),
        ({"from_materials": ["7206"]}, {"exact", "attested"}),
        ({"all": [{"manual": "w"}]}, {"manual"}),
        ({"all": [{"manual": "w"}, {"wo": True}]}, {"partial"}),
        ({"permit": ["@heading"], "rule": {"manual": "w"}}, {"partial"}),
    ],
)
def test_the_status_that_the_nodes_allow(expression, statuses):
    assert expected_statuses(expression) == statuses


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("50 per cent, 47,5per cent or 60 percent", ["% 50", "% 47.5", "% 60"]),
        ("RVC40 or QVC (35) or MaxNOM 45 % (EXW)", ["% 40", "% 35", "% 45"]),
        ("heading 01.04 through 01.06, 84.31 or 8544.42.20", ["0104", "0106", "8431", "85444220"]),
        ("headings Nos 2932, 2933 and ex 0713", ["2932", "2933", "0713"]),
        ("sub-heading 8407 32 or 8407 33", ["840732", "840733"]),
        ("chapters 1, 2 and 10 to 24", ["01", "02", "10", "24"]),
        ("chapter 4, 5 % of the weight", ["04", "% 5"]),
        ("heading 2002 to 2005 until 31 December 2026", ["2002", "2005", "day 2026-12-31"]),
        ("except from 5106-5110", ["5106", "5110"]),
        ("at the 4-digit level, less than 9 decitex", ["number 4", "number 9"]),
        ("не более 50 процентов, позиции 8407, группы 2 и 84", ["% 50", "8407", "02", "84"]),
        ("с 1 января 2025 года", ["day 2025-01-01"]),
    ],
)
def test_figures_of_a_text(text, found):
    signs = {"percentage": "% ", "code": "", "day": "day ", "number": "number "}
    assert [signs[f.kind] + f.value for f in figures(text)] == found


@pytest.mark.parametrize(
    ("classes", "form"),
    [
        ("CTH TOLERANCE (MAY BE USED RESTRICTION MAXNOM)", "CTH + MAY-LIMITED"),
        ("(CTH TOLERANCE (MAY BE USED RESTRICTION MAXNOM)) AND MAXNOM", "CTH + MAXNOM + MAY-LIMITED"),
        ("CTH TOLERANCE (MAY BE USED RESTRICTION (MAXNOM AND MAXNOM))", "CTH + MAXNOM + MAY-LIMITED"),
        ("CTH EXCEPT TOLERANCE (MAY BE USED RESTRICTION PROCESSING)", "CTH + EXCEPT + MAY-IF"),
        ("CTH RESTRICTION MAY NOT BE USED", "CTH + EXCEPT"),
        ("((WO AND WO) TOLERANCE MAY BE USED)", "MAY + WO"),
        ("MAXNOM AND MAXNOM", "MAXNOM x 2"),
        (
            "CTH RESTRICTION ((MAXWEIGHT OR MAXNOM) AND MAXWEIGHT)",
            "CTH + MAXNOM + MAXWEIGHT | CTH + MAXWEIGHT x 2",
        ),
        ("PRODUCTION FROM (ENUM) TOLERANCE MAY BE USED", "FROM + MAY"),
        ("PRODUCTION FROM OR_ENUM PRODUCTION FROM TOLERANCE MAXNOM", "FROM + MAY-LIMITED"),
        ("SET TOLERANCE (MAY BE USED SET RESTRICTION MAXNOM)", "SET"),
    ],
)
def test_the_normal_form_of_a_class(classes, form):
    assert written(parsed(classes)) == form


@pytest.mark.parametrize("classes", ["", "UNDEFINED", "CTH AND", "(CTH", "CTH)", "CTH MAXNOM", "CTHX"])
def test_a_class_that_says_nothing_is_told(classes):
    with pytest.raises(NotAClass):
        parsed(classes)


@pytest.mark.parametrize(
    ("expression", "form"),
    [
        (
            {"permit": ["@heading"], "limit": {"pct": "20", "base": "EXW"}, "rule": {"ctc": "CTH"}},
            "CTH + MAY-LIMITED",
        ),
        (
            {"permit": [{"named": "arrack"}], "limit": {"pct": "5", "base": "volume"}, "rule": {"wo": True}},
            "MAY + WO",
        ),
        (
            {"all": [{"any": [{"wo": True}, {"ctc": "CC"}]}, {"nom_within_om": True}]},
            "CC + MAXNOM-OM | MAXNOM-OM + WO",
        ),
        ({"any": [{"process": "a"}, {"process": "b"}]}, "PROCESS"),
        ({"when": {"codes": ["8431"]}, "then": {"any_heading": True, "except": ["8432"]}}, "AH + EXCEPT"),
    ],
)
def test_the_normal_form_of_an_expression(expression, form):
    assert written(form_of(expression)) == form


def test_any_heading_with_others_of_its_own_is_also_a_change_with_a_permission():
    forms = accepted("AH INCLUDING", parsed("AH INCLUDING"))
    assert form_of({"any_heading": True}) in forms
    assert form_of({"permit": ["1504"], "rule": {"ctc": "CTH"}}) in forms
    assert form_of({"ctc": "CTH"}) not in forms


def test_each_single_change_of_a_text():
    made = mutations("CTH except from 8401 and 8402 and not over 40 %")
    counted = {kind: sum(each.kind == kind for each in made) for kind in {each.kind for each in made}}
    assert counted == {
        "code": 8,
        "and-or-between-codes": 1,
        "and-or": 1,
        "except": 2,
        "not": 1,
        "percentage": 2,
    }
    assert len({each.text for each in made}) == len(made)


def test_a_text_has_one_key_and_one_pattern_whatever_its_white_space():
    assert key_of("Of  Heading\n8401") == key_of("of heading 8401")
    assert pattern("Of  Heading\n8401 ") == pattern("of heading 9402") == "of heading #"


def test_an_expression_is_laid_out_whole():
    import json

    assert json.loads(laid_out(EXPRESSION, width=40)) == EXPRESSION
