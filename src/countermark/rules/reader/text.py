"""Read one rule text: its words, its grammar, its spans, and how far it was understood."""

from __future__ import annotations

from functools import lru_cache

from countermark.rules.nodes import Expression, Manual
from countermark.rules.reader.notes import at_end
from countermark.rules.reader.reading import Reading, Status
from countermark.rules.reader.sentences import rule
from countermark.rules.reader.source import source_of
from countermark.rules.reader.standing import status_of
from countermark.rules.reader.tiles import tiled
from countermark.rules.reader.words import Words


@lru_cache(maxsize=4096)
def read_rule(text: str, *, heading: str = "", lang: str = "") -> Reading:
    """The expression of a rule's text.

    ``heading`` is the row's heading as the list writes it (for words such as "that heading"); ``lang`` an ISO 639-1
    code, by default told from the letters. ``cite`` spans count characters of ``text`` as given.
    """
    if not text.strip():
        return Reading(Status.EMPTY, None)
    source = source_of(text)
    w = Words(source.words)
    found = rule(w)
    if found is None or not at_end(w):
        return Reading(Status.MANUAL, Manual("not-read", text, cite=(0, len(text))), tuple(text.split()))
    placed: Expression = tiled(found, text, source, w)
    return Reading(status_of(placed), placed)
