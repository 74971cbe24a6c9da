"""``countermark bundle``: the file that lets anyone verify certificates without a network."""

from __future__ import annotations

from pathlib import Path

import click

from countermark.adapters.files import user_folder
from countermark.adapters.pins import Pins
from countermark.adapters.remote_log import Unreachable, fetch
from countermark.cli.exits import Exit, Stop
from countermark.cli.output import JSON, print_json, print_rows, write_out
from countermark.trust.bundle import MAX_BUNDLE, Bundle, prove
from countermark.trust.errors import TrustError
from countermark.trust.time import iso
from countermark.trust.tree import HASH_LENGTH
from countermark.trust.trustlist import Refusal

OUT = click.option(
    "--out", metavar="FILE", required=True, type=click.Path(path_type=Path), help="File to write."
)


@click.group("bundle")
def bundle_group() -> None:
    """Offline bundles: trust lists, cosigned checkpoints, status, in one signed file."""


@bundle_group.command("make")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@OUT
@JSON
def make_command(folder: Path, out: Path, as_json: bool) -> None:
    """Make the bundle of the party in DIR, as of now."""
    from countermark.casework.bundling import offline_bundle
    from countermark.cli.opening import opened
    from countermark.corridor.card import read_card

    with opened(folder) as party:
        data = offline_bundle(party.office, read_card(party.card).roots)
    write_out(out, data)
    _show(Bundle.read(data), out, len(data), as_json)


@bundle_group.command("fetch")
@click.argument("url", metavar="URL")
@OUT
@JSON
def fetch_command(url: str, out: Path, as_json: bool) -> None:
    """Fetch the bundle of the party whose server is at URL.

    Ends with 11 if it does not lead back to pinned root keys: it is written, and nothing will be verified with it.
    """
    address = url.rstrip("/")
    address = address if address.endswith("/bundle") else f"{address}/bundle"
    try:
        data = fetch(address, MAX_BUNDLE)
    except Unreachable as error:
        raise Stop(str(error)) from error
    if data is None:
        raise Stop(f"{address} is no bundle: there is nothing. Give the address of a party's server.")
    try:
        bundle = Bundle.read(data)
        proven = prove(bundle, Pins(user_folder()).roots())
    except TrustError as error:
        raise Stop(f"{address}: {error}") from error
    write_out(out, data)
    _show(bundle, out, len(data), as_json, proven if isinstance(proven, Refusal) else None)
    if isinstance(proven, Refusal):
        raise click.exceptions.Exit(int(Exit.CANNOT_TELL))


def _show(bundle: Bundle, out: Path, size: int, as_json: bool, refusal: Refusal | None = None) -> None:
    manifest = bundle.manifest
    entries = len(manifest.hashes) // HASH_LENGTH
    if as_json:
        print_json(
            {
                "file": str(out),
                "bytes": size,
                "log": manifest.origin,
                "size": entries,
                "made_at": manifest.made_at,
                "valid_until": manifest.valid_until,
                "checkpoints": len(manifest.notes),
                "refusal": refusal and {"code": refusal.code, "sentence": refusal.sentence},
            }
        )
        return
    click.echo(f"The bundle was written to {out}, {size} bytes.")
    print_rows(
        [
            ("log", f"{manifest.origin}, {entries} entries, checkpoints kept: {len(manifest.notes)}"),
            ("made", iso(manifest.made_at)),
            ("valid until", iso(manifest.valid_until)),
            ("not proven", refusal.sentence if refusal else ""),
        ]
    )
