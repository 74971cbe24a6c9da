"""An installed PostgreSQL, started in a temporary folder for one test run and ended by its own process id."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from time import sleep

USER = "countermark"
UNPRIVILEGED = ("postgres", "nobody")
START_SECONDS = 30


class NotInstalled(Exception):
    """There is no PostgreSQL server on this machine."""


def _program(name: str) -> Path:
    newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    found = newest[0] if newest else shutil.which(name)
    if found is None:
        raise NotInstalled(f"PostgreSQL's {name} is not installed here")
    return Path(found)


@dataclass
class PostgresqlServer:
    """Answers on loopback only, keeps nothing: no write is synchronised."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="cm-pg-")))
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    made: int = 0

    def start(self) -> None:
        """Raises NotInstalled, or whatever keeps an installed server from starting."""
        initdb, postgres = _program("initdb"), _program("postgres")
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        owner = self._give_away()
        cluster = self.folder / "cluster"
        made = [*owner, str(initdb), "-D", str(cluster), "-A", "trust", "-U", USER, "-E", "UTF8"]
        subprocess.run([*made, "--locale=C", "--no-sync"], check=True, capture_output=True, cwd="/")
        options = {"port": self.port, "listen_addresses": "127.0.0.1", "fsync": "off", "max_connections": 60,
                   "unix_socket_directories": self.folder, "shared_buffers": "32MB"}  # fmt: skip
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        with (self.folder / "server.log").open("wb") as log:
            self.process = subprocess.Popen(
                [*owner, str(postgres), "-D", str(cluster), *settings], stdout=log, stderr=log, cwd="/"
            )
        self._await()

    def _give_away(self) -> list[str]:
        """PostgreSQL refuses to run as root: the words that run it as somebody else, who gets the folder."""
        if os.geteuid() != 0:
            return []
        import pwd

        name = next(name for name in UNPRIVILEGED if any(name == entry.pw_name for entry in pwd.getpwall()))
        user = pwd.getpwnam(name)
        os.chown(self.folder, user.pw_uid, user.pw_gid)
        ids = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        return ["setpriv", *ids, "--pdeathsig=INT", "--"]

    def _await(self) -> None:
        import psycopg

        for _ in range(START_SECONDS * 20):
            assert self.process is not None
            if self.process.poll() is not None:
                break
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                sleep(0.05)
        raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'server.log').read_text()[-2000:]}")

    def url(self, database: str) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def database(self, template: str = "template1") -> str:
        """The URL of a new database, empty or a copy of another."""
        import psycopg

        self.made += 1
        name = f"party_{self.made}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept
            self.process.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)
