"""Who is calling: a person or system of ours by bearer token, a partner by its signed request."""

from __future__ import annotations

from hashlib import sha256

from django.http import HttpRequest

from countermark.adapters.http.signature import signing_party
from countermark.desk.answer import Denied
from countermark.desk.server import server


def caller(request: HttpRequest, *roles: str) -> str:
    """The name of the token's holder, who must have one of the roles. Raises Denied."""
    header = request.headers.get("Authorization", "")
    if not header.startswith("Bearer "):
        raise Denied(401, "no-token", "Send your access token: 'Authorization: Bearer <token>'.")
    holder = server().access.holder(sha256(header[7:].encode()).digest())
    if holder is None:
        raise Denied(401, "unknown-token", "This access token is not known here. Ask the operator for one.")
    name, role = holder
    if role not in roles:
        raise Denied(403, "wrong-role", f"This needs the role {' or '.join(roles)}; the token is for {role}.")
    return name


def partner(request: HttpRequest) -> str:
    """The partner that signed the request. Raises SignatureRefused."""
    here = server()
    return signing_party(
        request.headers,
        here.transport_keys(),
        here.terms.url,
        request.method or "",
        request.path,
        request.META.get("QUERY_STRING", ""),
        request.body,
        int(here.office.clock.now().timestamp()),
    )
