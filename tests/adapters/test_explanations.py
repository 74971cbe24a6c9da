"""Determinations as people read them: in the terminal, as JSON and as a page, in every language."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from html import escape
from html.parser import HTMLParser
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from countermark.adapters.catalogue import LANGUAGES, words_in
from countermark.adapters.determination_html import determination_page
from countermark.adapters.determination_text import determination_lines
from countermark.adapters.figures import materials_in_words, number
from countermark.adapters.packs import load_agreement
from countermark.adapters.reading import read_application_file
from countermark.adapters.words import question_sentence, reason, step_sentence
from countermark.cli.determine import determine_command
from countermark.rules.case import decide_case
from countermark.rules.caseform import read_case
from countermark.rules.determination import Determination, Question, Trace, Truth, Verdict
from countermark.rules.determine import determine
from countermark.rules.expression import _FORMS
from countermark.rules.selection import SELECTORS, read_selectors, write_selectors

EXAMPLES = Path(__file__).parents[2] / "examples"
ON = date(2026, 11, 20)
VOID = {"meta", "br", "link"}
DAIRY = {"codes": ["04"], "named": "dairy preparation", "prop": {"milk_pct": {"gt": "10"}}}
RULES: list[dict[str, Any]] = [
    {"any": [{"ctc": "CTH", "also_from": ["@heading"]}, {"wo": True}]},
    {"all": [{"max_nom": {"pct": "40", "base": "EXW"}}, {"ctc": "CC", "except": [DAIRY]}]},
    {"at_least": {"n": 1, "of": [{"ctc": "CTSH", "only_from": ["8501-8504", "84"]}, {"pending": True}]}},
    {"wo": ["0402", "@chapter"], "except": ["040210"]},
    {"originating": ["*"]},
    {"any_heading": True, "except": ["@subheading", "8501312000"]},
    {"max_nom": {"pct": "10", "base": "FOB", "materials": ["85"]}},
    {"rvc": {"pct": "70", "formula": "build-down", "base": "EXW"}},
    {"rvc": {"pct": "30", "formula": "build-up", "base": "EXW"}},
    {"rvc": {"pct": "30", "formula": "some-other", "base": "EXW"}},
    {"max_weight": {"pct": "10", "materials": ["85"]}},
    {"max_weight": {"pct": "10", "materials": [DAIRY], "measure": "dry"}},
    {
        "min_share": {
            "pct": "10",
            "materials": ["85"],
            "status": "originating",
            "of": ["*"],
            "measure": "weight",
        }
    },
    {"min_count": {"n": 1}},
    {"nom_within_om": True},
    {"from_materials": ["7208"]},
    {"process": "welding", "text": "welding of the body"},
    {"not_only": ["preservation"]},
    {"permit": ["85"], "limit": {"pct": "20", "base": "EXW"}, "rule": {"ctc": "CTH"}},
    {"set": {"each": True, "pct": "15", "base": "EXW"}},
    {"when": {"named": "of steel"}, "then": {"ctc": "CTH"}},
    {"dated": [{"from": "2030-01-01", "rule": {"ctc": "CTH"}}]},
    {"no_tolerance": ["85"], "rule": {"ctc": "CTH"}},
    {"quota": "q1", "rule": {"ctc": "CTH"}},
    {"note": "Introductory Note 5", "rule": {"ctc": "CTH"}},
    {"retain": "the essential character"},
    {"ref": "8402"},
    {"pending": True},
    {"manual": "not clear", "text": "as the annex says"},
    {"ctc": "CTH", "except": [{"same": "species"}, {"heavier_of": ["84", "85"]}]},
    {"ctc": "CTH", "except": [{"codes": ["85"], "when": {"named": "portable"}, "except": ["8504"]}]},
]
GOOD = {"hs": "8459", "value_basis": {"type": "EXW", "amount": 1000, "currency": "EUR"}, "weight": 50}
MATERIALS = [
    {"hs": "8501", "name": "motor", "originating": False, "value": Decimal("400.5"), "weight": 8},
    {"hs": "8459", "name": "frame", "originating": False, "value": 20, "weight": 3},
    {"hs": "7208", "name": "plate", "originating": True, "value": 100, "weight": 20},
    {"hs": "0402", "name": "powder", "value": 5},
]
BLANKS = [None, MATERIALS, MATERIALS[:1], MATERIALS[2:3]]
TOLERANCE = {"pct": "10", "base": "EXW", "attestations": ["tolerance:expert-paper"]}


def cases() -> list[Determination]:
    """Every kind of rule, with materials that pass, that fail and that are blank."""
    found = []
    for rule, materials in product(RULES, BLANKS):
        case = {"rule": rule, "good": GOOD, "tolerance": TOLERANCE}
        case |= {"materials": materials} if materials else {}
        found.append(decide_case(read_case(case), ON).determination)
    return found


def examples() -> list[Determination]:
    found = []
    for file in sorted(EXAMPLES.glob("*.yaml")):
        try:
            application = read_application_file(file)
        except ValueError:
            continue  # an example of bad input
        pack = load_agreement(application.agreement)
        found += [determine(application, good, pack, ON) for good in application.goods]
    return found


ALL = [*cases(), *examples()]


def codes(step: Trace) -> set[str]:
    return {step.code}.union(*(codes(child) for child in step.children))


def test_the_material_holds_every_kind_of_rule_and_verdict() -> None:
    assert {lead for rule in RULES for lead in rule} >= set(_FORMS)
    assert {found.verdict for found in ALL} == set(Verdict)
    assert len(examples()) > 20


def test_every_code_met_has_its_entry() -> None:
    met = set().union(*(codes(found.trace) for found in ALL if found.trace))
    asked = {question.code for found in ALL for question in found.questions}
    entries = words_in("en").entries
    missing = [f"steps.{code}" for code in met] + [f"questions.{code}" for code in asked]
    assert not (missing := [key for key in missing if key not in entries]), f"Add to the catalogue: {missing}"
    assert len(met) > 40


def test_no_code_of_the_catalogue_is_left_in_what_is_told() -> None:
    left = re.compile(
        r"\b(steps|questions|page|terms|short|packs)\.[a-z]|\{[a-z]|@(chapter|heading|subheading)|\bgt\b"
    )
    for language, found in product(LANGUAGES, ALL):
        words = words_in(language)
        told = [line.text for line in determination_lines("title", found, words)]
        told.append(determination_page([("title", found)], words).split("</style>")[1])
        told.append(reason(found, words))
        for text in told:
            for asked in found.questions:  # an answer is given under its id, which is in no language
                text = text.replace(asked.id, "").replace(escape(asked.id), "")
            assert not left.search(text), (language, left.search(text), text)


def test_a_question_without_figures_still_reads() -> None:
    for language in LANGUAGES:
        words = words_in(language)
        for key in words.entries:
            if key.startswith("questions."):
                assert "{" not in question_sentence(Question("id", key.removeprefix("questions.")), words)


@pytest.mark.parametrize(
    "raw",
    [
        ["0402"],
        ["8501-8504", "@heading", "*"],
        [DAIRY, "85"],
        [{"named": 'of "X", or {y}, or Ў'}],
        [{"same": "a"}] * 2,
    ],
)
def test_materials_in_a_trace_are_read_back_as_written(raw: Any) -> None:
    selectors = SELECTORS.read(raw, "")
    assert read_selectors(write_selectors(selectors)) == selectors


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "chapter 04 (as described: “dairy preparation”; milk_pct more than 10), heading 8501 to 8504"),
        ("ru", "группа 04 (по описанию: «dairy preparation»; milk_pct больше 10), товарная позиция 8501 – 8504"),
        ("az", "qrup 04 (təsvirə görə: “dairy preparation”; milk_pct 10 göstəricisindən çox), mal mövqeyi 8501 – 8504"),
        ("be", "група 04 (паводле апісання: «dairy preparation»; milk_pct больш за 10), таварная пазіцыя 8501 – 8504"),
    ],
)  # fmt: skip
def test_materials_are_shown_in_words(language: Any, told: str) -> None:
    figure = write_selectors(SELECTORS.read([DAIRY, "8501-8504"], ""))
    assert materials_in_words(figure, words_in(language)) == told


def test_a_figure_that_holds_no_materials_is_shown_as_it_is() -> None:
    for odd in ("@good", '{"codes":', '{"x":1}', "lorem"):
        assert materials_in_words(odd, words_in("en")) == odd


@pytest.mark.parametrize(
    ("figure", "english", "russian"),
    [
        ("272587.238", "272 587.238", "272 587,238"),
        ("1000", "1 000", "1 000"),
        ("999", "999", "999"),
        ("-1234.5", "-1 234.5", "-1 234,5"),
        ("8501-8504", "8501-8504", "8501-8504"),
    ],
)
def test_numbers_are_grouped_and_marked_as_the_language_does(figure: str, english: str, russian: str) -> None:
    told = [
        number(figure, words_in(language)).replace("\N{NO-BREAK SPACE}", " ") for language in ("en", "ru")
    ]
    assert told == [english, russian]


def decided(amount: str, pct: str = "40") -> Determination:
    case = {
        "rule": {"max_nom": {"pct": pct, "base": "EXW"}},
        "good": GOOD,
        "materials": [{"hs": "8501", "name": "motor", "originating": False, "value": Decimal(amount)}],
    }
    return decide_case(read_case(case), ON).determination


def test_a_margin_is_told_in_points_and_money_and_the_step_that_decides_is_marked() -> None:
    lines = [
        line.text.replace("\N{NO-BREAK SPACE}", " ")
        for line in determination_lines("t", decided("340"), words_in("en"))
    ]
    (line,) = [text for text in lines if "<== this decides" in text]
    assert "340 EUR of 1 000 EUR, 34.00 %; to spare: 6.00 points, 60 EUR" in line
    over = reason(decided("400.5"), words_in("en")).replace("\N{NO-BREAK SPACE}", " ")
    assert over == "foreign materials are 40.05 % of the EXW price, over the 40 % allowed by 0.5 EUR"


def test_a_share_just_over_its_limit_is_not_shown_as_at_it() -> None:
    step = decided("400.001").trace
    assert step is not None
    (limit,) = [child for child in step.children if child.code == "max_nom"]
    assert (limit.result, limit.figures["pct"]) == (Truth.NO, "40.0001")
    (exact,) = [child for child in decided("400").trace.children if child.code == "max_nom"]  # type: ignore[union-attr]
    assert (exact.result, exact.figures["pct"]) == (Truth.YES, "40.00")


def test_value_content_tells_its_share() -> None:
    case = {"rule": {"rvc": {"pct": "70", "formula": "build-down", "base": "EXW"}}, "good": GOOD,
            "materials": MATERIALS[:1]}  # fmt: skip
    found = decide_case(read_case(case), ON).determination
    told = reason(found, words_in("en")).replace("\N{NO-BREAK SPACE}", " ")
    assert told == "value content is 59.95 % of the EXW price, at least 70 % is asked, 100.5 EUR too little"


def test_the_reason_of_a_bare_case_is_its_rule_and_not_the_working() -> None:
    assert decided("340").verdict is Verdict.ORIGINATING
    assert "foreign materials are 34.00 %" in reason(decided("340"), words_in("en"))


class Page(HTMLParser):
    """Checks that every element is closed in order, and keeps what is on the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_stands_by_itself(language: Any) -> None:
    text = determination_page([(f"good {n}", found) for n, found in enumerate(ALL)], words_in(language))
    assert text.startswith("<!DOCTYPE html>\n")
    page = Page(text)
    assert ("lang", language) in page.attributes
    ids = [value for name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids)) == len(ALL)
    assert not {"script", "link", "img", "iframe", "form"} & set(page.tags)
    assert not {"src", "href", "onclick", "style"} & {name for name, _ in page.attributes}
    assert "url(" not in text
    assert "@import" not in text
    assert page.tags.count("h1") == 1


def test_words_from_a_file_are_only_ever_text_on_a_page() -> None:
    bad = '<script>alert("1")</script>&lt;'
    trace = Trace("case", Truth.NO, {"hs": bad, "on": bad}, (
        Trace("materials", None, {"count": bad}, (Trace("material", None, {"name": bad, "standing": bad}),)),
        Trace("manual", Truth.NO, {"why": bad, "text": bad}),
    ))  # fmt: skip
    found = Determination("", bad, bad, Verdict.NOT_ORIGINATING, bad, None, bad, bad, bad, (), (),
                          (Question(bad, "row_gap", {"heading": bad}),), trace)  # fmt: skip
    page = Page(determination_page([(bad, found)], words_in("en")))
    assert "script" not in page.tags
    assert page.text.count(bad) >= 6


def run(*arguments: object) -> Any:
    return CliRunner().invoke(determine_command, [str(argument) for argument in arguments])


@pytest.mark.parametrize(
    ("language", "verdict"),
    [
        (None, "The good originates in Belarus. By: sufficiently processed. Box 9: Д8428."),
        ("en", "The good originates in Belarus. By: sufficiently processed. Box 9: Д8428."),
        ("ru", "Товар происходит из Республики Беларусь. Критерий: достаточная обработка (переработка). Графа 9: Д8428."),
        ("az", "Malın mənşə ölkəsi: Belarus Respublikası. Meyar: kifayət qədər emal. 9-cu xana: Д8428."),
        ("be", "Тавар паходзіць з Рэспублікі Беларусь. Крытэрый: дастатковая апрацоўка (перапрацоўка). Графа 9: Д8428."),
    ],
)  # fmt: skip
def test_the_command_tells_it_in_the_language_asked_for(language: str | None, verdict: str) -> None:
    asked = ["--lang", language] if language else []
    result = run(EXAMPLES / "by-lifts.yaml", "--on", "2026-11-20", *asked)
    assert result.exit_code == 0
    assert result.output.splitlines()[1] == verdict


def test_the_environment_chooses_no_language() -> None:
    told = [
        CliRunner(env={"LANG": lang, "LC_ALL": lang}).invoke(
            determine_command, [str(EXAMPLES / "by-lifts.yaml"), "--on", "2026-11-20"]
        ).output
        for lang in ("C", "ru_RU.UTF-8")
    ]  # fmt: skip
    assert told[0] == told[1]


def test_json_holds_words_only_when_a_language_is_asked_for() -> None:
    file = EXAMPLES / "by-lifts-no-rate.yaml"
    plain = json.loads(run(file, "--on", "2026-11-20", "--json").output)["goods"][0]
    told = json.loads(run(file, "--on", "2026-11-20", "--json", "--lang", "be").output)["goods"][0]
    assert "words" not in plain
    assert "words" not in plain["trace"]
    assert told["words"]["language"] == "be"
    assert told["words"]["verdict"] == "Паходжанне тавару пакуль не ўстаноўлена."
    assert told["questions"][0]["words"].startswith("Які быў курс CNY да BYN на 21.09.2026")
    assert told["trace"]["children"][0]["words"] == "Матэрыялы: 14"
    assert told["trace"]["sentence"] == plain["trace"]["sentence"]
    assert told["trace"]["figures"] == plain["trace"]["figures"]


def test_the_command_writes_a_page_beside_its_answer(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    result = run(EXAMPLES / "by-conveyors-limit.yaml", "--on", "2026-11-20", "--lang", "az", "--html", page)
    assert result.exit_code == 10
    assert Page(page.read_text(encoding="utf-8")).tags.count("section") == 2
    refused = run(EXAMPLES / "by-lifts.yaml", "--html", tmp_path / "none" / "page.html")
    assert (refused.exit_code, "cannot be written" in refused.output) == (2, True)
    assert run(EXAMPLES / "by-lifts.yaml", "--lang", "fr").exit_code == 2


def test_the_trace_of_a_step_holds_no_words_of_any_language() -> None:
    for found in ALL:
        for step in _steps(found.trace):
            if step.code in ("material", "ctc", "wo_materials", "from_materials", "permit"):
                told = {name: value for name, value in step.figures.items() if name not in ("name", "proof")}
                assert not any(
                    re.search(r"except |item |originating in|heaviest", value) for value in told.values()
                )


def _steps(step: Trace | None) -> list[Trace]:
    return [step, *(s for child in step.children for s in _steps(child))] if step else []


def test_amounts_stand_below_each_other() -> None:
    (lifts,) = [f for f in examples() if f.box9 == "Д8428" and f.trace and len(_steps(f.trace)) > 18][:1]
    lines = [line.text for line in determination_lines("t", lifts, words_in("en"))]
    rows = [text for text in lines if re.match(r" ?\d+  \S", text)]
    assert len(rows) == 14
    marks = {text.index(".", 40) for text in rows if re.search(r"\d\.\d", text[40:])}
    assert len(marks) == 1


def test_a_step_nobody_knows_is_shown_by_its_code() -> None:
    assert step_sentence(Trace("new_step", None, {}), words_in("ru")) == "steps.new_step"
