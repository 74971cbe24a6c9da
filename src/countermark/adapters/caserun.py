"""Run the cases that experts write: decide each as the product would, and tell what differs from the expected answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from countermark.adapters.casefile import ExpertCase
from countermark.goods.application import Application
from countermark.rules.agreement import Agreement
from countermark.rules.case import decide_case
from countermark.rules.determination import Determination, Trace
from countermark.rules.determine import determine
from countermark.rules.stated import StatedRuleRefused


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that came out otherwise than expected."""

    what: str
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a case came to; it passed if nothing differs."""

    case: ExpertCase
    found: Determination | None
    """``None`` if the rule that an officer states was refused."""
    differences: tuple[Difference, ...]

    @property
    def passed(self) -> bool:
        return not self.differences


def run_case(case: ExpertCase, load: Callable[[str], Agreement]) -> Outcome:
    """Decide a case and compare; ``load`` gives an agreement by its id.

    Raises:
        PackError: the agreement of the case cannot be used.
    """
    refused, found = "", None
    try:
        found = _decide(case, load)
    except StatedRuleRefused as error:
        refused = error.code
    differences = [] if refused == case.expected.refused else [
        Difference("refused", case.expected.refused or "nothing", refused or "nothing")
    ]  # fmt: skip
    if found is not None:
        differences += _differences(case, found)
    return Outcome(case, found, tuple(differences))


def _decide(case: ExpertCase, load: Callable[[str], Agreement]) -> Determination:
    subject = case.subject
    if isinstance(subject, Application):
        return determine(subject, subject.goods[0], load(case.agreement), case.on, stated=case.stated)
    return decide_case(subject, case.on).determination


def _differences(case: ExpertCase, found: Determination) -> Iterator[Difference]:
    expected = case.expected
    if expected.verdict is not None and expected.verdict is not found.verdict:
        yield Difference("verdict", str(expected.verdict), str(found.verdict))
    for name, words in expected.words.items():
        got = str(getattr(found, name) or "")
        if got != words:
            yield Difference(name, words or "nothing", got or "nothing")
    asked = frozenset(question.id for question in found.questions)
    if expected.questions is not None and expected.questions != asked:
        yield Difference("questions", _listed(expected.questions), _listed(asked))
    relied = tuple(reliance.line for reliance in found.relied_on)
    if expected.relied_on is not None and expected.relied_on != relied:
        yield Difference("relied_on", _listed(map(str, expected.relied_on)), _listed(map(str, relied)))
    met = {condition.kind: condition.met.value for condition in found.conditions}
    for kind, value in expected.conditions.items():
        if met.get(kind) != value:
            yield Difference(kind, value, met.get(kind, "not named"))
    steps = list(_steps(found.trace)) if found.trace else []
    for wanted in expected.steps:
        same = [step for step in steps if step["code"] == wanted["code"]]
        if not any(_holds(step, wanted) for step in same):
            got = "; ".join(_said({n: step.get(n, "-") for n in wanted}) for step in same)
            yield Difference("step", _said(wanted), got or "no such step")


def _steps(step: Trace) -> Iterator[dict[str, str]]:
    result = {"result": step.result.value} if step.result else {}
    yield {**step.figures, **result, "code": step.code}
    for child in step.children:
        yield from _steps(child)


def _holds(step: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    return all(name in step and _same(step[name], value) for name, value in wanted.items())


def _same(got: str, wanted: str) -> bool:
    """As words, or as amounts: 50 is 50.00."""
    if got == wanted:
        return True
    try:
        return Decimal(got) == Decimal(wanted)
    except InvalidOperation:
        return False


def _said(figures: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in figures.items())


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words)) or "none"
