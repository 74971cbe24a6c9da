"""The party's database as the casework sees it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, transaction

from countermark.adapters.db.cases import DjangoCases
from countermark.adapters.db.logs import DjangoLogs
from countermark.adapters.db.register import DjangoRegister
from countermark.adapters.db.statements import DjangoStatements
from countermark.casework.ports import Cases, Logs, Register, Statements

WRITER = 0x636D
"""The advisory lock that a writer in a party's PostgreSQL database holds."""


class DjangoStore:
    """All tables of one party, by its connection alias."""

    def __init__(self, alias: str) -> None:
        self.alias = alias
        self.statements: Statements = DjangoStatements(alias)
        self.logs: Logs = DjangoLogs(alias)
        self.register: Register = DjangoRegister(alias)
        self.cases: Cases = DjangoCases(alias)

    def forget_broken_connection(self) -> None:
        """After a failure: a connection that no longer works is closed, so that the next use opens a new one."""
        connections[self.alias].close_if_unusable_or_obsolete()

    def close(self) -> None:
        """Give up this thread's connection; the next use opens another."""
        connections[self.alias].close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        connection = connections[self.alias]
        outermost = not connection.in_atomic_block
        with transaction.atomic(using=self.alias):
            if outermost and connection.vendor == "postgresql":
                # SQLite lets one writer in by itself; here one lock, held to the commit, does the same.
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITER])
            yield
