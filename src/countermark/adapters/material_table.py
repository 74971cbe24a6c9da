"""The materials of a determination as rows of a table, the same in the terminal and on a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from countermark.adapters.catalogue import Words
from countermark.adapters.figures import number, shown_figures
from countermark.rules.determination import Determination, Trace


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """One material: its line, what it is, its value without the currency, where it stands."""

    line: str
    name: str
    code: str
    value: str
    standing: str
    foreign: bool
    deep: int
    """0 for a material of the good, 1 for a material of a material."""


@dataclass(frozen=True, slots=True)
class MaterialTable:
    """All the materials, and what the foreign ones come to where that is known."""

    columns: tuple[str, str, str, str, str]
    rows: tuple[MaterialRow, ...]
    total: str


def material_table(found: Determination, words: Words) -> MaterialTable | None:
    """The table, from the step of the trace that lists the materials; ``None`` without such a step."""
    step = materials_step(found)
    if step is None:
        return None
    listed = list(_listed(step, 0))
    currency = next((each.figures["currency"] for each, _ in listed if each.figures.get("currency")), "")
    value = (
        words.say("page.column_value_in", currency=currency) if currency else words.say("page.column_value")
    )
    columns = [words.say(f"page.column_{name}") for name in ("line", "name", "code", "standing")]
    rows = tuple(_row(each, deep, words) for each, deep in listed)
    return MaterialTable((columns[0], columns[1], columns[2], value, columns[3]), rows, _total(step, words))


def materials_step(found: Determination) -> Trace | None:
    children = found.trace.children if found.trace else ()
    return next((step for step in children if step.code == "materials"), None)


def _listed(step: Trace, deep: int) -> Iterator[tuple[Trace, int]]:
    for child in step.children:
        if child.code == "material":
            yield child, deep
            yield from _listed(child, deep + 1)


def _row(step: Trace, deep: int, words: Words) -> MaterialRow:
    figures = shown_figures(step.code, step.figures, words)
    standing = figures.get("standing", "")
    if figures.get("proof"):
        proof = words.say("page.proof", proof=figures["proof"], item=figures.get("item", ""))
        standing = f"{standing}: {proof}"
    return MaterialRow(
        line=figures.get("line", ""),
        name=figures.get("name", ""),
        code=figures.get("hs", ""),
        value=number(step.figures.get("value", ""), words) or "?",
        standing=standing,
        foreign=step.figures.get("standing") == "foreign",
        deep=deep,
    )


def _total(step: Trace, words: Words) -> str:
    figures = shown_figures(step.code, step.figures, words)
    if not figures.get("foreign"):
        return ""
    told = words.say("page.foreign_in_all", figures)
    return f"{told} {words.say('page.of_price', figures)}" if figures.get("pct") else told
