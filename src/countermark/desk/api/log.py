"""The log's static files as any web server could serve them, and the health of this one.

Checkpoint, hash tiles, public contents and roots are for everyone; entry bundles are for partners (trust.md).
"""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse, JsonResponse

from countermark.desk.access import partner
from countermark.desk.answer import answers, error
from countermark.desk.server import server

PATH = re.compile(r"checkpoint|tile/(?:entries/)?[0-9xp./]{1,80}|content/[0-9a-f]{64}")


@answers("GET")
def file(request: HttpRequest, path: str) -> HttpResponse:
    """One file of the log."""
    if not PATH.fullmatch(path) or ".." in path:
        return error(404, "no-file", "The log has no such file.")
    if path.startswith("tile/entries/"):
        partner(request)
    data = server().office.tiles.read(path)
    if data is None:
        return error(404, "no-file", "The log has no such file.")
    kind = "text/plain; charset=utf-8" if path == "checkpoint" else "application/octet-stream"
    return HttpResponse(data, content_type=kind)


@answers("GET")
def card(request: HttpRequest) -> HttpResponse:
    """What a partner needs to connect; its fingerprint is compared by other means before it is trusted."""
    return HttpResponse(server().card, content_type="application/json")


@answers("GET")
def health(request: HttpRequest) -> HttpResponse:
    """Whether the database answers and what our log's size is."""
    here = server()
    head = here.office.store.logs.head(here.office.origin)
    body = {"party": here.office.code, "origin": here.office.origin, "size": head.size if head else 0}
    return JsonResponse({"status": "ok", **body})
