"""Why a reading and the class expression beside its text differ: one sentence a text, written by a person who looked."""

from __future__ import annotations

from pathlib import Path

import yaml

DISAGREEMENTS = Path(__file__).with_name("disagreements.yaml")


def explanations() -> dict[str, str]:
    """The sentence for each text that differs, by the key that ``reading.oracle.key_of`` gives the text."""
    return yaml.safe_load(DISAGREEMENTS.read_text(encoding="utf-8")) or {}
