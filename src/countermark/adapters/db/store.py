"""The party's database as the casework sees it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from countermark.adapters.db.cases import DjangoCases
from countermark.adapters.db.logs import DjangoLogs
from countermark.adapters.db.register import DjangoRegister
from countermark.adapters.db.statements import DjangoStatements
from countermark.casework.ports import Cases, Logs, Register, Statements


class DjangoStore:
    """All tables of one party, by its connection alias."""

    def __init__(self, alias: str) -> None:
        self.alias = alias
        self.statements: Statements = DjangoStatements(alias)
        self.logs: Logs = DjangoLogs(alias)
        self.register: Register = DjangoRegister(alias)
        self.cases: Cases = DjangoCases(alias)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with transaction.atomic(using=self.alias):
            yield
