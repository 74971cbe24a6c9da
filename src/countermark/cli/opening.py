"""Open a party for one command; every refusal on the way ends it with a sentence and its exit code.

The one place that says which answer of the casework, and which unreadable thing of the world, is which code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click
from django.db import DatabaseError, connections

from countermark.adapters.db.connect import DatabaseRefused
from countermark.adapters.founding import PEOPLE, FoundingRefused
from countermark.adapters.keys import KeyUnreadable
from countermark.adapters.party import OpenParty, PartyUnreadable, open_party
from countermark.adapters.reading import ReadingError
from countermark.casework.ports import NoAgreement
from countermark.casework.refusal import Answer, Refusal
from countermark.cli.exits import Exit, Stop
from countermark.document.errors import DocumentError
from countermark.trust.errors import TrustError

EXITS: Mapping[Answer, Exit] = {
    Answer.NO: Exit.NO,
    Answer.CANNOT_TELL: Exit.CANNOT_TELL,
    Answer.BAD_REQUEST: Exit.BAD_INPUT,
}
UNREADABLE = (
    PartyUnreadable,
    KeyUnreadable,
    ReadingError,
    FoundingRefused,
    DatabaseRefused,
    NoAgreement,
    DocumentError,
    TrustError,
)

PARTY = click.option(
    "--party",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    required=True,
    envvar="COUNTERMARK_PARTY",
    help="Folder of the party that acts. Default: $COUNTERMARK_PARTY.",
)
OFFICER = click.option(
    "--officer",
    default=PEOPLE["officer"],
    envvar="COUNTERMARK_OFFICER",
    metavar="NAME",
    show_default=True,
    help="Who acts; stands in what is signed.",
)


@contextmanager
def refusals() -> Iterator[None]:
    """End the command for whatever the casework refuses or the world does not give."""
    try:
        yield
    except Refusal as refusal:
        raise Stop(refusal.sentence, EXITS[refusal.answer], refusal.details) from refusal
    except UNREADABLE as error:
        raise Stop(str(error)) from error
    except DatabaseError as error:
        first = str(error).partition("\n")[0]
        raise Stop(
            f"The party's database does not work ({first}). See that it is there, running and not full.",
            Exit.OUR_FAILURE,
        ) from error


@contextmanager
def opened(folder: Path) -> Iterator[OpenParty]:
    """The party of a folder, closed at the end."""
    with refusals():
        party = open_party(folder)
        try:
            yield party
        finally:
            party.close()
            connections.close_all()
