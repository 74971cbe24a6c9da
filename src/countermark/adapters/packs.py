"""Agreements from packs on disk: ``agreement.toml`` and ``rules.jsonl`` become one ``Agreement``, or errors.

Reading is strict: an unknown key, a value without its citation, a code or an expression that cannot be read
is an error with its place. A pack with an error is never used. The format is in docs/reference/agreement.md.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path

from countermark.adapters.files import user_folder
from countermark.adapters.packreader import read_rows, read_terms
from countermark.adapters.packsheet import PackError, Problems, Sheet
from countermark.rules.agreement import Agreement

__all__ = [
    "PackError",
    "PackReading",
    "available",
    "load_agreement",
    "locate",
    "own_folder",
    "read_pack",
    "shipped",
]

FOLDER_VARIABLE = "COUNTERMARK_AGREEMENTS"
"""Names the user's own folder of packs; one folder a pack, its name the agreement's id."""


def own_folder(folder: Path | None = None) -> Path:
    """The user's own folder of packs: as given, else ``$COUNTERMARK_AGREEMENTS``, else beside the user's pins."""
    named = os.environ.get(FOLDER_VARIABLE)
    return folder or (Path(named) if named else user_folder() / "agreements")


@dataclass(frozen=True, slots=True)
class PackReading:
    """What a pack says: its agreement, or every reason why it is none."""

    agreement: Agreement | None
    errors: tuple[PackError, ...]


def _shipped_folder() -> Path:
    return Path(str(files("countermark.rules"))) / "agreements"


def _packs_in(folder: Path) -> list[str]:
    return (
        sorted(path.parent.name for path in folder.glob("*/agreement.toml") if path.parent.name[0] != ".")
        if folder.is_dir()
        else []
    )


def shipped() -> list[str]:
    """Ids of the agreements that come with the package."""
    return _packs_in(_shipped_folder())


def available(folder: Path | None = None) -> dict[str, Path]:
    """Every pack that can be named by id: those shipped, then those of the user's folder.

    Law is not shadowed silently: a pack of the user's with a shipped id can only be named by its path.
    """
    own = own_folder(folder)
    return {name: own / name for name in _packs_in(own)} | {
        name: _shipped_folder() / name for name in shipped()
    }


def locate(id_or_path: str | Path, folder: Path | None = None) -> Path:
    """The folder of a pack, by id or by path. Raises ``PackError`` ``no-such-pack``."""
    known = available(folder)
    if str(id_or_path) in known:
        return known[str(id_or_path)]
    path = Path(id_or_path)
    if (path / "agreement.toml").is_file():
        return path
    sentence = f"there is no agreement.toml here; give a folder, or one of: {', '.join(sorted(known))}."
    raise PackError("no-such-pack", sentence, str(id_or_path))


def load_agreement(
    id_or_path: str | Path, on: date | None = None, *, folder: Path | None = None
) -> Agreement:
    """The agreement of a pack, in the edition in force on a date.

    Raises ``PackError``: the first error of the pack, or ``no-edition`` if it is not in force on that date.
    """
    reading = read_pack(locate(id_or_path, folder))
    if reading.agreement is None:
        raise reading.errors[0]
    agreement = reading.agreement
    until = agreement.valid_until
    if on is not None and (on < agreement.valid_from or (until is not None and on > until)):
        raise PackError(
            "no-edition",
            f"the pack holds the edition of {agreement.edition}, in force from {agreement.valid_from}"
            + (f" until {until}" if until else "")
            + f", not on {on}: use a pack with the edition of that day.",
            agreement.id,
        )
    return agreement


def read_pack(folder: Path) -> PackReading:
    """Read a pack whole, collecting its errors. Raises ``PackError`` ``unreadable`` if that fails."""
    problems = Problems()
    try:
        table = tomllib.loads(_text(folder / "agreement.toml"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise PackError("unreadable", f"this is not TOML: {error}.", "agreement.toml") from None
    rows = read_rows(_text(folder / "rules.jsonl"), problems)
    agreement = read_terms(Sheet(table, "", problems), rows)
    return PackReading(None if problems.found else agreement, tuple(problems.found))


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except OSError:
        raise PackError("unreadable", "this file cannot be opened: a pack needs it.", path.name) from None
    except UnicodeDecodeError:
        raise PackError("unreadable", "this file is not UTF-8: save it as UTF-8.", path.name) from None
