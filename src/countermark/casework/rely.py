"""The ledger of reliance: how much of another party's certificate our own goods were built on.

The body that relies on a certificate keeps its balance: all our goods together draw at most what the certificate
certifies of an item. An annulment or a negative reply then names every application built on it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from countermark.casework.decide import Decided
from countermark.casework.find import content_of
from countermark.casework.ports import (
    AlreadyThere,
    ApplicationRow,
    BalanceRow,
    CertificateRow,
    DrawingRow,
    Office,
)
from countermark.casework.refusal import Answer, Refusal
from countermark.clearance.use import scaled, unscaled
from countermark.document.lifecycle import LegalStatus
from countermark.goods.material import Material, Proof
from countermark.rules.determination import Truth
from countermark.rules.gather import material_at
from countermark.rules.standing import covers

RELIANCE = "reliance"


def draw_on_proofs(office: Office, decided: Decided) -> None:
    """Draw what the application's determinations rely on. Raises Refusal if a proof does not hold or does not suffice."""
    wanted: dict[tuple[str, int], int] = defaultdict(int)
    for good, determination in zip(decided.application.goods, decided.determinations, strict=True):
        for reliance in determination.relied_on:
            material = material_at(good, reliance)
            family = _family(office, reliance.proof, material)
            wanted[family, reliance.proof.item] += scaled(reliance.proof.quantity.value)
    drawings = [
        DrawingRow(RELIANCE, family, item, amount, decided.row.id)
        for (family, item), amount in wanted.items()
    ]
    try:
        enough = office.store.register.draw(drawings)
    except AlreadyThere as error:
        raise Refusal(
            "relied-already", f"Application {decided.row.id} has drawn on its proofs already."
        ) from error
    if drawings and not enough:
        raise Refusal(
            "proof-overdrawn",
            f"Application {decided.application.reference} relies on more than its proofs certify, counting what other"
            " goods drew on them. Lower the quantity relied on, or bring another proof.",
            details=tuple(_balance_words(office, drawing) for drawing in drawings),
        )


def release_proofs(office: Office, number: str) -> None:
    """Give back what a certificate of ours was built on: the one that replaces it draws for itself."""
    application = _application(office, number)
    drawn = office.store.register.drawn_by(RELIANCE, application.id) if application else []
    if drawn:
        given_back = [replace(row, amount=-row.amount, cause=f"replaced:{row.cause}") for row in drawn]
        office.store.register.draw(given_back)


def fallen_proofs(office: Office, number: str) -> tuple[str, ...]:
    """Numbers of the certificates one of ours was built on that no longer stand."""
    application = _application(office, number)
    if application is None:
        return ()
    families = {d.family for d in office.store.register.drawn_by(RELIANCE, application.id)}
    standing = LegalStatus.VALID.value
    fallen = []
    for family in sorted(families):
        rows = office.store.register.family(family)
        if rows and not any(row.status == standing for row in rows):
            fallen.append(rows[0].number)
    return tuple(fallen)


def _application(office: Office, number: str) -> ApplicationRow | None:
    """What a certificate of ours rests on: the application it was issued for; a duplicate, its original's."""
    for row in office.store.register.certificates(number):
        if row.origin == office.origin and row.kind == "duplicate":
            earlier = content_of(office, row).duplicate_of
            return _application(office, earlier.number) if earlier else None
    return office.store.cases.application_of(number)


def _family(office: Office, proof: Proof, material: Material) -> str:
    """The key of the proof's balance; a paper proof of a party without a corridor has no certified total here."""
    if covers(proof, material) is not Truth.YES:
        raise Refusal(
            "proof-quantity",
            f"How much of {material.name} certificate {proof.number} must cover is not stated in {proof.quantity.unit}."
            " Give the quantity of the material in the unit of its proof.",
            Answer.CANNOT_TELL,
        )
    if office.store.cases.partner(proof.country) is None:
        family = f"paper:{proof.country}:{proof.number}"
        no_total = BalanceRow(RELIANCE, family, proof.item, proof.quantity.unit, most=(1 << 62))
        office.store.register.open_balances([no_total])
        return family
    row = _certificate(office, proof)
    balances = {b.item: b for b in office.store.register.balances(RELIANCE, row.sub)}
    balance = balances.get(proof.item)
    if balance is None or balance.unit != proof.quantity.unit:
        raise Refusal(
            "proof-item",
            f"Certificate {proof.number} certifies no item {proof.item} counted in {proof.quantity.unit}."
            " Quote its item and unit as they stand in it.",
        )
    _check_same_goods(office, row, proof, material)
    return row.sub


def _check_same_goods(office: Office, row: CertificateRow, proof: Proof, material: Material) -> None:
    """A certificate of other goods proves nothing of a material: they are told apart by their heading."""
    certified = next(item.hs for item in content_of(office, row).items if item.item == proof.item)
    stated = material.hs.heading if material.hs else ""
    if not stated or not certified.heading.startswith(stated):
        raise Refusal(
            "proof-other-goods",
            f"Item {proof.item} of certificate {proof.number} is of heading {certified.heading}, {material.name} of"
            f" {stated or 'no stated code'}. Name the certificate of the material, or have its code corrected.",
            Answer.CANNOT_TELL,
        )


def _certificate(office: Office, proof: Proof) -> CertificateRow:
    """The received certificate a proof names, if it stands."""
    rows = [r for r in office.store.register.certificates(proof.number) if r.party == proof.country]
    if not rows or rows[0].dated != proof.date:
        raise Refusal(
            "proof-not-found",
            f"No certificate {proof.number} of {proof.date} was received from {proof.country}. Check number and date;"
            " if both are right, wait until it arrives.",
            Answer.CANNOT_TELL,
        )
    if rows[0].status != LegalStatus.VALID.value:
        raise Refusal(
            "proof-not-valid", f"Certificate {proof.number} is {rows[0].status}: nothing can rely on it."
        )
    return rows[0]


def _balance_words(office: Office, drawing: DrawingRow) -> str:
    rows = office.store.register.balances(drawing.ledger, drawing.family)
    row = next(r for r in rows if r.item == drawing.item)
    return f"item {drawing.item}: {unscaled(drawing.amount)} {row.unit} asked, {unscaled(row.most - row.drawn)} left"
