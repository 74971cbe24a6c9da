"""The main job, act by act: every answer of the servers is held against what must come of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from time import sleep
from typing import Any

from countermark.cli.demo.api import Api, Refused
from countermark.cli.demo.script import Given, Script

WAIT_SECONDS = 60
PAUSE = 0.1


class Unverified(AssertionError):
    """A step did not come out as it must."""


@dataclass(slots=True)
class Line:
    """One example on its way: a row of the table."""

    name: str
    party: str
    goods: str
    came_to: str = ""
    box9: str = ""
    number: str = ""


@dataclass(slots=True)
class Play:
    """The state of a run: the certificates given so far, by the reference of their application."""

    script: Script
    parties: dict[str, Api]
    tell: Callable[[Line], None]
    """Called when a line has got on."""
    given: dict[str, Given] = field(default_factory=dict)
    verified: int = 0

    def expect(self, what: str, found: object, wanted: object) -> None:
        """Count a verified step. Raises Unverified."""
        if found != wanted:
            raise Unverified(f"{what}: {found!r}, but must be {wanted!r}")
        self.verified += 1

    def refused(self, what: str, code: str, call: Callable[[], object]) -> Refused:
        """The call must be refused with this code."""
        try:
            call()
        except Refused as refused:
            self.expect(what, refused.code, code)
            return refused
        raise Unverified(f"{what}: was accepted, but must be refused as {code}")

    def wait_for(self, what: str, ready: Callable[[], bool]) -> None:
        """What happens by itself must happen soon, with both servers running. Raises Unverified."""
        for _ in range(int(WAIT_SECONDS / PAUSE)):
            for api in self.parties.values():
                api.server.ensure()
            if ready():
                self.verified += 1
                return
            sleep(PAUSE)
        raise Unverified(f"{what}: not within {WAIT_SECONDS} seconds")

    def importer_of(self, party: str) -> Api:
        return self.parties["AZ" if party == "BY" else "BY"]


def open_corridor(play: Play) -> None:
    """Both witnesses have cosigned the other's first checkpoint: from here on every time of signing can be proved."""
    for code, api in play.parties.items():
        play.wait_for(f"the log of {code} is cosigned", partial(_cosigned, api))


def _cosigned(api: Api) -> bool:
    return api.checkpoint().count("\N{EM DASH} ") > 1


def certify(play: Play, name: str) -> Line:
    """Apply, determine, state the rule where the list has a gap, issue, be received; or be refused for the right reason."""
    wanted = play.script.applications[name]
    plain = play.script.application(name, play.given)
    party = name[:2].upper()
    api = play.parties[party]
    line = Line(name, party, str(plain["goods"][0]["description"]))
    play.tell(line)
    refusal = wanted.get("refusal", {})
    if refusal.get("at") == "reading":
        refused = play.refused(
            name, "application-fields", lambda: api.post("exporter", "/api/applications", plain)
        )
        play.expect(f"{name}: field", refused.details[0].split(":")[0], refusal["path"])
        line.came_to = "refused at reading: " + refusal["path"]
        play.tell(line)
        return line
    id = api.post("exporter", "/api/applications", plain)["id"]
    play.expect(f"{name}: applied twice", api.post("exporter", "/api/applications", plain)["id"], id)
    found = api.post("officer", f"/api/applications/{id}/determination", {})["goods"]
    _hold(play, name, found, wanted["goods"], ("verdict", "box9", "country", "criterion"))
    _hold_questions(play, name, found, wanted["goods"])
    line.came_to = _short(found)
    line.box9 = " ".join(sorted({good["box9"] for good in found if good["box9"]}))
    play.tell(line)
    if wanted["kind"] == "undetermined-then-stated":
        _state(play, name, api, id, line)
    _issue_or_refuse(play, api, id, line, refusal)
    play.tell(line)
    return line


def _hold(play: Play, name: str, found: list[Any], wanted: list[Any], keys: tuple[str, ...]) -> None:
    for good, expected in zip(found, wanted, strict=True):
        for key in keys:
            if key in expected:
                play.expect(f"{name}: {key} of item {expected.get('item')}", good[key], expected[key])


def _hold_questions(play: Play, name: str, found: list[Any], wanted: list[Any]) -> None:
    for good, expected in zip(found, wanted, strict=True):
        asked = [question["id"] for question in good["questions"]]
        play.expect(f"{name}: questions on item {expected['item']}", asked, expected["questions"])


def _short(found: list[Any]) -> str:
    """The verdict over all goods, with the reason that the engine gives for the good it hangs on."""
    order = ("not originating", "undetermined", "originating")
    good = min(found, key=lambda good: order.index(good["verdict"]))
    return f"{good['verdict']}: {good['reason']}"


def _state(play: Play, name: str, api: Api, id: str, line: Line) -> None:
    """The officer states the rule that the list's data lacks, with its citation, and decides under it."""
    play.refused(f"{name}: issue before the rule", "undetermined", lambda: _issue(api, id))
    wanted = play.script.applications[name]["goods"]
    found: list[Any] = []
    for good in wanted:
        stated = good["after_statement"]
        body = {"item": good["item"], "rule": stated["rule"], "citation": stated["citation"]}
        found = api.post("officer", f"/api/applications/{id}/rules", body)["goods"]
    after = [good["after_statement"] for good in wanted]
    _hold(play, name, found, after, ("verdict", "box9", "country", "criterion"))
    line.came_to = f"no row read; by the rule the officer states, {_short(found)}"
    line.box9 = " ".join(sorted({good["box9"] for good in found if good["box9"]}))
    play.tell(line)


def _issue(api: Api, id: str) -> Any:
    return api.post("officer", f"/api/applications/{id}/certificate", {})


def _issue_or_refuse(play: Play, api: Api, id: str, line: Line, refusal: dict[str, str]) -> None:
    wanted = play.script.applications[line.name]
    goods = [good.get("after_statement", good) for good in wanted["goods"]]
    verdicts = {good["verdict"] for good in goods}
    code = refusal.get("code") or _why_not(verdicts)
    if code:
        play.refused(f"{line.name}: issue", code, lambda: _issue(api, id))
        if code not in ("not-originating", "undetermined"):
            line.came_to += f"; issue refused: {code}"
        return
    issued = _issue(api, id)
    play.expect(f"{line.name}: issued twice", _issue(api, id)["number"], issued["number"])
    play.given[line.name.removesuffix(".yaml")] = Given(issued["number"], issued["date"])
    await_receipt(play, api, issued["number"])
    line.number = issued["number"]


def _why_not(verdicts: set[str]) -> str:
    if "not originating" in verdicts:
        return "not-originating"
    return "undetermined" if "undetermined" in verdicts else ""


def await_receipt(play: Play, api: Api, number: str) -> None:
    """In the log, and covered by the partner's ``received``."""
    play.wait_for(
        f"{number} received by the partner",
        lambda: api.get("officer", f"/api/certificates/{number}")["received"] is True,
    )
