"""The references of commands and routes say what there is: each option, route, method, role and code, and no other."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import pytest
from django.test import RequestFactory

from countermark.cli.main import COMMANDS, countermark
from countermark.desk.server import server
from countermark.desk.urls import urlpatterns

ROOT = Path(__file__).parents[2]
COMMANDS_PAGE = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
HTTP_PAGE = (ROOT / "docs/reference/http.md").read_text(encoding="utf-8")


def commands() -> dict[str, click.Command]:
    """Every command that can be typed, by its words."""
    found: dict[str, click.Command] = {}
    context = click.Context(countermark)
    for name in COMMANDS:
        command = countermark.get_command(context, name)
        assert command is not None
        inner = command.commands if isinstance(command, click.Group) else {}
        found |= {f"{name} {each}": sub for each, sub in inner.items()} or {name: command}
    return found


def sections() -> dict[str, str]:
    parts = re.split(r"^## (.+)\n", COMMANDS_PAGE, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_command_is_described_and_no_other():
    assert set(sections()) == set(commands())


@pytest.mark.parametrize("name", sorted(sections()))
def test_every_option_and_argument_is_described_and_no_other(name):
    section, command = sections()[name], commands()[name]
    described = set(re.findall(r"^\| `(--[a-z-]+)` \|", section, re.MULTILINE))
    options = {p.opts[0] for p in command.params if isinstance(p, click.Option)}
    assert described == options
    usage = re.search(rf"^`countermark {re.escape(name)}(.*)`$", section, re.MULTILINE)
    assert usage is not None
    arguments = [p.human_readable_name for p in command.params if isinstance(p, click.Argument)]
    assert [word for word in usage[1].split() if word in arguments] == arguments
    assert re.search(r"^Exit codes: ", section, re.MULTILINE)


def test_options_that_are_needed_say_so():
    for name, command in commands().items():
        for option in command.params:
            if isinstance(option, click.Option):
                line = re.search(rf"^\| `{option.opts[0]}` \| (.*) \|$", sections()[name], re.MULTILINE)
                assert line is not None
                assert line[1].startswith("needed") == option.required, (name, option.opts)


def routes() -> dict[str, tuple[set[str], set[str]]]:
    """Methods and roles of each route described."""
    rows = re.findall(r"^\| `(/[^`]*)` \| ([A-Z, ]+) \| ([a-z,; ]+) \|", HTTP_PAGE, re.MULTILINE)
    return {
        route: (set(methods.split(", ")), set(re.split("[,;] ", roles))) for route, methods, roles in rows
    }


def patterns() -> dict[str, object]:
    return {"/" + re.sub(r"<\w+:(\w+)>", r"<\1>", str(p.pattern)): p.callback for p in urlpatterns}


def arguments(route: str) -> dict[str, str]:
    return dict.fromkeys(re.findall(r"<(\w+)>", route), "0")


def test_every_route_is_described_and_no_other():
    assert set(routes()) == set(patterns())


def test_every_route_takes_the_methods_described():
    for route, view in patterns().items():
        answer = view(RequestFactory().generic("TRACE", "/"), **arguments(route))
        assert answer.status_code == 405
        told = json.loads(answer.content)["error"]["sentence"]
        assert set(re.findall("GET|POST", told)) == routes()[route][0], route


@pytest.fixture
def tokens(parties, monkeypatch):
    """The served party's tokens, by role."""
    monkeypatch.setenv("COUNTERMARK_PARTY", str(parties.by))
    server.cache_clear()
    yield json.loads((parties.by / "tokens.json").read_bytes())
    server().close()
    server.cache_clear()


def test_every_route_lets_in_the_roles_described(tokens):
    for route, view in patterns().items():
        methods, roles = routes()[route]
        for role, token in {**tokens, "anyone": ""}.items():
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            for method in methods:
                request = RequestFactory().generic(method, "/", headers=headers)
                let_in = view(request, **arguments(route)).status_code not in (401, 403)
                assert let_in == (role in roles or "anyone" in roles), (route, method, role)


def test_entry_bundles_are_for_partners(tokens):
    view = patterns()["/log/<path>"]
    request = RequestFactory().get("/log/tile/entries/000.p/1")
    assert view(request, path="tile/entries/000.p/1").status_code == 401


def test_every_code_of_the_verbs_is_described():
    described = set(re.findall(r"`([a-z][a-z-]+)`", HTTP_PAGE.split("## Errors")[1]))
    raised = set()
    for room in ("casework", "desk"):
        for path in (ROOT / "src/countermark" / room).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            raised |= set(re.findall(r"(?:Refusal|Denied|error)\(\s*(?:\d+,\s*)?\"([a-z-]+)\"", text))
    assert raised <= described
