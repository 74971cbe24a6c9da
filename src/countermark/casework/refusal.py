"""Why a verb did not do its work: one clear sentence, what to do next, and whether the answer is no or not yet."""

from __future__ import annotations

from enum import StrEnum


class Answer(StrEnum):
    """What a refusal means to the one who asked."""

    NO = "no"
    CANNOT_TELL = "cannot tell"
    BAD_REQUEST = "bad request"


class Refusal(Exception):
    """A verb refused; nothing was stored. ``details`` holds field errors or open questions, one a line."""

    def __init__(
        self, code: str, sentence: str, answer: Answer = Answer.NO, details: tuple[str, ...] = ()
    ) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.answer = answer
        self.details = details
