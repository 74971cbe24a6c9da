from __future__ import annotations

from itertools import accumulate

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.trust import tree
from countermark.trust.errors import TileError
from countermark.trust.tiles import (
    TileEdge,
    TileReader,
    entries_path,
    grow,
    read_bundle,
    read_tile,
    tile_path,
    write_bundle,
)

LEAVES = [f"leaf {i}".encode() * (i % 4) for i in range(66_000)]
HASHES = [tree.leaf_hash(leaf) for leaf in LEAVES]


def published(sizes: list[int]) -> tuple[TileEdge, dict[str, bytes]]:
    """The edge and the files after growing to each of these sizes in turn."""
    edge, files = TileEdge(), {}
    for size in sizes:
        growth = grow(edge, LEAVES[edge.size : size])
        files.update(growth.files)
        for path in growth.superseded:
            del files[path]
        edge = growth.edge
    return edge, files


@pytest.mark.parametrize(
    ("index", "path"),
    [(0, "000"), (7, "007"), (999, "999"), (1000, "x001/000"), (1234067, "x001/x234/067")],
)
def test_paths_are_those_of_the_specification(index: int, path: str) -> None:
    assert tile_path(3, index) == f"tile/3/{path}"
    assert tile_path(0, index, 5) == f"tile/0/{path}.p/5"
    assert entries_path(index) == f"tile/entries/{path}"
    assert entries_path(index, 255) == f"tile/entries/{path}.p/255"


@given(st.lists(st.sampled_from([0, 1, 2, 255, 256, 257, 300, 511]), max_size=8))
@settings(deadline=None, max_examples=40)
def test_the_files_depend_only_on_the_leaves_not_on_how_they_came(batches: list[int]) -> None:
    sizes = list(accumulate(batches))
    edge, files = published(sizes)
    once, files_at_once = published(sizes[-1:])
    assert files == files_at_once
    assert edge == once
    assert edge.edge() == tree.Edge().extend(HASHES[: edge.size])
    assert TileEdge.decode(edge.encode()) == edge


def test_a_log_of_three_levels_has_exactly_the_files_of_its_size() -> None:
    _, files = published([65_536 + 300])
    assert sorted(p for p in files if not p.startswith(("tile/0/", "tile/entries/"))) == [
        "tile/1/000",
        "tile/1/001.p/1",
        "tile/2/000.p/1",
    ]
    assert {p for p in files if ".p/" in p} == {
        "tile/0/257.p/44", "tile/entries/257.p/44", "tile/1/001.p/1", "tile/2/000.p/1",
    }  # fmt: skip
    assert files["tile/2/000.p/1"] == tree.Edge().extend(HASHES[:65_536]).root()
    assert files["tile/1/000"][:32] == tree.Edge().extend(HASHES[:256]).root()
    assert files["tile/0/000"] == b"".join(HASHES[:256])
    assert read_bundle(files["tile/entries/257.p/44"], 44) == tuple(LEAVES[257 * 256 : 65_836])


def test_growing_by_nothing_changes_nothing() -> None:
    edge, _ = published([300])
    growth = grow(edge, [])
    assert growth.edge == edge
    assert not growth.files
    assert not growth.superseded
    assert not grow(TileEdge(), []).files


def test_only_partial_files_that_changed_are_superseded() -> None:
    edge, _ = published([300])
    growth = grow(edge, LEAVES[300:310])
    assert sorted(growth.superseded) == ["tile/0/001.p/44", "tile/entries/001.p/44"]
    assert sorted(growth.files) == ["tile/0/001.p/54", "tile/entries/001.p/54"]


@pytest.mark.parametrize("size", [1, 255, 256, 257, 600, 65_535, 65_536, 65_900])
def test_proofs_made_from_tiles_lead_to_the_root(size: int) -> None:
    edge, files = published([size])
    reader, root = TileReader(files.get, size), edge.edge().root()
    for index in {0, 1, 255, 256, size // 2, size - 2, size - 1} & set(range(size)):
        proof = tree.inclusion_proof(index, size, reader)
        assert tree.verify_inclusion(index, size, HASHES[index], proof, root)
    for old in {1, 255, 256, 300, size // 3, size - 1} & set(range(1, size)):
        proof = tree.consistency_proof(old, size, TileReader(files.get, size))
        assert tree.verify_consistency(old, size, tree.Edge().extend(HASHES[:old]).root(), root, proof)


def test_a_full_tile_stands_in_for_a_deleted_partial_one() -> None:
    _, files = published([100, 600])
    assert "tile/0/000.p/100" not in files
    assert read_tile(files.get, 100, 0, 0) == b"".join(HASHES[:100])


def test_missing_and_damaged_tiles_are_named() -> None:
    _, files = published([600])
    del files["tile/0/001"]
    files["tile/0/000"] += b"x"
    for index, code in ((0, "tile-length"), (1, "tile-missing"), (3, "tile-outside")):
        with pytest.raises(TileError) as caught:
            read_tile(files.get, 600, 0, index)
        assert caught.value.code == code


@given(st.lists(st.binary(max_size=20), max_size=20))
@settings(deadline=None, max_examples=80)
def test_a_bundle_reads_back_and_only_with_its_count(leaves: list[bytes]) -> None:
    data = write_bundle(leaves)
    assert read_bundle(data, len(leaves)) == tuple(leaves)
    for bad, count in ((data + b"\x00", len(leaves)), (data, len(leaves) + 1), (data[:-1], len(leaves))):
        if bad or count:
            with pytest.raises(TileError):
                read_bundle(bad, count)


def test_a_leaf_of_65535_bytes_is_the_longest() -> None:
    longest = bytes(65_535)
    assert read_bundle(write_bundle([longest]), 1) == (longest,)
    with pytest.raises(TileError):
        grow(TileEdge(), [longest + b"x"])


@pytest.mark.parametrize(
    "value",
    [
        [],
        [1, [], b""],
        [1, [bytes(32)], b""],
        [1, [bytes(31)], b"\x00\x00"],
        [2, [bytes(64)], b"\x00\x00"],
        [-1, [], b""],
        [True, [bytes(32)], b"\x00\x00"],
        [256, [b""], b""],
        [256, [b"", "x" * 32], b""],
        [0, [], b"\x00"],
    ],
)
def test_a_damaged_edge_is_refused(value: object) -> None:
    with pytest.raises(TileError):
        TileEdge.decode(cbor2.dumps(value))
    with pytest.raises(TileError):
        TileEdge.decode(cbor2.dumps(value) + b"\x00")
