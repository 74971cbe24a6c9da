"""A determination as one HTML page that stands by itself: no script, nothing fetched, every word escaped.

Results are told in words and not by colour alone; printed, the whole tree is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from countermark.adapters.catalogue import Words
from countermark.adapters.figures import printable
from countermark.adapters.material_table import material_table, materials_step
from countermark.adapters.words import (
    condition_sentence,
    deciding_step,
    head_rows,
    question_sentence,
    reliance_sentence,
    step_parts,
    truth_word,
    verdict_line,
)
from countermark.rules.determination import Determination, Trace, Verdict

_CLASSES = {
    Verdict.ORIGINATING: "yes",
    Verdict.NOT_ORIGINATING: "no",
    Verdict.UNDETERMINED: "unknown",
}
_STYLE = """
:root { color-scheme: light; --yes: #14532d; --no: #8f1313; --unknown: #704200; --line: #c4c9d0; --soft: #f4f5f7; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; max-width: 60rem; font: 16px/1.5 "Noto Sans", "Segoe UI", Arial, sans-serif;
  color: #16191d; background: #fff; overflow-wrap: anywhere; }
h1 { font-size: 1.1rem; font-weight: 600; margin: 0 0 1rem; color: #4a515a; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 0 0 .75rem; }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
section { margin-bottom: 3rem; }
.verdict { margin: 0 0 1rem; padding: .7rem 1rem; border: 1px solid; border-left-width: .5rem; font-size: 1.15rem;
  font-weight: 600; }
.verdict.yes { color: var(--yes); background: #effaf2; }
.verdict.no { color: var(--no); background: #fdf1f1; }
.verdict.unknown { color: var(--unknown); background: #fdf6e8; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0; }
dt { color: #4a515a; }
dd { margin: 0; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
caption { text-align: left; font-weight: 700; font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .5rem; border-bottom: 1px solid var(--line); }
th { background: var(--soft); }
th[scope=row] { background: none; font-weight: 400; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.deep { padding-left: 1.5rem; }
tr.foreign td, tr.foreign th { background: #fff9ea; }
.total { margin: .5rem 0 0; font-weight: 600; }
ul.tree, ul.tree ul { list-style: none; margin: 0; padding: 0; }
ul.tree ul { margin-left: .6rem; padding-left: 1rem; border-left: 1px solid var(--line); }
ul.tree li { margin: .35rem 0; }
summary { cursor: pointer; }
.leaf { display: block; padding-left: 1.05rem; }
.figures { display: block; padding-left: 1.05rem; color: #3c434b; font-size: .92rem; }
.mark { display: inline-block; padding: 0 .45rem; border: 1px solid; border-radius: .25rem; font-size: .82rem;
  font-weight: 700; }
.mark.yes { color: var(--yes); }
.mark.no { color: var(--no); }
.mark.unknown { color: var(--unknown); }
.mark.aside { color: #4a515a; font-weight: 400; }
.decides { background: #eaf1fb; outline: .3rem solid #eaf1fb; }
.decides strong { color: #12417c; font-size: .85rem; white-space: nowrap; }
code { font: .85em "Noto Sans Mono", Consolas, monospace; color: #4a515a; }
@media (max-width: 40rem) { dl { display: block; } dt { margin-top: .4rem; } body { padding: .75rem; } }
@media print { body { max-width: none; padding: 0; font-size: 10.5pt; } section { break-after: page; }
  section:last-of-type { break-after: auto; } tr, li > .leaf { break-inside: avoid; } }
"""


def determination_page(pairs: Iterable[tuple[str, Determination]], words: Words) -> str:
    """The page for goods, each with its title and determination."""
    heading = escape(words.say("page.title"))
    sections = "\n".join(
        "\n".join(_section(n, title, found, words)) for n, (title, found) in enumerate(pairs, 1)
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{words.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{heading}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{heading}</h1>\n"
        f"{sections}\n</main>\n</body>\n</html>\n"
    )


def _section(n: int, title: str, found: Determination, words: Words) -> Iterator[str]:
    yield f'<section aria-labelledby="good-{n}">'
    yield f'<h2 id="good-{n}">{escape(printable(title))}</h2>'
    yield f'<p class="verdict {_CLASSES[found.verdict]}">{escape(verdict_line(found, words))}</p>'
    asked = [
        f"{escape(question_sentence(each, words))} <code>{escape(printable(each.id))}</code>"
        for each in found.questions
    ]
    yield from _listed(words.say("page.questions"), asked)
    yield "<dl>"
    for name, told in head_rows(found, words):
        yield f"<dt>{escape(name)}</dt><dd>{escape(told)}</dd>"
    yield "</dl>"
    yield from _materials(found, words)
    yield from _reasoning(found, words)
    yield from _listed(
        words.say("page.relied_on"), [escape(reliance_sentence(each, words)) for each in found.relied_on]
    )
    yield from _listed(
        words.say("page.conditions"), [escape(condition_sentence(each, words)) for each in found.conditions]
    )
    yield "</section>"


def _listed(title: str, marked_up: list[str]) -> Iterator[str]:
    if marked_up:
        yield f"<h3>{escape(title)}</h3>\n<ul>"
        yield from (f"<li>{each}</li>" for each in marked_up)
        yield "</ul>"


def _materials(found: Determination, words: Words) -> Iterator[str]:
    table = material_table(found, words)
    if table is None or not table.rows:
        return
    yield f"<table>\n<caption>{escape(words.say('page.materials'))}</caption>\n<thead>\n<tr>"
    for n, column in enumerate(table.columns):
        number = ' class="number"' if n in (0, 3) else ""
        yield f'<th scope="col"{number}>{escape(column)}</th>'
    yield "</tr>\n</thead>\n<tbody>"
    for row in table.rows:
        foreign = ' class="foreign"' if row.foreign else ""
        deep = ' class="deep"' if row.deep else ""
        yield (
            f'<tr{foreign}><td class="number">{escape(row.line)}</td><th scope="row"{deep}>{escape(row.name)}</th>'
            f'<td>{escape(row.code)}</td><td class="number">{escape(row.value)}</td><td>{escape(row.standing)}</td></tr>'
        )
    yield "</tbody>\n</table>"
    if table.total:
        yield f'<p class="total">{escape(table.total)}</p>'


def _reasoning(found: Determination, words: Words) -> Iterator[str]:
    if found.trace is None:
        return
    steps = [step for step in found.trace.children if step is not materials_step(found) or not step.children]
    if not steps:
        return
    yield f'<h3>{escape(words.say("page.reasoning"))}</h3>\n<ul class="tree">'
    shown = _Shown(deciding_step(found), _CLASSES[found.verdict], words)
    for step in steps:
        yield from _step(step, shown)
    yield "</ul>"


@dataclass(frozen=True, slots=True)
class _Shown:
    """What each step is shown by: the step that decides, the result that speaks for the verdict, the language."""

    decides: Trace | None
    result: str
    words: Words

    @property
    def note(self) -> str:
        entry = "page.open" if self.result == "unknown" else "page.decides"
        return f" <strong>({escape(self.words.say(entry))})</strong>"


def _step(step: Trace, shown: _Shown) -> Iterator[str]:
    told, *figures = step_parts(step, shown.words)
    mark = ""
    if step.result:
        # Only what speaks for the verdict is coloured: a "no" on the way to a "yes" is no alarm.
        tone = step.result.value if step.result.value == shown.result else "aside"
        mark = f'<span class="mark {tone}">{escape(truth_word(step.result, shown.words))}</span> '
    sentence = f"{mark}{escape(told)}{shown.note if step is shown.decides else ''}"
    beside = f'<span class="figures">{escape("; ".join(figures))}</span>' if figures else ""
    yield '<li class="decides">' if step is shown.decides else "<li>"
    if step.children:
        yield f"<details open><summary>{sentence}</summary>{beside}\n<ul>"
        for child in step.children:
            yield from _step(child, shown)
        yield "</ul></details>"
    else:
        yield f'<span class="leaf">{sentence}</span>{beside}'
    yield "</li>"
