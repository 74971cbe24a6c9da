"""Days in a rule: from when, until when it stands."""

from __future__ import annotations

import re
from datetime import date, timedelta

from countermark.rules import nodes
from countermark.rules.nodes import Expression, Period
from countermark.rules.reader.words import Words

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
]
_DAY = (
    r"(?:(?P<{0}d>\d{{1,2}})(?:st|nd|rd|th)?[ ](?P<{0}m>[a-zа-я]+),?[ ](?P<{0}y>\d{{4}})"
    r"|(?P<{0}m2>[a-z]+)[ ](?P<{0}d2>\d{{1,2}}),?[ ](?P<{0}y2>\d{{4}})|(?P<{0}iso>\d{{4}}-\d\d-\d\d)|(?P<{0}num>\d\d\.\d\d\.\d{{4}}))"
)
_SINCE = r"(?:(?:starting |beginning |as |with effect )?(?:from|on|of)|since|after|с)"
_UNTIL = r"(?:until|till|up to|to|through|before|до|по)"
_PERIOD = re.compile(
    rf"[ \n]*[,;]?[ \n]*(?P<open>\()?(?:applicable |valid )?(?:(?P<sw>{_SINCE})[ ]{_DAY.format('s')}(?:[ ]onwards)?)?(?:,?[ ]?(?:and )?(?P<uw>{_UNTIL})(?: and including)?[ ]{_DAY.format('u')})?(?P<close>\))?"
)
_APART = re.compile(r"[ \n]*[;.]")
_COLON = re.compile(r"[ ]*:")
_LEAD = re.compile(r"[ ]*[:,]|[ ](?=[a-z])")


def period_before(w: Words) -> Period | None:
    """ "Until 31 December 2026:" before a rule; the period holds an empty rule to be filled in."""
    start = w.i
    found = _period(w)
    if found is None or w.take(_LEAD) is None:
        w.i = start
        return None
    return found


def dated_after(w: Words, rule: Expression) -> Expression | None:
    """ "(until 31 December 2023)" after a rule."""
    start = w.i
    found = None if w.sees(_APART) else _period(w)
    if found is None or w.sees(_COLON):
        w.i = start
        return None
    return nodes.Dated((Period(found.since, found.until, rule),), cite=(start, start))


def _period(w: Words) -> Period | None:
    start = w.i
    found = w.take(_PERIOD)
    if found is None or not (found["sw"] or found["uw"]) or bool(found["open"]) != bool(found["close"]):
        w.i = start
        return None
    since, until = _day(found, "s"), _day(found, "u")
    if (found["sw"] and since is None) or (found["uw"] and until is None):
        w.i = start
        return None
    if since and found["sw"] == "after":
        since += timedelta(days=1)
    if until and found["uw"] in ("before", "до"):
        until -= timedelta(days=1)
    if since and until and since > until:
        w.i = start
        return None
    return Period(since, until, nodes.Pending())


def _day(found: re.Match[str], end: str) -> date | None:
    try:
        if found[f"{end}iso"]:
            return date.fromisoformat(found[f"{end}iso"])
        if found[f"{end}num"]:
            day, month, year = found[f"{end}num"].split(".")
            return date(int(year), int(month), int(day))
        named = found[f"{end}m"] or found[f"{end}m2"]
        if not named or named not in _MONTHS:
            return None
        return date(
            int(found[f"{end}y"] or found[f"{end}y2"]),
            _MONTHS.index(named) % 12 + 1,
            int(found[f"{end}d"] or found[f"{end}d2"]),
        )
    except ValueError:
        return None
