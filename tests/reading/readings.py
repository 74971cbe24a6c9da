"""Texts read by the reader under test, in two processes; a crash is a result, not an end."""

from __future__ import annotations

import json
import multiprocessing
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from countermark.rules.expression import read_expression, write_expression
from countermark.rules.reader import read_rule

READ = ("exact", "attested")
STATUSES = ("exact", "attested", "partial", "manual")

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Result:
    """One text as read, in JSON."""

    text: str
    status: str
    expression: dict[str, Any] | None
    unread: tuple[str, ...] = ()
    round_trips: bool = True
    crash: str = ""
    """The last lines of the traceback."""

    @property
    def read(self) -> bool:
        return self.status in READ

    @property
    def form(self) -> str:
        """The expression without its citations, to be held against another."""
        return json.dumps(bare(self.expression), sort_keys=True)


def bare(value: Any) -> Any:
    """An expression without ``cite``."""
    if isinstance(value, dict):
        return {name: bare(held) for name, held in value.items() if name != "cite"}
    if isinstance(value, (list, tuple)):
        return [bare(held) for held in value]
    return value


def compact(expression: Any) -> str:
    """An expression for a person to read: no citations, no spaces to spare."""
    return json.dumps(bare(expression), ensure_ascii=False)


def laid_out(value: Any, indent: int = 0, width: int = 120) -> str:
    """An expression on as few lines as its depth allows, for a person to judge."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) + indent <= width or not isinstance(value, (dict, list)) or not value:
        return flat
    inner = " " * (indent + 2)
    named = isinstance(value, dict)
    parts = [
        (f"{json.dumps(name)}: " if named else "") + laid_out(held, indent + 2, width)
        for name, held in (value.items() if named else enumerate(value))
    ]
    opened, closed = "{}" if named else "[]"
    return f"{opened}\n{inner}" + f",\n{inner}".join(parts) + f"\n{' ' * indent}{closed}"


def read(text: str, heading: str = "", lang: str = "") -> Result:
    """Read one text; never raises."""
    try:
        reading = read_rule(text, heading=heading, lang=lang)
        expression = None if reading.expression is None else write_expression(reading.expression)
        same = expression is None or read_expression(json.loads(json.dumps(expression))) == reading.expression
    except Exception:
        return Result(text, "crash", None, crash="".join(traceback.format_exc().splitlines(True)[-5:]))
    return Result(text, str(reading.status), expression, reading.unread, same)


def in_two(work: Callable[[T], R], items: Iterable[T], chunk: int = 64) -> list[R]:
    """``work`` done on every item by two processes, in order; in this one when there is little to do."""
    listed: Sequence[T] = list(items)
    if len(listed) <= chunk:
        return [work(item) for item in listed]
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        return pool.map(work, listed, chunk)


def _read_entry(entry: tuple[str, str, str]) -> Result:
    return read(*entry)


def read_all(entries: Iterable[tuple[str, str, str]]) -> list[Result]:
    """Each (text, heading, language) read."""
    return in_two(_read_entry, entries)
