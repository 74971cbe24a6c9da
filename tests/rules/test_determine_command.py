"""``countermark determine``: exit codes, sentences and JSON, on files as people write them."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from countermark.adapters.words import QUESTIONS, STEPS, question_sentence
from countermark.cli.determine import determine_command
from countermark.rules.determination import Question

EXAMPLES = Path(__file__).parents[2] / "examples"
GOOD = {"hs": "8459", "value_basis": {"type": "EXW", "amount": 1000, "currency": "EUR"}}


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(determine_command, [str(argument) for argument in arguments])


def written(folder: Path, case: Any) -> Path:
    file = folder / "case.json"
    file.write_text(json.dumps(case), encoding="utf-8")
    return file


@pytest.mark.parametrize(("value", "code"), [(400, 0), (400.5, 10), (None, 11)])
def test_a_case_ends_with_the_code_of_its_verdict(tmp_path: Path, value: Any, code: int) -> None:
    material = {"hs": "8501", "name": "motor", "originating": False, "value": value}
    case = {"rule": {"max_nom": {"pct": "40", "base": "EXW"}}, "good": GOOD, "materials": [material]}
    result = run(written(tmp_path, case), "--case", "--on", "2026-05-04")
    assert result.exit_code == code
    assert "Assumed: more than minimal operations" in result.output
    if code == 11:
        assert (
            "What is the value of material 1, motor? At most 400 would pass. [material:1:value]"
            in result.output
        )


def test_a_case_as_json_holds_verdict_trace_and_assumptions(tmp_path: Path) -> None:
    case = {"rule": {"ctc": "CTH"}, "good": GOOD, "materials": []}
    result = run(written(tmp_path, case), "--case", "--json")
    plain = json.loads(result.output)
    assert (plain["verdict"], plain["assumed"]) == ("originating", ["operations"])
    assert plain["trace"]["children"][-1]["sentence"] == "Worked more than minimally"


@pytest.mark.parametrize(
    ("case", "says"),
    [
        ({"rule": " ", "good": GOOD}, "The rule has no words"),
        ({"rule": {"ctc": "CTH"}}, "The field good is missing."),
        (["rule"], "An object with named fields is expected here."),
    ],
)
def test_a_case_that_cannot_be_read_ends_with_2_and_a_sentence(tmp_path: Path, case: Any, says: str) -> None:
    result = run(written(tmp_path, case), "--case")
    assert result.exit_code == 2
    assert says in result.output
    assert "Traceback" not in result.output


def test_missing_files_days_and_agreements_are_told(tmp_path: Path) -> None:
    example = EXAMPLES / "by-lifts.yaml"
    for arguments in (
        [tmp_path / "none.json"],
        [example, "--on", "2026-02-30"],
        [example, "--agreement", "no-such"],
    ):
        result = run(*arguments)
        assert (result.exit_code, "Traceback" in result.output) == (2, False)


def test_words_from_a_file_cannot_act_on_the_terminal(tmp_path: Path) -> None:
    material = {"hs": "8501", "name": "motor\x1b[2J", "originating": False}
    case = {"rule": {"max_nom": {"pct": "40", "base": "EXW"}}, "good": GOOD, "materials": [material]}
    assert "\x1b" not in run(written(tmp_path, case), "--case").output


def test_an_application_is_told_good_by_good() -> None:
    result = run(EXAMPLES / "by-conveyors-limit.yaml", "--on", "2026-11-20")
    assert result.exit_code == 10
    assert "Box 9: Д8428." in result.output
    assert result.output.count("Foreign materials do not exceed 50 % of the EXW price") == 2
    plain = json.loads(run(EXAMPLES / "by-conveyors-limit.yaml", "--on", "2026-11-20", "--json").output)
    assert [good["verdict"] for good in plain["goods"]] == ["originating", "not originating"]


def _codes(step: dict[str, Any]) -> set[str]:
    return {step["code"]}.union(*(_codes(child) for child in step["children"]))


def test_every_step_and_question_of_the_examples_has_its_sentence() -> None:
    for file in sorted(EXAMPLES.glob("*.yaml")):
        result = run(file, "--on", "2026-11-20", "--json")
        if result.exit_code == 2:
            continue
        for good in json.loads(result.output)["goods"]:
            assert _codes(good["trace"]) <= set(STEPS), file.name
            assert {asked["code"] for asked in good["questions"]} <= set(QUESTIONS)


def test_a_question_without_figures_still_reads() -> None:
    assert [field.name for field in fields(Question)] == ["id", "code", "figures"]
    for code in QUESTIONS:
        assert "{" not in question_sentence(Question("id", code))
