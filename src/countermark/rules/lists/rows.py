"""Turn the records of one published list into rows: for which codes each stands, and which part of them it means.

Several rows for the same codes are told apart by their descriptions, as parts a person is asked for; the one that
says "other" is for what the others leave. Consecutive rows for the same goods are one row. A row whose heading cannot
be read is asked for before the rest of a chapter it may be about decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from countermark.goods.hs import HSCode, HSEdition
from countermark.rules.agreement import Row
from countermark.rules.lists.aim import aimed
from countermark.rules.lists.join import Joined, by_date, join, status_of, unclear
from countermark.rules.lists.record import Matter, Note, Record
from countermark.rules.match import span
from countermark.rules.nodes import Dated, Manual
from countermark.rules.reader import Status
from countermark.rules.reader.heading import Ex, Heading, UnreadHeading, ex_of, is_other, read_heading

CHAPTERS = tuple(f"{number:02}" for number in range(1, 98) if number != 77)
"""Of the HS; it keeps 77 free."""
_ANY_OTHER = "any other product from "


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as rows, with how far each of its texts was read and what is odd about it."""

    rows: tuple[Row, ...]
    read: tuple[Status, ...]
    """Of every text, in the order of the list."""
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A row of the list on its way: where it stands, what it means, and its rule."""

    ids: tuple[str, ...]
    heading: str
    codes: tuple[str, ...]
    ex: Ex
    gloss: str
    joined: Joined
    record: Record
    damaged: str = ""

    @property
    def id(self) -> str:
        return "+".join(self.ids)


def rows_of(
    records: Sequence[Record], edition: HSEdition | None = None, *, repeated_are_alternatives: bool = False
) -> Listed:
    """The rows of one scheme, from its records in the order of the file; codes are held against an edition if given.

    ``repeated_are_alternatives``: whoever imports the list has seen in it that rows repeated for the same goods, such
    as columns 3 and 4, are alternatives.
    """
    dated = len({(record.since, record.until) for record in records}) > 1
    notes: list[Note] = []
    entries: list[_Entry] = []
    for _, group in groupby(records, key=lambda record: record.row):
        entries += _entries(tuple(group), notes, dated=dated)
    if edition is not None:
        notes += _unlisted(entries, edition)
    entries = list(_neighbours(entries))
    read = tuple(status for entry in entries for status in entry.joined.read)
    placed = _told_apart(list(_merged(entries, notes, either=repeated_are_alternatives)), notes)
    return Listed(tuple(_unique(map(_row, placed))), read, tuple(notes))


def _entries(records: tuple[Record, ...], notes: list[Note], *, dated: bool) -> Iterator[_Entry]:
    """One entry a row; two where its heading names whole codes and parts of others."""
    first = records[0]
    gloss = _plain(first.gloss)
    joined = join(records, first.gloss, dated=dated)
    notes += joined.notes
    heading = read_heading(_heading_words(first, gloss))
    if isinstance(heading, UnreadHeading):
        words = f"{first.heading or 'no heading'!r} was not read ({heading.fault})"
        notes.append(Note(Matter.HEADING, first.scheme, first.row, first.line, words))
        part = gloss or f"goods of the heading written {first.heading!r}"
        yield _Entry((first.row,), first.heading, heading.chapters, Ex.PART, part, joined, first, words)
        return
    notes += _held_against_the_file(first, heading)
    whole = tuple(piece.code for piece in heading.pieces if not piece.ex)
    parts = tuple(piece.code for piece in heading.pieces if piece.ex)
    empty = "no words" if joined.read and set(joined.read) == {Status.EMPTY} else ""
    if whole:
        yield _Entry((first.row,), first.heading, whole, Ex.NONE, gloss, joined, first, empty)
    if parts:
        meaning = ex_of(Heading(tuple(p for p in heading.pieces if p.ex)), gloss)
        if gloss.lower().startswith(_ANY_OTHER):
            meaning = Ex.UNLESS
        name = f"{first.row}/ex" if whole else first.row
        yield _Entry((name,), first.heading, parts, meaning, gloss, joined, first, empty)


def _heading_words(record: Record, gloss: str) -> str:
    """Some lists write the rest of a heading as a row of its chapter: "ex Chapter 50, any other product from 5006"."""
    if gloss.lower().startswith(_ANY_OTHER):
        inner = read_heading(gloss[len(_ANY_OTHER) :])
        outer = read_heading(record.heading)
        if isinstance(inner, Heading) and isinstance(outer, Heading) and outer.is_ex and _lies(inner, outer):
            return f"ex {gloss[len(_ANY_OTHER) :]}"
    return record.heading


def _lies(inner: Heading, outer: Heading) -> bool:
    return all(any(code.startswith(whole) for whole in outer.codes) for code in inner.codes)


def _plain(gloss: str) -> str:
    return " ".join(gloss.split())


def _held_against_the_file(record: Record, heading: Heading) -> Iterator[Note]:
    """Where the file's own marks differ from the heading. It pads codes that end in 0 as if they were open."""
    if record.ex is not None and record.ex != heading.is_ex:
        yield Note(Matter.EX, record.scheme, record.row, record.line, f"ex is {record.ex} in the file")
    if not record.ranges:
        return
    mine = sorted(span(code.partition("-")[0], code.rpartition("-")[2]) for code in heading.codes)
    given = sorted(record.ranges)
    padded = sorted((low, high.rstrip("9").rstrip("0").ljust(len(high), "9")) for low, high in mine)
    chapters = all(low[2:].strip("0") == "" and high[2:].strip("9") == "" for low, high in mine)
    within = all(any(low <= a and b <= high for low, high in mine) for a, b in given)
    if given not in (mine, padded) and not (chapters and within):
        words = f"{record.heading!r} is read as {', '.join(heading.codes)}; the file's ranges are others"
        yield Note(Matter.RANGES, record.scheme, record.row, record.line, words)


def _unlisted(entries: Sequence[_Entry], edition: HSEdition) -> Iterator[Note]:
    for entry in entries:
        for code in entry.codes:
            if not all(edition.knows(HSCode(end)) for end in code.split("-")):
                words = f"{code} is not in the HS of {edition.year}"
                yield Note(Matter.CODE, entry.record.scheme, entry.record.row, entry.record.line, words)


def _neighbours(entries: Sequence[_Entry]) -> Iterator[_Entry]:
    """A row whose heading names no chapter is asked for between the chapters of the rows around it."""
    placed = [n for n, entry in enumerate(entries) if entry.codes]
    for n, entry in enumerate(entries):
        if entry.codes:
            yield entry
            continue
        before = max((m for m in placed if m < n), default=None)
        after = min((m for m in placed if m > n), default=None)
        low = entries[before].codes[-1].rpartition("-")[2][:2] if before is not None else CHAPTERS[0]
        high = entries[after].codes[0][:2] if after is not None else CHAPTERS[-1]
        around = tuple(chapter for chapter in CHAPTERS if low <= chapter <= high)
        yield replace(entry, codes=around or CHAPTERS)


def _merged(entries: Sequence[_Entry], notes: list[Note], *, either: bool) -> Iterator[_Entry]:
    """Consecutive rows for the same goods as one: by their days, by OR where the list says so, else unclear."""
    for _, group in groupby(entries, key=lambda e: (e.codes, e.ex, e.gloss, e.damaged)):
        same = list(group)
        if len(same) == 1:
            yield same[0]
            continue
        rules = [entry.joined.rule for entry in same]
        said_or = either or all(entry.record.operator.lower() == "or" for entry in same[1:])
        if said_or or all(isinstance(rule, Dated) for rule in rules):
            rule = by_date(rules)
        else:
            rule = unclear(rules, "the list does not say whether one of these rules is enough")
            last, ids = same[-1].record, ", ".join(entry.id for entry in same)
            words = f"rows {ids} are for the same goods; whether one rule is enough is not said"
            notes.append(Note(Matter.REPEATED, last.scheme, same[0].record.row, same[0].record.line, words))
        read = tuple(status for entry in same for status in entry.joined.read)
        texts = tuple(text for entry in same for text in entry.joined.texts)
        joined = Joined(rule, status_of(rule, read), texts, read)
        yield replace(same[0], ids=tuple(entry.id for entry in same), joined=joined)


def _told_apart(entries: list[_Entry], notes: list[Note]) -> list[_Entry]:
    """Rows of the same codes, told apart by their descriptions."""
    shared: dict[tuple[str, ...], list[int]] = {}
    for n, entry in enumerate(entries):
        if not entry.damaged:
            shared.setdefault(entry.codes, []).append(n)
    for numbers in shared.values():
        plain = [n for n in numbers if entries[n].ex is Ex.NONE]
        if len(plain) > 1:
            for n in plain:
                other = not entries[n].gloss or is_other(entries[n].gloss)
                entries[n] = replace(entries[n], ex=Ex.UNLESS if other else Ex.PART)
        others = [n for n in numbers if entries[n].ex in (Ex.UNLESS, Ex.REST)]
        if len(others) > 1:
            _by_position(entries, others, notes)
    return entries


def _by_position(entries: list[_Entry], others: Sequence[int], notes: list[Note]) -> None:
    """Several rows for "other": which one is meant shows only in the list, so a person is asked."""
    first = entries[others[0]].record
    words = f"rows {', '.join(entries[n].id for n in others)} are all for what others leave of the same codes"
    notes.append(Note(Matter.SAME_WORDS, first.scheme, first.row, first.line, words))
    for n in others:
        before = entries[n - 1].gloss if n else ""
        after = f"after {before!r}" if before else "first of its heading"
        gloss = f"what row {entries[n].id} of the list means: {entries[n].gloss or 'no description'}, {after}"
        entries[n] = replace(entries[n], ex=Ex.PART, gloss=gloss)


def _row(entry: _Entry) -> Row:
    damaged = bool(entry.damaged)
    rule = entry.joined.rule
    if damaged and not isinstance(rule, Manual):
        rule = Manual("heading not read", "\n\n".join(entry.joined.texts))
    if not damaged:
        rule = aimed(rule, entry.codes)
    part = entry.ex is Ex.PART
    return Row(
        id=entry.id,
        codes=entry.codes,
        ex=part,
        gloss=entry.gloss or (f"the part meant by {entry.heading}" if part else ""),
        rule=rule,
        citation=f"{entry.record.scheme}, row {entry.id}" + (f", {entry.heading}" if entry.heading else ""),
        certainty="damaged" if damaged else "read",
        note=entry.damaged,
        rest=entry.ex in (Ex.REST, Ex.UNLESS),
        texts=entry.joined.texts,
        reading=str(Status.MANUAL if damaged else status_of(rule, entry.joined.read)),
    )


def _unique(rows: Iterable[Row]) -> Iterator[Row]:
    """A list may number a row again further down: its id is then told apart, not lost."""
    seen: dict[str, int] = {}
    for row in rows:
        seen[row.id] = seen.get(row.id, 0) + 1
        yield row if seen[row.id] == 1 else replace(row, id=f"{row.id}#{seen[row.id]}")
