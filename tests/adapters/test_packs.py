"""A pack is read whole or refused, and every mistake in it is named with its place."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from countermark.adapters.packs import (
    FOLDER_VARIABLE,
    PackError,
    available,
    load_agreement,
    locate,
    read_pack,
    shipped,
)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "packs" / "own"
    shutil.copytree(locate("cis-2009"), folder)
    return folder


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def edit_row(pack: Path, number: int, **changes: object) -> None:
    path = pack / "rules.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    row = json.loads(lines[number - 1]) | changes
    lines[number - 1] = json.dumps({key: value for key, value in row.items() if value is not None})
    path.write_text("\n".join(lines), encoding="utf-8")


def errors(pack: Path) -> list[tuple[str, str]]:
    reading = read_pack(pack)
    assert reading.agreement is None
    return [(error.code, error.place) for error in reading.errors]


def test_the_cis_pack_is_shipped_and_loads():
    assert "cis-2009" in shipped()
    assert load_agreement("cis-2009").id == "cis-2009"


def test_a_pack_loads_by_path_and_equals_the_shipped_one(pack):
    assert load_agreement(pack) == load_agreement("cis-2009") == load_agreement(str(pack))


def test_a_pack_of_the_users_folder_is_found_by_id(pack, monkeypatch):
    assert locate("own", pack.parent) == pack
    monkeypatch.setenv(FOLDER_VARIABLE, str(pack.parent))
    assert load_agreement("own").form == "CT-1"


def test_a_shipped_id_cannot_be_shadowed(pack):
    pack.rename(pack.parent / "cis-2009")
    assert locate("cis-2009", pack.parent) == locate("cis-2009")
    assert list(available(pack.parent).values()).count(locate("cis-2009")) == 1


@pytest.mark.parametrize("name", ["no-such", "../cis-2009", ""])
def test_an_unknown_pack_is_refused(name, tmp_path):
    with pytest.raises(PackError) as refused:
        load_agreement(name, folder=tmp_path)
    assert refused.value.code == "no-such-pack"
    assert "cis-2009" in refused.value.sentence


def test_a_date_outside_the_edition_is_refused(pack):
    assert load_agreement("cis-2009", date(2024, 5, 4)).edition == "2023-06-08"
    with pytest.raises(PackError, match="not on 2024-05-03") as refused:
        load_agreement("cis-2009", date(2024, 5, 3))
    assert refused.value.code == "no-edition"
    edit(pack / "agreement.toml", 'valid_until = ""', "valid_until = 2026-12-31")
    assert load_agreement(pack, date(2026, 12, 31)).edition == "2023-06-08"
    with pytest.raises(PackError, match="until 2026-12-31"):
        load_agreement(pack, date(2027, 1, 1))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('pct = "5"\n', 'pct = "5"\nnote = "x"\n', ("unknown-key", "tolerance[1].note")),
        ("[restoration]", "[restitution]", ("unknown-key", "restitution")),
        ("[validity]\nmonths = 12\n", "[validity]\n", ("missing-key", "validity")),
        ("months = 12\n", 'months = "12"\n', ("bad-value", "validity.months")),
        ('pct = "5"\n', "pct = 5\n", ("bad-value", "tolerance[1].pct")),
        ('pct = "5"\n', 'pct = "five"\n', ("bad-value", "tolerance[1].pct")),
        ('paragraph = "2.6"\n', "", ("missing-citation", "tolerance[1]")),
        ('paragraph = "2.6"\n', 'paragraph = ""\n', ("missing-citation", "tolerance[1].paragraph")),
        ('"most_specific"', '"nearest"', ("bad-value", "rows.policy")),
        ('ctc = "CTH"', 'ctc = "CTX"', ("bad-expression", "general_test")),
        ('code = "RU"', 'code = "Russia"', ("bad-value", "party[1]")),
        ('chapter = "28"', 'chapter = "2800"', ("bad-code", "coverage.chapter[1]")),
        ("[comparison.heading]", "[comparison.headline]", ("unknown-key", "comparison.headline")),
        ('grade = "slip"', 'grade = "trifle"', ("bad-value", "comparison.spelling")),
        ('id = "withdrawal"', 'id = "disputes"', ("duplicate-id", "provision[4]")),
        ("format = 1", "format = 2", ("bad-value", "the top of the file")),
    ],
)
def test_a_mistake_in_the_terms_is_named(pack, old, new, expected):
    edit(pack / "agreement.toml", old, new)
    assert errors(pack) == [expected]


def test_a_source_nobody_listed_is_named(pack):
    edit(pack / "agreement.toml", 'source = "reading"', 'source = "hearsay"')
    assert errors(pack) == [("unknown-source", "simple_assembly_of_kits.source")]


def test_a_confidence_nobody_knows_is_named(pack):
    edit(
        pack / "agreement.toml",
        'valid_from = ""\nconfidence = "read"',
        'valid_from = ""\nconfidence = "sure"',
    )
    assert [code for code, _ in errors(pack)] == ["bad-value"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"codes": ["020"]}, ("bad-code", "rules.jsonl:1")),
        ({"codes": ["0202-0201"]}, ("bad-code", "rules.jsonl:1")),
        ({"codes": ["02 01"]}, ("bad-code", "rules.jsonl:1")),
        ({"codes": []}, ("bad-code", "rules.jsonl:1")),
        ({"rule": {"from_materials": ["x"]}}, ("bad-expression", "rules.jsonl:1")),
        ({"rule": {"max_nom": {"pct": 50, "base": "EXW"}}}, ("bad-expression", "rules.jsonl:1")),
        ({"citation": None}, ("missing-citation", "rules.jsonl:1")),
        ({"citation": ""}, ("missing-citation", "rules.jsonl:1.citation")),
        ({"ex": "yes"}, ("bad-value", "rules.jsonl:1.ex")),
        ({"ex": True, "gloss": ""}, ("missing-gloss", "rules.jsonl:1")),
        ({"certainty": "sure"}, ("bad-value", "rules.jsonl:1.certainty")),
        ({"id": "0206"}, ("duplicate-id", "rules.jsonl:2")),
        ({"weight": 1}, ("unknown-key", "rules.jsonl:1.weight")),
    ],
)
def test_a_mistake_in_a_row_is_named(pack, changes, expected):
    edit_row(pack, 1, **changes)
    assert errors(pack) == [expected]


def test_every_mistake_is_told_at_once(pack):
    edit(pack / "agreement.toml", "months = 12\n", "")
    edit_row(pack, 3, citation="")
    edit_row(pack, 5, codes=["1"])
    assert [code for code, _ in errors(pack)] == ["missing-citation", "bad-code", "missing-key"]


def test_loading_a_pack_with_a_mistake_raises_it(pack):
    edit_row(pack, 1, citation="")
    with pytest.raises(PackError, match=r"rules\.jsonl:1"):
        load_agreement(pack)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("agreement.toml", b"id = "),
        ("agreement.toml", b"\xff\xfe"),
        ("rules.jsonl", b"{"),
        ("rules.jsonl", b"\xff"),
    ],
)
def test_a_file_that_cannot_be_parsed_is_unreadable(pack, name, content):
    (pack / name).write_bytes(content)
    with pytest.raises(PackError) as refused:
        read_pack(pack)
    assert refused.value.code == "unreadable"
    assert refused.value.place.startswith(name)


def test_a_pack_without_rules_is_unreadable(pack):
    (pack / "rules.jsonl").unlink()
    with pytest.raises(PackError, match="cannot be opened"):
        read_pack(pack)
