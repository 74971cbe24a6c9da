"""Heads, swapped by compare-and-set in one SQL statement, and the cosignatures gathered."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, connections

from countermark.adapters.db.models import Cosignature, Head
from countermark.adapters.db.write import insert
from countermark.casework.ports import CosignatureRow, HeadRow, Raced

COLUMNS = ("origin", "version", "size", "root", "note", "edge", "files")


class DjangoLogs:
    """Implements ``casework.ports.Logs``."""

    def __init__(self, alias: str) -> None:
        self.alias = alias

    def head(self, origin: str) -> HeadRow | None:
        with connections[self.alias].cursor() as cursor:
            cursor.execute(
                "SELECT origin, version, size, root, note, edge, files FROM countermark_head WHERE origin = %s",
                [origin],
            )
            row: tuple[Any, ...] | None = cursor.fetchone()
        if row is None:
            return None
        return HeadRow(row[0], row[1], row[2], bytes(row[3]), row[4], bytes(row[5]), bytes(row[6]))

    def swap(self, old: HeadRow | None, new: HeadRow) -> None:
        if old is None:
            try:
                insert(self.alias, Head, COLUMNS, [_columns(new)])
            except IntegrityError as error:
                raise Raced(f"The head of {new.origin} is there already.") from error
            return
        with connections[self.alias].cursor() as cursor:
            cursor.execute(
                "UPDATE countermark_head SET version = %s, size = %s, root = %s, note = %s, edge = %s, files = %s"
                " WHERE origin = %s AND version = %s",
                [*_columns(new)[1:], old.origin, old.version],
            )
            if cursor.rowcount != 1:
                raise Raced(f"The head of {new.origin} moved on.")

    def cosigned(self, origin: str, first: int = 0) -> list[CosignatureRow]:
        return self._cosigned("origin = %s AND size >= %s ORDER BY size, time", [origin, first])

    def last_cosigned(self, origin: str, witness: str) -> CosignatureRow | None:
        rows = self._cosigned(
            "origin = %s AND witness = %s ORDER BY size DESC, time DESC LIMIT 1", [origin, witness]
        )
        return rows[0] if rows else None

    def _cosigned(self, where: str, values: list[Any]) -> list[CosignatureRow]:
        with connections[self.alias].cursor() as cursor:
            cursor.execute(
                f"SELECT origin, size, witness, time, note FROM countermark_cosignature WHERE {where}", values
            )
            return [CosignatureRow(*row) for row in cursor.fetchall()]

    def add_cosignature(self, row: CosignatureRow) -> None:
        columns = ("origin", "size", "witness", "time", "note")
        values = (row.origin, row.size, row.witness, row.time, row.note)
        insert(self.alias, Cosignature, columns, [values], unless_there=True)


def _columns(row: HeadRow) -> tuple[Any, ...]:
    return (row.origin, row.version, row.size, row.root, row.note, row.edge, row.files)
