from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.trust import tree

LEAVES = [f"leaf {i}".encode() for i in range(300)]
HASHES = [tree.leaf_hash(leaf) for leaf in LEAVES]


@cache
def naive(start: int, end: int) -> bytes:
    """MTH of RFC 9162, 2.1.1, over LEAVES[start:end]."""
    if start == end:
        return hashlib.sha256().digest()
    if end - start == 1:
        return hashlib.sha256(b"\x00" + LEAVES[start]).digest()
    k = 1
    while k * 2 < end - start:
        k *= 2
    return hashlib.sha256(b"\x01" + naive(start, start + k) + naive(start + k, end)).digest()


def naive_path(index: int, start: int, end: int) -> list[bytes]:
    """PATH of RFC 9162, 2.1.3.1."""
    if end - start == 1:
        return []
    k = 1
    while k * 2 < end - start:
        k *= 2
    if index < start + k:
        return [*naive_path(index, start, start + k), naive(start + k, end)]
    return [*naive_path(index, start + k, end), naive(start, start + k)]


def naive_proof(old: int, start: int, end: int, whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 9162, 2.1.4.1."""
    if old == end:
        return [] if whole else [naive(start, end)]
    k = 1
    while k * 2 < end - start:
        k *= 2
    if old <= start + k:
        return [*naive_proof(old, start, start + k, whole), naive(start + k, end)]
    return [*naive_proof(old, start + k, end, False), naive(start, start + k)]


def read(level: int, index: int) -> bytes:
    return naive(index << level, (index + 1) << level)


def test_the_root_of_no_leaves_is_the_hash_of_nothing() -> None:
    assert tree.Edge().root() == tree.EMPTY_ROOT == hashlib.sha256(b"").digest()


def test_the_known_roots_of_certificate_transparency() -> None:
    leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", bytes(range(0x60, 0x70)).hex()]
    edge = tree.Edge().extend(tree.leaf_hash(bytes.fromhex(leaf)) for leaf in leaves[:3])
    assert edge.root().hex() == "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"
    edge = edge.extend(tree.leaf_hash(bytes.fromhex(leaf)) for leaf in leaves[3:])
    assert edge.root().hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@given(st.lists(st.integers(0, 40), max_size=12))
@settings(deadline=None, max_examples=60)
def test_the_edge_has_the_naive_root_however_leaves_arrive(batches: list[int]) -> None:
    edge = tree.Edge()
    for batch in batches:
        edge = edge.extend(HASHES[edge.size : edge.size + batch])
        assert edge.size <= len(HASHES)
        assert edge.root() == naive(0, edge.size)
        assert len(edge.peaks) == edge.size.bit_count()


def test_every_inclusion_proof_up_to_300_leaves() -> None:
    for size in range(1, len(LEAVES) + 1):
        root = naive(0, size)
        for index in range(size):
            proof = tree.inclusion_proof(index, size, read)
            assert list(proof) == naive_path(index, 0, size)
            assert tree.verify_inclusion(index, size, HASHES[index], proof, root)


def test_every_consistency_proof_up_to_300_leaves() -> None:
    for new in range(1, len(LEAVES) + 1):
        for old in range(1, new + 1):
            proof = tree.consistency_proof(old, new, read)
            assert list(proof) == naive_proof(old, 0, new)
            assert tree.verify_consistency(old, new, naive(0, old), naive(0, new), proof)
        assert tree.verify_consistency(0, new, tree.EMPTY_ROOT, naive(0, new), ())


def changed(proof: Sequence[bytes]) -> list[list[bytes]]:
    """The proof with one hash flipped, taken away or added, at every place."""
    other = bytes(32)
    return [
        *([*proof[:i], bytes([node[0] ^ 1]) + node[1:], *proof[i + 1 :]] for i, node in enumerate(proof)),
        *([*proof[:i], *proof[i + 1 :]] for i in range(len(proof))),
        *([*proof[:i], other, *proof[i:]] for i in range(len(proof) + 1)),
        *([*proof[:i], node[:31], *proof[i + 1 :]] for i, node in enumerate(proof)),
    ]


def test_a_changed_inclusion_proof_leads_nowhere() -> None:
    for size in range(1, 20):
        root = naive(0, size)
        for index in range(size):
            proof = tree.inclusion_proof(index, size, read)
            for bad in changed(proof):
                assert not tree.verify_inclusion(index, size, HASHES[index], bad, root)
            assert not tree.verify_inclusion(index, size, HASHES[index + 1], proof, root)
            assert not any(
                tree.verify_inclusion(i, size, HASHES[index], proof, root)
                for i in range(-1, 21)
                if i != index
            )


def test_a_changed_consistency_proof_leads_nowhere() -> None:
    for new in range(1, 20):
        for old in range(new + 1):
            proof = tree.consistency_proof(old, new, read)
            roots = naive(0, old), naive(0, new)
            for bad in changed(proof):
                assert not tree.verify_consistency(old, new, *roots, bad)
            assert not tree.verify_consistency(old, new, bytes(32), roots[1], proof)
            assert not tree.verify_consistency(old, new, roots[0], bytes(32), proof) or old == 0
            assert not tree.verify_consistency(new + 1, new, *roots, proof)


def test_proofs_outside_the_tree_are_the_callers_error() -> None:
    for index, size in ((-1, 3), (3, 3), (0, 0)):
        with pytest.raises(IndexError):
            tree.inclusion_proof(index, size, read)
    for old, new in ((-1, 3), (4, 3)):
        with pytest.raises(IndexError):
            tree.consistency_proof(old, new, read)
