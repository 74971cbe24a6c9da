"""Where a material stands for the exporting party: own, another party's with proof or without, foreign, or not known."""

from __future__ import annotations

from collections.abc import Mapping

from countermark.goods.hs import HSCode, Nomenclature
from countermark.goods.material import Answer, Material, Proof, Status
from countermark.rules.agreement import Agreement
from countermark.rules.determination import Truth
from countermark.rules.facts import Standing
from countermark.rules.match import within_any
from countermark.rules.truth import NO, UNKNOWN, YES, negated, told

_STATED = {
    Status.WHOLLY: Standing.WHOLLY,
    Status.ORIGINATING: Standing.OWN,
    Status.FOREIGN: Standing.FOREIGN,
    Status.UNESTABLISHED: Standing.FOREIGN,
}


def standing_of(
    material: Material,
    key: str,
    digits: str,
    agreement: Agreement,
    country: str,
    answers: Mapping[str, Answer],
) -> Standing:
    """By what is stated; a blank may be answered by ``material:3:origin``."""
    if material.status is Status.PARTY and material.country:
        answer = answers.get(f"{key}:cumulates") if _open(material.country, agreement, country) else None
        if answer is not None:
            return Standing.OWN if answer is Answer.YES else Standing.FOREIGN
        return of_party(material, material.country, digits, agreement, country)
    if material.status in _STATED:
        return _STATED[material.status]
    answer = answers.get(f"{key}:origin")
    if answer is None:
        return Standing.BLANK
    return Standing.OWN if answer is Answer.YES else Standing.FOREIGN


def of_party(material: Material, origin: str, digits: str, agreement: Agreement, country: str) -> Standing:
    """A material that originates in ``origin``: cumulated as the agreement says (CIS Rules 2.3, 2.5)."""
    if origin == country:
        return Standing.OWN
    if _open(origin, agreement, country):
        return Standing.OPEN
    allowed = cumulates(origin, digits, agreement)
    if allowed is not YES:
        return Standing.FOREIGN if allowed is NO else Standing.BLANK
    return Standing.PROVED if is_proved(material, origin, agreement) else Standing.PARTY


def _open(origin: str, agreement: Agreement, country: str) -> bool:
    """Whether the pack does not say if another country's materials count."""
    return origin != country and bool(agreement.unknown & {"cumulation", "parties"})


def is_party(country: str, agreement: Agreement) -> bool:
    """Whether it is, or may be as the parties are not known."""
    return country in agreement.parties or "parties" in agreement.unknown


def cumulates(origin: str, digits: str, agreement: Agreement) -> Truth:
    """Whether materials of this code from this country can count as originating."""
    terms = agreement.cumulation
    partner = origin in terms.partners and terms.kind != "bilateral"
    if terms.kind == "none" or not (is_party(origin, agreement) or partner):
        return NO
    return negated(within_any(digits, terms.not_materials))


def is_proved(material: Material, origin: str, agreement: Agreement) -> bool:
    """Whether the proof the agreement asks for is named, of the country of origin, with its item and enough of it."""
    forms = agreement.cumulation.proof_forms
    proof = material.proof
    if not forms:
        return True
    return (
        proof is not None
        and proof.form in forms
        and bool(proof.number)
        and proof.country == origin
        and proof.quantity.value > 0
        and covers(proof, material) is not NO
    )


def covers(proof: Proof, material: Material) -> Truth:
    """Whether a proof is relied on for as much as the material amounts to; unknown while that is in no unit of its."""
    unit, relied = proof.quantity.unit, proof.quantity.value
    if material.quantity is not None and material.quantity.unit == unit:
        return told(relied >= material.quantity.value)
    if material.weight is not None and unit == "kg":
        return told(relied >= material.weight)
    return UNKNOWN


def comparable(code: HSCode | None, agreement: Agreement) -> str:
    """The digits that can be held against the agreement's codes: none of another edition, as nothing is converted;
    beyond the sixth only those of its own nomenclature. The EAEU's first nine digits are those of the CIS.

    Of a list whose edition is not known the code is held against it as it stands; ``unknown.hedge`` asks whether it may.
    """
    if code is None or (agreement.hs_edition and code.edition != agreement.hs_edition):
        return ""
    if len(code.digits) <= 6:
        return code.digits
    own = code.nomenclature == agreement.nomenclature
    kin = code.nomenclature is Nomenclature.EAEU and agreement.nomenclature == Nomenclature.CIS
    return code.digits[: agreement.code_digits] if own or kin else code.digits[:6]


def foreign_of(standing: Standing, agreement: Agreement) -> Truth:
    """Whether a material so standing counts as foreign."""
    if standing is Standing.PARTY and agreement.cumulation.party_material_is_foreign_without_proof:
        return YES
    return standing.foreign
