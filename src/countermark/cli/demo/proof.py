"""The end of the demo: everything is verified from files and databases, with the servers stopped.

1 each log, from its static files alone; 2 each partner holds the other's log leaf for leaf, every certificate once;
3 every certificate's file, offline, with the bundle and the pinned roots.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from countermark.adapters.clock import SystemClock
from countermark.adapters.party import OpenParty, open_party
from countermark.cli.demo.acts import Play
from countermark.cli.demo.servers import Server
from countermark.trust.audit import check_log
from countermark.trust.bundle import Bundle, prove
from countermark.trust.report import Answer
from countermark.trust.roots import Roots, read_roots
from countermark.trust.verify import judge

PAGE = 256
KINDS = ("issued", "duplicate", "replaced")


def fetch_files(play: Play) -> None:
    """While the servers run: each party's bundle and every certificate's file, beside the parties' folders."""
    for code, api in play.parties.items():
        folder = exported(api.server)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "bundle.cose").write_bytes(api.file("officer", "/bundle"))
        for number in numbers_of(play, code):
            (folder / f"{number}.cose").write_bytes(api.file("officer", f"/api/certificates/{number}/file"))


def exported(server: Server) -> Path:
    """Where a party's files to hand out are put."""
    return server.folder.parent / f"{server.code.lower()}-certificates"


def numbers_of(play: Play, code: str) -> list[str]:
    return [given.number for given in play.given.values() if given.number.startswith(code)]


def check_logs(play: Play) -> list[str]:
    """Each log from its files, and each mirror against it; a line of words for each."""
    parties = {code: open_party(api.server.folder) for code, api in play.parties.items()}
    words = []
    for code, party in parties.items():
        report = check_log(_reader(party.folder / "log"), roots_of(play.parties[code].server))
        failure = report.first_failure
        play.expect(f"log of {code}", (report.ok, failure and failure.sentence), (True, None))
        holder = next(other for other in parties.values() if other is not party)
        held = _mirrored(party, holder)
        play.expect(f"{holder.terms.code} holds the log of {code}", held, report.size)
        certificates = _each_once(play, party, holder)
        words.append(
            f"log of {code}: {report.size} entries verified from its files; {holder.terms.code} holds them all,"
            f" {certificates} certificates once each"
        )
    return words


def _reader(folder: Path) -> Callable[[str], bytes | None]:
    def read(path: str) -> bytes | None:
        file = folder / path
        return file.read_bytes() if file.is_file() else None

    return read


def _mirrored(maker: OpenParty, holder: OpenParty) -> int:
    """How many entries the holder has, each equal to the maker's; stops at the first that is not."""
    origin, first = maker.office.origin, 0
    while page := maker.office.store.statements.page(origin, first, PAGE):
        held = holder.office.store.statements.page(origin, first, PAGE)
        same = [mine.leaf == theirs.leaf for mine, theirs in zip(page, held, strict=False)]
        if len(held) != len(page) or not all(same):
            return first + sum(same)
        first += len(page)
    return first


def _each_once(play: Play, maker: OpenParty, holder: OpenParty) -> int:
    """Every certificate the maker issued stands in the holder's register exactly once."""
    issued = [
        row.leaf for kind in KINDS for row in maker.office.store.statements.of_kind(maker.office.origin, kind)
    ]
    held = [
        row.leaf
        for kind in KINDS
        for row in holder.office.store.statements.of_kind(maker.office.origin, kind)
        if not row.refusal
    ]
    play.expect(f"certificates of {maker.terms.code} at {holder.terms.code}", sorted(held), sorted(issued))
    play.expect("none twice", any(a == b for a, b in pairwise(sorted(held))), False)
    return len(held)


def check_files(play: Play, not_valid: set[str]) -> list[str]:
    """Every certificate's file offline: valid, or invalid where it was annulled or replaced."""
    words = []
    now = SystemClock().now()
    for code, api in play.parties.items():
        proven = prove(
            Bundle.read((exported(api.server) / "bundle.cose").read_bytes()), [roots_of(api.server)]
        )
        numbers = numbers_of(play, code)
        for number in numbers:
            report = judge((exported(api.server) / f"{number}.cose").read_bytes(), proven, now=now)
            wanted = Answer.INVALID if number in not_valid else Answer.VALID
            reason = report.reason
            play.expect(
                f"{number} offline ({reason.sentence if reason else 'valid'})",
                report.verdict.value,
                wanted.value,
            )
        fallen = len(not_valid.intersection(numbers))
        words.append(f"certificates of {code}: {len(numbers) - fallen} valid offline, {fallen} rightly not")
    return words


def roots_of(server: Server) -> Roots:
    return read_roots((server.folder / "roots.json").read_bytes())[0]
