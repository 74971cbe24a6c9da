"""Rule lists as published, in JSON lines, plain or compressed: every line becomes a record, or a named fault.

The format is in docs/reference/agreement.md. A file with a fault is not imported: half a list would decide goods by
rows that others, missing, should have taken from it.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from countermark.rules.lists.record import Record

_GZIP = b"\x1f\x8b"
_MOST_FAULTS = 20
_LONGEST_LINE = 4_000_000
_CODE = re.compile(r"\d{10}")
_UNUSED = frozenset({"is_range", "level", "classes", "structured", "unparsed_reason"})
"""Known keys that the import does not need: marks of earlier readings of the same text."""
_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "id": str, "source": str, "scheme": str, "scheme_title": str, "hs_edition": (str, int), "valid_from": str,
    "valid_to": str, "row": (str, int), "heading": str, "ex": bool, "ranges": list, "description": str, "alt": int,
    "n_alt": int, "operator": str, "rule": str, "text": str, "footnotes": (list, str), "quota": (bool, str),
    "import_only": bool, "export_only": bool, "continuation": bool, "pending": bool, "lang": str,
}  # fmt: skip
_NEEDED = ("scheme", "row")


class RuleListError(Exception):
    """A file that cannot be imported: one sentence, and the faults with their lines."""

    def __init__(self, sentence: str, faults: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.faults = faults


@dataclass(frozen=True, slots=True)
class RuleLists:
    """What a file holds: records by scheme in the order of the file, and the keys that were passed over."""

    schemes: Mapping[str, tuple[Record, ...]]
    passed_over: Mapping[str, int]
    """Unknown keys, with how many records have them."""


def read_rule_lists(path: Path) -> RuleLists:
    """All schemes of a file. Raises ``RuleListError``."""
    schemes: dict[str, list[Record]] = {}
    passed_over: dict[str, int] = {}
    faults: list[str] = []
    for number, line in _lines(path):
        if not line.strip():
            continue
        found = _record(line, number)
        if isinstance(found, str):
            faults.append(f"line {number}: {found}")
            continue
        record, others = found
        schemes.setdefault(record.scheme, []).append(record)
        for key in others:
            passed_over[key] = passed_over.get(key, 0) + 1
    if faults:
        shown = faults[:_MOST_FAULTS]
        more = (f"and {len(faults) - len(shown)} more",) if len(faults) > len(shown) else ()
        count = f"{len(faults)} line{'s' if len(faults) > 1 else ''}"
        raise RuleListError(f"{path.name}: {count} cannot be read. Correct the file.", (*shown, *more))
    if not schemes:
        raise RuleListError(f"{path.name} holds no rule. Give a file of JSON lines, one rule a line.")
    return RuleLists({scheme: tuple(records) for scheme, records in schemes.items()}, passed_over)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    number = 0
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == _GZIP
            raw.seek(0)
            file = gzip.GzipFile(fileobj=raw) if packed else raw
            while line := file.readline(_LONGEST_LINE):
                number += 1
                yield number, line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError:
        raise RuleListError(f"{path.name}: line {number} is not UTF-8. Save the file as UTF-8.") from None
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise RuleListError(
            f"{path.name} is a damaged gzip file after line {number}. Get a whole copy."
        ) from None
    except OSError as error:
        raise RuleListError(f"{path} cannot be read: {error.strerror}. Name a file.") from None


def _record(line: str, number: int) -> tuple[Record, list[str]] | str:
    """The record and its unknown keys, or what is wrong with the line."""
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError):
        return "this is not JSON"
    if not isinstance(raw, dict):
        return "this must be an object"
    raw = {key: value for key, value in raw.items() if value is not None}
    for key in _NEEDED:
        if raw.get(key) in (None, ""):
            return f"'{key}' is missing"
    for key, kind in _KINDS.items():
        value = raw.get(key)
        is_flag_for_number = isinstance(value, bool) and kind in (int, (str, int))
        if value is not None and (not isinstance(value, kind) or is_flag_for_number):
            return f"'{key}' is {json.dumps(value, ensure_ascii=False)[:40]}, of the wrong kind"
    try:
        return _filled(raw, number), [key for key in raw if key not in _KINDS and key not in _UNUSED]
    except ValueError as error:
        return str(error)


def _filled(raw: Mapping[str, object], number: int) -> Record:
    def words(key: str) -> str:
        return str(raw.get(key, ""))

    quota = raw.get("quota", "")
    notes = raw.get("footnotes", [])
    return Record(
        id=words("id") or f"{words('scheme')}:{words('row')}:{words('alt') or '1'}",
        line=number,
        scheme=words("scheme"),
        row=words("row"),
        text=words("text") or words("rule"),
        heading=words("heading"),
        ex=bool(raw["ex"]) if "ex" in raw else None,
        gloss=words("description"),
        title=words("scheme_title"),
        source=words("source"),
        edition=_edition(words("hs_edition")),
        since=_day(raw, "valid_from"),
        until=_day(raw, "valid_to"),
        alt=_count(raw, "alt"),
        n_alt=_count(raw, "n_alt"),
        operator=words("operator").strip(),
        continuation=bool(raw.get("continuation")),
        pending=bool(raw.get("pending")),
        quota=f"{words('scheme')}:{words('row')}" if quota is True else str(quota or ""),
        import_only=bool(raw.get("import_only")),
        export_only=bool(raw.get("export_only")),
        footnotes=tuple(map(str, notes)) if isinstance(notes, list) else (str(notes),),
        ranges=_ranges(raw.get("ranges", [])),
        lang=words("lang"),
    )


def _count(raw: Mapping[str, object], key: str) -> int:
    value = raw.get(key, 1)
    if not isinstance(value, int) or not 1 <= value <= 999:
        raise ValueError(f"'{key}' is {value}, not a number from 1 to 999")
    return value


def _edition(words: str) -> int:
    if not words:
        return 0
    if not re.fullmatch(r"(?:HS ?)?(?:19|20)\d\d", words):
        raise ValueError(f"'hs_edition' is {words[:20]!r}, not a year such as 2017")
    return int(words[-4:])


def _day(raw: Mapping[str, object], key: str) -> date | None:
    words = raw.get(key)
    if not words:
        return None
    try:
        return date.fromisoformat(str(words))
    except ValueError:
        raise ValueError(f"'{key}' is {str(words)[:20]!r}, not a day such as 2021-01-01") from None


def _ranges(raw: object) -> tuple[tuple[str, str], ...]:
    pairs = raw if isinstance(raw, list) else []
    for pair in pairs:
        if not (isinstance(pair, list) and len(pair) == 2 and all(_CODE.fullmatch(str(end)) for end in pair)):
            raise ValueError("'ranges' is not a list of pairs of ten-digit codes")
    return tuple((str(low), str(high)) for low, high in pairs)
