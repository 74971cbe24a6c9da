"""How commands print and write: JSON for programs, two columns for people, a file whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import click

from countermark.adapters.files import write_durably
from countermark.cli.exits import Stop

JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_rows(rows: Iterable[tuple[str, object]], indent: int = 2) -> None:
    """Names and values in two columns; rows without a value are left out."""
    kept = [(name, one_line(str(value))) for name, value in rows if value not in ("", None)]
    width = max((len(name) for name, _ in kept), default=0)
    for name, value in kept:
        click.echo(f"{'':{indent}}{name:<{width}}  {value}")


def one_line(text: str) -> str:
    """The text as it can stand in a line: words of others may hold breaks and characters that act on a terminal."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def write_out(out: Path, data: bytes) -> None:
    """Write the file whole or not at all."""
    try:
        write_durably(out, data)
    except OSError as error:
        raise Stop(f"{out} cannot be written: {error.strerror}. Name another file.") from error
