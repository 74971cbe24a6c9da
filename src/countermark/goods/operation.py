"""A working or processing, as the applicant states it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Answer(StrEnum):
    """A fact that was asked: yes, no, or asked and not provable. A blank is the absence of an answer."""

    YES = "yes"
    NO = "no"
    UNESTABLISHED = "unestablished"


@dataclass(frozen=True, slots=True)
class Operation:
    """A working or processing done on the good, or on a material that was made."""

    code: str
    """The agreement's code of a listed process or insufficient operation; empty if only described."""
    words: str
    place: str = ""
    """Where: a country code, optionally with the plant."""
    evidence: str = ""
    minimal: Answer | None = None
    """Whether it is one of the operations that never confer origin."""
