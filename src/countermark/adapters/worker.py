"""The background work of one party: publish its log, follow its partners, tell them when there is news.

One thread, one loop: it sleeps until it is woken or a second has passed. Every step is harmless when repeated, so a
crash anywhere is answered by starting again. A fault of one partner never stops the work for the others.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import partial

from countermark.adapters.http.partner import PartnerClient, PartnerUnreachable
from countermark.adapters.party import OpenParty
from countermark.casework.publish import publish
from countermark.casework.receive import follow

LOG = logging.getLogger("countermark.worker")
PAUSE_SECONDS = 1.0
COALESCE_SECONDS = 0.05


class Worker:
    """Start once per process; stop it gracefully, or kill the process at any moment."""

    def __init__(self, party: OpenParty) -> None:
        self.party = party
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._loop, name="countermark-worker", daemon=True)

    def start(self) -> None:
        self.thread.start()

    def stop(self) -> None:
        self.stopping.set()
        self.party.wake()
        self.thread.join()

    def _loop(self) -> None:
        while not self.stopping.is_set():
            self.party.woken.wait(PAUSE_SECONDS)
            self.stopping.wait(COALESCE_SECONDS)
            self.party.woken.clear()
            self._tried("the turn", self.turn)
        self.party.store.close()

    def turn(self) -> None:
        """Publish what is pending, follow every partner to its end, publish what that made, send notices."""
        before = self._size()
        self._tried("publish", partial(publish, self.party.office))
        for partner, client in self.party.partners():
            self._tried(f"follow {partner.party}", partial(self._follow, partner.party, client))
        self._tried("publish", partial(publish, self.party.office))
        if self._size() > before:
            for partner, client in self.party.partners():
                self._tried(f"notice to {partner.party}", client.notice)

    def _follow(self, party: str, client: PartnerClient) -> None:
        if fault := follow(self.party.office, party, client):
            LOG.warning("%s: %s", party, fault.sentence)

    def _size(self) -> int:
        head = self.party.office.store.logs.head(self.party.office.origin)
        return head.size if head else 0

    def _tried(self, what: str, work: Callable[[], object]) -> None:
        try:
            work()
        except PartnerUnreachable as fault:
            LOG.info("%s: %s", what, fault)
        except Exception:
            LOG.exception("%s failed; it is tried again", what)
            self.party.store.forget_broken_connection()
