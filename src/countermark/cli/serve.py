"""``countermark serve``: the party's server until it is stopped or killed; both are harmless."""

from __future__ import annotations

import os
from pathlib import Path

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from countermark.adapters.party import PartyUnreadable, read_terms
from countermark.cli.exits import Stop


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help="To listen on, behind a proxy. Default: the port of the party's address.",
)
@click.option("--host", default="127.0.0.1", show_default=True)
def serve_command(folder: Path, port: int | None, host: str) -> None:
    """Serve the party in FOLDER: API, corridor, public log."""
    try:
        terms = read_terms(folder)
    except PartyUnreadable as error:
        raise Stop(str(error)) from error
    os.environ["COUNTERMARK_PARTY"] = str(folder)
    os.environ["COUNTERMARK_SERVER"] = str(os.getpid())
    Granian(
        "countermark.desk.wsgi:application",
        address=host,
        port=port or terms.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=2,
        backpressure=64,
        log_level=LogLevels.warning,
    ).serve()
