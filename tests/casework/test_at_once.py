"""Several processes at one database and one folder: no limit passed, no number missing, one log, every entry once."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from time import time

import other_processes
import pytest

from countermark.adapters.db.models import Statement
from countermark.casework.apply import apply
from countermark.casework.publish import publish
from countermark.casework.use import balances_of
from countermark.corridor.received import read_received
from two_parties import Pair, cattle, certify

PROCESSES = 4
LEAD_SECONDS = 0.4


@pytest.fixture(scope="module")
def processes() -> Iterator[ProcessPoolExecutor]:
    """Started anew, not forked: nothing of this process is shared with them."""
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn")) as pool:
        list(pool.map(abs, range(PROCESSES)))
        yield pool


def soon() -> float:
    return time() + LEAD_SECONDS


def test_eight_uses_at_once_never_draw_more_than_there_is(any_pair: Pair, processes: ProcessPoolExecutor):
    pair = any_pair
    issued = certify(pair.by, cattle("eight"))
    pair.settle()
    now, moment = pair.clock.now(), soon()
    tasks = [
        processes.submit(
            other_processes.use_in_threads, pair.az.folder, now, moment, issued.number, [f"AZ-{n}", f"AZ-{n + 4}"]
        )
        for n in range(PROCESSES)
    ]  # fmt: skip
    answers = sorted(answer for task in tasks for answer in task.result(60))
    assert answers == ["beyond-certified"] * 2 + ["used"] * 6
    (balance,) = balances_of(pair.az.office, issued.sub)
    assert balance.used == 60
    office = pair.az.office
    assert len(office.store.statements.of_kind(office.origin, "used")) == 6
    pair.settle()
    assert len(pair.by.office.store.register.drawings("reported", issued.sub)) == 6


def test_one_declaration_sent_eight_times_at_once_draws_once(any_pair: Pair, processes: ProcessPoolExecutor):
    pair = any_pair
    issued = certify(pair.by, cattle("same"))
    pair.settle()
    now, moment = pair.clock.now(), soon()
    tasks = [
        processes.submit(
            other_processes.use_in_threads, pair.az.folder, now, moment, issued.number, ["AZ-1", "AZ-1"]
        )
        for _ in range(PROCESSES)
    ]
    assert [answer for task in tasks for answer in task.result(60)] == ["used"] * 8
    (balance,) = balances_of(pair.az.office, issued.sub)
    assert balance.used == 10
    office = pair.az.office
    assert len(office.store.statements.of_kind(office.origin, "used")) == 1


def test_one_application_issued_by_all_at_once_has_one_certificate(
    any_pair: Pair, processes: ProcessPoolExecutor
):
    pair = any_pair
    id = apply(pair.by.office, cattle("one")).id
    now, moment = pair.clock.now(), soon()
    tasks = [
        processes.submit(other_processes.issue_one, pair.by.folder, now, moment, id) for _ in range(PROCESSES)
    ]
    assert {task.result(60) for task in tasks} == {"BYAZ6101000001"}
    assert pair.by.office.store.register.last_number("2026/101") == 1


def test_sequencers_at_once_make_one_log_and_numbers_without_gaps(
    any_pair: Pair, processes: ProcessPoolExecutor
):
    pair = any_pair
    each = 6
    now, moment = pair.clock.now(), soon()
    tasks = [
        processes.submit(other_processes.issue_and_publish, pair.by.folder, now, moment, f"p{n}", each)
        for n in range(PROCESSES)
    ]
    numbers = sorted(number for task in tasks for number in task.result(60))
    assert numbers == [f"BYAZ6101{serial:06}" for serial in range(1, PROCESSES * each + 1)]
    publish(pair.by.office)
    indexes = list(
        Statement.objects.using(pair.by.access.alias)
        .filter(origin=pair.by.office.origin)
        .order_by("index")
        .values_list("index", flat=True)
    )
    assert indexes == list(range(len(indexes)))
    pair.settle()
    for report in pair.audits():
        assert report.ok, report.findings
    for number in numbers:
        assert len(pair.az.office.store.register.certificates(number)) == 1
    leftovers = [file.name for file in (pair.by.folder / "log").rglob("*.part")]
    assert leftovers == []


def test_followers_at_once_take_each_entry_once_and_say_received_once(
    any_pair: Pair, processes: ProcessPoolExecutor
):
    pair = any_pair
    numbers = [certify(pair.by, cattle(f"many-{n}")).number for n in range(12)]
    publish(pair.by.office)
    now, moment = pair.clock.now(), soon()
    tasks = [
        processes.submit(
            other_processes.follow_often, (pair.by.folder, pair.az.folder), now, moment, 3
        )
        for _ in range(PROCESSES)
    ]  # fmt: skip
    assert [task.result(60) for task in tasks] == [[]] * PROCESSES
    statements = pair.az.office.store.statements
    head = pair.by.office.store.logs.head(pair.by.office.origin)
    assert head is not None
    rows = statements.page(pair.by.office.origin, 0, 1000)
    assert [row.index for row in rows] == list(range(head.size))
    assert len({row.leaf for row in rows}) == head.size
    for number in numbers:
        assert len(pair.az.office.store.register.certificates(number)) == 1
    told = [
        read_received(row.content or b"")[0].size
        for row in statements.of_kind(pair.az.office.origin, "received")
    ]
    assert told == sorted(set(told))
    assert told[-1] == head.size
    pair.settle()
    for report in pair.audits():
        assert report.ok, report.findings
