"""A determination as lines for a terminal: the result first, then what is open, the materials, and the reasoning as a tree.

Lines carry how they are to be toned and how far their continuation hangs; colour and width are the terminal's matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from countermark.adapters.catalogue import Words
from countermark.adapters.figures import printable
from countermark.adapters.material_table import MaterialTable, material_table, materials_step
from countermark.adapters.words import (
    condition_sentence,
    deciding_step,
    head_rows,
    question_sentence,
    reliance_sentence,
    step_sentence,
    truth_word,
    verdict_line,
)
from countermark.rules.determination import Determination, Trace, Verdict

WIDEST_NAME = 60
"""Columns for a material's name; a longer name pushes the rest of its own line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line, its tone (``title``, ``label``, a verdict or empty), and what its continuations begin with."""

    text: str
    tone: str = ""
    hang: str = ""


def determination_lines(title: str, found: Determination, words: Words) -> Iterator[Line]:
    """The whole determination of one good."""
    yield Line(printable(title), "title")
    yield Line(verdict_line(found, words), str(found.verdict))
    for question in found.questions:
        told = f"? {question_sentence(question, words)} [{printable(question.id)}]"
        yield Line(told, "question", "  ")
    rows = list(head_rows(found, words))
    width = max(len(name) for name, _ in rows)
    for name, told in rows:
        yield Line(f"{name:<{width}}  {told}", "", " " * (width + 2))
    table = material_table(found, words)
    if table is not None and table.rows:
        yield Line("")
        yield from _table(table, words)
    if found.trace is not None:
        yield Line("")
        yield Line(words.say("page.reasoning"), "label")
        yield from _tree(found, words)
    if found.relied_on:
        told_all = [reliance_sentence(reliance, words) for reliance in found.relied_on]
        yield from _listed(words.say("page.relied_on"), told_all, "- ")
    if found.conditions:
        told_all = [condition_sentence(condition, words) for condition in found.conditions]
        yield from _listed(words.say("page.conditions"), told_all, "- ")


def _listed(title: str, told: list[str], mark: str) -> Iterator[Line]:
    yield Line("")
    yield Line(title, "label")
    for each in told:
        yield Line(f"{mark}{each}", "", " " * len(mark))


def _table(table: MaterialTable, words: Words) -> Iterator[Line]:
    line, name, code, value, standing = table.columns
    named = [f"{'  ' * row.deep}{row.name}" for row in table.rows]
    values = _aligned([row.value for row in table.rows], words.say("page.decimal_mark"))
    lines = max(len(line), *(len(row.line) for row in table.rows))
    names = min(WIDEST_NAME, max(len(name), *map(len, named)))
    codes = max(len(code), *(len(row.code) for row in table.rows))
    amounts = max(len(value), *map(len, values))
    yield Line(words.say("page.materials"), "label")
    yield Line(f"{line:>{lines}}  {name:<{names}}  {code:<{codes}}  {value:>{amounts}}  {standing}")
    hang = " " * (lines + 2)
    for row, shown, amount in zip(table.rows, named, values, strict=True):
        told = (
            f"{row.line:>{lines}}  {shown:<{names}}  {row.code:<{codes}}  {amount:>{amounts}}  {row.standing}"
        )
        yield Line(told, "foreign" if row.foreign else "", hang)
    if table.total:
        yield Line(table.total)


def _aligned(values: list[str], mark: str) -> list[str]:
    """Amounts padded on the right so that their decimal marks stand below each other."""
    parts = [len(value.partition(mark)[2]) for value in values]
    widest = max(parts, default=0)
    padded = []
    for value, part in zip(values, parts, strict=True):
        missing = widest - part + (1 if widest and not part else 0)
        padded.append(value + " " * missing if value else "")
    return padded


def _tree(found: Determination, words: Words) -> Iterator[Line]:
    """The steps below the root, which the head already tells; materials stand in their table."""
    root = found.trace
    if root is None:
        return
    shown = tuple(step for step in root.children if step is not materials_step(found) or not step.children)
    decides = deciding_step(found)
    yield from _branches(shown, "", decides, found, words)


def _branches(
    steps: tuple[Trace, ...], indent: str, decides: Trace | None, found: Determination, words: Words
) -> Iterator[Line]:
    for n, step in enumerate(steps, 1):
        last = n == len(steps)
        below = indent + ("   " if last else "│  ")
        mark = f"[{truth_word(step.result, words)}] " if step.result else ""
        text = f"{indent}{'└─' if last else '├─'} {mark}{step_sentence(step, words)}"
        hang = below + ("│  " if step.children else "   ")
        if step is decides:
            open_yet = found.verdict is Verdict.UNDETERMINED
            text = f"{text}  <== {words.say('page.open' if open_yet else 'page.decides')}"
            yield Line(text, str(found.verdict), hang)
        else:
            yield Line(text, "", hang)
        yield from _branches(step.children, below, decides, found, words)
