"""Join the alternatives of one row into one expression, and say so where the list does not tell how.

Alternatives are joined by OR, unless a record continues its predecessor: then their texts are read together. What
hangs on one alternative (its own goods, a quota, a date) stays with it. Where the list leaves open how two rules
go together, both met is yes, none met is no, and a person decides between.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from countermark.rules.coverage import parts
from countermark.rules.lists.record import Matter, Note, Record
from countermark.rules.nodes import (
    AllOf,
    AnyOf,
    Dated,
    Expression,
    Manual,
    Pending,
    Period,
    Quota,
    When,
    WhollyObtainedGood,
)
from countermark.rules.reader import Status, read_rule
from countermark.rules.reader.standing import status_of as standing_of
from countermark.rules.selector import Described

_CONTINUES = re.compile(
    r"(?:however|provided|except|but|and|with the exception|при условии|однако|кроме|и)\b", re.I
)
_OPEN_END = re.compile(r"(?:[:,]|\b(?:and|of|than|except|и|кроме))\s*$", re.I)
_THEN_OR = re.compile(r"[\s;,]*\bor\s*[;,:]?\s*$", re.I)
_OR_FIRST = re.compile(r"\s*or\b[\s,:]*", re.I)
_HEADER = re.compile(r"\s*\(?([a-h])\)\s*([^\n.]{2,120})\n+(?=\S)")


@dataclass(frozen=True, slots=True)
class Joined:
    """The rule of a row: its expression, how far it was read, the words it came from, and what is odd."""

    rule: Expression
    status: Status
    texts: tuple[str, ...]
    """The words of each text read, in order; ``cite`` counts their characters."""
    read: tuple[Status, ...]
    """Of each text."""
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    record: Record
    text: str
    group: str = ""
    """The header it stands under, such as "(a) Least developed countries"."""


def join(records: Sequence[Record], gloss: str, *, dated: bool) -> Joined:
    """The rule of one row. ``dated``: the validity of its records is not that of the whole list."""
    notes: list[Note] = []
    parts_ = _grouped(_together(records))
    rules: list[Expression] = []
    statuses: list[Status] = []
    for part in parts_:
        reading = read_rule(part.text, heading=part.record.heading, lang=part.record.lang)
        statuses.append(reading.status)
        if reading.expression is None and not part.record.pending:
            notes.append(_note(Matter.EMPTY, part.record, "no words of a rule stand here"))
        rules.append(_bound(reading.expression, part, gloss, dated=dated))
    rule, odd = _joined(parts_, rules)
    notes += odd
    missing = _missing(records)
    if missing:
        notes.append(_note(Matter.ALTERNATIVES, records[0], missing))
        rule = AnyOf((rule, Manual("alternatives missing", missing)))
    return Joined(
        rule, status_of(rule, statuses), tuple(p.text for p in parts_), tuple(statuses), tuple(notes)
    )


def status_of(rule: Expression, statuses: Sequence[Status]) -> Status:
    """How far a rule made of several texts was read."""
    if isinstance(rule, Manual | Pending) or all(s in (Status.MANUAL, Status.EMPTY) for s in statuses):
        return Status.MANUAL
    return standing_of(rule)


def unclear(rules: Sequence[Expression], why: str) -> Expression:
    """Rules that go together in a way the list does not tell: all met, yes; none met, no; otherwise a person."""
    if len(set(rules)) == 1:
        return rules[0]
    return AnyOf((AllOf(tuple(rules)), AllOf((AnyOf(tuple(rules)), Manual(why)))))


def either(rules: Sequence[Expression]) -> Expression:
    """One of the rules is enough."""
    return rules[0] if len(rules) == 1 else AnyOf(tuple(rules))


def _note(matter: Matter, record: Record, words: str) -> Note:
    return Note(matter, record.scheme, record.row, record.line, words)


def _together(records: Sequence[Record]) -> list[_Part]:
    """The texts to be read, each with the records that only continue it."""
    found: list[_Part] = []
    for record in records:
        text = record.text.strip()
        if found:  # the "or" between two alternatives is said by joining them
            text = _OR_FIRST.sub("", text, count=1) if _OR_FIRST.match(text) else text
            found[-1] = replace(found[-1], text=_THEN_OR.sub("", found[-1].text))
        before = found[-1] if found else None
        if before and (record.continuation or _CONTINUES.match(text) or _OPEN_END.search(before.text)):
            found[-1] = replace(before, text=f"{before.text}\n{text}")
        else:
            found.append(_Part(record, text))
    return found


def _grouped(found: list[_Part]) -> list[_Part]:
    """Alternatives under headers "(a) ...", "(b) ...": each is only for the goods or countries of its header."""
    headers = [_HEADER.match(part.text) for part in found]
    letters = [header[1] for header in headers if header]
    if len(letters) < 2 or letters != sorted(set(letters)) or letters[0] != "a" or headers[0] is None:
        return found
    group, done = "", []
    for part, header in zip(found, headers, strict=True):
        if header:
            group = f"({header[1]}) {header[2].strip()}"
        done.append(replace(part, text=part.text[header.end() :] if header else part.text, group=group))
    return done


def _bound(expression: Expression | None, part: _Part, gloss: str, *, dated: bool) -> Expression:
    """The rule of one alternative with all that the list hangs on it."""
    record = part.record
    if record.pending:
        return Pending()
    rule = expression if expression is not None else Manual("empty")
    only = "import" if record.import_only else "export" if record.export_only else ""
    conditions = [f"the list gives this rule for {only} only"] if only else []
    conditions += [f"footnote: {footnote}" for footnote in record.footnotes]
    if conditions and not isinstance(rule, Manual):
        rule = AllOf((rule, *(Manual("condition", condition) for condition in conditions)))
    own = record.gloss if record.gloss != gloss else ""
    if own and not any(isinstance(node, When) for node in parts(rule)):
        rule = _only_for(_goods(own, record.heading), rule)
    if part.group:
        rule = _only_for(f"of those meant by: {part.group}", rule)
    if record.quota:
        rule = Quota(record.quota, rule)
    if dated and (record.since or record.until):
        rule = Dated((Period(record.since, record.until, rule),))
    return rule


def _only_for(goods: str, rule: Expression) -> Expression:
    """An alternative for some goods; others can meet it only by being wholly obtained, which needs no rule."""
    return When(Described(named=goods), rule, WhollyObtainedGood())


def _goods(words: str, heading: str) -> str:
    """Some lists cut the words short before the heading: "fillets of"."""
    words = " ".join(words.split())
    return f"{words} {heading}" if words.endswith((" of", " in")) else words


def _joined(found: Sequence[_Part], rules: Sequence[Expression]) -> tuple[Expression, list[Note]]:
    if len(rules) == 1:
        return rules[0], []
    operators = {part.record.operator.lower() for part in found[1:]} - {""}
    if operators <= {"or", "and/or"}:
        return by_date(rules), []
    if operators == {"and"} and all(part.record.operator for part in found[1:]):
        return AllOf(tuple(rules)), []
    words = f"the alternatives are joined by {', '.join(sorted(operators))}"
    return unclear(rules, "operator"), [_note(Matter.OPERATOR, found[0].record, words)]


def by_date(rules: Sequence[Expression]) -> Expression:
    """Alternatives of different days are the rule of the day; of one day, one is enough."""
    spans: dict[tuple[date, date], list[Expression]] = {}
    for rule in rules:
        if isinstance(rule, Dated):
            period = rule.periods[0]
            days = (period.since or date.min, period.until or date.max)
            spans.setdefault(days, []).append(period.rule)
    if not spans or any(one < other <= one_end for one, one_end in spans for other, _ in spans):
        return either(rules)
    whole = Dated(tuple(_period(days, either(of)) for days, of in sorted(spans.items(), key=_days)))
    return either([whole, *(rule for rule in rules if not isinstance(rule, Dated))])


def _days(item: tuple[tuple[date, date], object]) -> tuple[date, date]:
    return item[0]


def _period(days: tuple[date, date], rule: Expression) -> Period:
    since, until = days
    return Period(None if since == date.min else since, None if until == date.max else until, rule)


def _missing(records: Sequence[Record]) -> str:
    """What is odd in the numbers of the alternatives, in words; empty if nothing is."""
    numbers = [record.alt for record in records]
    announced = max(record.n_alt for record in records)
    if numbers == list(range(1, announced + 1)):
        return ""
    return f"{announced} alternatives are announced, these are there: {', '.join(map(str, numbers))}"
