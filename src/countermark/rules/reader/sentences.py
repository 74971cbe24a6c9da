"""How clauses are joined into a rule: alternatives, lists, "provided that", "however", dates, quotas, notes.

Joining words bind by what stands before them: nothing binds tightest, then a comma, then a semicolon, a full stop or a
new line. Where "and" and "or" stand side by side with equal force the text has two meanings, and is not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from countermark.rules import nodes
from countermark.rules.nodes import Expression
from countermark.rules.reader.clauses import IN_WHICH, clause, conditions
from countermark.rules.reader.codes import code_list
from countermark.rules.reader.conditions import settled
from countermark.rules.reader.dates import dated_after, period_before
from countermark.rules.reader.lists import BULLET, bulleted
from countermark.rules.reader.notes import note_after
from countermark.rules.reader.permits import however
from countermark.rules.reader.words import Words, words
from countermark.rules.selector import Described

_JOIN = re.compile(
    r"(?P<before>[ \n]*[,;.]?[ \n]*)(?P<join>(?<![^\W_])(?:and/or|and|or)(?![^\W_])|\+|&)(?P<after>:?[ ]*\n?)[ ,]*(?:either\b)?"
)
_BREAK = re.compile(r"[ ]*(?P<before>[;.]?[ ]*\n|;|,|\.(?=[ ]+(?:from|until)[ ]\d))[ ]*(?=[^\s•])")
_PROVIDED = re.compile(
    r"(?P<before>[ \n]*[,;]?[ \n]*)(?P<word>provided(?: that)?|providing(?: that)?|on condition that|in which|where|whereby|with|subject to)\b(?=[ :\n])"
)
_MARK = re.compile(r"[ \n]*(?:\(?(?P<mark>[a-hivx]{1,3}|\d{1,2})\)|[•]|alternative \d:?|option \d:?)[ \n]+")
_FOR_PARTIES = re.compile(
    r"\s*(?:\(?[a-h]\)\s*)(?P<who>ldcs?|least[ -]developed countries(?:[ ]\(hereinafter [\"']?ldcs[\"']?\))?|other beneficiary countries|other countries)\s*[:\n]\s*"
)
_FOR_GOODS = words(
    r"(?:for|in the case of) (?:(?:a |any |the )?(?:goods?|products?) (?:of|classified in|falling within) )?(?=sub|heading|chapter)"
)
_THEN = re.compile(r"[ ]*[,:][ \n]*")
_ANOTHER = re.compile(
    r"\s*(?:\(?[a-h]\)\s*)(?:least|ldc|other (?:beneficiary )?countries)|[ \n]*[;.,]?[ \n]*(?:and |or )?(?:from|until|since|as of) \d{1,2} [a-z]+ \d{4}[^:;]{0,40}:"
)
"""Begins what holds for other parties, or in another period."""
_WHOLE_RULE = words(
    r"(?:manufactur(?:e|ing)|production) (?:from|in which|by)|[a-z\-]+ (?:accompanied|combined|preceded|followed) (?:by|with)"
)
"""Begins an alternative that stands apart even on the same line."""
_EITHER = words(r"(?:either|both)(?= |:)")


class _Joined(NamedTuple):
    join: str
    force: int
    """How far the word reaches: 1 next to it, 2 to a comma, 3 to a semicolon or new line."""
    rule: Expression


class Speech(NamedTuple):
    """How a language joins clauses."""

    clause: Callable[[Words], Expression | None]
    conditions: Callable[[Words], Expression | None]
    however: Callable[[Words, Expression | None], Expression | None]
    join: re.Pattern[str]
    alternative: frozenset[str]
    """The joining words that make alternatives; the others join what must all be met."""
    provided: re.Pattern[str]

    def item(self, w: Words, read: Callable[[Words], Expression | None]) -> Expression | None:
        """One item of a list, with what belongs to it."""
        return _sequence(w, lambda inner: read(inner) or self.clause(inner), nested=True)


ENGLISH = Speech(clause, conditions, however, _JOIN, frozenset({"or", "and/or"}), _PROVIDED)


def rule(w: Words, speech: Speech = ENGLISH) -> Expression | None:
    """The whole of a rule, or ``None`` if it has two meanings or a clause that is not understood."""
    w.speech = speech
    return _sequence(w, speech.clause, nested=False)


def _sequence(w: Words, read: Callable[[Words], Expression | None], *, nested: bool) -> Expression | None:
    first = _unit(w, read)
    if first is None:
        return None
    parts = [_Joined("", 0, first)]
    while not (w.held and w.sees(_ANOTHER)):
        start = w.i
        found = _next(w, read, parts, nested)
        if found is None:
            w.i = start
            break
        if isinstance(found, list):
            parts = found
        else:
            parts.append(found)
    return _bound(parts)


def _unit(w: Words, read: Callable[[Words], Expression | None]) -> Expression | None:
    start = w.i
    parties = w.take(_FOR_PARTIES)
    if parties is not None:
        found = _held(w, read)
        if found is None:
            return None
        others = _unit(w, read) if w.sees(_FOR_PARTIES) else None
        return nodes.When(Described(named=f"good of {parties['who']}"), found, others, cite=(start, start))
    w.take(_EITHER)
    if w.take(_MARK) is None:
        w.take(words(r":(?=\s)"))
    of_codes = w.take(_FOR_GOODS)
    if of_codes is not None:
        codes = code_list(w)
        found = _unit(w, read) if codes is not None and w.take(_THEN) else None
        if found is None or codes is None:
            w.i = start
            return None
        return nodes.When(Described(codes=codes), found, cite=(start, start))
    period = period_before(w)
    if w.i != start and period is None:
        w.glue[w.i] = w.glue.get(start, start)
    found = read(w) if period is None else _held(w, read)
    if found is None:
        w.i = start
        return None
    if period is not None:
        return nodes.Dated((replace(period, rule=found),), cite=(start, start))
    return found


def _held(w: Words, read: Callable[[Words], Expression | None]) -> Expression | None:
    """All that stands under a period, or under some parties."""
    before, w.held = w.held, True
    found = _sequence(w, read, nested=False)
    w.held = before
    return found


def _next(
    w: Words, read: Callable[[Words], Expression | None], parts: list[_Joined], nested: bool
) -> _Joined | list[_Joined] | None:
    """What comes after a clause: a modifier of what was read, or another clause."""
    modified = _modified(w, parts, nested)
    if modified is not None:
        return modified
    start = w.i
    provided = w.take(w.speech.provided)
    if provided is not None:
        w.join(start)
        found = w.speech.conditions(w)
        found = settled(found, parts[-1].rule) if found is not None else None
        if found is not None:
            return _Joined("and", _force(provided["before"], ""), found)
        w.i = start
        return None
    joined = w.take(w.speech.join)
    if joined is not None:
        after = _after_join(w, read, joined, nested)
        if after is None:
            w.i = start
        return after
    broken = w.take(_BREAK)
    if broken is not None and not (nested and "\n" in broken["before"]):
        w.join(start)
        found = _unit(w, read) or _carried(w)
        if found is not None:
            return _Joined("", _force(broken["before"], ""), found)
        w.i = start
        return None
    w.i = start
    if not nested and w.sees(re.compile(r"[ ]*\n•|\s*:\s*\n•")):
        listed = bulleted(w, read)
        if listed is not None:
            return _Joined("", 3, listed)
    return None


def _after_join(
    w: Words, read: Callable[[Words], Expression | None], joined: re.Match[str], nested: bool
) -> _Joined | None:
    """The clause after "and", "or" or a sign for it."""
    bullet = w.sees(BULLET) and w.s[w.i : w.i + 3].strip().startswith("•")
    if nested and (bullet or "\n" in joined["before"]):
        return None
    w.join(joined.start())
    apart = w.sees(_WHOLE_RULE)
    found = _unit(w, read) or (None if read is w.speech.clause else _unit(w, w.speech.clause)) or _carried(w)
    if found is None:
        return None
    if joined["join"] not in w.speech.alternative:
        return _Joined(
            "and", 0 if joined["join"] in ("+", "&") else _force(joined["before"], joined["after"]), found
        )
    return _Joined("or", 3 if apart else _force(joined["before"], joined["after"]), found)


def _modified(w: Words, parts: list[_Joined], nested: bool) -> list[_Joined] | None:
    """What was read, under a "however" (of the item, or of the alternative it stands in), a date or a note."""
    since = parts[-1:] if nested and len(parts) > 1 else _since(parts)
    changed = w.speech.however(w, _bound(since))
    if changed is not None:
        return [*parts[: -len(since)], since[0]._replace(rule=changed)]
    last = parts[-1]
    after = dated_after(w, last.rule) or note_after(w, last.rule)
    return [*parts[:-1], last._replace(rule=after)] if after is not None else None


def _carried(w: Words) -> Expression | None:
    """A condition after "in which" was said once: "in which A, and B"."""
    start = w.i
    w.take(IN_WHICH)
    found: Expression | None = w.speech.conditions(w)
    if found is None:
        w.i = start
    return found


def _force(before: str, after: str) -> int:
    if "\n" in before or ";" in before or "." in before or "\n" in after:
        return 3
    return 2 if "," in before else 1


def _since(parts: list[_Joined]) -> list[_Joined]:
    """The clauses since the last alternative that stands apart."""
    for n in range(len(parts) - 1, 0, -1):
        if parts[n].join == "or" and parts[n].force == 3:
            return parts[n:]
    return parts


def _bound(parts: list[_Joined]) -> Expression | None:
    """Join by force, the tightest first; ``None`` where "and" and "or" have equal force."""
    parts = _listed(parts)
    for force in (0, 1, 2, 3):
        merged: list[_Joined] = []
        run: list[_Joined] = []
        for part in parts:
            if run and part.force == force:
                run.append(part)
                continue
            if run:
                one = _one(run)
                if one is None:
                    return None
                merged.append(one)
            run = [part]
        one = _one(run)
        if one is None:
            return None
        merged.append(one)
        parts = merged
    return parts[0].rule if len(parts) == 1 else None


def _listed(parts: list[_Joined]) -> list[_Joined]:
    """ "A, B or C": the last joining word joins the whole list."""
    found = list(parts)
    for n in range(len(found) - 1, 1, -1):
        last, before = found[n], found[n - 1]
        if last.join and last.force == 1 and not before.join and before.force == 2:
            found[n] = last._replace(force=2)
    return found


def _one(run: list[_Joined]) -> _Joined | None:
    if len(run) == 1:
        return run[0]
    said = {part.join for part in run[1:] if part.join}
    all_dated = all(isinstance(part.rule, nodes.Dated) for part in run)
    if len(said) > 1 or (not said and not all_dated and not all(_is_condition(part.rule) for part in run)):
        return None
    rules: list[Expression] = [part.rule for part in run]
    dated = [rule for rule in rules if isinstance(rule, nodes.Dated)]
    if len(dated) == len(rules):
        periods = tuple(period for rule in dated for period in rule.periods)
        return run[0]._replace(rule=nodes.Dated(periods, cite=dated[0].cite))
    joined = nodes.AnyOf(tuple(rules)) if said == {"or"} else nodes.AllOf(tuple(rules))
    return run[0]._replace(rule=joined)


def _is_condition(rule: Expression) -> bool:
    """Conditions in a list without a joining word must all be met."""
    return not isinstance(rule, nodes.Process | nodes.FromMaterials | nodes.AnyOf | nodes.ValueContent)
