"""Russian rule texts in the manner of the CIS list, in sentences of our own, and the expressions they mean."""

from __future__ import annotations

from typing import Any

import pytest
from rule_samples import bare

from countermark.rules.expression import write_expression
from countermark.rules.reader import Status, read_rule

ANY = {"any_heading": True}


def nom(pct: str, *materials: str) -> dict[str, Any]:
    return {"max_nom": {"pct": pct, "base": "EXW"} | ({"materials": list(materials)} if materials else {})}


EXACT = {
    "Изготовление из материалов любых позиций, кроме материалов позиций 0901 - 0903": ANY
    | {"except": ["0901-0903"]},
    "Изготовление из товаров группы 07": {"from_materials": ["07"]},
    "Изготовление, при котором стоимость всех используемых материалов не должна превышать 45% цены конечной продукции": nom(
        "45"
    ),
    "Изготовление из материалов любых позиций. Однако стоимость используемых материалов той же позиции, что и готовый продукт, "
    "не должна превышать 35% цены конечной продукции": {"all": [ANY, nom("35", "@heading")]},
    "Изготовление, при котором все используемые материалы должны классифицироваться в позиции, отличной от позиции продукта. "
    "Однако материалы позиции 3215 могут использоваться только при условии, что их стоимость не превышает 25% цены конечной продукции": {
        "permit": ["3215"],
        "limit": {"pct": "25", "base": "EXW"},
        "rule": {"ctc": "CTH"},
    },
    "Изготовление, при котором:\n- стоимость всех используемых материалов не должна превышать 40% цены конечной продукции;\n"
    "- в пределах указанного выше ограничения стоимость материалов товарной позиции 8483 не должна превышать 5% цены конечной продукции": {
        "all": [nom("40"), nom("5", "8483")]
    },
    "Изменение кода товара по ТН ВЭД на уровне любого из первых четырех знаков": {"ctc": "CTH"},
    "CTH или ДДС не менее 45%": {
        "any": [{"ctc": "CTH"}, {"rvc": {"pct": "45", "formula": "agreement", "base": "agreement"}}]
    },
}
ATTESTED = {
    "Обжиг извести": {"process": "обжиг-извести", "text": "обжиг извести"},
    "Изготовление из неокрашенной пряжи": {"from_materials": [{"named": "неокрашенной пряжи"}]},
    "Изготовление из материалов любых позиций при выполнении технологических операций, за исключением операций по сушке, фасовке": {
        "all": [ANY, {"not_only": ["сушке", "фасовке"]}]
    },
}


@pytest.mark.parametrize(("text", "expected"), EXACT.items())
def test_codes_and_figures_decide(text: str, expected: Any) -> None:
    found = read_rule(text)
    assert (found.status, bare(write_expression(found.expression))) == (Status.EXACT, expected)


@pytest.mark.parametrize(("text", "expected"), ATTESTED.items())
def test_names_and_operations_are_attested(text: str, expected: Any) -> None:
    found = read_rule(text)
    assert (found.status, bare(write_expression(found.expression))) == (Status.ATTESTED, expected)


@pytest.mark.parametrize(
    "text",
    [
        "Изготовление",
        "Изготовление из материалов любых позиций, кроме",
        "Изготовление, при котором стоимость материалов не должна превышать 145% цены конечной продукции",
        "Смена позиции или смена группы и ДДС не менее 40%",
    ],
)
def test_what_is_not_surely_understood_is_left_to_a_person(text: str) -> None:
    assert read_rule(text).status is Status.MANUAL


@pytest.mark.parametrize("text", EXACT)
def test_one_changed_figure_changes_the_rule(text: str) -> None:
    for n, letter in enumerate(text):
        if letter.isdigit() and not text[: n + 1].isdigit():
            other = text[:n] + str((int(letter) + 1) % 10) + text[n + 1 :]
            found = read_rule(other)
            assert found.status is Status.MANUAL or bare(write_expression(found.expression)) != EXACT[text], (
                other
            )
