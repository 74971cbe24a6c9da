"""The power is cut at every single write, before it and after it: what a process started anew makes of what is left."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from power_cut import Fuse, FusedFeed, PowerCut, fused

from countermark.adapters.party import OpenParty, open_party
from countermark.casework.amend import annul, duplicate, replace_certificate
from countermark.casework.apply import apply
from countermark.casework.issue import issue
from countermark.casework.ports import NewStatement, Office
from countermark.casework.publish import publish
from countermark.casework.receive import follow
from countermark.casework.sign import sign
from countermark.casework.use import use
from countermark.corridor.received import Received, encode_received
from countermark.document.lifecycle import Effect
from countermark.trust import statement
from countermark.trust.algorithm import KeySigner
from countermark.trust.audit import Check
from countermark.trust.report import Result
from countermark.trust.roots import RootKey
from countermark.trust.tiles import read_entries
from two_parties import (
    OFFICER,
    InProcess,
    Pair,
    SetClock,
    audit,
    cattle,
    certify,
    copy_pair,
    declared,
    disconnect,
    pieces,
    reopen,
)

MODES = pytest.mark.parametrize("persisted", [False, True], ids=["failed", "failed-but-persisted"])
FULL = 256


def cut_everywhere(persisted: bool, run: Callable[[Fuse], None], whole: Callable[[str], None]) -> list[str]:
    """Run once undisturbed to count the writes, then cut at each; returns the writes' names."""
    trail = Fuse()
    run(trail)
    whole("undisturbed")
    for at, name in enumerate(trail.trail, 1):
        fuse = Fuse(at, persisted)
        with pytest.raises(PowerCut):
            run(fuse)
        assert fuse.trail == trail.trail[:at]
        whole(f"cut at write {at}, {name}")
    return trail.trail


@pytest.fixture(scope="module")
def nearly_full(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[bytes]]:
    """A party with 250 entries published, and 11 to come that fill a tile and begin the next; one is public."""
    folder = tmp_path_factory.mktemp("nearly-full")
    pair = copy_pair(founded, folder, SetClock(), {})
    office = pair.by.office
    head = office.store.logs.head(office.origin)
    assert head is not None
    add(office, 250 - head.size)
    assert publish(office) == 250
    key = pair.by.keys.ed25519("roots/root-1")
    policy = statement.sign(
        kind="policy", iss=office.origin, sub="party:BY", aud=None, iat=int(office.clock.now().timestamp()),
        cti=bytes(16), content=b"policy", signer=KeySigner(key, RootKey("", key.public_key().public_bytes_raw()).kid),
    )  # fmt: skip
    with office.store.transaction():
        office.store.statements.add(
            [NewStatement(office.origin, None, policy.header, policy.leaf, b"policy")]
        )
    add(office, 10)
    pending = [leaf for _, leaf in office.store.statements.pending(office.origin, FULL)]
    leaves = [row.leaf for row in office.store.statements.page(office.origin, 0, FULL)] + pending
    pair.close()
    return folder / "by", leaves


def add(office: Office, count: int) -> None:
    content = encode_received(Received("az.countermark.example/log/1", 1, bytes(32)), bytes(16))
    with office.store.transaction():
        office.store.statements.add(
            [sign(office, "received", content, sub=f"log:{n}", aud="AZ") for n in range(count)]
        )


@MODES
def test_publishing_leaves_a_whole_log_with_every_statement_once(
    nearly_full: tuple[Path, list[bytes]], tmp_path: Path, persisted: bool
):
    model, leaves = nearly_full
    home = tmp_path / "by"
    clock = SetClock()

    def run(fuse: Fuse) -> None:
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(model, home)
        party = open_party(home, clock)
        try:
            publish(fused(party.office, fuse))
        finally:
            disconnect(party)

    def whole(when: str) -> None:
        # What readers see before anyone has repaired anything is a whole log already, old or new.
        party = open_party(home, clock)
        assert_whole(party, when)
        assert publish(party.office) == len(leaves), when
        assert_whole(party, when)
        assert entries(party, len(leaves)) == leaves, when
        assert publish(party.office) == len(leaves), when
        assert list((home / "stage").iterdir()) == [], when
        assert sorted(file.name for file in (home / "log" / "tile").rglob("*") if file.is_file()) == [
            "000", "000", "1", "5", "5",
        ], when  # fmt: skip
        disconnect(party)

    trail = cut_everywhere(persisted, run, whole)
    assert {name.partition(".")[2] or name for name in trail} == {
        "stage", "swap", "place", "commit", "install", "publish", "remove",
    }  # fmt: skip


def assert_whole(party: OpenParty, when: str) -> None:
    """Every check passes but the cosignature's, which only the partner can give."""
    for finding in audit(party).findings:
        assert finding.result is Result.PASSED or finding.check is Check.COSIGNATURES, (when, finding)
        assert finding.result is not Result.FAILED, (when, finding)


def entries(party: OpenParty, size: int) -> list[bytes]:
    def fetch(path: str) -> bytes | None:
        return party.office.tiles.read(path)

    return [leaf for index in range(-(-size // FULL)) for leaf in read_entries(fetch, size, index)]


@pytest.fixture(scope="module")
def eventful(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Belarus has published a replacement of a certificate in use, a duplicate, an annulment and a receipt."""
    folder = tmp_path_factory.mktemp("eventful")
    pair = copy_pair(founded, folder, SetClock(), {})
    first, second = (certify(pair.by, cattle(f"early-{n}")) for n in range(2))
    pair.settle()
    use(pair.az.office, first.number, "2026-11-20", pieces("60"), declared())
    publish(pair.az.office)
    assert pair.follow("BY") is None
    corrected = apply(pair.by.office, cattle("corrected")).id
    replace_certificate(pair.by.office, first.number, corrected, OFFICER)
    copy = duplicate(pair.by.office, second.number, reason="lost", officer=OFFICER)
    annul(pair.by.office, copy.number, reason="found", effect=Effect.FROM_NOW, officer=OFFICER)
    publish(pair.by.office)
    pair.close()
    return folder


@MODES
def test_a_follower_takes_every_entry_once_whenever_it_dies(eventful: Path, tmp_path: Path, persisted: bool):
    clock = SetClock()
    home = tmp_path / "az"
    undisturbed: list[object] = []

    def run(fuse: Fuse) -> None:
        shutil.rmtree(tmp_path, ignore_errors=True)
        shutil.copytree(eventful, tmp_path)
        by, az = open_party(tmp_path / "by", clock), open_party(home, clock)
        try:
            feed = FusedFeed(InProcess(by.office, "AZ"), fuse)
            assert follow(fused(az.office, fuse), "BY", feed) is None
        finally:
            disconnect(az)
            disconnect(by)

    def whole(when: str) -> None:
        by, az = open_party(tmp_path / "by", clock), open_party(home, clock)
        for _ in range(2):
            assert follow(az.office, "BY", InProcess(by.office, "AZ")) is None, when
            publish(az.office)
        undisturbed[:] = undisturbed or [learned(az)]
        assert learned(az) == undisturbed[0], when
        statements = az.office.store.statements
        assert len(statements.of_kind(az.office.origin, "received")) == 3, when
        assert_whole(az, when)
        assert audit(by).ok, when
        disconnect(az)
        disconnect(by)

    trail = cut_everywhere(persisted, run, whole)
    assert {"statements.add", "register.put_balances", "logs.swap", "bring", "commit"} <= set(trail)


def learned(party: OpenParty) -> dict[str, object]:
    """All that was taken from the partner's log."""
    found: dict[str, Any] = {}
    for model in apps.get_app_config("countermark").get_models():
        rows = model.objects.using(party.access.alias)
        if model.__name__ == "Statement":
            rows = rows.exclude(origin=party.office.origin)
        if model.__name__ in ("Head", "Cosignature", "Series", "Access"):
            continue
        hidden = {"seq", "id"}
        names = [f.name for f in model._meta.concrete_fields if f.name not in hidden]
        found[model.__name__] = sorted(rows.values_list(*names), key=repr)
    return found


@MODES
def test_a_certificate_is_issued_whole_or_not_at_all(pair: Pair, persisted: bool):
    ids = [apply(pair.by.office, cattle(f"cut-{n}")).id for n in range(40)]
    issued: list[str] = []

    def run(fuse: Fuse) -> None:
        ids.append(ids.pop(0))
        issued[:] = [ids[-1]]
        issue(fused(pair.by.office, fuse), issued, OFFICER)

    def whole(when: str) -> None:
        pair.by = reopen(pair.by, pair.clock)
        office = pair.by.office
        last = office.store.register.last_number("2026/101")
        made = [office.store.register.certificates(f"BYAZ6101{n:06}") for n in range(1, last + 1)]
        assert all(len(rows) == 1 for rows in made), when
        assert len(office.store.statements.of_kind(office.origin, "issued")) == last, when
        (again,) = issue(office, issued, OFFICER)
        assert int(again.number[-6:]) == last + again.new, when

    trail = cut_everywhere(persisted, run, whole)
    assert {"register.next_numbers", "statements.add", "register.add_certificates", "commit"} <= set(trail)
    pair.settle()
    assert [report.ok for report in pair.audits()] == [True, True]


@MODES
def test_a_use_is_drawn_and_reported_or_neither(pair: Pair, persisted: bool):
    issued = certify(pair.by, cattle("drawn"))
    pair.settle()
    asked = iter(range(100))
    last: list[str] = []

    def run(fuse: Fuse) -> None:
        last[:] = [f"AZ-{next(asked)}"]
        lines = pieces("1")
        use(fused(pair.az.office, fuse), issued.number, "2026-11-20", lines, declared(last[0]))

    def whole(when: str) -> None:
        pair.az = reopen(pair.az, pair.clock)
        office = pair.az.office
        reported = len(office.store.statements.of_kind(office.origin, "used"))
        (balance,) = office.store.register.balances("use", issued.sub)
        assert balance.drawn == reported * 1_000_000, when
        use(office, issued.number, "2026-11-20", pieces("1"), declared(last[0]))
        (after,) = office.store.register.balances("use", issued.sub)
        causes = [drawing.cause for drawing in office.store.register.drawings("use", issued.sub)]
        assert causes.count(f"Baku/{last[0]}") == 1, when
        assert after.drawn == len(causes) * 1_000_000, when

    trail = cut_everywhere(persisted, run, whole)
    assert {"register.draw", "statements.add", "commit"} <= set(trail)
    pair.settle()
    assert [report.ok for report in pair.audits()] == [True, True]
