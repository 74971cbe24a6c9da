"""The plain values of a case file: what must be there, of what kind, and in which line it stands."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

import yaml

Plain = dict[str, Any]
Where = tuple[str | int, ...]
"""The keys that lead to a place in the file."""


class Mistake(Exception):
    """A fault inside a case: the keys that lead to it, and the sentence."""

    def __init__(self, where: Where, sentence: str) -> None:
        super().__init__(sentence)
        self.where = where
        self.sentence = sentence


def group(
    raw: object,
    here: Where,
    known: Collection[str] | None = None,
    required: Collection[str] = (),
) -> Plain:
    if not isinstance(raw, dict):
        raise Mistake(here, "A group of fields is expected here.")
    for name in raw:
        if known is not None and name not in known:
            raise Mistake(
                (*here, name), f"There is no field {name!r} here. The fields are: {', '.join(known)}."
            )
    for name in required:
        if raw.get(name) in (None, ""):
            raise Mistake(here, f"The field {name} is missing.")
    return dict(raw)


def text(raw: object, here: Where) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise Mistake(here, f"A text is expected in {here[-1]}.")
    return raw.strip()


def texts(raw: object, here: Where) -> list[str]:
    if not isinstance(raw, list) or not all(isinstance(each, str | int) for each in raw):
        raise Mistake(here, f"A list is expected in {here[-1]}; [] says there are none.")
    return [str(each) for each in raw]


def choice(raw: object, words: tuple[str, ...], here: Where) -> str:
    if raw not in words:
        raise Mistake(here, f"One of these is expected in {here[-1]}: {', '.join(words)}.")
    return str(raw)


def day(raw: object, here: Where) -> date:
    if isinstance(raw, date):
        return raw
    try:
        return date.fromisoformat(str(raw))
    except ValueError:
        sentence = "A day such as 2026-05-04 is expected in `on`, of the file or of the case."
        raise Mistake(here, sentence) from None


def keys(path: str) -> Where:
    """``materials[2].value`` as keys."""
    parts = re.findall(r"\[(\d+)\]|([^.\[\]]+)", path)
    return tuple(int(number) if number else name for number, name in parts)


class Lines:
    """Where things stand in a file, for the sentences about it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)

    def of(self, where: Where) -> int:
        """The line of a place, or of the nearest place around it."""
        node, line = self._node, 0
        for key in where:
            if isinstance(node, yaml.MappingNode):
                pair = next(((k, v) for k, v in node.value if k.value == key), None)
                if pair is None:
                    break
                line, node = pair[0].start_mark.line, pair[1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
                node = node.value[key]
                line = node.start_mark.line
            else:
                break
        return line + 1
