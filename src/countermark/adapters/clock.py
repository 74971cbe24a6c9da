"""The machine's clock and its source of random identifiers."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime


class SystemClock:
    """The time of this machine, in UTC."""

    def now(self) -> datetime:
        return datetime.now(tz=UTC)


class SystemIds:
    """Random bytes from the operating system."""

    def random(self, size: int) -> bytes:
        return secrets.token_bytes(size)
