"""Certificates by number, number series without gaps, and balances that cannot be overdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, connections, transaction

from countermark.adapters.db.models import Balance, Certificate, Drawing
from countermark.adapters.db.write import insert, storable
from countermark.casework.ports import AlreadyThere, BalanceRow, CertificateRow, DrawingRow

CERTIFICATE = ("leaf_hash", "origin", "sub", "number", "dated", "kind", "party", "destination", "status")
BALANCE = ("ledger", "family", "item", "unit", "most", "drawn")
DRAWING = ("ledger", "family", "item", "amount", "cause")


class _Overdrawn(Exception):
    """One of the lines goes beyond its balance."""


class DjangoRegister:
    """Implements ``casework.ports.Register``."""

    def __init__(self, alias: str) -> None:
        self.alias = alias

    def next_numbers(self, series: str, count: int) -> int:
        with connections[self.alias].cursor() as cursor:
            cursor.execute(
                "INSERT INTO countermark_series (name, last) VALUES (%s, %s)"
                " ON CONFLICT (name) DO UPDATE SET last = countermark_series.last + %s RETURNING last",
                [series, count, count],
            )
            (last,) = cursor.fetchone()
        return int(last) - count + 1

    def last_number(self, series: str) -> int:
        rows = self._read("SELECT last FROM countermark_series WHERE name = %s", [series])
        return int(rows[0][0]) if rows else 0

    def add_certificates(self, rows: Sequence[CertificateRow]) -> None:
        try:
            with transaction.atomic(using=self.alias):
                insert(self.alias, Certificate, CERTIFICATE, [_values(r, CERTIFICATE) for r in rows])
        except IntegrityError as error:
            raise AlreadyThere("A certificate with this number is there already.") from error

    def certificates(self, *numbers: str) -> list[CertificateRow]:
        return self._certificates("number", numbers)

    def family(self, *subs: str) -> list[CertificateRow]:
        return self._certificates("sub", subs)

    def _certificates(self, column: str, values: Sequence[str]) -> list[CertificateRow]:
        wanted = [value for value in values if storable(value)]
        if not wanted:
            return []
        marks = ", ".join(["%s"] * len(wanted))
        rows = self._read(
            f"SELECT {', '.join(CERTIFICATE)} FROM countermark_certificate WHERE {column} IN ({marks}) ORDER BY number",
            wanted,
        )
        return [CertificateRow(bytes(row[0]), *row[1:]) for row in rows]

    def set_status(self, leaf_hash: bytes, status: str) -> None:
        self._write(
            "UPDATE countermark_certificate SET status = %s WHERE leaf_hash = %s", [status, leaf_hash]
        )

    def open_balances(self, rows: Sequence[BalanceRow]) -> None:
        insert(self.alias, Balance, BALANCE, [_values(r, BALANCE) for r in rows], unless_there=True)

    def put_balances(self, rows: Sequence[BalanceRow]) -> None:
        sql = (
            "INSERT INTO countermark_balance (ledger, family, item, unit, most, drawn) VALUES (%s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (ledger, family, item)"
            " DO UPDATE SET unit = excluded.unit, most = excluded.most, drawn = excluded.drawn"
        )
        if rows:
            with connections[self.alias].cursor() as cursor:
                cursor.executemany(sql, [_values(r, BALANCE) for r in rows])

    def balances(self, ledger: str, family: str) -> list[BalanceRow]:
        rows = self._read(
            f"SELECT {', '.join(BALANCE)} FROM countermark_balance WHERE ledger = %s AND family = %s ORDER BY item",
            [ledger, family],
        )
        return [BalanceRow(*row) for row in rows]

    def draw(self, rows: Sequence[DrawingRow]) -> bool:
        # A difference of two balances fits 64 bits, a sum may not; a line refused takes back those before it.
        sql = (
            "UPDATE countermark_balance SET drawn = drawn + %s"
            " WHERE ledger = %s AND family = %s AND item = %s AND drawn <= most - %s"
        )
        try:
            with transaction.atomic(using=self.alias):
                with connections[self.alias].cursor() as cursor:
                    cursor.executemany(sql, [(r.amount, r.ledger, r.family, r.item, r.amount) for r in rows])
                    if cursor.rowcount != len(rows):
                        raise _Overdrawn
                insert(self.alias, Drawing, DRAWING, [_values(r, DRAWING) for r in rows])
        except _Overdrawn:
            return False
        except IntegrityError as error:
            raise AlreadyThere("This line was drawn already for the same cause.") from error
        return True

    def note_drawings(self, rows: Sequence[DrawingRow]) -> None:
        insert(self.alias, Drawing, DRAWING, [_values(r, DRAWING) for r in rows], unless_there=True)

    def drawings(self, ledger: str, family: str) -> list[DrawingRow]:
        return self._drawings("ledger = %s AND family = %s", [ledger, family])

    def drawn_by(self, ledger: str, cause: str) -> list[DrawingRow]:
        return self._drawings("ledger = %s AND cause = %s", [ledger, cause])

    def _drawings(self, where: str, values: list[Any]) -> list[DrawingRow]:
        rows = self._read(
            f"SELECT {', '.join(DRAWING)} FROM countermark_drawing WHERE {where} ORDER BY id", values
        )
        return [DrawingRow(*row) for row in rows]

    def _read(self, sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
        with connections[self.alias].cursor() as cursor:
            cursor.execute(sql, values)
            return list(cursor.fetchall())

    def _write(self, sql: str, values: list[Any]) -> None:
        with connections[self.alias].cursor() as cursor:
            cursor.execute(sql, values)


def _values(row: object, columns: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(row, column) for column in columns)
