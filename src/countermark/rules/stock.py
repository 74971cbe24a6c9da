"""Divide a fungible material between originating and foreign, by the records of the stock it was drawn from."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from countermark.goods.material import Stock
from countermark.goods.money import Quantity
from countermark.rules.facts import Line, Questions, Standing
from countermark.rules.truth import NO, UNKNOWN, YES

_ONE, _NONE = Decimal(1), Decimal(0)


def drawn_from_stock(
    stock: Stock | None, quantity: Quantity | None, line: Line, methods: tuple[str, ...]
) -> list[Line]:
    """The originating and the foreign part of a line; whole and open while the records do not settle it.

    Accounting segregation uses originating stock first, up to what there is of it; the average takes the shares in stock.
    """
    if stock is None:
        return [line]
    asks: Questions = ()
    if stock.method not in methods:
        asks = (
            line.question("stock-method", "stock_method", method=stock.method, methods=", ".join(methods)),
        )
    elif not stock.evidence:
        asks = (line.question("stock-evidence", "stock_evidence", method=stock.method),)
    elif stock.method == "segregation" and quantity is None:
        asks = (line.question("quantity", "material_quantity"),)
    if asks:
        return [
            replace(
                line, standing=Standing.BLANK, foreign=UNKNOWN, wholly=UNKNOWN, origin_asks=asks, proof=None
            )
        ]
    share = _share(stock, quantity)
    own = replace(line, standing=Standing.OWN, foreign=NO, wholly=NO, proof=None)
    foreign = replace(line, standing=Standing.FOREIGN, foreign=YES, wholly=NO, proof=None)
    if share in (_ONE, _NONE):
        return [own if share else foreign]
    return [_part(own, share, 1), _part(foreign, _ONE - share, 2)]


def _share(stock: Stock, quantity: Quantity | None) -> Decimal:
    """How much of the line is originating, from 0 to 1."""
    if stock.method == "average" or quantity is None:
        return stock.originating / (stock.originating + stock.foreign)
    return min(stock.originating / quantity.value, _ONE)


def _part(line: Line, share: Decimal, part: int) -> Line:
    value = None if line.value is None else line.value * share
    weight = None if line.weight is None else line.weight * share
    path = (*(line.path or (line.number,)), part)
    return replace(line, value=value, weight=weight, path=path)
