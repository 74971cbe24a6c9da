"""The documentation keeps its word: links lead somewhere, commands exist, and what the README says to type runs."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

from countermark.cli.main import countermark

ROOT = Path(__file__).parents[1]
TOPS = ("src", "tests", "docs", "examples", "requirements", ".ci")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*.md")])
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")
COMMAND = re.compile(r"countermark [a-z].*")
NOT_OURS = re.compile(r"(pypi|pythonhosted|crates|npmjs|golang)[.](org|io|com)|/(home|Users|tmp)/\w")
LONG = ("demo", "serve", "bench")


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@cache
def anchors(page: Path) -> frozenset[str]:
    """The names under which a page's headings can be reached."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return frozenset(re.sub(r"[^\w\- ]", "", title).strip().lower().replace(" ", "-") for title in titles)


def typed(page: Path) -> Iterator[str]:
    """The commands of a page's code blocks, one a line."""
    fenced = False
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.startswith("```"):
            fenced = not fenced
        if (fenced or line.startswith("    ")) and COMMAND.fullmatch(line.strip()):
            yield line.strip()


def mentioned(page: Path) -> Iterator[str]:
    """The commands within a page's sentences."""
    for span in re.findall(r"`([^`\n]+)`", page.read_text(encoding="utf-8")):
        if COMMAND.fullmatch(span):
            yield span


def words(line: str) -> list[str]:
    """A command's words after its name, without the marks of a synopsis and what the shell would take."""
    found = shlex.split(re.split(r" (?:[|&>]|#)", line.replace("...", ""))[0])[1:]
    return [word.strip("[]") for word in found if word.strip("[]")]


def check(line: str, *, whole: bool) -> None:
    """The command and its options exist; typed as a whole, everything needed is there."""
    command: click.Command = countermark
    context, rest = click.Context(countermark), words(line)
    while isinstance(command, click.Group):
        assert rest, line
        found = command.get_command(context, rest.pop(0))
        assert found is not None, line
        command, context = found, click.Context(found, parent=context)
        if not rest and not whole:
            return
    values, left, _ = command.make_parser(context).parse_args(rest)
    assert not left, line
    if whole and "help" not in values:
        assert [p.name for p in command.params if p.required and not values.get(str(p.name))] == [], line


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_to_a_page_and_heading(page):
    for target, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        found = (page.parent / target).resolve() if target else page
        assert found.exists(), target
        assert not anchor or anchor in anchors(found), (target, anchor)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_exists_with_its_options(page):
    for line in typed(page):
        check(line, whole="[" not in line)
    for line in mentioned(page):
        check(line, whole=False)


@pytest.mark.parametrize(
    "line",
    ["countermark frobnicate", "countermark verify F --bundel B", "countermark party init by --code BY"],
)
def test_a_command_that_cannot_be_typed_is_found(line):
    with pytest.raises((AssertionError, click.UsageError)):
        check(line, whole=True)


def test_every_page_is_reached_from_the_readme():
    seen, todo = set(), [ROOT / "README.md"]
    while todo:
        page = todo.pop()
        if page in seen or page.suffix != ".md" or not page.exists():
            continue
        seen.add(page)
        todo += [(page.parent / t).resolve() for t, _ in LINK.findall(page.read_text(encoding="utf-8")) if t]
    assert {name(page) for page in PAGES if page.is_relative_to(ROOT / "docs")} <= {name(p) for p in seen}


def test_what_the_readme_says_to_type_runs(tmp_path):
    lines = [words(line) for line in typed(ROOT / "README.md")]
    quick = [line for line in lines if line[0] not in LONG]
    assert len(quick) >= 4
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COUNTERMARK_")}
    environment["COUNTERMARK_HOME"] = str(tmp_path / "home")
    for line in quick:
        ran = subprocess.run(
            [sys.executable, "-m", "countermark", *line],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            check=False,
        )
        assert ran.returncode == 0, (line, ran.stderr.decode())
        assert ran.stdout


def test_the_text_names_no_registry_and_no_place_on_a_machine():
    here = {f"{ROOT}/", f"{ROOT.parent}/{ROOT.name}"}
    files = [*(path for top in TOPS for path in (ROOT / top).rglob("*")), *ROOT.glob("[!.]*")]
    for path in files:
        if (
            path.is_file()
            and "__pycache__" not in path.parts
            and path.suffix != ".pyc"
            and path.name != "LICENSE"
        ):
            text = path.read_text(encoding="utf-8", errors="ignore")
            found = NOT_OURS.search(text)
            assert found is None, (name(path), found)
            assert not any(place in text for place in here), name(path)
