"""``countermark corridor``: connect a partner, see how both directions stand, take one turn by hand."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from countermark.adapters.founding import connect_partner
from countermark.adapters.worker import LOG, Worker
from countermark.casework.corridor_status import CorridorStatus, Cosigned, PartnerStatus, corridor_status
from countermark.casework.inquire import Inquiry
from countermark.cli.exits import Exit, Stop
from countermark.cli.opening import opened
from countermark.cli.output import JSON, print_json, print_rows
from countermark.corridor.card import card_fingerprint, read_card
from countermark.corridor.conversation import State
from countermark.desk.api.status import corridor_json
from countermark.trust.time import iso

MAX_CARD = 1_000_000
FOLDER = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
_COLOURS = {State.FOLLOWING: "green", State.FAULTED: "red", State.FORKED: "red"}


@click.group("corridor")
def corridor_group() -> None:
    """The exchange with partners."""


@corridor_group.command("connect")
@FOLDER
@click.argument("card", metavar="CARD", type=click.Path(path_type=Path))
@click.option(
    "--fingerprint",
    "expected",
    required=True,
    metavar="HEX",
    help="Of the card, as the partner gave it to you over another channel than the file.",
)
@JSON
def connect_command(folder: Path, card: Path, expected: str, as_json: bool) -> None:
    """Open a corridor of the party in DIR with the partner whose card is in the file CARD.

    Needs two of the root keys in place: they sign the partner's witness into the trust list. Ends with 10 if the card
    has another fingerprint. A newer card of a partner changes its address and keys.
    """
    with opened(folder) as party:
        read = read_card(_text(card))
        found = card_fingerprint(read)
        if found != expected.replace(":", "").replace(" ", "").lower():
            raise Stop(
                f"The card of {read.party} has the fingerprint {found}, not the one you gave."
                " Ask the partner for it again, over another channel than the file came by.",
                Exit.NO,
            )
        connect_partner(party, read)
    if as_json:
        print_json({"party": read.party, "origin": read.origin, "url": read.url, "fingerprint": found})
    else:
        click.echo(f"Connected with {click.style(read.party, bold=True)}: {read.origin} at {read.url}.")


@corridor_group.command("status")
@FOLDER
@JSON
def status_command(folder: Path, as_json: bool) -> None:
    """How both directions stand with every partner, and which inquiries wait.

    Ends with 10 if a partner's log has forked, 11 if the last page of one was at fault.
    """
    with opened(folder) as party:
        status = corridor_status(party.office)
    _end(status, as_json, ())


@corridor_group.command("sync")
@FOLDER
@JSON
def sync_command(folder: Path, as_json: bool) -> None:
    """Take one turn: publish what is pending, follow every partner to its end, cosign, say what was received.

    A running server does this by itself, every second. Ends with 11 if a partner was not reached.
    """
    with opened(folder) as party, _heard() as complaints:
        Worker(party).turn()
        status = corridor_status(party.office)
    _end(status, as_json, complaints)


@contextmanager
def _heard() -> Iterator[list[str]]:
    """What the worker tells of a turn that did not go well, as sentences, without tracebacks."""
    handler = _Complaints(logging.INFO)
    LOG.addHandler(handler)
    LOG.setLevel(logging.INFO)
    LOG.propagate = False
    try:
        yield handler.heard
    finally:
        LOG.removeHandler(handler)
        LOG.setLevel(logging.NOTSET)
        LOG.propagate = True


class _Complaints(logging.Handler):
    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        self.heard.append(record.getMessage() + (f" ({error})" if error else ""))


def _end(status: CorridorStatus, as_json: bool, complaints: Sequence[str]) -> None:
    if as_json:
        print_json(corridor_json(status) | {"complaints": list(complaints)})
    else:
        _show(status)
    for complaint in complaints:
        click.echo(complaint, err=True)
    states = {partner.incoming.state for partner in status.partners}
    if State.FORKED in states:
        raise click.exceptions.Exit(int(Exit.NO))
    if State.FAULTED in states or complaints:
        raise click.exceptions.Exit(int(Exit.CANNOT_TELL))


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(MAX_CARD + 1).decode()
    except OSError as error:
        raise Stop(f"{path} cannot be read: {error.strerror}. Check its name.") from error
    except UnicodeDecodeError as error:
        raise Stop(f"{path} is no partner's card: it is not text. Ask the partner for its card.") from error


def _show(status: CorridorStatus) -> None:
    click.secho(f"{status.party}  {status.origin}", bold=True)
    pending = f", {status.pending} statements pending" if status.pending else ""
    print_rows([("log", f"{status.size} entries{pending}"), ("root", status.root.hex())])
    for partner in status.partners:
        _show_partner(status, partner)
    if not status.partners:
        click.echo("\nNo partner yet: countermark corridor connect DIR CARD --fingerprint HEX")


def _show_partner(status: CorridorStatus, partner: PartnerStatus) -> None:
    incoming, outgoing = partner.incoming, partner.outgoing
    click.echo()
    click.secho(f"{partner.party}  {partner.origin}", bold=True)
    state = click.style(incoming.state.value, fg=_COLOURS.get(incoming.state))
    click.echo(f"  {state}  {partner.url}")
    print_rows(
        [
            (
                f"to {partner.party}",
                f"{outgoing.received} of {status.size} entries received, {_said(outgoing.cosigned)}",
            ),
            (
                f"from {partner.party}",
                f"{incoming.size} of {max(incoming.shown, incoming.size)} entries held, {_said(incoming.cosigned)}",
            ),
            ("root", incoming.root.hex()),
            ("missing", _counted(incoming.missing)),
            ("refused", _counted(f"{index} ({code})" for index, code in incoming.refused)),
            ("fault", incoming.fault.partition("\n")[0]),
            *(("to answer", _inquiry(each)) for each in partner.to_answer),
            *(("awaited", _inquiry(each)) for each in partner.awaited),
        ]
    )


def _said(cosigned: Cosigned | None) -> str:
    return f"cosigned at {cosigned.size} on {iso(cosigned.time)}" if cosigned else "not cosigned yet"


def _counted(entries: Iterable[object]) -> str:
    listed = [str(entry) for entry in entries]
    more = f" and {len(listed) - 5} more" if len(listed) > 5 else ""
    return ", ".join(listed[:5]) + more


def _inquiry(inquiry: Inquiry) -> str:
    return f"inquiry {inquiry.row.id} on {inquiry.row.number}, {inquiry.state.value}, by {inquiry.request.deadline}"
