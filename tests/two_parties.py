"""Two connected parties in one process: their folders, the feed between them, a clock that can be set."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from countermark.adapters.founding import connect_partner, found_party
from countermark.adapters.party import OpenParty, Terms, open_party, read_terms
from countermark.adapters.reading import read_plain
from countermark.casework.apply import apply
from countermark.casework.cosign import accept_cosignature
from countermark.casework.feed import feed_page
from countermark.casework.issue import Issued, issue
from countermark.casework.ports import Clock, Office
from countermark.casework.publish import publish
from countermark.casework.receive import follow
from countermark.casework.use import Declared, Drawn
from countermark.corridor.card import read_card
from countermark.corridor.feed import Fault
from countermark.document.certificate import Body
from countermark.trust.audit import Report, check_log
from countermark.trust.roots import read_roots

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
EXAMPLES = Path(__file__).parents[1] / "examples"
OFFICER = "Officer 7"
SETTLED = 12
PARTIES = {
    "BY": ("Belarus", "Europe/Minsk", Body("101", "Sample Chamber, Minsk unit", "1 Example Street, Minsk")),
    "AZ": ("Azerbaijan", "Asia/Baku", Body("201", "Sample Agency, Baku office", "1 Nümunə Street, Baku")),
}


class SetClock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def wait(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class InProcess:
    """A partner's server without the network: the very verbs it answers with."""

    source: Office
    follower: str

    def feed(self, first: int, limit: int) -> bytes:
        return feed_page(self.source, self.follower, first, limit)

    def bring_cosignature(self, origin: str, note: str) -> None:
        assert origin == self.source.origin
        accept_cosignature(self.source, self.follower, note.encode())


@dataclass
class Pair:
    """Belarus and Azerbaijan, connected."""

    by: OpenParty
    az: OpenParty
    clock: Any

    def party(self, code: str) -> OpenParty:
        return {"BY": self.by, "AZ": self.az}[code]

    def follow(self, follower: str) -> Fault | None:
        """One party follows the other, whose log is not published first."""
        source = self.by if follower == "AZ" else self.az
        feed = InProcess(source.office, follower)
        return follow(self.party(follower).office, source.terms.code, feed)

    def settle(self) -> None:
        """Publish and follow both ways until nothing moves any more."""
        for _ in range(SETTLED):
            before = [self.standing(each.office) for each in (self.by, self.az)]
            for each in (self.by, self.az):
                publish(each.office)
            assert [self.follow("AZ"), self.follow("BY")] == [None, None]
            if before == [self.standing(each.office) for each in (self.by, self.az)]:
                return
        raise AssertionError("the two logs never come to rest")

    def standing(self, office: Office) -> object:
        head, statements = office.store.logs.head(office.origin), office.store.statements
        return head, statements.pending(office.origin, 1), office.store.cases.partners()

    def audits(self) -> list[Report]:
        return [audit(self.by), audit(self.az)]

    def close(self) -> None:
        for each in (self.by, self.az):
            disconnect(each)


def disconnect(party: OpenParty) -> None:
    """Give up the database connection, as a process that ends does."""
    party.store.close()
    party.close()


def reopen(party: OpenParty, clock: Clock) -> OpenParty:
    """The party as a process that is started anew finds it."""
    disconnect(party)
    return open_party(party.folder, clock)


def audit(party: OpenParty) -> Report:
    """The whole log, verified from its files and the pinned roots alone."""
    return audit_folder(party.folder)


def audit_folder(folder: Path, fetch: Callable[[str], bytes | None] | None = None) -> Report:
    def from_files(path: str) -> bytes | None:
        file = folder / "log" / path
        return file.read_bytes() if file.is_file() else None

    (roots,) = read_roots((folder / "roots.json").read_bytes())
    return check_log(fetch or from_files, roots)


def terms_of(code: str, database: str = "", port: int = 8101) -> Terms:
    name, zone, body = PARTIES[code]
    origin = f"{code.lower()}.countermark.example/log/1"
    return Terms(code, name, origin, zone, f"http://127.0.0.1:{port}", database, body)


def found_pair(folder: Path, clock: Clock, databases: dict[str, str]) -> Pair:
    found = {
        code: found_party(folder / code.lower(), terms_of(code, databases.get(code, "")), clock)
        for code in PARTIES
    }
    connect_partner(found["BY"], read_card(found["AZ"].card))
    connect_partner(found["AZ"], read_card(found["BY"].card))
    return Pair(found["BY"], found["AZ"], clock)


def copy_pair(model: Path, folder: Path, clock: Clock, databases: dict[str, str]) -> Pair:
    """A founded pair again in another folder; ``databases`` maps parties to copies of theirs."""
    opened = {}
    for code in PARTIES:
        home = shutil.copytree(model / code.lower(), folder / code.lower())
        if code in databases:
            terms = home / "party.toml"
            old, new = (json.dumps(url) for url in (read_terms(home).database, databases[code]))
            terms.write_text(terms.read_text().replace(old, new))
        opened[code] = open_party(home, clock)
    return Pair(opened["BY"], opened["AZ"], clock)


def plain(name: str, **changes: Any) -> Any:
    """An example application with some of its fields changed."""
    return copy.deepcopy(read_plain(EXAMPLES / f"{name}.yaml")) | changes


def cattle(reference: str, **changes: Any) -> Any:
    """66 heifers from Belarus to Azerbaijan, wholly produced: the simplest application there is."""
    return plain("by-cattle", reference=reference, **changes)


def certify(party: OpenParty, application: Any) -> Issued:
    """Apply and issue."""
    submitted = apply(party.office, application)
    (issued,) = issue(party.office, [submitted.id], OFFICER)
    return issued


def declared(number: str = "AZ-1", on: date = date(2026, 12, 2), office: str = "Baku") -> Declared:
    return Declared(number, office, on)


def pieces(quantity: str, item: int = 1) -> list[Drawn]:
    return [Drawn(item, Decimal(quantity), "pcs")]
