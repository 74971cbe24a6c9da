"""Turn what the exporter states into facts: who each material comes from, at what value, under which code.

Nothing is assumed: a status that is not stated is blank, a code of another edition is not compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from countermark.goods.application import Application, Good
from countermark.goods.hs import HSCode, Nomenclature
from countermark.goods.material import Answer, Material, Proof, Status
from countermark.rules.agreement import Agreement
from countermark.rules.determination import Question, Truth
from countermark.rules.facts import Facts, Line, Price, Standing
from countermark.rules.truth import NO, UNKNOWN, YES, answered, told
from countermark.rules.value import price_of, value_of


def gather(
    application: Application,
    good: Good,
    agreement: Agreement,
    on: date,
    answers: Mapping[str, Answer],
    *,
    tracing: bool,
) -> Facts:
    """The facts of one good under an agreement."""
    price = price_of(good.price)
    country = application.exporter.country
    lines = tuple(
        _line(number, material, good, agreement, country, price, answers, on)
        for number, material in enumerate(good.materials or (), 1)
    )
    return Facts(
        good=Line(
            "good", 0, good.description, comparable(good.hs, agreement), Standing.BLANK, UNKNOWN, UNKNOWN
        ),
        lines=lines,
        price=price,
        on=on,
        country=country,
        parties=agreement.parties,
        operations=good.operations,
        answers=answers,
        blank=(Question("materials", "materials"),) if good.materials is None else (),
        weight=good.net_weight,
        tracing=tracing,
    )


# Of a list whose edition is not known the code is held against it as it stands; ``unknown.hedge`` asks whether it may.
def comparable(code: HSCode | None, agreement: Agreement) -> str:
    """The digits that can be held against the agreement's codes: none of another edition, as nothing is converted;
    beyond the sixth only those of its own nomenclature. The EAEU's first nine digits are those of the CIS.
    """
    if code is None or (agreement.hs_edition and code.edition != agreement.hs_edition):
        return ""
    if len(code.digits) <= 6:
        return code.digits
    own = code.nomenclature == agreement.nomenclature
    kin = code.nomenclature is Nomenclature.EAEU and agreement.nomenclature == Nomenclature.CIS
    return code.digits[: agreement.code_digits] if own or kin else code.digits[:6]


def _line(
    number: int,
    material: Material,
    good: Good,
    agreement: Agreement,
    country: str,
    price: Price | None,
    answers: Mapping[str, Answer],
    on: date,
) -> Line:
    standing = _standing(number, material, agreement, country, answers)
    foreign, wholly = standing.foreign, standing.wholly
    if standing is Standing.PARTY and agreement.cumulation.party_material_is_foreign_without_proof:
        foreign = YES
    if material.status is None and standing is Standing.OWN:
        wholly = answered(answers.get(f"material:{number}:wholly"))
    bases = () if foreign is NO else agreement.valuation.materials
    value, asks = value_of(number, material, bases, price, good.rates, on)
    return Line(
        f"material:{number}", number, material.name, comparable(material.hs, agreement), standing, foreign,
        wholly, value, asks, material.weight, material.named, material.proof,
    )  # fmt: skip


def _standing(
    number: int, material: Material, agreement: Agreement, country: str, answers: Mapping[str, Answer]
) -> Standing:
    """Where the material stands; a blank status may be answered by ``material:3:origin``."""
    match material.status:
        case Status.WHOLLY:
            return Standing.WHOLLY
        case Status.ORIGINATING:
            return Standing.OWN
        case Status.FOREIGN | Status.UNESTABLISHED:
            return Standing.FOREIGN
        case Status.PARTY if material.country:
            return _of_party(number, material, agreement, country, answers)
        case _:
            answer = answers.get(f"material:{number}:origin")
            if answer is None:
                return Standing.OWN if _rolled_up(material, agreement, country) else Standing.BLANK
            return Standing.OWN if answer is Answer.YES else Standing.FOREIGN


def _rolled_up(material: Material, agreement: Agreement, country: str) -> bool:
    """A self-made material all of whose own materials originate there is not looked into further (CIS Rules 2.7)."""
    parts = [_standing(0, part, agreement, country, {}) for part in material.bill]
    return bool(parts) and all(part in (Standing.OWN, Standing.WHOLLY) for part in parts)


def _of_party(
    number: int, material: Material, agreement: Agreement, country: str, answers: Mapping[str, Answer]
) -> Standing:
    if material.country == country:
        return Standing.OWN
    if agreement.unknown & {"cumulation", "parties"}:
        answer = answers.get(f"material:{number}:cumulates")
        return Standing.OPEN if answer is None else Standing.OWN if answer is Answer.YES else Standing.FOREIGN
    if material.country not in agreement.parties:
        return Standing.FOREIGN
    return Standing.PROVED if is_proved(material, agreement) else Standing.PARTY


def is_proved(material: Material, agreement: Agreement) -> bool:
    """Whether the proof the agreement asks for is named, of the party of origin, with its item and enough of it."""
    forms = agreement.cumulation.proof_forms
    proof = material.proof
    if not forms:
        return True
    return (
        proof is not None
        and proof.form in forms
        and bool(proof.number)
        and proof.country == material.country
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
