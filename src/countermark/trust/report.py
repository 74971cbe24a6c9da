"""The words of a verification: ten steps, how each went, and the verdict that follows from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from countermark.document.certificate import Certificate
from countermark.trust.statement import Statement

TITLES = (
    "readable and canonical",
    "known version",
    "signer may certify this",
    "signature",
    "content consistent",
    "in the log",
    "cosigned by the partner's witness",
    "trusted time",
    "status",
    "rendition shows what was signed",
)


class Result(StrEnum):
    """How a step went."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not checked"
    NOT_APPLICABLE = "not applicable"


class Answer(StrEnum):
    """The verdict."""

    VALID = "valid"
    INVALID = "invalid"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Step:
    """One numbered step; ``code`` is empty if it passed."""

    number: int
    title: str
    result: Result
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest bundle of a log that this verifier has used."""

    size: int
    made_at: int


@dataclass(frozen=True, slots=True)
class AsOf:
    """The size of the log and the time, in seconds since 1970, for which the status holds."""

    size: int
    time: int


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict with its ten steps; what could be read is there whatever the verdict."""

    verdict: Answer
    steps: tuple[Step, ...]
    certificate: Certificate | None
    statement: Statement | None
    as_of: AsOf | None

    @property
    def reason(self) -> Step | None:
        """The first step that failed, or else the first that was not checked; ``None`` if valid."""
        for result in (Result.FAILED, Result.NOT_CHECKED):
            for step in self.steps:
                if step.result is result:
                    return step
        return None


def passed(number: int, sentence: str) -> Step:
    return Step(number, TITLES[number - 1], Result.PASSED, "", sentence)


def failed(number: int, code: str, sentence: str) -> Step:
    return Step(number, TITLES[number - 1], Result.FAILED, code, sentence)


def not_checked(number: int, code: str, sentence: str) -> Step:
    return Step(number, TITLES[number - 1], Result.NOT_CHECKED, code, sentence)


def not_applicable(number: int, code: str, sentence: str) -> Step:
    return Step(number, TITLES[number - 1], Result.NOT_APPLICABLE, code, sentence)


def answer(steps: Sequence[Step]) -> Answer:
    """One failure makes it invalid; it is valid only if every applicable step passed."""
    results = {step.result for step in steps}
    if Result.FAILED in results:
        return Answer.INVALID
    return Answer.CANNOT_TELL if Result.NOT_CHECKED in results else Answer.VALID
