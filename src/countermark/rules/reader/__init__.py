"""Read the words of a rule of origin into an expression: every word accounted for, nothing guessed."""

from countermark.rules.reader.reading import Reading, Status
from countermark.rules.reader.text import read_rule

__all__ = ["Reading", "Status", "read_rule"]
