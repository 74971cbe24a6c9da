"""The errors of the trust room: what a partner, a log or a file handed us cannot be read."""

from __future__ import annotations


class TrustError(ValueError):
    """Material that cannot be judged at all; material judged and found wanting is a value, not an error."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        """Stable, lower case with hyphens, such as ``key-small-order``."""


class KeyRefused(TrustError):
    """A public key that no algorithm of the table may use."""


class StatementError(TrustError):
    """Bytes that are not exactly one statement or signed file."""


class NoteError(TrustError):
    """A text that is no signed note, checkpoint or verifier key."""


class TileError(TrustError):
    """A tile, entry bundle or stored edge that cannot belong to the log it was read for."""
