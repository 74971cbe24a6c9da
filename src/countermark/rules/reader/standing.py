"""How far an expression is decided by codes and figures alone."""

from __future__ import annotations

from typing import Any

from countermark.rules import nodes
from countermark.rules.nodes import Expression
from countermark.rules.reader.reading import Status
from countermark.rules.reader.tiles import nodes_of
from countermark.rules.selector import Described

_UNREAD = nodes.Manual | nodes.Pending
_ASKED = nodes.Process | nodes.NotOnly | nodes.Retain
_DECIDED = (
    nodes.ChangeOfClassification | nodes.AnyHeading | nodes.MaxForeignValue | nodes.ValueContent | nodes.MaxWeight
    | nodes.MinShare | nodes.WhollyObtainedGood | nodes.WhollyObtainedMaterials | nodes.OriginatingMaterials
    | nodes.ForeignWithinOriginating | nodes.SetRule | nodes.FromMaterials | nodes.Process | nodes.NotOnly | nodes.Retain
)  # fmt: skip


def status_of(rule: Expression) -> Status:
    """The status of a reading by its nodes."""
    found = nodes_of(rule)
    if any(isinstance(node, _UNREAD) for node in found):
        return Status.PARTIAL if any(isinstance(node, _DECIDED) for node in found) else Status.MANUAL
    asked = any(isinstance(node, _ASKED) or _named(node) for node in found)
    return Status.ATTESTED if asked else Status.EXACT


def _named(node: Any) -> bool:
    """Whether a node speaks of materials that no code tells."""
    if isinstance(node, nodes.MaxWeight) and node.measure != "net":
        return True
    held = (
        getattr(node, name, None)
        for name in ("materials", "excepted", "also_from", "only_from", "of", "on", "condition")
    )
    return any(_described(value) for value in held)


def _described(value: Any) -> bool:
    if isinstance(value, tuple):
        return any(_described(one) for one in value)
    if not isinstance(value, Described):
        return False
    return bool(value.named or value.prop or value.same) or _described((*value.codes, *value.excepted))
