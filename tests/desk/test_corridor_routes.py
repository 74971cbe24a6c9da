"""What partners and strangers are given: checkpoints to all, entries to partners, contents to the addressee."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from desk_client import Desk

from countermark.corridor.feed import Page
from countermark.trust.checkpoint import Note
from countermark.trust.statement import read as read_statement
from countermark.trust.tree import leaf_hash
from two_parties import audit_folder, cattle, certify

FEED = ("GET", "/corridor/feed", "first=0&limit=256")


@pytest.fixture(scope="module")
def issued(desk: Desk) -> bytes:
    """The leaf hash of a certificate for Azerbaijan."""
    made = certify(desk.pair.by, cattle("corridor"))
    desk.exchange()
    return made.leaf_hash


def refused(answer: Any, status: int = 401, code: str = "request-signature") -> None:
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


def test_the_addressee_gets_the_content_and_another_partner_the_leaf_only(desk: Desk, issued: bytes):
    pages = [Page.read(desk.ask_as(party, *FEED).content) for party in (desk.pair.az, desk.kz)]
    for page, entitled in zip(pages, ("AZ", "KZ"), strict=True):
        kinds = set()
        for entry in page.entries:
            header = read_statement(entry.leaf).header
            kinds.add((header.aud, entry.content is not None))
            assert (entry.content is not None) == (header.aud in (None, entitled))
        assert {(None, True), ("AZ", entitled == "AZ")} <= kinds
    assert [entry.leaf for entry in pages[0].entries] == [entry.leaf for entry in pages[1].entries]


def test_a_feed_is_for_signed_requests_only(desk: Desk, issued: bytes):
    refused(desk.http.get("/corridor/feed?first=0&limit=256"))
    refused(desk.get("officer", "/corridor/feed"))
    az = desk.pair.az
    refused(desk.ask_as(az, *FEED, now=1))
    refused(desk.ask_as(az, *FEED, key=desk.kz.keys.ed25519("transport")))
    refused(desk.ask_as(az, *FEED, party="KZ"))
    refused(desk.ask_as(az, *FEED, party="RU"))
    refused(desk.ask_as(az, *FEED, party="BY"))
    refused(desk.ask_as(az, *FEED, url="http://127.0.0.1:8103"))


def test_a_signature_for_one_request_serves_no_other(desk: Desk, issued: bytes):
    az = desk.pair.az
    headers = dict(desk.ask_as(az, *FEED).request.headers)
    signed = {
        key: value
        for key, value in headers.items()
        if key in ("content-digest", "signature", "signature-input")
    }
    assert desk.http.get("/corridor/feed?first=0&limit=256", headers=signed).status_code == 200
    refused(desk.http.get("/corridor/feed?first=1&limit=256", headers=signed))
    refused(desk.http.get("/corridor/feed", headers=signed))
    refused(desk.http.get("/log/tile/entries/000.p/1?first=0&limit=256", headers=signed))
    refused(desk.http.post("/corridor/notice?first=0&limit=256", headers=signed))
    refused(desk.http.request("GET", "/corridor/feed?first=0&limit=256", headers=signed, content=b"x"))


@pytest.mark.parametrize(
    "query", ["first=-1", "first=x", "limit=1e9", "first=" + "9" * 20, "first=%00", "first=%D9%A1", "first="]
)
def test_a_page_number_that_is_none_is_refused(desk: Desk, query: str):
    refused(desk.ask_as(desk.pair.az, "GET", FEED[1], query), 422, "number")


@pytest.mark.parametrize(
    ("query", "most"),
    [("first=999999999999999", 0), ("first=0&limit=0", 0), ("first=1&limit=2", 2), ("limit=9999", 256)],
)
def test_any_page_number_there_can_be_is_answered(desk: Desk, issued: bytes, query: str, most: int):
    answer = desk.ask_as(desk.pair.az, "GET", FEED[1], query)
    assert answer.status_code == 200
    assert len(Page.read(answer.content).entries) <= most


@pytest.mark.parametrize("body", [b"", b"\xff" * 100, b"by.countermark.example/log/1\n5\nAAAA\n\nx\n"])
def test_a_cosignature_that_cannot_be_read_is_refused(desk: Desk, body: bytes):
    answer = desk.ask_as(desk.pair.az, "POST", "/corridor/cosignatures", "origin=x", body)
    assert answer.status_code == 422
    assert answer.json()["error"]["sentence"]


def test_a_partner_cannot_bring_another_partners_cosignature(desk: Desk, issued: bytes):
    office = desk.pair.by.office
    note = Note.read((desk.pair.by.folder / "log" / "checkpoint").read_bytes())
    others = (office.origin, desk.pair.az.office.witness.name)
    brought = replace(note, signatures=tuple(line for line in note.signatures if line.name in others))
    assert len(brought.signatures) == 2
    before = office.store.logs.cosigned(office.origin)
    answer = desk.ask_as(desk.kz, "POST", "/corridor/cosignatures", "origin=x", brought.bytes)
    refused(answer, 409, "cosignature")
    assert office.store.logs.cosigned(office.origin) == before


def test_entry_bundles_are_for_partners_and_the_rest_of_the_log_for_all(desk: Desk, issued: bytes):
    folder = desk.pair.by.folder / "log"
    paths = [str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()]
    assert any(path.startswith("tile/entries/") for path in paths)
    for path in paths:
        answer = desk.http.get(f"/log/{path}")
        if path.startswith("tile/entries/"):
            refused(answer)
            assert desk.ask_as(desk.kz, "GET", f"/log/{path}").content == (folder / path).read_bytes()
        else:
            assert answer.content == (folder / path).read_bytes()


def test_a_partner_can_audit_the_whole_log_over_http(desk: Desk, issued: bytes):
    def fetch(path: str) -> bytes | None:
        answer = desk.ask_as(desk.kz, "GET", f"/log/{path}")
        return answer.content if answer.status_code == 200 else None

    report = audit_folder(desk.pair.by.folder, fetch)
    assert report.first_failure is None
    assert report.size > 5


def test_no_private_content_is_among_the_public_files(desk: Desk, issued: bytes):
    answer = desk.http.get(f"/log/content/{issued.hex()}")
    refused(answer, 404, "no-file")
    statements = desk.pair.by.office.store.statements
    for row in statements.page(desk.pair.by.office.origin, 0, 256):
        shown = desk.http.get(f"/log/content/{leaf_hash(row.leaf).hex()}").status_code == 200
        assert shown == (read_statement(row.leaf).header.aud is None)


@pytest.mark.parametrize(
    "path",
    ["tile", "tile/0", "tile/0/", "tile/entries", "tile/0/000.p", "tile/0/../../../keys/passphrase", "../keys/passphrase",
     "..%2fkeys%2fpassphrase", "%2e%2e/keys/passphrase", "tile/%2e%2e/%2e%2e/keys/passphrase", "/etc/passwd", "tile//etc/passwd",
     "checkpoint/", "checkpoint%00", ".checkpoint.1-1.part", "content/", "content/" + "0" * 64, "tile/0/" + "0" * 80, "x" * 9000],
)  # fmt: skip
def test_what_is_no_file_of_the_log_is_not_served(desk: Desk, path: str):
    answer = desk.http.get(f"/log/{path}")
    assert answer.status_code == 404, answer.text
    assert (desk.pair.by.folder / "keys" / "passphrase").read_text() not in answer.text
    partner = (
        desk.ask_as(desk.kz, "GET", f"/log/{path}")
        if path.isascii() and "%" not in path and ".." not in path
        else answer
    )
    assert partner.status_code == 404, partner.text
