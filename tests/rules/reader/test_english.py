"""Rule texts of several treaty families, in sentences of our own, and the expressions they mean."""

from __future__ import annotations

from typing import Any

import pytest
from rule_samples import bare

from countermark.rules.expression import write_expression
from countermark.rules.reader import Status, read_rule

CTH = {"ctc": "CTH"}
NOM40 = {"max_nom": {"pct": "40", "base": "EXW"}}


def read(text: str) -> tuple[str, Any]:
    found = read_rule(text)
    return str(found.status), bare(write_expression(found.expression)) if found.expression else None


EXACT = {
    "CTH": CTH,
    "CC except from chapter 04": {"ctc": "CC", "except": ["04"]},
    "CTH; or\nRVC35": {"any": [CTH, {"rvc": {"pct": "35", "formula": "agreement", "base": "agreement"}}]},
    "Wholly obtained": {"wo": True},
    "Manufacture from materials of any heading, except that of the product": CTH,
    "Manufacture from materials of any heading": {"any_heading": True},
    "Manufacture from materials of any heading, except those of heading 1501 or heading 1502": {
        "any_heading": True,
        "except": ["1501", "1502"],
    },
    "Manufacture from materials of any heading, including other materials of heading 3304": {
        "ctc": "CTH",
        "also_from": ["3304"],
    },
    "Production in which the value of non-originating materials used does not exceed 40 % of the ex-works price of the product": NOM40,
    "Manufacture in which:\n- all the materials used are classified within a heading other than that of the product, and\n"
    "- the value of all the materials used does not exceed 40 per cent of the ex-works price of the product": {
        "all": [CTH, NOM40]
    },
    "Manufacture from materials of any heading, except that of the product. However, materials of the same heading as the "
    "product may be used, provided that their total value does not exceed 15% of the ex-works price of the product.": {
        "permit": ["@heading"],
        "limit": {"pct": "15", "base": "EXW"},
        "rule": CTH,
    },
    "Manufacture from materials of any heading, except that of the product. However, waste and scrap of heading 7902 may not be used": {
        "ctc": "CTH",
        "except": ["7902"],
    },
    "All the materials of chapter 3 used must be wholly obtained": {"wo": ["03"]},
    "Manufacture in which at least 60% by weight of the materials of heading 2401 used is originating": {
        "min_share": {
            "pct": "60",
            "materials": ["2401"],
            "status": "originating",
            "of": ["2401"],
            "measure": "weight",
        }
    },
    "A change to heading 8509 through 8510 from any other heading, except from heading 8501": {
        "when": {"codes": ["8509-8510"]},
        "then": {"ctc": "CTH", "except": ["8501"]},
    },
    "A change to subheading 8516.40 from subheading 8516.90, whether or not there is also a change from any other heading, "
    "provided there is a regional value content of not less than: (a) 45 percent under the build-up method; or "
    "(b) 55 percent under the build-down method": {
        "all": [
            {"when": {"codes": ["851640"]}, "then": {"ctc": "CTH", "also_from": ["851690"]}},
            {
                "any": [
                    {"rvc": {"pct": "45", "formula": "build-up", "base": "agreement"}},
                    {"rvc": {"pct": "55", "formula": "build-down", "base": "agreement"}},
                ]
            },
        ]
    },
    "No change in tariff classification required for a good of heading 87.11, provided there is a qualifying value content "
    "of not less than 40 per cent": {
        "all": [
            {"when": {"codes": ["8711"]}, "then": {"any_heading": True}},
            {"rvc": {"pct": "40", "formula": "agreement", "base": "agreement"}},
        ]
    },
    "Until 30 June 2028: MaxNOM 50 % (EXW); from 1 July 2028: MaxNOM 40 % (EXW)": {
        "dated": [
            {"until": "2028-06-30", "rule": {"max_nom": {"pct": "50", "base": "EXW"}}},
            {"from": "2028-07-01", "rule": NOM40},
        ]
    },
    "Until 30 June 2028: CTH; or RVC 35%; from 1 July 2028: CTH and RVC 40%": {
        "dated": [
            {
                "until": "2028-06-30",
                "rule": {"any": [CTH, {"rvc": {"pct": "35", "formula": "agreement", "base": "agreement"}}]},
            },
            {
                "from": "2028-07-01",
                "rule": {"all": [CTH, {"rvc": {"pct": "40", "formula": "agreement", "base": "agreement"}}]},
            },
        ]
    },
    "A change to heading 3501 from any other chapter, except from chapter 4 other than heading 04.10": {
        "when": {"codes": ["3501"]},
        "then": {"ctc": "CC", "except": [{"codes": ["04"], "except": ["0410"]}]},
    },
    "RVC(40) or RVC(30) + CTSH": {
        "any": [
            {"rvc": {"pct": "40", "formula": "agreement", "base": "agreement"}},
            {"all": [{"rvc": {"pct": "30", "formula": "agreement", "base": "agreement"}}, {"ctc": "CTSH"}]},
        ]
    },
    "CTH, RVC40 or CTSH": {
        "any": [CTH, {"rvc": {"pct": "40", "formula": "agreement", "base": "agreement"}}, {"ctc": "CTSH"}]
    },
    "Manufacture from materials of heading 4104 or 4107, provided that their total value does not exceed 45% of the ex-works "
    "price of the product": {
        "all": [
            {"from_materials": ["4104", "4107"]},
            {"max_nom": {"pct": "45", "base": "EXW", "materials": ["4104", "4107"]}},
        ]
    },
    "Each item in the set must satisfy the rule which would apply to it if it were not included in the set. However, "
    "non-originating articles may be incorporated, provided that their total value does not exceed 10% of the ex-works price of the set.": {
        "set": {"pct": "10", "base": "EXW"}
    },
}
ATTESTED = {
    "The country of origin of a good of heading 5603 is the country in which the web was formed by needling": {
        "when": {"codes": ["5603"]},
        "then": {"process": "the-web-was-formed-by-needling", "text": "the web was formed by needling"},
    },
    "Retting of flax or scutching of hemp accompanied by spinning": {
        "process": "retting-of-flax-or-scutching-of-hemp-accompanied-by-spinning",
        "text": "retting of flax or scutching of hemp accompanied by spinning",
    },
    "(a) LDCs\nKnitting\n(b) Other beneficiary countries\nCTH": {
        "when": {"named": "good of ldcs"},
        "then": {"process": "knitting", "text": "knitting"},
        "else": {"when": {"named": "good of other beneficiary countries"}, "then": CTH},
    },
    "Knitting accompanied by dyeing or by coating": {
        "all": [
            {"process": "knitting", "text": "knitting"},
            {"any": [{"process": "dyeing", "text": "dyeing"}, {"process": "coating", "text": "coating"}]},
        ]
    },
    "Manufacture from unglazed tiles": {"from_materials": [{"named": "unglazed tiles"}]},
    "Manufacture in which all the honey used is wholly obtained": {"wo": [{"named": "honey"}]},
    "Manufacture from hides of heading 4104 provided its value does not exceed 30% of the ex-works price of the product": {
        "all": [
            {"from_materials": [{"codes": ["4104"], "named": "hides"}]},
            {"max_nom": {"pct": "30", "base": "EXW", "materials": [{"codes": ["4104"], "named": "hides"}]}},
        ]
    },
    "CTH Or Manufacture from brass parts, provided that the value of all the materials used does not exceed 40% of the "
    "ex-works price of the product": {
        "any": [CTH, {"all": [{"from_materials": [{"named": "brass parts"}]}, NOM40]}]
    },
    "A change from any other heading, except from syrups of subheading 2106.90 or from heading 2202": {
        "ctc": "CTH",
        "except": [{"codes": ["210690"], "named": "syrups"}, "2202"],
    },
    "A change from any other heading, except from chapter 2 other than goose skin or chapter 3": {
        "ctc": "CTH",
        "except": [{"codes": ["02"], "except": [{"named": "goose skin"}]}, "03"],
    },
    "Manufacture from: flax fibres, synthetic staple fibres, not carded or combed or otherwise worked for spinning, "
    "chemical pulp or wood pulp, or paper-making materials": {
        "from_materials": [
            {"named": "flax fibres"},
            {"named": "synthetic staple fibres, not carded or combed or otherwise worked for spinning"},
            {"named": "chemical pulp or wood pulp"},
            {"named": "paper-making materials"},
        ]
    },
    "A change from any other heading, except from dried leaves, whether or not powdered, of heading 1211": {
        "ctc": "CTH",
        "except": [{"codes": ["1211"], "named": "dried leaves, whether or not powdered"}],
    },
    "Weaving accompanied by dyeing or flocking accompanied by printing": {
        "process": "weaving-accompanied-by-dyeing-or-flocking-accompanied-by-printing",
        "text": "weaving accompanied by dyeing or flocking accompanied by printing",
    },
}
TWO_MEANINGS = (
    "CC or CTH and RVC 40%",
    "CTH unless the parties agree otherwise",
    "RVC40 or change to heading 62.01 from any other chapter or textile rules",
    "Manufacture from materials of any heading except",
    "RVC of not less than 140%",
    "CTH: All non-originating materials used in the production of the good have undergone a change in tariff "
    "classification at the 2-digit level (chapter)",
    "A change to heading 8504 through 8501 from any other heading",
    "CTH, provided that their total value does not exceed 50% of the ex-works price of the product",
    "A change from any other heading, except from syrups of subheading 2106.90 or heading 2202",
    "A change from any other heading, except from lamps of heading 8539, or from heading 8534 when resulting from a simple "
    "assembly, or from heading 8517",
)


@pytest.mark.parametrize("text", EXACT)
def test_codes_and_figures_decide(text: str) -> None:
    assert read(text) == ("exact", EXACT[text])


@pytest.mark.parametrize("text", ATTESTED)
def test_names_and_operations_are_attested(text: str) -> None:
    assert read(text) == ("attested", ATTESTED[text])


@pytest.mark.parametrize("text", TWO_MEANINGS)
def test_what_is_not_surely_understood_is_left_to_a_person_whole(text: str) -> None:
    found = read_rule(text)
    assert found.status is Status.MANUAL
    assert " ".join(found.unread) == " ".join(text.split())


def test_an_empty_text_is_empty() -> None:
    assert read_rule("  \n").status is Status.EMPTY
    assert read_rule("").expression is None


def test_outside_this_group_means_the_codes_of_the_row() -> None:
    text = "A change from any heading outside this group, except from heading 7204"
    assert read_rule(text).status is Status.MANUAL
    found = read_rule(text, heading="72.08-72.17")
    assert bare(write_expression(found.expression)) == {"ctc": "CTH", "except": ["7208-7217", "7204"]}


LEADING = ("except", "provided", "that", "exceed", "and", "than", "which", "from", "to")


@pytest.mark.parametrize("text", [*EXACT, *ATTESTED])
def test_a_text_cut_after_a_word_that_leads_on_is_not_read(text: str) -> None:
    words = text.split(" ")
    for n, word in enumerate(words[:-1], 1):
        if word.strip(",:") in LEADING:
            assert read_rule(" ".join(words[:n])).status is Status.MANUAL, words[:n]
