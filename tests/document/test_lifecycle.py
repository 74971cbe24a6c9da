from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.document.certificate import Reference
from countermark.document.errors import DocumentError
from countermark.document.lifecycle import (
    TRANSITIONS,
    Annulled,
    Effect,
    LegalStatus,
    LifecycleContent,
    Resumed,
    Suspended,
    Void,
    encode_lifecycle,
    next_status,
    read_lifecycle,
    status_after,
)

KINDS = ("issued", "suspended", "resumed", "annulled", "replaced", "duplicate")
FINAL = (LegalStatus.ANNULLED, LegalStatus.REPLACED, LegalStatus.SUPERSEDED)
SALT = bytes(16)
NAMED = Reference(bytes(32), "BYAZ6101000042", date(2026, 5, 4))
DAY = date(2026, 5, 5)
CONTENTS: dict[str, LifecycleContent] = {
    "annulled": Annulled(NAMED, "Origin not proven", Effect.FROM_NOW, "Officer 7", DAY),
    "suspended": Suspended(NAMED, "Under review", "Officer 7", DAY),
    "resumed": Resumed(NAMED, "Review closed", "Officer 7", DAY),
    "void": Void("2026/101", 43, "Spoilt", "Officer 7", DAY),
}


@pytest.mark.parametrize(
    ("kinds", "status"),
    [
        ([], None),
        (["annulled", "suspended"], None),
        (["issued"], LegalStatus.VALID),
        (["issued", "suspended"], LegalStatus.SUSPENDED),
        (["issued", "suspended", "resumed"], LegalStatus.VALID),
        (["issued", "suspended", "annulled"], LegalStatus.ANNULLED),
        (["issued", "annulled", "resumed"], LegalStatus.ANNULLED),
        (["issued", "replaced", "annulled"], LegalStatus.REPLACED),
        (["issued", "duplicate", "replaced"], LegalStatus.SUPERSEDED),
        (["issued", "suspended", "duplicate"], LegalStatus.SUSPENDED),
        (["issued", "resumed"], LegalStatus.VALID),
        (["issued", "issued"], LegalStatus.VALID),
        (["issued", "void", "used"], LegalStatus.VALID),
    ],
)
def test_the_status_follows_the_table(kinds: list[str], status: LegalStatus | None) -> None:
    assert status_after(kinds) is status


@given(st.lists(st.sampled_from(KINDS), max_size=12), st.lists(st.sampled_from(KINDS), max_size=12))
def test_nothing_leads_out_of_a_final_status(first: list[str], then: list[str]) -> None:
    status = status_after(["issued", *first])
    if status in FINAL:
        assert status_after(["issued", *first, *then]) is status


def test_nothing_but_issue_brings_a_status_into_being_and_nothing_takes_it_away() -> None:
    assert [kind for status, kind in TRANSITIONS if status is None] == ["issued"]
    for status, kind in product(FINAL, KINDS):
        assert next_status(status, kind) is None


@pytest.mark.parametrize("kind", CONTENTS)
def test_a_content_reads_back_and_only_as_its_own_kind(kind: str) -> None:
    content = encode_lifecycle(CONTENTS[kind], SALT)
    assert read_lifecycle(kind, content) == (CONTENTS[kind], SALT)
    if kind in ("annulled", "void"):
        for other in CONTENTS.keys() - {kind}:
            with pytest.raises(DocumentError):
                read_lifecycle(other, content)


@pytest.mark.parametrize("kind", CONTENTS)
def test_no_altered_byte_reads_back_as_the_same(kind: str) -> None:
    content = encode_lifecycle(CONTENTS[kind], SALT)
    for place in range(len(content)):
        altered = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
        try:
            found = read_lifecycle(kind, altered)
        except DocumentError:
            continue
        assert found != (CONTENTS[kind], SALT)


def test_a_reason_must_be_given() -> None:
    with pytest.raises(DocumentError, match="reason"):
        encode_lifecycle(Suspended(NAMED, "", "Officer 7", DAY), SALT)
