"""``countermark agreements``: which packs there are, whether one is sound, how much of the HS it decides."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

import click

from countermark.adapters.nomenclature import NomenclatureError, hs_2022, hs_edition
from countermark.adapters.packs import PackError, available, locate, own_folder, read_pack
from countermark.adapters.packsheet import CONFIDENCES
from countermark.cli.exits import Exit, Stop
from countermark.cli.importing import import_hs, import_list
from countermark.goods.hs import HSEdition
from countermark.rules.agreement import UNKNOWABLE, Agreement, Coverage
from countermark.rules.coverage import Reason, Standing, Tally, tally
from countermark.rules.faults import Finding, faults

_BAR = 24
_COLOURS = {Standing.DECIDED: "green", Standing.ASKED: "yellow", Standing.GAP: "red"}
_MEANINGS = {
    Standing.DECIDED: "a row decides from codes and figures alone",
    Standing.ASKED: "a row stands, a person must answer something first",
    Standing.GAP: "no row that could be read: undetermined, never guessed",
}
_ASKED = {
    Reason.EX: "a row means only the goods it names",
    Reason.REST: "goods that no row names are a gap",
    Reason.DIGITS: "a row needs more than six digits",
    Reason.OPERATIONS: "an operation has to be attested",
    Reason.MATERIALS: "a material has to be what the row names",
    Reason.PERSON: "a reading is left to the officer",
}
_GAPS = {
    Reason.NO_ROW: "no row, in a chapter whose list is not known to be whole",
    Reason.UNREAD: "a row whose rule could not be read",
}
_FOLDER = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Your own folder of packs. Default: $COUNTERMARK_AGREEMENTS, else your configuration folder.",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group("agreements")
def agreements_group() -> None:
    """Agreements as data: list the packs, check one, import published lists."""


agreements_group.add_command(import_list)
agreements_group.add_command(import_hs)


@agreements_group.command("list")
@_FOLDER
@_JSON
def list_packs(folder: Path | None, as_json: bool) -> None:
    """The agreements that can be named by id."""
    entries = [_entry(name, path) for name, path in sorted(available(folder).items())]
    if as_json:
        _print_json({"agreements": entries})
        return
    for entry in entries:
        click.secho(str(entry["id"]), bold=True)
        for line in _entry_lines(entry):
            click.echo(f"  {line}")


def _entry(name: str, path: Path) -> dict[str, object]:
    try:
        reading = read_pack(path)
    except PackError as error:
        return {"id": name, "error": str(error)}
    agreement = reading.agreement
    if agreement is None:
        return {"id": name, "error": f"{len(reading.errors)} errors: countermark agreements check {name}"}
    return {
        "id": name,
        "title": agreement.title,
        "edition": agreement.edition,
        "valid_from": "" if "dates" in agreement.unknown else agreement.valid_from.isoformat(),
        "form": agreement.form,
        "parties": sorted(agreement.parties),
        "rows": len(agreement.rows),
    }


def _entry_lines(entry: Mapping[str, object]) -> Iterator[str]:
    if "error" in entry:
        yield click.style(f"cannot be used: {entry['error']}", fg="red")
        return
    yield str(entry["title"])
    since, form = entry["valid_from"] or "a day not stated", entry["form"] or "not stated"
    yield f"edition of {entry['edition']}, in force from {since}, form {form}"
    yield f"{entry['rows']} rows for {', '.join(cast('list[str]', entry['parties'])) or 'parties not stated'}"


@agreements_group.command("check")
@click.argument("pack", metavar="DIR_OR_ID")
@click.option("--chapters", is_flag=True, help="Show every chapter of which something is decided or asked.")
@_FOLDER
@_JSON
def check_pack(pack: str, chapters: bool, folder: Path | None, as_json: bool) -> None:
    """Check a pack, and count how much of the Harmonized System it decides.

    Exit code 0: no error. 10: the pack has errors. 2: it cannot be read.
    """
    edition = None
    try:
        reading = read_pack(locate(pack, folder))
        if reading.agreement is not None:
            edition = hs_edition(reading.agreement.hs_edition, own_folder(folder))
    except (PackError, NomenclatureError) as error:
        raise Stop(str(error)) from None
    errors = [Finding(error.code, error.place, error.sentence) for error in reading.errors]
    agreement, count = reading.agreement, None
    if agreement is not None:
        errors, count = list(faults(agreement, edition)), tally(agreement, edition or hs_2022())
    if as_json:
        _print_json(_report(pack, agreement, errors, count, edition))
    else:
        _show(pack, agreement, errors, count, chapters, edition)
    if errors:
        raise SystemExit(Exit.NO)


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _report(
    pack: str,
    agreement: Agreement | None,
    errors: list[Finding],
    count: Tally | None,
    edition: HSEdition | None,
) -> dict[str, object]:
    report: dict[str, object] = {
        "agreement": agreement.id if agreement else pack,
        "valid": not errors,
        "errors": [{"code": e.code, "place": e.place, "sentence": e.sentence} for e in errors],
    }
    if agreement is None or count is None:
        return report
    return report | {
        "edition": agreement.edition,
        "hs_edition": agreement.hs_edition or None,
        "codes_checked": edition is not None,
        "counted_on": edition.year if edition else hs_2022().year,
        "unknown": [name for name in UNKNOWABLE if name in agreement.unknown],
        "rows": len(agreement.rows),
        "readings": _readings(agreement),
        "provisions": len(agreement.provisions),
        "confidence": _confidence(agreement),
        "subheadings": {"total": sum(count.total.values())} | {str(k): n for k, n in count.total.items()},
        "reasons": {str(reason): count.reasons[reason] for reason in Reason if reason in count.reasons},
        "coverage": {state: _chapters_of(agreement, state) for state in Coverage},
        "chapters": {
            chapter: {str(answer): counts.get(answer, 0) for answer in Standing}
            for chapter, counts in count.chapters.items()
        },
        "not_read": list(agreement.not_read),
    }


def _confidence(agreement: Agreement) -> dict[str, int]:
    levels = [citation.confidence for citation in agreement.citations.values()]
    levels += [provision.confidence for provision in agreement.provisions.values()]
    return {level: levels.count(level) for level in CONFIDENCES}


def _readings(agreement: Agreement) -> dict[str, int]:
    """How far the words of imported rows were read; empty of a pack written by hand."""
    return dict(Counter(row.reading for row in agreement.rows if row.reading).most_common())


def _chapters_of(agreement: Agreement, state: Coverage) -> list[str]:
    return sorted(chapter for chapter, held in agreement.coverage.items() if held is state)


def _show(
    pack: str,
    agreement: Agreement | None,
    errors: list[Finding],
    count: Tally | None,
    chapters: bool,
    edition: HSEdition | None,
) -> None:
    if agreement is not None:
        _show_head(agreement)
    for error in errors:
        click.echo(f"{click.style(error.code, fg='red')}  {error.place}\n    {error.sentence}")
    verdict = f"{len(errors)} error{'s' if len(errors) > 1 else ''}" if errors else "no error found"
    click.secho(f"{pack}: {verdict}", fg="red" if errors else "green", bold=True)
    if agreement is not None and count is not None:
        if edition is None:
            click.echo(f"The codes were not checked: {_edition_missing(agreement)}")
        _show_tally(agreement, count, (edition or hs_2022()).year)
        if chapters:
            _show_chapters(count)
        _show_certainty(agreement)


def _show_head(agreement: Agreement) -> None:
    click.secho(agreement.title, bold=True)
    since = "a day not stated" if "dates" in agreement.unknown else agreement.valid_from
    click.echo(
        f"Edition of {agreement.edition}, in force from {since}. Form {agreement.form or 'not stated'}."
    )
    click.echo(f"{len(agreement.rows)} rows, {len(agreement.provisions)} provisions.")
    if readings := _readings(agreement):
        click.echo(
            "Rows as read: " + ", ".join(f"{count:,} {name}" for name, count in readings.items()) + "."
        )
    click.echo(f"Parties: {', '.join(sorted(agreement.parties)) or 'not stated'}.")
    if agreement.unknown:
        click.echo(f"Not known: {', '.join(name for name in UNKNOWABLE if name in agreement.unknown)}.")
    click.echo()


def _edition_missing(agreement: Agreement) -> str:
    if not agreement.hs_edition:
        return "the pack does not know its HS edition. It is counted on HS 2022 as it stands."
    return (
        f"HS {agreement.hs_edition} is not at hand. It is counted on HS 2022, whose codes differ; "
        "'countermark agreements import-hs FILE' brings other editions."
    )


def _show_tally(agreement: Agreement, count: Tally, year: int) -> None:
    whole = sum(count.total.values())
    click.echo(f"\nOf the {whole:,} subheadings of HS {year}")
    for answer, number in count.total.items():
        bar = "\N{FULL BLOCK}" * round(_BAR * number / whole)
        shown = click.style(f"{bar:<{_BAR}}", fg=_COLOURS[answer])
        click.echo(f"  {answer:<8}{number:>6,} {_share(number, whole):>7}  {shown}  {_MEANINGS[answer]}")
    for title, reasons in (("Asked, because", _ASKED), ("A gap, because", _GAPS)):
        if any(count.reasons.get(reason) for reason in reasons):
            click.echo(f"\n{title}")
        for reason, words in reasons.items():
            if found := count.reasons.get(reason):
                click.echo(f"  {found:>6,}  {words}")
    click.echo("\nThe list of rows, by chapter")
    for state in Coverage:
        held = _chapters_of(agreement, state)
        click.echo(
            f"  {state:<14}{(' '.join(held) if len(held) < 20 else f'{len(held)} chapters') or 'none'}"
        )


def _share(number: int, whole: int) -> str:
    """Tenths of a per cent, rounded down: a part is never shown larger than it is."""
    tenths = number * 1000 // whole
    return f"{tenths // 10}.{tenths % 10} %"


def _show_chapters(count: Tally) -> None:
    click.echo(f"\nChapter  {'  '.join(f'{answer:>7}' for answer in Standing)}")
    for chapter, counts in count.chapters.items():
        if counts.get(Standing.DECIDED) or counts.get(Standing.ASKED):
            click.echo(f"{chapter:>7}  " + "  ".join(f"{counts.get(answer, 0):>7}" for answer in Standing))


def _show_certainty(agreement: Agreement) -> None:
    found = _confidence(agreement)
    click.echo("\nHow sure its terms and provisions are")
    click.echo("  " + ", ".join(f"{number} {level}" for level, number in found.items()))
    for matter in agreement.not_read:
        click.echo(f"  not read: {matter}")
