"""Heading expressions: every code as written, ``ex`` in its three meanings, a named fault instead of a guess."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.rules.match import span
from countermark.rules.reader.heading import (
    Ex,
    Heading,
    HeadingFault,
    UnreadHeading,
    ex_of,
    is_other,
    read_heading,
)
from source_data import data_file


@pytest.mark.parametrize(
    ("written", "codes", "ex"),
    [
        ("Chapter 1", ["01"], False),
        ("ex Chapter 28", ["28"], True),
        ("Chapters 1 to 3", ["01-03"], False),
        ("Chapters 1, 2 and 5", ["01", "02", "05"], False),
        ("84", ["84"], False),
        ("0402", ["0402"], False),
        ("04.02", ["0402"], False),
        ("ex 8503", ["8503"], True),
        ("Ex 852581", ["852581"], True),
        ("8401 to 8404", ["8401-8404"], False),
        ("8401-8404", ["8401-8404"], False),
        ("8401 – 8404", ["8401-8404"], False),
        ("0901 through 0903", ["0901-0903"], False),
        ("8501.10 - 8501.40", ["850110-850140"], False),
        ("8501.10-8501.20", ["850110-850120"], False),
        ("9608.60-96.20", ["960860-9620"], False),
        ("41.01-4104.19", ["4101-410419"], False),
        ("0401, 0403 and 0405", ["0401", "0403", "0405"], False),
        ("0401; 0403, and 0405.", ["0401", "0403", "0405"], False),
        ("ex 6209 and ex 6211", ["6209", "6211"], True),
        ("8542 31 - 8542 33", ["854231-854233"], False),
        ("8501 10 100 0", ["8501101000"], False),
        ("8501.10.1000", ["8501101000"], False),
        ("7326 90 98", ["73269098"], False),
        ("subheading 8501.10", ["850110"], False),
        ("headings 8401 to 8404", ["8401-8404"], False),
        ("heading No. 8401", ["8401"], False),
        ("Chapter 28; except for:", ["28"], False),
        ("из 8501", ["8501"], True),
        ("Группа 28", ["28"], False),
        ("из группы 28", ["28"], True),
        ("Товарная позиция 8501", ["8501"], False),
        ("товарные позиции 8501 – 8504 и 8510", ["8501-8504", "8510"], False),
        ("субпозиция 8501 10", ["850110"], False),
        ("с 8401 по 8404", ["8401-8404"], False),
    ],
)
def test_codes_are_read_as_written(written, codes, ex):
    heading = read_heading(written)
    assert isinstance(heading, Heading)
    assert (list(heading.codes), heading.is_ex) == (codes, ex)


def test_an_ex_inside_a_list_is_of_its_code_only():
    heading = read_heading("0401, ex 0402, 0403")
    assert isinstance(heading, Heading)
    assert [(piece.code, piece.ex) for piece in heading.pieces] == [
        ("0401", False), ("0402", True), ("0403", False)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "fault", "chapters"),
    [
        ("", HeadingFault.EMPTY, ()),
        ("ex", HeadingFault.GLUED, ()),
        ("Section XI", HeadingFault.WORDS, ()),
        ("heading of wool 5101", HeadingFault.WORDS, ("51",)),
        ("840", HeadingFault.LENGTH, ("84",)),
        ("84011", HeadingFault.LENGTH, ("84",)),
        ("Chapter 2811", HeadingFault.LENGTH, ("28",)),
        ("heading 84", HeadingFault.LENGTH, ("84",)),
        ("00", HeadingFault.LENGTH, ()),
        ("7003 7004", HeadingFault.GLUED, ("70",)),
        ("ex 70037004", HeadingFault.GLUED, ("70",)),
        ("84018404", HeadingFault.GLUED, ("84",)),
        ("84 85", HeadingFault.GLUED, ("84", "85")),
        ("4441-4421", HeadingFault.RANGE, ("44",)),
        ("8425-28", HeadingFault.RANGE, ("84",)),
        ("8501.10-20", HeadingFault.RANGE, ("85",)),
        ("8401 to", HeadingFault.RANGE, ("84",)),
        ("8401-8403-8405", HeadingFault.RANGE, ("84",)),
        ("Chapter 4 except 0403", HeadingFault.EXCEPTION, ("04",)),
        ("группа 28, кроме 2811", HeadingFault.EXCEPTION, ("28",)),
    ],
)
def test_what_is_no_heading_expression_is_a_named_fault(written, fault, chapters):
    heading = read_heading(written)
    assert isinstance(heading, UnreadHeading)
    assert heading.fault is fault
    assert heading.chapters == (("04",) if written.startswith("Chapter 4 ") else chapters)


@pytest.mark.parametrize(
    ("written", "gloss", "meaning"),
    [
        ("2811", "Sulphur trioxide", Ex.NONE),
        ("ex Chapter 28", "Inorganic chemicals; except for:", Ex.REST),
        ("ex 2811", "Sulphur trioxide", Ex.PART),
        ("ex 2811", "– Other", Ex.UNLESS),
        ("ex 3404", "Artificial waxes ▸ Other", Ex.UNLESS),
        ("ex 3404", "[ul][bl] – Other [\\bl][\\ul]", Ex.UNLESS),
        ("ex 3404", "Any other product from heading 3404", Ex.UNLESS),
        ("ex 3404", "Other, of polyethylene", Ex.PART),
        ("из 2811", "прочие", Ex.UNLESS),
        ("из группы 28", "прочие", Ex.REST),
    ],
)
def test_ex_has_three_meanings(written, gloss, meaning):
    heading = read_heading(written)
    assert isinstance(heading, Heading)
    assert ex_of(heading, gloss) is meaning
    assert is_other(gloss) is ("ther" in gloss or "проч" in gloss) or "," in gloss


_CODE = st.integers(101, 9799).filter(lambda n: n % 100).map("{:04d}".format)


@given(_CODE, _CODE)
def test_a_range_is_read_only_if_it_rises(first, last):
    read = read_heading(f"{first} to {last}")
    if first > last:
        assert isinstance(read, UnreadHeading)
    else:
        assert isinstance(read, Heading)
        assert read.codes == ((f"{first}-{last}",) if first < last else (first,))


@given(st.text(alphabet="0123456789 .,-exchaptrougd–из", max_size=24))
def test_no_text_breaks_it_and_no_digit_is_invented(written):
    read = read_heading(written)
    if isinstance(read, Heading):
        digits = "".join(filter(str.isdigit, written))
        assert all(end.lstrip("0") in digits for code in read.codes for end in code.split("-"))


def records() -> Iterator[dict]:
    with gzip.open(data_file("rules/psr_dev.jsonl.gz"), "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def test_published_headings_are_read_as_their_ranges_say():
    """39,083 records. ``ranges`` takes a code that ends in 0 for open (``2710`` to 2719999999): 1,746 times."""
    found, odd = Counter(), set()
    for record in records():
        how = _against(read_heading(record.get("heading", "")), [tuple(ends) for ends in record["ranges"]])
        found[how] += 1
        if how not in ("equal", "rest", "zero"):
            odd.add((record.get("heading"), how))
    assert found["equal"] + found["rest"] + found["zero"] >= 39_069
    assert odd == {
        (None, "empty"),
        ("41074112", "glued"), ("ex 7003 7004", "glued"), ("ex 7003  7004", "glued"), ("ex 70037004", "glued"),
        ("4441-4421", "range"),
        ("320110-321000", "differs"), ("3201.10-3210.00", "differs"),  # ends open, but only to 3210999999
        ("ex 4410 -  4413", "differs"), ("ex 5004 -  5006", "differs"),  # a dash read as "and", here only
        ("8542 31 - 8542 33", "differs"),  # widened to the heading
    }  # fmt: skip


def _against(read: Heading | UnreadHeading, ranges: list[tuple[str, ...]]) -> str:
    if isinstance(read, UnreadHeading):
        return str(read.fault)
    mine = sorted(span(code.partition("-")[0], code.rpartition("-")[2]) for code in read.codes)
    if mine == sorted(ranges):
        return "equal"
    if sorted((low, _open(high)) for low, high in mine) == sorted(ranges):
        return "zero"
    chapters = all(low[2:] == "00000000" and high[2:] == "99999999" for low, high in mine)
    within = all(any(low <= a and b <= high for low, high in mine) for a, b in ranges)
    return "rest" if chapters and within else "differs"


def _open(high: str) -> str:
    return high.rstrip("9").rstrip("0").ljust(10, "9")
