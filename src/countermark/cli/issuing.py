"""The issuing verbs from the shell: apply, state a rule, issue, replace, duplicate, annul, export."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from countermark.adapters.catalogue import words_in
from countermark.adapters.determination_json import determination_json
from countermark.adapters.party import OpenParty
from countermark.adapters.reading import decode_plain, read_plain
from countermark.adapters.words import condition_sentence, question_sentence
from countermark.casework.amend import annul, duplicate, replace_certificate
from countermark.casework.apply import apply
from countermark.casework.decide import Decided, decide, state_rule
from countermark.casework.issue import Issued, issue
from countermark.casework.publish import publish
from countermark.casework.show import signed_file
from countermark.cli.exits import Stop
from countermark.cli.opening import OFFICER, PARTY, opened
from countermark.cli.output import JSON, one_line, print_json, print_rows, write_out
from countermark.document.lifecycle import Effect
from countermark.goods.application import Good
from countermark.rules.determination import Determination, Truth, Verdict

EFFECTS = {"from-now": Effect.FROM_NOW, "from-start": Effect.FROM_START}
_COLOURS = {Verdict.ORIGINATING: "green", Verdict.NOT_ORIGINATING: "red", Verdict.UNDETERMINED: "yellow"}


@click.command("apply")
@click.argument("file", type=click.Path(path_type=Path))
@PARTY
@JSON
def apply_command(file: Path, folder: Path, as_json: bool) -> None:
    """Take in the application in FILE (JSON or YAML) and determine the origin of its goods as of today.

    Ends with 0 once it is taken in, whatever the determination says; the same application again gives the same id.
    """
    with opened(folder) as party:
        submitted = apply(party.office, read_plain(file))
        decided = decide(party.office, submitted.id)
        _show_decided(decided, as_json, "taken in" if submitted.new else "here already")


@click.command("state-rule")
@click.argument("id")
@click.argument("item", type=click.IntRange(1))
@click.option(
    "--rule", required=True, metavar="JSON", help='The rule as an expression, such as {"ctc": "CTH"}.'
)
@click.option("--citation", required=True, help="Treaty, annex and row that hold the rule.")
@OFFICER
@PARTY
@JSON
def state_rule_command(
    id: str, item: int, rule: str, citation: str, officer: str, folder: Path, as_json: bool
) -> None:
    """State the rule for ITEM of application ID where the agreement's data has a gap, and decide under it."""
    with opened(folder) as party:
        plain = decode_plain(rule.encode(), ".json")
        decided = state_rule(party.office, id, item, rule=plain, citation=citation, officer=officer)
        _show_decided(decided, as_json, "decided under the rule stated")


@click.command("issue")
@click.argument("id")
@OFFICER
@PARTY
@JSON
def issue_command(id: str, officer: str, folder: Path, as_json: bool) -> None:
    """Issue the certificate of application ID; asked again, show the one that was issued.

    Ends with 10 if a good does not originate, 11 if that cannot be told yet.
    """
    with opened(folder) as party:
        (issued,) = issue(party.office, [id], officer)
        _show_issued(party, issued, as_json)


@click.command("replace")
@click.argument("number")
@click.argument("id", metavar="APPLICATION_ID")
@OFFICER
@PARTY
@JSON
def replace_command(number: str, id: str, officer: str, folder: Path, as_json: bool) -> None:
    """Issue a new certificate in place of NUMBER, from a corrected application."""
    with opened(folder) as party:
        _show_issued(party, replace_certificate(party.office, number, id, officer), as_json)


@click.command("duplicate")
@click.argument("number")
@click.option("--reason", required=True, help="Why, in words; stands in the certificate's remarks.")
@OFFICER
@PARTY
@JSON
def duplicate_command(number: str, reason: str, officer: str, folder: Path, as_json: bool) -> None:
    """Issue a duplicate of the lost certificate NUMBER."""
    with opened(folder) as party:
        _show_issued(party, duplicate(party.office, number, reason=reason, officer=officer), as_json)


@click.command("annul")
@click.argument("number")
@click.option("--reason", required=True, help="Why, in words; the partner reads it.")
@click.option(
    "--effect", type=click.Choice(list(EFFECTS)), default="from-now", show_default=True, help="Since when."
)
@OFFICER
@PARTY
@JSON
def annul_command(number: str, reason: str, effect: str, officer: str, folder: Path, as_json: bool) -> None:
    """Withdraw certificate NUMBER for good."""
    with opened(folder) as party:
        status = annul(party.office, number, reason=reason, effect=EFFECTS[effect], officer=officer)
        publish(party.office)
        if as_json:
            print_json({"number": number, "status": status.value})
        else:
            click.echo(f"Certificate {number} is {status.value}.")


@click.command("export")
@click.argument("number")
@click.option(
    "--format", "form", metavar="FORMAT", default="cose", show_default=True, help="This release writes cose."
)
@click.option(
    "--out", metavar="FILE", required=True, type=click.Path(path_type=Path), help="File to write, or -."
)
@PARTY
def export_command(number: str, form: str, out: Path, folder: Path) -> None:
    """Write certificate NUMBER as a signed file that anyone can verify."""
    if form != "cose":
        raise Stop(f"This release writes certificates as cose, not as {form}. Take --format cose.")
    with opened(folder) as party:
        data = signed_file(party.office, number)
    if str(out) == "-":
        sys.stdout.buffer.write(data)
        return
    write_out(out, data)
    click.echo(f"Certificate {number} was written to {out}, {len(data)} bytes.")


def _show_issued(party: OpenParty, issued: Issued, as_json: bool) -> None:
    publish(party.office)
    if as_json:
        print_json(
            {
                "number": issued.number,
                "date": issued.dated.isoformat(),
                "family": issued.sub,
                "leaf_hash": issued.leaf_hash.hex(),
                "new": issued.new,
            }
        )
        return
    done = "issued" if issued.new else "issued before"
    click.echo(f"Certificate {click.style(issued.number, bold=True)} of {issued.dated} was {done}.")


def _show_decided(decided: Decided, as_json: bool, done: str) -> None:
    pairs = list(zip(decided.application.goods, decided.determinations, strict=True))
    if as_json:
        goods = [{"item": good.item, **determination_json(found)} for good, found in pairs]
        print_json({"id": decided.row.id, "reference": decided.row.reference, "goods": goods})
        return
    click.echo(f"Application {click.style(decided.row.id, bold=True)} ({decided.row.reference}) was {done}.")
    for good, found in pairs:
        _show_good(good, found)


def _show_good(good: Good, found: Determination) -> None:
    click.echo(f"\n{good.item}. {good.hs} {one_line(good.description)}")
    verdict = words_in("en").term("verdict", found.verdict)
    if found.criterion:
        verdict += f" {found.criterion.capitalize()}, {found.country}; box 9: {found.box9}."
    click.secho(f"   {verdict}", fg=_COLOURS[found.verdict])
    print_rows([("rule", found.rule), ("stated by", found.stated_by)], indent=3)
    for condition in found.conditions:
        if condition.met is not Truth.YES:
            click.echo(f"   {condition_sentence(condition)}")
    for question in found.questions:
        click.echo(f"   ? {question_sentence(question)} [{question.id}]")
