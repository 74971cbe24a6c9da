"""Take in an application: read it strictly, check that it belongs here, keep it once per reference."""

from __future__ import annotations

import json
from dataclasses import dataclass

from countermark.casework.ports import AlreadyThere, ApplicationRow, NoAgreement, Office
from countermark.casework.refusal import Answer, Refusal
from countermark.goods.application import Application
from countermark.goods.read import application_to_plain, read_application
from countermark.rules.agreement import Agreement

ID_BYTES = 12


@dataclass(frozen=True, slots=True)
class Submitted:
    """An accepted application; ``new`` is false when the same one was here already."""

    id: str
    new: bool


def apply(office: Office, plain: object) -> Submitted:
    """Store the application. Raises Refusal with every field error, or if the reference stands for another one."""
    application = read(office, plain)
    try:
        agreement = office.agreement(application.agreement)
    except NoAgreement as error:
        raise Refusal("no-agreement", str(error), Answer.BAD_REQUEST) from error
    _check_belongs_here(office, application, agreement)
    row = ApplicationRow(
        id=office.ids.random(ID_BYTES).hex(),
        exporter=application.exporter.id or application.exporter.name,
        reference=application.reference,
        plain=json.dumps(application_to_plain(application), ensure_ascii=False, sort_keys=True),
        submitted=int(office.clock.now().timestamp()),
    )
    try:
        with office.store.transaction():
            office.store.cases.add_applications([row])
    except AlreadyThere:
        return _same(office, row)
    return Submitted(row.id, new=True)


def read(office: Office, plain: object) -> Application:
    """The application as a value. Raises Refusal listing every field error."""
    found = read_application(plain, office.hs)
    if isinstance(found, tuple):
        raise Refusal(
            "application-fields",
            f"The application has {len(found)} field(s) to correct. Correct them and apply again.",
            Answer.BAD_REQUEST,
            tuple(str(error) for error in found),
        )
    return found


def _check_belongs_here(office: Office, application: Application, agreement: Agreement) -> None:
    if application.exporter.country != office.code:
        raise Refusal(
            "not-our-exporter",
            f"The exporter is in {application.exporter.country}; this office certifies goods of {office.code}. Apply there.",
            Answer.BAD_REQUEST,
        )
    if application.destination == office.code or application.destination not in agreement.parties:
        raise Refusal(
            "destination-no-party",
            f"{application.destination} is no partner under {agreement.title}. Name a party other than {office.code}.",
            Answer.BAD_REQUEST,
        )
    if application.form != agreement.form:
        raise Refusal(
            "wrong-form",
            f"{agreement.title} is certified on form {agreement.form}, not {application.form}. Write {agreement.form}.",
            Answer.BAD_REQUEST,
        )


def _same(office: Office, row: ApplicationRow) -> Submitted:
    there = office.store.cases.application_by_reference(row.exporter, row.reference)
    if there is None or there.plain != row.plain:
        raise Refusal(
            "reference-used",
            f"The reference {row.reference} stands for another application of this exporter. Choose a new reference.",
            Answer.BAD_REQUEST,
        )
    return Submitted(there.id, new=False)
