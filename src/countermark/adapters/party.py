"""A party's folder: what stands in it, and the open party behind the server and the command line.

``party.toml`` says who the party is; ``keys/`` holds its private keys; ``log/`` the static files of its log;
``roots.json`` and ``card.json`` are for its partners; ``tokens.json`` for its own people.
"""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from countermark.adapters.clock import SystemClock, SystemIds
from countermark.adapters.db.cases import DjangoAccess
from countermark.adapters.db.connect import open_database
from countermark.adapters.db.store import DjangoStore
from countermark.adapters.files import FileTiles
from countermark.adapters.http.partner import PartnerClient
from countermark.adapters.keys import KeyFolder
from countermark.adapters.nomenclature import hs_2022
from countermark.adapters.packs import PackError, load_agreement
from countermark.casework.ports import Clock, NoAgreement, Office, PartnerRow
from countermark.corridor.card import read_card
from countermark.document.certificate import Body
from countermark.rules.agreement import Agreement
from countermark.trust.checkpoint import KeyKind, NoteSigner
from countermark.trust.kinds import Role

SIGNERS = {
    Role.OPERATIONS: "operations",
    Role.CENTRAL: "central",
    Role.VERIFYING_SEAL: "seal",
    Role.CUSTOMS_SEAL: "customs",
    Role.BODY_SEAL: "seal",
}
"""Which key file plays which role; a use is sealed by customs where it could be either."""


class PartyUnreadable(ValueError):
    """The folder is no party's, or ``party.toml`` is not as it must be."""

    code = "party-unreadable"


@dataclass(frozen=True, slots=True)
class Terms:
    """``party.toml``: who the party is and where it answers."""

    code: str
    name: str
    origin: str
    zone: str
    url: str
    database: str
    body: Body

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or (443 if self.url.startswith("https") else 80)


@dataclass(slots=True)
class OpenParty:
    """A party at work in this process."""

    folder: Path
    terms: Terms
    office: Office
    store: DjangoStore
    access: DjangoAccess
    keys: KeyFolder
    woken: threading.Event = field(default_factory=threading.Event)
    _clients: dict[str, PartnerClient] = field(default_factory=dict)

    @property
    def card(self) -> str:
        return (self.folder / "card.json").read_text()

    def wake(self) -> None:
        """There is something to publish or to follow: let the worker look now."""
        self.woken.set()

    def transport_keys(self) -> dict[str, bytes]:
        """The keys our partners sign their requests with."""
        return {row.party: read_card(row.card).transport_key for row in self.office.store.cases.partners()}

    def partners(self) -> Iterator[tuple[PartnerRow, PartnerClient]]:
        """Every partner with its client."""
        for row in self.office.store.cases.partners():
            url = read_card(row.card).url
            client = self._clients.get(row.party)
            if client is None or client.url != url.rstrip("/"):
                key = self.keys.ed25519("transport")
                client = PartnerClient(url, self.office.code, key, self.office.clock)
                self._clients[row.party] = client
            yield row, client

    def close(self) -> None:
        for client in self._clients.values():
            client.close()


def read_terms(folder: Path) -> Terms:
    """Raises PartyUnreadable."""
    path = folder / "party.toml"
    try:
        plain = tomllib.loads(path.read_text())
        body = Body(**plain.pop("body"))
        terms = Terms(**plain, body=body)
        ZoneInfo(terms.zone)
    except (
        OSError,
        tomllib.TOMLDecodeError,
        TypeError,
        KeyError,
        ValueError,
        ZoneInfoNotFoundError,
    ) as error:
        raise PartyUnreadable(
            f"{folder} is not a party's folder ({error}). Make one with 'countermark party init'."
        ) from error
    return terms


def open_party(folder: Path, clock: Clock | None = None) -> OpenParty:
    """Open the database, the keys and the log of a party. Raises PartyUnreadable, KeyUnreadable."""
    return open_with(folder, read_terms(folder), clock)


def open_with(folder: Path, terms: Terms, clock: Clock | None = None) -> OpenParty:
    """The party of these terms, whether or not they stand in its folder yet. Raises KeyUnreadable."""
    alias = open_database(folder, terms.database)
    keys = KeyFolder(folder / "keys")
    store = DjangoStore(alias)
    office = Office(
        code=terms.code,
        origin=terms.origin,
        zone=ZoneInfo(terms.zone),
        body=terms.body,
        store=store,
        clock=clock or SystemClock(),
        ids=SystemIds(),
        signers={role: keys.signer(name) for role, name in SIGNERS.items()},
        log_signer=NoteSigner(terms.origin, keys.ed25519("log")),
        witness=NoteSigner(witness_name(terms.origin), keys.ed25519("witness"), KeyKind.COSIGNER),
        tiles=FileTiles(folder / "log"),
        hs=hs_2022(),
        agreement=_agreement,
    )
    return OpenParty(folder, terms, office, store, DjangoAccess(alias), keys)


@lru_cache(maxsize=16)
def _agreement(name: str) -> Agreement:
    try:
        return load_agreement(name)
    except PackError as error:
        raise NoAgreement(str(error)) from error


def witness_name(origin: str) -> str:
    """The name this party cosigns under."""
    return f"{origin}/witness"
