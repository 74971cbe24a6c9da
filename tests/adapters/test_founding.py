"""A party is founded whole or not at all, and connected by the card that people compared."""

from __future__ import annotations

import json
import shutil
import stat
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from django.db import connections

from countermark.adapters.founding import FoundingRefused, connect_partner, found_party
from countermark.adapters.party import PartyUnreadable, open_party, read_terms
from countermark.corridor.card import read_card
from countermark.corridor.conversation import State
from countermark.trust.audit import Check
from countermark.trust.report import Result
from countermark.trust.trustlist import read_trust_list
from postgresql_server import PostgresqlServer
from two_parties import Pair, SetClock, audit, cattle, certify, disconnect, reopen, terms_of


def test_a_new_party_has_a_log_that_anyone_can_verify_and_secrets_that_nobody_can_read(tmp_path: Path):
    folder = tmp_path / "by"
    party = found_party(folder, terms_of("BY"), SetClock())
    report = audit(party)
    assert report.ok
    assert report.findings[Check.COSIGNATURES - 1].result is Result.NOT_APPLICABLE
    assert report.size == 2
    assert read_terms(folder) == terms_of("BY")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "tokens.json").stat().st_mode) == 0o600
    tokens = json.loads((folder / "tokens.json").read_text())
    database = (folder / "party.sqlite3").read_bytes()
    for role, token in tokens.items():
        assert party.access.holder(sha256(token.encode()).digest()) is not None, role
        assert token.encode() not in database
    assert len(set(tokens.values())) == 3
    disconnect(party)


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(FoundingRefused, match="not empty"):
        found_party(tmp_path, terms_of("BY"), SetClock())
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_founding_cut_short_at_any_moment_leaves_no_party(tmp_path: Path):
    """The clock is asked at every stage: the power is cut when it is asked for the n-th time."""

    class Dying(SetClock):
        def __init__(self, breath: int) -> None:
            super().__init__()
            self.breath = breath

        def now(self):
            self.breath -= 1
            if self.breath < 0:
                raise KeyboardInterrupt
            return super().now()

    alive = 0
    while True:
        folder = tmp_path / str(alive)
        try:
            party = found_party(folder, terms_of("BY"), Dying(alive))
        except KeyboardInterrupt:
            with pytest.raises(PartyUnreadable, match="party init"):
                open_party(folder)
            alive += 1
            continue
        disconnect(party)
        break
    assert alive >= 3


def test_two_parties_never_share_a_database(postgresql: PostgresqlServer, tmp_path: Path):
    url = postgresql.database()
    first = found_party(tmp_path / "by", terms_of("BY", url), SetClock())
    with pytest.raises(FoundingRefused, match="empty one"):
        found_party(tmp_path / "az", terms_of("AZ", url), SetClock())
    assert audit(first).ok
    disconnect(first)
    connections[str((tmp_path / "az").resolve())].close()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('code = "BY"', ""),
        ('code = "BY"', 'code = "BY"\nsurprise = 1'),
        ('zone = "Europe/Minsk"', 'zone = "Moon/Tycho"'),
        ('zone = "Europe/Minsk"', 'zone = "../../etc/passwd"'),
        ("[body]", ""),
        ("[body]", "[["),
        ('id = "101"', ""),
    ],
)
def test_terms_that_cannot_be_read_are_told_in_one_sentence(
    founded: Path, tmp_path: Path, old: str, new: str
):
    folder = shutil.copytree(founded / "by", tmp_path / "by")
    text = (folder / "party.toml").read_text()
    assert old in text
    (folder / "party.toml").write_text(text.replace(old, new))
    with pytest.raises(PartyUnreadable, match="party init"):
        open_party(folder)


def test_names_with_quotes_and_controls_come_back_from_the_terms(tmp_path: Path):
    odd = 'Палата «Заря» "A\\B"\ttab\nnext\u2028'
    terms = replace(terms_of("BY"), name=odd)
    party = found_party(tmp_path / "by", terms, SetClock())
    assert read_terms(tmp_path / "by") == terms
    disconnect(party)


def test_the_partners_witness_is_vouched_for_by_the_roots(pair: Pair):
    office = pair.by.office
    rows = office.store.statements.public(office.origin)
    newest = read_trust_list(rows[-1].content or b"")
    assert [(w.party, w.vkey) for w in newest.witnesses] == [("AZ", pair.az.office.witness.verifier.text)]
    assert newest.version == 2


def test_connecting_again_changes_nothing(pair: Pair):
    certify(pair.by, cattle("before"))
    pair.settle()
    before = pair.standing(pair.by.office)
    connect_partner(pair.by, read_card(pair.az.card))
    assert pair.standing(pair.by.office) == before


def test_a_new_address_keeps_what_was_received(pair: Pair):
    certify(pair.by, cattle("before"))
    pair.settle()
    before = pair.by.office.store.cases.partner("AZ")
    assert before is not None
    assert before.received_size > 0
    moved = replace(read_card(pair.az.card), url="https://new.example")
    connect_partner(pair.by, moved)
    after = pair.by.office.store.cases.partner("AZ")
    assert after is not None
    assert read_card(after.card) == moved
    assert replace(after, card=before.card) == before
    assert [(row.party, client.url) for row, client in pair.by.partners()] == [("AZ", "https://new.example")]


def test_connecting_again_does_not_heal_a_fork(pair: Pair):
    cases = pair.by.office.store.cases
    partner = cases.partner("AZ")
    assert partner is not None
    cases.put_partner(replace(partner, state=State.FORKED.value, fault="two checkpoints"))
    connect_partner(pair.by, read_card(pair.az.card))
    after = cases.partner("AZ")
    assert after is not None
    assert (after.state, after.fault) == ("forked", "two checkpoints")


def test_cards_that_are_none_of_a_partner_are_refused(pair: Pair, copies):
    card = read_card(pair.az.card)
    with pytest.raises(FoundingRefused, match="itself"):
        connect_partner(pair.by, read_card(pair.by.card))
    other_log = replace(card, origin="az.countermark.example/log/2")
    with pytest.raises(FoundingRefused, match="log"):
        connect_partner(pair.by, other_log)
    before = pair.standing(pair.by.office)
    with pytest.raises(FoundingRefused):
        connect_partner(pair.by, replace(card, party="KZ", roots=replace(card.roots, party="KZ")))
    assert pair.standing(pair.by.office) == before


def test_a_party_opened_again_is_the_same(pair: Pair):
    before = pair.standing(pair.by.office)
    again = reopen(pair.by, pair.clock)
    assert pair.standing(again.office) == before
    assert again.office.log_signer.verifier == pair.by.office.log_signer.verifier
    assert {role: s.kid for role, s in again.office.signers.items()} == {
        role: s.kid for role, s in pair.by.office.signers.items()
    }
