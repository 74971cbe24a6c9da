"""The HS codes shipped with the package, and those of other editions that the user imported."""

from __future__ import annotations

import csv
import gzip
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from countermark.adapters.files import write_durably
from countermark.goods.hs import HSEdition

SHIPPED_EDITION = 2022
_FOLDER = "hs"
_LENGTHS = {"2": 2, "4": 4, "6": 6}
_NATIONAL = ("98", "99")
"""Chapters that some files add for goods not classified; they are not of the HS."""


class NomenclatureError(Exception):
    """A file of codes that cannot be used; the sentence says what to do."""


@lru_cache(maxsize=1)
def hs_2022() -> HSEdition:
    """The Harmonized System of 2022: 96 chapters, 1,228 headings, 5,612 subheadings."""
    text = files("countermark.goods").joinpath("hs2022.txt").read_text(encoding="utf-8")
    return _edition(SHIPPED_EDITION, text)


def hs_edition(year: int, folder: Path | None) -> HSEdition | None:
    """The codes of an edition: shipped, or imported into the user's folder of agreements; ``None`` if not at hand.

    Raises ``NomenclatureError`` if the file in the folder is not one that ``import_editions`` wrote.
    """
    if year == SHIPPED_EDITION:
        return hs_2022()
    path = folder / _FOLDER / f"{year}.txt" if folder else None
    if path is None or not path.is_file():
        return None
    try:
        return _edition(year, path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValueError):
        raise NomenclatureError(f"{path} cannot be read: import the edition again.") from None


def import_editions(source: Path, folder: Path) -> Mapping[int, HSEdition]:
    """Take the editions of a file (``edition,code,level,description``; plain or gzip) into the user's folder.

    The shipped edition stays as it is. Raises ``NomenclatureError``, with the line, before anything is written.
    """
    codes: dict[int, set[str]] = {}
    for year, code in _listed(source):
        codes.setdefault(year, set()).add(code)
    found = {
        year: HSEdition(year, frozenset(of)) for year, of in sorted(codes.items()) if year != SHIPPED_EDITION
    }
    if not codes:
        raise NomenclatureError(
            f"{source.name} holds no code. Give a file with edition,code,level,description."
        )
    for edition in found.values():
        _check_parents(edition, source.name)
    (folder / _FOLDER).mkdir(parents=True, exist_ok=True)
    for year, edition in found.items():
        write_durably(folder / _FOLDER / f"{year}.txt", _text(edition).encode("utf-8"))
    return found


def _edition(year: int, text: str) -> HSEdition:
    codes: set[str] = set()
    for line in text.splitlines()[1:]:
        heading, *tails = line.split()
        if not re.fullmatch(r"\d{4}", heading) or not all(re.fullmatch(r"\d\d", tail) for tail in tails):
            raise ValueError(line)
        codes.update((heading[:2], heading), (heading + tail for tail in tails))
    return HSEdition(year, frozenset(codes))


def _text(edition: HSEdition) -> str:
    below: dict[str, list[str]] = {code: [] for code in sorted(edition.codes) if len(code) == 4}
    for code in edition.subheadings:
        below[code[:4]].append(code[4:])
    lines = (" ".join((heading, *tails)) for heading, tails in below.items())
    head = (
        f"# Harmonized System {edition.year}: a heading, then the last two digits of each of its subheadings."
    )
    return "\n".join((head, *lines, ""))


def _listed(source: Path) -> Iterator[tuple[int, str]]:
    rows = csv.reader(_lines(source))
    if next(rows, [])[:3] != ["edition", "code", "level"]:
        raise NomenclatureError(f"{source.name}: the first line must be edition,code,level,description.")
    for number, row in enumerate(rows, 2):
        if not row:
            continue
        year, code, level = (*row[:3], "", "", "")[:3]
        if not re.fullmatch(r"(?:19|20)\d\d", year):
            raise NomenclatureError(
                f"{source.name}: line {number}: {year[:20]!r} is not the year of an edition."
            )
        if not code.isascii() or not code.isdigit() or len(code) != _LENGTHS.get(level, 0):
            raise NomenclatureError(
                f"{source.name}: line {number}: {code[:20]!r} is not a code of the level {level[:20]!r}."
            )
        if not code.startswith(_NATIONAL):
            yield int(year), code


def _lines(source: Path) -> Iterable[str]:
    try:
        data = source.read_bytes()
        data = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
        return data.decode("utf-8-sig").splitlines()
    except OSError as error:
        raise NomenclatureError(f"{source} cannot be read: {error.strerror}. Name a file.") from None
    except (EOFError, zlib.error, UnicodeDecodeError):
        raise NomenclatureError(f"{source.name} is damaged: get a whole copy, in UTF-8.") from None


def _check_parents(edition: HSEdition, name: str) -> None:
    for code in sorted(edition.codes):
        if len(code) > 2 and code[:-2] not in edition.codes:
            raise NomenclatureError(
                f"{name}: {code} of {edition.year} stands without {code[:-2]}. Get a whole copy."
            )
