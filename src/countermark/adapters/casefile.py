"""Cases that experts write: one YAML or JSON file a theme, each case with the answer the treaty gives.

A case states a good as an application does, or a bare rule as ``determine --case`` does. The file's defaults only
fill what a case leaves out; they are written in the file, so nothing is assumed that a reader cannot see. The form
is docs/reference/cases.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, cast

import yaml

from countermark.adapters.nomenclature import hs_2022
from countermark.adapters.packs import available
from countermark.adapters.reading import ReadingError, read_plain
from countermark.goods.application import Application
from countermark.goods.read import FORMAT, read_application
from countermark.rules.caseform import Case, read_case
from countermark.rules.determination import Criterion, Verdict
from countermark.rules.expression import read_expression, write_expression
from countermark.rules.form import ExpressionError
from countermark.rules.reader import read_rule
from countermark.rules.stated import StatedRule

Plain = dict[str, Any]
_TOP = ("theme", "agreement", "on", "defaults", "cases")
_ABOUT = ("name", "cite", "why", "agreement", "on", "expect")
_APPLYING = ("exporter", "destination", "direct_purchase", "direct_delivery", "good", "stated")
_OF_THE_GOOD = ("materials", "operations", "wholly_obtained", "attested", "rates")
_BARE = ("rule", "good", "materials", "tolerance", "costs", "method", "operations", "attested", "cumulation")
_DEFAULTS = ("exporter", "destination", "good", "price", "material", "value", "proof", "operation")
_EXPECTED = ("verdict", "criterion", "box9", "country", "rule", "stated_by", "questions", "relied_on")
_MORE_EXPECTED = ("conditions", "steps", "refused")
_STATED = ("codes", "rule", "citation", "officer", "on")
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


class _Mistake(Exception):
    """A fault inside a case: the keys that lead to it, and the sentence."""

    def __init__(self, where: tuple[str | int, ...], sentence: str) -> None:
        super().__init__(sentence)
        self.where = where
        self.sentence = sentence


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
    lines = _Lines(path)
    try:
        top = _group(raw, (), _TOP, ("theme", "cases"))
        listed = top["cases"]
        if not isinstance(listed, list) or not listed:
            raise _Mistake(("cases",), "A list of cases is expected here.")
        cases = tuple(_case(each, n, top, lines, agreement) for n, each in enumerate(listed))
        _once(cases)
    except _Mistake as mistake:
        raise CaseFileError(path, lines.of(mistake.where), mistake.sentence) from mistake
    return cases


def _once(cases: tuple[ExpertCase, ...]) -> None:
    seen: set[str] = set()
    for n, case in enumerate(cases):
        if case.name in seen:
            raise _Mistake(
                ("cases", n, "name"), f"The name {case.name!r} is used twice. Name each case once."
            )
        seen.add(case.name)


def _case(raw: object, n: int, top: Plain, lines: _Lines, agreement: str | None) -> ExpertCase:
    here = ("cases", n)
    bare = isinstance(raw, dict) and "rule" in raw
    known = (*_ABOUT, *_BARE, "set_items") if bare else (*_ABOUT, *_APPLYING, *_OF_THE_GOOD)
    plain = _group(raw, here, known, ("name", "cite", "expect", "good"))
    defaults = _group(top.get("defaults") or {}, ("defaults",), _DEFAULTS)
    on = _day(plain.get("on", top.get("on")), (*here, "on"))
    stated_agreement = "" if bare else agreement or _agreement(plain, top, lines.path, here)
    if bare:
        subject: Application | Case = _bare(plain, here)
    else:
        subject = _application(plain, defaults, stated_agreement, here)
    return ExpertCase(
        lines.path,
        lines.of(here),
        str(top["theme"]),
        _text(plain["name"], (*here, "name")),
        _text(plain["cite"], (*here, "cite")),
        stated_agreement,
        on,
        subject,
        _expected(plain["expect"], (*here, "expect")),
        _stated(plain["stated"], (*here, "stated")) if "stated" in plain else None,
    )


def _agreement(plain: Plain, top: Plain, path: Path, here: tuple[str | int, ...]) -> str:
    """As the case says, or its file, or the folder that is named as a pack."""
    stated = plain.get("agreement", top.get("agreement"))
    if stated is not None:
        return _text(stated, (*here, "agreement"))
    folder = path.resolve().parent.name
    if folder in available():
        return folder
    sentence = f"No agreement is named, and the folder {folder} is none. Write `agreement:` in the file."
    raise _Mistake(here, sentence)


def _bare(plain: Plain, here: tuple[str | int, ...]) -> Case:
    """As for ``determine --case``; a rule in words is read first."""
    fields = {name: value for name, value in plain.items() if name in (*_BARE, "set_items")}
    rule = fields["rule"]
    if isinstance(rule, str):
        expression = read_rule(rule).expression
        if expression is None:
            raise _Mistake((*here, "rule"), "The rule is an empty text. Write its words, or an expression.")
        fields["rule"] = write_expression(expression)
    return cast(Case, _expressed(lambda: read_case(fields), here))


def _expressed(read: Callable[[], object], here: tuple[str | int, ...]) -> object:
    try:
        return read()
    except ExpressionError as error:
        raise _Mistake((*here, *_keys(error.path)), f"{error.path or 'case'}: {error.sentence}") from error


def _application(plain: Plain, defaults: Plain, agreement: str, here: tuple[str | int, ...]) -> Application:
    """The case as an application: what surrounds the good decides nothing, and is filled in."""
    exporter = _text(plain.get("exporter", defaults.get("exporter")), (*here, "exporter"))
    destination = _text(plain.get("destination", defaults.get("destination")), (*here, "destination"))
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
    where = _keys(error.path.removeprefix("goods[0]"))
    inner = where if where[:1] and where[0] in (*_OF_THE_GOOD, *_APPLYING) else ("good", *where)
    raise _Mistake((*here, *inner), str(error).replace("goods[0].", "", 1))


def _good(plain: Plain, defaults: Plain, exporter: str, here: tuple[str | int, ...]) -> Plain:
    good = _merged(plain["good"], defaults, "good", (*here, "good"))
    good |= {name: plain[name] for name in _OF_THE_GOOD if name in plain}
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


def _merged(raw: object, defaults: Plain, name: str, here: tuple[str | int, ...]) -> Plain:
    if not isinstance(raw, dict):
        raise _Mistake(here, "A group of fields is expected here.")
    return {**(defaults.get(name) or {}), **raw}


def _material(raw: object, defaults: Plain, here: tuple[str | int, ...]) -> Plain:
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


def _operation(raw: object, defaults: Plain, here: tuple[str | int, ...]) -> object:
    """A single word stands for a code, more words for what was done, both in the exporter's country."""
    if not isinstance(raw, str):
        return _merged(raw, defaults, "operation", here)
    kind = "code" if _CODE.fullmatch(raw) else "words"
    return {"place": defaults["place"], **(defaults.get("operation") or {}), kind: raw}


def _money(raw: object, kind: object) -> object:
    """An amount alone takes currency and basis from the file's defaults."""
    if raw is None or isinstance(raw, dict):
        return {**(kind if isinstance(kind, dict) else {}), **raw} if isinstance(raw, dict) else raw
    return {**(kind if isinstance(kind, dict) else {}), "amount": raw}


def _expected(raw: object, here: tuple[str | int, ...]) -> Expected:
    plain = _group(raw, here, (*_EXPECTED, *_MORE_EXPECTED))
    if ("verdict" in plain) == ("refused" in plain):
        raise _Mistake(here, "Either a verdict or `refused` is expected.")
    verdict = None
    if "verdict" in plain:
        verdict = Verdict(_choice(plain["verdict"], tuple(Verdict), (*here, "verdict")))
    if plain.get("criterion"):
        _choice(plain["criterion"], tuple(Criterion), (*here, "criterion"))
    words: dict[str, str] = {
        name: str(plain[name] or "")
        for name in ("criterion", "box9", "country", "rule", "stated_by")
        if name in plain
    }
    questions = plain.get("questions")
    if questions is not None:
        questions = frozenset(_texts(questions, (*here, "questions")))
    relied = plain.get("relied_on")
    conditions = _group(plain.get("conditions") or {}, (*here, "conditions"))
    steps = plain.get("steps") or []
    if not isinstance(steps, list):
        raise _Mistake((*here, "steps"), "A list of steps is expected here.")
    return Expected(
        verdict,
        words,
        questions,
        None if relied is None else tuple(int(n) for n in _texts(relied, (*here, "relied_on"))),
        {name: str(met) for name, met in conditions.items()},
        tuple(_step(step, (*here, "steps", n)) for n, step in enumerate(steps)),
        str(plain.get("refused", "")),
    )


def _step(raw: object, here: tuple[str | int, ...]) -> Mapping[str, str]:
    step = _group(raw, here, required=("code",))
    return {name: str(value) for name, value in step.items()}


def _stated(raw: object, here: tuple[str | int, ...]) -> StatedRule:
    plain = _group(raw, here, _STATED, ("codes", "rule", "citation"))
    return StatedRule(
        tuple(_texts(plain["codes"], (*here, "codes"))),
        cast(Any, _expressed(lambda: read_expression(plain["rule"]), (*here, "rule"))),
        _text(plain["citation"], (*here, "citation")),
        _text(plain.get("officer", "Officer"), (*here, "officer")),
        _day(plain["on"], (*here, "on")) if "on" in plain else date.min,
    )


def _group(
    raw: object,
    here: tuple[str | int, ...],
    known: Collection[str] | None = None,
    required: Collection[str] = (),
) -> Plain:
    if not isinstance(raw, dict):
        raise _Mistake(here, "A group of fields is expected here.")
    for name in raw:
        if known is not None and name not in known:
            raise _Mistake(
                (*here, name), f"There is no field {name!r} here. The fields are: {', '.join(known)}."
            )
    for name in required:
        if raw.get(name) in (None, ""):
            raise _Mistake(here, f"The field {name} is missing.")
    return dict(raw)


def _text(raw: object, here: tuple[str | int, ...]) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise _Mistake(here, f"A text is expected in {here[-1]}.")
    return raw.strip()


def _texts(raw: object, here: tuple[str | int, ...]) -> list[str]:
    if not isinstance(raw, list) or not all(isinstance(each, str | int) for each in raw):
        raise _Mistake(here, f"A list is expected in {here[-1]}; [] says there are none.")
    return [str(each) for each in raw]


def _choice(raw: object, words: tuple[str, ...], here: tuple[str | int, ...]) -> str:
    if raw not in words:
        raise _Mistake(here, f"One of these is expected in {here[-1]}: {', '.join(words)}.")
    return str(raw)


def _day(raw: object, here: tuple[str | int, ...]) -> date:
    if isinstance(raw, date):
        return raw
    try:
        return date.fromisoformat(str(raw))
    except ValueError:
        sentence = "A day such as 2026-05-04 is expected in `on`, of the file or of the case."
        raise _Mistake(here, sentence) from None


def _keys(path: str) -> tuple[str | int, ...]:
    """``materials[2].value`` as keys."""
    parts = re.findall(r"\[(\d+)\]|([^.\[\]]+)", path)
    return tuple(int(number) if number else name for number, name in parts)


class _Lines:
    """Where things stand in a file, for the sentences about it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)

    def of(self, where: tuple[str | int, ...]) -> int:
        """The line of a place, or of the nearest place around it."""
        node, line = self._node, 0
        for key in where:
            if isinstance(node, yaml.MappingNode):
                pair = next(((k, v) for k, v in node.value if k.value == key), None)
                if pair is None:
                    break
                line, node = pair[0].start_mark.line, pair[1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
                node = node.value[key]
                line = node.start_mark.line
            else:
                break
        return line + 1
