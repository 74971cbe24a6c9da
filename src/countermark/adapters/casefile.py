"""Cases that experts write: one YAML or JSON file a theme, each case with the answer the treaty gives.

A case states a good as an application does, or a bare rule as ``determine --case`` does. The file's defaults only
fill what a case leaves out; they are written in the file, so nothing is assumed that a reader cannot see. The form
is docs/reference/cases.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, cast

from countermark.adapters.caseplain import Lines, Mistake, Plain, Where, choice, day, group, keys, text, texts
from countermark.adapters.nomenclature import hs_2022
from countermark.adapters.packs import available
from countermark.adapters.reading import ReadingError, read_plain
from countermark.goods.application import Application
from countermark.goods.read import FORMAT, read_application
from countermark.rules.bare import Case
from countermark.rules.caseform import read_case
from countermark.rules.determination import Criterion, Verdict
from countermark.rules.expression import read_expression, write_expression
from countermark.rules.form import ExpressionError
from countermark.rules.reader import read_rule
from countermark.rules.stated import StatedRule

TOP = ("theme", "agreement", "on", "defaults", "cases")
ABOUT = ("name", "cite", "why", "agreement", "on", "expect")
APPLYING = ("exporter", "destination", "direct_purchase", "direct_delivery", "good", "stated")
OF_THE_GOOD = ("materials", "operations", "wholly_obtained", "attested", "rates")
BARE = (
    "rule",
    "good",
    "materials",
    "tolerance",
    "costs",
    "method",
    "operations",
    "attested",
    "cumulation",
    "set_items",
)
DEFAULTS = ("exporter", "destination", "good", "price", "material", "value", "proof", "operation")
EXPECTED = (
    "verdict",
    "criterion",
    "box9",
    "country",
    "rule",
    "stated_by",
    "questions",
    "relied_on",
    "conditions",
    "steps",
    "refused",
)
STATED = ("codes", "rule", "citation", "officer", "on")
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class CaseFileError(ValueError):
    """A case that cannot be read: the file, the line, and what to write instead."""

    def __init__(self, file: Path, line: int, sentence: str) -> None:
        super().__init__(f"{file}:{line}: {sentence}")
        self.file = file
        self.line = line
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Expected:
    """What the treaty says of the case; what is blank is not compared."""

    verdict: Verdict | None
    """``None``: the rule an officer states is refused, with the code ``refused``."""
    words: Mapping[str, str] = field(default_factory=dict)
    """``criterion``, ``box9``, ``country``, ``rule``, ``stated_by``; an empty text must be empty."""
    questions: frozenset[str] | None = None
    relied_on: tuple[int, ...] | None = None
    conditions: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[Mapping[str, str], ...] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True)
class ExpertCase:
    """One case as read."""

    file: Path
    line: int
    theme: str
    name: str
    cite: str
    agreement: str
    """Empty for a bare case."""
    on: date
    subject: Application | Case
    expected: Expected
    stated: StatedRule | None = None


def read_case_file(path: Path, agreement: str | None = None) -> tuple[ExpertCase, ...]:
    """The cases of a file; ``agreement`` is taken in place of the one stated.

    Raises:
        CaseFileError: the file, or a case in it, cannot be read.
    """
    try:
        raw = read_plain(path)
    except ReadingError as error:
        found = re.search(r"[Ll]ine (\d+)", error.sentence)
        raise CaseFileError(path, int(found[1]) if found else 1, error.sentence) from error
    lines = Lines(path)
    try:
        top = group(raw, (), TOP, ("theme", "cases"))
        listed = top["cases"]
        if not isinstance(listed, list) or not listed:
            raise Mistake(("cases",), "A list of cases is expected here.")
        cases = tuple(_case(each, n, top, lines, agreement) for n, each in enumerate(listed))
        _once(cases)
    except Mistake as mistake:
        raise CaseFileError(path, lines.of(mistake.where), mistake.sentence) from mistake
    return cases


def _once(cases: tuple[ExpertCase, ...]) -> None:
    seen: set[str] = set()
    for n, case in enumerate(cases):
        if case.name in seen:
            raise Mistake(("cases", n, "name"), f"The name {case.name!r} is used twice. Name each case once.")
        seen.add(case.name)


def _case(raw: object, n: int, top: Plain, lines: Lines, agreement: str | None) -> ExpertCase:
    here = ("cases", n)
    bare = isinstance(raw, dict) and "rule" in raw
    known = (*ABOUT, *BARE) if bare else (*ABOUT, *APPLYING, *OF_THE_GOOD)
    plain = group(raw, here, known, ("name", "cite", "expect", "good"))
    defaults = group(top.get("defaults") or {}, ("defaults",), DEFAULTS)
    on = day(plain.get("on", top.get("on")), (*here, "on"))
    stated_agreement = "" if bare else agreement or _agreement(plain, top, lines.path, here)
    if bare:
        subject: Application | Case = _bare(plain, here)
    else:
        subject = _application(plain, defaults, stated_agreement, here)
    return ExpertCase(
        lines.path,
        lines.of(here),
        str(top["theme"]),
        text(plain["name"], (*here, "name")),
        text(plain["cite"], (*here, "cite")),
        stated_agreement,
        on,
        subject,
        _expected(plain["expect"], (*here, "expect")),
        _stated(plain["stated"], (*here, "stated")) if "stated" in plain else None,
    )


def _agreement(plain: Plain, top: Plain, path: Path, here: Where) -> str:
    """As the case says, or its file, or the folder that is named as a pack."""
    stated = plain.get("agreement", top.get("agreement"))
    if stated is not None:
        return text(stated, (*here, "agreement"))
    folder = path.resolve().parent.name
    if folder in available():
        return folder
    sentence = f"No agreement is named, and the folder {folder} is none. Write `agreement:` in the file."
    raise Mistake(here, sentence)


def _bare(plain: Plain, here: Where) -> Case:
    """As for ``determine --case``; a rule in words is read first."""
    fields = {name: value for name, value in plain.items() if name in BARE}
    rule = fields["rule"]
    if isinstance(rule, str):
        expression = read_rule(rule).expression
        if expression is None:
            raise Mistake((*here, "rule"), "The rule is an empty text. Write its words, or an expression.")
        fields["rule"] = write_expression(expression)
    return cast(Case, _expressed(lambda: read_case(fields), here))


def _expressed(read: Callable[[], object], here: Where) -> object:
    try:
        return read()
    except ExpressionError as error:
        raise Mistake((*here, *keys(error.path)), f"{error.path or 'case'}: {error.sentence}") from error


def _application(plain: Plain, defaults: Plain, agreement: str, here: Where) -> Application:
    """The case as an application: what surrounds the good decides nothing, and is filled in."""
    exporter = text(plain.get("exporter", defaults.get("exporter")), (*here, "exporter"))
    destination = text(plain.get("destination", defaults.get("destination")), (*here, "destination"))
    good = _good(plain, defaults, exporter, here)
    whole = {
        "format": FORMAT,
        "reference": "case",
        "agreement": agreement,
        "form": "case",
        "exporter": {"name": "Exporter", "address": "Exporter's place", "country": exporter},
        "consignee": {"name": "Consignee", "address": "Consignee's place", "country": destination},
        "destination": destination,
        "goods": [good],
    }
    whole |= {name: plain[name] for name in ("direct_purchase", "direct_delivery") if name in plain}
    found = read_application(whole, hs_2022())
    if isinstance(found, Application):
        return found
    error = found[0]
    where = keys(error.path.removeprefix("goods[0]"))
    inner = where if where[:1] and where[0] in (*OF_THE_GOOD, *APPLYING) else ("good", *where)
    raise Mistake((*here, *inner), str(error).replace("goods[0].", "", 1))


def _good(plain: Plain, defaults: Plain, exporter: str, here: Where) -> Plain:
    good = _merged(plain["good"], defaults, "good", (*here, "good"))
    good |= {name: plain[name] for name in OF_THE_GOOD if name in plain}
    good = {"item": 1, "description": plain["name"]} | good
    if "price" in good:
        good["price"] = _money(good["price"], defaults.get("price"))
    for name, fill in (("materials", _material), ("operations", _operation)):
        if isinstance(good.get(name), list):
            good[name] = [
                fill(each, {**defaults, "place": exporter}, (*here, name, n))
                for n, each in enumerate(good[name])
            ]
    return good


def _merged(raw: object, defaults: Plain, name: str, here: Where) -> Plain:
    if not isinstance(raw, dict):
        raise Mistake(here, "A group of fields is expected here.")
    return {**(defaults.get(name) or {}), **raw}


def _material(raw: object, defaults: Plain, here: Where) -> Plain:
    material = _merged(raw, defaults, "material", here)
    if "value" in material:
        material["value"] = _money(material["value"], defaults.get("value"))
    if isinstance(material.get("proof"), dict):
        material["proof"] = _merged(material["proof"], defaults, "proof", here)
    if isinstance(material.get("bill"), list):
        material["bill"] = [
            _material(each, defaults, (*here, "bill", n)) for n, each in enumerate(material["bill"])
        ]
    return material


def _operation(raw: object, defaults: Plain, here: Where) -> object:
    """A single word stands for a code, more words for what was done, both shown to be done in the exporter's country."""
    if not isinstance(raw, str):
        return _merged(raw, defaults, "operation", here)
    kind = "code" if _CODE.fullmatch(raw) else "words"
    return {
        "place": defaults["place"],
        "evidence": "as the case states",
        **(defaults.get("operation") or {}),
        kind: raw,
    }


def _money(raw: object, kind: object) -> object:
    """An amount alone takes currency and basis from the file's defaults; a blank stays a blank."""
    if raw in (None, "unknown"):
        return raw
    stated = raw if isinstance(raw, dict) else {"amount": raw}
    return {**(kind if isinstance(kind, dict) else {}), **stated}


def _expected(raw: object, here: Where) -> Expected:
    plain = group(raw, here, EXPECTED)
    if ("verdict" in plain) == ("refused" in plain):
        raise Mistake(here, "Either a verdict or `refused` is expected.")
    verdict = None
    if "verdict" in plain:
        verdict = Verdict(choice(plain["verdict"], tuple(Verdict), (*here, "verdict")))
    if plain.get("criterion"):
        choice(plain["criterion"], tuple(Criterion), (*here, "criterion"))
    words: dict[str, str] = {
        name: str(plain[name] or "")
        for name in ("criterion", "box9", "country", "rule", "stated_by")
        if name in plain
    }
    questions = plain.get("questions")
    if questions is not None:
        questions = frozenset(texts(questions, (*here, "questions")))
    relied = plain.get("relied_on")
    conditions = group(plain.get("conditions") or {}, (*here, "conditions"))
    steps = plain.get("steps") or []
    if not isinstance(steps, list):
        raise Mistake((*here, "steps"), "A list of steps is expected here.")
    return Expected(
        verdict,
        words,
        questions,
        None if relied is None else tuple(int(n) for n in texts(relied, (*here, "relied_on"))),
        {name: str(met) for name, met in conditions.items()},
        tuple(_step(step, (*here, "steps", n)) for n, step in enumerate(steps)),
        str(plain.get("refused", "")),
    )


def _step(raw: object, here: Where) -> Mapping[str, str]:
    step = group(raw, here, required=("code",))
    return {name: str(value) for name, value in step.items()}


def _stated(raw: object, here: Where) -> StatedRule:
    plain = group(raw, here, STATED, ("codes", "rule", "citation"))
    return StatedRule(
        tuple(texts(plain["codes"], (*here, "codes"))),
        cast(Any, _expressed(lambda: read_expression(plain["rule"]), (*here, "rule"))),
        text(plain["citation"], (*here, "citation")),
        text(plain.get("officer", "Officer"), (*here, "officer")),
        day(plain["on"], (*here, "on")) if "on" in plain else date.min,
    )
