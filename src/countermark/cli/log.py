"""``countermark log check``: is a whole log what it says it is, from its files and pinned root keys alone?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from countermark.adapters.clock import SystemClock
from countermark.adapters.files import user_folder
from countermark.adapters.http.signature import sign_request
from countermark.adapters.keys import KeyFolder, KeyUnreadable
from countermark.adapters.pins import Pins
from countermark.adapters.remote_log import RemoteLog, SignRequest, Unreachable
from countermark.cli.exits import Exit, Stop
from countermark.cli.output import JSON, one_line, print_json
from countermark.cli.trust import read_roots_file
from countermark.trust.audit import Check, Finding, Report, check_log
from countermark.trust.checkpoint import Checkpoint, Note
from countermark.trust.errors import TrustError
from countermark.trust.report import Result
from countermark.trust.roots import Roots, fingerprint
from countermark.trust.tiles import Fetch

TRIES = 3
"""A log that grows while it is read takes its partial files away; then it is read again from its new checkpoint."""
TITLES = {
    Check.CHECKPOINT: "checkpoint signed by the log",
    Check.ENTRIES: "every entry is there",
    Check.TILES: "hash tiles are those of the entries",
    Check.ROOT: "root is that of the entries",
    Check.STATEMENTS: "every entry is a statement",
    Check.IDENTIFIERS: "no identifier twice",
    Check.PUBLIC_CONTENTS: "public contents, trust lists",
    Check.SIGNERS: "every signer had the role",
    Check.COSIGNATURES: "cosigned by the witnesses",
}
_SIGNS = {
    Result.PASSED: "passed        ",
    Result.FAILED: "FAILED        ",
    Result.NOT_CHECKED: "not checked   ",
    Result.NOT_APPLICABLE: "not applicable",
}
_COLOURS = {Exit.YES: "green", Exit.NO: "red", Exit.CANNOT_TELL: "yellow"}
_WORDS = {Exit.YES: "whole", Exit.NO: "finding", Exit.CANNOT_TELL: "cannot tell"}


@dataclass(frozen=True, slots=True)
class _Trusted:
    """The roots that a log is judged by, and whether the user pinned or named them."""

    roots: Roots
    by_user: bool


@click.group("log")
def log_group() -> None:
    """Logs, ours and others'."""


@log_group.command("check")
@click.argument("place", metavar="DIR_OR_URL")
@click.option(
    "--roots",
    "roots_paths",
    metavar="FILE",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Root keys to trust besides those pinned; may be given more than once.",
)
@click.option(
    "--party",
    "reader",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="For a URL: read the entries as this party, a partner of the log's.",
)
@JSON
def check_command(place: str, roots_paths: tuple[Path, ...], reader: Path | None, as_json: bool) -> None:
    """Verify a whole log again: the folder of a party or of a log, or the address of either.

    Trusts the pinned root keys and those of --roots; of a party's own folder also the roots in it. Ends with 0 if the
    log is whole, 10 if something is wrong with it, 11 if that cannot be told.
    """
    fetch, first = _open(place, reader)
    trusted = _trusted(place, first(), roots_paths)
    try:
        report = _checked(fetch, first, trusted.roots)
    except Unreachable as error:
        raise Stop(f"Cannot tell: {error}", Exit.CANNOT_TELL) from error
    except OSError as error:
        raise Stop(f"{place} cannot be read: {error}. Check its files.") from error
    code = _code(report)
    if as_json:
        print_json(_plain(report, code, trusted))
    else:
        _show(report, code, trusted)
    raise click.exceptions.Exit(int(code))


def _checked(fetch: Fetch, first: Callable[[], bytes], roots: Roots) -> Report:
    """The audit of one checkpoint; made again if the log grew under it."""
    for _ in range(TRIES):
        note = first()
        report = check_log(lambda path, note=note: note if path == "checkpoint" else fetch(path), roots)  # type: ignore[misc]
        if report.first_failure is None or first() == note:
            break
    return report


def _open(place: str, reader: Path | None) -> tuple[Fetch, Callable[[], bytes]]:
    """How to read the log's files, and its checkpoint."""
    if place.startswith(("http://", "https://")):
        log = RemoteLog(place, _signer(reader, place) if reader else None)
        return log, lambda: _found(log.find, place)
    folder = Path(place)
    if _is_party(folder):
        folder /= "log"

    def fetch(path: str) -> bytes | None:
        try:
            return (folder / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None

    return fetch, lambda: _found(lambda: fetch("checkpoint"), place)


def _found(read: Callable[[], bytes | None], place: str) -> bytes:
    try:
        data = read()
    except Unreachable as error:
        raise Stop(str(error)) from error
    except OSError as error:
        raise Stop(f"{place} cannot be read: {error.strerror}. Check its permissions.") from error
    if data is None:
        raise Stop(
            f"{place} holds no log: there is no checkpoint. Name a party's folder or address, or a log's."
        )
    return data


def _signer(reader: Path, place: str) -> SignRequest:
    """Requests signed as a partner; only who runs a party has one, so only they load it."""
    from countermark.adapters.party import PartyUnreadable, read_terms

    try:
        party, key = read_terms(reader).code, KeyFolder(reader / "keys").ed25519("transport")
    except (PartyUnreadable, KeyUnreadable) as error:
        raise Stop(str(error)) from error
    clock = SystemClock()
    return lambda path: sign_request(key, party, place, "GET", path, "", b"", int(clock.now().timestamp()))


def _is_party(folder: Path) -> bool:
    return (folder / "log").is_dir() and (folder / "roots.json").is_file()


def _trusted(place: str, checkpoint: bytes, paths: tuple[Path, ...]) -> _Trusted:
    """The roots that name the log the checkpoint says it is of; the user's own before those of a party's folder."""
    try:
        origin = Checkpoint.read(Note.read(checkpoint).body).origin
        pinned = Pins(user_folder()).roots()
    except TrustError as error:
        raise Stop(f"{place}: {error}") from error
    named = (*pinned, *(each for path in paths for each in read_roots_file(path)))
    held = read_roots_file(Path(place) / "roots.json") if _is_party(Path(place)) else ()
    for by_user, known in ((True, named), (False, held)):
        for roots in known:
            if roots.log(origin):
                return _Trusted(roots, by_user)
    raise Stop(
        f"No trusted root keys name the log {one_line(origin)}. Pin its party's: countermark trust add FILE"
        " --fingerprint HEX.",
        Exit.CANNOT_TELL,
    )


def _code(report: Report) -> Exit:
    if report.first_failure is not None:
        return Exit.NO
    return Exit.YES if report.ok else Exit.CANNOT_TELL


def _show(report: Report, code: Exit, trusted: _Trusted) -> None:
    for finding in report.findings:
        click.echo(f"{finding.check:2}  {_SIGNS[finding.result]}  {TITLES[finding.check]}")
        if finding.result in (Result.FAILED, Result.NOT_CHECKED):
            click.echo(f"    {_sentence(finding)}")
    click.echo()
    by = (
        "pinned or named by you" if trusted.by_user else "found in the folder itself: compare the fingerprint"
    )
    click.echo(f"Judged by the root keys of {trusted.roots.party}, {by}\n    {fingerprint(trusted.roots)}")
    head = f"{report.origin}, {report.size} entries: " if report.origin else ""
    click.secho(f"{head}{_WORDS[code]}", fg=_COLOURS[code], bold=True)


def _sentence(finding: Finding) -> str:
    at = f"entry {finding.index}: " if finding.index is not None else ""
    return one_line(f"{at}{finding.sentence}")


def _plain(report: Report, code: Exit, trusted: _Trusted) -> dict[str, object]:
    return {
        "log": report.origin,
        "size": report.size,
        "answer": _WORDS[code],
        "roots": {
            "party": trusted.roots.party,
            "fingerprint": fingerprint(trusted.roots),
            "by_user": trusted.by_user,
        },
        "checks": [
            {
                "number": int(finding.check),
                "title": TITLES[finding.check],
                "result": finding.result.value,
                "sentence": finding.sentence,
                "index": finding.index,
            }
            for finding in report.findings
        ],
    }
