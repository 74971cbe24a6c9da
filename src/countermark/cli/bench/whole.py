"""Jobs of whole parties, on real databases, files and keys, without HTTP: publish, follow, the main job."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from countermark.adapters.clock import SystemClock
from countermark.adapters.founding import connect_partner, found_party
from countermark.adapters.party import OpenParty
from countermark.casework.apply import apply
from countermark.casework.check import check
from countermark.casework.cosign import accept_cosignature
from countermark.casework.feed import feed_page
from countermark.casework.issue import Issued, issue
from countermark.casework.publish import publish
from countermark.casework.receive import follow, receive_page
from countermark.casework.sign import new_subject, sign
from countermark.casework.use import Declared, Drawn, use
from countermark.cli.bench.samples import application
from countermark.cli.bench.timing import Job
from countermark.cli.demo.servers import terms_of
from countermark.corridor.card import read_card
from countermark.corridor.feed import Fault

BATCH = 256


@dataclass(frozen=True, slots=True)
class InProcess:
    """A partner's feed without a network: the partner's own verbs, called."""

    maker: OpenParty
    reader: str

    def feed(self, first: int, limit: int) -> bytes:
        return feed_page(self.maker.office, self.reader, first, limit)

    def bring_cosignature(self, origin: str, note: str) -> None:  # noqa: ARG002
        accept_cosignature(self.maker.office, self.reader, note.encode())


@dataclass(slots=True)
class Pair:
    """Two connected parties in one process."""

    by: OpenParty
    az: OpenParty
    references: Iterator[int]

    def issued(self, number: int) -> list[Issued]:
        """Apply for and issue so many certificates, 256 in a transaction."""
        made: list[Issued] = []
        while len(made) < number:
            batch = min(BATCH, number - len(made))
            ids = [apply(self.by.office, application(f"b-{next(self.references)}")).id for _ in range(batch)]
            made += issue(self.by.office, ids, "Officer 7")
        return made

    def forth(self) -> None:
        publish(self.by.office)
        follow(self.az.office, "BY", InProcess(self.by, "AZ"))

    def back(self) -> None:
        publish(self.az.office)
        follow(self.by.office, "AZ", InProcess(self.az, "BY"))


Prepare = Callable[[Pair, int], Job]
"""(the pair, how many rounds will be timed) -> the job"""


@contextmanager
def pair() -> Iterator[Pair]:
    """Founded in a temporary folder, gone afterwards."""
    with TemporaryDirectory(prefix="countermark-bench-") as folder:
        by, az = (found_party(Path(folder) / code, terms_of(code, 1), SystemClock()) for code in ("BY", "AZ"))
        connect_partner(by, read_card(az.card))
        connect_partner(az, read_card(by.card))
        both = Pair(by, az, count())
        both.forth()
        both.back()
        yield both
        by.close()
        az.close()


def append_durable(both: Pair, _rounds: int) -> Job:
    """From the signature to the published checkpoint: queue, tiles, head, files, in batches of 256."""
    office = both.by.office

    def job() -> int:
        content = office.ids.random(1000)
        queued = [sign(office, "issued", content, sub=new_subject(office), aud="AZ") for _ in range(BATCH)]
        with office.store.transaction():
            office.store.statements.add(queued)
        publish(office)
        return BATCH

    return job


def follow_feed(both: Pair, rounds: int) -> Job:
    """Pages of 256 certificates from memory: verified, joined to the tree, stored with their effects, durably."""
    both.issued((rounds + 1) * BATCH)
    publish(both.by.office)
    partner = both.az.office.store.cases.partner("BY")
    head = both.az.office.store.logs.head(both.by.office.origin)
    if partner is None or head is None:
        raise ArithmeticError("the corridor is not open")
    firsts = iter(range(head.size, head.size + (rounds + 1) * BATCH, BATCH))
    pages = iter([feed_page(both.by.office, "AZ", first, BATCH) for first in firsts])

    def job() -> int:
        if isinstance(found := receive_page(both.az.office, partner, next(pages)), Fault):
            raise ArithmeticError(found.sentence)
        return BATCH

    return job


def main_job(batch: int) -> Prepare:
    """Both parties' whole work for one certificate, so many at a time: apply to reported use."""

    def prepare(both: Pair, _rounds: int) -> Job:
        def job() -> int:
            made = both.issued(batch)
            both.forth()
            for issued in made:
                _clear(both, issued)
            both.back()
            both.forth()
            return batch

        return job

    return prepare


def _clear(both: Pair, issued: Issued) -> None:
    """Customs checks the certificate and uses it whole."""
    office, dated = both.az.office, issued.dated.isoformat()
    found = check(office, issued.number, dated)
    lines = [Drawn(b.item, Decimal(40), b.unit) for b in found.balances]
    use(office, issued.number, dated, lines, Declared(f"D-{issued.number}", "Baku", issued.dated))


JOBS: dict[str, tuple[Prepare, str]] = {
    "append-durable": (append_durable, ""),
    "follow-feed": (follow_feed, "0.50"),
    "main-job": (main_job(BATCH), "20, then 12"),
    "main-job-1": (main_job(1), ""),
}
"""By name: how to prepare the job, and its target where the design names one."""

COSTS = ("main-job", "main-job-1")
"""Judged by what one certificate costs in reference verifications, of processor time."""
