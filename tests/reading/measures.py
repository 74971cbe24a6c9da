"""What is measured of the reader over the published rules, once a run: statuses, checks, changes, the oracle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from reading.checks import CHECKS, failures, only_in_words
from reading.corpus import Text, texts
from reading.mutations import KINDS, Trial, sampled, tried
from reading.oracle import Comparison, comparisons, incomparable
from reading.readings import READ, Result, in_two, read_all

SAMPLE = 1500
SEED = 20261
ORDER = ("crash", "manual", "partial", "attested", "exact")
"""A pattern counts by the worst of its texts."""
MEANT_ALIKE = ("number", "and-or-between-codes")
"""Changes counted apart: a footnote's or a note's number, and the conjunction of a list of codes."""


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def rate(self) -> float:
        return self.part / self.whole if self.whole else 1.0

    def __str__(self) -> str:
        return f"{self.rate * 100:.2f} %" if self.whole else "-"


@dataclass(frozen=True)
class Measures:
    """The readings of all distinct texts, and what became of the checks."""

    texts: list[Text]
    results: dict[str, Result]
    failed: dict[str, dict[str, str]]
    """By text, of those that were read at least in part: the checks that fail."""
    trials: list[Trial]
    compared: list[Comparison]

    def statuses(self, entries: Iterable[Text] | None = None, scheme: str = "") -> Counter[str]:
        """Rules by status; of one rule set only if named."""
        counted = Counter[str]()
        for entry in self.texts if entries is None else entries:
            counted[self.results[entry.text].status] += entry.schemes[scheme] if scheme else entry.count
        return +counted

    def patterns(self, scheme: str = "") -> Counter[str]:
        """Distinct patterns by the worst status of their texts."""
        worst: dict[str, str] = {}
        for entry in self.texts:
            if not scheme or scheme in entry.schemes:
                status = self.results[entry.text].status
                worst[entry.pattern] = min(worst.get(entry.pattern, status), status, key=ORDER.index)
        return Counter(worst.values())

    def tried_texts(self) -> list[Text]:
        """The texts that the checks are about: a ``manual`` reading states nothing that could be wrong."""
        return [e for e in self.texts if self.results[e.text].status not in ("manual", "empty")]

    def check(self, name: str, weight: Callable[[Text], int] = lambda text: 1) -> Share:
        checked = self.tried_texts()
        return Share(
            sum(weight(e) for e in checked if name not in self.failed[e.text]), sum(map(weight, checked))
        )

    def every_check(self, weight: Callable[[Text], int] = lambda text: 1) -> Share:
        checked = self.tried_texts()
        return Share(sum(weight(e) for e in checked if not self.failed[e.text]), sum(map(weight, checked)))

    def kept_in_words(self) -> Share:
        checked = self.tried_texts()
        return Share(sum(bool(only_in_words(self.results[e.text])) for e in checked), len(checked))

    def changes(self, *kinds: str) -> Share:
        """Of the changes tried, those that changed the expression or the status."""
        made = sum(trial.tried[kind] for trial in self.trials for kind in kinds)
        same = sum(each.kind in kinds for trial in self.trials for each in trial.unchanged)
        return Share(made - same, made)

    def wholly_seen(self) -> Share:
        """Of the texts, those of which every change of ``CHANGE_KINDS`` was seen."""
        blind = sum(any(each.kind in CHANGE_KINDS for each in trial.unchanged) for trial in self.trials)
        return Share(len(self.trials) - blind, len(self.trials))

    def oracle(self, weight: Callable[[Comparison], int] = lambda compared: 1) -> tuple[Share, Share]:
        """Of the comparable, those read; of those read, those that agree."""
        read = [c for c in self.compared if c.result.read]
        every, of_read = sum(map(weight, self.compared)), sum(map(weight, read))
        return Share(of_read, every), Share(sum(weight(c) for c in read if c.agrees), of_read)

    def disagreements(self) -> list[Comparison]:
        found = [c for c in self.compared if c.result.read and not c.agrees]
        return sorted(found, key=lambda c: (-c.count, c.key))

    def left_out_of_oracle(self) -> Counter[str]:
        return Counter(why for entry in self.texts if entry.classes and (why := incomparable(entry)))


def share(counted: Counter[str], *statuses: str) -> Share:
    return Share(sum(counted[status] for status in statuses or READ), counted.total())


CHANGE_KINDS = tuple(kind for kind in KINDS if kind not in MEANT_ALIKE)
ALL_CHECKS = CHECKS


@cache
def measured(path: Path) -> Measures:
    """Everything measured over the rules of a file. The sample of the changes is drawn by ``SEED``."""
    found = texts(path)
    entries = [(t.text, t.heading, t.lang) for t in found]
    results = dict(zip((t.text for t in found), read_all(entries), strict=True))
    read = [e for e in found if results[e.text].status not in ("manual", "empty", "crash")]
    chosen = sampled(read, SAMPLE, SEED)
    trials = in_two(tried, [(e.text, e.heading, e.lang) for e in chosen], 16)
    failed: dict[str, dict[str, Any]] = {e.text: failures(results[e.text]) for e in found}
    return Measures(found, results, failed, trials, list(comparisons(found, results)))
