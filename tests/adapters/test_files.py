"""The log's files: old or new and never a part, whoever writes at the same time."""

from __future__ import annotations

import hashlib
import stat
import threading
from pathlib import Path

import pytest

from countermark.adapters.files import FileTiles, write_durably


@pytest.fixture
def tiles(tmp_path: Path) -> FileTiles:
    return FileTiles(tmp_path / "log")


def test_staged_under_its_hash_then_given_its_name(tiles: FileTiles):
    staged = tiles.stage(b"tile")
    assert staged == hashlib.sha256(b"tile").hexdigest()
    assert tiles.read("tile/0/000.p/5") is None
    tiles.install("tile/0/000.p/5", staged)
    assert tiles.read("tile/0/000.p/5") == b"tile"
    assert list(tiles.staging.iterdir()) == []


def test_every_step_is_harmless_when_done_again(tiles: FileTiles):
    staged = tiles.stage(b"tile")
    assert tiles.stage(b"tile") == staged
    for _ in range(2):
        tiles.install("tile/0/000", staged)
    assert tiles.read("tile/0/000") == b"tile"
    for _ in range(2):
        tiles.remove("tile/0/000")
    assert tiles.read("tile/0/000") is None


def test_what_is_no_file_reads_as_nothing(tiles: FileTiles):
    tiles.publish("checkpoint", b"note")
    tiles.install("tile/0/000.p/5", tiles.stage(b"tile"))
    for path in ("nothing", "checkpoint/below", "tile", "tile/0/000.p", "tile/0/000.p/"):
        assert tiles.read(path) is None


def test_a_failed_write_leaves_the_old_file_and_no_part(tmp_path: Path):
    target = tmp_path / "checkpoint"
    write_durably(target, b"old")
    with pytest.raises(TypeError):
        write_durably(target, "not bytes")  # type: ignore[arg-type]
    assert target.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["checkpoint"]


def test_a_secret_is_never_readable_by_others_not_even_while_it_is_written(tmp_path: Path):
    write_durably(tmp_path / "key", b"secret", 0o600)
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def together(*work: object) -> list[BaseException]:
    failed: list[BaseException] = []

    def run(each: object) -> None:
        try:
            each()  # type: ignore[operator]
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(each,)) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


def test_threads_that_publish_one_file_never_show_a_part_of_it(tiles: FileTiles):
    """The worker and a request that brings a cosignature both write the checkpoint."""
    contents = {bytes([n]) * 50_000 for n in range(4)}
    tiles.publish("checkpoint", next(iter(contents)))
    seen: set[bytes] = set()

    def write(data: bytes) -> None:
        for _ in range(40):
            tiles.publish("checkpoint", data)

    def read() -> None:
        for _ in range(400):
            seen.add(tiles.read("checkpoint") or b"")

    failed = together(read, *(lambda data=data: write(data) for data in contents))
    assert failed == []
    assert seen <= contents
    assert [file.name for file in tiles.folder.iterdir()] == ["checkpoint"]


def test_sequencers_that_install_one_file_at_once_both_succeed(tiles: FileTiles):
    for n in range(100):
        staged = tiles.stage(b"%d" % n)
        barrier = threading.Barrier(3)

        def install(staged: str = staged, barrier: threading.Barrier = barrier, n: int = n) -> None:
            barrier.wait()
            tiles.install(f"tile/0/{n}", staged)

        assert together(install, install, install) == []
        assert tiles.read(f"tile/0/{n}") == b"%d" % n
