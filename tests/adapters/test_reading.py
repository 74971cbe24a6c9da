"""A file is read to plain data exactly as written, or refused with a code and a sentence; nothing else."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from countermark.adapters.reading import (
    LARGEST_FILE,
    ApplicationRefused,
    ReadingError,
    decode_plain,
    read_application_file,
    read_plain,
)

APPLICATION = """
format: countermark-application-1
reference: R-1
agreement: cis-2009
form: CT-1
exporter: &x {name: Sample Works, address: 1 Factory Street, country: BY}
consignee: {name: Sample LLC, address: 5 Harbour Avenue, country: AZ}
destination: AZ
goods: [{item: 1, description: tractor, hs: "8701.92"}]
""".replace("&x ", "")


def refusal(content: bytes, suffix: str = "") -> ReadingError:
    with pytest.raises(ReadingError) as caught:
        decode_plain(content, suffix)
    assert caught.value.sentence.count(".") >= 2, "says what is wrong and what to do"
    assert caught.value.sentence.isprintable()
    return caught.value


@pytest.mark.parametrize(
    ("code", "content"),
    [
        ("empty", b""),
        ("empty", b" \n"),
        ("binary", b"format\0: x"),
        ("encoding", "format: x".encode("utf-16")),
        ("encoding", "format: x".encode("utf-32")),
        ("encoding", "format: x".encode("utf-8-sig")),
        ("encoding", "reference: Завод".encode("cp1251")),
        ("encoding", b"%PDF-1.7 ..."),
        ("encoding", b"PK\x03\x04 ..."),
        ("too-large", b"#" * (LARGEST_FILE + 1)),
        ("json", b'{"a": 1,}'),
        ("json", b'{"a": 1} {"a": 2}'),
        ("repeated-name", b'{"a": 1, "a": 1}'),
        ("repeated-name", b'[{"b": {"a": 1, "a": 2}}]'),
        ("repeated-name", b"a: 1\na: 1"),
        ("repeated-name", b"a: {b: 1, 'b': 2}"),
        ("too-deep", b"[" * 100_000),
        ("too-deep", b"a: " + b"[" * 100_000),
        ("yaml", b"a: [1"),
        ("yaml", b"a: b: c"),
        ("yaml", b"a:\n\t- b"),
        ("yaml", b"a: \x07"),
        ("alias", b"a: &x [1]\nb: *x"),
        ("alias", b"a: &x 1"),
        ("alias", b"&x a: 1"),
        ("tag", b"a: !!python/object/apply:os.system [ls]"),
        ("tag", b"a: !!float 1"),
        ("name", b"? [a, b]\n: 1"),
        ("name", b"'': 1"),
        ("documents", b"a: 1\n---\na: 2"),
        ("documents", b"# nothing but a comment"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_two_readers_could_take_differently_is_refused(code: str, content: bytes) -> None:
    assert refusal(content).code == code


def test_a_bomb_of_aliases_is_refused_at_its_first_anchor() -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60))]
    assert refusal("\n".join(lines).encode()).code == "alias"


def test_the_sentence_names_the_line() -> None:
    assert "line 3, column 4" in str(refusal(b"a: 1\nb: 2\nc: ]"))
    assert "Line 2 is not UTF-8" in str(refusal(b"a: 1\nb: \xc7\n"))
    assert '"a" is written again in line 3' in str(refusal(b"a: 1\nb: 2\na: 3"))
    assert "line 2, column 6" in str(refusal(b'{\n "a" 1}'))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-12", -12),
        ("0", 0),
        ("007", "007"),
        ("0o17", "0o17"),
        ("0x1F", "0x1F"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("8701 92", "8701 92"),
        ("8701.92.900", "8701.92.900"),
        ("01.50", Decimal("1.50")),
        ("8701.90", Decimal("8701.90")),
        ("1e3", Decimal("1e3")),
        ("2026-05-04", date(2026, 5, 4)),
        ("2026-02-30", "2026-02-30"),
        ("2026-05-04T10:00:00", "2026-05-04T10:00:00"),
        ("'12'", "12"),
        ('"null"', "null"),
        (">-\n  a\n  b", "a b"),
    ],
)
def test_yaml_words_mean_what_a_reader_of_the_file_expects(written: str, meant: object) -> None:
    found = decode_plain(f"a: {written}\n".encode(), ".yaml")
    assert found == {"a": meant}
    assert type(found["a"]) is type(meant)  # type: ignore[index]
    assert str(found["a"]) == str(meant)  # type: ignore[index]


def test_json_decimals_are_kept_as_written() -> None:
    found = decode_plain(b'{"a": 41000.10, "b": 7, "c": NaN, "d": 1e99999999999999999999}', ".json")
    assert str(found) == "{'a': Decimal('41000.10'), 'b': 7, 'c': Decimal('NaN'), 'd': Decimal('Infinity')}"


def test_without_a_suffix_the_content_decides() -> None:
    assert decode_plain(b' {"a": 1}') == {"a": 1}
    assert decode_plain(b"a: 1") == {"a": 1}
    assert decode_plain(b"{a: 1}", ".yaml") == {"a": 1}
    assert refusal(b"a: 1", ".json").code == "json"


def test_paths_that_cannot_be_read_are_told_apart(tmp_path: Path) -> None:
    for path, code in [
        (tmp_path, "directory"),
        (tmp_path / "none.yaml", "missing"),
        (tmp_path / ("x" * 300), "unreadable"),
        (tmp_path / "a\0b", "unreadable"),
    ]:
        with pytest.raises(ReadingError) as caught:
            read_plain(path)
        assert caught.value.code == code


def test_an_application_is_read_from_yaml_and_json_alike(tmp_path: Path) -> None:
    in_yaml, in_json, bare = tmp_path / "a.yaml", tmp_path / "a.JSON", tmp_path / "application"
    in_yaml.write_text(APPLICATION, encoding="utf-8")
    in_json.write_text(json.dumps(yaml.safe_load(APPLICATION)), encoding="utf-8")
    bare.write_text(APPLICATION, encoding="utf-8")
    read = read_application_file(in_yaml)
    assert read.goods[0].hs.digits == "870192"
    assert read_application_file(in_json) == read
    assert read_application_file(bare) == read


def test_mistakes_in_fields_come_as_one_list(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(APPLICATION.replace('"8701.92"', "8701.92").replace("AZ}", "Baku}"), encoding="utf-8")
    with pytest.raises(ApplicationRefused) as caught:
        read_application_file(path)
    assert [error.path for error in caught.value.errors] == ["consignee.country", "goods[0].hs"]
    assert str(caught.value).splitlines()[0] == "The application has 2 mistakes:"
    assert len(str(caught.value).splitlines()) == 3


def sentence_of(content: bytes, suffix: str) -> str:
    """Why the bytes are refused; empty if they are read."""
    try:
        decode_plain(content, suffix)
    except ReadingError as error:
        return error.sentence
    return ""


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60), st.sampled_from(["", ".json", ".yaml"]))
@example(b"\xef\xbb\xbf", "")
@example(b'"\\ud800"', ".yaml")
@example(b"%YAML 9.9\n---\na", "")
@example(b"a: 'x\xe2\x80\xa8'", "")
def test_any_bytes_are_read_or_refused(content: bytes, suffix: str) -> None:
    assert sentence_of(content, suffix).isprintable()


@settings(max_examples=200, deadline=None)
@given(st.text("abc01.-:{}[],&*!?#'\"|> \n\t", max_size=30))
def test_any_yaml_is_read_or_refused(text: str) -> None:
    assert sentence_of(text.encode(), ".yaml").isprintable()


keys = st.text("abcdé", min_size=1, max_size=4)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text("abc 01:#-é'\n", max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(plain)
def test_what_others_write_is_read_back(value: object) -> None:
    assert decode_plain(json.dumps(value).encode(), ".json") == value
    assert decode_plain(yaml.safe_dump(value, allow_unicode=True).encode(), ".yaml") == value
