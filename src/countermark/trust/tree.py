"""Decides what a log's root is and whether a proof leads to it: the Merkle tree of RFC 9162, 2.1.

Proofs are made over a hash reader, so the same code serves a list in memory and tiles on a disk far away.
A proof that fails to verify is an answer, ``False``; an index outside the tree is an error of the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

HASH_LENGTH = 32
EMPTY_ROOT = sha256(b"").digest()
"""The root of a tree without leaves (RFC 9162, 2.1.1)."""

HashReader = Callable[[int, int], bytes]
"""(level, index) -> the hash over leaves [index * 2**level, (index + 1) * 2**level), all within the tree."""


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256 of 0x00 and the leaf (RFC 9162, 2.1.1)."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of 0x01 and both children (RFC 9162, 2.1.1)."""
    return sha256(b"\x01" + left + right).digest()


def parents(row: bytes) -> bytes:
    """The concatenated hashes one level up; a last hash without a sibling has no parent yet."""
    pairs = range(0, len(row) - HASH_LENGTH, 2 * HASH_LENGTH)
    return b"".join([sha256(b"\x01" + row[i : i + 2 * HASH_LENGTH]).digest() for i in pairs])


@dataclass(frozen=True, slots=True)
class Edge:
    """The right edge of a tree, all that appending needs: one hash for each 1 in the size in binary."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()
    """The roots of the complete subtrees, the largest and leftmost first."""

    def extend(self, leaf_hashes: Iterable[bytes]) -> Edge:
        """The edge after these leaves; about one node hash for each."""
        size, peaks = self.size, list(self.peaks)
        for node in leaf_hashes:
            carry = size
            while carry & 1:
                node = node_hash(peaks.pop(), node)
                carry >>= 1
            peaks.append(node)
            size += 1
        return Edge(size, tuple(peaks))

    def root(self) -> bytes:
        """The Merkle tree hash of all leaves so far."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def inclusion_proof(index: int, size: int, read: HashReader) -> tuple[bytes, ...]:
    """The audit path of a leaf, from its sibling up (RFC 9162, 2.1.3.1); ``IndexError`` outside the tree."""
    if not 0 <= index < size:
        raise IndexError(f"there is no leaf {index} in a tree of {size}")
    path = []
    level = 0
    while 1 << level < size:
        sibling = (index >> level) ^ 1
        if (sibling + 1) << level <= size:
            path.append(read(level, sibling))
        elif sibling << level < size:
            path.append(_range_hash(sibling << level, size, read))
        level += 1
    return tuple(path)


def consistency_proof(old: int, new: int, read: HashReader) -> tuple[bytes, ...]:
    """The proof that a tree of ``new`` leaves begins with one of ``old`` (RFC 9162, 2.1.4.1).

    Empty if the sizes are equal or ``old`` is 0: nothing needs proof. ``IndexError`` if ``old`` is larger.
    """
    if not 0 <= old <= new:
        raise IndexError(f"a tree of {new} does not contain one of {old}")
    if old in (0, new):
        return ()
    path: list[bytes] = []
    start, end, whole = 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_range_hash(middle, end, read))
            end = middle
        else:
            path.append(_range_hash(start, middle, read))
            start, whole = middle, False
    if not whole:
        path.append(_range_hash(start, end, read))
    return tuple(reversed(path))


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the leaf hash stands at the index under the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or any(len(node) != HASH_LENGTH for node in proof):
        return False
    position, last, node = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            node = node_hash(sibling, node)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and node == root


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the tree of ``new`` leaves begins with the tree of ``old`` (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= new or any(len(node) != HASH_LENGTH for node in proof):
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        return False
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    first = second = path[0]
    for node in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            first, second = node_hash(node, first), node_hash(node, second)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            second = node_hash(second, node)
        position, last = position >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def _split(count: int) -> int:
    """The largest power of two smaller than the count (RFC 9162, 2.1.1)."""
    return 1 << ((count - 1).bit_length() - 1)


def _range_hash(start: int, end: int, read: HashReader) -> bytes:
    """The hash over leaves [start, end), where start is a multiple of a power of two not below the length."""
    count = end - start
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return read(level, start >> level)
    middle = start + _split(count)
    return node_hash(_range_hash(start, middle, read), _range_hash(middle, end, read))
