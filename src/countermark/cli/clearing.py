"""The importing side's verbs from the shell, and the reply of the exporting side: check, use, inquire, answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

import click

from countermark.adapters.check_json import balance_json, checked_json
from countermark.adapters.party import OpenParty
from countermark.adapters.reading import read_plain
from countermark.casework.check import Checked, check, declaration_of
from countermark.casework.inquire import Inquiry, answer, inquire
from countermark.casework.publish import publish
from countermark.casework.use import Balance, Declared, Drawn, use
from countermark.clearance.compare import Comparison, ItemComparison
from countermark.clearance.grade import Cell, Grade, Outcome
from countermark.clearance.inquiry import ItemAnswer, Question
from countermark.clearance.use import unscaled
from countermark.cli.exits import Exit, Stop
from countermark.cli.opening import PARTY, opened
from countermark.cli.output import JSON, print_json, print_rows
from countermark.desk.api.inquiries import inquiry_json
from countermark.document.lifecycle import LegalStatus
from countermark.rules.determination import Truth

TRUTHS = click.Choice([truth.value for truth in Truth])
DATE = click.option(
    "--date", "dated", metavar="DATE", required=True, help="Date of the certificate, such as 2026-05-04."
)
_LINE = re.compile(r"([0-9]{1,4})=([0-9]+(?:\.[0-9]+)?) ?([A-Za-z][A-Za-z0-9]*)", re.ASCII)
_ITEM_TRUTH = re.compile(r"([0-9]{1,4})=(yes|no|unknown)", re.ASCII)
_COLOURS = {Exit.YES: "green", Exit.NO: "red", Exit.CANNOT_TELL: "yellow"}


@click.command("check")
@click.argument("number")
@DATE
@click.option(
    "--declaration",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Import declaration to compare with, JSON or YAML.",
)
@PARTY
@JSON
def check_command(number: str, dated: str, declaration: Path | None, folder: Path, as_json: bool) -> None:
    """Check the received certificate NUMBER, and compare it with a declaration.

    Ends with 0 if it stands and every item may be accepted; 10 if it does not stand, is expired, or an item is to be
    refused or exceeds it; 11 if it was not received, is suspended, or something is to be asked first.
    """
    with opened(folder) as party:
        plain = None if declaration is None else read_plain(declaration)
        found = check(party.office, number, _day(dated), plain)
        today = party.office.clock.now().astimezone(party.office.zone).date()
    code, words = _verdict(found, today)
    if as_json:
        print_json(checked_json(found))
    else:
        _show_checked(found)
        click.secho(f"\n{words}", fg=_COLOURS[code], bold=True)
    raise click.exceptions.Exit(int(code))


@click.command("use")
@click.argument("number")
@DATE
@click.option(
    "--declaration",
    metavar="FILE",
    type=click.Path(path_type=Path),
    required=True,
    help="Import declaration that draws, JSON or YAML.",
)
@click.option(
    "--line",
    "lines",
    multiple=True,
    metavar="ITEM=AMOUNT",
    help="Use this instead of what the declaration's items declare, such as 1=5pcs; once for each item.",
)
@PARTY
@JSON
def use_command(
    number: str, dated: str, declaration: Path, lines: tuple[str, ...], folder: Path, as_json: bool
) -> None:
    """Use certificate NUMBER for the goods of a declaration, and report it to the exporting side.

    Without --line each item of the declaration draws what the certificate covers of it; if one is to be asked about
    or refused, nothing is used. The same again changes nothing. Ends with 10 if a quantity was left uncovered.
    """
    with opened(folder) as party:
        plain = read_plain(declaration)
        declared = declaration_of(party.office, plain)
        day = _day(dated)
        if lines:
            asked, uncovered = _named(lines)
        else:
            asked, uncovered = _covered(check(party.office, number, day, plain))
        drawing = Declared(declared.number, declared.office, declared.registered)
        balances = use(party.office, number, day, asked, drawing)
        publish(party.office)
    if as_json:
        print_json(
            {
                "number": number,
                "declaration": declared.number,
                "used": [{"item": d.item, "quantity": str(d.quantity), "unit": d.unit} for d in asked],
                "uncovered": [
                    {"item": i.certificate_item, "quantity": str(unscaled(i.excess)), "unit": i.unit}
                    for i in uncovered
                ],
                "balances": [balance_json(balance) for balance in balances],
            }
        )
    else:
        _show_used(number, declared.number, asked, uncovered, balances)
    raise click.exceptions.Exit(int(Exit.NO if uncovered else Exit.YES))


@click.command("inquire")
@click.argument("number")
@DATE
@click.option(
    "--ground",
    metavar="CODE",
    default="",
    help="Code of the doubt, such as description. Default: a random request.",
)
@click.option("--words", metavar="TEXT", required=True, help="What is asked, in words.")
@click.option(
    "--item",
    "items",
    metavar="ITEM",
    type=click.IntRange(1),
    multiple=True,
    help="Item asked about. Default: all.",
)
@click.option(
    "--question",
    "questions",
    type=click.Choice([question.value for question in Question]),
    multiple=True,
    help="What is to be verified. Default: all of it.",
)
@PARTY
@JSON
def inquire_command(
    number: str,
    dated: str,
    ground: str,
    words: str,
    items: tuple[int, ...],
    questions: tuple[str, ...],
    folder: Path,
    as_json: bool,
) -> None:
    """Ask the exporting side to verify the received certificate NUMBER."""
    with opened(folder) as party:
        asked = [Question(question) for question in questions] or list(Question)
        found = inquire(
            party.office, number, _day(dated), ground=ground, words=words, questions=asked, items=items
        )
        _show_inquiry(party, found, as_json)


@click.command("answer")
@click.argument("inquiry_id", metavar="INQUIRY_ID")
@click.option("--authentic", type=TRUTHS, required=True, help="Did we issue it, and is it unaltered?")
@click.option("--data", type=TRUTHS, default="unknown", show_default=True, help="Are its data true?")
@click.option(
    "--originating", multiple=True, metavar="ITEM=ANSWER", help="Does the item originate, such as 1=yes."
)
@click.option("--explanation", required=True, help="What was found, in words.")
@PARTY
@JSON
def answer_command(
    inquiry_id: str,
    authentic: str,
    data: str,
    originating: tuple[str, ...],
    explanation: str,
    folder: Path,
    as_json: bool,
) -> None:
    """Answer a partner's verification request; `corridor status` lists those that wait."""
    with opened(folder) as party:
        found = answer(
            party.office,
            inquiry_id,
            authentic=Truth(authentic),
            data=Truth(data),
            items=[_item_answer(entry) for entry in originating],
            explanation=explanation,
        )
        _show_inquiry(party, found, as_json)


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise Stop(f"{text!r} is no date. Write it as 2026-05-04.") from error


def _line(text: str) -> Drawn:
    found = _LINE.fullmatch(text)
    if found is None:
        raise Stop(f"--line: {text!r} is no item with an amount and its unit. Write it as 1=5pcs.")
    return Drawn(int(found[1]), Decimal(found[2]), found[3])


def _item_answer(text: str) -> ItemAnswer:
    found = _ITEM_TRUTH.fullmatch(text)
    if found is None:
        raise Stop(
            f"--originating: {text!r} is no item with an answer. Write it as 1=yes, 1=no or 1=unknown."
        )
    return ItemAnswer(int(found[1]), Truth(found[2]))


def _named(lines: Iterable[str]) -> tuple[list[Drawn], tuple[ItemComparison, ...]]:
    return [_line(line) for line in lines], ()


def _covered(found: Checked) -> tuple[list[Drawn], tuple[ItemComparison, ...]]:
    """What the certificate covers of each of the declaration's items, and the items with a part uncovered."""
    items = found.comparison.items if found.comparison else ()
    blocked = [item for item in items if item.outcome in (Outcome.ASK, Outcome.REFUSE)]
    if blocked:
        code = Exit.NO if any(item.outcome is Outcome.REFUSE for item in blocked) else Exit.CANNOT_TELL
        raise Stop(
            f"Certificate {found.row.number} was not used: the comparison leaves something to decide."
            " See it with 'check', settle it, then name what is used with --line.",
            code,
            tuple(f"item {item.item}: {item.outcome.value}" for item in blocked),
        )
    units = {item.certificate_item: item.unit for item in items if item.certificate_item is not None}
    covered: Counter[int] = Counter()
    for item in items:
        if item.certificate_item is not None:
            covered[item.certificate_item] += item.covered
    drawn = [Drawn(number, unscaled(amount), units[number]) for number, amount in covered.items() if amount]
    if not drawn:
        raise Stop(
            f"Certificate {found.row.number} covers nothing of this declaration: nothing was used.", Exit.NO
        )
    return drawn, tuple(item for item in items if item.excess)


def _verdict(found: Checked, today: date) -> tuple[Exit, str]:
    """Whether the goods may be accepted on it, in a word and a code."""
    status, comparison = LegalStatus(found.row.status), found.comparison
    if status is LegalStatus.SUSPENDED:
        return Exit.CANNOT_TELL, "Suspended: nobody is to rely on it until it is resumed."
    if status is not LegalStatus.VALID:
        return Exit.NO, f"Not valid: it is {status.value}."
    if comparison is None:
        if found.certificate.valid_until < today:
            return Exit.NO, f"Not valid any more: expired on {found.certificate.valid_until}."
        return Exit.YES, f"Valid, as of size {found.as_of} of {found.row.party}'s log."
    outcomes = {item.outcome for item in comparison.items}
    if outcomes & {Outcome.REFUSE, Outcome.EXCESS}:
        return Exit.NO, "Not all of the declaration is covered."
    if Outcome.ASK in outcomes:
        return Exit.CANNOT_TELL, "Cannot tell: something is to be asked first."
    return Exit.YES, "Valid, and every item of the declaration may be accepted."


def _show_checked(found: Checked) -> None:
    certificate, left = found.certificate, {balance.item: balance for balance in found.balances}
    click.secho(f"Certificate {found.row.number} of {found.row.dated}", bold=True)
    print_rows(
        [
            ("status", f"{found.row.status}, until {certificate.valid_until}"),
            ("from", f"{found.row.party}, its log known to size {found.as_of}"),
            ("exporter", certificate.exporter.name),
            ("consignee", certificate.consignee.name),
        ]
    )
    for item in certificate.items:
        balance = left.get(item.item)
        amount = f"; {_amounts(balance)}" if balance else ""
        print_rows([(f"{item.item}.", f"{item.hs}, {item.box9}, {item.country}: {item.description}{amount}")])
    if found.comparison:
        _show_comparison(found.comparison)


def _amounts(balance: Balance) -> str:
    return f"{balance.used} {balance.unit} used, {balance.left} {balance.unit} left"


def _show_comparison(comparison: Comparison) -> None:
    click.echo(f"\nComparison with the declaration: {comparison.summary.value}")
    print_rows(_differences(comparison.cells))
    for item in comparison.items:
        of = f" (item {item.certificate_item} of the certificate)" if item.certificate_item else ""
        amount = f", covers {unscaled(item.covered)} {item.unit}" if item.unit else ""
        over = f", {unscaled(item.excess)} {item.unit} over" if item.excess else ""
        click.echo(f"  item {item.item}{of}: {item.outcome.value}{amount}{over}")
        print_rows(_differences(item.cells), indent=4)


def _differences(cells: Iterable[Cell]) -> list[tuple[str, str]]:
    return [
        (cell.field, f"{cell.grade.value}: {cell.certified or '-'} / {cell.declared or '-'} [{cell.cites}]")
        for cell in cells
        if cell.grade not in (Grade.SAME, Grade.NOT_COMPARABLE)
    ]


def _show_used(
    number: str,
    declaration: str,
    lines: Iterable[Drawn],
    uncovered: Iterable[ItemComparison],
    balances: Iterable[Balance],
) -> None:
    click.echo(f"Certificate {click.style(number, bold=True)} was used for declaration {declaration}.")
    print_rows([(f"item {line.item}", f"{line.quantity} {line.unit} used") for line in lines])
    print_rows(
        [(f"item {i.certificate_item}", f"{unscaled(i.excess)} {i.unit} not covered") for i in uncovered]
    )
    click.echo("Balance:")
    print_rows([(f"item {balance.item}", _amounts(balance)) for balance in balances])


def _show_inquiry(party: OpenParty, found: Inquiry, as_json: bool) -> None:
    publish(party.office)
    if as_json:
        print_json(inquiry_json(found))
        return
    click.secho(f"Inquiry {found.row.id} on certificate {found.row.number}: {found.state.value}", bold=True)
    reply = found.reply
    answers = (
        [(f"item {item.item} originates", item.originating.value) for item in reply.items] if reply else []
    )
    print_rows(
        [
            ("ground", found.request.ground or "random"),
            ("asked", found.request.words),
            ("deadline", found.request.deadline),
            ("answered", reply and reply.answered),
            ("authentic", reply and reply.authentic.value),
            ("data true", reply and reply.data.value),
            *answers,
            ("explanation", reply and reply.explanation),
        ]
    )
