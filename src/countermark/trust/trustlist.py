"""Decides who may sign what, at a given place of a party's log.

A trust list is in force from the index at which enough different root keys have signed its content: order in
the log counts, never clocks. Versions only rise; the history is kept, for a key is judged by the list of its
place in the log.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from countermark.document.certificate import BODY, IDENTIFIER, Body
from countermark.document.errors import DocumentError
from countermark.document.parts import COUNTRY, DATE, FLAG, ascii_text, octets, text, whole
from countermark.document.shape import Part, array, maybe, read_content, record, write_content
from countermark.trust.algorithm import PublicKey, kid_of, public_key
from countermark.trust.checkpoint import VerifierKey
from countermark.trust.errors import TrustError
from countermark.trust.kinds import KINDS, Role
from countermark.trust.roots import Roots
from countermark.trust.statement import Statement, matches, verify
from countermark.trust.time import days_of


@dataclass(frozen=True, slots=True)
class Official:
    """A person authorised to certify, by the identifier that certificates carry."""

    id: str
    body: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Witness:
    """The key under which a partner cosigns this party's checkpoints, vouched for by this party's roots."""

    party: str
    vkey: str


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """A key and what it may do."""

    certificate: bytes
    """X.509, DER."""
    roles: tuple[str, ...]
    """Of ``kinds.Role``."""
    valid_from: date
    valid_to: date
    """The last day."""
    body: str = ""
    """The body whose seal it is; empty for keys of the party itself."""
    forms: tuple[str, ...] = ()
    """Forms it may certify; empty: every form."""
    agreements: tuple[str, ...] = ()
    """Agreements it may certify under; empty: every agreement."""
    suspended: bool = False

    @property
    def kid(self) -> bytes:
        return kid_of(self.certificate)


@dataclass(frozen=True, slots=True)
class TrustList:
    """Who may sign for a party."""

    party: str
    version: int
    issued: date
    expires: date
    """The last day on which it counts."""
    bodies: tuple[Body, ...]
    officials: tuple[Official, ...]
    keys: tuple[KeyEntry, ...]
    witnesses: tuple[Witness, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a signer or a list does not count; the sentence says what to do."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Signatory:
    """A key that may sign a statement; ``entry`` is ``None`` for a root."""

    key: PublicKey
    entry: KeyEntry | None


_ROLES = ascii_text("body-seal|verifying-seal|customs-seal|operations|central", "a role of the trust list")
_SHORT = IDENTIFIER
_LIST: Part[TrustList] = record(
    TrustList,
    party=COUNTRY,
    version=whole(1, 2**53),
    issued=DATE,
    expires=DATE,
    bodies=array(BODY, 1000),
    officials=array(record(Official, id=_SHORT, body=text(3), name=maybe(text(300), "")), 10_000),
    keys=array(
        record(
            KeyEntry,
            certificate=octets(1, 20_000),
            roles=array(_ROLES, 5),
            valid_from=DATE,
            valid_to=DATE,
            body=maybe(text(3), ""),
            forms=maybe(array(_SHORT, 50), ()),
            agreements=maybe(array(_SHORT, 50), ()),
            suspended=maybe(FLAG, False),
        ),
        10_000,
    ),
    witnesses=maybe(
        array(record(Witness, party=COUNTRY, vkey=ascii_text("[!-~]{1,400}", "a verifier key")), 300), ()
    ),
)


def encode_trust_list(trust_list: TrustList, salt: bytes) -> bytes:
    """The content that the roots sign; raises ``DocumentError``."""
    return write_content(_LIST, trust_list, salt)


def read_trust_list(content: bytes) -> TrustList:
    """The list in a content; raises ``DocumentError`` for anything but its one encoding."""
    return read_content(_LIST, content)[0]


@dataclass(frozen=True, slots=True)
class _InForce:
    """A list with its keys at hand, by key identifier."""

    index: int
    trust_list: TrustList
    keys: Mapping[bytes, tuple[Signatory, ...]]


@dataclass(slots=True)
class TrustHistory:
    """Every trust list of one log that came into force; holds only what enough roots signed."""

    roots: Roots
    _lists: list[_InForce] = field(default_factory=list)
    _signed: dict[bytes, set[bytes]] = field(default_factory=dict)
    """Content hash to the root keys that signed it so far."""

    def feed(self, index: int, statement: Statement, content: bytes) -> Refusal | None:
        """Take the next root-signed statement of the log; they must come in order.

        Says why a statement does not count; ``None`` if it does, whether or not its list is in force yet.
        """
        signer = self._root(statement)
        if isinstance(signer, Refusal):
            return signer
        if not verify(statement, signer.key) or not matches(statement, content):
            return Refusal(
                "root-signature", "A root's signature is not good. Ask the party for its trust list."
            )
        if statement.header.kind != "trust-list":
            return None
        signed = self._signed.setdefault(statement.digest, set())
        signed.add(signer.key.spki)
        return self._bring_into_force(index, content) if len(signed) == self.roots.threshold else None

    def in_force(self, index: int) -> TrustList | None:
        """The list by which a statement at this index is judged."""
        found = self._at(index)
        return found.trust_list if found else None

    def signer(
        self, statement: Statement, index: int, *, form: str = "", agreement: str = ""
    ) -> Signatory | Refusal:
        """The key that may have signed a statement at this index of the log, or why none may.

        ``form`` and ``agreement`` are asked where given. The signature is the caller's to verify; it is
        looked at here only to choose between keys that share an identifier.
        """
        kind = KINDS[statement.header.kind]
        if Role.ROOT in kind.roles:
            return self._root(statement)
        found = self._at(index)
        if found is None:
            return Refusal("no-trust-list", "No trust list was in force at this place of the log.")
        candidates = found.keys.get(statement.header.kid, ())
        if len(candidates) > 1:
            candidates = tuple(each for each in candidates if verify(statement, each.key)) or candidates
        refusal = Refusal("unknown-signer", "The signing key is not in the trust list in force.")
        for candidate in candidates:
            judged = _judge(candidate, found.trust_list, kind.roles, statement.header.iat)
            refused = judged or _judge_document(candidate, form, agreement)
            if refused is None:
                return candidate
            refusal = refused
        return refusal

    def operator(self, kid: bytes, index: int, time: int) -> tuple[Signatory, ...]:
        """The operations keys of this identifier that may speak for the party at a time."""
        found = self._at(index)
        if found is None:
            return ()
        wanted = frozenset({Role.OPERATIONS})
        return tuple(
            each for each in found.keys.get(kid, ()) if _judge(each, found.trust_list, wanted, time) is None
        )

    def _at(self, index: int) -> _InForce | None:
        place = bisect_right(self._lists, index, key=lambda each: each.index)
        return self._lists[place - 1] if place else None

    def _root(self, statement: Statement) -> Signatory | Refusal:
        for root in self.roots.keys:
            if root.kid == statement.header.kid:
                if days_of(statement.header.iat)[1] < self.roots.valid_from:
                    return Refusal("root-early", "The statement is older than the root keys.")
                return Signatory(root.public, None)
        return Refusal("unknown-root", "The signing key is not one of the pinned root keys.")

    def _bring_into_force(self, index: int, content: bytes) -> Refusal | None:
        try:
            trust_list = read_trust_list(content)
            keys = _by_kid(trust_list)
            for witness in trust_list.witnesses:
                VerifierKey.read(witness.vkey)
        except (DocumentError, TrustError) as error:
            return Refusal(error.code, f"A trust list cannot be used: {error}")
        if trust_list.party != self.roots.party:
            return Refusal("trust-list-party", "The trust list is another party's.")
        if self._lists and trust_list.version <= self._lists[-1].trust_list.version:
            return Refusal("trust-list-old", "The trust list's version is not above the one in force.")
        self._lists.append(_InForce(index, trust_list, keys))
        return None


def _by_kid(trust_list: TrustList) -> Mapping[bytes, tuple[Signatory, ...]]:
    found: dict[bytes, tuple[Signatory, ...]] = {}
    for entry in trust_list.keys:
        found[entry.kid] = (*found.get(entry.kid, ()), Signatory(public_key(entry.certificate), entry))
    return found


def _judge(signatory: Signatory, trust_list: TrustList, roles: frozenset[Role], time: int) -> Refusal | None:
    """Why a key may not sign in one of these roles at this time."""
    entry = signatory.entry
    if entry is None or roles.isdisjoint(entry.roles):
        return Refusal("wrong-role", f"The key may not sign this: it is no {' or '.join(sorted(roles))}.")
    if entry.suspended:
        return Refusal("suspended-signer", "The signing key was suspended.")
    first, last = days_of(time)
    if last < entry.valid_from or first > entry.valid_to:
        return Refusal(
            "signer-not-valid", f"The signing key is valid from {entry.valid_from} to {entry.valid_to} only."
        )
    if first > trust_list.expires:
        return Refusal("trust-list-expired", f"The trust list in force ended on {trust_list.expires}.")
    return None


def _judge_document(signatory: Signatory, form: str, agreement: str) -> Refusal | None:
    """Why a key may not certify this form under this agreement."""
    entry = signatory.entry
    if entry and form and entry.forms and form not in entry.forms:
        return Refusal("wrong-form", f"The key may not certify form {form}.")
    if entry and agreement and entry.agreements and agreement not in entry.agreements:
        return Refusal("wrong-agreement", f"The key may not certify under the agreement {agreement}.")
    return None
