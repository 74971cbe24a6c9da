"""Exit codes, and how an error reaches a person: one sentence on standard error, never a traceback."""

from __future__ import annotations

from enum import IntEnum

import click


class Exit(IntEnum):
    """0 yes, 10 no, 11 cannot tell, 2 bad usage or unreadable input, 1 our own failure."""

    YES = 0
    OUR_FAILURE = 1
    BAD_INPUT = 2
    NO = 10
    CANNOT_TELL = 11


class Stop(click.ClickException):
    """End the command with a sentence and a code; further lines follow it indented."""

    def __init__(self, sentence: str, exit: Exit = Exit.BAD_INPUT, details: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.exit_code = int(exit)  # type: ignore[misc]  # click reads it of the instance
        self.details = details

    def format_message(self) -> str:
        return "\n  ".join((self.message, *self.details))
