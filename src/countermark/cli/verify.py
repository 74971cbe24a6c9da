"""``countermark verify``: is this certificate valid? Offline, from a bundle and pinned root keys."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from countermark.adapters.clock import SystemClock
from countermark.adapters.files import user_folder
from countermark.adapters.pins import Pins
from countermark.cli.exits import Exit, Stop
from countermark.cli.trust import read_roots_file
from countermark.document.certificate import Certificate
from countermark.trust.bundle import MAX_BUNDLE, Bundle, Proven, prove
from countermark.trust.errors import TrustError
from countermark.trust.report import Answer, Report, Result
from countermark.trust.roots import Roots
from countermark.trust.statement import MAX_FILE
from countermark.trust.time import iso
from countermark.trust.trustlist import Refusal
from countermark.trust.verify import judge

_EXITS = {Answer.VALID: Exit.YES, Answer.INVALID: Exit.NO, Answer.CANNOT_TELL: Exit.CANNOT_TELL}
_COLOURS = {Answer.VALID: "green", Answer.INVALID: "red", Answer.CANNOT_TELL: "yellow"}
_SIGNS = {
    Result.PASSED: "passed        ",
    Result.FAILED: "FAILED        ",
    Result.NOT_CHECKED: "not checked   ",
    Result.NOT_APPLICABLE: "not applicable",
}


@click.command("verify")
@click.argument("file", metavar="FILE")
@click.option(
    "--bundle", "bundle_path", type=click.Path(path_type=Path), help="Offline bundle of the issuer's log."
)
@click.option(
    "--roots",
    "roots_paths",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Root keys to trust besides those pinned; may be given more than once.",
)
@click.option("--for", "country", metavar="COUNTRY", default="", help="Where it is presented, such as AZ.")
@click.option(
    "--at", "at", metavar="TIME", default="", help="Verify as of this time, ISO 8601. Default: now."
)
@click.option("--data-only", is_flag=True, help="Do not ask whether a page shows what was signed.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify_command(
    *,
    file: str,
    bundle_path: Path | None,
    roots_paths: tuple[Path, ...],
    country: str,
    at: str,
    data_only: bool,
    as_json: bool,
) -> None:
    """Verify the certificate in FILE, a COSE file, or - for standard input.

    Exits with 0 if it is valid, 10 if it is invalid, 11 if that cannot be told.
    """
    data = _signed_file(file)
    now = _moment(at)
    pins = Pins(user_folder())
    try:
        roots = (*pins.roots(), *(each for path in roots_paths for each in read_roots_file(path)))
        remembered = pins.seen()
    except TrustError as error:
        raise Stop(str(error)) from error
    proven = _proven(bundle_path, roots)
    # By the log's key, not its name: another log of the same name is another log.
    key = proven.log_key if isinstance(proven, Proven) else None
    seen = {key.name: remembered[key.text]} if key and key.text in remembered else {}
    report = judge(data, proven, now=now, for_country=country.upper(), data_only=data_only, newest_seen=seen)
    if isinstance(proven, Proven):
        _remember(pins, proven)
    click.echo(json.dumps(_plain(report), ensure_ascii=False, indent=2)) if as_json else _print(report)
    raise click.exceptions.Exit(int(_EXITS[report.verdict]))


def _signed_file(file: str) -> bytes:
    data = _bytes(Path(file) if file != "-" else None, MAX_FILE)
    if data.startswith(b"%PDF-"):
        raise Stop("This release reads COSE files and no PDF. Take the COSE file attached to the PDF.")
    if data.lstrip().startswith((b"CO1:", b"https://")):
        raise Stop("This release reads COSE files and no QR text. Ask the exporter for the COSE file.")
    return data


def _bytes(path: Path | None, limit: int) -> bytes:
    """What a file, or standard input, holds; one byte beyond the limit is enough to be refused later."""
    try:
        if path is None:
            return sys.stdin.buffer.read(limit + 1)
        with path.open("rb") as stream:
            return stream.read(limit + 1)
    except OSError as error:
        raise Stop(f"{path or 'Standard input'} cannot be read: {error.strerror}. Check its name.") from error


def _moment(at: str) -> datetime:
    if not at:
        return SystemClock().now()
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as error:
        raise Stop(f"{at!r} is no time. Write it as 2026-05-04T12:00:00+03:00.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _proven(path: Path | None, roots: tuple[Roots, ...]) -> Proven | Refusal:
    if path is None:
        return Refusal("no-bundle", "There is no bundle to check this with. Give one with --bundle.")
    try:
        return prove(Bundle.read(_bytes(path, MAX_BUNDLE)), roots)
    except TrustError as error:
        return Refusal(error.code, f"{path}: {error}")


def _remember(pins: Pins, proven: Proven) -> None:
    try:
        pins.saw(proven.log_key.text, proven.size, proven.made_at)
    except OSError as error:
        click.echo(f"Warning: this bundle cannot be remembered ({error}). Set COUNTERMARK_HOME.", err=True)


def _print(report: Report) -> None:
    if report.certificate:
        _print_certificate(report.certificate)
    for step in report.steps:
        click.echo(f"{step.number:2}  {_SIGNS[step.result]}  {step.title}")
        if step.result in (Result.FAILED, Result.NOT_CHECKED):
            click.echo(f"    {step.sentence}")
    words = report.verdict.value
    if report.reason:
        words += f": step {report.reason.number}, {report.reason.title}: {report.reason.sentence}"
    elif report.as_of:
        words += f" as of size {report.as_of.size}, time {iso(report.as_of.time)}"
    click.echo()
    click.secho(words[0].upper() + words[1:], fg=_COLOURS[report.verdict], bold=True)


def _print_certificate(certificate: Certificate) -> None:
    click.echo(f"Certificate {certificate.number} of {certificate.certified_on}, form {certificate.form}")
    lines = [
        f"from {certificate.party} to {certificate.destination}, valid until {certificate.valid_until}",
        f"exporter: {certificate.exporter.name}",
        f"consignee: {certificate.consignee.name}",
        f"body: {certificate.body.id} {certificate.body.name}, {certificate.officer}",
    ]
    for item in certificate.items:
        weight = f", {item.net_weight} kg net" if item.net_weight is not None else ""
        lines.append(f"{item.item}. {item.hs}, {item.box9}: {item.description}{weight}")
    for line in lines:
        # On one line each: a name with line breaks could otherwise print a verdict of its own.
        click.echo(f"    {' '.join(line.split())}")
    click.echo()


def _plain(report: Report) -> dict[str, object]:
    certificate, statement = report.certificate, report.statement
    return {
        "verdict": report.verdict.value,
        "reason": report.reason.code if report.reason else "",
        "as_of": {"size": report.as_of.size, "time": report.as_of.time} if report.as_of else None,
        "certificate": certificate
        and {
            "number": certificate.number,
            "date": certificate.certified_on.isoformat(),
            "form": certificate.form,
            "party": certificate.party,
            "destination": certificate.destination,
            "valid_until": certificate.valid_until.isoformat(),
            "items": len(certificate.items),
        },
        "statement": statement
        and {"kind": statement.header.kind, "log": statement.header.iss, "signed_at": statement.header.iat},
        "steps": [
            {
                "number": step.number,
                "title": step.title,
                "result": step.result.value,
                "code": step.code,
                "sentence": step.sentence,
            }
            for step in report.steps
        ],
    }
