"""The shipped code list is the HS of 2022, whole."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from countermark.adapters.nomenclature import hs_2022
from countermark.goods.hs import HSCode

SOURCE = Path(__file__).parents[2].parent / "shared" / "data" / "hs" / "hs2022.csv"


def test_the_edition_has_its_chapters_headings_and_subheadings() -> None:
    codes = hs_2022().codes
    assert [sum(len(code) == digits for code in codes) for digits in (2, 4, 6)] == [96, 1228, 5612]
    assert len(codes) == 96 + 1228 + 5612
    assert len(hs_2022().subheadings) == 5612


def test_the_edition_equals_its_source() -> None:
    if not SOURCE.exists():
        pytest.skip("the source table of HS 2022 is not at hand")
    with SOURCE.open(encoding="utf-8", newline="") as file:
        assert hs_2022().codes == {row["code"] for row in csv.DictReader(file)}


def test_codes_are_known_by_their_first_six_digits() -> None:
    assert hs_2022().knows(HSCode("8701929000"))
    assert not hs_2022().knows(HSCode("8701909000"))
    assert not hs_2022().knows(HSCode("77"))
