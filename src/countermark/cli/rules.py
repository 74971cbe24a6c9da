"""``countermark rules``: the rules of origin themselves, apart from any application."""

from __future__ import annotations

import click

from countermark.cli.rule_cases import test_command


@click.group("rules")
def rules_group() -> None:
    """Rules of origin: run the cases of experts."""


rules_group.add_command(test_command)
