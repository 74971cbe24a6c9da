"""The reference page of the application names exactly what the reader knows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from countermark.adapters.nomenclature import hs_2022
from countermark.adapters.reading import decode_plain
from countermark.goods.application import Application
from countermark.goods.fault import Fault
from countermark.goods.read import RECORDS, read_application
from countermark.goods.shape import Record

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "application.md").read_text(encoding="utf-8")
ADAPTER = (ROOT / "src" / "countermark" / "adapters" / "reading.py").read_text(encoding="utf-8")


def rows(heading: str) -> dict[str, list[str]]:
    """First column (without backticks) to the other columns, of the table under a heading."""
    section = PAGE.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    cells = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| `")]
    return {first.strip(" `"): [cell.strip() for cell in rest] for first, *rest in cells}


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_the_page_lists_the_fields_the_reader_knows(record: Record) -> None:
    listed = rows(record.name)
    if record.name == "application":
        assert listed.pop("format")[0] == "yes"
    assert tuple(listed) == record.names
    needed = {name for name, cells in listed.items() if cells[0] == "yes"}
    assert needed == {f.name for f in record.fields if f.required}


def test_the_page_lists_the_mistakes_the_reader_finds() -> None:
    assert list(rows("Mistakes in fields")) == [fault.value for fault in Fault]


def test_the_page_lists_the_ways_a_file_can_be_unreadable() -> None:
    raised = set(re.findall(r'ReadingError\(\s*"([a-z-]+)"', ADAPTER))
    assert set(rows("Files that cannot be read")) == raised


def names_in(plain: object) -> set[object]:
    if isinstance(plain, dict):
        return set(plain).union(*map(names_in, plain.values()))
    return set().union(*map(names_in, plain)) if isinstance(plain, list) else set()


def test_the_example_of_the_page_is_read_and_uses_every_field() -> None:
    example = PAGE.split("```yaml\n", 1)[1].split("```", 1)[0]
    plain = decode_plain(example.encode())
    read = read_application(plain, hs_2022())
    assert isinstance(read, Application), read
    assert read_application(yaml.safe_load(example), hs_2022()) == read, (
        "another YAML reader takes it differently"
    )
    assert {name for record in RECORDS for name in record.names} <= names_in(plain)


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.yaml")), ids=lambda path: path.name)
def test_the_examples_are_in_this_format(path: Path) -> None:
    read = read_application(decode_plain(path.read_bytes(), ".yaml"), hs_2022())
    faults = () if isinstance(read, Application) else tuple(error.code for error in read)
    assert faults == ((Fault.CODE_UNKNOWN,) if path.name == "by-wrong-code.yaml" else ())
