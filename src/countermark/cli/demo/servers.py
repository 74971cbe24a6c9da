"""Found the two parties, run their servers as processes of their own, start one again when it died."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import sleep

import httpx

from countermark.adapters.clock import SystemClock
from countermark.adapters.founding import connect_partner, found_party
from countermark.adapters.party import Terms, open_party
from countermark.corridor.card import read_card
from countermark.document.certificate import Body

MOST_STARTS = 20
START_SECONDS = 30
BODIES = {
    "BY": (
        "Belarus",
        "Europe/Minsk",
        Body("101", "Sample Chamber of Commerce, Minsk unit", "1 Example Street, Minsk"),
    ),
    "AZ": (
        "Azerbaijan",
        "Asia/Baku",
        Body("201", "Sample Certification Agency, Baku office", "1 Nümunə Street, Baku"),
    ),
}


class ServerFailed(RuntimeError):
    """A server did not start, or died again and again."""


@dataclass(slots=True)
class Server:
    """One party's server process."""

    code: str
    folder: Path
    url: str
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0

    @property
    def tokens(self) -> dict[str, str]:
        tokens: dict[str, str] = json.loads((self.folder / "tokens.json").read_text())
        return tokens

    def ensure(self) -> None:
        """Running and healthy, started again if it died. Raises ServerFailed."""
        while self.process is None or self.process.poll() is not None:
            if self.starts == MOST_STARTS:
                raise ServerFailed(f"The server of {self.code} died {MOST_STARTS} times: see {self._log}.")
            self.starts += 1
            with self._log.open("ab") as log:
                self.process = subprocess.Popen(
                    [sys.executable, "-m", "countermark", "serve", str(self.folder)],
                    stdout=log,
                    stderr=log,
                    stdin=subprocess.DEVNULL,
                )
            self._await_health(self.process)

    @property
    def _log(self) -> Path:
        return self.folder / "server.log"

    def stop(self) -> None:
        """End the process that was started here, gracefully and then surely."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def _await_health(self, process: subprocess.Popen[bytes]) -> None:
        """Until it answers or has died. Raises ServerFailed when it does neither."""
        for _ in range(START_SECONDS * 10):
            if process.poll() is not None or self._healthy():
                return
            sleep(0.1)
        raise ServerFailed(f"The server of {self.code} does not answer: see {self._log}.")

    def _healthy(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health", timeout=2, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False


def found_both(folder: Path) -> dict[str, Server]:
    """Two parties in two folders, each with its keys and database, connected by their cards."""
    ports = _free_ports(len(BODIES))
    servers, cards = {}, {}
    for code, port in zip(BODIES, ports, strict=True):
        terms = terms_of(code, port)
        home = folder / code.lower()
        cards[code] = found_party(home, terms, SystemClock()).card
        servers[code] = Server(code, home, terms.url)
    for code, server in servers.items():
        other = next(card for party, card in cards.items() if party != code)
        connect_partner(open_party(server.folder), read_card(other))
    return servers


def terms_of(code: str, port: int) -> Terms:
    """A sample party on this machine."""
    name, zone, body = BODIES[code]
    origin = f"{code.lower()}.countermark.example/log/1"
    return Terms(code, name, origin, zone, f"http://127.0.0.1:{port}", "", body)


def _free_ports(count: int) -> list[int]:
    """Ports nobody listens on now, taken together so that they differ."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports
