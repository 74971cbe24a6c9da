"""The pages about cases hold cases that run, and name every field there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from countermark.adapters import casefile
from countermark.cli.rules import rules_group

DOCS = Path(__file__).parents[2] / "docs"
BLOCKS = re.findall(
    r"^ *```yaml\n(.*?)^ *```",
    (DOCS / "how-to/expert/write-cases.md").read_text(encoding="utf-8"),
    re.MULTILINE | re.DOTALL,
)


@pytest.mark.parametrize("block", BLOCKS)
def test_the_cases_of_the_page_come_out_as_it_says(block: str, tmp_path: Path) -> None:
    file = tmp_path / "cis-2009" / "page.yaml"
    file.parent.mkdir()
    file.write_text(block, encoding="utf-8")
    result = CliRunner().invoke(rules_group, ["test", str(file)])
    assert (result.exit_code, result.output.count("as expected, 0 not")) == (0, 1)


def test_the_reference_names_every_field_and_no_other() -> None:
    page = (DOCS / "reference/cases.md").read_text(encoding="utf-8")
    rows = {
        title: {
            name
            for row in re.findall(r"^\| (`[^|]*) \|", part, re.MULTILINE)
            for name in re.findall(r"`([a-z_0-9]+)`", row)
        }
        for title, part in zip(
            *[iter(re.split(r"^## (.+)\n", page, flags=re.MULTILINE)[1:])] * 2, strict=True
        )
    }
    assert rows["The file"] == set(casefile.TOP)
    assert rows["A case"] == {*casefile.ABOUT, *casefile.APPLYING, *casefile.OF_THE_GOOD}
    assert rows["defaults"] == set(casefile.DEFAULTS)
    assert rows["stated"] == set(casefile.STATED)
    assert rows["expect"] == set(casefile.EXPECTED)
    bare = re.findall(r"`([a-z_0-9]+)`", re.split("^## ", page, flags=re.MULTILINE)[3])
    assert {*casefile.BARE} <= set(bare)
