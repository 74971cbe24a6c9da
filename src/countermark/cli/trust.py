"""``countermark trust``: pin the root keys of a party, and list what is pinned."""

from __future__ import annotations

import json
from pathlib import Path

import click

from countermark.adapters.files import user_folder
from countermark.adapters.pins import Pins
from countermark.cli.exits import Exit, Stop
from countermark.trust.errors import TrustError
from countermark.trust.roots import Roots, fingerprint, read_roots


def read_roots_file(path: Path) -> tuple[Roots, ...]:
    """The root sets of a file, or the end of the command with a sentence."""
    try:
        return read_roots(path.read_bytes())
    except TrustError as error:
        raise Stop(f"{path}: {error}") from error
    except OSError as error:
        raise Stop(f"{path} cannot be read: {error.strerror}. Check its name.") from error


@click.group("trust")
def trust_group() -> None:
    """Whose root keys you trust."""


@trust_group.command("add")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--fingerprint",
    "expected",
    required=True,
    metavar="HEX",
    help="As the party gave it to you, over another channel than the file.",
)
def add_command(file: Path, expected: str) -> None:
    """Pin the root keys in FILE if they have this fingerprint."""
    found = read_roots_file(file)
    if len(found) != 1:
        raise Stop(
            f"{file} holds the roots of {len(found)} parties. Pin them one by one, each from its file."
        )
    try:
        Pins(user_folder()).add(found[0], expected)
    except TrustError as error:
        raise Stop(str(error), Exit.NO) from error
    except OSError as error:
        raise Stop(f"The pin cannot be kept: {error}. Set COUNTERMARK_HOME.", Exit.OUR_FAILURE) from error
    click.echo(f"Pinned {found[0].party}: {fingerprint(found[0])}")


@trust_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_command(as_json: bool) -> None:
    """The parties whose root keys are pinned."""
    try:
        pinned = Pins(user_folder()).roots()
    except TrustError as error:
        raise Stop(str(error)) from error
    if as_json:
        click.echo(json.dumps({"roots": [_plain(roots) for roots in pinned]}, indent=2))
        return
    for roots in pinned:
        click.echo(f"{roots.party}  {fingerprint(roots)}")
        click.echo(f"    {roots.threshold} of {len(roots.keys)} root keys, from {roots.valid_from}")
        for log in roots.logs:
            click.echo(f"    log {log.origin}")
    if not pinned:
        click.echo("No root keys are pinned. Pin a party's: countermark trust add FILE --fingerprint HEX")


def _plain(roots: Roots) -> dict[str, object]:
    return {
        "party": roots.party,
        "fingerprint": fingerprint(roots),
        "threshold": roots.threshold,
        "keys": [key.name for key in roots.keys],
        "logs": [log.origin for log in roots.logs],
        "valid_from": roots.valid_from.isoformat(),
    }
