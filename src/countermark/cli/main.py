"""The ``countermark`` command: loads only what the command typed needs, so the base install stays small."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from importlib import import_module

import click

from countermark import __version__
from countermark.cli.exits import Exit

COMMANDS = {
    "agreements": ("agreements", "agreements_group"),
    "annul": ("issuing", "annul_command"),
    "answer": ("clearing", "answer_command"),
    "apply": ("issuing", "apply_command"),
    "bench": ("bench", "bench_command"),
    "bundle": ("bundle", "bundle_group"),
    "check": ("clearing", "check_command"),
    "corridor": ("corridor", "corridor_group"),
    "demo": ("demo", "demo_command"),
    "determine": ("determine", "determine_command"),
    "duplicate": ("issuing", "duplicate_command"),
    "export": ("issuing", "export_command"),
    "inquire": ("clearing", "inquire_command"),
    "issue": ("issuing", "issue_command"),
    "log": ("log", "log_group"),
    "party": ("party", "party_group"),
    "replace": ("issuing", "replace_command"),
    "rules": ("rules", "rules_group"),
    "serve": ("serve", "serve_command"),
    "state-rule": ("issuing", "state_rule_command"),
    "trust": ("trust", "trust_group"),
    "use": ("clearing", "use_command"),
    "verify": ("verify", "verify_command"),
}
NEEDS_DESK = ("django", "granian", "httpx", "rich")


class Commands(click.Group):
    """Finds a command's file when it is typed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name]
        try:
            command: click.Command = getattr(import_module(f"countermark.cli.{module}"), attribute)
        except ModuleNotFoundError as missing:
            if missing.name not in NEEDS_DESK:
                raise
            return click.Command(
                name, callback=_needs_desk(name), context_settings={"ignore_unknown_options": True}
            )
        return command


def _needs_desk(name: str) -> Callable[[], None]:
    def stop() -> None:
        raise click.UsageError(f"'{name}' needs the desk: pip install 'countermark[desk]'.")

    return stop


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="countermark")
def countermark() -> None:
    """Mutual electronic certification of origin of goods between countries."""


def main() -> None:
    """Run the command line; an unexpected failure is ours, is logged, and ends with code 1."""
    try:
        countermark(prog_name="countermark")
    except Exception as failure:
        if isinstance(failure, ModuleNotFoundError) and failure.name in NEEDS_DESK:
            print("Error: this needs the desk: pip install 'countermark[desk]'.", file=sys.stderr)
            sys.exit(Exit.BAD_INPUT)
        logging.getLogger("countermark").debug("failed", exc_info=True)
        print(
            f"Error: countermark failed ({type(failure).__name__}: {failure}). Nothing was half done; please report it.",
            file=sys.stderr,
        )
        sys.exit(Exit.OUR_FAILURE)
