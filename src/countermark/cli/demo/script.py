"""The examples and their oracle, with the numbers and days of this very run put in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from countermark.adapters.reading import read_plain

EXAMPLES = Path(__file__).parents[4] / "examples"
"""Where they stand in a checkout."""


class NoExamples(ValueError):
    """The examples are not where they should be."""


@dataclass(frozen=True, slots=True)
class Given:
    """A certificate of this run, as files refer to it."""

    number: str
    dated: str


@dataclass(frozen=True, slots=True)
class Script:
    """Every application and declaration in the order it can be played, each with what must come of it."""

    folder: Path
    applications: dict[str, dict[str, Any]]
    declarations: dict[str, dict[str, Any]]

    def application(self, name: str, given: dict[str, Given]) -> Any:
        """The application's plain data, proofs named by reference filled in."""
        plain = read_plain(self.folder / name)
        _fill_in(plain, given)
        return plain

    def declaration(self, name: str, given: dict[str, Given]) -> Any:
        """The declaration's plain data; its days move with the certificate's."""
        plain = read_plain(self.folder / "declarations" / name)
        if not isinstance(plain, dict):
            raise NoExamples(f"{name} is no declaration.")
        before = plain["certificate"]["date"]
        _fill_in(plain, given)
        moved = date.fromisoformat(plain["certificate"]["date"]) - date.fromisoformat(before)
        for day in ("registered", "exported"):
            if day in plain:
                plain[day] = _moved(plain[day], moved)
        return plain


def read_script(folder: Path = EXAMPLES) -> Script:
    """Raises NoExamples if the folder holds none."""
    try:
        expected = json.loads((folder / "expected.json").read_text())
    except OSError as error:
        raise NoExamples(
            f"No examples in {folder}: run the demo from a checkout, or name their folder with --examples."
        ) from error
    return Script(
        folder, _in_order(expected["applications"], "needs"), _in_order(expected["declarations"], "after")
    )


def _in_order(entries: dict[str, dict[str, Any]], key: str) -> dict[str, dict[str, Any]]:
    """What others need comes first; otherwise as written."""
    placed: dict[str, dict[str, Any]] = {}

    def place(name: str) -> None:
        needs = entries[name].get(key, [])
        for earlier in [needs] if isinstance(needs, str) else needs:
            place(earlier)
        placed.setdefault(name, entries[name])

    for name in entries:
        place(name)
    return placed


def _fill_in(plain: Any, given: dict[str, Given]) -> None:
    """Put real numbers and dates where the files name an application by its reference."""
    if isinstance(plain, dict):
        number = plain.get("number")
        if isinstance(number, str) and number.startswith("@"):
            found = given[number[1:]]
            plain["number"], plain["date"] = found.number, found.dated
        for value in plain.values():
            _fill_in(value, given)
    elif isinstance(plain, list):
        for value in plain:
            _fill_in(value, given)


def _moved(day: str, by: timedelta) -> str:
    return (date.fromisoformat(day) + by).isoformat()
