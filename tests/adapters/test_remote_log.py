"""Reading a log over HTTP from a server that is wrong, huge, slow, or grows while it is read."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from countermark.adapters import remote_log
from countermark.adapters.remote_log import RemoteLog, Unreachable, fetch

Answering = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture
def serve() -> Iterator[Callable[[Answering], str]]:
    """Start a server that answers every GET so; its address."""
    servers: list[ThreadingHTTPServer] = []

    def start(answering: Answering) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answering(self)

            def log_message(self, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def status(code: int, body: bytes = b"") -> Answering:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def test_what_is_served_is_read(serve):
    assert fetch(serve(status(200, b"abc")), 3) == b"abc"


def test_what_is_not_there_is_none(serve):
    assert fetch(serve(status(404)), 3) is None


@pytest.mark.parametrize(
    ("code", "phrase"), [(401, "kept for partners"), (403, "kept for partners"), (500, "answers 500")]
)
def test_a_refusal_is_said_in_a_sentence(serve, code, phrase):
    with pytest.raises(Unreachable, match=phrase):
        fetch(serve(status(code)), 3)


def test_a_body_beyond_the_limit_is_given_up(serve):
    with pytest.raises(Unreachable, match="more than 3 bytes"):
        fetch(serve(status(200, b"abcd")), 3)


def test_slow_bytes_are_given_up(serve, monkeypatch):
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(20):
            handler.wfile.write(b"x" * remote_log.CHUNK)
            time.sleep(0.05)

    monkeypatch.setattr(remote_log, "WHOLE_SECONDS", 0.1)
    with pytest.raises(Unreachable, match="too slowly"):
        fetch(serve(drip), 1 << 30)


@pytest.mark.parametrize("cut", [b"", b"garbage\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"])
def test_an_answer_that_breaks_off_is_unreachable(serve, cut):
    with pytest.raises(Unreachable, match="Check the address"):
        fetch(serve(lambda handler: handler.wfile.write(cut) and None), 100)


@pytest.mark.parametrize(
    "url", ["", "log.example", "ftp://log.example/x", "http://", "http://[::1", "file:///etc/hosts"]
)
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(Unreachable, match="Check the address"):
        fetch(url, 3)


def test_a_log_is_found_beside_its_address_or_below_it(serve):
    def only(path: str) -> Answering:
        return lambda handler: status(200 if handler.path == path else 404, path.encode())(handler)

    for path in ("/checkpoint", "/log/checkpoint"):
        log = RemoteLog(serve(only(path)) + "/")
        assert log.find() == path.encode()
        assert log("checkpoint") == path.encode()


def test_only_entries_are_asked_for_by_name(serve):
    def seen(handler: BaseHTTPRequestHandler) -> None:
        status(200, handler.headers.get("By", "nobody").encode() + handler.path.encode())(handler)

    log = RemoteLog(serve(seen), lambda path: {"By": f"BY{len(path)}"})
    assert log("tile/entries/000.p/4") == b"BY21/tile/entries/000.p/4"
    assert log("tile/0/000.p/4") == b"nobody/tile/0/000.p/4"
