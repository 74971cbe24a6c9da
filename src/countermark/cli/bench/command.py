"""The benchmarks, as a table or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from countermark.cli.bench import pure, whole
from countermark.cli.bench.timing import REFERENCE, Result, measure

NAMES = (*pure.JOBS, *whole.JOBS)
PURE_ROUNDS = 9


@click.command()
@click.option(
    "--job", "names", multiple=True, type=click.Choice(NAMES), help="Only this one; may be repeated."
)
@click.option(
    "--rounds", type=click.IntRange(1, 50), default=3, show_default=True, help="Of the jobs with databases."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def bench_command(names: tuple[str, ...], rounds: int, as_json: bool) -> None:
    """Time the main jobs, each as a ratio to one raw signature verification timed in the same run."""
    results = []
    for result in _results(names or NAMES, rounds):
        results.append(result)
        if not as_json:
            click.echo(f"  {result.job}", err=True)
    if as_json:
        click.echo(json.dumps({"results": [result.plain for result in results]}, indent=2))
    else:
        _show(results)


def _results(names: tuple[str, ...], rounds: int) -> Iterator[Result]:
    for name, (make, target) in pure.JOBS.items():
        if name in names:
            yield measure(name, make(), PURE_ROUNDS, target=target)
    for name, (prepare, target) in whole.JOBS.items():
        if name in names:
            with whole.pair() as both:
                yield measure(name, prepare(both, rounds), rounds, costs=name in whole.COSTS, target=target)


def _show(results: list[Result]) -> None:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="dim", caption=f"reference: {REFERENCE}")
    for column in ("job", "ratio", "from", "to", "per second", "target"):
        table.add_column(column, justify="left" if column in ("job", "target") else "right")
    for r in results:
        ratio = f"{r.ratio:.1f} verifications" if r.costs else f"{r.ratio:.2f}"
        table.add_row(r.job, ratio, f"{r.least:.2f}", f"{r.most:.2f}", f"{r.rate_per_s:,.0f}", r.target)
    Console(highlight=False).print(table)
