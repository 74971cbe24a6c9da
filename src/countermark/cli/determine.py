"""``countermark determine``: where the goods of an application originate, or whether a bare case meets its rule."""

from __future__ import annotations

import shutil
import sys
import textwrap
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from countermark.adapters.catalogue import LANGUAGES, Language, Words, words_in
from countermark.adapters.clock import SystemClock
from countermark.adapters.correlations import read_correlations
from countermark.adapters.determination_html import determination_page
from countermark.adapters.determination_json import determination_json
from countermark.adapters.determination_text import Line, determination_lines
from countermark.adapters.packs import PackError, load_agreement
from countermark.adapters.reading import ApplicationRefused, ReadingError, read_application_file, read_plain
from countermark.cli.exits import Exit, Stop
from countermark.cli.output import one_line, print_json, write_out
from countermark.goods.application import Good
from countermark.goods.hs import NO_CORRELATIONS
from countermark.rules.box9 import Box9Error
from countermark.rules.case import decide_case
from countermark.rules.caseform import read_case
from countermark.rules.determination import Determination, Verdict
from countermark.rules.determine import determine
from countermark.rules.form import ExpressionError

_TONES: dict[str, dict[str, Any]] = {
    "title": {"bold": True},
    "label": {"bold": True},
    "foreign": {"fg": "yellow"},
    "question": {"bold": True},
    Verdict.ORIGINATING: {"fg": "green", "bold": True},
    Verdict.NOT_ORIGINATING: {"fg": "red", "bold": True},
    Verdict.UNDETERMINED: {"fg": "yellow", "bold": True},
}
NARROWEST = 60
"""Columns below which lines are not broken further: a tree would be all margin."""


@dataclass(frozen=True, slots=True)
class _Output:
    """How the answer is to be given."""

    as_json: bool
    page: Path | None
    language: Language | None
    """Empty if none was asked for: sentences are then English, and JSON holds no others."""

    @property
    def words(self) -> Words:
        return words_in(self.language or "en")

    @property
    def beside(self) -> Words | None:
        """The words that JSON holds beside codes and figures."""
        return words_in(self.language) if self.language else None


@click.command("determine")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--agreement", metavar="ID", help="Agreement id or pack folder; by default the application's own."
)
@click.option(
    "--on", "day", metavar="DATE", help="Day to determine for, such as 2026-05-04; by default today (UTC)."
)
@click.option("--case", "bare", is_flag=True, help="FILE is a bare case: a rule, a good and its materials.")
@click.option(
    "--correlations",
    type=click.Path(path_type=Path),
    help="CSV of correlations between HS editions: proposes codes for those of another edition, applies none.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--lang", "language", type=click.Choice(LANGUAGES), help="Language of the sentences; by default English."
)
@click.option(
    "--html",
    "page",
    type=click.Path(path_type=Path),
    metavar="PAGE",
    help="Also write one HTML page to PAGE.",
)
def determine_command(
    file: Path,
    agreement: str | None,
    day: str | None,
    bare: bool,
    correlations: Path | None,
    as_json: bool,
    language: Language | None,
    page: Path | None,
) -> None:
    """Determine the origin of the goods in FILE, with the reasoning.

    Ends with 0 if all originate, 10 if some good does not, else 11 if some cannot be told.
    """
    on = _day(day)
    output = _Output(as_json, page, language)
    try:
        verdicts = (
            _decide_case(file, on, output)
            if bare
            else _decide_application(file, agreement, on, output, correlations)
        )
    except (ReadingError, ApplicationRefused, PackError, Box9Error) as error:
        raise Stop(str(error)) from error
    except ExpressionError as error:
        raise Stop(f"The case cannot be read: {error}") from error
    raise SystemExit(_exit(verdicts))


def _day(text: str | None) -> date:
    if text is None:
        return SystemClock().now().astimezone(UTC).date()
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError as error:
        raise Stop(f"{text} is not a day. Write it as year-month-day, such as 2026-05-04.") from error


def _exit(verdicts: list[Verdict]) -> Exit:
    """The worst over the goods: one that does not originate outweighs one that cannot be told."""
    if Verdict.NOT_ORIGINATING in verdicts:
        return Exit.NO
    return Exit.CANNOT_TELL if Verdict.UNDETERMINED in verdicts else Exit.YES


def _decide_application(
    file: Path, agreement: str | None, on: date, output: _Output, correlations: Path | None
) -> list[Verdict]:
    application = read_application_file(file)
    pack = load_agreement(agreement or application.agreement)
    known = read_correlations(correlations) if correlations else NO_CORRELATIONS
    found = [determine(application, good, pack, on, correlations=known) for good in application.goods]
    pairs = list(zip(application.goods, found, strict=True))
    goods = [{"item": good.item, **determination_json(each, output.beside)} for good, each in pairs]
    plain: dict[str, object] = {
        "reference": application.reference,
        "agreement": pack.id,
        "edition": pack.edition,
        "goods": goods,
    }
    _give(output, plain, [(_title(good, output.words), each) for good, each in pairs])
    return [each.verdict for each in found]


def _decide_case(file: Path, on: date, output: _Output) -> list[Verdict]:
    decided = decide_case(read_case(read_plain(file)), on)
    found = decided.determination
    plain: dict[str, object] = {"assumed": list(decided.assumed), **determination_json(found, output.beside)}
    _give(output, plain, [(output.words.say("page.bare_case"), found)])
    return [found.verdict]


def _title(good: Good, words: Words) -> str:
    return words.say("page.item", item=str(good.item), name=one_line(good.description), hs=str(good.hs))


def _give(output: _Output, plain: dict[str, object], pairs: list[tuple[str, Determination]]) -> None:
    if output.page is not None:
        write_out(output.page, determination_page(pairs, output.words).encode())
    if output.as_json:
        print_json(plain)
        return
    width = max(NARROWEST, shutil.get_terminal_size().columns) if sys.stdout.isatty() else None
    for title, found in pairs:
        for line in determination_lines(title, found, output.words):
            _show(line, width)
        click.echo()


def _show(line: Line, width: int | None) -> None:
    """One line, broken only where a terminal would break it anyway; what is piped stays one line a fact."""
    broken = [line.text]
    if width is not None and len(line.text) > width:
        broken = textwrap.wrap(
            line.text, width, subsequent_indent=line.hang, drop_whitespace=True, break_on_hyphens=False
        )
    for part in broken:
        click.secho(part.replace("\N{NO-BREAK SPACE}", " "), **_TONES.get(line.tone, {}))
