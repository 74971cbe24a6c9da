"""The importing side's acts: check against the declaration, use, doubt; and what the exporting side does then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from countermark.cli.demo.acts import Play, await_receipt
from countermark.cli.demo.api import Api
from countermark.cli.demo.script import Given

GRAVITY = ("same", "not comparable", "slip", "excess", "ask", "ground")
DEMO_ANNULLED = "az-cotton-yarn"
DEMO_DOUBTED = "by-houses"
DEMO_REPLACED = "by-cattle"


@dataclass(frozen=True, slots=True)
class Cleared:
    """A declaration on its way: a row of the second table."""

    name: str
    number: str
    outcome: str
    differences: str
    used: str


def clear(play: Play, name: str) -> Cleared:
    """Compare a declaration with its certificate, use what is covered, see the use reported back."""
    wanted = play.script.declarations[name]
    plain = play.script.declaration(name, play.given)
    api = play.parties[name[:2].upper()]
    exporter = play.importer_of(name[:2].upper())
    quoted = plain["certificate"]
    body = {"number": quoted["number"], "date": quoted["date"], "declaration": plain}
    found = api.post("customs", "/api/checks", body)
    play.expect(f"{name}: status", found["status"], "valid")
    cells = _differences(found["comparison"])
    gravest = max((grade for _, _, grade in cells), key=GRAVITY.index, default="same")
    play.expect(f"{name}: outcome", gravest, wanted["outcome"])
    expected = sorted((d["item"], d["field"], d["grade"]) for d in wanted["differences"])
    play.expect(f"{name}: differences", sorted(cells), expected)
    _hold_amounts(play, name, found["comparison"]["items"], wanted["use"])
    used = _use(play, api, plain, wanted["use"])
    if used:
        _await_report(play, exporter, quoted["number"], plain)
    words = ", ".join(f"{field}: {grade}" for _, field, grade in cells) or "none"
    return Cleared(name, quoted["number"], gravest, words, used)


def _differences(comparison: Any) -> list[tuple[int, str, str]]:
    """(item, field, grade) of every difference; item 0 is the declaration as a whole."""
    cells = [(0, cell) for cell in comparison["cells"]]
    cells += [(item["certificate_item"] or 0, cell) for item in comparison["items"] for cell in item["cells"]]
    return [
        (item, cell["field"], cell["grade"])
        for item, cell in cells
        if cell["grade"] not in ("same", "not comparable")
    ]


def _hold_amounts(play: Play, name: str, items: list[Any], wanted: list[Any]) -> None:
    by_item = {item["certificate_item"]: item for item in items}
    for line in wanted:
        found = by_item[line["item"]]
        play.expect(f"{name}: covered of item {line['item']}", found["covered"], line["covered"])
        play.expect(f"{name}: beyond item {line['item']}", found["excess"], line["uncovered"])


def _use(play: Play, api: Api, plain: Any, wanted: list[Any]) -> str:
    """Use the covered quantities; once more to see that it counts once; more than is left to see it refused."""
    if not wanted:
        return ""
    quoted = plain["certificate"]
    units = {item["certificate_item"]: item["quantity"]["unit"] for item in plain["items"]}
    lines = [{"item": w["item"], "quantity": w["covered"], "unit": units[w["item"]]} for w in wanted]
    body = {
        "number": quoted["number"], "date": quoted["date"], "declaration": plain["number"],
        "office": plain["office"], "registered": plain["registered"], "lines": lines,
    }  # fmt: skip
    balances = api.post("customs", "/api/uses", body)["balances"]
    play.expect(f"{plain['number']}: used once", api.post("customs", "/api/uses", body)["balances"], balances)
    again = body | {
        "declaration": f"{plain['number']}-again",
        "lines": [lines[0] | {"quantity": "999999999"}],
    }
    play.refused(
        f"{plain['number']}: beyond", "beyond-certified", lambda: api.post("customs", "/api/uses", again)
    )
    return ", ".join(f"{b['used']} {b['unit']} ({b['left']} left)" for b in balances)


def _await_report(play: Play, exporter: Api, number: str, plain: Any) -> None:
    """The exporting side sees the use."""

    def reported() -> bool:
        uses = exporter.get("officer", f"/api/certificates/{number}")["uses"]
        return any(use["declaration"].endswith(plain["number"]) for use in uses)

    play.wait_for(f"use of {number} reported back", reported)


def doubt(play: Play) -> str:
    """A verification request and its reply: authentic, originating, closed."""
    given = play.given[DEMO_DOUBTED]
    party = DEMO_DOUBTED[:2].upper()
    exporter, importer = play.parties[party], play.importer_of(party)
    body = {
        "number": given.number, "date": given.dated, "ground": "description",
        "words": "The goods shown are garden furniture; are the houses certified the goods that were sent?",
    }  # fmt: skip
    asked = importer.post("customs", "/api/inquiries", body)
    found: dict[str, Any] = {}

    def arrived() -> bool:
        found["inquiries"] = exporter.get("officer", f"/api/certificates/{given.number}")["inquiries"]
        return bool(found["inquiries"])

    play.wait_for("the request arrives", arrived)
    reply = {
        "authentic": "yes", "data": "no", "items": [{"item": 1, "originating": "yes"}],
        "explanation": "The certificate is ours and the houses originate; the garden furniture is not covered by it.",
    }  # fmt: skip
    exporter.post("officer", f"/api/inquiries/{found['inquiries'][0]['id']}/reply", reply)
    play.wait_for(
        "the reply arrives",
        lambda: importer.get("customs", f"/api/inquiries/{asked['id']}")["state"] == "answered",
    )
    return f"{given.number}: asked by {importer.server.code}, due {asked['deadline']}, answered by {party}"


def annul(play: Play) -> str:
    """An annulment reaches the partner, and the certificate can no longer be used there."""
    given = play.given[DEMO_ANNULLED]
    party = DEMO_ANNULLED[:2].upper()
    exporter, importer = play.parties[party], play.importer_of(party)
    body = {"reason": "the expert act was withdrawn", "effect": "from the start"}
    status = exporter.post("officer", f"/api/certificates/{given.number}/annulment", body)["status"]
    play.expect("annulled", status, "annulled")
    _await_status(play, importer, given.number, given.dated, "annulled")
    use = {
        "number": given.number, "date": given.dated, "declaration": "BY-DEMO-00999/2026", "office": "Minsk",
        "registered": given.dated, "lines": [{"item": 1, "quantity": "1", "unit": "kg"}],
    }  # fmt: skip
    play.refused(
        "use of an annulled certificate", "not-valid", lambda: importer.post("customs", "/api/uses", use)
    )
    return f"{given.number}: annulled by {party}, seen so by {importer.server.code}, use refused there"


def replace(play: Play) -> str:
    """A replacement from a corrected application takes the certificate's place on both sides."""
    given = play.given[DEMO_REPLACED]
    party = DEMO_REPLACED[:2].upper()
    exporter, importer = play.parties[party], play.importer_of(party)
    plain = play.script.application(f"{DEMO_REPLACED}.yaml", play.given)
    corrected = plain | {
        "reference": f"{plain['reference']}-corrected",
        "remarks": ["consignee's address corrected"],
    }
    id = exporter.post("exporter", "/api/applications", corrected)["id"]
    issued = exporter.post("officer", f"/api/certificates/{given.number}/replacement", {"application": id})
    play.given[corrected["reference"]] = Given(issued["number"], issued["date"])
    await_receipt(play, exporter, issued["number"])
    _await_status(play, importer, given.number, given.dated, "replaced")
    found = importer.get("customs", "/api/checks", number=issued["number"], date=issued["date"])
    play.expect("the replacement", found["status"], "valid")
    return f"{given.number} replaced by {issued['number']} of {party}, on both sides"


def _await_status(play: Play, importer: Api, number: str, dated: str, status: str) -> None:
    play.wait_for(
        f"{number} {status} at the partner",
        lambda: importer.get("customs", "/api/checks", number=number, date=dated)["status"] == status,
    )


def not_found(play: Play) -> None:
    """A number nobody issued, and a wrong date, are told apart from each other."""
    api = play.parties["AZ"]
    given = play.given[DEMO_DOUBTED]
    play.refused(
        "unknown",
        "not-found",
        lambda: api.get("customs", "/api/checks", number="BYAZ6101999999", date=given.dated),
    )
    play.refused(
        "wrong date",
        "date-differs",
        lambda: api.get("customs", "/api/checks", number=given.number, date="2020-01-01"),
    )
