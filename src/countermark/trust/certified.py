"""Decides whether a certificate can be what its signed statement says: content, day, body and officer agree.

One rule for both who ask: the partner that follows the log, and whoever verifies a file.
"""

from __future__ import annotations

from collections.abc import Iterator

from countermark.document.certificate import Certificate
from countermark.document.consistent import Contradiction, contradictions
from countermark.trust.statement import Statement
from countermark.trust.time import days_of
from countermark.trust.trustlist import Signatory, TrustList


def statement_faults(statement: Statement, certificate: Certificate) -> Iterator[Contradiction]:
    """What the certificate contradicts in itself or in the header it was signed under."""
    yield from contradictions(certificate)
    if statement.header.aud != certificate.destination:
        yield Contradiction(
            "addressed", "The statement is addressed to another country than the certificate names."
        )
    first, last = days_of(statement.header.iat)
    if not first <= certificate.certified_on <= last:
        yield Contradiction("certified-on", "The day of certification is not the day on which it was signed.")


def signer_faults(
    certificate: Certificate, signer: Signatory, listed: TrustList | None
) -> Iterator[Contradiction]:
    """What it contradicts in the trust list in force: the body of the seal, the officials of the body."""
    body = certificate.body.id
    if signer.entry and signer.entry.body != body:
        yield Contradiction(
            "other-body", f"Body {body} is named, but the seal is of body {signer.entry.body}."
        )
    officials = {each.id for each in listed.officials if each.body == body} if listed else set()
    if officials and certificate.officer not in officials:
        yield Contradiction(
            "unknown-officer", f"{certificate.officer} is not listed as an official of the body."
        )
