"""An applicant who proves a partner's material with too little, with another thing, or twice."""

from __future__ import annotations

from typing import Any

import pytest

from countermark.casework.amend import annul, duplicate, replace_certificate
from countermark.casework.apply import apply
from countermark.casework.decide import state_rule
from countermark.casework.issue import Issued, issue
from countermark.casework.refusal import Refusal
from countermark.casework.rely import RELIANCE, fallen_proofs
from countermark.document.lifecycle import Effect
from two_parties import OFFICER, Pair, cattle, certify, plain


@pytest.fixture
def kits(pair: Pair) -> Issued:
    """A certificate of eight tractor kits, received by the party that builds on it."""
    submitted = apply(pair.by.office, plain("by-tractor-kits"))
    for item in (1, 2):
        state_rule(
            pair.by.office,
            submitted.id,
            item,
            rule={"ctc": "CTH"},
            citation="CIS Rules, 2.4",
            officer=OFFICER,
        )
    (issued,) = issue(pair.by.office, [submitted.id], OFFICER)
    pair.settle()
    return issued


def tractors(reference: str, proved_by: Issued, relied: str = "5", **material: Any) -> Any:
    """Five tractors of five kits; ``relied`` is how many of the certificate they claim."""
    application = plain("az-tractors-own", reference=reference)
    kit = application["goods"][0]["materials"][0]
    kit["proof"] |= {"number": proved_by.number, "date": proved_by.dated.isoformat()}
    kit["proof"]["quantity"]["value"] = relied
    kit |= material
    return application


def refusal(pair: Pair, application: Any) -> str:
    submitted = apply(pair.az.office, application)
    with pytest.raises(Refusal) as refused:
        issue(pair.az.office, [submitted.id], OFFICER)
    return refused.value.code


def drawn(pair: Pair, proof: Issued) -> list[int]:
    return [balance.drawn for balance in pair.az.office.store.register.balances(RELIANCE, proof.sub)]


def test_a_proof_for_less_than_the_material_proves_nothing(pair: Pair, kits: Issued):
    assert refusal(pair, tractors("less", kits, "4.999999")) == "undetermined"
    assert drawn(pair, kits) == [0, 0]


@pytest.mark.parametrize("quantity", [None, {"value": "5", "unit": "set"}])
def test_a_material_not_counted_as_its_proof_is_not_certified(pair: Pair, kits: Issued, quantity: Any):
    assert refusal(pair, tractors("blank", kits, quantity=quantity)) == "proof-quantity"
    assert drawn(pair, kits) == [0, 0]


@pytest.mark.parametrize("code", ["8707 10", None])
def test_a_proof_of_other_goods_is_not_certified(pair: Pair, kits: Issued, code: str | None):
    assert refusal(pair, tractors("other", kits, hs=code)) == "proof-other-goods"


def test_a_certificate_of_heifers_proves_no_tractor(pair: Pair):
    heifers = certify(pair.by, cattle("heifers"))
    pair.settle()
    assert refusal(pair, tractors("beasts", heifers)) == "proof-other-goods"


def test_a_replacement_draws_anew_what_the_replaced_one_drew(pair: Pair, kits: Issued):
    first = certify(pair.az, tractors("first", kits))
    corrected = apply(pair.az.office, tractors("corrected", kits, "6"))
    replace_certificate(pair.az.office, first.number, corrected.id, OFFICER)
    assert drawn(pair, kits) == [6_000_000, 0]


def test_a_duplicate_shows_the_fallen_proof_of_its_original(pair: Pair, kits: Issued):
    made = certify(pair.az, tractors("made", kits))
    copy = duplicate(pair.az.office, made.number, reason="lost", officer=OFFICER)
    annul(pair.by.office, kits.number, reason="wrong", effect=Effect.FROM_START, officer=OFFICER)
    pair.settle()
    assert fallen_proofs(pair.az.office, copy.number) == (kits.number,)
