"""Which cosignatures an offline bundle carries as proof of time."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.casework.bundling import MOST_CHECKPOINTS, kept_cosignatures
from countermark.casework.ports import CosignatureRow

START = 1_800_000_000


def rows(count: int, apart: int, *witnesses: str) -> list[CosignatureRow]:
    return [
        CosignatureRow("by", n + 1, witnesses[n % len(witnesses)], START + n * apart, "")
        for n in range(count)
    ]


def test_of_few_cosignatures_every_one_is_kept():
    few = rows(500, 3, "az")
    assert kept_cosignatures(few) == few


@settings(max_examples=8, deadline=None)
@given(st.integers(1, 60), st.integers(1, 3))
def test_a_busy_log_fits_and_proves_time_evenly(minutes, partners):
    witnesses = ("az", "ge", "am")[:partners]
    busy = rows(12_000, minutes * 60 // partners, *witnesses)
    kept = kept_cosignatures(busy)
    assert len(kept) < MOST_CHECKPOINTS
    for witness in witnesses:
        own = [row for row in busy if row.witness == witness]
        times = sorted(row.time for row in kept if row.witness == witness)
        assert times[-1] == own[-1].time
        assert max(later - earlier for earlier, later in pairwise(times)) <= 2 * 86_400
