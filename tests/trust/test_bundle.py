from __future__ import annotations

from dataclasses import replace

import cbor2
import pytest
from corridor_world import (
    AZ,
    BODY_SEAL,
    BY,
    CUSTOMS,
    KEYS,
    OPERATIONS,
    ORIGIN,
    PINNED,
    SALT,
    STRANGER,
    WITNESS,
    World,
    ed,
    seal,
    started,
    trust_list,
)

from countermark.trust import checkpoint
from countermark.trust.algorithm import KeySigner
from countermark.trust.bundle import Bundle, Proven, RootSigned, prove
from countermark.trust.checkpoint import Checkpoint, NoteSigner
from countermark.trust.errors import TrustError
from countermark.trust.roots import RootKey
from countermark.trust.status import seal_status_list
from countermark.trust.tree import leaf_hash
from countermark.trust.trustlist import Refusal, encode_trust_list


@pytest.fixture
def world() -> World:
    world = started()
    world.issue()
    world.wait(minutes=1)
    world.publish()
    return world


def refused(data: bytes) -> str:
    found = prove(Bundle.read(data), PINNED)
    assert isinstance(found, Refusal)
    return found.code


def test_a_bundle_leads_back_to_pinned_roots(world: World) -> None:
    proven = prove(Bundle.read(world.bundle()), PINNED)
    assert isinstance(proven, Proven)
    assert (proven.roots, proven.size, proven.made_at) == (BY, 3, world.seconds)
    assert proven.witnesses["AZ"] == (WITNESS.verifier,)
    assert [proven.index_of(leaf) for leaf in world.leaves] == [0, 1, 2]
    assert proven.index_of(b"no entry") is None


def test_a_leaf_hash_is_found_at_its_place_only(world: World) -> None:
    proven = prove(Bundle.read(world.bundle()), PINNED)
    assert isinstance(proven, Proven)
    hashed = leaf_hash(b"leaf")
    shifted = replace(proven, hashes=b"x" + hashed + b"y" * 31)
    assert shifted.index_of(b"leaf") is None
    assert replace(proven, hashes=shifted.hashes + hashed).index_of(b"leaf") == 2


def test_the_file_is_one_in_its_one_form(world: World) -> None:
    data = world.bundle()
    for end in range(0, len(data), 7):
        with pytest.raises(TrustError):
            Bundle.read(data[:end])
    with pytest.raises(TrustError):
        Bundle.read(data + b"\x00")


def test_no_flipped_bit_is_ever_proven(world: World) -> None:
    data = world.bundle()
    for place in range(0, len(data), 3):
        altered = data[:place] + bytes([data[place] ^ 0x01]) + data[place + 1 :]
        try:
            found = prove(Bundle.read(altered), PINNED)
        except TrustError:
            continue
        assert isinstance(found, Refusal), place


def test_a_status_list_is_no_bundle(world: World) -> None:
    with pytest.raises(TrustError) as caught:
        Bundle.read(world.manifest().status)
    assert caught.value.code == "sealed-header"


def test_roots_that_are_not_pinned_or_have_another_log_are_refused(world: World) -> None:
    found = prove(Bundle.read(world.bundle()), [AZ])
    assert isinstance(found, Refusal)
    assert found.code == "unpinned"
    assert refused(world.bundle(origin="origin.by.example/log/2")) == "unpinned"


@pytest.mark.parametrize("signer", [BODY_SEAL, CUSTOMS, STRANGER])
def test_only_an_operations_key_seals_it(world: World, signer: int) -> None:
    assert refused(world.bundle(signer=seal(signer)[0])) == "bundle-signature"


def test_a_suspended_operations_key_seals_nothing() -> None:
    keys = tuple(replace(key, suspended="operations" in key.roles) for key in KEYS)
    world = started(keys=keys)
    assert refused(world.bundle()) == "bundle-signature"


def test_one_root_alone_brings_no_list_into_force() -> None:
    world = World()
    world.trust(trust_list(), seeds=(1,))
    world.publish()
    assert refused(world.bundle()) == "bundle-signature"


def test_a_trust_list_that_is_not_in_the_log_where_it_says_is_refused(world: World) -> None:
    first, second = world.manifest().trust
    moved = RootSigned(2, second.leaf, second.content)
    assert refused(world.bundle(trust=(first, moved))) == "bundle-trust"
    assert refused(world.bundle(trust=(second, first))) == "bundle-trust"


def test_leaf_hashes_that_do_not_give_the_root_are_refused(world: World) -> None:
    hashes = world.hashes()
    assert refused(world.bundle(hashes=hashes[:64] + bytes(32))) == "bundle-root"
    assert refused(world.bundle(hashes=hashes[:64])) == "bundle-checkpoint"
    assert refused(world.bundle(hashes=hashes + b"\x00")) == "bundle-checkpoint"


def test_an_earlier_checkpoint_of_another_tree_is_refused(world: World) -> None:
    fork = checkpoint.sign(Checkpoint(ORIGIN, 2, bytes(32)), NoteSigner(ORIGIN, ed(10))).bytes
    assert refused(world.bundle(notes=(fork, *world.notes[1:]))) == "bundle-root"


def test_the_newest_checkpoint_must_be_the_logs_own(world: World) -> None:
    other = checkpoint.sign(Checkpoint(ORIGIN, 3, world.root()), NoteSigner(ORIGIN, ed(99))).bytes
    assert refused(world.bundle(notes=(world.notes[0], other))) == "bundle-checkpoint"
    foreign = checkpoint.sign(Checkpoint("elsewhere", 3, world.root()), NoteSigner("elsewhere", ed(99))).bytes
    assert refused(world.bundle(notes=(world.notes[0], foreign))) == "bundle-checkpoint"


def test_a_trust_list_made_for_another_log_is_refused() -> None:
    world = World()
    content = encode_trust_list(trust_list(), SALT)
    for seed in (1, 2):
        signer = KeySigner(ed(seed), RootKey("", ed(seed).public_key().public_bytes_raw()).kid)
        world.log("trust-list", content, signer, aud=None, iss="origin.by.example/log/2")
    world.publish()
    assert refused(world.bundle()) == "bundle-trust"


def test_a_seal_has_no_unprotected_header(world: World) -> None:
    tag = cbor2.loads(world.bundle())
    parts = list(tag.value)
    assert Bundle.read(b"\xd2" + cbor2.dumps(parts)).manifest == world.manifest()
    parts[1] = {4: b"other"}
    with pytest.raises(TrustError) as caught:
        Bundle.read(b"\xd2" + cbor2.dumps(parts))
    assert caught.value.code == "sealed-form"


def test_checkpoints_are_in_order_and_there_is_one(world: World) -> None:
    world.issue()
    world.publish()
    first, second, third = world.notes
    assert refused(world.bundle(notes=(second, first, third))) == "bundle-checkpoint"
    assert refused(world.bundle(notes=tuple(reversed(world.notes)))) == "bundle-checkpoint"
    assert refused(world.bundle(notes=())) == "bundle-checkpoint"
    assert refused(world.bundle(notes=(b"no note",))) == "bundle-part"


def test_the_status_list_is_of_the_same_log_and_sealed_by_operations(world: World) -> None:
    own = world.status_list()
    operations = seal(OPERATIONS)[0]
    assert refused(world.bundle(status=seal_status_list(own, seal(CUSTOMS)[0]))) == "status-signature"
    for changes in ({"root": bytes(32)}, {"origin": "elsewhere"}, {"size": 4, "marks": bytes(4)}):
        status = seal_status_list(replace(own, **changes), operations)  # type: ignore[arg-type]
        assert refused(world.bundle(status=status)) == "status-log"
    assert refused(world.bundle(status=b"\xd2\x80")) == "bundle-part"
