"""Readings held against the class expressions that the EU publishes beside the same texts: an independent oracle.

A text is comparable when its records state a class expression that parses, when that says something, and when all the
records of the text say the same. It agrees when both come to one normal form (``reading.classes``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from reading.classes import Form, NotAClass, both, one, parsed, written
from reading.corpus import Text
from reading.readings import Result

_LABELS = {
    "max_nom": "MAXNOM", "nom_within_om": "MAXNOM-OM", "max_weight": "MAXWEIGHT", "wo": "WO", "originating": "ORIGINATING",
    "min_count": "ORIGINATING", "from_materials": "FROM", "process": "PROCESS", "not_only": "PROCESS", "set": "SET",
    "rvc": "RVC", "retain": "RETAINED", "ref": "REF", "manual": "MANUAL", "pending": "PENDING",
}  # fmt: skip
_SHARES = {"wo": "WO", "originating": "ORIGINATING"}


@dataclass(frozen=True)
class Comparison:
    """A comparable text: what its class says, and what its reading says."""

    text: Text
    classes: str
    count: int
    """Records that state the class."""
    result: Result
    expected: Form
    found: Form | None
    """``None``: not read."""

    @property
    def agrees(self) -> bool:
        return self.found is not None and self.found in accepted(self.classes, self.expected)

    @property
    def key(self) -> str:
        return key_of(self.text.text)

    def sentence(self) -> str:
        return f"expected {written(self.expected)}; found {written(self.found) if self.found else 'nothing'}"


def key_of(text: str) -> str:
    """The name of a text in the list of explanations: a digest of its words, white space and case aside."""
    return hashlib.sha256(" ".join(text.lower().split()).encode()).hexdigest()[:12]


def accepted(classes: str, expected: Form) -> set[Form]:
    """The forms that say what the class says.

    ``AH INCLUDING`` (any heading, with other materials of the good's own): also a change of heading with those passed over.
    """
    if "AH INCLUDING" not in classes:
        return {expected}
    changed = frozenset(
        frozenset((each - {("AH", 1)}) | {("CTH", 1), ("MAY", 1)}) if ("AH", 1) in each else each
        for each in expected
    )
    return {expected, changed}


def incomparable(text: Text) -> str:
    """Why a text of the EU's lists cannot be compared; empty if it can."""
    try:
        forms = {parsed(each) for each in text.classes}
    except NotAClass:
        return "the class does not parse or says nothing"
    return "records of one text state different classes" if len(forms) > 1 else ""


def comparisons(texts: Iterable[Text], results: dict[str, Result]) -> Iterator[Comparison]:
    for text in texts:
        if not text.classes or incomparable(text):
            continue
        result = results[text.text]
        classes = text.classes.most_common(1)[0][0]
        found = form_of(result.expression) if result.read else None
        yield Comparison(text, classes, text.classes.total(), result, parsed(classes), found)


def form_of(node: Any) -> Form:
    """The normal form of an expression in JSON."""
    if "any" in node:
        return frozenset(each for part in node["any"] for each in form_of(part))
    if "all" in node:
        return _all(node["all"])
    if "at_least" in node:
        return _all(node["at_least"]["of"])
    if "when" in node:
        return form_of(node["then"]) | (form_of(node["else"]) if "else" in node else frozenset())
    if "dated" in node:
        return frozenset(each for period in node["dated"] for each in form_of(period["rule"]))
    if "permit" in node:
        return both(form_of(node["rule"]), one(_permit(node)))
    if "no_tolerance" in node or "quota" in node:
        return form_of(node["rule"])
    if "ctc" in node:
        return one(node["ctc"], *_change(node))
    if "any_heading" in node:
        return one("AH", *_change(node))
    if "min_share" in node:
        return one(_SHARES[node["min_share"]["status"]])
    return one(*(label for name, label in _LABELS.items() if name in node))


def _all(parts: list[Any]) -> Form:
    form = one()
    for part in parts:
        form = both(form, form_of(part))
    return form


def _change(node: Any) -> list[str]:
    return ["EXCEPT"] * bool(node.get("except")) + ["MAY"] * bool(node.get("also_from"))


def _permit(node: Any) -> str:
    limit = node.get("limit")
    if limit and limit["base"] not in ("weight", "volume"):
        return "MAY-LIMITED"
    return "MAY-IF" if node.get("if") and not limit else "MAY"
