"""The published rules, one entry a distinct text: how often it stands in the lists, in which, and under which heading."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

RULES = "rules/psr_dev.jsonl.gz"
_DIGITS = re.compile(r"\d+")
_SPACE = re.compile(r"\s+")


@dataclass
class Text:
    """One distinct text of a rule."""

    text: str
    heading: str
    """Of the first row that has the text."""
    lang: str = ""
    schemes: Counter[str] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)
    """The class expressions of the EU records that have the text."""

    @property
    def count(self) -> int:
        return self.schemes.total()

    @property
    def pattern(self) -> str:
        return pattern(self.text)


def pattern(text: str) -> str:
    """A text without its figures: in lower case, each group of digits a ``#``, white space folded."""
    return _SPACE.sub(" ", _DIGITS.sub("#", text.lower())).strip()


def records(path: Path) -> Iterable[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def entry_of(record: dict[str, Any]) -> tuple[str, str, str]:
    """What the reader is given of a record: text, heading, language. Absent fields are empty."""
    return record.get("text") or record.get("rule", ""), record.get("heading", ""), record.get("lang", "")


def texts(path: Path, scheme: str = "") -> list[Text]:
    """Every distinct text, the most frequent first; ``scheme`` keeps the rule sets whose name holds it."""
    found: dict[str, Text] = {}
    for record in records(path):
        if scheme not in record["scheme"]:
            continue
        words, heading, lang = entry_of(record)
        entry = found.get(words)
        if entry is None:
            entry = found[words] = Text(words, heading, lang)
        entry.schemes[record["scheme"]] += 1
        if record["source"] == "eu-rosa" and record.get("classes"):
            entry.classes[" AND ".join(record["classes"])] += 1
    return sorted(found.values(), key=lambda entry: (-entry.count, entry.text))
