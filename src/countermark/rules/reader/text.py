"""Read one rule text."""

from __future__ import annotations

from countermark.rules.nodes import Manual
from countermark.rules.reader.reading import Reading, Status


def read_rule(text: str, *, heading: str = "", lang: str = "") -> Reading:
    """The expression of a rule's text.

    ``heading`` is the row's heading as the list writes it (for words such as "that heading"); ``lang`` an ISO 639-1
    code, by default told from the letters. ``cite`` spans count characters of ``text`` as given.
    """
    if not text.strip():
        return Reading(Status.EMPTY, None)
    return Reading(Status.MANUAL, Manual("not-read", text, cite=(0, len(text))), tuple(text.split()))
