"""What an imported list alone can decide: what it does not say is asked, and a row is for its own codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from countermark.cli.agreements import agreements_group
from countermark.cli.determine import determine_command
from countermark.rules.expression import read_expression, write_expression
from countermark.rules.lists.aim import aimed

FOR_8501 = {"when": {"codes": ["8501"]}, "then": {"ctc": "CTH"}}


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["8501"], {"ctc": "CTH"}),
        (["850110", "850120"], {"ctc": "CTH"}),
        (["8501-8502"], FOR_8501),
        (["8502"], FOR_8501),
    ],
)
def test_a_rule_for_the_rows_own_codes_says_so_once(codes: list[str], expected: object) -> None:
    assert write_expression(aimed(read_expression(FOR_8501), codes)) == expected


def test_a_rule_for_named_goods_keeps_the_name() -> None:
    named = {"when": {"codes": ["8501"], "named": "motors of toys"}, "then": {"ctc": "CTH"}}
    assert write_expression(aimed(read_expression({"any": [named, FOR_8501]}), ["8501"])) == {
        "any": [named, {"ctc": "CTH"}]
    }


def test_a_case_under_an_imported_list_asks_what_the_list_does_not_say(tmp_path: Path) -> None:
    record = {"scheme": "own", "row": "r1", "heading": "8428", "description": "lifts", "hs_edition": "2022",
              "valid_from": "2020-01-01", "rule": "CTH; or MaxNOM 50 % (EXW)"}  # fmt: skip
    source = tmp_path / "list.jsonl"
    source.write_text(json.dumps(record) + "\n", encoding="utf-8")
    folder = tmp_path / "own-packs"
    runner = CliRunner()
    assert runner.invoke(agreements_group, ["import", str(source), "--folder", str(folder)]).exit_code == 0
    example = Path(__file__).parents[2] / "examples" / "by-lifts.yaml"
    words = [str(example), "--agreement", str(folder / "own"), "--on", "2026-09-21", "--json"]
    found = json.loads(runner.invoke(determine_command, words).stdout)["goods"][0]
    assert found["verdict"] == "undetermined"
    assert {question["id"] for question in found["questions"]} >= {"party:BY", "operations:beyond-minimal"}
