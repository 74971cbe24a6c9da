"""What the processes of ``test_at_once`` do: open a party's folder each for itself, wait for the moment, act."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from time import sleep, time

from countermark.adapters.party import OpenParty, open_party
from countermark.casework.issue import issue
from countermark.casework.publish import publish
from countermark.casework.receive import follow
from countermark.casework.refusal import Refusal
from countermark.casework.use import use
from two_parties import OFFICER, InProcess, SetClock, cattle, certify, declared, pieces


def _at(moment: float) -> None:
    sleep(max(0.0, moment - time()))


def _closing(*parties: OpenParty) -> None:
    for party in parties:
        party.store.close()


def use_in_threads(folder: Path, now: datetime, moment: float, number: str, causes: list[str]) -> list[str]:
    """Ten pieces for each declaration, each in a thread of its own: ``used`` or the refusal's code."""
    party = open_party(folder, SetClock(now))
    answers: list[str] = []

    def one(cause: str) -> None:
        try:
            use(party.office, number, "2026-11-20", pieces("10"), declared(cause))
            answers.append("used")
        except Refusal as refusal:
            answers.append(refusal.code)
        except Exception as error:
            answers.append(repr(error))
        finally:
            _closing(party)

    _at(moment)
    _together([lambda cause=cause: one(cause) for cause in causes])
    _closing(party)
    return answers


def _together(work: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=each) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def issue_and_publish(folder: Path, now: datetime, moment: float, name: str, count: int) -> list[str]:
    """Certificates one by one, the log published after each; every third application refused in between."""
    party = open_party(folder, SetClock(now))
    _at(moment)
    numbers = []
    for n in range(count):
        numbers.append(certify(party, cattle(f"{name}-{n}")).number)
        publish(party.office)
        if n % 3 == 0:
            with suppress(Refusal):
                issue(party.office, ["no such application"], OFFICER)
    _closing(party)
    return numbers


def issue_one(folder: Path, now: datetime, moment: float, id: str) -> str:
    party = open_party(folder, SetClock(now))
    _at(moment)
    (issued,) = issue(party.office, [id], OFFICER)
    _closing(party)
    return issued.number


def follow_often(folders: tuple[Path, Path], now: datetime, moment: float, times: int) -> list[str]:
    """The second party follows the first: what came of each time."""
    by, az = (open_party(folder, SetClock(now)) for folder in folders)
    _at(moment)
    faults = [follow(az.office, "BY", InProcess(by.office, "AZ")) for _ in range(times)]
    _closing(by, az)
    return [fault.sentence for fault in faults if fault]
