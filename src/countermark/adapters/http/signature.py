"""Signed requests between partners: HTTP Message Signatures (RFC 9421), Ed25519, one fixed set of components.

Every request covers ``@method``, ``@authority``, ``@path``, ``@query`` and ``content-digest`` (RFC 9530), with
``created`` and ``keyid``. A signature older or newer than two minutes is refused, so a captured request is soon worth
nothing. The authority is that of the address in the receiver's card, whatever a proxy makes of it: a partner cannot
pass on a request made to it, and be given by another party what is kept for the one that signed.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

WINDOW_SECONDS = 120
COMPONENTS = '("@method" "@authority" "@path" "@query" "content-digest")'
INPUT = re.compile(
    rf'cm=({re.escape(COMPONENTS)};created=([0-9]{{1,12}});keyid="([A-Z]{{2}})";alg="ed25519")', re.ASCII
)


class SignatureRefused(ValueError):
    """The request is not signed by a partner of ours."""

    code = "request-signature"


def content_digest(body: bytes) -> str:
    """The ``Content-Digest`` field value (RFC 9530, 2)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def sign_request(
    key: Ed25519PrivateKey, party: str, url: str, method: str, path: str, query: str, body: bytes, now: int
) -> dict[str, str]:
    """The header fields to send with the request.

    ``url`` is the address in the receiver's card; ``now`` is Unix seconds; ``query`` without its question mark.
    """
    digest = content_digest(body)
    parameters = f'{COMPONENTS};created={now};keyid="{party}";alg="ed25519"'
    signature = key.sign(_base(url, method, path, query, digest, parameters))
    return {
        "Content-Digest": digest,
        "Signature-Input": f"cm={parameters}",
        "Signature": f"cm=:{base64.b64encode(signature).decode()}:",
    }


def signing_party(
    headers: Mapping[str, str],
    keys: Mapping[str, bytes],
    url: str,
    method: str,
    path: str,
    query: str,
    body: bytes,
    now: int,
) -> str:
    """The partner that signed the request. Raises SignatureRefused.

    ``keys`` holds raw public keys by party; ``url`` is our own address, as our card gives it.
    """
    found = INPUT.fullmatch(headers.get("Signature-Input", ""))
    given = re.fullmatch(r"cm=:([A-Za-z0-9+/]{86}==):", headers.get("Signature", ""))
    if found is None or given is None:
        raise SignatureRefused(
            "The request carries no signature of a partner (RFC 9421). Sign it with the transport key."
        )
    parameters, created, party = found.group(1), int(found.group(2)), found.group(3)
    if party not in keys:
        raise SignatureRefused(f"{party} is no partner here. Exchange partner cards first.")
    if abs(now - created) > WINDOW_SECONDS:
        raise SignatureRefused(
            "The request was signed more than two minutes from our time. Set the clocks right."
        )
    if headers.get("Content-Digest") != content_digest(body):
        raise SignatureRefused("The request's body is not the one that was signed. Send it again.")
    message = _base(url, method, path, query, content_digest(body), parameters)
    try:
        Ed25519PublicKey.from_public_bytes(keys[party]).verify(base64.b64decode(given.group(1)), message)
    except (InvalidSignature, ValueError) as error:
        raise SignatureRefused(
            f"The signature is not {party}'s, or of a request to another address than {url}."
            " Use the transport key and the address of the cards."
        ) from error
    return party


def _base(url: str, method: str, path: str, query: str, digest: str, parameters: str) -> bytes:
    """The signature base (RFC 9421, 2.5)."""
    lines = [
        f'"@method": {method.upper()}',
        f'"@authority": {_authority(url)}',
        f'"@path": {path}',
        f'"@query": ?{query}',
        f'"content-digest": {digest}',
        f'"@signature-params": {parameters}',
    ]
    return "\n".join(lines).encode()


def _authority(url: str) -> str:
    """Host and port in lower case, the port left out where it is the scheme's own (RFC 9421, 2.2.3)."""
    parts = urlsplit(url.lower())
    usual = {"http": ":80", "https": ":443"}.get(parts.scheme, "")
    return parts.netloc.removesuffix(usual) if usual else parts.netloc
