"""Write an imported list as a pack: what the list shows, and everything else named as not known.

The same list gives the same bytes. A pack appears whole or not at all: it is written beside its place and renamed.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from countermark.adapters.files import write_durably
from countermark.rules.agreement import UNKNOWABLE, Row
from countermark.rules.expression import write_expression
from countermark.rules.lists.record import Note, Record

TERMS, ROWS, NOTES = "agreement.toml", "rules.jsonl", "import.json"


@dataclass(frozen=True, slots=True)
class Stated:
    """What the person who imports states, because the list does not."""

    parties: tuple[str, ...] = ()
    hs_edition: int = 0


class PackThere(Exception):
    """The user's folder already holds a pack of this id."""


def pack_id(scheme: str) -> str:
    """The id of a scheme's pack: its own, in the letters an id may have."""
    kept = "".join(
        letter if (letter.isascii() and letter.isalnum()) or letter in "._@-" else "-" for letter in scheme
    )
    return kept.lower().lstrip("._@-") or "list"


def write_pack(folder: Path, terms: str, rows: str, notes: str, *, replace: bool, keep_terms: bool) -> bool:
    """Put a pack in its place; whether the terms written are the ones given, not those that were kept.

    Raises ``PackThere`` if there is one and it may not be replaced; ``OSError`` if the disk refuses.
    """
    there = folder.exists()
    if there and not replace:
        raise PackThere(str(folder))
    new_terms = terms.encode("utf-8")
    kept = there and keep_terms and (folder / TERMS).is_file()
    if kept:
        old_terms = (folder / TERMS).read_bytes()
        kept, new_terms = old_terms != new_terms, old_terms
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    aside = folder.with_name(f".{folder.name}.{os.getpid()}.old")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    try:
        for name, data in ((ROWS, rows.encode("utf-8")), (NOTES, notes.encode("utf-8")), (TERMS, new_terms)):
            write_durably(part / name, data)
        if there:
            folder.rename(aside)
        try:
            part.rename(folder)
        except OSError:
            if there:
                aside.rename(folder)  # the old pack is worth more than none
            raise
    finally:
        shutil.rmtree(part, ignore_errors=True)
    shutil.rmtree(aside, ignore_errors=True)
    return not kept


def rows_text(rows: Iterable[Row]) -> str:
    """``rules.jsonl`` of a pack."""
    return "".join(json.dumps(_row(row), ensure_ascii=False) + "\n" for row in rows)


def _row(row: Row) -> dict[str, object]:
    return {
        "id": row.id,
        "codes": list(row.codes),
        "ex": row.ex,
        "rest": row.rest,
        "gloss": row.gloss,
        "rule": write_expression(row.rule),
        "citation": row.citation,
        "certainty": row.certainty,
        "note": row.note,
        "amended": list(row.amended),
        "texts": [text for text in row.texts if text],
        "reading": row.reading,
    }


def notes_text(notes: Iterable[Note], read: Mapping[str, int]) -> str:
    """``import.json`` of a pack: how far the texts were read, and every oddity of the list."""
    found = [
        {"matter": str(note.matter), "row": note.row, "line": note.line, "words": note.words}
        for note in notes
    ]
    return json.dumps({"texts": dict(read), "notes": found}, ensure_ascii=False, indent=1) + "\n"


def terms_text(records: Sequence[Record], rows: Sequence[Row], stated: Stated, origin: str) -> str:
    """``agreement.toml`` of a list: what it shows, what was stated at import, and the rest as not known."""
    first = records[0]
    days = {(record.since, record.until) for record in records}
    since, until = days.pop() if len(days) == 1 else (None, None)
    editions = {record.edition for record in records}
    edition = stated.hs_edition or (editions.pop() if len(editions) == 1 else 0)
    unknown = [name for name in UNKNOWABLE if not _known(name, since, edition, stated)]
    deepest = max(
        (len(end) for row in rows for code in row.codes for end in code.split("-")),
        default=6,
    )
    lines = [
        "# What a published list of rules shows, as imported. Everything else of the agreement is named in 'unknown':",
        "# the engine asks where it matters, and never takes what is not known for 'there is none'. To complete it,",
        "# write the section (docs/how-to/expert/import-a-list.md) and take its name out of 'unknown'.",
        "",
        "format = 1",
        f"id = {_quoted(pack_id(first.scheme))}",
        f"unknown = [{', '.join(map(_quoted, unknown))}]",
        'not_read = ["the agreement itself: only its list of rules was imported"]',
        "",
        "[sources]",
        f"list = {_quoted(origin)}",
        'import = "Stated by the person who imported the list"',
        "",
        "[agreement]",
        f"title = {_quoted(first.title or first.scheme)}",
        f"edition = {_quoted(since.isoformat() if since else 'not stated')}",
        f"valid_until = {_day(until)}",
        'language = ""',
        *_cited("list", f"scheme {first.scheme}", since),
        "",
        "[nomenclature]",
        'name = "HS"',
        f"digits = {max(6, deepest)}",
        *([f"hs_edition = {edition}"] if edition else []),
        *_cited("import" if stated.hs_edition else "list", "codes of the list", since),
        "",
        "[rows]",
        'policy = "most_specific"',
        *_cited("list", "that a narrower code goes before a wider one is inferred", since, "inferred"),
        "",
        "[coverage]",
        'default = "gap possible"',
        f"unread = {_quoted(_damaged(rows))}",
        *_cited("list", "whether the list is whole was not checked", since),
        "",
    ]
    for code in stated.parties:
        lines += ["[[party]]", f"code = {_quoted(code)}", f"name = {_quoted(code)}", 'remark = ""']
        lines += [*_cited("import", "stated at import", None, "inferred"), ""]
    return "\n".join(lines)


def _known(name: str, since: date | None, edition: int, stated: Stated) -> bool:
    known = {"parties": len(stated.parties) > 1, "dates": since is not None, "hs_edition": bool(edition)}
    return known.get(name, False)


def _damaged(rows: Sequence[Row]) -> str:
    names = [row.id for row in rows if row.certainty == "damaged"]
    return f"rows of the list that could not be read: {', '.join(names)}" if names else ""


def _cited(source: str, paragraph: str, since: date | None, confidence: str = "secondary") -> list[str]:
    return [
        f"source = {_quoted(source)}",
        f"paragraph = {_quoted(paragraph)}",
        f"valid_from = {_day(since)}",
        f"confidence = {_quoted(confidence)}",
    ]


def _day(day: date | None) -> str:
    return day.isoformat() if day else '""'


def _quoted(words: str) -> str:
    """A TOML basic string; JSON's escapes are TOML's, but for one character."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007F")
