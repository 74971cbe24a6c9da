"""A partner whose keys are good and whose certificates are not: each is refused, and nothing can be used under it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from forger import SALT, Forger, certificate_of

from countermark.casework.ports import NewStatement
from countermark.casework.receive import follow
from countermark.casework.use import USE
from countermark.clearance.use import Used, UsedLine, encode_used
from countermark.document.certificate import Certificate, Reference
from countermark.document.lifecycle import Annulled, Effect, encode_lifecycle
from countermark.trust.kinds import Role
from countermark.trust.statement import read as read_statement
from two_parties import Pair, cattle, certify


@pytest.fixture
def honest(pair: Pair) -> Certificate:
    issued = certify(pair.by, cattle("honest"))
    pair.settle()
    return certificate_of(pair.by, issued.leaf_hash)


@pytest.fixture
def forger(pair: Pair, honest: Certificate) -> Forger:
    return Forger(pair.by, pair.clock)


def family(pair: Pair, honest: Certificate) -> tuple[str, Reference]:
    (row,) = pair.by.office.store.register.certificates(honest.number)
    return row.sub, Reference(row.leaf_hash, honest.number, honest.certified_on)


def back_dated(forger: Forger, honest: Certificate) -> int:
    day = date(2026, 6, 1)
    declaration = replace(honest.declaration, date=day)
    return forger.issue(honest, 2, certified_on=day, declaration=declaration, valid_until=date(2027, 6, 1))


def of_another_body(forger: Forger, honest: Certificate) -> int:
    return forger.issue(honest, 2, body=replace(honest.body, id="102"), number="BYAZ6102000002")


def of_another_form(forger: Forger, honest: Certificate) -> int:
    return forger.issue(honest, 2, form="ST-3")


def of_goods_of_no_party(forger: Forger, honest: Certificate) -> int:
    return forger.issue(honest, 2, items=(replace(honest.items[0], country="CN"),))


def in_the_ledger_of_paper(forger: Forger, honest: Certificate) -> int:
    return forger.issue(honest, 2, sub="paper:RU:123")


@pytest.mark.parametrize(
    ("lie", "code"),
    [
        (back_dated, "certified-on"),
        (of_another_body, "other-body"),
        (of_another_form, "wrong-form"),
        (of_goods_of_no_party, "origin-no-party"),
        (in_the_ledger_of_paper, "family-name"),
    ],
)
def test_a_certificate_that_cannot_be_true_is_refused(
    pair: Pair, forger: Forger, honest: Certificate, lie: Callable[[Forger, Certificate], int], code: str
):
    index = lie(forger, honest)
    assert follow(pair.az.office, "BY", forger) is None
    office = pair.az.office
    assert dict(office.store.statements.refused(pair.by.office.origin, 0, 100)) == {index: code}
    assert [row.number for row in office.store.register.certificates("BYAZ6101000002")] == []
    assert office.store.register.balances(USE, "paper:RU:123") == []


@pytest.mark.parametrize("change", ["goods", "term"])
def test_a_duplicate_that_says_more_than_its_original_is_refused(
    pair: Pair, forger: Forger, honest: Certificate, change: str
):
    sub, reference = family(pair, honest)
    quantity = honest.items[0].quantity
    assert quantity is not None
    more = replace(honest.items[0], quantity=replace(quantity, value=Decimal(9999)))
    said = {"goods": {"items": (more,)}, "term": {"valid_until": date(2040, 1, 1)}}[change]
    index = forger.say("duplicate", forger.certificate(honest, 2, duplicate_of=reference, **said), sub=sub)
    assert follow(pair.az.office, "BY", forger) is None
    refused = dict(pair.az.office.store.statements.refused(pair.by.office.origin, 0, 100))
    assert refused == {index: "duplicate-differs"}
    assert [row.status for row in pair.az.office.store.register.family(sub)] == ["valid"]


def test_an_annulment_whose_number_is_another_certificates_is_refused(
    pair: Pair, forger: Forger, honest: Certificate
):
    sub, reference = family(pair, honest)
    other = replace(reference, number="BYAZ6101000777")
    annulled = Annulled(other, "x", Effect.FROM_NOW, "Officer 7", honest.certified_on)
    index = forger.say("annulled", encode_lifecycle(annulled, SALT), sub=sub)
    assert follow(pair.az.office, "BY", forger) is None
    refused = dict(pair.az.office.store.statements.refused(pair.by.office.origin, 0, 100))
    assert refused == {index: "reference-unknown"}


def test_a_use_under_one_certificate_in_the_name_of_another_is_refused(pair: Pair, honest: Certificate):
    sub, reference = family(pair, honest)
    liar = Forger(pair.az, pair.clock)
    line = UsedLine(1, 1, "pcs", 1, True)
    used = Used(reference.leaf_hash, "BYAZ6101000999", (line,), "D", "O", honest.certified_on, 0)
    customs = pair.az.office.signers[Role.CUSTOMS_SEAL]
    index = liar.say("used", encode_used(used, SALT), sub=sub, aud="BY", signer=customs)
    assert follow(pair.by.office, "AZ", liar) is None
    refused = dict(pair.by.office.store.statements.refused(pair.az.office.origin, 0, 100))
    assert refused == {index: "not-our-certificate"}


def test_a_leaf_first_seen_in_a_log_it_does_not_belong_to_hides_nothing(pair: Pair):
    issued = certify(pair.by, cattle("copied"))
    row = pair.by.office.store.statements.at(issued.leaf_hash)
    assert row is not None
    stolen = NewStatement(
        "kz.example/log/1", 0, read_statement(row.leaf).header, row.leaf, None, "other-issuer"
    )
    with pair.az.office.store.transaction():
        pair.az.office.store.statements.add([stolen])
    pair.settle()
    assert certificate_of(pair.az, issued.leaf_hash).number == issued.number
