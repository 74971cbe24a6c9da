"""``countermark determine``: where the goods of an application originate, or whether a bare case meets its rule."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import click

from countermark.adapters.clock import SystemClock
from countermark.adapters.correlations import read_correlations
from countermark.adapters.determination_json import determination_json
from countermark.adapters.packs import PackError, load_agreement
from countermark.adapters.reading import ApplicationRefused, ReadingError, read_application_file, read_plain
from countermark.adapters.words import VERDICTS, condition_sentence, question_sentence, tree
from countermark.cli.exits import Exit, Stop
from countermark.goods.application import Good
from countermark.goods.hs import NO_CORRELATIONS
from countermark.rules.box9 import Box9Error
from countermark.rules.case import decide_case
from countermark.rules.caseform import read_case
from countermark.rules.determination import Determination, Reliance, Verdict
from countermark.rules.determine import determine
from countermark.rules.form import ExpressionError

_COLOURS = {Verdict.ORIGINATING: "green", Verdict.NOT_ORIGINATING: "red", Verdict.UNDETERMINED: "yellow"}


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
def determine_command(
    file: Path, agreement: str | None, day: str | None, bare: bool, correlations: Path | None, as_json: bool
) -> None:
    """Determine the origin of the goods in FILE, with the reasoning.

    Ends with 0 if all originate, 10 if some good does not, else 11 if some cannot be told.
    """
    on = _day(day)
    try:
        verdicts = (
            _decide_case(file, on, as_json)
            if bare
            else _decide_application(file, agreement, on, as_json, correlations)
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
    file: Path, agreement: str | None, on: date, as_json: bool, correlations: Path | None
) -> list[Verdict]:
    application = read_application_file(file)
    pack = load_agreement(agreement or application.agreement)
    known = read_correlations(correlations) if correlations else NO_CORRELATIONS
    found = [determine(application, good, pack, on, correlations=known) for good in application.goods]
    if as_json:
        goods = [
            {"item": good.item, **determination_json(each)}
            for good, each in zip(application.goods, found, strict=True)
        ]
        _print(
            {
                "reference": application.reference,
                "agreement": pack.id,
                "edition": pack.edition,
                "goods": goods,
            }
        )
    else:
        for good, each in zip(application.goods, found, strict=True):
            _show(_title(good), each)
    return [each.verdict for each in found]


def _decide_case(file: Path, on: date, as_json: bool) -> list[Verdict]:
    decided = decide_case(read_case(read_plain(file)), on)
    found = decided.determination
    if as_json:
        _print({"assumed": list(decided.assumed), **determination_json(found)})
    else:
        _show("Bare case", found)
    return [found.verdict]


def _title(good: Good) -> str:
    return f"Item {good.item}: {good.description} ({good.hs})"


def _show(title: str, found: Determination) -> None:
    click.secho(title, bold=True)
    verdict = VERDICTS[found.verdict]
    if found.criterion:
        verdict += f" By: {found.criterion}." + (f" Box 9: {found.box9}." if found.box9 else "")
    click.secho(verdict, fg=_COLOURS[found.verdict], bold=True)
    if found.rule:
        stated = f", stated by {found.stated_by}" if found.stated_by else ""
        click.echo(f"Rule: {found.rule}{stated}")
    for line in tree(found.trace) if found.trace else ():
        click.echo(line)
    for reliance in found.relied_on:
        click.echo(f"Relies on {_proof(reliance)}")
    for condition in found.conditions:
        click.echo(condition_sentence(condition))
    for question in found.questions:
        click.echo(f"? {question_sentence(question)} [{question.id}]")
    click.echo()


def _proof(reliance: Reliance) -> str:
    proof = reliance.proof
    amount = f"{proof.quantity.value:f} {proof.quantity.unit}"
    return (
        f"{proof.form} {proof.number} of {proof.date}, item {proof.item}: {amount} (material {reliance.line})"
    )


def _print(plain: dict[str, object]) -> None:
    click.echo(json.dumps(plain, ensure_ascii=False, indent=2))
