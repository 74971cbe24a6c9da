"""Open a party's database as a Django connection alias: SQLite in the party's folder, or PostgreSQL by URL."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.management import call_command
from django.db import connections

SQLITE_START = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON"


class DatabaseRefused(ValueError):
    """The database URL cannot be used."""

    code = "database-url"


def open_database(folder: Path, url: str) -> str:
    """The alias of this party's database; two parties may be open in one process. Raises DatabaseRefused."""
    alias = str(folder.resolve())
    if alias not in connections.settings:
        connections.settings[alias] = _options(folder, url)
        connections.settings = connections.configure_settings(connections.settings)
    return alias


def create_tables(alias: str) -> None:
    """Bring the schema to this release's; nothing happens when it is there."""
    call_command("migrate", database=alias, verbosity=0, interactive=False)


def _options(folder: Path, url: str) -> dict[str, object]:
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(folder / "party.sqlite3"),
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": SQLITE_START, "timeout": 30},
            "CONN_MAX_AGE": None,
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise DatabaseRefused(
            f"The database URL begins with {parts.scheme!r}: write postgresql://user@host/name, or leave it out for SQLite."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
    }
