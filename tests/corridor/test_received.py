"""The content of ``received``."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.corridor.received import Received, RefusedEntry, encode_received, read_received
from countermark.document.encode import decode, encode
from countermark.document.errors import DocumentError

SALT = bytes(range(16))
PLAIN = Received("az.example/log/1", 300, bytes(32), (3, 7), (RefusedEntry(5, "content-mismatch"),))


@st.composite
def received(draw: st.DrawFn) -> Received:
    size = draw(st.integers(0, (1 << 63) - 1))
    indices = sorted(draw(st.sets(st.integers(0, size - 1), max_size=8))) if size else []
    refused = draw(st.sets(st.sampled_from(indices))) if indices else set()
    return Received(
        origin=draw(st.from_regex(r"[!-~]{1,40}", fullmatch=True)),
        size=size,
        root=draw(st.binary(min_size=32, max_size=32)),
        missing=tuple(i for i in indices if i not in refused),
        refused=tuple(RefusedEntry(i, draw(st.sampled_from(["poison", "late"]))) for i in sorted(refused)),
    )


@settings(max_examples=80, deadline=None)
@given(received(), st.binary(min_size=16, max_size=16))
def test_what_is_written_reads_back(value, salt):
    assert read_received(encode_received(value, salt)) == (value, salt)


@pytest.mark.parametrize(
    "change",
    [
        {"missing": (7, 3)},
        {"missing": (3, 3)},
        {"missing": (300,)},
        {"missing": (5,)},
        {"missing": (-1,)},
        {"refused": (RefusedEntry(9, "a"), RefusedEntry(8, "b"))},
        {"refused": (RefusedEntry(300, "a"),)},
        {"refused": (RefusedEntry(9, ""),)},
        {"size": -1},
        {"root": bytes(31)},
        {"origin": ""},
        {"origin": "пример"},
    ],
)
def test_impossible_contents_are_neither_written_nor_read(change):
    with pytest.raises(DocumentError):
        encode_received(replace(PLAIN, **change), SALT)


@pytest.mark.parametrize("listed", [[7, 3], [300], [5], [3, 3]])
def test_a_partners_disordered_lists_are_refused(listed):
    raw = decode(encode_received(PLAIN, SALT), limit=10**6)
    assert raw[5] == [3, 7]
    raw[5] = listed
    with pytest.raises(DocumentError):
        read_received(encode(raw))
