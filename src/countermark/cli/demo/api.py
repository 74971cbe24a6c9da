"""One party's HTTP API, as an exporter's or a customs officer's own system would use it."""

from __future__ import annotations

from dataclasses import dataclass
from time import sleep
from typing import Any

import httpx

from countermark.cli.demo.servers import Server

TRIES = 8
MINUTE = 60.0


class Refused(Exception):
    """The server said no, and why."""

    def __init__(self, status: int, error: dict[str, Any]) -> None:
        super().__init__(f"{error.get('code')}: {error.get('sentence')}")
        self.status = status
        self.code = str(error.get("code"))
        self.details: list[str] = error.get("details", [])


@dataclass(slots=True)
class Api:
    """Every request is safe to repeat, so one that a dying server left unanswered is sent again."""

    server: Server
    http: httpx.Client

    @classmethod
    def to(cls, server: Server) -> Api:
        return cls(server, httpx.Client(base_url=server.url, timeout=MINUTE, trust_env=False))

    def get(self, role: str, path: str, **query: str) -> Any:
        return self._send("GET", role, path, params=query).json()

    def post(self, role: str, path: str, body: Any) -> Any:
        return self._send("POST", role, path, json=body).json()

    def file(self, role: str, path: str) -> bytes:
        return self._send("GET", role, path).content

    def checkpoint(self) -> str:
        """The log's published checkpoint with its signature lines."""
        return self._send("GET", "officer", "/log/checkpoint").text

    def _send(self, method: str, role: str, path: str, **more: Any) -> httpx.Response:
        for attempt in range(TRIES):
            try:
                self.server.ensure()
                headers = {"Authorization": f"Bearer {self.server.tokens[role]}"}
                answer = self.http.request(method, path, headers=headers, **more)
                break
            except httpx.TransportError:
                if attempt == TRIES - 1:
                    raise
                sleep(0.2 * 2**attempt)
        if answer.status_code >= 400:
            raise Refused(answer.status_code, answer.json()["error"])
        return answer
