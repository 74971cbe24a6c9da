"""One table of a pack, read strictly: every key is asked for once, by kind, and none is left over.

What is wrong is collected, not raised, so that whoever writes a pack sees all of it at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from countermark.rules.agreement import Citation

CONFIDENCES = ("read", "secondary", "inferred")
CITING_KEYS = ("source", "paragraph", "valid_from", "confidence", "citation")
_SHARE = re.compile(r"\d{1,9}(\.\d{1,6})?")


class PackError(Exception):
    """A pack that cannot be used: a code, one sentence saying what to do, and the place in the pack."""

    def __init__(self, code: str, sentence: str, place: str) -> None:
        super().__init__(f"{place}: {sentence}")
        self.code = code
        self.sentence = sentence
        self.place = place


@dataclass(slots=True)
class Problems:
    """The errors found so far, in the order of the pack."""

    found: list[PackError] = field(default_factory=list)

    def add(self, code: str, sentence: str, place: str) -> None:
        self.found.append(PackError(code, sentence, place))


class Sheet:
    """A table whose keys are taken one by one; ``close`` refuses what nobody asked for.

    A value that is missing or of the wrong kind is recorded as a problem, and a blank of its kind is
    returned: a reading with problems never becomes an agreement.
    """

    def __init__(self, table: dict[str, object], place: str, problems: Problems) -> None:
        self._table = dict(table)
        self.place = place
        self.problems = problems
        self._inner: list[Sheet] = []

    def _open(self, table: dict[str, object], place: str) -> Sheet:
        self._inner.append(Sheet(table, place, self.problems))
        return self._inner[-1]

    def refuse(self, code: str, sentence: str) -> None:
        """Record a problem of the table as a whole."""
        self.problems.add(code, sentence, self.place or "the top of the file")

    def has(self, key: str) -> bool:
        return key in self._table

    def peek(self, key: str) -> object:
        """A value without taking it."""
        return self._table.get(key, "")

    def _where(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key

    def _take(self, key: str) -> object:
        if key not in self._table:
            code = "missing-citation" if key in CITING_KEYS else "missing-key"
            self.refuse(code, f"'{key}' is missing: add it.")
            return None
        return self._table.pop(key)

    def _wrong(self, key: str, wanted: str) -> None:
        self.problems.add("bad-value", f"this must be {wanted}.", self._where(key))

    def any(self, key: str) -> object:
        return self._take(key)

    def text(self, key: str, *, blank: bool = False) -> str:
        """Words; ``blank`` allows an empty string."""
        if not self.has(key):
            self._take(key)
            return ""
        value = self._take(key)
        if isinstance(value, str) and (blank or value.strip()):
            return value
        if value == "" and key in CITING_KEYS:
            self.problems.add("missing-citation", "say where this comes from.", self._where(key))
            return ""
        self._wrong(key, "words in quotation marks" + ("" if blank else ", not empty"))
        return ""

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        value = self.text(key)
        if value and value not in allowed:
            self._wrong(key, "one of " + ", ".join(allowed))
            return ""
        return value

    def words(self, key: str) -> tuple[str, ...]:
        value = self._take(key)
        if isinstance(value, list) and all(isinstance(word, str) and word for word in value):
            return tuple(value)
        if value is not None:
            self._wrong(key, "a list of words")
        return ()

    def words_if(self, key: str) -> tuple[str, ...]:
        """A list of words; absent means none."""
        return self.words(key) if self.has(key) else ()

    def choice_if(self, key: str, allowed: tuple[str, ...]) -> str:
        """One of the allowed words; absent means the first."""
        return self.choice(key, allowed) or allowed[0] if self.has(key) else allowed[0]

    def flag_if(self, key: str, absent: bool) -> bool:
        return self.flag(key) if self.has(key) else absent

    def whole(self, key: str) -> int:
        value = self._take(key)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        if value is not None:
            self._wrong(key, "a whole number, not below zero")
        return 0

    def flag(self, key: str) -> bool:
        value = self._take(key)
        if isinstance(value, bool):
            return value
        if value is not None:
            self._wrong(key, "true or false")
        return False

    def number(self, key: str) -> Decimal:
        """A share in per cent or an amount, written as a decimal string so that it stays exact."""
        value = self.text(key)
        if value and not _SHARE.fullmatch(value):
            self._wrong(key, 'a decimal in quotation marks, such as "5" or "12.5"')
            return Decimal(0)
        return Decimal(value or 0)

    def day(self, key: str) -> date | None:
        """A date, or ``""`` where it is not known."""
        value = self._take(key)
        if type(value) is date:
            return value
        if value not in (None, ""):
            self._wrong(key, 'a date such as 2024-05-04, or "" where it was not read')
        return None

    def mapping(self, key: str) -> dict[str, str]:
        value = self._take(key)
        if (
            isinstance(value, dict)
            and value
            and all(isinstance(words, str) and words for words in value.values())
        ):
            return dict(value)
        if value is not None:
            self._wrong(key, "a table of words")
        return {}

    def lists(self, key: str) -> dict[str, tuple[str, ...]]:
        """A table of lists of words; absent means none."""
        value = self._table.pop(key, {})
        if isinstance(value, dict) and all(
            isinstance(words, list) and all(isinstance(word, str) and word for word in words)
            for words in value.values()
        ):
            return {name: tuple(words) for name, words in value.items()}
        self._wrong(key, "a table of lists of words")
        return {}

    def table(self, key: str) -> Sheet:
        value = self._take(key)
        if isinstance(value, dict):
            return self._open(value, self._where(key))
        if value is not None:
            self._wrong(key, "a table")
        # The absence is one problem; each key missing inside it would be noise.
        return Sheet({}, self._where(key), Problems())

    def tables(self, key: str) -> list[Sheet]:
        """An array of tables; absent means none."""
        value = self._table.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self._wrong(key, f"written as [[{key}]] tables")
            return []
        return [self._open(item, f"{self._where(key)}[{number}]") for number, item in enumerate(value, 1)]

    def named_tables(self, key: str) -> list[tuple[str, Sheet]]:
        """A table of tables, such as ``[comparison.heading]``; absent means none."""
        if not self.has(key):
            return []
        inner = self.table(key)
        return [(name, inner.table(name)) for name in list(inner._table)]

    def citation(self, sources: dict[str, str]) -> Citation:
        """The four keys every table ends with."""
        source, paragraph = self.text("source"), self.text("paragraph")
        if source and source not in sources:
            self.problems.add("unknown-source", f"add '{source}' to [sources].", self._where("source"))
        return Citation(source, paragraph, self.day("valid_from"), self.choice("confidence", CONFIDENCES))

    def close(self) -> None:
        """Refuse every key that nobody asked for, here and in the tables inside."""
        for sheet in self._inner:
            sheet.close()
        for key in self._table:
            self.problems.add("unknown-key", "this key is not known: correct or remove it.", self._where(key))
