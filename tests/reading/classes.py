"""The class expressions of the EU's rule lists, parsed into a normal form: what kinds of test a text asks, and how joined.

A normal form is a set of alternatives, each a count of labels that must all hold::

    CTH TOLERANCE (MAY BE USED RESTRICTION MAXNOM)   -> {CTH, MAY-LIMITED}
    MAXNOM AND MAXNOM                                -> {MAXNOM x 2}
    CTH RESTRICTION (WO AND MAXWEIGHT)               -> {CTH, WO, MAXWEIGHT}

What a class does not state is left out on both sides: figures and codes (the automatic checks hold these), how many
materials are listed after "from", how many operations a process has, and how many materials are wholly obtained.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

Alternative = frozenset[tuple[str, int]]
Form = frozenset[Alternative]
COUNTED = ("MAXNOM", "MAXWEIGHT")
"""Labels whose number is compared; of the others, that they stand there."""
MOST_ALTERNATIVES = 64

_ATOMS = {
    "CTH": ("CTH",), "CTSH": ("CTSH",), "CC": ("CC",), "AH": ("AH",), "WO": ("WO",), "MAXNOM": ("MAXNOM",),
    "MAXNOM_OM": ("MAXNOM-OM",), "MAXNOM-OM": ("MAXNOM-OM",), "MAXWEIGHT": ("MAXWEIGHT",), "ORIGINATING": ("ORIGINATING",),
    "MINOM": ("ORIGINATING",), "MINOM_VALUE": ("ORIGINATING",), "PROCESSING": ("PROCESS",),
    "PROCESSING_TEXTILE": ("PROCESS",), "MINOP": ("PROCESS",), "PRODUCTION FROM": ("FROM",), "SET": ("SET",),
    "MAY BE USED SET": ("MAY",), "MAY BE USED": ("MAY",), "MAY NOT BE USED": ("EXCEPT",),
}  # fmt: skip
_TOKEN = re.compile(
    r"\s*(\(|\)|(?:OR_ENUM|AND|OR|TOLERANCE|RESTRICTION|EXCEPT|INCLUDING|"
    + "|".join(re.escape(atom) for atom in sorted(_ATOMS, key=len, reverse=True))
    + r")(?=[\s()]|\Z))"
)


class NotAClass(ValueError):
    """Not an expression of this grammar, or one that says nothing (``UNDEFINED``)."""


def alternative(labels: Iterable[str]) -> Alternative:
    counted: dict[str, int] = {}
    for label in labels:
        counted[label] = counted.get(label, 0) + 1 if label in COUNTED else 1
    return frozenset(counted.items())


def _settled(each: Alternative) -> Alternative:
    """The rule of a set holds its permission in itself."""
    return alternative(["SET"]) if ("SET", 1) in each else each


def one(*labels: str) -> Form:
    return frozenset({alternative(labels)})


def both(left: Form, right: Form) -> Form:
    """Each alternative of the one together with each of the other."""
    if len(left) * len(right) > MOST_ALTERNATIVES:
        raise NotAClass("too many alternatives")
    return frozenset(_joined(a, b) for a in left for b in right)


def _joined(left: Alternative, right: Alternative) -> Alternative:
    return alternative(label for part in (left, right) for label, n in part for _ in range(n))


def written(form: Form) -> str:
    """A form for a person: ``CTH + MAXNOM x 2 | WO``."""
    alternatives = (
        " + ".join(label if n == 1 else f"{label} x {n}" for label, n in sorted(each)) or "nothing"
        for each in form
    )
    return " | ".join(sorted(alternatives))


def parsed(expression: str) -> Form:
    """The normal form of a class expression.

    Raises:
        NotAClass: it does not parse, or says nothing.
    """
    tokens = list(_tokens(expression.replace("PRODUCTION FROM (ENUM)", "PRODUCTION FROM")))
    form, rest = _alternatives(tokens)
    if rest:
        raise NotAClass(expression)
    return frozenset(_settled(each) for each in form)


def _tokens(expression: str) -> Iterator[str]:
    at = 0
    while at < len(expression.rstrip()):
        match = _TOKEN.match(expression, at)
        if match is None:
            raise NotAClass(expression)
        yield match[1]
        at = match.end()


def _alternatives(tokens: list[str]) -> tuple[Form, list[str]]:
    form, tokens = _conjunction(tokens)
    while tokens[:1] == ["OR"]:
        other, tokens = _conjunction(tokens[1:])
        form |= other
    return form, tokens


def _conjunction(tokens: list[str]) -> tuple[Form, list[str]]:
    form, tokens = _qualified(tokens)
    while tokens[:1] == ["AND"]:
        other, tokens = _qualified(tokens[1:])
        form = both(form, other)
    return form, tokens


def _qualified(tokens: list[str]) -> tuple[Form, list[str]]:
    """An atom or bracket, what it excepts or includes, the enumeration it begins, and its tolerances and restrictions."""
    form, tokens = _primary(tokens)
    while tokens and tokens[0] in ("EXCEPT", "INCLUDING", "OR_ENUM", "TOLERANCE", "RESTRICTION"):
        word, tokens = tokens[0], tokens[1:]
        if word == "EXCEPT":
            form = both(form, one("EXCEPT"))
        elif word == "OR_ENUM":
            other, tokens = _primary(tokens)
            form = both(form, other)
        elif word in ("TOLERANCE", "RESTRICTION"):
            other, tokens = _qualified(tokens)
            form = both(form, _tolerated(other) if word == "TOLERANCE" else other)
    return form, tokens


def _tolerated(form: Form) -> Form:
    """Materials that may be used: with a limit of value, under another condition, or freely."""
    return frozenset(alternative(_use(dict(each))) for each in form)


def _use(labels: dict[str, int]) -> list[str]:
    if "MAXNOM" in labels:
        beyond = ["MAXNOM"] * (labels["MAXNOM"] - 1)
        return ["MAY-LIMITED", *beyond]
    return ["MAY-IF" if set(labels) - {"MAY"} else "MAY"]


def _primary(tokens: list[str]) -> tuple[Form, list[str]]:
    if not tokens:
        raise NotAClass("it breaks off")
    if tokens[0] == "(":
        form, rest = _alternatives(tokens[1:])
        if rest[:1] != [")"]:
            raise NotAClass("a bracket is open")
        return form, rest[1:]
    if tokens[0] not in _ATOMS:
        raise NotAClass(f"{tokens[0]} where a class is expected")
    return one(*_ATOMS[tokens[0]]), tokens[1:]
