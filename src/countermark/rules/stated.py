"""The rule an officer states, with its citation, where the agreement's data has a gap: shown as his."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from countermark.rules.expression import Expression


@dataclass(frozen=True, slots=True)
class StatedRule:
    """A rule for some codes, read by a person in the official text."""

    codes: tuple[str, ...]
    """Codes of 2 to 10 digits, and ranges, as in a row of the list."""
    expression: Expression
    citation: str
    officer: str
    on: date


class StatedRuleRefused(ValueError):
    """A stated rule that may not decide: the data holds a rule, or the statement is for other goods."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
