"""``agreements check`` and ``list``: exit codes, and figures that equal their recomputation."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from countermark.adapters.nomenclature import hs_2022
from countermark.adapters.packs import load_agreement, locate
from countermark.cli.agreements import agreements_group
from countermark.rules.coverage import Survey


def run(*words: str) -> Result:
    return CliRunner().invoke(agreements_group, words)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return shutil.copytree(locate("cis-2009"), tmp_path / "own")


def test_the_printed_figures_are_those_of_every_subheading_counted_alone():
    survey = Survey(load_agreement("cis-2009"))
    each = Counter(str(survey.standing(code)[0]) for code in hs_2022().subheadings)
    report = json.loads(run("check", "cis-2009", "--json").stdout)
    assert report["valid"]
    assert report["subheadings"] == {"total": 5612} | each
    chapters = Counter()
    for counts in report["chapters"].values():
        chapters.update(counts)
    assert chapters == each
    shown = run("check", "cis-2009").stdout
    for answer, number in each.items():
        assert f"{answer:<8}{number:>6,}" in shown


def test_a_valid_pack_ends_with_zero():
    assert run("check", "cis-2009", "--chapters").exit_code == 0


def test_a_pack_with_overlapping_rows_ends_with_ten_and_names_them(pack):
    path = pack / "rules.jsonl"
    line = next(x for x in path.read_text(encoding="utf-8").splitlines() if '"id": "8403"' in x)
    with path.open("a", encoding="utf-8") as file:
        file.write(line.replace('"id": "8403"', '"id": "again"') + "\n")
    result = run("check", str(pack))
    assert result.exit_code == 10
    assert "overlap  8403" in result.stdout
    report = json.loads(run("check", str(pack), "--json").stdout)
    assert [error["code"] for error in report["errors"]] == ["overlap"]


def test_a_pack_with_a_bad_term_ends_with_ten(pack):
    (pack / "rules.jsonl").write_text('{"id": "1"}\n', encoding="utf-8")
    result = run("check", str(pack))
    assert result.exit_code == 10
    assert "missing-citation  rules.jsonl:1" in result.stdout
    assert not json.loads(run("check", str(pack), "--json").stdout)["valid"]


@pytest.mark.parametrize("damage", ["nothing there", "not toml"])
def test_what_cannot_be_read_ends_with_two_and_one_sentence(pack, tmp_path, damage):
    if damage == "not toml":
        (pack / "agreement.toml").write_text("id", encoding="utf-8")
    result = run("check", str(pack if damage == "not toml" else tmp_path))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")


def test_list_names_the_shipped_packs_and_ones_own(pack):
    (pack / "rules.jsonl").write_text("{", encoding="utf-8")
    entries = {
        e["id"]: e
        for e in json.loads(run("list", "--folder", str(pack.parent), "--json").stdout)["agreements"]
    }
    assert entries["cis-2009"]["rows"] == 225
    assert "not JSON" in entries["own"]["error"]
    shown = run("list", "--folder", str(pack.parent)).stdout
    assert "cis-2009" in shown
    assert "cannot be used" in shown


def test_the_page_on_the_cis_pack_gives_the_figures_of_the_check():
    page = (Path(__file__).parents[2] / "docs" / "explanation" / "cis-2009.md").read_text(encoding="utf-8")
    figures = json.loads(run("check", "cis-2009", "--json").stdout)["subheadings"]
    for answer in ("decided", "asked", "gap"):
        assert f"| {answer} | {figures[answer]:,} |" in page
