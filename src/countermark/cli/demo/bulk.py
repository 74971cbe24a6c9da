"""More certificates than the examples give: copies of those that can be issued, from both sides in turn."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle, islice

from countermark.cli.demo.acts import Play
from countermark.cli.demo.script import Given


def issue_many(play: Play, count: int, advance: Callable[[], object]) -> None:
    """Apply for and issue ``count`` certificates over HTTP, one after the other."""
    plays = [
        name
        for name, entry in play.script.applications.items()
        if entry["kind"] == "issue" and not entry.get("needs")
    ]
    for n, name in enumerate(islice(cycle(plays), count), 1):
        api = play.parties[name[:2].upper()]
        reference = f"bulk-{n}"
        plain = play.script.application(name, play.given) | {"reference": reference}
        id = api.post("exporter", "/api/applications", plain)["id"]
        issued = api.post("officer", f"/api/applications/{id}/certificate", {})
        play.given[reference] = Given(issued["number"], issued["date"])
        play.verified += 1
        advance()


def await_all_received(play: Play) -> None:
    """Every certificate given so far is covered by the partner's ``received``. Raises Unverified."""
    waiting = {given.number for given in play.given.values()}

    def all_received() -> bool:
        waiting.difference_update([number for number in waiting if _received(play, number)])
        return not waiting

    play.wait_for("all certificates received by the partner", all_received)


def _received(play: Play, number: str) -> bool:
    state = play.parties[number[:2]].get("officer", f"/api/certificates/{number}")
    return bool(state["received"])
