"""``countermark rules test``: hold the cases that experts wrote against the engine."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click

from countermark.adapters.casefile import CaseFileError, ExpertCase, read_case_file
from countermark.adapters.caserun import Outcome, run_case
from countermark.adapters.catalogue import words_in
from countermark.adapters.determination_json import determination_json
from countermark.adapters.determination_text import determination_lines
from countermark.adapters.packs import PackError, load_agreement
from countermark.cli.exits import Exit, Stop
from countermark.cli.output import JSON, one_line, print_json
from countermark.rules.agreement import Agreement
from countermark.rules.box9 import Box9Error

_SUFFIXES = (".yaml", ".yml", ".json")
USUAL = Path("tests/cases")


@click.command("test")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--agreement", metavar="ID", help="Agreement id or pack folder, in place of the one each case states."
)
@JSON
def test_command(paths: tuple[Path, ...], agreement: str | None, as_json: bool) -> None:
    """Run the cases in the files and folders PATHS (tests/cases if none is named).

    Ends with 0 if every case came out as expected, 10 if some did not, 2 if a file cannot be read.
    """
    try:
        cases = [case for file in case_files(paths or (USUAL,)) for case in read_case_file(file, agreement)]
        outcomes = [run_case(case, _agreement) for case in cases]
    except (CaseFileError, PackError, Box9Error) as error:
        raise Stop(str(error)) from error
    failed = [outcome for outcome in outcomes if not outcome.passed]
    if as_json:
        print_json(
            {
                "cases": len(outcomes),
                "passed": len(outcomes) - len(failed),
                "failed": len(failed),
                "results": [_plain(outcome) for outcome in outcomes],
            }
        )
    else:
        for outcome in failed:
            _show(outcome)
        _count(len(outcomes), len(failed))
    raise SystemExit(Exit.NO if failed else Exit.YES)


@cache
def _agreement(id_or_path: str) -> Agreement:
    return load_agreement(id_or_path)


def case_files(paths: tuple[Path, ...]) -> Iterator[Path]:
    """The files named, and all case files in the folders named, in order."""
    for path in paths:
        if not path.exists():
            raise Stop(f"There is no file or folder {path}. Name the cases to run.")
        if path.is_dir():
            found = sorted(file for file in path.rglob("*") if file.suffix in _SUFFIXES)
            if not found:
                raise Stop(f"There are no cases in {path}. Cases are files that end with .yaml.")
            yield from found
        else:
            yield path


def _show(outcome: Outcome) -> None:
    case = outcome.case
    click.secho(f"{case.file}:{case.line}: {one_line(case.name)}", fg="red", bold=True)
    click.echo(f"  by {one_line(case.cite)}")
    for difference in outcome.differences:
        click.echo(f"  {difference.what}: expected {one_line(difference.expected)}")
        click.echo(f"  {'':{len(difference.what)}}  got      {one_line(difference.got)}")
    if outcome.found and outcome.found.trace:
        for line in determination_lines(case.name, outcome.found, words_in("en")):
            click.echo(f"    {line.text}")
    click.echo()


def _count(cases: int, failed: int) -> None:
    word = "case" if cases == 1 else "cases"
    click.secho(
        f"{cases} {word}: {cases - failed} as expected, {failed} not.", fg="red" if failed else "green"
    )


def _plain(outcome: Outcome) -> dict[str, object]:
    case: ExpertCase = outcome.case
    return {
        "file": str(case.file),
        "line": case.line,
        "theme": case.theme,
        "name": case.name,
        "cite": case.cite,
        "passed": outcome.passed,
        "differences": [
            {"what": each.what, "expected": each.expected, "got": each.got} for each in outcome.differences
        ],
        "determination": determination_json(outcome.found) if outcome.found and not outcome.passed else None,
    }
