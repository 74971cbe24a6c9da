"""Fixtures: two connected parties on SQLite or PostgreSQL, founded once a run and copied for each test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connections

from countermark.adapters.db.connect import create_tables, open_database
from countermark.adapters.db.store import DjangoStore
from countermark.adapters.party import read_terms
from postgresql_server import NotInstalled, PostgresqlServer
from two_parties import PARTIES, Pair, SetClock, copy_pair, found_pair

ENGINES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    server = PostgresqlServer()
    try:
        server.start()
    except NotInstalled as missing:
        server.stop()
        if os.environ.get("CI"):
            raise
        pytest.skip(str(missing))
    except Exception as error:
        server.stop()
        if os.environ.get("CI"):
            raise
        pytest.skip(f"PostgreSQL is installed but did not start: {error}")
    yield server
    server.stop()


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database; empty for SQLite."""
    if request.param == "sqlite":
        return ""
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    return server.database()


@pytest.fixture
def store(database: str, tmp_path: Path) -> Iterator[DjangoStore]:
    """The tables of a party, empty."""
    alias = open_database(tmp_path, database)
    create_tables(alias)
    yield DjangoStore(alias)
    connections[alias].close()


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("founded")
    pair = found_pair(folder, SetClock(), {})
    pair.settle()
    pair.close()
    return folder


@pytest.fixture(scope="session")
def founded_on_postgresql(postgresql: PostgresqlServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("founded-on-postgresql")
    pair = found_pair(folder, SetClock(), {code: postgresql.database() for code in PARTIES})
    pair.settle()
    pair.close()
    return folder


@pytest.fixture
def clock() -> SetClock:
    clock = SetClock()
    clock.wait(minutes=5)
    return clock


@pytest.fixture
def pair(founded: Path, tmp_path: Path, clock: SetClock) -> Iterator[Pair]:
    """Two connected parties on SQLite."""
    pair = copy_pair(founded, tmp_path, clock, {})
    yield pair
    pair.close()


@pytest.fixture
def pair_on_postgresql(
    founded_on_postgresql: Path, postgresql: PostgresqlServer, tmp_path: Path, clock: SetClock
) -> Iterator[Pair]:
    databases = {}
    for code in PARTIES:
        model = read_terms(founded_on_postgresql / code.lower()).database.rpartition("/")[2]
        databases[code] = postgresql.database(model)
    pair = copy_pair(founded_on_postgresql, tmp_path, clock, databases)
    yield pair
    pair.close()


@pytest.fixture(params=ENGINES)
def any_pair(request: pytest.FixtureRequest) -> Pair:
    """Two connected parties, on each database there is."""
    name = "pair" if request.param == "sqlite" else "pair_on_postgresql"
    pair: Pair = request.getfixturevalue(name)
    return pair


@pytest.fixture
def copies(founded: Path, tmp_path: Path, clock: SetClock) -> Iterator[Callable[[str], Pair]]:
    """More pairs, each in a folder of its own."""
    made: list[Pair] = []

    def another(name: str) -> Pair:
        made.append(copy_pair(founded, tmp_path / name, clock, {}))
        return made[-1]

    yield another
    for each in made:
        each.close()
