"""The sentences of a determination, in the language asked for: steps, questions, conditions, the verdict and its reason.

Each is found in the catalogue by its code. What a step's sentence has no place for, such as a margin, is told after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from countermark.adapters.catalogue import Words, figures_of, words_in
from countermark.adapters.figures import (
    day,
    money,
    number,
    points_between,
    printable,
    proof_in_words,
    shown_figures,
)
from countermark.rules.determination import (
    Condition,
    Criterion,
    Determination,
    Question,
    Reliance,
    Trace,
    Truth,
    Verdict,
)

_RESULTS = {
    Verdict.ORIGINATING: Truth.YES,
    Verdict.NOT_ORIGINATING: Truth.NO,
    Verdict.UNDETERMINED: Truth.UNKNOWN,
}
_DECIDING = {Criterion.WHOLLY: "wholly", Criterion.CUMULATION: "cumulation"}
"""Which step shows why a good has this criterion; of sufficient processing, the last one that passed."""
_NEVER_DECIDING = ("worked", "materials", "materials_blank")
"""Steps without which a good cannot originate, but by which alone it never does."""
_BESIDE: Mapping[str, str] = {
    "materials": "of_materials",
    "excepted": "excepted",
    "also_from": "also_from",
    "only_from": "only_from",
    "lines": "lines",
}
"""Figures told after a sentence that has no place for them, and the entry that tells them; in this order."""
_AS_THEY_ARE = ("outside", "inside")


def step_sentence(step: Trace, words: Words | None = None) -> str:
    """One step in words, with all its figures."""
    return "; ".join(step_parts(step, words or words_in("en")))


def step_parts(step: Trace, words: Words) -> tuple[str, ...]:
    """A step's sentence, and then each figure that it has no place for."""
    figures = shown_figures(step.code, step.figures, words)
    key = f"steps.{step.code}"
    told = words.say(key, figures)
    raw = words.entries.get(key, "")
    beside = [
        words.say(f"page.{entry}", figures)
        for name, entry in _BESIDE.items()
        if figures.get(name) and f"{{{name}}}" not in raw
    ]
    beside += [figures[name] for name in _AS_THEY_ARE if figures.get(name)]
    if step.code == "material" and figures.get("value"):
        beside.append(figures["value"])
    if figures.get("proof"):
        proof = words.say("page.proof", proof=figures["proof"], item=figures.get("item", ""))
        beside.append(words.say("page.proved_by", proof=proof))
    return (told, *beside, *_weighed(step, figures, words))


def _weighed(step: Trace, figures: Mapping[str, str], words: Words) -> Iterator[str]:
    """What was weighed against what, and how far from the limit: in percentage points and in money."""
    if not figures.get("base"):
        return
    pct = figures.get("pct")
    if pct:
        yield words.say("page.weighed" if figures.get("foreign") else "page.content", figures)
    margin = step.figures.get("margin", "")
    if not margin:
        return
    points = points_between(step.figures.get("pct", ""), step.figures.get("limit", ""))
    amount = money(margin.removeprefix("-"), step.figures.get("currency", ""), words)
    if points is None:
        yield words.say("page.only_margin", margin=figures["margin"])
        return
    missed = "short_by" if step.code == "rvc" else "over"
    name = missed if margin.startswith("-") or step.result is Truth.NO else "spare"
    yield words.say(f"page.{name}", points=number(f"{abs(points):f}", words), margin=amount)


def question_sentence(question: Question, words: Words | None = None) -> str:
    """A question a person can answer."""
    words = words or words_in("en")
    figures = shown_figures(question.code, {"id": question.id, **question.figures}, words)
    asked = words.say(f"questions.{question.code}", figures)
    told = f"{asked} {words.say('page.most', figures)}" if figures.get("most") else asked
    return f"{words.say('page.within', figures)}: {told}" if figures.get("within") else told


def condition_sentence(condition: Condition, words: Words | None = None) -> str:
    """A condition apart from origin."""
    words = words or words_in("en")
    kind, phase = words.term("condition", condition.kind), words.term("phase", condition.phase)
    return f"{kind} ({phase}): {truth_word(condition.met, words)}"


def truth_word(truth: Truth, words: Words) -> str:
    return words.term("truth", truth.value)


def verdict_sentence(found: Determination, words: Words) -> str:
    """The verdict, with the country where one is known."""
    if found.verdict is Verdict.ORIGINATING and found.country:
        return words.say("page.originates_in", country=words.term("from", found.country))
    return words.term("verdict", found.verdict)


def verdict_line(found: Determination, words: Words) -> str:
    """The verdict, the criterion and the entry of box 9."""
    parts = [verdict_sentence(found, words)]
    if found.criterion:
        parts.append(words.say("page.by", criterion=words.term("criterion", found.criterion)))
    if found.box9:
        parts.append(words.say("page.box9", box9=found.box9))
    return " ".join(parts)


def head_rows(found: Determination, words: Words) -> Iterator[tuple[str, str]]:
    """What stands under the verdict: why (unless questions say it), by which rule, under which agreement."""
    if found.verdict is not Verdict.UNDETERMINED or not found.questions:
        yield words.say("page.why"), reason(found, words)
    rule = printable(found.rule)
    if found.stated_by:
        rule = words.say("page.rule_stated", rule=rule, officer=printable(found.stated_by))
    if rule:
        yield words.say("page.rule"), rule
    if found.trace and found.trace.code == "determination":
        figures = shown_figures("determination", found.trace.figures, words)
        yield words.say("page.agreement"), words.say("page.agreement_of", figures)
    yield words.say("page.decided_for"), day(found.on, words)


def reliance_sentence(reliance: Reliance, words: Words) -> str:
    """A proof the verdict rests on, and the material it covers."""
    proof = reliance.proof
    amount = money(f"{proof.quantity.value:f}", proof.quantity.unit, words)
    return words.say(
        "page.reliance",
        proof=proof_in_words(f"{proof.form} {proof.number}", words),
        date=day(proof.date, words),
        item=str(proof.item),
        amount=amount,
        line=str(reliance.line),
    )


def reason(found: Determination, words: Words | None = None) -> str:
    """The verdict's reason in one short sentence: the step that decided, or the first question still open."""
    words = words or words_in("en")
    if found.verdict is Verdict.UNDETERMINED and found.questions:
        return question_sentence(found.questions[0], words)
    step = deciding_step(found)
    return _short(step, words) if step else verdict_sentence(found, words)


def deciding_step(found: Determination) -> Trace | None:
    """The lowest step by which the verdict came out as it did; of an open verdict, the first that is open."""
    result = _RESULTS[found.verdict]
    wanted = _DECIDING.get(found.criterion, "") if found.criterion else ""
    for step in reversed(found.trace.children if found.trace else ()):
        if step.result is result and step.code not in _NEVER_DECIDING and step.code.startswith(wanted):
            ends = list(_ends(step, result))
            return ends[-1] if result is Truth.YES else ends[0]
    return None


def _ends(step: Trace, result: Truth) -> Iterator[Trace]:
    """The lowest steps that came out the same, in order."""
    below = [child for child in step.children if child.result is result]
    for child in below:
        yield from _ends(child, result)
    if not below:
        yield step


def _short(step: Trace, words: Words) -> str:
    """A step as a reason; without the share it speaks of, it is said as in the tree."""
    key = f"short.{step.code}_{step.result.value if step.result else ''}"
    raw = words.entries.get(key, "")
    figures = shown_figures(step.code, step.figures, words)
    if not raw or ("{pct}" in raw and not figures.get("pct")):
        mark = truth_word(step.result, words) if step.result else ""
        return f"{step_sentence(step, words)}: {mark}" if mark else step_sentence(step, words)
    which = f" ({figures['materials']})" if figures.get("materials") else ""
    over = step.figures.get("margin", "").removeprefix("-")
    told = {**figures, "over": money(over, step.figures.get("currency", ""), words)}
    blank = dict.fromkeys(figures_of(raw), "-")
    return raw.format_map({**blank, **told, "which": which})
