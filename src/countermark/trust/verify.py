"""Decides whether a certificate is valid, offline, and says of each of ten steps how it went.

1 readable and canonical; 2 known version; 3 the signer may certify this; 4 signature; 5 the content is
consistent and meant for this country; 6 in the log; 7 the partner's witness cosigned the log; 8 trusted time
agrees; 9 status; 10 the rendition shows what was signed.
Valid needs every applicable step. Invalid names the first that failed. All else is "cannot tell": no step
counts as passed because something to check it with was missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from countermark.document.certificate import Certificate, read_certificate
from countermark.document.errors import DocumentError
from countermark.document.lifecycle import LegalStatus
from countermark.trust import cosign
from countermark.trust.bundle import Bundle, CosignedCheckpoint, Proven, prove
from countermark.trust.certified import signer_faults, statement_faults
from countermark.trust.checkpoint import verify as is_by_log
from countermark.trust.errors import StatementError
from countermark.trust.report import (
    AsOf,
    Report,
    Seen,
    Step,
    answer,
    failed,
    not_applicable,
    not_checked,
    passed,
)
from countermark.trust.roots import Roots
from countermark.trust.statement import SignedFile, Statement
from countermark.trust.statement import verify as is_signed_by
from countermark.trust.time import TOLERANCE, Timing, days_of, interval_of, iso, judge_time
from countermark.trust.trustlist import Refusal, Signatory

_SLACK = int(TOLERANCE.total_seconds())
_REFERENCES = {"issued": (False, False), "duplicate": (True, False), "replaced": (False, True)}
"""Kind to whether the certificate names the one it duplicates, and the one it replaces."""


@dataclass(frozen=True, slots=True)
class _Case:
    """A certificate that could be read, and the proven bundle to judge it by."""

    statement: Statement
    certificate: Certificate
    proven: Proven
    index: int | None
    signer: Signatory | Refusal
    now: int
    seen: Seen | None


def verify(
    data: bytes,
    bundle: Bundle | None,
    roots: Sequence[Roots],
    *,
    now: datetime,
    for_country: str = "",
    data_only: bool = False,
    newest_seen: Mapping[str, Seen] | None = None,
) -> Report:
    """Verify a signed file of a certificate against an offline bundle and the pinned roots.

    ``for_country`` is where the certificate is presented, if given; ``newest_seen`` holds, by origin, the
    newest bundle used before. Never raises for bad input: what cannot be read fails step 1.
    """
    missing = Refusal("no-bundle", "There is no bundle to check this with. Fetch one: bundle fetch.")
    proven = prove(bundle, roots) if bundle else missing
    return judge(data, proven, now=now, for_country=for_country, data_only=data_only, newest_seen=newest_seen)


def judge(
    data: bytes,
    proven: Proven | Refusal,
    *,
    now: datetime,
    for_country: str = "",
    data_only: bool = False,
    newest_seen: Mapping[str, Seen] | None = None,
) -> Report:
    """``verify`` with a bundle already proven, for those who check many certificates with it."""
    first, second, statement, certificate = _read(data)
    last = _step_10(data_only)
    if statement is None or certificate is None:
        unread = (not_checked(n, "not-read", "Nothing to check: it was not read.") for n in range(3, 10))
        steps = (first, second, *unread, last)
        return Report(answer(steps), steps, certificate, statement, None)
    if isinstance(proven, Proven) and proven.log_key.name != statement.header.iss:
        proven = Refusal("other-log", f"The bundle is not of the log {statement.header.iss}. Fetch that one.")
    if isinstance(proven, Refusal):
        code, sentence = proven.code, proven.sentence
        content = _step_5(statement, certificate, None, for_country)
        middle = tuple(content if n == 5 else not_checked(n, code, sentence) for n in range(3, 10))
        steps = (first, second, *middle, last)
        return Report(answer(steps), steps, certificate, statement, None)
    case = _case(statement, certificate, proven, int(now.timestamp()), newest_seen or {})
    steps = (
        first, second, _step_3(case), _step_4(case), _step_5(statement, certificate, case, for_country),
        _step_6(case), _step_7(case), _step_8(case), _step_9(case), last,
    )  # fmt: skip
    as_of = AsOf(proven.status.size, proven.status.time)
    return Report(answer(steps), steps, certificate, statement, as_of)


def _case(
    statement: Statement,
    certificate: Certificate,
    proven: Proven,
    now: int,
    newest_seen: Mapping[str, Seen],
) -> _Case:
    index = proven.index_of(statement.leaf)
    place = proven.size - 1 if index is None else index
    signer = proven.history.signer(statement, place, form=certificate.form, agreement=certificate.agreement)
    return _Case(statement, certificate, proven, index, signer, now, newest_seen.get(statement.header.iss))


def _read(data: bytes) -> tuple[Step, Step, Statement | None, Certificate | None]:
    unread = not_checked(2, "not-read", "Nothing to check: it was not read.")
    # 1 readable and canonical
    try:
        file = SignedFile.read(data)
    except StatementError as error:
        return failed(1, error.code, str(error)), unread, None, None
    statement = file.statement
    readable = passed(1, "The file is a statement with its content, byte for byte in its one form.")
    # 2 known version
    if statement.header.kind not in _REFERENCES:
        other = f"The file is no certificate: it is a statement of the kind {statement.header.kind!r}."
        return readable, failed(2, "not-a-certificate", other), statement, None
    try:
        certificate, _salt = read_certificate(file.content)
    except DocumentError as error:
        if error.code == "unknown-version":
            return readable, failed(2, error.code, str(error)), statement, None
        return failed(1, error.code, str(error)), unread, statement, None
    return readable, passed(2, "The content is of version 1."), statement, certificate


def _step_3(case: _Case) -> Step:
    # 3 signer in the trust list in force at that index, right role, allowed this form
    if isinstance(case.signer, Refusal):
        return failed(3, case.signer.code, case.signer.sentence)
    return passed(3, "The seal stands in the trust list in force, and may certify this form.")


def _step_4(case: _Case) -> Step:
    # 4 signature
    if isinstance(case.signer, Refusal):
        return not_checked(4, "no-signer", "There is no key to check the signature with.")
    if not is_signed_by(case.statement, case.signer.key):
        return failed(4, "signature", "The signature is not good: content or header were altered.")
    return passed(4, "The signature is good.")


def _step_5(statement: Statement, certificate: Certificate, case: _Case | None, for_country: str) -> Step:
    # 5 content consistent: dates, numbering, aud = country of presentation, and the caller's country
    for code, sentence in _content_faults(statement, certificate, for_country):
        return failed(5, code, sentence)
    for code, sentence in _signer_faults(case) if case else ():
        return failed(5, code, sentence)
    return passed(5, f"The content does not contradict itself and is meant for {certificate.destination}.")


def _content_faults(
    statement: Statement, certificate: Certificate, for_country: str
) -> Iterator[tuple[str, str]]:
    for fault in statement_faults(statement, certificate):
        yield fault.code, fault.sentence
    if for_country and for_country != certificate.destination:
        yield "other-country", f"It is meant for {certificate.destination} and not for {for_country}."
    references = (certificate.duplicate_of is not None, certificate.replaces is not None)
    if references != _REFERENCES[statement.header.kind]:
        yield "reference", "The earlier certificate it names does not fit the kind of statement."


def _signer_faults(case: _Case) -> Iterator[tuple[str, str]]:
    certificate, proven = case.certificate, case.proven
    if certificate.party != proven.roots.party:
        yield "other-party", f"The certificate names {certificate.party}; the log is {proven.roots.party}'s."
    listed = proven.history.in_force(proven.size - 1 if case.index is None else case.index)
    if isinstance(case.signer, Signatory):
        for fault in signer_faults(certificate, case.signer, listed):
            yield fault.code, fault.sentence


def _step_6(case: _Case) -> Step:
    # 6 in the log
    if case.index is not None:
        return passed(6, f"It stands in the log at index {case.index}.")
    if case.statement.header.iat >= case.proven.made_at - _SLACK:
        return not_checked(6, "newer-than-bundle", "It is newer than the bundle. Fetch a newer bundle.")
    return failed(6, "not-in-log", "It is not in the log, and was not added when it says it was signed.")


def _step_7(case: _Case) -> Step:
    # 7 the addressee's witness is in the quorum; absent = pending
    aud = case.certificate.destination
    if case.index is None:
        return not_checked(7, "not-in-log", "Without its place in the log no checkpoint covers it.")
    if not case.proven.witnesses.get(aud):
        return not_checked(7, "witness-unknown", f"No witness of {aud} is known. Pin the roots of {aud}.")
    for each in reversed(case.proven.checkpoints):
        size = each.checkpoint.size
        if size > case.index and is_by_log(each.note, case.proven.log_key) and _times(case, each):
            return passed(7, f"The witness of {aud} cosigned the log at size {size}.")
    return not_checked(7, "pending", f"The witness of {aud} has not cosigned it yet. Ask again later.")


def _step_8(case: _Case) -> Step:
    # 8 trusted time agrees
    if case.index is None:
        return not_checked(8, "not-in-log", "Without its place in the log no trusted time surrounds it.")
    cosigned = [
        (each.checkpoint.size, time) for each in case.proven.checkpoints for time in _times(case, each)
    ]
    interval = interval_of(case.index, cosigned)
    after = "any time" if interval.after is None else iso(interval.after)
    before = "any time" if interval.before is None else iso(interval.before)
    said = f"it says {iso(case.statement.header.iat)}, the witness between {after} and {before}"
    match judge_time(case.statement.header.iat, interval):
        case Timing.AGREES:
            return passed(8, f"The time of signing agrees: {said}.")
        case Timing.OPEN:
            return not_checked(8, "interval-wide", f"The time of signing is not proven: {said}.")
        case timing:
            return failed(8, timing.value, f"It is {timing.value}: {said}.")


def _times(case: _Case, checkpoint: CosignedCheckpoint) -> list[int]:
    """When witnesses of the addressee cosigned a checkpoint; no other party's clock counts."""
    keys = case.proven.witnesses.get(case.certificate.destination, ())
    return [time for key in keys if (time := cosign.verify(checkpoint.note, key)) is not None]


def _step_9(case: _Case) -> Step:
    # 9 status as of the bundle's size and time; what is final stays so however old the bundle
    status_list = case.proven.status
    if case.index is None or case.index >= status_list.size:
        return not_checked(9, "no-status", "The status list does not reach it yet. Fetch a newer bundle.")
    status = status_list.status(case.index)
    as_of = f"as of size {status_list.size}, time {iso(status_list.time)}"
    if status is None:
        return failed(9, "no-certificate", f"The log does not hold it as a certificate, {as_of}.")
    if status not in (LegalStatus.VALID, LegalStatus.SUSPENDED):
        return failed(9, status.name.lower(), f"It is {status.value}, {as_of}.")
    if days_of(case.now)[0] > case.certificate.valid_until:
        return failed(9, "expired", f"Its validity ended on {case.certificate.valid_until}.")
    if status is LegalStatus.SUSPENDED:
        return not_checked(9, "suspended", f"It is suspended, {as_of}. Ask the body that issued it.")
    return _stale(case) or passed(9, f"It is valid, {as_of}.")


def _stale(case: _Case) -> Step | None:
    """Why the bundle is too old to say that a certificate still stands."""
    proven, seen = case.proven, case.seen
    if case.now > proven.valid_until:
        ended = f"The bundle was valid until {iso(proven.valid_until)}. Fetch a newer one."
        return not_checked(9, "bundle-expired", ended)
    if seen and (proven.size < seen.size or proven.made_at < seen.made_at):
        return not_checked(9, "bundle-older", "The bundle is older than one used before. Fetch a newer one.")
    newest = proven.history.in_force(proven.size - 1)
    if newest is None or days_of(case.now)[0] > newest.expires:
        return not_checked(9, "trust-list-expired", "The newest trust list has ended. Fetch a newer bundle.")
    return None


def _step_10(data_only: bool) -> Step:
    # 10 the rendition shows what was signed
    if data_only:
        return not_applicable(10, "data-only", "Not asked for: data only.")
    return not_applicable(10, "no-rendition", "A signed file has no page that could show something else.")
