"""Try the answers to the open yes-or-no questions, so that none is asked whose answer cannot change the verdict.

Joining node by node treats one blank in two nodes as two blanks. Where few questions are open, every combination
of answers is decided: if all agree the verdict stands without asking, and a question whose answer never makes a
difference is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from typing import Protocol

from countermark.goods.material import Answer
from countermark.rules.determination import Truth
from countermark.rules.facts import Questions
from countermark.rules.truth import UNKNOWN

MOST_TRIED = 6
"""Open questions up to which all combinations of answers are decided."""
_YES_OR_NO = frozenset(
    {
        "process", "row_ex", "material_origin", "material_wholly", "earlier_stage", "attestation", "named", "same",
        "prop", "good_named", "good_same", "good_prop", "heavier_of", "kits", "measure", "formula",
        "operation_beyond", "wholly_likely",
    }
)  # fmt: skip


class Undecided(Protocol):
    """A verdict and the questions that are open."""

    @property
    def truth(self) -> Truth: ...
    @property
    def asks(self) -> Questions: ...


def settle(
    found: Undecided,
    answers: Mapping[str, Answer],
    decide: Callable[[Mapping[str, Answer]], Undecided],
    most: int = MOST_TRIED,
) -> tuple[Truth, Questions]:
    """The verdict all answers lead to, or unknown with the questions that matter.

    An answer may open further questions; these are tried too, as long as there are no more than ``most`` in all.
    """
    open_ids = list(
        dict.fromkeys(ask.id for ask in found.asks if ask.code in _YES_OR_NO and ask.id not in answers)
    )
    if not open_ids or len(open_ids) > most:
        return found.truth, found.asks
    worlds = {}
    for choice in product((Answer.YES, Answer.NO), repeat=len(open_ids)):
        given = {**answers, **dict(zip(open_ids, choice, strict=True))}
        world = decide(given)
        truth = world.truth
        if truth is UNKNOWN:
            truth, _ = settle(world, given, decide, most - len(open_ids))
        worlds[choice] = truth
    truths = set(worlds.values())
    if len(truths) == 1 and UNKNOWN not in truths:
        return truths.pop(), ()
    idle = {id for n, id in enumerate(open_ids) if not _matters(n, worlds)}
    if UNKNOWN in truths:
        return UNKNOWN, tuple(ask for ask in found.asks if ask.id not in idle)
    return UNKNOWN, tuple(ask for ask in found.asks if ask.id in set(open_ids) - idle)


def _matters(position: int, worlds: Mapping[tuple[Answer, ...], Truth]) -> bool:
    """Whether some verdict turns on this answer alone."""
    return any(
        truth is not worlds[(*choice[:position], Answer.NO, *choice[position + 1 :])]
        for choice, truth in worlds.items()
    )
