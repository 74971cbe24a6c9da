"""The one way rows of legal facts are written in bulk: the connection's ``executemany``, columns from the model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db import connections
from django.db.models import Model


@lru_cache(maxsize=64)
def _sql(model: type[Model], columns: tuple[str, ...], unless_there: bool) -> str:
    fields = {f.name: f.column for f in model._meta.concrete_fields}
    names = ", ".join(f'"{fields[c]}"' for c in columns)
    marks = ", ".join(["%s"] * len(columns))
    end = " ON CONFLICT DO NOTHING" if unless_there else ""
    return f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({marks}){end}'


def storable(text: str) -> bool:
    """Whether a text can stand in a table at all: PostgreSQL takes no NUL, UTF-8 no half of a surrogate pair."""
    return "\x00" not in text and text.encode(errors="replace").decode() == text


def insert(
    alias: str,
    model: type[Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    unless_there: bool = False,
) -> None:
    """Insert the rows in the current transaction; a broken unique constraint raises Django's IntegrityError."""
    batch = list(rows)
    if batch:
        with connections[alias].cursor() as cursor:
            cursor.executemany(_sql(model, tuple(columns), unless_there), batch)
