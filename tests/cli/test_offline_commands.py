"""What leaves a party for those who only verify: the bundle, the signed file, the log itself; and bad input."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest
from party_folders import EXAMPLES, connect, data, declaration, issue, run

from countermark.corridor.card import card_fingerprint, read_card, write_card
from countermark.trust.bundle import Bundle, prove
from countermark.trust.roots import read_roots


@pytest.fixture
def issued(parties):
    number, dated = issue(parties.by, "by-lifts.yaml")
    parties.exchange()
    return number, dated


def verified(parties, folder: Path, number: str, code: int) -> dict[str, object]:
    """The verdict on a certificate, offline, from the signed file, the bundle and both parties' roots."""
    signed, bundle = folder / "certificate.cose", folder / "by.bundle"
    run("export", number, "--format", "cose", "--out", signed, "--party", parties.by)
    run("bundle", "make", parties.by, "--out", bundle)
    roots = (word for party in (parties.by, parties.az) for word in ("--roots", party / "roots.json"))
    return data("verify", signed, "--bundle", bundle, *roots, "--for", "AZ", code=code)


def test_a_certificate_is_valid_offline_from_file_and_bundle(parties, issued, tmp_path):
    report = verified(parties, tmp_path, issued[0], 0)
    assert report["verdict"] == "valid"
    assert {step["result"] for step in report["steps"][:9]} == {"passed"}


def test_an_annulled_certificate_is_invalid_in_the_next_bundle(parties, issued, tmp_path):
    run("annul", issued[0], "--reason", "Wrong invoice", "--effect", "from-start", "--party", parties.by)
    parties.exchange()
    assert verified(parties, tmp_path, issued[0], 10)["reason"] == "annulled"


def test_a_certificate_not_cosigned_yet_cannot_be_told(parties, tmp_path):
    number, _ = issue(parties.by, "by-lifts.yaml")
    assert verified(parties, tmp_path, number, 11)["reason"] == "pending"


def test_a_bundle_keeps_the_cosignatures_that_prove_time(parties, issued, tmp_path):
    run("bundle", "make", parties.by, "--out", tmp_path / "by.bundle")
    pinned = [
        each for party in (parties.by, parties.az) for each in read_roots((party / "roots.json").read_bytes())
    ]
    proven = prove(Bundle.read((tmp_path / "by.bundle").read_bytes()), pinned)
    sizes = [each.checkpoint.size for each in proven.checkpoints]
    assert sizes == sorted(set(sizes))
    assert len(sizes) >= 2
    assert all(len(each.note.signatures) == 2 for each in proven.checkpoints)


def test_a_log_with_an_altered_entry_ends_with_ten(parties, issued):
    (bundle,) = (parties.by / "log" / "tile" / "entries").rglob("000.p/*")
    altered = bytearray(bundle.read_bytes())
    altered[-1] ^= 1
    bundle.write_bytes(altered)
    report = data("log", "check", parties.by, code=10)
    failed = [check["number"] for check in report["checks"] if check["result"] == "failed"]
    assert report["answer"] == "finding"
    assert {3, 4} <= set(failed)


def test_a_log_is_judged_by_the_roots_named(parties, tmp_path):
    log = shutil.copytree(parties.by / "log", tmp_path / "log-of-by")
    assert "Pin its party's" in run("log", "check", log, code=11).stderr
    report = data("log", "check", log, "--roots", parties.by / "roots.json")
    assert (report["answer"], report["roots"]["by_user"]) == ("whole", True)
    assert not data("log", "check", parties.by)["roots"]["by_user"]


def test_a_log_without_a_cosignature_cannot_be_told(parties):
    issue(parties.by, "by-lifts.yaml")
    report = data("log", "check", parties.by, code=11)
    assert [check["number"] for check in report["checks"] if check["result"] != "passed"] == [9]


def test_a_connected_partner_is_not_reset_by_its_card(parties, issued):
    before = data("corridor", "status", parties.by)
    connect(parties.by, parties.az)
    after = data("corridor", "status", parties.by)
    assert after["partners"] == before["partners"]
    assert after["partners"][0]["outgoing"]["received"] > 0


@pytest.fixture
def server(parties):
    """The party BY served in its own process; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    terms = parties.by / "party.toml"
    terms.write_text(terms.read_text(encoding="utf-8").replace(":8000", f":{port}"), encoding="utf-8")
    command = [Path(sys.executable).parent / "countermark", "serve", parties.by]
    with subprocess.Popen([str(word) for word in command], stderr=subprocess.DEVNULL) as process:
        url = f"http://127.0.0.1:{port}"
        for _ in range(100):
            try:
                urllib.request.urlopen(f"{url}/health", timeout=1).close()
                break
            except urllib.error.URLError:
                time.sleep(0.1)
        yield url
        process.kill()


def test_a_served_party_gives_its_bundle_its_log_and_its_state(parties, issued, server, tmp_path):
    out = tmp_path / "fetched.bundle"
    unpinned = data("bundle", "fetch", server, "--out", out, code=11)
    assert unpinned["refusal"]["code"] == "unpinned"
    pinned = data("party", "init", tmp_path / "ge", "--code", "GE", "--name", "Georgia")
    roots = parties.by / "roots.json"
    assert (
        "not the one you gave"
        in run("trust", "add", roots, "--fingerprint", pinned["roots_fingerprint"], code=10).stderr
    )
    run("trust", "add", roots, "--fingerprint", Bundle.read(out.read_bytes()).manifest.fingerprint.hex())
    assert data("bundle", "fetch", server, "--out", out)["refusal"] is None

    assert "kept for partners" in run("log", "check", server, code=11).stderr
    assert data("log", "check", server, "--party", parties.az)["answer"] == "whole"
    assert data("log", "check", f"{server}/log", "--party", parties.az)["answer"] == "whole"

    assert status(server, "")[0] == 401
    tokens = json.loads((parties.by / "tokens.json").read_bytes())
    assert status(server, tokens["customs"])[0] == 403
    code, served = status(server, tokens["officer"])
    told = data("corridor", "status", parties.by)
    assert code == 200
    assert served["partners"][0]["outgoing"] == told["partners"][0]["outgoing"]


def test_a_turn_brings_what_a_served_partner_has(parties, server, tmp_path):
    moved = replace(read_card((parties.by / "card.json").read_text(encoding="utf-8")), url=server)
    card = tmp_path / "moved.json"
    card.write_text(write_card(moved), encoding="utf-8")
    run("corridor", "connect", parties.az, card, "--fingerprint", card_fingerprint(moved))
    number, dated = issue(parties.by, "by-lifts.yaml")
    run("check", number, "--date", dated, "--party", parties.az, code=11)
    turn = data("corridor", "sync", parties.az)
    assert turn["complaints"] == []
    assert turn["partners"][0]["incoming"]["state"] == "following"
    run("check", number, "--date", dated, "--party", parties.az)


def status(url: str, token: str) -> tuple[int, dict[str, object]]:
    request = urllib.request.Request(f"{url}/api/corridor", headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_a_turn_without_the_partners_server_says_so(parties):
    result = run("corridor", "sync", parties.by, code=11)
    assert "did not answer" in result.stderr
    assert "Traceback" not in result.stderr


GOOD_INIT = ("--code", "BY", "--name", "Belarus")
BAD = {
    "party-not-empty": (("party", "init", "{by}", *GOOD_INIT), 2, "is not empty"),
    "party-country": (("party", "init", "{new}", "--code", "XX", "--name", "Nowhere"), 2, "is no country"),
    "party-zone": (("party", "init", "{new}", "--code", "RU", "--name", "Russia"), 2, "Give its zone"),
    "party-zone-wrong": (("party", "init", "{new}", *GOOD_INIT, "--zone", "Mars/Base"), 2, "no time zone"),
    "party-url": (("party", "init", "{new}", *GOOD_INIT, "--url", "ftp://x"), 2, "no address of a server"),
    "party-origin": (("party", "init", "{new}", *GOOD_INIT, "--origin", "a b"), 2, "cannot name a log"),
    "party-body": (("party", "init", "{new}", *GOOD_INIT, "--body-id", "1"), 2, "is not three digits"),
    "party-db": (("party", "init", "{new}", *GOOD_INIT, "--db", "mysql://x/y"), 2, "postgresql://"),
    "party-name": (("party", "init", "{new}", "--code", "BY", "--name", ""), 2, "--name"),
    "no-party": (("apply", "{lifts}", "--party", "{new}"), 2, "countermark party init"),
    "no-file": (("apply", "{new}", "--party", "{by}"), 2, "There is no file"),
    "not-plain": (("apply", "{card}", "--party", "{by}"), 2, "field(s) to correct"),
    "not-ours": (("apply", "{lifts}", "--party", "{az}"), 2, "Apply there"),
    "no-application": (("issue", "00", "--party", "{by}"), 2, "There is no application"),
    "no-number": (("annul", "BYAZ1", "--reason", "x", "--party", "{by}"), 2, "is not a certificate number"),
    "not-issued": (
        ("annul", "BYAZ6101000099", "--reason", "x", "--party", "{by}"),
        11,
        "issued no certificate",
    ),
    "look-alike": (("duplicate", "ВYAZ6101000001", "--reason", "x", "--party", "{by}"), 2, "Latin keyboard"),
    "bad-rule": (("state-rule", "00", 1, "--rule", "{", "--citation", "x", "--party", "{by}"), 2, "not JSON"),
    "form": (
        ("export", "BYAZ6101000001", "--format", "pdf", "--out", "-", "--party", "{by}"),
        2,
        "--format cose",
    ),
    "not-received": (
        ("check", "AZBY6101000001", "--date", "2026-05-04", "--party", "{by}"),
        11,
        "was received",
    ),
    "bad-date": (("check", "AZBY6101000001", "--date", "4 May", "--party", "{by}"), 2, "is no date"),
    "no-inquiry": (
        ("answer", "00", "--authentic", "yes", "--explanation", "x", "--party", "{by}"),
        2,
        "no inquiry",
    ),
    "bad-answer": (
        ("answer", "00", "--authentic", "yes", "--originating", "1", "--explanation", "x", "--party", "{by}"),
        2,
        "Write it as 1=yes",
    ),
    "no-card": (("corridor", "connect", "{by}", "{new}", "--fingerprint", "00"), 2, "cannot be read"),
    "other-card": (
        ("corridor", "connect", "{by}", "{card}", "--fingerprint", "00"),
        10,
        "not the one you gave",
    ),
    "not-a-card": (("corridor", "connect", "{by}", "{lifts}", "--fingerprint", "00"), 2, "no partner's card"),
    "status-nowhere": (("corridor", "status", "{new}"), 2, "is not a party's folder"),
    "log-nowhere": (("log", "check", "{new}"), 2, "holds no log"),
    "log-no-server": (("log", "check", "http://127.0.0.1:9"), 2, "Check the address"),
    "log-no-address": (("log", "check", "http://"), 2, "Check the address"),
    "bundle-no-server": (("bundle", "fetch", "http://127.0.0.1:9", "--out", "{new}"), 2, "Check the address"),
    "bundle-no-scheme": (("bundle", "fetch", "by.example", "--out", "{new}"), 2, "Check the address"),
    "bundle-no-folder": (("bundle", "make", "{by}", "--out", "{new}/b"), 2, "Name another file"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_ends_with_a_sentence_and_its_code(parties, tmp_path, case):
    words, code, phrase = BAD[case]
    places = {
        "by": parties.by, "az": parties.az, "new": tmp_path / "new", "lifts": EXAMPLES / "by-lifts.yaml",
        "card": parties.az / "card.json",
    }  # fmt: skip
    result = run(
        *(
            places.get(str(w)[1:-1], w)
            if w == f"{{{str(w)[1:-1]}}}"
            else str(w).replace("{new}", str(places["new"]))
            for w in words
        ),
        code=code,
    )
    assert phrase in result.stderr
    assert result.stderr.startswith(("Error: ", "Usage: "))
    assert result.stdout == ""


def test_a_use_without_an_item_is_refused(parties, issued, tmp_path):
    number, dated = issued
    lifts = declaration(tmp_path, "az-lifts.yaml", number, dated)
    words = ("use", number, "--date", dated, "--declaration", lifts, "--party", parties.az)
    assert "Write it as 1=5pcs" in run(*words, "--line", "eight", code=2).stderr
    assert "no item 3" in run(*words, "--line", "3=8pcs", code=2).stderr
    assert "0.4" not in run(*words, "--line", "1=9pcs", code=10).stdout
    assert "item 1: 8.4 pcs left" in run(*words, "--line", "1=9pcs", code=10).stderr


def test_a_party_without_its_keys_says_which(parties):
    (parties.by / "keys" / "seal.key").unlink()
    assert "seal.key cannot be opened" in run("corridor", "status", parties.by, code=2).stderr


def test_a_party_without_its_roots_cannot_connect_and_stays_as_it_was(parties, tmp_path):
    other = data("party", "init", tmp_path / "ge", "--code", "GE", "--name", "Georgia")
    shutil.rmtree(parties.by / "keys" / "roots")
    words = ("corridor", "connect", parties.by, other["card"], "--fingerprint", other["card_fingerprint"])
    assert "root-1.key" in run(*words, code=2).stderr
    assert [p["party"] for p in data("corridor", "status", parties.by)["partners"]] == ["AZ"]


def test_a_party_without_its_database_is_our_failure_in_a_sentence(parties):
    (parties.by / "party.sqlite3").unlink()
    for beside in parties.by.glob("party.sqlite3-*"):
        beside.unlink()
    result = run("corridor", "status", parties.by, code=1)
    assert "database does not work" in result.stderr


def test_logs_are_checked_without_the_desk(parties, tmp_path):
    """The base install holds neither Django nor a server."""
    program = (
        "import sys\n"
        "for name in ('django', 'granian', 'httpx', 'rich'): sys.modules[name] = None\n"
        "from countermark.cli.main import main\n"
        f"sys.argv = ['countermark', 'log', 'check', {str(parties.by)!r}]\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=os.environ, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
