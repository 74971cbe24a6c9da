"""Decides whether a certificate contradicts itself: dates, numbering, weights, references, its own number.

What only an agreement or a profile can know (the form of box 9, mandatory boxes) is not asked here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from countermark.document.certificate import Certificate
from countermark.document.errors import DocumentError
from countermark.document.number import read_number


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two statements of one certificate that cannot both hold."""

    code: str
    sentence: str


def contradictions(certificate: Certificate) -> tuple[Contradiction, ...]:
    """Everything in which the certificate contradicts itself; empty if nothing does."""
    return (
        *_number(certificate),
        *_dates(certificate),
        *_items(certificate),
        *_references(certificate),
    )


def _number(certificate: Certificate) -> Iterator[Contradiction]:
    try:
        number = read_number(certificate.number)
    except DocumentError as error:
        yield Contradiction(error.code, str(error))
        return
    stated = (
        certificate.party,
        certificate.destination,
        certificate.certified_on.year % 10,
        certificate.body.id,
    )
    if (number.party, number.destination, number.year, number.body) != stated:
        yield Contradiction(
            "number-other",
            f"Number {certificate.number} does not fit its party, destination, year or body.",
        )
    if certificate.party == certificate.destination:
        yield Contradiction("destination-own", "The country of presentation is the party that issues.")


def _dates(certificate: Certificate) -> Iterator[Contradiction]:
    if certificate.valid_until < certificate.certified_on:
        yield Contradiction("valid-until", "The certificate ends before the day it was certified.")
    if certificate.declaration.date > certificate.certified_on:
        yield Contradiction("declared-late", "The exporter's declaration is later than the certification.")


def _items(certificate: Certificate) -> Iterator[Contradiction]:
    items = certificate.items
    if not items or [item.item for item in items] != list(range(1, len(items) + 1)):
        yield Contradiction("item-numbers", "The items are not numbered 1, 2, 3 and so on.")
    if len(certificate.determinations) != len(items):
        yield Contradiction("determinations", "There is not one determination for each item.")
    for item in items:
        net, gross = item.net_weight, item.gross_weight
        if net is not None and gross is not None and net > gross:
            yield Contradiction(
                "weights", f"Item {item.item} weighs more without its packages than with them."
            )


def _references(certificate: Certificate) -> Iterator[Contradiction]:
    if certificate.duplicate_of and certificate.replaces:
        yield Contradiction("two-origins", "A certificate is a duplicate or a replacement, never both.")
    for earlier in (certificate.duplicate_of, certificate.replaces):
        if earlier and (earlier.number == certificate.number or earlier.date > certificate.certified_on):
            yield Contradiction("reference", "The earlier certificate has the same number or a later date.")
