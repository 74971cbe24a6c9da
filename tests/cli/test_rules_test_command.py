"""``countermark rules test``: what it says of cases that pass, that fail and that cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from countermark.adapters.reading import read_plain
from countermark.cli.rules import rules_group

FILE = """theme: bread
agreement: cis-2009
on: 2026-05-04
defaults:
  exporter: AZ
  destination: BY
  price: {currency: USD, basis: EXW}
  value: {currency: USD, basis: customs}
cases:
  - name: half foreign
    cite: Annex 1, 1905
    good: {hs: "1905", price: 1000}
    materials:
      - {name: flour, hs: "1101", status: foreign, value: 500}
    operations: [baking]
    expect: {verdict: originating, box9: Д1905, steps: [{code: max_nom, pct: 50, margin: 0}]}
"""
BARE = """theme: a bare rule
on: 2026-05-04
cases:
  - name: another heading
    cite: an agreement with a change of heading
    rule: {ctc: CTH}
    good: {hs: "6911"}
    materials: [{hs: "3207", originating: false}]
    expect: {verdict: originating}
"""


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(rules_group, ["test", *map(str, words)])


def written(folder: Path, text: str, file: str = "bread.yaml") -> Path:
    path = folder / file
    path.write_text(text, encoding="utf-8")
    return path


def test_cases_that_come_out_as_expected_are_only_counted(tmp_path: Path) -> None:
    written(tmp_path, FILE)
    written(tmp_path, BARE, "bare.yaml")
    result = run(tmp_path)
    assert (result.exit_code, result.output) == (0, "2 cases: 2 as expected, 0 not.\n")


def test_a_case_that_comes_out_otherwise_shows_both_answers_and_the_reasoning(tmp_path: Path) -> None:
    path = written(tmp_path, FILE.replace("value: 500", 'value: "500.01"'))
    result = run(path)
    assert result.exit_code == 10
    for shown in (
        f"{path}:10: half foreign",
        "by Annex 1, 1905",
        "verdict: expected originating",
        "got      not originating",
        "box9: expected Д1905",
        "step: expected code max_nom, pct 50, margin 0",
        "got      code max_nom, pct 50.001, margin -0.01",
        "Row 1905 of the list",
        "1 case: 0 as expected, 1 not.",
    ):
        assert shown in result.output


@pytest.mark.parametrize(
    ("was", "now", "what", "got"),
    [
        ("box9: Д1905", "criterion: cumulation", "criterion", "sufficiently processed"),
        ("box9: Д1905", 'rule: "2.4"', "rule", "Annex 1, 1905"),
        ("box9: Д1905", "questions: [good:price]", "questions", "none"),
        ("box9: Д1905", "relied_on: [1]", "relied_on", "none"),
        ("box9: Д1905", "conditions: {direct purchase: yes}", "direct purchase", "unknown"),
        ("box9: Д1905", "country: BY", "country", "AZ"),
        ("box9: Д1905", "stated_by: Officer 7", "stated_by", "nothing"),
        ("code: max_nom", "code: rvc", "step", "no such step"),
        ("verdict: originating, box9: Д1905", "refused: stated-rule-not-needed", "refused", "nothing"),
    ],
)
def test_each_expectation_can_fail_alone(tmp_path: Path, was: str, now: str, what: str, got: str) -> None:
    result = run(written(tmp_path, FILE.replace(was, now)), "--json")
    found = json.loads(result.output)["results"][0]
    assert result.exit_code == 10
    assert [(each["what"], each["got"]) for each in found["differences"]] == [(what, got)]


def test_json_tells_every_case_and_the_whole_answer_of_those_that_fail(tmp_path: Path) -> None:
    path = written(tmp_path, FILE.replace("500}", "501}") + BARE.partition("cases:\n")[2])
    plain = json.loads(run(path, "--json").output)
    assert (plain["cases"], plain["passed"], plain["failed"]) == (2, 1, 1)
    failed, passed = plain["results"]
    assert (failed["line"], failed["determination"]["verdict"]) == (10, "not originating")
    assert passed["passed"]
    assert passed["determination"] is None


def test_another_agreement_can_be_put_in_place_of_the_one_stated(tmp_path: Path) -> None:
    path = written(tmp_path, FILE.replace("agreement: cis-2009", "agreement: no-such"))
    assert run(path).exit_code == 2
    assert run(path, "--agreement", "cis-2009").exit_code == 0


def test_the_folder_names_the_agreement(tmp_path: Path) -> None:
    text = FILE.replace("agreement: cis-2009\n", "")
    (tmp_path / "cis-2009").mkdir()
    assert run(written(tmp_path / "cis-2009", text)).exit_code == 0
    result = run(written(tmp_path, text))
    assert result.exit_code == 2
    assert "No agreement is named" in result.output


def test_a_rule_in_words_is_read_before_it_decides(tmp_path: Path) -> None:
    text = BARE.replace("{ctc: CTH}", "Rule that nobody reads, under xyzzy").replace("originating}\n", "X}\n")
    result = run(written(tmp_path, text.replace("verdict: X", "verdict: undetermined")))
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("was", "now", "line", "says"),
    [
        ("theme: bread", "theme: bread\nmotto: x", 2, "no field 'motto'"),
        ("theme: bread\n", "", 1, "The field theme is missing."),
        ("    operations: [baking]", "    operation: [baking]", 15, "no field 'operation'"),
        ("hs: \"1905\", price", "hs: \"1905\", prise", 12, "prise"),
        ("value: 500}", "value: 500.5}", 14, "materials[0].value.amount"),
        ("verdict: originating", "verdict: originates", 16, "originating, not originating, undetermined"),
        ("verdict: originating, ", "", 16, "Either a verdict"),
        ("box9: Д1905", "criterion: assembled", 16, "wholly produced"),
        ("    cite: Annex 1, 1905\n", "", 10, "The field cite is missing."),
        ("on: 2026-05-04", "on: soon", 10, "A day such as 2026-05-04"),
        ("{code: max_nom, pct", "{kode: max_nom, pct", 16, "The field code is missing."),
        ("theme: bread", "theme: [bread", 2, "not YAML"),
        ("cases:\n", "cases: []\nmore:\n", 10, "no field 'more'"),
        ("agreement: cis-2009", "agreement: 7", 10, "A text is expected"),
    ],
)  # fmt: skip
def test_a_case_that_cannot_be_read_ends_with_2_and_its_line(
    tmp_path: Path, was: str, now: str, line: int, says: str
) -> None:
    assert was in FILE
    path = written(tmp_path, FILE.replace(was, now))
    result = run(path)
    assert result.exit_code == 2
    assert says in result.output
    assert f"{path}:{line}: " in result.output


def test_two_cases_of_one_name_are_refused(tmp_path: Path) -> None:
    again = BARE.partition("cases:\n")[2]
    result = run(written(tmp_path, BARE + again))
    assert result.exit_code == 2
    assert "is used twice" in result.output


def test_a_bare_rule_with_a_mistake_is_told_at_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, BARE.replace("ctc: CTH", "ctc: CTX"))
    result = run(path)
    assert result.exit_code == 2
    assert f"{path}:6: " in result.output


def test_nothing_to_run_is_said(tmp_path: Path) -> None:
    assert "There are no cases in" in run(tmp_path).output
    missing = run(tmp_path / "none.yaml")
    assert (missing.exit_code, "There is no file or folder" in missing.output) == (2, True)


def test_a_case_file_in_json_is_read_alike(tmp_path: Path) -> None:
    raw = read_plain(written(tmp_path, FILE))
    path = written(tmp_path, json.dumps(raw, default=str), "bread.json")
    assert run(path).exit_code == 0
