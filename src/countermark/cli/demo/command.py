"""The demo from beginning to end."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from countermark.adapters.founding import FoundingRefused
from countermark.cli.demo import bulk, clearing, proof
from countermark.cli.demo.acts import Play, Unverified, certify, open_corridor
from countermark.cli.demo.api import Api, Refused
from countermark.cli.demo.script import EXAMPLES, NoExamples, read_script
from countermark.cli.demo.servers import Server, ServerFailed, found_both
from countermark.cli.demo.show import Stage
from countermark.cli.exits import Exit, Stop


@click.command()
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path),
    help="Where to put the two parties [a new temporary folder].",
)
@click.option(
    "--certificates", type=click.IntRange(0, 100_000), default=0, help="Issue so many more, over HTTP."
)
@click.option("--serve", is_flag=True, help="Leave the servers running at the end, until Ctrl-C.")
@click.option(
    "--examples",
    type=click.Path(path_type=Path, file_okay=False),
    default=EXAMPLES,
    help="Another folder of examples.",
)
def demo_command(folder: Path | None, certificates: int, serve: bool, examples: Path) -> None:
    """Two countries certify, exchange, check, use and answer, on this machine; every step is verified."""
    home = folder or Path(tempfile.mkdtemp(prefix="countermark-demo-"))
    stage = Stage()
    try:
        script = read_script(examples)
        stage.say(f"Belarus and Azerbaijan, each with its own keys, database and server, in {home}")
        with running(home) as servers:
            parties = {code: Api.to(server) for code, server in servers.items()}
            for code, server in servers.items():
                stage.say(f"  {code}  {server.url}  log {code.lower()}.countermark.example/log/1", "dim")
            play = Play(script, parties, tell=lambda _: None)
            fallen = _play(play, stage, certificates)
            proof.fetch_files(play)
            if serve:
                _leave_open(stage, servers)
        _prove(play, stage, fallen)
    except (NoExamples, FoundingRefused) as error:
        raise Stop(str(error)) from error
    except (Unverified, Refused, ServerFailed) as error:
        stage.ending(False, f"Not verified: {error}\nWhat was made stands in {home}.")
        raise SystemExit(Exit.OUR_FAILURE) from error
    _say_how_to_go_on(stage, play, home)


@contextmanager
def running(home: Path) -> Iterator[dict[str, Server]]:
    """Both servers, ended at the end whatever happens."""
    servers = found_both(home)
    try:
        for server in servers.values():
            server.ensure()
        yield servers
    finally:
        for server in servers.values():
            server.stop()


def _play(play: Play, stage: Stage, certificates: int) -> set[str]:
    """Every act; returns the numbers that no longer stand."""
    open_corridor(play)
    stage.heading("Certifying: apply, determine, issue, log, receive, cosign")
    with stage.certifying() as live:
        play.tell = lambda line: stage.tell(line, live)
        for name in play.script.applications:
            certify(play, name)
    stage.console.print()
    stage.say(
        "A number means: issued, in the log, received by the partner, whose witness cosigned it.", "dim"
    )
    if certificates:
        with stage.progress("issuing more", certificates) as progress:
            bulk.issue_many(play, certificates, lambda: progress.advance(progress.task_ids[0]))
        bulk.await_all_received(play)
    stage.heading("Clearing: check against the declaration, use, report back")
    with stage.progress("declarations", len(play.script.declarations)) as progress:
        rows = []
        for name in play.script.declarations:
            rows.append(clearing.clear(play, name))
            progress.advance(progress.task_ids[0])
    stage.cleared(rows)
    stage.heading("Doubt, annulment, replacement")
    clearing.not_found(play)
    for act in (clearing.doubt, clearing.annul, clearing.replace):
        stage.say(f"  {act(play)}")
    return {play.given[name].number for name in (clearing.DEMO_ANNULLED, clearing.DEMO_REPLACED)}


def _prove(play: Play, stage: Stage, fallen: set[str]) -> None:
    stage.heading("Proof: from files, with the servers stopped")
    for words in (*proof.check_logs(play), *proof.check_files(play, fallen)):
        stage.say(f"  {words}")
    stage.console.print()
    stage.ending(True, f"{play.verified} steps verified")


def _leave_open(stage: Stage, servers: dict[str, Server]) -> None:
    stage.heading("The servers stay open; Ctrl-C ends them")
    for code, server in servers.items():
        stage.say(f"  {code}  {server.url}  access tokens in {server.folder / 'tokens.json'}")
    try:
        for server in servers.values():
            if server.process is not None:
                server.process.wait()
    except KeyboardInterrupt:
        stage.say("")


def _say_how_to_go_on(stage: Stage, play: Play, home: Path) -> None:
    given = next(g for g in play.given.values() if g.number.startswith("BY"))
    folder = home / "by-certificates"
    stage.say("\nLook closer:", "bold")
    stage.say(
        f"  countermark verify {folder / given.number}.cose --bundle {folder / 'bundle.cose'} --roots {home / 'by/roots.json'}"
    )
    stage.say(f"  countermark log check {home / 'by'}")
    stage.say(f"  countermark corridor status {home / 'by'}")
