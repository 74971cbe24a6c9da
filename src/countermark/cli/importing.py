"""``countermark agreements import`` and ``import-hs``: published lists, and editions of the HS, into the user's own folder."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from countermark.adapters.nomenclature import NomenclatureError, hs_edition, import_editions
from countermark.adapters.packs import own_folder, shipped
from countermark.adapters.packwriter import (
    Stated,
    notes_text,
    pack_id,
    rows_text,
    terms_text,
    write_pack,
)
from countermark.adapters.rulelist import RuleListError, RuleLists, read_rule_lists
from countermark.cli.exits import Stop
from countermark.cli.output import JSON, one_line, print_json
from countermark.rules.lists.record import Matter, Note, Record
from countermark.rules.lists.rows import Listed, rows_of
from countermark.rules.reader import Status

_FOLDER = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Your own folder of packs. Default: $COUNTERMARK_AGREEMENTS, else your configuration folder.",
)
_NAMED = (Matter.HEADING, Matter.EMPTY, Matter.OPERATOR, Matter.ALTERNATIVES, Matter.CODE)
"""Oddities that leave a row damaged or open; each is named, the others are counted."""
_MOST_NAMED = 40
_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class _Imported:
    """One list, ready to be written."""

    scheme: str
    records: tuple[Record, ...]
    listed: Listed
    folder: Path

    @property
    def read(self) -> Mapping[str, int]:
        found = Counter(self.listed.read)
        return {str(status): found[status] for status in Status}


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--scheme", "schemes", multiple=True, help="Import this scheme only; may be given again.")
@click.option("--parties", default="", help="The parties' codes, such as BY,AZ; a list does not name them.")
@click.option(
    "--hs-edition", type=click.IntRange(1988, 2100), help="The HS edition of a list that does not state it."
)
@click.option(
    "--repeated",
    type=click.Choice(["open", "either"]),
    default="open",
    show_default=True,
    help="Rows repeated for the same goods: left open where they disagree, or either is enough (columns 3 and 4).",
)
@click.option(
    "--replace", is_flag=True, help="Replace the rows of packs that are there; your terms are kept."
)
@click.option("--replace-terms", is_flag=True, help="With --replace: write agreement.toml anew too.")
@_FOLDER
@JSON
def import_list(
    file: Path,
    schemes: tuple[str, ...],
    parties: str,
    hs_edition: int | None,
    repeated: str,
    replace: bool,
    replace_terms: bool,
    folder: Path | None,
    as_json: bool,
) -> None:
    """Import the rule lists of FILE as packs: one a scheme, to be named by its id.

    Exit code 0: imported. 2: FILE cannot be imported, or a pack is there already; then nothing is written.
    """
    stated = Stated(_parties(parties), hs_edition or 0)
    try:
        lists = read_rule_lists(file)
    except RuleListError as error:
        raise Stop(error.sentence, details=error.faults) from None
    origin = f"{file.name}, sha256 {hashlib.sha256(file.read_bytes()).hexdigest()}"
    own = own_folder(folder)
    chosen = _chosen(lists, schemes)
    _check_free(chosen, own, replace=replace)
    done = []
    for scheme in chosen:
        found = _read(scheme, lists.schemes[scheme], own, stated, either=repeated == "either")
        entry = _write(found, stated, origin, replace, replace_terms)
        done.append(entry)
        if not as_json:
            _show(entry)
    if as_json:
        print_json({"folder": str(own), "passed_over": dict(lists.passed_over), "agreements": done})
        return
    for key, count in sorted(lists.passed_over.items()):
        click.echo(f"The key '{key}' of {count:,} records is not known, and was passed over.")
    click.echo(f"{len(done)} agreement{'s' if len(done) > 1 else ''} in {own}")


@click.command("import-hs")
@click.argument("file", type=click.Path(path_type=Path))
@_FOLDER
def import_hs(file: Path, folder: Path | None) -> None:
    """Import other editions of the HS from FILE, so that packs written in them can be checked.

    Exit code 0: imported. 2: FILE cannot be used; then nothing is written.
    """
    own = own_folder(folder)
    try:
        found = import_editions(file, own)
    except NomenclatureError as error:
        raise Stop(str(error)) from None
    except OSError as error:
        raise Stop(f"{own} cannot be written: {error.strerror}. Name another --folder.") from None
    for year, edition in found.items():
        click.echo(f"HS {year}: {len(edition.subheadings):,} subheadings")


def _parties(words: str) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(code.strip() for code in words.split(",") if code.strip()))
    wrong = [code for code in codes if not _COUNTRY.fullmatch(code)]
    if wrong or len(codes) == 1:
        raise Stop(f"--parties {words} is not a list of two or more countries. Write codes such as BY,AZ.")
    return codes


def _chosen(lists: RuleLists, schemes: Sequence[str]) -> list[str]:
    unknown = [scheme for scheme in schemes if scheme not in lists.schemes]
    if unknown:
        raise Stop(
            f"There is no scheme {unknown[0]} in the file. It has: {', '.join(sorted(lists.schemes))}."
        )
    return list(dict.fromkeys(schemes)) or list(lists.schemes)


def _check_free(schemes: Iterable[str], own: Path, *, replace: bool) -> None:
    """Before anything is written: no id is of two schemes, of a shipped pack, or of one that is there."""
    ids = Counter(map(pack_id, schemes))
    twice = [name for name, count in ids.items() if count > 1]
    if twice:
        raise Stop(
            f"Two schemes would both be called {twice[0]}. Import them one by one into different folders."
        )
    taken = sorted(set(ids) & set(shipped()))
    if taken:
        raise Stop(
            f"{taken[0]} is the id of a pack that comes with the program. Give the scheme another name."
        )
    there = [name for name in ids if (own / name).exists()]
    if there and not replace:
        raise Stop(
            f"{there[0]} is in {own} already. Use --replace to read the list anew; your terms are kept."
        )


def _read(scheme: str, records: tuple[Record, ...], own: Path, stated: Stated, *, either: bool) -> _Imported:
    year = stated.hs_edition or records[0].edition
    try:
        edition = hs_edition(year, own)
    except NomenclatureError as error:
        raise Stop(str(error)) from None
    listed = rows_of(records, edition, repeated_are_alternatives=either)
    return _Imported(scheme, records, listed, own / pack_id(scheme))


def _write(
    found: _Imported, stated: Stated, origin: str, replace: bool, replace_terms: bool
) -> dict[str, object]:
    first = found.records[0]
    source = f"{first.title or first.scheme}: scheme {first.scheme} ({first.source or 'no source named'}) of {origin}"
    try:
        anew = write_pack(
            found.folder,
            terms_text(found.records, found.listed.rows, stated, source),
            rows_text(found.listed.rows),
            notes_text(found.listed.notes, found.read),
            replace=replace,
            keep_terms=not replace_terms,
        )
    except OSError as error:
        raise Stop(f"{found.folder} cannot be written: {error.strerror}. Name another --folder.") from None
    return {
        "id": pack_id(found.scheme),
        "scheme": found.scheme,
        "title": first.title,
        "records": len(found.records),
        "rows": len(found.listed.rows),
        "texts": dict(found.read),
        "terms_kept": not anew,
        "notes": [_plain(note) for note in found.listed.notes],
    }


def _plain(note: Note) -> dict[str, object]:
    return {"matter": str(note.matter), "row": note.row, "line": note.line, "words": note.words}


def _show(entry: dict[str, object]) -> None:
    texts, notes = entry["texts"], entry["notes"]
    assert isinstance(texts, dict)
    assert isinstance(notes, list)
    click.secho(str(entry["id"]), bold=True)
    click.echo(f"  {entry['records']:,} records, {entry['rows']:,} rows; texts read:")
    click.echo("  " + ", ".join(f"{count:,} {status}" for status, count in texts.items()))
    if entry["terms_kept"]:
        click.echo("  your agreement.toml was kept; --replace-terms writes it anew")
    counts = Counter(str(note["matter"]) for note in notes)
    for matter, count in counts.items():
        click.echo(f"  {count:>5,}  {_MEANINGS[Matter(matter)]}")
    named = [note for note in notes if Matter(str(note["matter"])) in _NAMED]
    for note in named[:_MOST_NAMED]:
        click.secho(f"  line {note['line']}, row {note['row']}: {one_line(str(note['words']))}", fg="yellow")
    if len(named) > _MOST_NAMED:
        click.echo(f"  and {len(named) - _MOST_NAMED} more in import.json")


_MEANINGS = {
    Matter.HEADING: "headings not read: kept as damaged rows, asked for where they may apply",
    Matter.EMPTY: "alternatives without words: nothing is decided by them",
    Matter.ALTERNATIVES: "rows with other alternatives than announced: the missing ones stand open",
    Matter.OPERATOR: "rows whose alternatives are joined in no known way: a person decides",
    Matter.REPEATED: "goods with several rows, not said to be alternatives: decided where all agree",
    Matter.RANGES: "headings that the file's ranges contradict: the heading was followed",
    Matter.CODE: "codes that the edition of the list does not have",
    Matter.EX: "headings that the file's mark of ex contradicts: the heading was followed",
    Matter.SAME_WORDS: "headings with several rows for the rest: a person is asked which",
}
