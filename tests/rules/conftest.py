"""Fixtures: a small agreement in the manner of the CIS Rules, and the determination of a good under it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from rule_samples import FIVE_PER_CENT, ON, applied

from countermark.goods.application import Good
from countermark.rules.agreement import Agreement, Coverage, RowPolicy
from countermark.rules.determination import Determination
from countermark.rules.determine import determine
from countermark.rules.expression import read_expression
from countermark.rules.terms import Cumulation, Valuation


@pytest.fixture
def agreement() -> Agreement:
    return Agreement(
        id="test", title="Test agreement", edition="2023", valid_from=date(2024, 1, 1), valid_until=None,
        form="CT-1", parties=frozenset({"AZ", "BY", "KZ"}), hs_edition=2022,
        row_policy=RowPolicy.MOST_SPECIFIC, rows=(), general_rule=read_expression({"ctc": "CTH"}),
        general_citation="2.4", coverage={"84": Coverage.COMPLETE, "87": Coverage.GAP_POSSIBLE},
        wholly_obtained={"b": "plants grown there"}, wholly_citation="2.2",
        insufficient={"simple-assembly": "simple assembly", "painting": "painting"},
        insufficient_citation="3.1", tolerances=(FIVE_PER_CENT,),
        cumulation=Cumulation("full", ("CT-1",), False), cumulation_citation="2.3", sets=None,
        valuation=Valuation("EXW", ("customs", "first-sale")),
        box9={"wholly produced": "П", "sufficiently processed": "Д{heading}", "cumulation": "К"},
        box9_letters="ПДК", simple_assembly_of_kits="undetermined", validity_months=12,
        quantity_over_pct=Decimal(5), verification_months=3, verification_repeat_months=3, comparison={},
        provisions={}, nomenclature="CIS", code_digits=9,
        direct_purchase=("bought in a party",), direct_delivery=("not through trade elsewhere",),
    )  # fmt: skip


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
