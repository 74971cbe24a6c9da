"""What partners ask of us: our feed, and to take their cosignature and their notice."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from countermark.casework.cosign import accept_cosignature
from countermark.casework.feed import LIMIT, feed_page
from countermark.casework.refusal import Answer, Refusal
from countermark.desk.access import partner
from countermark.desk.answer import answers
from countermark.desk.server import server


@answers("GET")
def feed(request: HttpRequest) -> HttpResponse:
    """Entries from ``first``; contents only of what is addressed to the caller."""
    party = partner(request)
    first, limit = (_number(request, name, default) for name, default in (("first", 0), ("limit", LIMIT)))
    page = feed_page(server().office, party, first, min(limit, LIMIT))
    return HttpResponse(page, content_type="application/cbor")


@answers("POST")
def cosignatures(request: HttpRequest) -> HttpResponse:
    """A checkpoint of ours with the caller's signature line."""
    party = partner(request)
    accept_cosignature(server().office, party, request.body)
    return HttpResponse(status=204)


@answers("POST")
def notice(request: HttpRequest) -> HttpResponse:
    """The caller has a new checkpoint: look soon."""
    partner(request)
    server().wake()
    return HttpResponse(status=204)


def _number(request: HttpRequest, name: str, default: int) -> int:
    text = request.GET.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Refusal("number", f"{name} must be a whole number.", Answer.BAD_REQUEST)
    return int(text)
