"""``countermark party init``: a new party in its own folder."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from countermark.adapters.clock import SystemClock
from countermark.adapters.founding import PEOPLE, ROOTS, THRESHOLD, found_party
from countermark.adapters.party import OpenParty, Terms
from countermark.cli.exits import Stop
from countermark.cli.opening import refusals
from countermark.cli.output import JSON, print_json, print_rows
from countermark.corridor.card import card_fingerprint, read_card
from countermark.document.certificate import Body
from countermark.document.errors import DocumentError
from countermark.document.parts import text
from countermark.goods.country import COUNTRIES
from countermark.trust.roots import fingerprint

ZONES = {
    "AM": "Asia/Yerevan",
    "AZ": "Asia/Baku",
    "BY": "Europe/Minsk",
    "GE": "Asia/Tbilisi",
    "KG": "Asia/Bishkek",
    "MD": "Europe/Chisinau",
    "TJ": "Asia/Dushanbe",
    "TM": "Asia/Ashgabat",
    "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
}
"""Countries with one time of day; the others name theirs."""
_ORIGIN = re.compile(r"[!-*,-~]{1,240}", re.ASCII)
"""The name of a log's key: no space, no plus (C2SP signed-note); room for the witness's name after it."""


@click.group("party")
def party_group() -> None:
    """A party: its keys, its log, its database."""


@party_group.command("init")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--code", metavar="CC", required=True, help="Country, ISO 3166-1 alpha-2, such as BY.")
@click.option("--name", metavar="NAME", required=True, help="Name of the party, such as Belarus.")
@click.option(
    "--db", "database", metavar="URL", default="", help="PostgreSQL URL. Default: SQLite in the folder."
)
@click.option(
    "--origin", metavar="NAME", help="Name of the log, for ever. Default: <code>.countermark.example/log/1."
)
@click.option(
    "--zone",
    metavar="AREA/CITY",
    help="Time zone, such as Europe/Minsk. Default: the country's, if it has one.",
)
@click.option(
    "--url",
    metavar="URL",
    default="http://127.0.0.1:8000",
    show_default=True,
    help="Where partners reach the server.",
)
@click.option(
    "--body-id",
    metavar="DIGITS",
    default="101",
    show_default=True,
    help="Of the body that certifies: in numbers.",
)
@click.option("--body-name", metavar="NAME", help="Its name in box 12. Default: the party's name.")
@click.option("--body-address", metavar="PLACE", help="Its place in box 12. Default: the party's name.")
@JSON
def init_command(
    folder: Path,
    code: str,
    name: str,
    database: str,
    origin: str | None,
    zone: str | None,
    url: str,
    body_id: str,
    body_name: str | None,
    body_address: str | None,
    as_json: bool,
) -> None:
    """Make a new party in the empty or new folder DIR: keys, trust list, empty log, database."""
    terms = Terms(
        code=_country(code),
        name=_fit("--name", name, 100),
        origin=_origin(origin or f"{code.lower()}.countermark.example/log/1"),
        zone=_zone(zone, code),
        url=_url(url),
        database=database,
        body=Body(
            _digits(body_id),
            _fit("--body-name", body_name or name, 300),
            _fit("--body-address", body_address or name, 100),
        ),
    )
    with refusals():
        try:
            party = found_party(folder, terms, SystemClock())
        except OSError as error:
            raise Stop(f"{folder} cannot be written: {error.strerror}. Name another folder.") from error
        party.close()
    _show(party, as_json)


def _country(code: str) -> str:
    if code not in COUNTRIES:
        raise Stop(f"{code!r} is no country. Write two capital letters of ISO 3166-1, such as BY.")
    return code


def _fit(option: str, value: str, most: int) -> str:
    try:
        text(most).write(value)
    except DocumentError as error:
        raise Stop(f"{option}: {error}") from error
    return value


def _origin(origin: str) -> str:
    if not _ORIGIN.fullmatch(origin):
        raise Stop(
            f"{origin!r} cannot name a log. Write visible ASCII without plus, such as by.example/log/1."
        )
    return origin


def _zone(zone: str | None, code: str) -> str:
    named = zone or ZONES.get(code)
    if named is None:
        raise Stop(f"{code} has no one time of day. Give its zone: --zone Area/City.")
    try:
        ZoneInfo(named)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Stop(f"{named!r} is no time zone here. Write one such as Europe/Minsk.") from error
    return named


def _url(url: str) -> str:
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise Stop(f"{url!r} is no address of a server. Write it as https://host or http://127.0.0.1:8000.")
    return url.rstrip("/")


def _digits(body: str) -> str:
    if not re.fullmatch("[0-9]{3}", body, re.ASCII):
        raise Stop(f"--body-id: {body!r} is not three digits. Write it as 101.")
    return body


def _show(party: OpenParty, as_json: bool) -> None:
    folder, terms, card = party.folder, party.terms, read_card(party.card)
    made = {
        "party": terms.code,
        "origin": terms.origin,
        "url": terms.url,
        "zone": terms.zone,
        "card": str(folder / "card.json"),
        "card_fingerprint": card_fingerprint(card),
        "roots": str(folder / "roots.json"),
        "roots_fingerprint": fingerprint(card.roots),
        "root_keys": str(folder / "keys" / "roots"),
        "tokens": str(folder / "tokens.json"),
    }
    if as_json:
        print_json(made)
        return
    click.secho(f"{terms.name} ({terms.code}) stands in {folder}", bold=True)
    print_rows(
        [
            ("log", terms.origin),
            ("server", f"{terms.url}, time of {terms.zone}"),
            ("certifies", f"body {terms.body.id}, {terms.body.name}, {terms.body.address}"),
            ("tokens", f"{made['tokens']}: {', '.join(PEOPLE.values())}"),
        ]
    )
    click.echo("\nFor whoever verifies its certificates:")
    print_rows([("roots", made["roots"]), ("fingerprint", made["roots_fingerprint"])])
    click.echo("\nFor its partners:")
    print_rows([("card", made["card"]), ("fingerprint", made["card_fingerprint"])])
    click.echo(
        "\nFingerprints are compared over another channel than the file came by.\n"
        f"Move the {len(ROOTS)} root keys in {made['root_keys']} off this machine, each to its keeper.\n"
        f"Any {THRESHOLD} of them sign trust lists: bring them back only to connect a partner.\n"
        f"Next: countermark serve {folder}"
    )
