"""Put an application and its determinations together as the certificate to be signed."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from countermark.casework.decide import Decided
from countermark.casework.ports import Office
from countermark.casework.refusal import Refusal
from countermark.clearance.use import measure, scaled
from countermark.clearance.validity import last_day
from countermark.document.certificate import Certificate, Declaration, Item, Reference
from countermark.document.consistent import contradictions
from countermark.document.number import make_number
from countermark.goods.application import Good
from countermark.rules.determination import Criterion, Determination


def draft_certificate(
    office: Office,
    decided: Decided,
    serial: int,
    today: date,
    officer: str,
    replaces: Reference | None = None,
) -> Certificate:
    """The certificate with this serial. A replacement's validity runs from its own date (CIS Rules 8.3).

    Raises Refusal for one that contradicts itself, and DocumentError for an amount nobody could draw on: the
    partner would refuse either, and its number would be spent.
    """
    application = decided.application
    agreement = office.agreement(application.agreement)
    pairs = zip(application.goods, decided.determinations, strict=True)
    certificate = Certificate(
        number=make_number(office.code, application.destination, today.year, office.body.id, serial),
        form=application.form,
        agreement=agreement.id,
        edition=agreement.edition,
        party=office.code,
        destination=application.destination,
        exporter=application.exporter,
        consignee=application.consignee,
        items=tuple(_item(good, found) for good, found in pairs),
        body=office.body,
        officer=officer,
        certified_on=today,
        place=office.body.address,
        declaration=Declaration(application.exporter.name, today),
        valid_until=last_day(today, agreement.validity_months),
        determinations=tuple(sha256(encoded).digest() for encoded in decided.encoded),
        consignor=application.consignor,
        importer=application.importer,
        transport=application.transport,
        remarks=application.remarks,
        contract=application.contract,
        retrospective=application.retrospective,
        replaces=replaces,
    )
    for fault in contradictions(certificate):
        raise Refusal(
            fault.code, f"Application {application.reference}: {fault.sentence} Correct it and apply again."
        )
    for measured in filter(None, map(measure, certificate.items)):
        scaled(measured.value)
    return certificate


def _item(good: Good, found: Determination) -> Item:
    return Item(
        item=good.item,
        packages=good.packages,
        description=good.description,
        hs=good.hs,
        box9=found.box9,
        criterion=_criterion(good, found),
        country=found.country,
        rule=found.rule,
        stated_by=found.stated_by,
        net_weight=good.net_weight,
        gross_weight=good.gross_weight,
        quantity=good.quantity,
        invoices=(good.invoice,) if good.invoice else (),
    )


def _criterion(good: Good, found: Determination) -> Criterion:
    """An originating good has a criterion; the body certifies nothing without one."""
    if found.criterion is None:
        raise Refusal("no-criterion", f"Item {good.item} has no criterion of origin; it cannot be certified.")
    return found.criterion
