"""Decides which files a log consists of and what is in them: C2SP tlog-tiles, tile height 8.

A hash tile holds up to 256 hashes of its level; an entry bundle up to 256 leaves, each after its length in
16 bits. A file without ``.p/`` is full and never changes. A growing log needs only its ``TileEdge``, never
an older file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from countermark.document.encode import decode, encode
from countermark.document.errors import DocumentError
from countermark.trust.errors import TileError
from countermark.trust.tree import HASH_LENGTH, Edge, leaf_hash, parents

WIDTH = 256
"""Hashes in a full tile, leaves in a full bundle."""
MAX_LEAF = 65_535
_FULL_ROW = WIDTH * HASH_LENGTH
_MAX_EDGE = WIDTH * (MAX_LEAF + 2) + 16 * _FULL_ROW
_CACHED_TILES = 64

Fetch = Callable[[str], bytes | None]
"""The bytes of a file of the log by its path, ``None`` if there is no such file; none of it is trusted."""


def tile_path(level: int, index: int, width: int = WIDTH) -> str:
    """Such as ``tile/0/x001/x234/067`` or, partial, ``tile/0/x001/x234/067.p/5``."""
    return f"tile/{level}/{_number(index, width)}"


def entries_path(index: int, width: int = WIDTH) -> str:
    """Such as ``tile/entries/x001/x234/067`` or, partial, ``tile/entries/x001/x234/067.p/5``."""
    return f"tile/entries/{_number(index, width)}"


def write_bundle(leaves: Sequence[bytes]) -> bytes:
    """The entry bundle of these leaves; raises ``TileError`` for a leaf over 65,535 bytes."""
    if max(map(len, leaves), default=0) > MAX_LEAF:
        raise TileError(
            "leaf-long", f"A leaf is longer than {MAX_LEAF} bytes. Put its content beside the log."
        )
    return b"".join([len(leaf).to_bytes(2) + leaf for leaf in leaves])


def read_bundle(data: bytes, count: int) -> tuple[bytes, ...]:
    """The leaves of a bundle; raises ``TileError`` unless it holds exactly ``count`` and nothing else."""
    leaves = []
    at = 0
    for _ in range(count):
        start = at + 2
        at = start + int.from_bytes(data[at:start])
        leaves.append(data[start:at])
    if at != len(data):
        raise TileError(
            "bundle-form", f"The entry bundle does not hold exactly {count} leaves. Fetch it again."
        )
    return tuple(leaves)


@dataclass(frozen=True, slots=True)
class TileEdge:
    """All that a growing log must remember: the files that are not full yet."""

    size: int = 0
    rows: tuple[bytes, ...] = ()
    """Of each level, from the leaves up, the hashes of its partial tile; empty if there is none just now."""
    bundle: bytes = b""
    """The partial entry bundle."""

    def encode(self) -> bytes:
        return encode([self.size, list(self.rows), self.bundle])

    @classmethod
    def decode(cls, data: bytes) -> TileEdge:
        """The edge ``encode`` wrote; raises ``TileError`` if the parts do not belong to one size."""
        try:
            match decode(data, limit=_MAX_EDGE):
                case [int() as size, [*rows], bytes() as bundle] if type(size) is int and size >= 0:
                    expected = [_width(size, level) * HASH_LENGTH for level in range(_levels(size))]
                    if [len(row) if isinstance(row, bytes) else -1 for row in rows] == expected:
                        read_bundle(bundle, _width(size, 0))
                        return cls(size, tuple(rows), bundle)
        except DocumentError as error:
            raise TileError(error.code, str(error)) from error
        raise TileError(
            "edge-form", "The stored edge of the log is damaged. Rebuild it from the entry bundles."
        )

    def edge(self) -> Edge:
        """The right edge of the tree, hence its root."""
        peaks = []
        for row in reversed(self.rows):
            at = 0
            for height in reversed(range(8)):
                length = HASH_LENGTH << height
                if len(row) & length:
                    peaks.append(_row_root(row[at : at + length]))
                    at += length
        return Edge(self.size, tuple(peaks))


@dataclass(frozen=True, slots=True)
class Growth:
    """What appending leaves changes."""

    edge: TileEdge
    files: Mapping[str, bytes]
    """The new files by path, full and partial; to be in place before a checkpoint of the new size is."""
    superseded: tuple[str, ...]
    """Partial files of the old size; to be deleted after that checkpoint is published."""


def grow(edge: TileEdge, leaves: Sequence[bytes]) -> Growth:
    """Append leaves in one pass, two hashes for each. Raises ``TileError`` for a leaf over 65,535 bytes."""
    rows = [bytearray(row) for row in edge.rows] or [bytearray()]
    files: dict[str, bytes] = {}
    bundle = edge.bundle
    size, done = edge.size, 0
    while done < len(leaves):
        batch = leaves[done : done + WIDTH - size % WIDTH]
        bundle += write_bundle(batch)
        rows[0] += b"".join([leaf_hash(leaf) for leaf in batch])
        done, size = done + len(batch), size + len(batch)
        if size % WIDTH == 0:
            files[entries_path(size // WIDTH - 1)] = bundle
            bundle = b""
            _close_tiles(rows, size, files)
    grown = TileEdge(size, tuple(bytes(row) for row in rows) if size else (), bundle)
    old, new = _partial_files(edge), _partial_files(grown)
    files.update({path: data for path, data in new.items() if path not in old})
    return Growth(grown, files, tuple(path for path in old if path not in new))


class TileReader:
    """A hash reader over the tiles of a log of a given size; keeps the tiles read last.

    What it reads is not trusted: a proof made with it must be verified against a root.
    """

    def __init__(self, fetch: Fetch, size: int) -> None:
        self._fetch = fetch
        self._size = size
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def __call__(self, level: int, index: int) -> bytes:
        """The hash over a complete subtree; raises ``TileError`` if a tile is missing or too short."""
        height = level & 7
        tile = index >> 8 - height
        rows = self._tiles.get((level >> 3, tile)) or self._read(level >> 3, tile)
        while len(rows) <= height:
            rows.append(parents(rows[-1]))
        at = (index - (tile << 8 - height)) * HASH_LENGTH
        return rows[height][at : at + HASH_LENGTH]

    def _read(self, level: int, index: int) -> list[bytes]:
        if len(self._tiles) >= _CACHED_TILES:
            del self._tiles[next(iter(self._tiles))]
        rows = self._tiles[level, index] = [read_tile(self._fetch, self._size, level, index)]
        return rows


def read_tile(fetch: Fetch, size: int, level: int, index: int) -> bytes:
    """The hashes of a tile as a log of this size has them; a fuller tile stands in for a deleted partial one.

    Raises ``TileError`` if there is none, or if its length is wrong.
    """
    width = min(WIDTH, (size >> 8 * level) - index * WIDTH)
    if width <= 0:
        raise TileError("tile-outside", f"A log of {size} entries has no tile {index} of level {level}.")
    path = tile_path(level, index, width)
    data = fetch(path)
    if data is None and width < WIDTH:
        full = fetch(tile_path(level, index))
        data = full[: width * HASH_LENGTH] if full is not None else None
    if data is None:
        raise _missing(path)
    if len(data) != width * HASH_LENGTH:
        raise TileError("tile-length", f"{path} has not {width * HASH_LENGTH} bytes. Fetch it again.")
    return data


def read_entries(fetch: Fetch, size: int, index: int) -> tuple[bytes, ...]:
    """The leaves of a bundle as a log of this size has them; a full one stands in for a deleted partial one.

    Raises ``TileError`` if there is none, or if it does not hold exactly its leaves.
    """
    width = min(WIDTH, size - index * WIDTH)
    if width <= 0:
        raise TileError("tile-outside", f"A log of {size} entries has no entry bundle {index}.")
    path = entries_path(index, width)
    data = fetch(path)
    if data is not None:
        return read_bundle(data, width)
    full = fetch(entries_path(index)) if width < WIDTH else None
    if full is None:
        raise _missing(path)
    return read_bundle(full, WIDTH)[:width]


def _missing(path: str) -> TileError:
    return TileError("tile-missing", f"The log does not serve {path}. Fetch its newest checkpoint and retry.")


def _number(index: int, width: int) -> str:
    """The index in groups of three digits, all but the last after an x, and the width if partial."""
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    path = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
    return path if width == WIDTH else f"{path}.p/{width}"


def _levels(size: int) -> int:
    return (size.bit_length() + 7) // 8


def _width(size: int, level: int) -> int:
    return (size >> 8 * level) % WIDTH


def _row_root(row: bytes) -> bytes:
    while len(row) > HASH_LENGTH:
        row = parents(row)
    return row


def _close_tiles(rows: list[bytearray], size: int, files: dict[str, bytes]) -> None:
    """Move every full row into a file and its root one level up."""
    level = 0
    while len(rows[level]) == _FULL_ROW:
        row = bytes(rows[level])
        files[tile_path(level, (size >> 8 * (level + 1)) - 1)] = row
        rows[level].clear()
        level += 1
        if level == len(rows):
            rows.append(bytearray())
        rows[level] += _row_root(row)


def _partial_files(edge: TileEdge) -> dict[str, bytes]:
    files = {}
    for level, row in enumerate(edge.rows):
        if row:
            files[tile_path(level, edge.size >> 8 * (level + 1), len(row) // HASH_LENGTH)] = row
    if edge.bundle:
        files[entries_path(edge.size // WIDTH, edge.size % WIDTH)] = edge.bundle
    return files
