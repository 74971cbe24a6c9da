"""Belarus's server in this process, asked over its real WSGI application; Azerbaijan and Kazakhstan beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import httpx

from countermark.adapters.http.signature import sign_request
from countermark.adapters.party import OpenParty
from countermark.casework.publish import publish
from countermark.casework.receive import follow
from two_parties import InProcess, Pair

URL = "http://127.0.0.1:8101"
ROLES = ("exporter", "officer", "customs")


@dataclass
class Desk:
    """The server of Belarus, and the parties that ask it."""

    http: httpx.Client
    pair: Pair
    kz: OpenParty

    def token(self, role: str) -> dict[str, str]:
        token = json.loads((self.pair.by.folder / "tokens.json").read_text())[role]
        return {"Authorization": f"Bearer {token}"}

    def get(self, role: str, path: str, **query: str) -> httpx.Response:
        return self.http.get(path, headers=self.token(role), params=query)

    def post(self, role: str, path: str, body: object) -> httpx.Response:
        return self.http.post(path, headers=self.token(role), json=body)

    def raw(self, role: str, path: str, body: bytes) -> httpx.Response:
        return self.http.post(path, headers=self.token(role), content=body)

    def ask_as(
        self, asking: OpenParty, method: str, path: str, query: str = "", body: bytes = b"", **changes: Any
    ) -> httpx.Response:
        """A request signed by a partner; ``changes`` spoil what is signed."""
        now = int(asking.office.clock.now().timestamp())
        signed = {
            "key": asking.keys.ed25519("transport"), "party": asking.terms.code, "url": URL,
            "method": method, "path": path, "query": query, "body": body, "now": now,
        }  # fmt: skip
        headers = sign_request(**(signed | changes))
        return self.http.request(method, f"{path}?{query}" if query else path, headers=headers, content=body)

    def exchange(self) -> None:
        """Everything published, followed and answered between Belarus and Azerbaijan."""
        self.pair.settle()
        publish(self.kz.office)
        follow(self.kz.office, "BY", InProcess(self.pair.by.office, "KZ"))
