"""A determination as JSON, the same on the command line and in the HTTP API."""

from __future__ import annotations

from countermark.adapters.words import question_sentence, reason, step_sentence
from countermark.rules.determination import Determination, Reliance, Trace, Truth


def determination_json(found: Determination) -> dict[str, object]:
    """A determination with its reasoning: codes, figures and English sentences."""
    return {
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
            }
            for asked in found.questions
        ],
        "trace": _step(found.trace) if found.trace else None,
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


def _step(step: Trace) -> dict[str, object]:
    result = step.result.value if isinstance(step.result, Truth) else None
    return {
        "code": step.code,
        "sentence": step_sentence(step),
        "result": result,
        "figures": dict(step.figures),
        "children": [_step(child) for child in step.children],
    }
