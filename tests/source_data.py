"""Where the published data for tests lie: real rule lists, HS editions, worked examples. They are not in the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

FOLDER_VARIABLE = "COUNTERMARK_DATA"
_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data"


def data_file(name: str) -> Path:
    """A file of the data folder (``$COUNTERMARK_DATA``, else ``../shared/data``); skips the test if it is not there."""
    folder = Path(os.environ.get(FOLDER_VARIABLE) or _BESIDE)
    path = folder / name
    if not path.is_file():
        pytest.skip(f"{name} is not in the data folder; name the folder in {FOLDER_VARIABLE}")
    return path
