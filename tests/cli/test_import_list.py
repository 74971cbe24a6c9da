"""``agreements import``: published lists become packs that load, are checked and decide; bad files are refused whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from countermark.adapters.packs import read_pack
from countermark.cli.agreements import agreements_group
from source_data import data_file


def run(*words: str) -> Result:
    return CliRunner().invoke(agreements_group, words)


def test_every_published_list_is_imported_loads_and_is_checked(tmp_path: Path) -> None:
    source = str(data_file("rules/psr_dev.jsonl.gz"))
    report = json.loads(run("import", source, "--folder", str(tmp_path), "--json").stdout)
    assert len(report["agreements"]) == 52
    assert sum(entry["records"] for entry in report["agreements"]) == 39_083
    for entry in report["agreements"]:
        agreement = read_pack(tmp_path / entry["id"]).agreement
        assert agreement is not None
        assert len(agreement.rows) == entry["rows"]
        checked = run("check", entry["id"], "--folder", str(tmp_path), "--json")
        assert checked.exit_code in (0, 10)
        assert json.loads(checked.stdout)["subheadings"]["total"] == 5612


def a_list(tmp_path: Path, *records: dict[str, object]) -> Path:
    path = tmp_path / "list.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def record(heading: str, gloss: str, row: str = "r1", **more: object) -> dict[str, object]:
    return {"scheme": "own", "row": row, "heading": heading, "description": gloss, "rule": "CTH."} | more


def test_the_three_meanings_of_ex_survive(tmp_path: Path) -> None:
    path = a_list(
        tmp_path,
        record("ex Chapter 28", "Inorganic chemicals; except for:"),
        record("ex 2811", "Sulphur trioxide", "r2"),
        record("ex 2811", "Other", "r3"),
    )
    assert run("import", str(path), "--folder", str(tmp_path)).exit_code == 0
    agreement = read_pack(tmp_path / "own").agreement
    assert agreement is not None
    assert [(row.codes, row.ex, row.rest) for row in agreement.rows] == [
        (("28",), False, True), (("2811",), True, False), (("2811",), False, True)
    ]  # fmt: skip


def test_import_is_repeatable_and_keeps_the_users_terms(tmp_path: Path) -> None:
    path = a_list(tmp_path, record("8501", "motors"))
    words = ("import", str(path), "--folder", str(tmp_path))
    assert run(*words).exit_code == 0
    first = {file.name: file.read_bytes() for file in (tmp_path / "own").iterdir()}
    again = run(*words)
    assert again.exit_code == 2
    assert "--replace" in again.stderr
    assert run(*words, "--replace").exit_code == 0
    assert {file.name: file.read_bytes() for file in (tmp_path / "own").iterdir()} == first
    terms = tmp_path / "own" / "agreement.toml"
    terms.write_text(terms.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    assert run(*words, "--replace").exit_code == 0
    assert terms.read_text(encoding="utf-8").endswith("# mine\n")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "line 1: this is not JSON"),
        ('{"scheme": "own"}', "line 1: 'row' is missing"),
        ("", "holds no rule"),
        ('\n{"scheme": "own", "row": "r1", "alt": "x"}', "line 2: 'alt'"),
    ],
)
def test_a_bad_file_is_refused_whole_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "list.jsonl"
    path.write_text(text, encoding="utf-8")
    result = run("import", str(path), "--folder", str(tmp_path / "own"))
    assert result.exit_code == 2
    assert words in result.stderr
    assert not (tmp_path / "own").exists()


@pytest.mark.parametrize("pack", ["pem-style", "rvc-style"])
def test_the_sample_packs_are_sound(pack: str) -> None:
    assert run("check", pack).exit_code == 0
