"""Read the rules of a list one after another: a text that goes on in the next record is read together with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from countermark.rules.nodes import Pending
from countermark.rules.reader.reading import Reading, Status
from countermark.rules.reader.text import read_rule


@dataclass(frozen=True, slots=True)
class RuleText:
    """One record of a list, with the words of its rule."""

    id: object
    """As given; returned with the reading."""
    text: str
    heading: str = ""
    lang: str = ""
    continuation: bool = False
    """The text continues that of the record before."""
    pending: bool = False
    """The parties have not agreed the rule."""


@dataclass(frozen=True, slots=True)
class RecordRead:
    """A record as read, and with which others."""

    record: RuleText
    reading: Reading
    together: tuple[RuleText, ...]
    """The records whose texts were read as one, this one included; one alone if it stands alone."""

    @property
    def text(self) -> str:
        """The text read, which ``cite`` spans count in."""
        return "\n".join(record.text for record in self.together)


def read_records(records: Iterable[RuleText]) -> Iterator[RecordRead]:
    """A reading for every record, in their order; of those read together each has the reading of the whole."""
    held: list[RuleText] = []
    for record in records:
        if held and not record.continuation:
            yield from _read(tuple(held))
            held = []
        held.append(record)
    if held:
        yield from _read(tuple(held))


def _read(together: tuple[RuleText, ...]) -> Iterator[RecordRead]:
    head = together[0]
    text = "\n".join(record.text for record in together)
    if head.pending:
        reading = Reading(Status.MANUAL, Pending(cite=(0, len(text))), tuple(text.split()))
    else:
        reading = read_rule(text, heading=head.heading, lang=head.lang)
    for record in together:
        yield RecordRead(record, reading, together)
