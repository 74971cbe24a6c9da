"""Decides what two parties exchange before they can talk: a card with address, roots and transport key.

Cards are handed over by people, and their fingerprint is compared over another channel.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from countermark.trust.checkpoint import VerifierKey
from countermark.trust.errors import TrustError
from countermark.trust.roots import Roots, read_roots, write_roots

FIELDS = {"party", "origin", "url", "transport_key", "roots"}


@dataclass(frozen=True, slots=True)
class Card:
    """One party, as its partners know it."""

    party: str
    origin: str
    """Of the log that is followed."""
    url: str
    transport_key: bytes
    """Ed25519, 32 bytes: signs this party's requests to our server."""
    roots: Roots

    @property
    def log_key(self) -> VerifierKey:
        log = self.roots.log(self.origin)
        if log is None:
            raise TrustError("card-log", "The card names a log that its roots do not.")
        return log.key

    @property
    def witness(self) -> VerifierKey:
        return self.roots.witness_key


def write_card(card: Card) -> str:
    """The card as its file."""
    plain = {
        "party": card.party,
        "origin": card.origin,
        "url": card.url,
        "transport_key": base64.b64encode(card.transport_key).decode(),
        "roots": json.loads(write_roots(card.roots)),
    }
    return json.dumps(plain, ensure_ascii=False, indent=2) + "\n"


def read_card(text: str) -> Card:
    """The card in a file; raises ``TrustError`` unless every field is there, known and fit."""
    try:
        plain = json.loads(text)
        if not isinstance(plain, dict) or set(plain) != FIELDS:
            raise ValueError(f"it does not hold exactly the fields {', '.join(sorted(FIELDS))}")
        card = _card(plain)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise TrustError(
            "card-unreadable", f"This is no partner's card: {error}. Ask the partner for its card."
        ) from error
    if len(card.transport_key) != 32 or not card.url.startswith(("https://", "http://")):
        raise TrustError(
            "card-unreadable", "The card's key or address cannot be used. Ask the partner for its card."
        )
    card.log_key  # noqa: B018 - raises unless the roots name the log
    return card


def card_fingerprint(card: Card) -> str:
    """SHA-256 of the card's file, in hexadecimal: what people compare."""
    return hashlib.sha256(write_card(card).encode()).hexdigest()


def _card(plain: dict[str, Any]) -> Card:
    (roots,) = read_roots(json.dumps(plain["roots"]).encode())
    if roots.party != plain["party"]:
        raise ValueError("its roots are another party's")
    return Card(
        party=plain["party"],
        origin=plain["origin"],
        url=plain["url"],
        transport_key=base64.b64decode(plain["transport_key"], validate=True),
        roots=roots,
    )
