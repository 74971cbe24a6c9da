"""Limits in words: how a figure is compared, the percentage, and the price or measure it is a share of."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from countermark.rules.reader.words import Words, words

_NOT = r"(?:(?:does|do|must|shall|may|should|can|will|would|is|are) ?(?:not|n't)|cannot|shall in no case|not)"
_BE = r"(?:is|are|be|being|was|were|must be|shall be|may be|should be|represents?|constitutes?|accounts? for)"
_MOST = words(
    rf"{_NOT} (?:to )?(?:in total )?exceed(?:ing|s)?|{_NOT} (?:be )?(?:account for |represent |constitute )?(?:more|greater|higher) than"
    rf"|(?:{_BE} )?(?:not|no|never) (?:more|greater|higher) than|(?:{_BE} )?(?:only )?(?:used )?(?:at most|limited to)"
    r"|(?:only )?up to (?:a )?(?:(?:maximum|limit|total|value|total value) of)?|(?:of )?(?:at most|a maximum(?: of)?|maximum(?: of)?)"
    r"|(?:is|are) less than or equal to|(?:≤|<=)(?=)"
)
_LESS = words(rf"(?:{_BE} )?(?:less|lower) than|{_BE} below")
_LEAST = words(
    rf"(?:(?:{_BE} )?(?:of )?(?:not|no|nor) (?:be )?(?:less|lower) than)|(?:{_BE} )?(?:of )?at least|(?:of )?a minimum(?: of)?"
    rf"|(?:{_BE} )?(?:equal to or (?:greater|more|higher) than|greater than or equal to)|{_NOT} be (?:less|lower) than|(?:≥|>=)(?=)"
)
_MORE = words(rf"exceeds?|exceeding|(?:{_BE} )?(?:more|greater|higher) than")
_PCT = re.compile(r"[ \n]*(?P<pct>\d{1,3}(?:[.,]\d{1,3})?)%")
_THE = r"(?:(?:of|in|on) )?(?:(?:the|its|their) )?"
_OF_GOOD = (
    r"(?: ?\(?(?:exw|fob|tv|cif)\)?)?(?: (?:of|for) (?:the|that|its|any|each) (?:(?:final|finished|resulting|complete|originating|exported) )?"
    r"(?:products?|goods?|sets?|articles?|unit|whole set)(?: (?:produced|exported|obtained|concerned))?| of goods)?"
)
_BASES = tuple(
    (words(_THE + written + _OF_GOOD), base)
    for written, base in (
        (r"transaction value or (?:the )?ex-? ?works price", "EXW|TV"),
        (r"(?:value of the )?ex-? ?(?:works|factory) (?:price|value|cost)s?", "EXW"),
        (r"price ex-? ?works", "EXW"),
        (r"(?:f\.o\.b\.?|fob)(?: (?:export )?(?:value|price))?", "FOB"),
        (r"(?:free[- ]on[- ]board) (?:value|price)", "FOB"),
        (r"adjusted value", "AV"),
        (r"transaction value", "TV"),
        (r"net cost", "net cost"),
        (r"customs value", "customs"),
        (r"(?:c\.i\.f\.?|cif)(?: (?:value|price))?", "CIF"),
        (r"exw", "EXW"),
    )
)
_VALUE_OF_GOOD = words(
    r"(?:of |in )?(?:the )?(?:total |final )?(?:value|price|cost) of the (?:(?:final|finished) )?(?:products?|goods?|set)"
)


class Bound(NamedTuple):
    """How a figure is held against its limit."""

    least: bool
    """The figure is a least amount; otherwise a most."""
    strict: bool


def bound(w: Words) -> Bound | None:
    """ "does not exceed", "is not less than", "exceeds" ..."""
    if w.take(_LEAST):
        return Bound(True, False)
    if w.take(_MOST):
        return Bound(False, False)
    if w.take(_LESS):
        return Bound(False, True)
    if w.take(_MORE):
        return Bound(True, True)
    return None


def percentage(w: Words) -> Decimal | None:
    """A percentage from 0 to 100."""
    start = w.i
    found = w.take(_PCT)
    if found is None:
        return None
    figure = Decimal(found["pct"].replace(",", "."))
    if figure > 100:
        w.i = start
        return None
    return figure


def base(w: Words) -> str | None:
    """The price a share is taken of."""
    for pattern, name in _BASES:
        if w.take(pattern):
            return name
    return "value of the good" if w.take(_VALUE_OF_GOOD) else None
