"""The real store and the real files, with the power cut before or after the n-th write.

Before it the write "failed"; after it the write "failed but persisted": the caller cannot tell the two apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from countermark.casework.ports import Office
from two_parties import InProcess

WRITES = {
    "statements": {"add", "place", "refuse"},
    "logs": {"swap", "add_cosignature"},
    "register": {
        "next_numbers", "add_certificates", "set_status", "open_balances", "put_balances", "draw", "note_drawings",
    },
    "cases": {"add_applications", "update_applications", "add_inquiry", "update_inquiry", "put_partner", "note_received"},
    "tiles": {"stage", "install", "remove", "publish"},
}  # fmt: skip


class PowerCut(BaseException):
    """Nothing catches it, as nothing catches a dead machine."""


@dataclass
class Fuse:
    """Burns at one write; at none if ``at`` is zero."""

    at: int = 0
    persisted: bool = False
    trail: list[str] = field(default_factory=list)

    def before(self, name: str) -> None:
        self.trail.append(name)
        if len(self.trail) == self.at and not self.persisted:
            raise PowerCut(name)

    def after(self) -> None:
        if len(self.trail) == self.at and self.persisted:
            raise PowerCut(self.trail[-1])

    def call(self, name: str, write: Callable[..., Any], *args: Any, **more: Any) -> Any:
        self.before(name)
        found = write(*args, **more)
        self.after()
        return found


class Fused:
    """A port with its writes counted; everything else is the port's own."""

    def __init__(self, name: str, port: object, fuse: Fuse) -> None:
        self._name, self._port, self._fuse = name, port, fuse

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if name not in WRITES[self._name]:
            return found
        return lambda *args, **more: self._fuse.call(f"{self._name}.{name}", found, *args, **more)


class FusedStore:
    """A store whose commits count as writes too."""

    def __init__(self, store: Any, fuse: Fuse) -> None:
        self._store, self._fuse = store, fuse
        for name in ("statements", "logs", "register", "cases"):
            setattr(self, name, Fused(name, getattr(store, name), fuse))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._store.transaction():
            yield
            self._fuse.before("commit")
        self._fuse.after()


class FusedFeed:
    """A partner's server that is cut off before or after it takes the cosignature."""

    def __init__(self, feed: InProcess, fuse: Fuse) -> None:
        self._feed, self._fuse = feed, fuse

    def feed(self, first: int, limit: int) -> bytes:
        return self._feed.feed(first, limit)

    def bring_cosignature(self, origin: str, note: str) -> None:
        self._fuse.call("bring", self._feed.bring_cosignature, origin, note)


def fused(office: Office, fuse: Fuse) -> Office:
    store: Any = FusedStore(office.store, fuse)
    tiles: Any = Fused("tiles", office.tiles, fuse)
    return replace(office, store=store, tiles=tiles)
