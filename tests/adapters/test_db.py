"""The ports' promises, kept by the tables on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connections

from countermark.adapters.db.connect import DatabaseRefused, create_tables, open_database
from countermark.adapters.db.store import DjangoStore
from countermark.casework.ports import (
    AlreadyThere,
    ApplicationRow,
    BalanceRow,
    CertificateRow,
    CosignatureRow,
    DrawingRow,
    HeadRow,
    InquiryRow,
    NewStatement,
    PartnerRow,
    Raced,
    StatementRow,
)
from countermark.trust.statement import Header
from countermark.trust.tree import leaf_hash

OURS, THEIRS = "by.example/log/1", "az.example/log/1"
MOST = (1 << 63) - 1


def new(n: int, origin: str = OURS, index: int | None = None, **changes: object) -> NewStatement:
    claims = {"kind": "issued", "sub": "co:1", "aud": "AZ", "cti": n.to_bytes(16)} | changes
    header = Header(alg=-7, kid=bytes(8), iss=origin, iat=1_795_000_000, **claims)  # type: ignore[arg-type]
    leaf = b"leaf %d of %b" % (n, origin.encode())
    return NewStatement(origin, index, header, leaf, b"content %d" % n)


def head(version: int = 1, size: int = 1) -> HeadRow:
    return HeadRow(OURS, version, size, bytes(32), "note — подпись\n", b"\x00edge\xff", b"\x80")


def balance(item: int = 1, most: int = 10, drawn: int = 0) -> BalanceRow:
    return BalanceRow("use", "co:1", item, "шт", most, drawn)


def drawing(amount: int, item: int = 1, cause: str = "Baku/1") -> DrawingRow:
    return DrawingRow("use", "co:1", item, amount, cause)


def certificate(number: str = "BYAZ6101000001", origin: str = OURS) -> CertificateRow:
    key = hashlib.sha256((number + origin).encode()).digest()
    return CertificateRow(key, origin, "co:1", number, "2026-11-20", "issued", "BY", "AZ", "valid")


def test_a_statement_comes_back_byte_for_byte(store: DjangoStore):
    odd = replace(new(1, THEIRS, 0), leaf=bytes(range(256)), content=bytes(range(255, -1, -1)))
    poison = NewStatement(THEIRS, 1, None, b"\x00\xff", None, "no-statement")
    store.statements.add([odd, poison, new(2)])
    found = store.statements.at(leaf_hash(odd.leaf))
    assert found == StatementRow(THEIRS, 0, odd.leaf, odd.content, "")
    assert store.statements.page(THEIRS, 0, 9)[1] == StatementRow(
        THEIRS, 1, b"\x00\xff", None, "no-statement"
    )
    assert store.statements.at(bytes(32)) is None
    assert store.statements.seen(THEIRS, [(1).to_bytes(16), (9).to_bytes(16)]) == {(1).to_bytes(16)}
    assert store.statements.seen(OURS, [(1).to_bytes(16)]) == set()
    assert store.statements.seen(THEIRS, []) == set()


def test_one_log_holds_one_entry_at_an_index_and_another_log_its_own(store: DjangoStore):
    store.statements.add([new(1, THEIRS, 0), new(1, OURS, 0)])
    with pytest.raises(AlreadyThere), store.transaction():
        store.statements.add([new(2, THEIRS, 1), new(3, THEIRS, 0)])
    assert len(store.statements.page(THEIRS, 0, 9)) == 1


def test_pending_statements_take_their_places_in_the_order_they_were_made(store: DjangoStore):
    store.statements.add([new(n) for n in range(5)])
    store.statements.add([new(9, THEIRS, 0)])
    pending = store.statements.pending(OURS, 3)
    assert [leaf for _, leaf in pending] == [new(n).leaf for n in range(3)]
    store.statements.place(OURS, [(n, row) for n, (row, _) in enumerate(pending)])
    assert [leaf for _, leaf in store.statements.pending(OURS, 9)] == [new(3).leaf, new(4).leaf]
    assert [row.index for row in store.statements.page(OURS, 1, 9)] == [1, 2]
    assert [row.index for row in store.statements.page(OURS, 1, 1)] == [1]
    with pytest.raises(Raced), store.transaction():
        store.statements.place(OURS, [(3, pending[0][0])])
    assert store.statements.page(OURS, 0, 1)[0].leaf == new(0).leaf


def test_what_is_refused_missing_public_or_of_a_kind(store: DjangoStore):
    store.statements.add(
        [
            new(0, THEIRS, 0, kind="trust-list", aud=None),
            new(1, THEIRS, 1),
            replace(new(2, THEIRS, 2), content=None),
            replace(new(3, THEIRS, 3, aud="KZ"), content=None),
            replace(new(4, THEIRS, 4), content=None, refusal="content-mismatch"),
            new(5, THEIRS, 5, kind="used", sub="co:2"),
            new(6, kind="trust-list", aud=None),
        ]
    )
    statements = store.statements
    assert statements.missing(THEIRS, "AZ", 0, 9) == [2]
    assert statements.refused(THEIRS, 0, 9) == [(4, "content-mismatch")]
    assert statements.refused(THEIRS, 5, 9) == []
    statements.refuse(THEIRS, 1, "number-used")
    assert statements.refused(THEIRS, 0, 4) == [(1, "number-used")]
    assert [row.index for row in statements.public(THEIRS)] == [0]
    assert statements.public(OURS) == []
    assert [row.index for row in statements.of_kind(THEIRS, "issued")] == [1, 2, 3, 4]
    assert [row.index for row in statements.of_kind(THEIRS, "used", "co:2")] == [5]
    assert statements.of_kind(THEIRS, "used", "co:1") == []
    assert statements.kinds(THEIRS, 0, 2) == {"trust-list", "issued"}


def test_the_head_changes_by_compare_and_set_only(store: DjangoStore):
    assert store.logs.head(OURS) is None
    store.logs.swap(None, head())
    assert store.logs.head(OURS) == head()
    with pytest.raises(Raced), store.transaction():
        store.logs.swap(None, head())
    store.logs.swap(head(), head(2, 5))
    with pytest.raises(Raced), store.transaction():
        store.logs.swap(head(), head(2, 9))
    assert store.logs.head(OURS) == head(2, 5)


def test_a_cosignature_is_kept_once_for_each_time_and_size(store: DjangoStore):
    rows = [CosignatureRow(OURS, size, "az/witness", 100 + size, "note") for size in (7, 3, 5)]
    for row in rows:
        store.logs.add_cosignature(row)
        store.logs.add_cosignature(row)
    store.logs.add_cosignature(again := replace(rows[0], time=999))
    assert [(row.size, row.time) for row in store.logs.cosigned(OURS)] == [
        (3, 103),
        (5, 105),
        (7, 107),
        (7, 999),
    ]
    assert [row.size for row in store.logs.cosigned(OURS, 5)] == [5, 7, 7]
    assert store.logs.last_cosigned(OURS, "az/witness") == again
    assert store.logs.last_cosigned(OURS, "kz/witness") is None
    assert store.logs.cosigned(THEIRS) == []


def test_numbers_are_counted_per_series_and_given_back_when_nothing_came_of_them(store: DjangoStore):
    assert store.register.last_number("2026/101") == 0
    assert store.register.next_numbers("2026/101", 3) == 1
    assert store.register.next_numbers("2026/101", 1) == 4
    assert store.register.next_numbers("2027/101", 1) == 1
    with pytest.raises(ZeroDivisionError), store.transaction():
        assert store.register.next_numbers("2026/101", 2) == 5
        raise ZeroDivisionError
    assert store.register.last_number("2026/101") == 4
    assert store.register.next_numbers("2026/101", 1) == 5


def test_a_number_stands_once_in_a_log(store: DjangoStore):
    store.register.add_certificates([certificate(), certificate(origin=THEIRS)])
    with store.transaction():
        with pytest.raises(AlreadyThere):
            store.register.add_certificates([replace(certificate(), leaf_hash=bytes(32))])
        store.register.set_status(certificate().leaf_hash, "annulled")
    assert {row.status for row in store.register.certificates("BYAZ6101000001")} == {"annulled", "valid"}
    assert len(store.register.family("co:1")) == 2
    assert store.register.certificates("BYAZ6101000002") == []


def test_a_draw_takes_every_line_or_none(store: DjangoStore):
    store.register.put_balances([balance(1), balance(2), balance(3, most=0)])
    with store.transaction():
        assert not store.register.draw([drawing(4, 1), drawing(11, 2)])
        assert not store.register.draw([drawing(4, 1), drawing(1, 9)])
        assert [row.drawn for row in store.register.balances("use", "co:1")] == [0, 0, 0]
        assert store.register.draw([drawing(4, 1), drawing(10, 2)])
    assert [row.drawn for row in store.register.balances("use", "co:1")] == [4, 10, 0]
    assert not store.register.draw([drawing(1, 3)])
    with store.transaction():
        with pytest.raises(AlreadyThere):
            store.register.draw([drawing(1, 1)])
        assert store.register.balances("use", "co:1")[0].drawn == 4
    assert store.register.drawn_by("use", "Baku/1") == store.register.drawings("use", "co:1")


def test_the_greatest_amounts_neither_overflow_nor_wrap(store: DjangoStore):
    store.register.put_balances([balance(1, most=MOST, drawn=MOST - 1), balance(2, most=5)])
    assert not store.register.draw([drawing(MOST)])
    assert not store.register.draw([drawing(2)])
    assert not store.register.draw([drawing(MOST, 2)])
    assert store.register.draw([drawing(1)])
    assert store.register.balances("use", "co:1")[0].drawn == MOST


def test_the_table_itself_refuses_a_balance_overdrawn(store: DjangoStore):
    for wrong in (balance(most=1, drawn=2), balance(most=1, drawn=-1)):
        with pytest.raises(IntegrityError), store.transaction():
            store.register.put_balances([wrong])


def test_opening_a_balance_leaves_what_is_there_and_putting_one_does_not(store: DjangoStore):
    store.register.put_balances([balance(most=10, drawn=3)])
    store.register.open_balances([balance(most=99), balance(2)])
    assert store.register.balances("use", "co:1") == [balance(most=10, drawn=3), balance(2)]
    store.register.put_balances([balance(most=20, drawn=5)])
    assert store.register.balances("use", "co:1")[0] == balance(most=20, drawn=5)
    store.register.note_drawings([drawing(5), drawing(5)])
    store.register.note_drawings([drawing(7)])
    assert [row.amount for row in store.register.drawings("use", "co:1")] == [5]


def test_applications_stand_once_per_exporter_and_reference(store: DjangoStore):
    row = ApplicationRow("a1", "Нетели", "ref «1»", '{"words": "Зубрёнок"}', 1_795_000_000)
    store.cases.add_applications([row])
    with store.transaction():
        with pytest.raises(AlreadyThere):
            store.cases.add_applications([replace(row, id="a2")])
        store.cases.add_applications([replace(row, id="a3", reference="ref 2")])
    issued = replace(row, state="issued", number="BYAZ6101000001", determinations=b"\x00\xff", stated="[1]")
    store.cases.update_applications([issued])
    assert store.cases.application("a1") == issued
    assert store.cases.application_of("BYAZ6101000001") == issued
    assert store.cases.application_by_reference("Нетели", "ref «1»") == issued
    assert store.cases.application("a2") is None


@pytest.mark.parametrize("odd", ["", "\x00", "a\x00b", "'; DROP TABLE", "%", "\U0001f40e", "\udcff"])
def test_a_name_nothing_can_have_is_not_found(store: DjangoStore, odd: str):
    assert store.cases.application(odd) is None
    assert store.cases.partner(odd) is None
    assert store.cases.inquiries(id=odd or "-") == []
    assert store.register.certificates(odd) == []


def test_inquiries_and_partners_come_back_as_they_were_put(store: DjangoStore):
    inquiry = InquiryRow("i1", True, "AZ", "BYAZ6101000001", b"\x01" * 32)
    store.cases.add_inquiry(inquiry)
    store.cases.add_inquiry(replace(inquiry, number="another"))
    store.cases.update_inquiry(replace(inquiry, reply=b"\x02" * 32))
    assert store.cases.inquiries() == [replace(inquiry, reply=b"\x02" * 32)]
    assert store.cases.inquiries(number="another") == []
    partner = PartnerRow("AZ", THEIRS, "{}", "following", "", 5, 7)
    store.cases.put_partner(partner)
    store.cases.note_received("AZ", 4)
    assert store.cases.partner("AZ") == partner
    store.cases.note_received("AZ", 9)
    assert store.cases.partners() == [replace(partner, received_size=9)]


def test_a_failure_takes_back_the_whole_transaction_and_only_that(store: DjangoStore):
    store.statements.add([new(1)])
    with pytest.raises(ZeroDivisionError), store.transaction():
        store.statements.add([new(2)])
        with store.transaction():
            store.register.put_balances([balance()])
        raise ZeroDivisionError
    assert len(store.statements.pending(OURS, 9)) == 1
    assert store.register.balances("use", "co:1") == []


def test_no_writer_is_between_the_reading_and_the_writing_of_another(store: DjangoStore):
    """Two threads add one to what they read, fifty times each; were one let in between, a step would be lost."""
    store.register.put_balances([balance(most=1000)])

    def count() -> None:
        for _ in range(50):
            with store.transaction():
                (row,) = store.register.balances("use", "co:1")
                store.register.put_balances([replace(row, drawn=row.drawn + 1)])
        connections[store.alias].close()

    threads = [threading.Thread(target=count) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.register.balances("use", "co:1")[0].drawn == 100


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_connection_that_broke_is_opened_again(store: DjangoStore):
    store.statements.add([new(1)])
    connection = connections[store.alias]
    with connection.cursor() as cursor, pytest.raises(Exception, match="terminat"):
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    store.forget_broken_connection()
    assert len(store.statements.pending(OURS, 9)) == 1


def test_the_tables_are_those_of_the_models(store: DjangoStore):
    create_tables(store.alias)
    call_command("makemigrations", "countermark", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("url", ["mysql://root@host/name", "sqlite:///x", "C:\\party.db", "postgres"])
def test_a_database_of_another_make_is_refused(tmp_path: Path, url: str):
    with pytest.raises(DatabaseRefused, match="postgresql://"):
        open_database(tmp_path, url)


def test_each_party_has_a_database_of_its_own(tmp_path: Path):
    stores = []
    for name in ("by", "az"):
        (tmp_path / name).mkdir()
        alias = open_database(tmp_path / name, "")
        create_tables(alias)
        stores.append(DjangoStore(alias))
    stores[0].statements.add([new(1)])
    assert stores[1].statements.pending(OURS, 9) == []
    assert open_database(tmp_path / "by", "") == stores[0].alias
    for store in stores:
        connections[store.alias].close()
