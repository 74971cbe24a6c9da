"""What this user trusts and has seen: pinned root key sets, and the newest bundle used of each log.

In the folder named by ``COUNTERMARK_HOME``, or else ``~/.config/countermark``. A pinned file stands under its
fingerprint; a file that does not give the fingerprint in its name is refused, never used.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from countermark.adapters.files import write_durably
from countermark.trust.errors import TrustError
from countermark.trust.report import Seen
from countermark.trust.roots import Roots, fingerprint, read_roots, write_roots

PRIVATE = 0o600


class PinError(TrustError):
    """Pins that cannot be read or kept; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Pins:
    """The pins in one folder."""

    folder: Path

    def add(self, roots: Roots, expected: str) -> None:
        """Pin a root set whose fingerprint was compared over another channel; ``PinError`` if it differs."""
        found = fingerprint(roots)
        if found != expected.replace(":", "").replace(" ", "").lower():
            raise PinError(
                "pin-fingerprint",
                f"The roots of {roots.party} have the fingerprint {found}, not the one you gave. "
                "Ask the party for it again, over another channel than the file came by.",
            )
        place = self.folder / "roots"
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_durably(place / f"{found}.json", write_roots(roots).encode(), PRIVATE)

    def roots(self) -> tuple[Roots, ...]:
        """Every pinned root set, by party; ``PinError`` if a file was altered."""
        found = []
        for path in sorted((self.folder / "roots").glob("*.json")):
            try:
                each = read_roots(path.read_bytes())
            except (TrustError, OSError) as error:
                raise PinError("pin-unreadable", f"{path} cannot be used: {error}") from error
            if len(each) != 1 or fingerprint(each[0]) != path.stem:
                raise PinError(
                    "pin-altered", f"{path} was altered. Remove it and pin the party's roots again."
                )
            found.append(each[0])
        return tuple(sorted(found, key=lambda roots: roots.party))

    def seen(self) -> Mapping[str, Seen]:
        """The newest bundle used of each log, by its verifier key; ``PinError`` if the record was damaged."""
        path = self.folder / "seen.json"
        try:
            return {
                log: Seen(int(size), int(made)) for log, (size, made) in json.loads(path.read_bytes()).items()
            }
        except FileNotFoundError:
            return {}
        except (ValueError, TypeError, AttributeError, OSError) as error:
            raise PinError(
                "pin-seen", f"{path} cannot be read: {error}. Restore it from a backup."
            ) from error

    def saw(self, log: str, size: int, made_at: int) -> None:
        """Remember a proven bundle, unless a newer one is remembered."""
        seen = dict(self.seen())
        known = seen.get(log)
        if known and (known.size >= size or known.made_at >= made_at):
            size, made_at = max(size, known.size), max(made_at, known.made_at)
        if known == Seen(size, made_at):
            return
        seen[log] = Seen(size, made_at)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        plain = {name: [each.size, each.made_at] for name, each in sorted(seen.items())}
        write_durably(self.folder / "seen.json", json.dumps(plain, indent=2).encode(), PRIVATE)
