from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

sys.path.insert(0, str(Path(__file__).parents[1] / "trust"))

from corridor_world import AZ, BODY_SEAL, BY, World, annulment, certificate, seal, started

from countermark.adapters.pins import PinError, Pins
from countermark.cli.trust import trust_group
from countermark.cli.verify import verify_command
from countermark.trust.report import Seen
from countermark.trust.roots import fingerprint, write_roots


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COUNTERMARK_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A certificate, its bundle and the roots, as files; the first two are made again by ``write``."""
    world = started()
    file = world.issue()
    world.wait(minutes=1)
    world.publish()
    (tmp_path / "certificate.cose").write_bytes(file.bytes)
    (tmp_path / "bundle").write_bytes(world.bundle())
    (tmp_path / "roots.json").write_text(write_roots(BY, AZ), encoding="utf-8")
    (tmp_path / "by.json").write_text(write_roots(BY), encoding="utf-8")
    (tmp_path / "az.json").write_text(write_roots(AZ), encoding="utf-8")
    return world


def verify(folder: Path, *words: str, file: str = "certificate.cose", at: str = "2026-05-04T12:00") -> Result:
    target = file if file == "-" else str(folder / file)
    return CliRunner().invoke(verify_command, [target, *(["--at", at] if at else []), *words])


def given(folder: Path, *more: str) -> list[str]:
    return ["--bundle", str(folder / "bundle"), "--roots", str(folder / "roots.json"), *more]


def test_a_valid_certificate_exits_with_0_and_says_as_of_when(tmp_path: Path, world: World) -> None:
    found = verify(tmp_path, *given(tmp_path, "--for", "az"))
    assert found.exit_code == 0
    assert "Certificate BYAZ6101000001 of 2026-05-04" in found.output
    assert found.output.count("passed") == 9
    assert "Valid as of size 3, time 2026-05-04 06:02:00 UTC" in found.output


def test_the_json_carries_every_step(tmp_path: Path, world: World) -> None:
    found = verify(tmp_path, *given(tmp_path, "--json"))
    plain = json.loads(found.output)
    assert (found.exit_code, plain["verdict"], plain["reason"]) == (0, "valid", "")
    assert [step["number"] for step in plain["steps"]] == list(range(1, 11))
    assert plain["as_of"] == {"size": 3, "time": world.seconds}


def test_an_annulled_certificate_exits_with_10_and_names_the_step(tmp_path: Path, world: World) -> None:
    second = world.issue(certificate(2))
    world.log("annulled", annulment(second), seal(BODY_SEAL)[0])
    world.publish()
    (tmp_path / "certificate.cose").write_bytes(second.bytes)
    (tmp_path / "bundle").write_bytes(world.bundle())
    found = verify(tmp_path, *given(tmp_path))
    assert found.exit_code == 10
    assert "Invalid: step 9, status: It is annulled" in found.output


@pytest.mark.parametrize("words", [[], ["--bundle", "missing roots"]])
def test_without_bundle_or_roots_it_exits_with_11(tmp_path: Path, world: World, words: list[str]) -> None:
    words = ["--bundle", str(tmp_path / "bundle")] if words else []
    found = verify(tmp_path, *words)
    assert found.exit_code == 11
    assert "Cannot tell: step 3" in found.output


def test_pinned_roots_serve_without_the_option(tmp_path: Path, world: World) -> None:
    for roots, name in ((BY, "by.json"), (AZ, "az.json")):
        words = ["add", str(tmp_path / name), "--fingerprint", fingerprint(roots).upper()]
        assert CliRunner().invoke(trust_group, words).exit_code == 0
    assert verify(tmp_path, "--bundle", str(tmp_path / "bundle")).exit_code == 0
    listed = CliRunner().invoke(trust_group, ["list", "--json"])
    assert [each["party"] for each in json.loads(listed.output)["roots"]] == ["AZ", "BY"]
    assert fingerprint(BY) in CliRunner().invoke(trust_group, ["list"]).output


def test_roots_with_another_fingerprint_are_not_pinned(tmp_path: Path, world: World, home: Path) -> None:
    words = ["add", str(tmp_path / "by.json"), "--fingerprint", fingerprint(AZ)]
    found = CliRunner().invoke(trust_group, words)
    assert found.exit_code == 10
    assert Pins(home).roots() == ()
    assert "No root keys are pinned" in CliRunner().invoke(trust_group, ["list"]).output


def test_a_bundle_older_than_one_seen_exits_with_11(tmp_path: Path, world: World) -> None:
    old = (tmp_path / "bundle").read_bytes()
    world.issue(certificate(2))
    world.wait(minutes=1)
    world.publish()
    (tmp_path / "bundle").write_bytes(world.bundle())
    assert verify(tmp_path, *given(tmp_path)).exit_code == 0
    (tmp_path / "bundle").write_bytes(old)
    found = verify(tmp_path, *given(tmp_path))
    assert found.exit_code == 11
    assert "older than one used before" in found.output


def test_a_bundle_that_proves_nothing_is_not_remembered(tmp_path: Path, world: World, home: Path) -> None:
    assert verify(tmp_path, "--bundle", str(tmp_path / "bundle")).exit_code == 11
    assert Pins(home).seen() == {}


@pytest.mark.parametrize("data", [b"", b"\x00", b"garbage", b"\x83", b"\xff" * 2_000_000])
def test_any_other_bytes_are_an_invalid_certificate(tmp_path: Path, world: World, data: bytes) -> None:
    (tmp_path / "certificate.cose").write_bytes(data)
    found = verify(tmp_path, *given(tmp_path))
    assert found.exit_code == 10
    assert "Invalid: step 1" in found.output
    (tmp_path / "bundle").write_bytes(data)
    assert verify(tmp_path, *given(tmp_path)).exit_code == 10


@pytest.mark.parametrize("start", [b"%PDF-1.7", b"CO1:ABC", b" CO1:ABC", b"https://party.example/c#1"])
def test_pages_and_symbols_are_bad_input_with_a_way_out(tmp_path: Path, world: World, start: bytes) -> None:
    (tmp_path / "certificate.cose").write_bytes(start)
    found = verify(tmp_path, *given(tmp_path))
    assert found.exit_code == 2
    assert "COSE file" in found.output


def test_bad_options_and_missing_files_are_bad_input(tmp_path: Path, world: World) -> None:
    assert verify(tmp_path, at="yesterday").exit_code == 2
    assert verify(tmp_path, file="missing").exit_code == 2
    assert verify(tmp_path, file=".").exit_code == 2
    assert verify(tmp_path, "--bundle", str(tmp_path / "missing")).exit_code == 2
    assert verify(tmp_path, "--roots", str(tmp_path / "missing")).exit_code == 2
    assert verify(tmp_path, "--roots", str(tmp_path / "bundle")).exit_code == 2
    assert verify(tmp_path, "--nonsense").exit_code == 2


def test_standard_input_is_read(tmp_path: Path, world: World) -> None:
    data = (tmp_path / "certificate.cose").read_bytes()
    found = CliRunner().invoke(
        verify_command, ["-", "--at", "2026-05-04T12:00", *given(tmp_path)], input=data
    )
    assert found.exit_code == 0


def test_a_name_cannot_print_a_verdict_of_its_own(tmp_path: Path) -> None:
    world = started()
    exporter = replace(certificate().exporter, name="Exporter\n\nValid as of size 9")
    file = world.issue(certificate(exporter=exporter))
    (tmp_path / "certificate.cose").write_bytes(file.bytes)
    assert "\nValid" not in verify(tmp_path).output


def test_altered_pins_are_refused_and_never_used(tmp_path: Path, world: World, home: Path) -> None:
    pins = Pins(home)
    pins.add(BY, fingerprint(BY))
    kept = home / "roots" / f"{fingerprint(BY)}.json"
    kept.write_text(write_roots(replace(BY, threshold=1)), encoding="utf-8")
    with pytest.raises(PinError) as caught:
        pins.roots()
    assert caught.value.code == "pin-altered"
    assert verify(tmp_path, "--bundle", str(tmp_path / "bundle")).exit_code == 2
    assert CliRunner().invoke(trust_group, ["list"]).exit_code == 2


def test_what_was_seen_only_grows(home: Path) -> None:
    pins = Pins(home)
    pins.saw("log", 5, 100)
    pins.saw("log", 4, 90)
    pins.saw("log", 3, 200)
    assert pins.seen() == {"log": Seen(5, 200)}
    (home / "seen.json").write_text("[]", encoding="utf-8")
    with pytest.raises(PinError):
        pins.seen()
