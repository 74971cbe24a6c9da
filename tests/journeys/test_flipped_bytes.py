"""A thousand single bytes changed, one at a time, in everything a verifier reads: never is the answer yes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from countermark.casework.bundling import offline_bundle
from countermark.casework.show import signed_file
from countermark.trust.bundle import Bundle
from countermark.trust.errors import TrustError
from countermark.trust.report import Answer
from countermark.trust.roots import Roots, read_roots
from countermark.trust.verify import verify
from two_parties import Pair, SetClock, audit_folder, cattle, certify, copy_pair, plain

SEED = 20091120
IN_CERTIFICATE, IN_BUNDLE, IN_LOG = 400, 150, 450


@pytest.fixture(scope="module")
def pair(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    clock = SetClock()
    pair = copy_pair(founded, tmp_path_factory.mktemp("flipped"), clock, {})
    for name in ("by-lifts", "by-timber"):
        clock.wait(minutes=1)
        certify(pair.by, plain(name))
        pair.settle()
    clock.wait(minutes=1)
    certify(pair.by, cattle("flipped"))
    pair.settle()
    yield pair
    pair.close()


@pytest.fixture(scope="module")
def roots(pair: Pair) -> tuple[Roots, ...]:
    return tuple(
        each
        for party in (pair.by, pair.az)
        for each in read_roots((party.folder / "roots.json").read_bytes())
    )


def flipped(data: bytes, chance: random.Random) -> tuple[str, bytes]:
    place, flip = chance.randrange(len(data)), chance.randrange(1, 256)
    changed = bytearray(data)
    changed[place] ^= flip
    return f"byte {place} xor {flip}", bytes(changed)


def test_a_certificate_with_any_byte_changed_is_never_valid(pair: Pair, roots: tuple[Roots, ...]):
    bundle = Bundle.read(offline_bundle(pair.by.office, roots[0]))
    chance = random.Random(SEED)
    files = [signed_file(pair.by.office, f"BYAZ610100000{n}") for n in (1, 2, 3)]

    def answer(data: bytes) -> Answer:
        return verify(data, bundle, roots, now=pair.clock.now(), for_country="AZ", data_only=True).verdict

    assert [answer(file) for file in files] == [Answer.VALID] * 3
    for _ in range(IN_CERTIFICATE):
        where, changed = flipped(chance.choice(files), chance)
        assert answer(changed) is not Answer.VALID, where


def test_a_bundle_with_any_byte_changed_makes_nothing_valid(pair: Pair, roots: tuple[Roots, ...]):
    good = offline_bundle(pair.by.office, roots[0])
    file = signed_file(pair.by.office, "BYAZ6101000001")
    chance = random.Random(SEED)

    def answer(data: bytes) -> Answer | None:
        try:
            bundle = Bundle.read(data)
        except TrustError:
            return None
        return verify(file, bundle, roots, now=pair.clock.now(), for_country="AZ", data_only=True).verdict

    assert answer(good) is Answer.VALID
    for _ in range(IN_BUNDLE):
        where, changed = flipped(good, chance)
        assert answer(changed) is not Answer.VALID, where


def test_a_log_with_any_byte_of_any_file_changed_is_never_whole(pair: Pair):
    folder = pair.by.folder / "log"
    files = {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    kinds = {path.split("/")[0] + path.split("/")[1][:1] if "/" in path else path for path in files}
    assert kinds == {"checkpoint", "tile0", "tilee"} | {kind for kind in kinds if kind.startswith("content")}
    assert audit_folder(pair.by.folder, files.get).ok
    chance = random.Random(SEED)
    for n in range(IN_LOG):
        path = "checkpoint" if n % 3 == 0 else chance.choice(sorted(files))
        where, changed = flipped(files[path], chance)
        assert not audit_folder(pair.by.folder, (files | {path: changed}).get).ok, (path, where)


def test_a_log_with_any_file_missing_or_of_another_log_is_never_whole(pair: Pair):
    folders = [party.folder / "log" for party in (pair.by, pair.az)]
    files, others = (
        {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
        for folder in folders
    )
    for path in files:
        without = {name: data for name, data in files.items() if name != path}
        assert not audit_folder(pair.by.folder, without.get).ok, path
        if path in others:
            assert not audit_folder(pair.by.folder, (files | {path: others[path]}).get).ok, path
    assert not audit_folder(pair.by.folder, others.get).ok
