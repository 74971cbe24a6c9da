"""Statements: append-only rows of the signed bytes, with the index columns read off them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, connections

from countermark.adapters.db.models import Statement
from countermark.adapters.db.write import insert
from countermark.casework.ports import AlreadyThere, NewStatement, Raced, StatementRow
from countermark.trust.tree import leaf_hash

COLUMNS = ("origin", "index", "leaf_hash", "kind", "sub", "aud", "iat", "cti", "leaf", "content", "refusal")
READ = "SELECT origin, idx, leaf, content, refusal FROM countermark_statement"


class DjangoStatements:
    """Implements ``casework.ports.Statements``."""

    def __init__(self, alias: str) -> None:
        self.alias = alias

    def add(self, rows: Sequence[NewStatement]) -> None:
        try:
            insert(self.alias, Statement, COLUMNS, map(_columns, rows))
        except IntegrityError as error:
            raise AlreadyThere(str(error)) from error

    def seen(self, origin: str, ctis: Sequence[bytes]) -> set[bytes]:
        if not ctis:
            return set()
        marks = ", ".join(["%s"] * len(ctis))
        with connections[self.alias].cursor() as cursor:
            cursor.execute(
                f"SELECT cti FROM countermark_statement WHERE origin = %s AND cti IN ({marks})",
                [origin, *ctis],
            )
            return {bytes(cti) for (cti,) in cursor.fetchall()}

    def at(self, leaf_hash: bytes) -> StatementRow | None:
        # A partner may put another's leaf into its own log, where it is refused: that row never stands for the good one.
        found = self._read("WHERE leaf_hash = %s ORDER BY refusal <> '', seq LIMIT 1", [leaf_hash])
        return found[0] if found else None

    def page(self, origin: str, first: int, limit: int) -> list[StatementRow]:
        return self._read(
            "WHERE origin = %s AND idx >= %s AND idx < %s ORDER BY idx", [origin, first, first + limit]
        )

    def pending(self, origin: str, limit: int) -> list[tuple[int, bytes]]:
        with connections[self.alias].cursor() as cursor:
            cursor.execute(
                "SELECT seq, leaf FROM countermark_statement WHERE origin = %s AND idx IS NULL ORDER BY seq LIMIT %s",
                [origin, limit],
            )
            return [(int(seq), bytes(leaf)) for seq, leaf in cursor.fetchall()]

    def place(self, origin: str, places: Sequence[tuple[int, int]]) -> None:
        with connections[self.alias].cursor() as cursor:
            cursor.executemany(
                "UPDATE countermark_statement SET idx = %s WHERE seq = %s AND idx IS NULL", list(places)
            )
            if cursor.rowcount != len(places):
                raise Raced(f"Another process numbered entries of {origin} first.")

    def public(self, origin: str) -> list[StatementRow]:
        return self._read(
            "WHERE origin = %s AND idx IS NOT NULL AND kind IN ('trust-list', 'policy', 'key-event') ORDER BY idx",
            [origin],
        )

    def of_kind(self, origin: str, kind: str, sub: str = "") -> list[StatementRow]:
        if sub:
            return self._read(
                "WHERE sub = %s AND origin = %s AND kind = %s ORDER BY seq", [sub, origin, kind]
            )
        return self._read("WHERE origin = %s AND kind = %s ORDER BY seq", [origin, kind])

    def refused(self, origin: str, first: int, end: int) -> list[tuple[int, str]]:
        with connections[self.alias].cursor() as cursor:
            cursor.execute(
                "SELECT idx, refusal FROM countermark_statement"
                " WHERE origin = %s AND idx >= %s AND idx < %s AND refusal <> '' ORDER BY idx",
                [origin, first, end],
            )
            return [(int(index), str(refusal)) for index, refusal in cursor.fetchall()]

    def missing(self, origin: str, aud: str, first: int, end: int) -> list[int]:
        with connections[self.alias].cursor() as cursor:
            cursor.execute(
                "SELECT idx FROM countermark_statement WHERE origin = %s AND idx >= %s AND idx < %s"
                " AND aud = %s AND content IS NULL AND refusal = '' ORDER BY idx",
                [origin, first, end, aud],
            )
            return [int(index) for (index,) in cursor.fetchall()]

    def refuse(self, origin: str, index: int, code: str) -> None:
        with connections[self.alias].cursor() as cursor:
            cursor.execute(
                "UPDATE countermark_statement SET refusal = %s WHERE origin = %s AND idx = %s",
                [code, origin, index],
            )

    def kinds(self, origin: str, first: int, end: int) -> set[str]:
        with connections[self.alias].cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT kind FROM countermark_statement WHERE origin = %s AND idx >= %s AND idx < %s",
                [origin, first, end],
            )
            return {str(kind) for (kind,) in cursor.fetchall()}

    def _read(self, where: str, values: list[Any]) -> list[StatementRow]:
        with connections[self.alias].cursor() as cursor:
            cursor.execute(f"{READ} {where}", values)
            return [_row(*columns) for columns in cursor.fetchall()]


def _columns(row: NewStatement) -> tuple[Any, ...]:
    key = leaf_hash(row.leaf)
    if row.header is None:
        return (row.origin, row.index, key, "", "", "", 0, key[:16], row.leaf, None, row.refusal)
    header = row.header
    aud = header.aud or ""
    return (
        row.origin, row.index, key, header.kind, header.sub, aud, header.iat, header.cti,
        row.leaf, row.content, row.refusal,
    )  # fmt: skip


def _row(origin: str, index: int | None, leaf: Any, content: Any, refusal: str) -> StatementRow:
    return StatementRow(origin, index, bytes(leaf), None if content is None else bytes(content), refusal)
