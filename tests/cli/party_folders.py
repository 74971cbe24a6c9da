"""Two real parties in folders, driven by the real commands; each follows the other's log without a network."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from click.testing import CliRunner, Result
from django.db import connections

from countermark.adapters.party import open_party
from countermark.casework.cosign import accept_cosignature
from countermark.casework.feed import feed_page
from countermark.casework.ports import Office
from countermark.casework.publish import publish
from countermark.casework.receive import follow
from countermark.cli.main import countermark
from countermark.corridor.card import card_fingerprint, read_card

EXAMPLES = Path(__file__).parents[2] / "examples"


def run(*words: object, code: int = 0) -> Result:
    """The command's result; it ended with this code, and never with an unexpected failure."""
    result = CliRunner().invoke(countermark, [str(word) for word in words])
    failure = result.exception
    assert failure is None or isinstance(failure, SystemExit), (words, failure)
    assert result.exit_code == code, (words, result.stdout, result.stderr)
    return result


def data(*words: object, code: int = 0) -> Any:
    """What the command prints as JSON."""
    return json.loads(run(*words, "--json", code=code).stdout)


@dataclass(frozen=True)
class Near:
    """A partner's server, asked without HTTP: what it serves to, and takes from, the party named."""

    office: Office
    asking: str

    def feed(self, first: int, limit: int) -> bytes:
        return feed_page(self.office, self.asking, first, limit)

    def bring_cosignature(self, origin: str, note: str) -> None:
        assert origin == self.office.origin
        accept_cosignature(self.office, self.asking, note.encode())


@dataclass(frozen=True)
class Parties:
    by: Path
    az: Path

    def exchange(self) -> None:
        """Let each follow the other until neither has anything new to say."""
        parties = [open_party(self.by), open_party(self.az)]
        try:
            sizes: list[int] = []
            while sizes != (sizes := [publish(party.office) for party in parties]):
                for own, other in (parties, parties[::-1]):
                    assert follow(own.office, other.office.code, Near(other.office, own.office.code)) is None
        finally:
            for party in parties:
                party.close()
            connections.close_all()


def make_parties(folder: Path) -> Parties:
    """Belarus and Azerbaijan, connected, each with the other's cosignature on its first checkpoint."""
    parties = Parties(folder / "by", folder / "az")
    run("party", "init", parties.by, "--code", "BY", "--name", "Belarus")
    run("party", "init", parties.az, "--code", "AZ", "--name", "Azerbaijan", "--url", "http://127.0.0.1:8001")
    for own, other in ((parties.by, parties.az), (parties.az, parties.by)):
        connect(own, other)
    parties.exchange()
    return parties


def connect(own: Path, other: Path) -> None:
    card = other / "card.json"
    fingerprint = card_fingerprint(read_card(card.read_text(encoding="utf-8")))
    run("corridor", "connect", own, card, "--fingerprint", fingerprint)


def issue(party: Path, example: str) -> tuple[str, str]:
    """Number and date of the certificate issued for an example."""
    applied = data("apply", EXAMPLES / example, "--party", party)
    issued = data("issue", applied["id"], "--party", party)
    return issued["number"], issued["date"]


def declaration(folder: Path, example: str, number: str, dated: str, **changes: object) -> Path:
    """An example's declaration for this certificate; its days move with the certificate's (examples/README.md)."""
    plain = yaml.load((EXAMPLES / "declarations" / example).read_text(encoding="utf-8"), yaml.BaseLoader)
    moved = date.fromisoformat(dated) - date.fromisoformat(plain["certificate"]["date"])
    for day in ("registered", "exported"):
        plain[day] = str(date.fromisoformat(plain[day]) + timedelta(moved.days))
    plain["certificate"] = {"number": number, "date": dated}
    for item in plain["items"]:
        item.update({name: int(item[name]) for name in ("item", "certificate_item") if name in item})
        if isinstance(item["hs"], dict):
            item["hs"]["edition"] = int(item["hs"]["edition"])
    path = folder / example.replace(".yaml", ".json")
    path.write_text(json.dumps(plain | changes, ensure_ascii=False), encoding="utf-8")
    return path
