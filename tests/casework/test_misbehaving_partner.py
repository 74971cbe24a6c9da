"""A partner that serves rubbish, contradicts itself, or lies: what is stored, refused, a fault, or a fork."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from forger import SALT, Forger, certificate_of, day, stranger

from countermark.adapters.db.models import Statement
from countermark.casework.cosign import accept_cosignature
from countermark.casework.issue import Issued
from countermark.casework.ports import AlreadyThere, NewStatement, Raced
from countermark.casework.publish import publish
from countermark.casework.receive import follow, receive_page
from countermark.casework.refusal import Refusal
from countermark.casework.show import show
from countermark.casework.use import use
from countermark.clearance.use import Used, UsedLine, encode_used
from countermark.corridor.conversation import State
from countermark.corridor.feed import Fault, Page, SignedCheckpoint
from countermark.corridor.received import Received, encode_received, read_received
from countermark.document.certificate import Certificate, Reference
from countermark.document.lifecycle import Annulled, Effect, encode_lifecycle
from countermark.trust import checkpoint
from countermark.trust.checkpoint import Checkpoint, KeyKind, Note, NoteSigner
from countermark.trust.cosign import cosign
from countermark.trust.kinds import Role
from countermark.trust.statement import read as read_statement
from countermark.trust.tree import leaf_hash
from two_parties import InProcess, Pair, cattle, certify, declared, pieces, plain


@pytest.fixture
def honest(pair: Pair) -> Certificate:
    """A good certificate that the partner has followed already: what forged ones are made after."""
    issued = certify(pair.by, cattle("honest"))
    pair.settle()
    return certificate_of(pair.by, issued.leaf_hash)


@pytest.fixture
def forger(pair: Pair, honest: Certificate) -> Forger:
    return Forger(pair.by, pair.clock)


def held(pair: Pair) -> int:
    head = pair.az.office.store.logs.head(pair.by.office.origin)
    return head.size if head else 0


def refusals(pair: Pair) -> dict[int, str]:
    return dict(pair.az.office.store.statements.refused(pair.by.office.origin, 0, 1000))


def state(pair: Pair) -> tuple[str, str]:
    row = pair.az.office.store.cases.partner("BY")
    assert row is not None
    return row.state, row.fault


def go(pair: Pair, forger: Forger) -> Fault | None:
    return follow(pair.az.office, "BY", forger)


def last_received(pair: Pair) -> Received:
    rows = pair.az.office.store.statements.of_kind(pair.az.office.origin, "received")
    return read_received(rows[-1].content or b"")[0]


def spoiled(name: str, forger: Forger) -> Callable[[bytes], bytes]:
    def other_proof(data: bytes) -> bytes:
        page = Page.read(data)
        return replace(page, proof=(*page.proof, bytes(32))).encode()

    def without_the_last(data: bytes) -> bytes:
        page = Page.read(data)
        return replace(page, entries=page.entries[:-1]).encode()

    def entries_swapped(data: bytes) -> bytes:
        page = Page.read(data)
        return replace(page, entries=page.entries[::-1]).encode()

    def gap(data: bytes) -> bytes:
        page = Page.read(data)
        return replace(page, first=page.first + 1, entries=page.entries[1:]).encode()

    def other_key(data: bytes) -> bytes:
        page = Page.read(data)
        signer = replace(forger.party.office.log_signer, key=stranger().key)
        note = checkpoint.sign(page.signed.checkpoint, signer)
        return replace(page, signed=SignedCheckpoint(page.signed.checkpoint, note)).encode()

    return {
        "nothing": lambda _: b"",
        "garbage": lambda _: b"\xff" * 1000,
        "half a page": lambda data: data[: len(data) // 2],
        "bytes after it": lambda data: data + b"\x00",
        "a longer proof": other_proof,
        "an entry left out": without_the_last,
        "entries in another order": entries_swapped,
        "a gap before it": gap,
        "a checkpoint under another key": other_key,
    }[name]


@pytest.mark.parametrize(
    "name",
    ["nothing", "garbage", "half a page", "bytes after it", "a longer proof", "an entry left out",
     "entries in another order", "a gap before it", "a checkpoint under another key"],
)  # fmt: skip
def test_a_bad_page_is_a_fault_that_keeps_nothing_and_ends_with_the_next_good_page(
    pair: Pair, forger: Forger, honest: Certificate, name: str
):
    before, cosigned = held(pair), len(forger.notes)
    forger.issue(honest, 2)
    forger.issue(honest, 3)
    forger.spoil = spoiled(name, forger)
    fault = go(pair, forger)
    assert fault is not None
    assert not fault.is_fork
    assert fault.sentence
    assert held(pair) == before
    assert state(pair) == (State.FAULTED, fault.sentence)
    assert len(forger.notes) == cosigned
    forger.spoil = lambda data: data
    assert go(pair, forger) is None
    assert held(pair) == before + 2
    assert state(pair) == (State.FOLLOWING, "")
    assert len(forger.notes) == cosigned + 1
    assert refusals(pair) == {}


def test_a_page_sent_again_changes_nothing(pair: Pair, forger: Forger, honest: Certificate):
    forger.issue(honest, 2)
    page = forger.page(0).encode()
    partner = pair.az.office.store.cases.partner("BY")
    assert partner is not None
    assert go(pair, forger) is None
    before = pair.standing(pair.az.office), count(pair)
    for _ in range(3):
        assert not isinstance(receive_page(pair.az.office, partner, page), Fault)
    assert (pair.standing(pair.az.office), count(pair)) == before


def test_an_old_checkpoint_is_a_fault(pair: Pair, forger: Forger, honest: Certificate):
    forger.issue(honest, 2)
    assert go(pair, forger) is None
    forger.size = len(forger.entries) - 1
    fault = go(pair, forger)
    assert fault is not None
    assert fault.code == "checkpoint-old"
    assert held(pair) == len(forger.entries)


def test_a_poison_leaf_takes_its_place_is_listed_as_refused_and_stops_nothing(
    pair: Pair, forger: Forger, honest: Certificate
):
    poison = [forger.put(leaf) for leaf in (b"", b"\x00", b"\xd2\x84" * 100, b"x" * 65_535)]
    good = forger.issue(honest, 2)
    assert go(pair, forger) is None
    assert held(pair) == good + 1
    assert set(refusals(pair)) == set(poison)
    assert all(refusals(pair).values())
    assert pair.az.office.store.register.certificates("BYAZ6101000002")
    told = last_received(pair)
    assert told.size == good + 1
    assert [entry.index for entry in told.refused] == poison
    assert len(forger.notes) == 1


def bad_statement(name: str, forger: Forger, honest: Certificate, pair: Pair) -> int:
    operations = forger.party.office.signers[Role.OPERATIONS]
    number_again = forger.certificate(honest, int(honest.number[-6:]))
    good = forger.certificate(honest, 2)
    elsewhere = forger.certificate(honest, 2, destination="KZ", number="BYKZ6101000002")
    now = int(pair.clock.now().timestamp())
    family = pair.by.office.store.register.certificates(honest.number)[0]
    known = Reference(family.leaf_hash, honest.number, honest.certified_on)
    unknown = replace(known, leaf_hash=bytes(32))
    annulled = encode_lifecycle(Annulled(unknown, "x", Effect.FROM_NOW, "Officer 7", day("2026-11-20")), SALT)
    foreign_use = encode_used(
        Used(bytes(32), honest.number, (UsedLine(1, 1, "pcs", 1, True),), "D", "O", day("2026-11-20"), 0),
        SALT,
    )
    not_ours = encode_received(Received("kz.example/log/1", 1, bytes(32)), SALT)
    too_much = encode_received(Received(pair.az.office.origin, 1 << 40, bytes(32)), SALT)
    other_root = encode_received(Received(pair.az.office.origin, 2, bytes(32)), SALT)
    return {
        "by an unknown key": lambda: forger.say("issued", good, signer=stranger()),
        "by a key of another role": lambda: forger.say("issued", good, signer=operations),
        "signature of another statement": lambda: forger.put(broken_signature(forger, good), good),
        "under another log's name": lambda: forger.say("issued", good, iss="kz.example/log/1"),
        "content swapped": lambda: forger.say("issued", good, shown=number_again),
        "content unreadable": lambda: forger.say("issued", b"\xa0"),
        "number used twice": lambda: forger.say("issued", number_again),
        "for another destination": lambda: forger.say("issued", elsewhere),
        "number of another year": lambda: forger.issue(honest, 2, number="BYAZ5101000002"),
        "under an agreement not known here": lambda: forger.issue(honest, 2, agreement="moon-2030"),
        "with an amount beyond counting": lambda: forger.issue(honest, 2, items=heavy(honest)),
        "a family's second original": lambda: forger.issue(honest, 2, sub=family.sub),
        "a replacement that names nothing": lambda: forger.say("replaced", good, sub=family.sub),
        "a replacement of an unknown one": lambda: forger.say(
            "replaced", forger.certificate(honest, 2, replaces=replace(unknown)), sub=family.sub
        ),
        "an original that replaces": lambda: forger.issue(honest, 2, replaces=known),
        "back-dated": lambda: forger.say("issued", good, iat=now - 3600),
        "forward-dated": lambda: forger.say("issued", good, iat=now + 3600),
        "annulment of what was never issued": lambda: forger.say("annulled", annulled, sub=family.sub),
        "use of what we never issued": lambda: forger.say(
            "used", foreign_use, signer=forger.party.office.signers[Role.CUSTOMS_SEAL]
        ),
        "receipt of another log": lambda: forger.say("received", not_ours, signer=operations),
        "receipt of more than there is": lambda: forger.say("received", too_much, signer=operations),
        "receipt of another tree": lambda: forger.say("received", other_root, signer=operations),
        "a trust list no root signed": lambda: forger.say("trust-list", good, aud=None, signer=stranger()),
    }[name]()


def broken_signature(forger: Forger, content: bytes) -> bytes:
    """A good statement's leaf with the signature of another one."""
    forger.say("issued", content)
    first = forger.entries.pop().leaf
    forger.say("issued", content)
    second = forger.entries.pop().leaf
    return first[:-64] + second[-64:]


def heavy(honest: Certificate) -> tuple[object, ...]:
    item = honest.items[0]
    assert item.quantity is not None
    return (replace(item, quantity=replace(item.quantity, value=Decimal(10) ** 17)),)


BAD = {
    "by an unknown key": "unknown-signer",
    "by a key of another role": "wrong-role",
    "signature of another statement": "signature",
    "under another log's name": "other-issuer",
    "content swapped": "content-mismatch",
    "content unreadable": None,
    "number used twice": "number-used",
    "for another destination": "other-parties",
    "number of another year": "number-other",
    "under an agreement not known here": "agreement-unknown",
    "with an amount beyond counting": "quantity",
    "a family's second original": "family-has-original",
    "a replacement that names nothing": "reference-unknown",
    "a replacement of an unknown one": "reference-unknown",
    "an original that replaces": "refers-to-earlier",
    "back-dated": "back-dated",
    "forward-dated": "forward-dated",
    "annulment of what was never issued": "reference-unknown",
    "use of what we never issued": "not-our-certificate",
    "receipt of another log": "received-not-ours",
    "receipt of more than there is": "received-not-ours",
    "receipt of another tree": "received-other-root",
    "a trust list no root signed": "unknown-root",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_statement_is_stored_refused_and_told_and_the_feed_goes_on(
    pair: Pair, forger: Forger, honest: Certificate, name: str
):
    before = register(pair)
    bad = bad_statement(name, forger, honest, pair)
    good = forger.issue(honest, 3)
    assert go(pair, forger) is None
    assert list(refusals(pair)) == [bad]
    code = BAD[name]
    assert code is None or refusals(pair)[bad] == code
    told = last_received(pair)
    assert [(entry.index, entry.reason) for entry in told.refused] == [(bad, refusals(pair)[bad])]
    stored = pair.az.office.store.statements.page(pair.by.office.origin, bad, 1)[0]
    assert stored.leaf == forger.entries[bad].leaf
    after = register(pair)
    new = pair.az.office.store.register.certificates("BYAZ6101000003")
    assert len(new) == 1
    assert {key: value for key, value in after.items() if key != new[0].sub} == before
    assert held(pair) == good + 1
    assert len(forger.notes) == 1
    assert len(pair.az.office.store.cases.inquiries()) == 0


def register(pair: Pair) -> dict[str, object]:
    """Every family the importing side knows, with its certificates and balances."""
    store = pair.az.office.store
    subs = set(Statement.objects.using(store.alias).values_list("sub", flat=True))  # type: ignore[attr-defined]
    return {
        sub: (store.register.family(sub), store.register.balances("use", sub))
        for sub in subs
        if store.register.family(sub) or store.register.balances("use", sub)
    }


def test_a_statement_repeated_counts_once(pair: Pair, forger: Forger, honest: Certificate):
    first = forger.issue(honest, 2)
    again = forger.put(forger.entries[first].leaf, forger.entries[first].content)
    assert go(pair, forger) is None
    later = forger.put(forger.entries[first].leaf, forger.entries[first].content)
    assert go(pair, forger) is None
    assert refusals(pair) == {again: "statement-twice", later: "statement-twice"}
    assert len(pair.az.office.store.register.certificates("BYAZ6101000002")) == 1


def test_within_one_page_the_first_of_two_with_one_number_or_one_family_stands(
    pair: Pair, forger: Forger, honest: Certificate
):
    first = forger.issue(honest, 2, sub="co:a")
    same_number = forger.issue(honest, 2, sub="co:b", remarks=("another",))
    same_family = forger.issue(honest, 3, sub="co:a")
    good = forger.issue(honest, 4, sub="co:c")
    assert go(pair, forger) is None
    assert refusals(pair) == {same_number: "number-used", same_family: "family-has-original"}
    register = pair.az.office.store.register
    assert [row.sub for row in register.certificates("BYAZ6101000002")] == ["co:a"]
    assert register.certificates("BYAZ6101000003") == []
    assert register.family("co:b") == []
    assert register.balances("use", "co:b") == []
    assert [row.number for row in register.family("co:c")] == ["BYAZ6101000004"]
    assert first < same_number < same_family < good < held(pair)


def test_a_refused_statement_keeps_neither_number_nor_family_from_a_good_one(
    pair: Pair, forger: Forger, honest: Certificate
):
    bad = forger.issue(honest, 2, sub="co:a", agreement="moon-2030")
    unmeasured = forger.issue(honest, 3, sub="co:b", items=heavy(honest))
    forger.issue(honest, 2, sub="co:a")
    forger.issue(honest, 3, sub="co:b")
    assert go(pair, forger) is None
    assert refusals(pair) == {bad: "agreement-unknown", unmeasured: "quantity"}
    register = pair.az.office.store.register
    for serial, sub in ((2, "co:a"), (3, "co:b")):
        assert [row.sub for row in register.certificates(f"BYAZ610100000{serial}")] == [sub]
        assert [row.most for row in register.balances("use", sub)] == [69_300_000]


def test_what_is_annulled_replaced_or_issued_within_one_page_counts_in_the_order_of_the_log(
    pair: Pair, forger: Forger, honest: Certificate
):
    def reference(place: int, serial: int) -> Reference:
        key = leaf_hash(forger.entries[place].leaf)
        return Reference(key, f"BYAZ610100000{serial}", honest.certified_on)

    def annul(place: int, serial: int, sub: str) -> int:
        said = Annulled(reference(place, serial), "x", Effect.FROM_NOW, "Officer 7", honest.certified_on)
        return forger.say("annulled", encode_lifecycle(said, SALT), sub=sub)

    too_early = forger.say(
        "annulled",
        encode_lifecycle(
            Annulled(
                Reference(bytes(32), "BYAZ6101000002", honest.certified_on),
                "x", Effect.FROM_NOW, "Officer 7", honest.certified_on,
            ),
            SALT,
        ),
        sub="co:a",
    )  # fmt: skip
    first = forger.issue(honest, 2, sub="co:a")
    annul(first, 2, "co:a")
    again = annul(first, 2, "co:a")
    second = forger.issue(honest, 3, sub="co:b")
    heir = forger.certificate(honest, 4, replaces=reference(second, 3))
    third = forger.say("replaced", heir, sub="co:b")
    too_late = annul(second, 3, "co:b")
    annul(third, 4, "co:b")
    forger.issue(honest, 5, sub="co:c")
    assert go(pair, forger) is None
    assert refusals(pair) == {too_early: "reference-unknown", again: "wrong-status", too_late: "wrong-status"}
    register = pair.az.office.store.register
    statuses = [register.certificates(f"BYAZ610100000{serial}")[0].status for serial in (2, 3, 4, 5)]
    assert statuses == ["annulled", "replaced", "annulled", "valid"]


def test_uses_reported_in_one_page_count_once_each_and_only_for_our_certificates(pair: Pair):
    ours, other = (certify(pair.by, cattle(f"reported-{n}")) for n in range(2))
    pair.settle()
    liar = Forger(pair.az, pair.clock)
    seal = pair.az.office.signers[Role.CUSTOMS_SEAL]

    def report(certificate: Issued, declaration: str, quantity: int, sub: str) -> int:
        lines = (UsedLine(1, quantity, "pcs", quantity, True),)
        said = Used(
            certificate.leaf_hash, certificate.number, lines, declaration, "Baku", certificate.dated, 5
        )
        return liar.say("used", encode_used(said, SALT), sub=sub, aud="BY", signer=seal)

    report(ours, "AZ-1", 5_000_000, ours.sub)
    wrong_family = report(ours, "AZ-2", 1, other.sub)
    nobodys = report(ours, "AZ-3", 1, "co:nobody")
    report(ours, "AZ-1", 7_000_000, ours.sub)
    report(other, "AZ-1", 2_000_000, other.sub)
    assert follow(pair.by.office, "AZ", liar) is None
    assert dict(pair.by.office.store.statements.refused(pair.az.office.origin, 0, 1000)) == {
        wrong_family: "not-our-certificate",
        nobodys: "not-our-certificate",
    }
    uses = [
        (each.cause, each.amount)
        for number in (ours, other)
        for each in show(pair.by.office, number.number).uses
    ]
    assert uses == [("Baku/AZ-1", 5_000_000), ("Baku/AZ-1", 2_000_000)]


def test_what_is_addressed_to_another_party_is_kept_without_its_content_and_without_effect(
    pair: Pair, forger: Forger, honest: Certificate
):
    place = forger.say("issued", forger.certificate(honest, 2), aud="KZ")
    assert go(pair, forger) is None
    row = pair.az.office.store.statements.page(pair.by.office.origin, place, 1)[0]
    assert (row.content, row.refusal) == (None, "")
    assert pair.az.office.store.register.certificates("BYAZ6101000002") == []


def test_a_content_withheld_is_told_as_missing(pair: Pair, forger: Forger, honest: Certificate):
    forger.say("issued", forger.certificate(honest, 2))
    place = len(forger.entries) - 1
    forger.entries[place] = replace(forger.entries[place], content=None)
    assert go(pair, forger) is None
    assert last_received(pair).missing == (place,)
    with pytest.raises(Refusal) as refused:
        use(pair.az.office, "BYAZ6101000002", "2026-11-20", pieces("1"), declared())
    assert refused.value.code == "not-found"


def test_a_suspension_by_the_importing_side_changes_nothing(pair: Pair, forger: Forger, honest: Certificate):
    """Azerbaijan's certificate, annulled in the log of Belarus: only who issued can annul."""
    theirs = certify(pair.az, plain("az-tomatoes"))
    pair.settle()
    forger = Forger(pair.by, pair.clock)
    reference = Reference(theirs.leaf_hash, theirs.number, theirs.dated)
    content = encode_lifecycle(Annulled(reference, "x", Effect.FROM_START, "Officer 7", theirs.dated), SALT)
    place = forger.say("annulled", content, sub=theirs.sub)
    assert go(pair, forger) is None
    assert refusals(pair) == {place: "reference-unknown"}
    assert show(pair.az.office, theirs.number).row.status == "valid"


def test_a_fork_of_equal_size_stops_loudly_keeps_both_checkpoints_and_is_not_cosigned(
    pair: Pair, forger: Forger, honest: Certificate
):
    forger.issue(honest, 2)
    assert go(pair, forger) is None
    (seen,) = forger.notes
    liar = Forger(pair.by, pair.clock)
    liar.issue(honest, 3)
    fault = go(pair, liar)
    assert fault is not None
    assert fault.is_fork
    assert_forked(pair, liar, [seen, liar.signed().note.bytes.decode()])
    assert liar.notes == []


def test_a_fork_shown_at_the_size_of_what_is_held_stops_too(pair: Pair, forger: Forger, honest: Certificate):
    """The liar rewrites an entry that was cosigned, and serves it from the beginning."""
    forger.issue(honest, 2)
    forger.issue(honest, 3)
    assert go(pair, forger) is None
    liar = Forger(pair.by, pair.clock)
    liar.put(b"rewritten")
    liar.issue(honest, 3)
    liar.spoil = lambda _: liar.page(0).encode()
    fault = go(pair, liar)
    assert fault is not None
    assert fault.is_fork
    assert_forked(pair, liar, [liar.signed().note.bytes.decode()])


def test_a_longer_log_that_contradicts_what_is_held_is_never_accepted_nor_cosigned(
    pair: Pair, forger: Forger, honest: Certificate
):
    forger.issue(honest, 2)
    assert go(pair, forger) is None
    size = held(pair)
    liar = Forger(pair.by, pair.clock)
    liar.put(b"rewritten")
    for serial in range(3, 9):
        liar.issue(honest, serial)
    fault = go(pair, liar)
    assert fault is not None
    assert held(pair) == size
    assert liar.notes == []
    assert pair.az.office.store.register.certificates("BYAZ6101000003") == []


def assert_forked(pair: Pair, liar: Forger, evidence: list[str]) -> None:
    kept, fault = state(pair)
    assert kept == State.FORKED
    for note in evidence:
        assert SignedCheckpoint.read(note.encode()).checkpoint.body in fault
    size, told = held(pair), count(pair)
    honest_again = Forger(pair.by, pair.clock)
    assert go(pair, honest_again) is None
    assert honest_again.notes == []
    assert (held(pair), count(pair), state(pair)[0]) == (size, told, State.FORKED)


def test_a_worker_that_had_the_good_page_in_hand_does_not_undo_a_fork_found_meanwhile(
    pair: Pair, forger: Forger, honest: Certificate
):
    forger.issue(honest, 2)
    assert go(pair, forger) is None
    stale = pair.az.office.store.cases.partner("BY")
    assert stale is not None
    liar = Forger(pair.by, pair.clock)
    liar.issue(honest, 3)
    assert go(pair, liar) is not None
    forger.issue(honest, 4)
    size = held(pair)
    outcome = receive_page(pair.az.office, stale, forger.page(size).encode())
    assert isinstance(outcome, Fault)
    assert state(pair)[0] == State.FORKED
    assert held(pair) == size


def test_a_partner_away_between_the_page_and_the_cosignature_is_still_cosigned_and_answered(pair: Pair):
    class Away:
        def feed(self, first: int, limit: int) -> bytes:
            return InProcess(pair.by.office, "AZ").feed(first, limit)

        def bring_cosignature(self, origin: str, note: str) -> None:
            raise ConnectionError("the line is cut")

    certify(pair.by, cattle("away"))
    publish(pair.by.office)
    with pytest.raises(ConnectionError):
        follow(pair.az.office, "BY", Away())
    pair.clock.wait(hours=3)
    pair.settle()
    assert show(pair.by.office, "BYAZ6101000001").received
    for report in pair.audits():
        assert report.ok


def test_an_idle_corridor_sends_a_cosignature_an_hour(pair: Pair):
    certify(pair.by, cattle("idle"))
    pair.settle()
    forger = Forger(pair.by, pair.clock)
    pair.clock.wait(minutes=50)
    assert go(pair, forger) is None
    assert forger.notes == []
    pair.clock.wait(minutes=20)
    for _ in range(3):
        assert go(pair, forger) is None
    assert len(forger.notes) == 1


def test_lines_of_others_in_a_cosigned_note_are_not_published(pair: Pair):
    """A partner that adds a line in a third witness's name would keep that witness's own line out."""
    certify(pair.by, cattle("lines"))
    publish(pair.by.office)
    head = pair.by.office.store.logs.head(pair.by.office.origin)
    assert head is not None
    note = Note.read(head.note.encode())
    now = int(pair.clock.now().timestamp())
    third = NoteSigner("kz.example/log/1/witness", stranger().key, KeyKind.COSIGNER)
    for witness in (third, pair.az.office.witness):
        note = note.with_signature(cosign(note.body, witness, now))
    accept_cosignature(pair.by.office, "AZ", note.bytes)
    shown = Note.read((pair.by.folder / "log" / "checkpoint").read_bytes())
    assert [line.name for line in shown.signatures] == [pair.by.office.origin, pair.az.office.witness.name]


@pytest.mark.parametrize("off", [timedelta(minutes=3), timedelta(minutes=-3)])
def test_a_cosignature_of_another_time_is_refused(pair: Pair, off: timedelta):
    certify(pair.by, cattle("late"))
    publish(pair.by.office)
    head = pair.by.office.store.logs.head(pair.by.office.origin)
    assert head is not None
    note = Note.read(head.note.encode())
    time = int((pair.clock.now() + off).timestamp())
    signed = note.with_signature(cosign(note.body, pair.az.office.witness, time))
    with pytest.raises(Refusal) as refused:
        accept_cosignature(pair.by.office, "AZ", signed.bytes)
    assert refused.value.code == "cosignature-time"
    shown = Note.read((pair.by.folder / "log" / "checkpoint").read_bytes())
    assert len(shown.signatures) == 1


@pytest.mark.parametrize("what", ["garbage", "unsigned", "another tree"])
def test_a_cosignature_that_is_none_is_refused(pair: Pair, what: str):
    head = pair.by.office.store.logs.head(pair.by.office.origin)
    assert head is not None
    note = Note.read(head.note.encode())
    now = int(pair.clock.now().timestamp())
    other = Checkpoint(pair.by.office.origin, 99, bytes(32)).body
    data = {
        "garbage": b"\xff\x00",
        "unsigned": note.bytes,
        "another tree": Note(other, (note.signatures[0], cosign(other, pair.az.office.witness, now))).bytes,
    }[what]
    before = pair.by.office.store.logs.cosigned(pair.by.office.origin)
    with pytest.raises(Refusal):
        accept_cosignature(pair.by.office, "AZ", data)
    assert pair.by.office.store.logs.cosigned(pair.by.office.origin) == before


def test_a_follower_with_an_old_head_never_advances_it(pair: Pair, forger: Forger, honest: Certificate):
    logs = pair.az.office.store.logs
    old = logs.head(forger.origin)
    assert old is not None
    forger.issue(honest, 2)
    assert go(pair, forger) is None
    with pytest.raises(Raced):
        logs.swap(old, replace(old, version=old.version + 1, size=old.size + 9))


def test_our_own_statement_is_never_stored_twice_at_one_index(pair: Pair, honest: Certificate):
    store = pair.az.office.store
    row = store.statements.page(pair.by.office.origin, 0, 1)[0]
    again = NewStatement(row.origin, 0, read_statement(row.leaf).header, row.leaf, row.content)
    with pytest.raises(AlreadyThere), store.transaction():
        store.statements.add([again])


def count(pair: Pair) -> int:
    return Statement.objects.using(pair.az.access.alias).count()
