"""Talk to a partner's server: fetch its feed, bring it our cosignature; every answer bounded in time and size."""

from __future__ import annotations

from urllib.parse import urlencode

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from countermark.adapters.http.signature import sign_request
from countermark.casework.ports import Clock

MAX_ANSWER = 64 * 1024 * 1024
TIMEOUT = httpx.Timeout(20.0, connect=5.0)


class PartnerUnreachable(Exception):
    """The partner's server did not answer, or not with what was asked: a fault of the world, to be tried again."""

    code = "partner-unreachable"


class PartnerClient:
    """One partner's server, as our own party speaks to it."""

    def __init__(self, url: str, party: str, key: Ed25519PrivateKey, clock: Clock) -> None:
        self.url = url.rstrip("/")
        self.party = party
        self.key = key
        self.clock = clock
        self.http = httpx.Client(timeout=TIMEOUT, trust_env=False)

    def feed(self, first: int, limit: int) -> bytes:
        """One page of the partner's log from ``first`` (corridor.feed). Raises PartnerUnreachable."""
        return self._send("GET", "/corridor/feed", urlencode({"first": first, "limit": limit}), b"")

    def bring_cosignature(self, origin: str, note: str) -> None:
        """Give the log our signature lines; bringing one twice changes nothing. Raises PartnerUnreachable."""
        self._send("POST", "/corridor/cosignatures", urlencode({"origin": origin}), note.encode())

    def notice(self) -> None:
        """Tell the partner that our log has grown. Raises PartnerUnreachable."""
        self._send("POST", "/corridor/notice", "", b"")

    def close(self) -> None:
        self.http.close()

    def _send(self, method: str, path: str, query: str, body: bytes) -> bytes:
        now = int(self.clock.now().timestamp())
        headers = sign_request(self.key, self.party, self.url, method, path, query, body, now)
        try:
            with self.http.stream(
                method, f"{self.url}{path}?{query}", headers=headers, content=body
            ) as answer:
                data = bytearray()
                for part in answer.iter_raw():
                    data += part
                    if len(data) > MAX_ANSWER:
                        raise PartnerUnreachable(
                            f"{self.url} sent more than {MAX_ANSWER} bytes; the answer was dropped."
                        )
                if answer.status_code not in (200, 204):
                    raise PartnerUnreachable(f"{self.url} answered {answer.status_code} to {path}.")
                return bytes(data)
        except httpx.HTTPError as error:
            raise PartnerUnreachable(f"{self.url} did not answer ({error}). It is tried again.") from error
