"""Read one rule text: its words, its grammar, its spans, and how far it was understood."""

from __future__ import annotations

import re
from functools import lru_cache

from countermark.rules.expression import ExpressionError, read_expression, write_expression
from countermark.rules.nodes import Expression, Manual
from countermark.rules.reader.codes import code_list
from countermark.rules.reader.conditions import is_open
from countermark.rules.reader.notes import at_end
from countermark.rules.reader.reading import Reading, Status
from countermark.rules.reader.russian.clauses import RUSSIAN
from countermark.rules.reader.sentences import ENGLISH, Speech, rule
from countermark.rules.reader.source import source_of
from countermark.rules.reader.standing import status_of
from countermark.rules.reader.tiles import nodes_of, tiled
from countermark.rules.reader.words import Words

_CYRILLIC = re.compile(r"[\u0400-\u04ff]{3}")
LONGEST_TEXT = 8000
"""Letters of the longest text that is read: a longer one is no rule, but a document."""


def read_rule(text: str, *, heading: str = "", lang: str = "") -> Reading:
    """The expression of a rule's text.

    ``heading`` is the row's heading as the list writes it: the codes of "any heading outside this group". ``lang`` is an
    ISO 639-1 code, by default told from the letters. ``cite`` spans count characters of ``text`` as given.
    """
    return _remembered(text, heading if "group" in text else "", lang)


@lru_cache(maxsize=4096)
def _remembered(text: str, heading: str, lang: str) -> Reading:
    if not text.strip():
        return Reading(Status.EMPTY, None)
    russian = lang == "ru" or (not lang and _CYRILLIC.search(text) is not None)
    found = _read(text, heading, RUSSIAN if russian else ENGLISH) if len(text) <= LONGEST_TEXT else None
    if found is None:
        return Reading(Status.MANUAL, Manual("not-read", text, cite=(0, len(text))), tuple(text.split()))
    return Reading(status_of(found), found)


def _read(text: str, heading: str, speech: Speech) -> Expression | None:
    """The rule, if every word of it is understood and it is no deeper than a rule may be."""
    source = source_of(text)
    w = Words(source.words)
    w.group = code_list(Words(source_of(heading).words), bare=True) or ()
    try:
        found = rule(w, speech)
        if found is None or not at_end(w) or any(is_open(node) for node in nodes_of(found)):
            return None
        placed = tiled(found, text, source, w)
        read_expression(write_expression(placed))
    except (RecursionError, ExpressionError):
        return None
    return placed
