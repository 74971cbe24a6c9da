"""Each test of the commands gets its own copy of two connected parties, and its own pins."""

from __future__ import annotations

import shutil

import pytest
from party_folders import Parties, make_parties


@pytest.fixture(scope="session")
def first_parties(tmp_path_factory):
    return make_parties(tmp_path_factory.mktemp("parties"))


@pytest.fixture
def parties(first_parties, tmp_path):
    return Parties(
        shutil.copytree(first_parties.by, tmp_path / "by"), shutil.copytree(first_parties.az, tmp_path / "az")
    )


@pytest.fixture(autouse=True)
def pins(tmp_path, monkeypatch):
    monkeypatch.setenv("COUNTERMARK_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("COUNTERMARK_PARTY", raising=False)
