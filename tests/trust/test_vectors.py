"""The conformance suite of statements, checkpoints and trees, read by this code."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from countermark.trust import checkpoint, cosign, statement, tree
from countermark.trust.algorithm import public_key
from countermark.trust.checkpoint import Checkpoint, Note, VerifierKey
from countermark.trust.errors import TrustError

VECTORS = Path(__file__).parents[1] / "vectors"


def cases(format_name: str) -> list[Any]:
    folders = sorted((VECTORS / format_name).iterdir())
    assert folders, f"no vectors of {format_name}"
    return [pytest.param(folder, id=folder.name) for folder in folders]


def facts_of(folder: Path) -> dict[str, Any]:
    facts = json.loads((folder / "case.json").read_text("utf-8"))
    if "what" in facts:
        assert ("refused" in facts) == folder.name.endswith("_fail")
    return facts


def judge_statement(folder: Path, facts: dict[str, Any]) -> str:
    """The code of the refusal, or nothing."""
    try:
        read = statement.read((folder / "leaf.bin").read_bytes())
        key = public_key(bytes.fromhex(facts["spki"]))
    except TrustError as error:
        return error.code
    return "" if statement.verify(read, key) else "signature"


@pytest.mark.parametrize("folder", cases("statement"))
def test_statement_vector(folder: Path) -> None:
    facts = facts_of(folder)
    assert judge_statement(folder, facts) == facts.get("refused", "")
    if "refused" not in facts:
        content = bytes.fromhex(facts["content"])
        read = statement.read((folder / "leaf.bin").read_bytes())
        assert statement.matches(read, content)
        assert statement.SignedFile.of(read, content).statement == read


def judge_checkpoint(data: bytes, key: VerifierKey, cosigner: VerifierKey) -> str:
    """The code of the refusal, or nothing."""
    try:
        note = Note.read(data)
        Checkpoint.read(note.body)
    except TrustError as error:
        return error.code
    if not checkpoint.verify(note, key):
        return "signature"
    return "cosignature" if len(note.signatures) == 2 and cosign.verify(note, cosigner) is None else ""


@pytest.mark.parametrize("folder", cases("checkpoint"))
def test_checkpoint_vector(folder: Path) -> None:
    facts = facts_of(folder)
    key, cosigner = VerifierKey.read(facts["log"]), VerifierKey.read(facts["cosigner"])
    data = (folder / "note.txt").read_bytes()
    refused = facts.get("refused", "")
    assert judge_checkpoint(data, key, cosigner) == refused
    if not refused:
        note = Note.read(data)
        read = Checkpoint.read(note.body)
        assert note.bytes == data
        assert (read.size, read.root.hex()) == (facts["size"], facts["root"])
        assert cosign.verify(note, cosigner) == facts.get("time")


@pytest.mark.parametrize("folder", cases("tree"))
def test_tree_vector(folder: Path) -> None:
    facts = facts_of(folder)
    leaves = [tree.leaf_hash(bytes.fromhex(leaf)) for leaf in facts["leaves"]]
    good = not folder.name.endswith("_fail")
    if "roots" in facts:
        assert [tree.Edge().extend(leaves[:n]).root().hex() for n in range(9)] == facts["roots"]
    elif "inclusion" in facts:
        proof = [bytes.fromhex(node) for node in facts["inclusion"]]
        leaf, root = leaves[facts["index"]], bytes.fromhex(facts["root"])
        assert tree.verify_inclusion(facts["index"], facts["size"], leaf, proof, root) is good
    else:
        proof = [bytes.fromhex(node) for node in facts["consistency"]]
        roots = bytes.fromhex(facts["old_root"]), bytes.fromhex(facts["new_root"])
        assert tree.verify_consistency(facts["old"], facts["new"], *roots, proof) is good


def test_vectors_are_what_the_generator_writes() -> None:
    spec = importlib.util.spec_from_file_location("vector_generator", VECTORS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    written = generator.files()
    formats = {path.split("/")[0] for path in written}
    stored = {
        path.relative_to(VECTORS).as_posix(): path.read_bytes()
        for name in formats
        for path in (VECTORS / name).rglob("*")
        if path.is_file()
    }
    assert stored == written
