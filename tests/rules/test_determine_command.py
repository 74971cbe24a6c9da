"""``countermark determine``: exit codes, sentences and JSON, on files as people write them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from countermark.cli.determine import determine_command

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
        asked = "What is the value of material 1, motor? At most 400 EUR would pass. [material:1:value]"
        assert asked in result.output


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
