"""Found a party, and connect it with a partner: the two acts for which the offline roots sign.

Both put a new trust list into the log: the first names the party's own keys, the next the partner's witness too.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

from countermark.adapters.db.connect import create_tables, open_database
from countermark.adapters.db.models import Statement
from countermark.adapters.files import write_durably
from countermark.adapters.keys import KeyFolder
from countermark.adapters.party import OpenParty, Terms, open_with, witness_name
from countermark.casework.ports import Clock, NewStatement, PartnerRow
from countermark.casework.publish import publish
from countermark.casework.sign import CTI_BYTES, SALT_BYTES
from countermark.corridor.card import Card, write_card
from countermark.trust import statement
from countermark.trust.algorithm import KeySigner
from countermark.trust.checkpoint import KeyKind, NoteSigner
from countermark.trust.kinds import Role
from countermark.trust.roots import LogKey, RootKey, Roots, write_roots
from countermark.trust.trustlist import KeyEntry, TrustList, Witness, encode_trust_list, read_trust_list

ROOTS = ("root-1", "root-2", "root-3")
THRESHOLD = 2
KEY_YEARS = 10
LIST_DAYS = 366
ROLES = {
    "operations": (Role.OPERATIONS,),
    "central": (Role.CENTRAL,),
    "seal": (Role.BODY_SEAL, Role.VERIFYING_SEAL),
    "customs": (Role.CUSTOMS_SEAL,),
}
PEOPLE = {"exporter": "Exporter 1", "officer": "Officer 7", "customs": "Customs officer 3"}
"""Roles that get an access token at founding, and the name each acts under."""
OWNER_ONLY = 0o600


class FoundingRefused(ValueError):
    """The party cannot be made there."""

    code = "founding"


def found_party(folder: Path, terms: Terms, clock: Clock) -> OpenParty:
    """Make a new party in an empty folder: keys, database, log with its first trust list. Raises FoundingRefused."""
    if folder.exists() and any(folder.iterdir()):
        raise FoundingRefused(f"{folder} is not empty. Name a new folder for the party.")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    # The database comes first: one that does not answer leaves nothing behind that would be in the way of a retry.
    alias = open_database(folder, terms.database)
    create_tables(alias)
    if Statement.objects.using(alias).exists():
        raise FoundingRefused("The database holds a party already. Name an empty one for the new party.")
    now = clock.now()
    keys = KeyFolder(folder / "keys")
    keys.prepare()
    for name in ("log", "witness", "transport", *(f"roots/{root}" for root in ROOTS)):
        keys.make_ed25519(name)
    for name in ROLES:
        make = keys.make_operations if name == "operations" else keys.make_seal
        make(name, f"{terms.code} {name}", now)
    roots = _roots(terms, keys, now.date())
    (folder / "roots.json").write_text(write_roots(roots))
    (folder / "card.json").write_text(write_card(_card(terms, keys, roots)))
    party = open_with(folder, terms, clock)
    _grant_access(party)
    _sign_trust_list(party, _first_list(terms, keys, now.date()))
    publish(party.office)
    # The terms come last: a folder without them is no party, so a half-made one is never served.
    write_durably(folder / "party.toml", _toml(terms).encode(), OWNER_ONLY)
    return party


def connect_partner(party: OpenParty, card: Card) -> None:
    """Open a corridor with a partner whose card was compared: its witness enters our trust list.

    A new card of a partner with the same log changes its address and keys, never what was received.
    Raises FoundingRefused, KeyUnreadable.
    """
    office = party.office
    known = office.store.cases.partner(card.party)
    _check_can_connect(party, card, known)
    current = read_trust_list(_contents(party)[-1])
    others = tuple(w for w in current.witnesses if w.party != card.party)
    witness = Witness(card.party, card.roots.witness)
    today = office.clock.now().date()
    new = replace(
        current,
        version=current.version + 1,
        issued=today,
        expires=today + timedelta(days=LIST_DAYS),
        witnesses=(*others, witness),
    )
    if witness not in current.witnesses:
        _sign_trust_list(party, new)
    plain = write_card(card)
    office.store.cases.put_partner(
        replace(known, card=plain) if known else PartnerRow(card.party, card.origin, plain)
    )
    publish(office)


def _check_can_connect(party: OpenParty, card: Card, known: PartnerRow | None) -> None:
    if card.party == party.office.code or card.origin == party.office.origin:
        raise FoundingRefused(f"The card is of {card.party} itself. Give the card of a partner.")
    if known is not None and known.origin != card.origin:
        raise FoundingRefused(
            f"{card.party} is connected with the log {known.origin}; this card names {card.origin}."
            " A partner keeps its log: ask it for the card of that one."
        )
    if any(
        row.origin == card.origin and row.party != card.party for row in party.office.store.cases.partners()
    ):
        raise FoundingRefused(
            f"The log {card.origin} is another partner's. Ask {card.party} for its own card."
        )


def _contents(party: OpenParty) -> Sequence[bytes]:
    """The contents of our trust lists, oldest first, sequenced or not."""
    rows = party.office.store.statements.of_kind(party.office.origin, "trust-list")
    return [row.content for row in rows if row.content is not None]


def _roots(terms: Terms, keys: KeyFolder, today: date) -> Roots:
    log = NoteSigner(terms.origin, keys.ed25519("log")).verifier
    witness = NoteSigner(witness_name(terms.origin), keys.ed25519("witness"), KeyKind.COSIGNER).verifier
    return Roots(
        party=terms.code,
        keys=tuple(RootKey(root, _public(keys, f"roots/{root}")) for root in ROOTS),
        threshold=THRESHOLD,
        logs=(LogKey(terms.origin, log.text),),
        witness=witness.text,
        valid_from=today,
    )


def _card(terms: Terms, keys: KeyFolder, roots: Roots) -> Card:
    return Card(terms.code, terms.origin, terms.url, _public(keys, "transport"), roots)


def _public(keys: KeyFolder, name: str) -> bytes:
    return keys.ed25519(name).public_key().public_bytes_raw()


def _first_list(terms: Terms, keys: KeyFolder, today: date) -> TrustList:
    return TrustList(
        party=terms.code,
        version=1,
        issued=today,
        expires=today + timedelta(days=LIST_DAYS),
        bodies=(terms.body,),
        officials=(),
        keys=tuple(
            KeyEntry(
                certificate=keys.certificate(name),
                roles=tuple(role.value for role in roles),
                valid_from=today,
                valid_to=today.replace(year=today.year + KEY_YEARS, day=min(today.day, 28)),
                body=terms.body.id if name == "seal" else "",
            )
            for name, roles in ROLES.items()
        ),
    )


def _sign_trust_list(party: OpenParty, trust_list: TrustList) -> None:
    """As many root statements over one content as the threshold asks, queued for the log."""
    office = party.office
    content = encode_trust_list(trust_list, office.ids.random(SALT_BYTES))
    rows = []
    for root in ROOTS[:THRESHOLD]:
        key = party.keys.ed25519(f"roots/{root}")
        signed = statement.sign(
            kind="trust-list",
            iss=office.origin,
            sub=f"party:{office.code}",
            aud=None,
            iat=int(office.clock.now().timestamp()),
            cti=office.ids.random(CTI_BYTES),
            content=content,
            signer=KeySigner(key, RootKey(root, key.public_key().public_bytes_raw()).kid),
        )
        rows.append(NewStatement(office.origin, None, signed.header, signed.leaf, content))
    with office.store.transaction():
        office.store.statements.add(rows)


def _grant_access(party: OpenParty) -> None:
    """One token a role; only their hashes are kept in the database."""
    tokens = {role: secrets.token_urlsafe(24) for role in PEOPLE}
    write_durably(party.folder / "tokens.json", json.dumps(tokens, indent=2).encode(), OWNER_ONLY)
    with party.office.store.transaction():
        for role, token in tokens.items():
            party.access.grant(sha256(token.encode()).digest(), PEOPLE[role], role)


def _toml(terms: Terms) -> str:
    """The terms as TOML; JSON strings are TOML basic strings."""
    top = ("code", "name", "origin", "zone", "url", "database")
    lines = [f"{name} = {json.dumps(getattr(terms, name), ensure_ascii=False)}" for name in top]
    body = [
        f"{name} = {json.dumps(getattr(terms.body, name), ensure_ascii=False)}"
        for name in ("id", "name", "address")
    ]
    return "\n".join([*lines, "", "[body]", *body, ""])
