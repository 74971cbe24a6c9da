"""The background work goes on when the partner is away, and when the database was."""

from __future__ import annotations

import logging
from time import sleep

import psycopg
import pytest

from countermark.adapters.party import open_party
from countermark.adapters.worker import Worker
from countermark.trust.audit import Check
from countermark.trust.checkpoint import Checkpoint, Note
from postgresql_server import PostgresqlServer
from two_parties import Pair, audit, cattle, certify, disconnect

PATIENCE = 100


def published(pair: Pair) -> int:
    return Checkpoint.read(Note.read((pair.by.folder / "log" / "checkpoint").read_bytes()).body).size


def wait_for(pair: Pair, size: int) -> None:
    for _ in range(PATIENCE):
        if published(pair) >= size:
            return
        sleep(0.1)
    raise AssertionError(f"{size} entries were not published; {published(pair)} are")


def test_it_publishes_though_the_partner_is_away_and_the_connection_was_cut(
    pair_on_postgresql: Pair, postgresql: PostgresqlServer, caplog: pytest.LogCaptureFixture
):
    pair = pair_on_postgresql
    caplog.set_level(logging.CRITICAL)
    size = published(pair)
    worker = Worker(open_party(pair.by.folder, pair.clock))
    worker.start()
    try:
        certify(pair.by, cattle("first"))
        wait_for(pair, size + 1)
        name = pair.by.terms.database.rpartition("/")[2]
        with psycopg.connect(postgresql.url("postgres"), autocommit=True) as other:
            cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s"
            assert other.execute(cut, [name]).fetchone() == (2,)
        disconnect(pair.by)
        certify(pair.by, cattle("second"))
        wait_for(pair, size + 2)
    finally:
        worker.stop()
    assert not worker.thread.is_alive()
    failed = audit(pair.by).first_failure
    assert failed is None or failed.check is Check.COSIGNATURES
