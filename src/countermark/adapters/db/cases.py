"""Applications, inquiries and partners: ordinary rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import IntegrityError, connections, transaction

from countermark.adapters.db.models import Access, Application, Inquiry, Partner
from countermark.adapters.db.write import insert, storable
from countermark.casework.ports import AlreadyThere, ApplicationRow, InquiryRow, PartnerRow

APPLICATION = (
    "id", "exporter", "reference", "plain", "submitted", "stated", "state", "number", "determinations",
)  # fmt: skip
INQUIRY = ("id", "ours", "partner", "number", "request", "reply")
PARTNER = ("party", "origin", "card", "state", "fault", "received_size", "answered_size")


class DjangoCases:
    """Implements ``casework.ports.Cases``."""

    def __init__(self, alias: str) -> None:
        self.alias = alias

    def add_applications(self, rows: Sequence[ApplicationRow]) -> None:
        try:
            with transaction.atomic(using=self.alias):
                insert(self.alias, Application, APPLICATION, [_values(r, APPLICATION) for r in rows])
        except IntegrityError as error:
            raise AlreadyThere("This exporter used the reference before.") from error

    def application(self, id: str) -> ApplicationRow | None:
        return self._application("id = %s", id)

    def application_of(self, number: str) -> ApplicationRow | None:
        return self._application("number = %s", number)

    def application_by_reference(self, exporter: str, reference: str) -> ApplicationRow | None:
        return self._application("exporter = %s AND reference = %s", exporter, reference)

    def _application(self, where: str, *values: str) -> ApplicationRow | None:
        if not all(map(storable, values)):
            return None
        with connections[self.alias].cursor() as cursor:
            cursor.execute(
                f"SELECT {', '.join(APPLICATION)} FROM countermark_application WHERE {where} ORDER BY id LIMIT 1",
                values,
            )
            found = cursor.fetchone()
        return None if found is None else _application(found)

    def update_applications(self, rows: Iterable[ApplicationRow]) -> None:
        sql = "UPDATE countermark_application SET stated = %s, state = %s, number = %s, determinations = %s WHERE id = %s"
        with connections[self.alias].cursor() as cursor:
            cursor.executemany(sql, [(r.stated, r.state, r.number, r.determinations, r.id) for r in rows])

    def add_inquiry(self, row: InquiryRow) -> None:
        insert(self.alias, Inquiry, INQUIRY, [_values(row, INQUIRY)], unless_there=True)

    def inquiries(self, number: str = "", id: str = "") -> list[InquiryRow]:
        rows = Inquiry.objects.using(self.alias).order_by("number", "id")
        wanted = {key: value for key, value in (("number", number), ("id", id)) if value}
        if not all(map(storable, wanted.values())):
            return []
        return [_inquiry(found) for found in rows.filter(**wanted).values_list(*INQUIRY)]

    def update_inquiry(self, row: InquiryRow) -> None:
        Inquiry.objects.using(self.alias).filter(id=row.id).update(request=row.request, reply=row.reply)

    def partners(self) -> list[PartnerRow]:
        rows = Partner.objects.using(self.alias).order_by("party").values_list(*PARTNER)
        return [PartnerRow(*row) for row in rows]

    def partner(self, party: str) -> PartnerRow | None:
        if not storable(party):
            return None
        row = Partner.objects.using(self.alias).filter(party=party).values_list(*PARTNER).first()
        return None if row is None else PartnerRow(*row)

    def put_partner(self, row: PartnerRow) -> None:
        values = dict(zip(PARTNER, _values(row, PARTNER), strict=True))
        Partner.objects.using(self.alias).update_or_create(party=values.pop("party"), defaults=values)

    def note_received(self, party: str, size: int) -> None:
        rows = Partner.objects.using(self.alias).filter(party=party, received_size__lt=size)
        rows.update(received_size=size)


class DjangoAccess:
    """Bearer tokens of the HTTP API, by the SHA-256 of each."""

    def __init__(self, alias: str) -> None:
        self.alias = alias

    def grant(self, digest: bytes, name: str, role: str) -> None:
        insert(self.alias, Access, ("digest", "name", "role"), [(digest, name, role)], unless_there=True)

    def holder(self, digest: bytes) -> tuple[str, str] | None:
        """Name and role of a token, or ``None``."""
        return Access.objects.using(self.alias).filter(digest=digest).values_list("name", "role").first()


def _values(row: object, columns: tuple[str, ...]) -> tuple[object, ...]:
    return tuple(getattr(row, column) for column in columns)


def _application(row: tuple[Any, ...]) -> ApplicationRow:
    *most, determinations = row
    fields = dict(
        zip(APPLICATION, [*most, None if determinations is None else bytes(determinations)], strict=True)
    )
    return ApplicationRow(**fields)


def _inquiry(row: tuple[Any, ...]) -> InquiryRow:
    id, ours, partner, number, *hashes = row
    request, reply = (None if h is None else bytes(h) for h in hashes)
    return InquiryRow(id, ours, partner, number, request or b"", reply)
