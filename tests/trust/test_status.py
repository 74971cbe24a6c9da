from __future__ import annotations

import zlib

import cbor2
import pytest
from corridor_world import (
    OPERATIONS,
    ORIGIN,
    World,
    annulment,
    certificate,
    reference,
    seal,
    started,
    suspension,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.document.lifecycle import LegalStatus
from countermark.trust import statement
from countermark.trust.errors import TrustError
from countermark.trust.sealed import read_sealed
from countermark.trust.sealed import seal as seal_file
from countermark.trust.status import (
    MARKS,
    Event,
    StatusList,
    derive_marks,
    event_of,
    read_status_list,
    seal_status_list,
)

SIGNER = seal(OPERATIONS)[0]


@settings(deadline=None, max_examples=50)
@given(st.binary(max_size=300).map(lambda raw: bytes(byte % 6 for byte in raw)), st.integers(0, 2**40))
def test_a_list_reads_back_as_it_was_sealed(marks: bytes, time: int) -> None:
    written = StatusList(ORIGIN, len(marks), bytes(32), time, marks)
    found, sealed = read_status_list(seal_status_list(written, SIGNER))
    assert found == written
    assert sealed.kid == SIGNER.kid


def repacked(**changes: object) -> bytes:
    """A status list altered inside its seal and sealed again."""
    own = seal_status_list(StatusList(ORIGIN, 3, bytes(32), 5, b"\x01\x02\x00"), SIGNER)
    payload = cbor2.loads(read_sealed("status-list", own, limit=10_000).payload)
    keys = {"size": 3, "marks": 6}
    payload.update({keys[name]: value for name, value in changes.items()})
    return seal_file("status-list", cbor2.dumps(payload), SIGNER)


@pytest.mark.parametrize(
    "changes",
    [
        {"size": 2},
        {"size": 4},
        {"marks": b"not zlib"},
        {"marks": zlib.compress(b"\x01\x02\x00") + b"more"},
        {"marks": zlib.compress(b"\x01\x02\x00")[:-1]},
        {"marks": zlib.compress(b"\x01\x02\x09")},
        {"marks": zlib.compress(bytes(50_000_000))},
    ],
)
def test_marks_that_are_not_one_for_each_entry_are_refused_without_being_unpacked(
    changes: dict[str, object],
) -> None:
    with pytest.raises(TrustError) as caught:
        read_status_list(repacked(**changes))
    assert caught.value.code == "status-marks"


def test_a_list_altered_and_sealed_by_its_key_still_reads_when_nothing_is_wrong() -> None:
    assert read_status_list(repacked())[0].marks == b"\x01\x02\x00"


def marks(*events: tuple[str, int, int | None], size: int = 9) -> bytes:
    return derive_marks(
        (
            Event(index, kind, bytes([index]), None if about is None else bytes([about]))
            for kind, index, about in events
        ),
        size,
    )


VALID, SUSPENDED, ANNULLED = (
    MARKS[each] for each in (LegalStatus.VALID, LegalStatus.SUSPENDED, LegalStatus.ANNULLED)
)


def test_marks_follow_the_table_of_the_life_cycle() -> None:
    found = marks(
        ("issued", 0, None), ("issued", 1, None), ("suspended", 2, 1), ("issued", 3, None),
        ("replaced", 4, 3), ("annulled", 5, 0), ("resumed", 6, 0), ("duplicate", 7, 4),
    )  # fmt: skip
    assert list(found) == [
        ANNULLED,
        SUSPENDED,
        0,
        MARKS[LegalStatus.REPLACED],
        MARKS[LegalStatus.SUPERSEDED],
        0,
        0,
        VALID,
        0,
    ]


def test_what_names_an_entry_that_is_no_certificate_changes_nothing() -> None:
    assert list(marks(("annulled", 0, 5), ("issued", 1, None), ("replaced", 2, 0), size=3)) == [0, VALID, 0]


def test_a_list_of_a_smaller_size_does_not_know_what_came_after() -> None:
    events = [("issued", 0, None), ("annulled", 1, 0)]
    assert list(marks(*events, size=1)) == [VALID]
    assert list(marks(*events, size=2)) == [ANNULLED, 0]


def test_events_are_read_from_statements_and_their_contents() -> None:
    world: World = started()
    first = world.issue()
    world.log("suspended", suspension(first), seal(21)[0])
    world.issue(certificate(2, replaces=reference(first)), kind="replaced")
    world.log("annulled", annulment(first), seal(21)[0])
    events = [
        event_of(index, statement.read(leaf), content)
        for index, (leaf, content) in enumerate(zip(world.leaves, world.contents, strict=True))
    ]
    about = reference(first).leaf_hash
    assert events[:2] == [None, None]
    assert [(each.kind, each.about) for each in events if each] == [
        ("issued", None), ("suspended", about), ("replaced", about), ("annulled", about),
    ]  # fmt: skip
    assert list(world.status_list().marks) == [0, 0, MARKS[LegalStatus.REPLACED], 0, VALID, 0]
