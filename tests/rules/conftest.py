"""A small agreement in the manner of the CIS Rules, and short ways to state goods and materials."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from countermark.goods.application import Application, Good, Operation, Packages
from countermark.goods.hs import HSCode
from countermark.goods.material import Material, Proof, Status
from countermark.goods.money import Money, Quantity
from countermark.goods.party import Trader
from countermark.rules.agreement import Agreement, Coverage, Cumulation, Row, RowPolicy, Tolerance
from countermark.rules.determination import Determination
from countermark.rules.determine import determine
from countermark.rules.expression import read_expression

ON = date(2026, 5, 4)
FIVE_PER_CENT = Tolerance(
    Decimal(5), "EXW", True, False, ("tolerance:necessary-component", "tolerance:expert-paper")
)


def row(id: str, rule: dict[str, Any], *, codes: tuple[str, ...] = (), ex: bool = False) -> Row:
    return Row(
        id,
        codes or (id.split("/", maxsplit=1)[0],),
        ex,
        f"gloss of {id}",
        read_expression(rule),
        f"list, {id}",
        "read",
    )


@pytest.fixture
def agreement() -> Agreement:
    return Agreement(
        id="test", title="Test agreement", edition="2023", valid_from=date(2024, 1, 1), valid_until=None,
        form="CT-1", parties=frozenset({"AZ", "BY", "KZ"}), hs_edition=2022,
        row_policy=RowPolicy.MOST_SPECIFIC, rows=(), general_rule=read_expression({"ctc": "CTH"}),
        general_citation="2.4", coverage={"84": Coverage.COMPLETE, "87": Coverage.GAP_POSSIBLE},
        wholly_obtained={"b": "plants grown there"}, wholly_citation="2.2",
        insufficient={"simple-assembly": "simple assembly", "painting": "painting"},
        insufficient_citation="3.1", tolerance=FIVE_PER_CENT, tolerance_citation="2.6",
        cumulation=Cumulation("full", "CT-1", False), cumulation_citation="2.3", set_pct=None, value_base="EXW",
        material_bases=("customs", "first-sale"),
        box9={"wholly produced": "П", "sufficiently processed": "Д{heading}", "cumulation": "К"},
        box9_letters="ПДК", simple_assembly_of_kits="undetermined", validity_months=12,
        quantity_over_pct=Decimal(5), verification_months=3, verification_repeat_months=3, comparison={},
        provisions={}, nomenclature="CIS", code_digits=9,
    )  # fmt: skip


def usd(amount: str, basis: str = "customs", currency: str = "USD") -> Money:
    return Money(Decimal(amount), currency, basis, ON, "invoice 1")


def material(hs: str, status: Status | None, value: str | None = "10", **more: Any) -> Material:
    return Material(
        f"material of {hs}", HSCode(hs) if hs else None, status, value=usd(value) if value else None, **more
    )


def kit(hs: str, *, proved: bool, value: str = "800") -> Material:
    proof = Proof("CT-1", "BY-1", "2026-04-01", "BY", 1, Quantity(Decimal(5), "pcs")) if proved else None
    return material(hs, Status.PARTY, value, country="BY", proof=proof)


WELDING = Operation("", "welding of the frame", "AZ")
ASSEMBLY = Operation("simple-assembly", "bolting together", "AZ")


def made(hs: str, *materials: Material, **more: Any) -> Good:
    stated: dict[str, Any] = {"price": usd("1000", "EXW"), "operations": (WELDING,), "materials": materials}
    return Good(
        1, "good", HSCode(hs), Packages(1, "box"), Decimal(100), Decimal(110), None, **{**stated, **more}
    )  # fmt: skip


def applied(good: Good, country: str = "AZ") -> Application:
    trader = Trader("Example Works", "1 Example Street", country)
    return Application("ref-1", "test", "CT-1", trader, replace(trader, country="KZ"), "KZ", (good,))


@pytest.fixture
def decide(agreement: Agreement) -> Callable[..., Determination]:
    """The determination of a good from AZ, with terms of the agreement changed by name."""

    def of(good: Good, stated: Any = None, on: date = ON, country: str = "AZ", **terms: Any) -> Determination:
        changed = replace(agreement, **terms)
        found = determine(applied(good, country), good, changed, on, stated=stated)
        quick = determine(applied(good, country), good, changed, on, stated=stated, trace=False)
        assert replace(found, trace=None) == quick
        return found

    return of
