"""The catalogue: every sentence, label and term of a determination, in four languages side by side.

One file for each kind of entry; an entry has a text in every language, with the same figures in braces. Anything else
is an error of the catalogue, told with its place. Codes and figures come from the trace; nothing is decided here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

Language = Literal["en", "ru", "az", "be"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
"""ISO 639-1: English, Russian, Azerbaijani (Latin letters), Belarusian (official spelling)."""
FILES = ("steps", "questions", "short", "terms", "packs", "page")
_FIGURE = re.compile(r"\{([^{}]*)\}")


class CatalogueError(ValueError):
    """An entry that is not in all languages, or not with the same figures; says which and what to write."""


class _Told(dict[str, str]):
    """The figures of a sentence; one that is missing shows as a dash."""

    def __missing__(self, name: str) -> str:
        return "-"


@dataclass(frozen=True, slots=True)
class Words:
    """The catalogue in one language; a key is the file and the place in it, such as ``steps.max_nom``."""

    language: Language
    entries: Mapping[str, str]

    def has(self, key: str) -> bool:
        return key in self.entries

    def say(self, key: str, figures: Mapping[str, str] | None = None, /, **more: str) -> str:
        """The entry with its figures, empty ones shown as a dash; a key that is not there shows as itself."""
        given = {name: shown or "-" for name, shown in (dict(figures or {}) | more).items()}
        return self.entries[key].format_map(_Told(given)) if key in self.entries else key

    def term(self, table: str, code: str) -> str:
        """The word for a code, such as ``standing`` ``foreign``; a code without one is shown as it is."""
        return self.entries.get(f"terms.{table}.{code}", code)


@cache
def words_in(language: Language) -> Words:
    """The catalogue in a language.

    Raises:
        CatalogueError: an entry is not as the catalogue asks.
    """
    return Words(language, {key: entry[language] for key, entry in _entries().items()})


@cache
def _entries() -> Mapping[str, Mapping[str, str]]:
    folder = files("countermark.adapters.catalogue")
    found: dict[str, Mapping[str, str]] = {}
    for name in FILES:
        found |= read_entries(name, (folder / f"{name}.toml").read_text(encoding="utf-8"))
    return found


def read_entries(name: str, text: str) -> dict[str, Mapping[str, str]]:
    """The entries of one file by their keys.

    Raises:
        CatalogueError: an entry is not as the catalogue asks.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{name}.toml is not TOML: {error}.") from error
    return dict(_read(name, tables))


def _read(key: str, table: Mapping[str, object]) -> Iterator[tuple[str, Mapping[str, str]]]:
    if not any(language in table for language in LANGUAGES):
        for name, inner in table.items():
            if not isinstance(inner, dict):
                raise CatalogueError(f"{key}.{name} is no entry. Write a table with {', '.join(LANGUAGES)}.")
            yield from _read(f"{key}.{name}", inner)
        return
    texts = {name: text for name, text in table.items() if isinstance(text, str) and text.strip()}
    if set(texts) != set(LANGUAGES) or len(table) != len(LANGUAGES):
        raise CatalogueError(f"{key} needs one text in each of {', '.join(LANGUAGES)}, and nothing else.")
    wanted = figures_of(texts["en"])
    for language, text in texts.items():
        if figures_of(text) != wanted:
            raise CatalogueError(f"{key}: {language} must have the figures {sorted(wanted)}, as en has.")
    yield key, texts


def figures_of(text: str) -> frozenset[str]:
    """The names in braces.

    Raises:
        CatalogueError: a brace that is no figure's.
    """
    if "{" in _FIGURE.sub("", text) or "}" in _FIGURE.sub("", text):
        raise CatalogueError(f"A brace is not closed in: {text}")
    return frozenset(_FIGURE.findall(text))
