"""The data folder for the commands of this folder: a plain sentence where a test would be skipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from reading.corpus import RULES
from source_data import data_file


def rules_file() -> Path:
    """The published rules; ends the command if they are not there."""
    try:
        return data_file(RULES)
    except pytest.skip.Exception as absent:
        raise SystemExit(str(absent)) from absent
