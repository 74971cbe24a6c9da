"""How the demo looks: two tables that grow as the work goes on, and lines for what happens only once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, OverflowMethod
from rich.live import Live
from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from countermark.cli.demo.acts import Line
from countermark.cli.demo.clearing import Cleared

GOODS_WIDTH = 34
WIDE = 110
"""From so many columns on there is room for the goods' names."""
NARROW = ("example", "box 9", "certificate", "declaration", "outcome")
"""Columns that are never wrapped."""
COLOURS = {"same": "green", "slip": "green", "excess": "yellow", "ask": "yellow", "ground": "red"}


class Stage:
    """Everything printed goes through here; without a terminal it is plain text."""

    def __init__(self) -> None:
        self.console = Console(highlight=False)
        self.lines: list[Line] = []

    def say(self, text: str, style: str = "") -> None:
        self.console.print(text, style=style or None, soft_wrap=True)

    def heading(self, text: str) -> None:
        self.console.print()
        self.console.print(Text(text, style="bold"))

    @contextmanager
    def certifying(self) -> Iterator[Live]:
        """While certificates are made the table is shown growing; at the end it stands."""
        with Live(console=self.console, refresh_per_second=8, transient=False) as live:
            yield live
            live.update(self._table())

    def tell(self, line: Line, live: Live) -> None:
        if line not in self.lines:
            self.lines.append(line)
        busy = Spinner("dots", text=f"{line.name}: {line.came_to or 'applying'}")
        live.update(Group(self._table(), busy))

    def cleared(self, rows: Iterable[Cleared]) -> None:
        table = _table("declaration", "certificate", "outcome", "differences", "used")
        for row in rows:
            outcome = Text(row.outcome, style=COLOURS[row.outcome])
            table.add_row(
                row.name.removesuffix(".yaml"), row.number, outcome, row.differences, row.used or "-"
            )
        self.console.print(table)

    @contextmanager
    def progress(self, what: str, total: int) -> Iterator[Progress]:
        columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=self.console) as progress:
            progress.add_task(what, total=total)
            yield progress

    def ending(self, good: bool, text: str) -> None:
        self.console.print(Panel(text, border_style="green" if good else "red", expand=False))

    def _table(self) -> Table:
        wide = self.console.width >= WIDE
        table = _table("example", *(("goods",) if wide else ()), "origin", "box 9", "certificate")
        for line in self.lines:
            table.add_row(
                line.name.removesuffix(".yaml"),
                *((line.goods,) if wide else ()),
                Text(line.came_to, style="" if line.number else "yellow"),
                line.box9 or "-",
                Text(line.number or "-", style="green" if line.number else ""),
            )
        return table


def _table(*columns: str) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="dim", expand=False)
    for column in columns:
        kept = column in NARROW
        width = GOODS_WIDTH if column == "goods" else None
        overflow: OverflowMethod = "ellipsis" if column == "goods" else "fold"
        table.add_column(column, overflow=overflow, no_wrap=kept or bool(width), max_width=width)
    return table
