"""The HS codes shipped with the package, loaded once."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from countermark.goods.hs import HSEdition


@lru_cache(maxsize=1)
def hs_2022() -> HSEdition:
    """The Harmonized System of 2022: 96 chapters, 1,228 headings, 5,612 subheadings."""
    text = files("countermark.goods").joinpath("hs2022.txt").read_text(encoding="utf-8")
    codes: set[str] = set()
    for line in text.splitlines()[1:]:
        heading, *tails = line.split()
        codes.update((heading[:2], heading), (heading + tail for tail in tails))
    return HSEdition(2022, frozenset(codes))
