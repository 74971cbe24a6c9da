"""Two real servers, killed again and again while they work: nothing is lost, nothing happens twice."""

from __future__ import annotations

import os
import random
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from countermark.adapters.db.models import Statement
from countermark.adapters.party import open_party
from countermark.casework.use import balances_of
from countermark.cli.demo.api import Api, Refused
from countermark.cli.demo.servers import Server, found_both
from two_parties import audit_folder, cattle, disconnect

pytestmark = pytest.mark.slow
SEED = 20091120
CERTIFICATES = 40
KILLS = {"BY": 5, "AZ": 3}
MOST_AFTER = 0.05
"""Seconds into the making of a certificate at which a server dies."""
PATIENCE = 60
ORPHAN_SECONDS = 1.5


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[dict[str, Server]]:
    found = found_both(tmp_path)
    yield found
    for server in found.values():
        server.stop()


@pytest.fixture
def apis(servers: dict[str, Server]) -> Iterator[tuple[Api, Api]]:
    by, az = Api.to(servers["BY"]), Api.to(servers["AZ"])
    yield by, az
    for api in (by, az):
        api.http.close()


def wait_until(what: str, ready: Callable[[], bool]) -> None:
    until = monotonic() + PATIENCE
    while not ready():
        assert monotonic() < until, f"{what}: not within {PATIENCE} seconds"
        sleep(0.1)


def kill(server: Server) -> None:
    """The main process only, without a warning: what it started has to notice by itself."""
    if server.process is not None:
        os.kill(server.process.pid, signal.SIGKILL)


def test_what_was_issued_and_used_is_there_once_whenever_a_server_is_killed(
    servers: dict[str, Server], apis: tuple[Api, Api]
):
    chance = random.Random(SEED)
    deaths: dict[int, list[str]] = {}
    for code, times in KILLS.items():
        for n in chance.sample(range(2, CERTIFICATES), times):
            deaths.setdefault(n, []).append(code)
    by, az = apis
    issued: list[dict[str, Any]] = []
    timers: list[threading.Timer] = []
    for n in range(CERTIFICATES):
        for server in servers.values():
            server.ensure()
        for code in deaths.get(n, []):
            timers.append(threading.Timer(chance.uniform(0, MOST_AFTER), kill, [servers[code]]))
            timers[-1].start()
        id = by.post("exporter", "/api/applications", cattle(f"kill-{n}"))["id"]
        issued.append(by.post("officer", f"/api/applications/{id}/certificate", {}))
        if n % 4 == 3:
            use(az, issued[n // 4], n)
    for timer in timers:
        timer.join()
    for n, certificate in enumerate(issued):
        wait_until(
            f"{certificate['number']} received", lambda number=certificate["number"]: received(by, number)
        )  # type: ignore[misc]
        assert use(az, certificate, 1000 + n)
        if n == CERTIFICATES // 2:
            kill(servers["AZ"])
    numbers = [certificate["number"] for certificate in issued]
    for number in numbers:
        wait_until(f"uses of {number} reported", lambda number=number: reported(by, number))  # type: ignore[misc]
    wait_until("both logs cosigned", lambda: all(cosigned(api) for api in (by, az)))
    for server in servers.values():
        server.stop()
    assert numbers == [f"BYAZ{numbers[0][4]}101{serial:06}" for serial in range(1, CERTIFICATES + 1)]
    assert sum(server.starts for server in servers.values()) >= len(servers) + 4
    assert_nothing_lost_or_doubled(servers, issued)


def use(az: Api, certificate: dict[str, Any], n: int) -> bool:
    """Three heifers for a declaration; false while the certificate is still on its way."""
    body = {
        "number": certificate["number"], "date": certificate["date"], "declaration": f"AZ-{n}", "office": "Baku",
        "registered": certificate["date"], "lines": [{"item": 1, "quantity": "3", "unit": "pcs"}],
    }  # fmt: skip
    try:
        az.post("customs", "/api/uses", body)
    except Refused as refused:
        if refused.code != "not-found":
            raise
        return False
    return True


def received(by: Api, number: str) -> bool:
    return by.get("officer", f"/api/certificates/{number}")["received"] is True


def reported(by: Api, number: str) -> bool:
    uses = by.get("officer", f"/api/certificates/{number}")["uses"]
    return any(int(each["declaration"].rpartition("-")[2]) >= 1000 for each in uses)


def cosigned(api: Api) -> bool:
    return "/witness " in api.checkpoint()


def assert_nothing_lost_or_doubled(servers: dict[str, Server], issued: list[dict[str, Any]]) -> None:
    by, az = (open_party(servers[code].folder) for code in ("BY", "AZ"))
    for server in servers.values():
        report = audit_folder(server.folder)
        assert report.ok, report.findings
    for source, follower in ((by, az), (az, by)):
        own = rows(source, source.office.origin)
        held = rows(follower, source.office.origin)
        assert [index for index, _, _ in own] == list(range(len(own)))
        assert held == own[: len(held)]
        assert len(own) - len(held) <= 1, "all but a last receipt must have arrived"
        assert follower.office.store.statements.refused(source.office.origin, 0, 10_000) == []
    for certificate in issued:
        (theirs,) = az.office.store.register.certificates(certificate["number"])
        (ours,) = by.office.store.register.certificates(certificate["number"])
        assert theirs == ours
        assert theirs.leaf_hash.hex() == certificate["leaf_hash"]
        (balance,) = balances_of(az.office, theirs.sub)
        reports = by.office.store.register.drawings("reported", theirs.sub)
        drawn = az.office.store.register.drawings("use", theirs.sub)
        assert balance.used == 3 * len(drawn)
        assert {each.cause for each in reports} == {each.cause for each in drawn}
    disconnect(by)
    disconnect(az)


def rows(party: Any, origin: str) -> list[tuple[int, bytes, str]]:
    found = Statement.objects.using(party.access.alias).filter(origin=origin).order_by("index")
    return [(index, bytes(leaf), kind) for index, leaf, kind in found.values_list("index", "leaf", "kind")]


def test_a_killed_server_leaves_no_half_of_itself_at_the_port(servers: dict[str, Server]):
    server = servers["BY"]
    server.ensure()
    assert server.process is not None
    pid = server.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children")
    if not children.exists():
        pytest.skip("this system does not list a process's children")
    workers = [int(each) for each in children.read_text().split()]
    assert workers
    kill(server)
    killed = monotonic()
    server.process.wait()
    port = int(server.url.rpartition(":")[2])
    while answers(port) or any(alive(worker) for worker in workers):
        assert monotonic() - killed < ORPHAN_SECONDS, "a worker outlives its server"
        sleep(0.05)
    server.ensure()
    assert answers(port)


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def alive(pid: int) -> bool:
    """Running: a process that has ended and that nobody has asked about is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
