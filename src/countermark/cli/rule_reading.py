"""``countermark rules read``: rule texts in, expressions out, one JSON line for every line."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from typing import IO

import click

from countermark.cli.exits import Exit, Stop
from countermark.rules.expression import write_expression
from countermark.rules.reader.records import RecordRead, RuleText, read_records

_GZIP = b"\x1f\x8b"
_FIELDS = {"text": str, "rule": str, "heading": str, "lang": str, "continuation": bool, "pending": bool}


@click.command("read")
@click.argument("file", type=click.File("rb"), default="-")
def read_command(file: IO[bytes]) -> None:
    """Read the rule texts of FILE (JSON lines; - or none: standard input) into expressions, one line for each.

    Of each line: `id`, `text` (or `rule`), and where there are any `heading`, `lang`, `continuation`, `pending`.
    """
    faults: list[str] = []
    write = sys.stdout.write
    for found in read_records(_records(file, faults)):
        write(json.dumps(_told(found), ensure_ascii=False) + "\n")
    sys.stdout.flush()
    for fault in faults[:20]:
        click.echo(fault, err=True)
    if faults:
        raise Stop(f"{len(faults)} of the lines are no records; they are given back as manual. Correct them.")
    raise SystemExit(Exit.YES)


def _records(file: IO[bytes], faults: list[str]) -> Iterator[RuleText]:
    lines: IO[bytes] = file
    if file.seekable() and file.read(2) == _GZIP:
        file.seek(0)
        lines = gzip.GzipFile(fileobj=file)  # type: ignore[assignment]
    elif file.seekable():
        file.seek(0)
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _record(number, line, faults)


def _record(number: int, line: bytes, faults: list[str]) -> RuleText:
    """A line as a record; one that is none keeps its words, so that it is given back as manual."""
    words = line.decode("utf-8", errors="replace").strip()
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError):
        faults.append(f"Line {number} is not JSON.")
        return RuleText(None, words)
    if not isinstance(raw, dict):
        faults.append(f"Line {number} is not an object with id and text.")
        return RuleText(None, words)
    wrong = [
        name
        for name, kind in _FIELDS.items()
        if raw.get(name) is not None and not isinstance(raw[name], kind)
    ]
    if wrong:
        faults.append(f"Line {number}: {', '.join(wrong)} is not of its kind.")
        return RuleText(raw.get("id"), words)
    text = raw.get("text") if raw.get("text") is not None else raw.get("rule")
    if text is None and not raw.get("pending"):
        faults.append(f"Line {number} has neither text nor rule.")
    return RuleText(
        raw.get("id"),
        text or "",
        raw.get("heading") or "",
        raw.get("lang") or "",
        bool(raw.get("continuation")),
        bool(raw.get("pending")),
    )


def _told(found: RecordRead) -> dict[str, object]:
    reading = found.reading
    told: dict[str, object] = {
        "id": found.record.id,
        "status": str(reading.status),
        "expression": write_expression(reading.expression) if reading.expression is not None else None,
        "unread": list(reading.unread),
    }
    if len(found.together) > 1:
        told |= {"read_with": [record.id for record in found.together], "text": found.text}
    return told
