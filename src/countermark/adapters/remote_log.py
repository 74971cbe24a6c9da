"""Read a log, and a party's offline bundle, over HTTP: bounded in size and time, and nothing of it trusted.

Only the standard library: whoever audits a log or verifies papers needs no web framework. A server keeps entry
bundles for partners (trust.md, who sees what), so whoever reads them signs each request as one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, Request, build_opener

MAX_LOG_FILE = 17_000_000
"""Bytes: a full entry bundle of the longest leaves."""
TIMEOUT_SECONDS = 10.0
WHOLE_SECONDS = 60.0
CHUNK = 65_536
PLACES = ("", "/log")
"""Where a checkpoint stands: beside the address of a log, or of a party's server."""

SignRequest = Callable[[str], Mapping[str, str]]
"""The header fields to send with a GET of this path."""


class Unreachable(Exception):
    """The server did not answer, or not with what was asked; the sentence says what to do."""

    code = "unreachable"


class _Answer(Protocol):
    def read(self, amount: int, /) -> bytes: ...


def fetch(url: str, limit: int, sign: SignRequest | None = None) -> bytes | None:
    """What stands at an address; ``None`` if nothing does. Raises Unreachable."""
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("it is no http or https address")
        headers = dict(sign(parts.path)) if sign else {}
        opener = build_opener(ProxyHandler({}))
        with opener.open(Request(url, headers=headers), timeout=TIMEOUT_SECONDS) as answer:
            data = _read(answer, url, limit)
            if answer.headers.get("Content-Length") not in (None, str(len(data))):
                raise ValueError("the answer broke off")
            return data
    except HTTPError as error:
        with error:
            if error.code == 404:
                return None
            raise Unreachable(_refused(url, error.code)) from error
    except (URLError, HTTPException, OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise Unreachable(f"{url} cannot be read ({reason}). Check the address and the network.") from error


def _read(answer: _Answer, url: str, limit: int) -> bytes:
    """The body, given up when it is too long or comes too slowly."""
    data = bytearray()
    until = time.monotonic() + WHOLE_SECONDS
    while part := answer.read(CHUNK):
        data += part
        if len(data) > limit:
            raise Unreachable(f"{url} sends more than {limit} bytes. Tell the log's operator.")
        if time.monotonic() > until:
            raise Unreachable(f"{url} sends too slowly. Try again later.")
    return bytes(data)


def _refused(url: str, status: int) -> str:
    if status in (401, 403):
        return f"{url} is kept for partners. Read it as one of them: --party DIR."
    return f"{url} answers {status}. Try again later, or tell the log's operator."


class RemoteLog:
    """The files of one log on a server; ``url`` is the log's or the party's address."""

    def __init__(self, url: str, sign: SignRequest | None = None) -> None:
        self.url = url.rstrip("/")
        self.sign = sign

    def find(self) -> bytes | None:
        """The checkpoint, and from now on the place where it stands. Raises Unreachable."""
        for place in PLACES:
            data = fetch(f"{self.url}{place}/checkpoint", MAX_LOG_FILE)
            if data is not None:
                self.url += place
                return data
        return None

    def __call__(self, path: str) -> bytes | None:
        """A file of the log. Raises Unreachable."""
        sign = self.sign if path.startswith("tile/entries/") else None
        return fetch(f"{self.url}/{path}", MAX_LOG_FILE, sign)
