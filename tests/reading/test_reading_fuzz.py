"""Whatever the text: no crash, every letter accounted for, no figure made up, and time in step with its length."""

from __future__ import annotations

import random
import re
import sys
import time
from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from countermark.rules.reader import read_rule
from reading.checks import failures
from reading.corpus import RULES, texts
from reading.facts import stated
from reading.readings import Result, in_two, read
from source_data import data_file

SOUND = ("crash", "tiling", "length", "manual-words", "status", "round-trip")
OWN = (
    "Change to heading 84.31 from any other heading, except from 84.32 to 84.36; or RVC of not less than 40 per cent",
    "Made from materials of any heading, but the value of those of headings 2932 and 2933 shall not exceed 20 % of EXW",
    "All materials of chapters 1, 2 and 16 are wholly obtained; at least 60% by weight of sugar is originating",
    "(a) CTSH (b) CTH provided that cutting and sewing are done in a Party, until 31 December 2030",
    "Изготовление из материалов любой позиции, кроме позиции 8407, стоимость которых не превышает 50 процентов цены",
)
WORDS = """
    manufacture from materials of any heading except that the product in which value all used does not exceed 40 % per cent
    ex-works price CTH CC CTSH RVC40 MaxNOM ; , . : ( ) [ ] - or and and/or either provided however heading headings chapter
    84.31 8431 8431.10 ex No to through 2 wholly obtained originating non-originating weight may be used not only at least 10
    both a) b) i) ii) until 31 December 2030 set sets each item same as change other including within above limit total FOB
    изготовление из материалов позиции кроме стоимость не превышает процентов цены группы и или любой […] ' ’ – %%
"""
VOCABULARY = (*WORDS.split(), "\n", "\n-", "")


def unsound(result: Result) -> dict[str, str]:
    found = {check: why for check, why in failures(result).items() if check in SOUND}
    return found | made_up(result)


def made_up(result: Result) -> dict[str, str]:
    """Percentages and codes of the expression whose digits are nowhere in the text."""
    held = stated(result.expression)
    digits = re.sub(r"(?<=\d)[.,\s](?=\d)", "", result.text)
    extra = {each for each in held.percentages | held.codes if _plain(each) not in digits}
    return {"made-up": f"{sorted(extra)} are not in the text"} if extra else {}


def _plain(figure: str) -> str:
    return figure.replace(".", "").lstrip("0")


def _unsound(text: str) -> str:
    found = unsound(read(text))
    return f"{text!r}: {found}" if found else ""


def all_sound(changed: list[str]) -> None:
    assert [each for each in in_two(_unsound, changed) if each][:5] == []


@cache
def published(count: int) -> tuple[str, ...]:
    """Published texts, drawn by a seed."""
    found = sorted(entry.text for entry in texts(data_file(RULES)))
    return tuple(random.Random(7).sample(found, count))


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=200))
@example("\x00\ud800")
@example("٤٠ % of heading ٨٤٣١")
@example("² ½ % ⅷ")
def test_any_characters(text):
    assert unsound(read(text)) == {}


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(VOCABULARY), max_size=60).map(" ".join))
def test_words_of_rules_in_any_order(text):
    assert unsound(read(text)) == {}


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(OWN), st.integers(0, 120), st.text(alphabet=st.characters(), max_size=3))
def test_a_text_with_characters_put_in(text, at, put):
    assert unsound(read(text[:at] + put + text[at:])) == {}


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=12), st.text(max_size=5))
def test_any_heading_and_language(heading, lang):
    assert unsound(read(OWN[0], heading, lang)) == {}


@pytest.mark.parametrize("text", ["", " ", "\n\t\u00a0\u2028"])
def test_no_words_are_empty(text):
    result = read(text)
    assert (result.status, result.expression) == ("empty", None)


def test_published_texts_cut_off_after_each_word():
    all_sound([text[: match.end()] for text in published(150) for match in re.finditer(r"\S+", text)])


def test_published_texts_without_their_first_words():
    all_sound([text[match.end() :] for text in published(60) for match in re.finditer(r"\S+\s", text)])


@pytest.mark.parametrize("joint", ["", " ", "\n", "; or\n", " and ", ". However, ", " provided that "])
def test_published_texts_doubled_and_joined(joint):
    held = published(150)
    all_sound([text + joint + other for text, other in zip(held, held[1:] + held[:1], strict=True)])
    all_sound([text + joint + text for text in held])


def test_published_texts_with_clauses_swapped_and_words_left_out():
    draw = random.Random(11)
    made = []
    for text in published(400):
        clauses = re.split(r"(?<=[,;.:])\s|\s(?=and |or |except |provided )", text)
        made.append(" ".join(draw.sample(clauses, len(clauses))))
        words = text.split(" ")
        gone = draw.randrange(len(words))
        made.append(" ".join(words[:gone] + words[gone + 1 :]))
    all_sound(made)


HUGE = {
    "a text again and again": OWN[0] + " ",
    "alternatives": "CTH; or\n",
    "codes": "heading 84.31, ",
    "a list of codes": "8431, ",
    "exceptions": "except from heading 8431 ",
    "provisos": "provided that ",
    "conjunctions": "and or ",
    "open brackets": "(",
    "closed brackets": ")",
    "open and closed brackets": "() ",
    "numbering": "(a) (i) ",
    "dashes": "\n- ",
    "spaces": " ",
    "digits": "1",
    "letters": "a",
    "percentages": "40 % ",
    "dots": "84.",
    "quotation": "'\"",
}


@pytest.mark.parametrize("piece", HUGE.values(), ids=HUGE.keys())
def test_a_text_of_100_kb_takes_seconds_at_most(piece):
    text = "CTH " + piece * (100_000 // len(piece))
    begun = time.process_time()
    result = read(text)
    taken = time.process_time() - begun
    assert unsound(result) == {}
    assert taken < 20


@pytest.mark.parametrize("piece", HUGE.values(), ids=HUGE.keys())
def test_work_grows_in_step_with_the_text(piece):
    short, long = (calls("CTH " + piece * (size // len(piece))) for size in (4_000, 16_000))
    assert long < 6 * short + 2_000


def calls(text: str) -> int:
    """How many functions are called to read a text: the same on every machine."""
    counted = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        read_rule(text)
    finally:
        sys.setprofile(None)
    return counted


@pytest.mark.parametrize("depth", [5, 31, 33, 500])
@pytest.mark.parametrize("brackets", ["()", "[]"])
def test_deep_brackets(depth, brackets):
    opened, closed = brackets
    for text in OWN:
        assert unsound(read(opened * depth + text + closed * depth)) == {}
        assert unsound(read(f"{opened}CTH or ".join([""] * depth) + text + closed * depth)) == {}
