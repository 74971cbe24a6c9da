"""The step of the trace that shows the materials: who each comes from, at what value, and what is foreign in all."""

from __future__ import annotations

from countermark.rules.amounts import HUNDRED, ZERO, plain
from countermark.rules.determination import Trace
from countermark.rules.facts import Facts, Line
from countermark.rules.shares import share
from countermark.rules.truth import NO, YES


def material_steps(facts: Facts) -> Trace:
    """The materials, and the value of the foreign ones where all of it is known."""
    if facts.blank:
        return Trace("materials_blank", None)
    figures = {"count": str(len(facts.lines))}
    foreign = [line for line in facts.lines if line.foreign is not NO and line.counted]
    known = all(line.foreign is YES and line.value is not None for line in foreign)
    if known and facts.price is not None:
        total = sum((line.value for line in foreign if line.value is not None), ZERO)
        figures |= {
            "foreign": plain(total),
            "base": plain(facts.price.amount),
            "currency": facts.price.currency,
        }
        if facts.price.amount:
            figures["pct"] = share(total * HUNDRED, facts.price.amount)
    return Trace("materials", None, figures, (*(_line(line, facts) for line in facts.lines), *facts.remarks))


def _line(line: Line, facts: Facts) -> Trace:
    figures = {
        "line": line.label,
        "name": line.name,
        "hs": line.digits,
        "standing": line.standing.code,
    }
    if line.value is not None and facts.price is not None:
        figures |= {"value": plain(line.value), "currency": facts.price.currency}
    if line.proof is not None:
        figures |= {"proof": f"{line.proof.form} {line.proof.number}", "item": str(line.proof.item)}
    if not line.tested or not line.counted:
        figures["apart"] = "code" if line.counted else "value" if line.tested else "all"
    return Trace("material", None, figures, line.steps)
