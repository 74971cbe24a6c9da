"""The log's static files in a local folder: staged by content hash, then renamed to their final names.

Every write is durable before it returns: the file is synchronised, renamed, and its folder synchronised. A crash
between any two steps leaves either the old file or the new one, never a part of one.
"""

from __future__ import annotations

import hashlib
import os
import threading
from contextlib import suppress
from pathlib import Path


def write_durably(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Replace ``path`` at once and durably."""
    part = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def user_folder() -> Path:
    """Where this user's pins, and by default his agreements, are kept."""
    named = os.environ.get("COUNTERMARK_HOME")
    return Path(named) if named else Path.home() / ".config" / "countermark"


class FileTiles:
    """Tiles in ``folder``; ``stage`` beside it is on the same file system, so a rename is atomic."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.staging = folder.parent / "stage"
        folder.mkdir(parents=True, exist_ok=True)
        self.staging.mkdir(parents=True, exist_ok=True)

    def stage(self, data: bytes) -> str:
        name = hashlib.sha256(data).hexdigest()
        target = self.staging / name
        if not target.exists():
            write_durably(target, data)
        return name

    def install(self, path: str, staged: str) -> None:
        final = self.folder / path
        final.parent.mkdir(parents=True, exist_ok=True)
        # Not asked first: another process may give it its name between the question and the answer.
        with suppress(FileNotFoundError):
            (self.staging / staged).replace(final)
            _sync_folder(final.parent)

    def read(self, path: str) -> bytes | None:
        try:
            return (self.folder / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None

    def remove(self, path: str) -> None:
        (self.folder / path).unlink(missing_ok=True)

    def publish(self, path: str, data: bytes) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        write_durably(target, data)
