"""``countermark rules``: the rules of origin themselves, apart from any application."""

from __future__ import annotations

import click

from countermark.cli.rule_cases import test_command
from countermark.cli.rule_reading import read_command


@click.group("rules")
def rules_group() -> None:
    """Rules of origin: read their texts, run the cases of experts."""


rules_group.add_command(read_command)
rules_group.add_command(test_command)
