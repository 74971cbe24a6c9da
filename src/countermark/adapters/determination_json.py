"""A determination as JSON, the same on the command line and in the HTTP API."""

from __future__ import annotations

from countermark.adapters.catalogue import Words
from countermark.adapters.words import (
    condition_sentence,
    question_sentence,
    reason,
    reliance_sentence,
    step_sentence,
    verdict_line,
)
from countermark.rules.determination import Determination, Reliance, Trace, Truth


def determination_json(found: Determination, words: Words | None = None) -> dict[str, object]:
    """A determination with its reasoning: codes, figures and English sentences.

    With a language asked for, its sentences stand beside them as ``words``.
    """
    plain: dict[str, object] = {
        "verdict": str(found.verdict),
        "reason": reason(found),
        "country": found.country,
        "criterion": str(found.criterion) if found.criterion else None,
        "box9": found.box9,
        "agreement": found.agreement,
        "edition": found.edition,
        "on": found.on,
        "rule": found.rule,
        "stated_by": found.stated_by,
        "relied_on": [_reliance(reliance) for reliance in found.relied_on],
        "conditions": [
            {"kind": condition.kind, "phase": condition.phase, "met": condition.met.value}
            for condition in found.conditions
        ],
        "questions": [
            {
                "id": asked.id,
                "code": asked.code,
                "sentence": question_sentence(asked),
                "figures": dict(asked.figures),
                **({"words": question_sentence(asked, words)} if words else {}),
            }
            for asked in found.questions
        ],
        "trace": _step(found.trace, words) if found.trace else None,
    }
    return plain | ({"words": _words(found, words)} if words else {})


def _words(found: Determination, words: Words) -> dict[str, object]:
    return {
        "language": words.language,
        "verdict": verdict_line(found, words),
        "reason": reason(found, words),
        "relied_on": [reliance_sentence(each, words) for each in found.relied_on],
        "conditions": [condition_sentence(each, words) for each in found.conditions],
    }


def _reliance(reliance: Reliance) -> dict[str, object]:
    proof = reliance.proof
    quantity = {"value": f"{proof.quantity.value:f}", "unit": proof.quantity.unit}
    return {
        "line": reliance.line,
        "form": proof.form,
        "number": proof.number,
        "date": proof.date,
        "country": proof.country,
        "item": proof.item,
        "quantity": quantity,
    }


def _step(step: Trace, words: Words | None) -> dict[str, object]:
    result = step.result.value if isinstance(step.result, Truth) else None
    return {
        "code": step.code,
        "sentence": step_sentence(step),
        "result": result,
        "figures": dict(step.figures),
        **({"words": step_sentence(step, words)} if words else {}),
        "children": [_step(child, words) for child in step.children],
    }
