"""Time a job in slices, each between two slices of the reference, and say the median of the ratios.

The reference is one verification of an Ed25519 signature over 1 KB by ``cryptography``. Machines are shared and
drift within seconds: only the ratio of two neighbouring slices is worth quoting.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

REFERENCE = "one Ed25519 verification of 1 KB, same run"
SLICE = 400
"""Reference verifications in one slice: about 50 ms."""

Job = Callable[[], int]
"""Does a slice of work and says how many units it did."""


@dataclass(frozen=True, slots=True)
class Result:
    """A job's figure. ``ratio`` is its rate over the reference's, or for ``costs`` the verifications one unit costs."""

    job: str
    ratio: float
    rate_per_s: float
    costs: bool
    least: float
    most: float
    target: str

    @property
    def plain(self) -> dict[str, object]:
        return {
            "job": self.job,
            "ratio": round(self.ratio, 4),
            "rate_per_s": round(self.rate_per_s, 1),
            "reference": REFERENCE,
            "unit": "verifications each" if self.costs else "rate over the reference's",
            "least": round(self.least, 4),
            "most": round(self.most, 4),
        }


class Reference:
    """The raw limit of this machine, now."""

    def __init__(self) -> None:
        key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
        self.message = bytes(1024)
        self.signature = key.sign(self.message)
        self.key = key.public_key()

    def seconds(self, clock: Callable[[], float]) -> float:
        """For one verification, by a slice of them."""
        start = clock()
        for _ in range(SLICE):
            self.key.verify(self.signature, self.message)
        return (clock() - start) / SLICE


def measure(name: str, job: Job, rounds: int, *, costs: bool = False, target: str = "") -> Result:
    """The median over rounds. A job that ``costs`` is judged by processor time: its work waits for the disk."""
    reference = Reference()
    clock = process_time if costs else perf_counter
    job()
    ratios, rates = [], []
    for _ in range(rounds):
        before = reference.seconds(clock)
        start = clock()
        units = job()
        each = (clock() - start) / units
        raw = (before + reference.seconds(clock)) / 2
        ratios.append(each / raw if costs else raw / each)
        rates.append(1 / each)
    return Result(name, median(ratios), median(rates), costs, min(ratios), max(ratios), target)
