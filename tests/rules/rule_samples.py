"""A small agreement in the manner of the CIS Rules, and short ways to state goods and materials."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from countermark.goods.application import Application, Good, Operation, Packages
from countermark.goods.hs import HSCode
from countermark.goods.material import Material, Proof, Status
from countermark.goods.money import Money, Quantity
from countermark.goods.party import Trader
from countermark.rules.agreement import Row
from countermark.rules.expression import read_expression
from countermark.rules.terms import Tolerance

ON = date(2026, 5, 4)
FIVE_PER_CENT = Tolerance(
    Decimal(5),
    "EXW",
    True,
    False,
    ("tolerance:necessary-component", "tolerance:expert-paper"),
    citation="2.6",
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


def usd(amount: str, basis: str = "customs", currency: str = "USD") -> Money:
    return Money(Decimal(amount), currency, basis, ON, "invoice 1")


def material(hs: str, status: Status | None, value: str | None = "10", **more: Any) -> Material:
    return Material(
        f"material of {hs}", HSCode(hs) if hs else None, status, value=usd(value) if value else None, **more
    )


def kit(hs: str, *, proved: bool, value: str = "800") -> Material:
    proof = Proof("CT-1", "BY-1", "2026-04-01", "BY", 1, Quantity(Decimal(5), "pcs")) if proved else None
    return material(hs, Status.PARTY, value, country="BY", proof=proof)


WELDING = Operation("", "welding of the frame", "AZ", "route sheet 1")
ASSEMBLY = Operation("simple-assembly", "bolting together", "AZ")


def made(hs: str, *materials: Material, **more: Any) -> Good:
    stated: dict[str, Any] = {"price": usd("1000", "EXW"), "operations": (WELDING,), "materials": materials}
    return Good(
        1, "good", HSCode(hs), Packages(1, "box"), Decimal(100), Decimal(110), None, **{**stated, **more}
    )  # fmt: skip


def applied(good: Good, country: str = "AZ") -> Application:
    trader = Trader("Example Works", "1 Example Street", country)
    return Application("ref-1", "test", "CT-1", trader, replace(trader, country="KZ"), "KZ", (good,))


def bare(written: Any) -> Any:
    """An expression without its spans, and without the nodes that only share a long span."""
    match written:
        case dict():
            kept = {key: bare(value) for key, value in written.items() if key != "cite"}
            alone = kept.get("all")
            return alone[0] if isinstance(alone, list) and len(alone) == 1 and len(kept) == 1 else kept
        case list():
            return [bare(each) for each in written]
    return written
