"""How checks and balances look as JSON, on the command line and in the API alike."""

from __future__ import annotations

from countermark.casework.check import Checked
from countermark.casework.use import Balance
from countermark.clearance.compare import Comparison, ItemComparison
from countermark.clearance.grade import Cell
from countermark.clearance.use import unscaled


def balance_json(balance: Balance) -> dict[str, object]:
    return {
        "item": balance.item,
        "unit": balance.unit,
        "used": str(balance.used),
        "left": str(balance.left),
    }


def checked_json(found: Checked) -> dict[str, object]:
    """A check: the certificate in short, its status, what is left, and the comparison if there was one."""
    certificate = found.certificate
    return {
        "number": found.row.number,
        "date": found.row.dated,
        "party": found.row.party,
        "status": found.row.status,
        "as_of_size": found.as_of,
        "valid_until": certificate.valid_until.isoformat(),
        "exporter": certificate.exporter.name,
        "consignee": certificate.consignee.name,
        "items": [
            {
                "item": i.item,
                "description": i.description,
                "hs": i.hs.digits,
                "box9": i.box9,
                "country": i.country,
            }
            for i in certificate.items
        ],
        "balances": [balance_json(b) for b in found.balances],
        "comparison": found.comparison and _comparison_json(found.comparison),
    }


def _comparison_json(comparison: Comparison) -> dict[str, object]:
    return {
        "summary": comparison.summary.value,
        "cells": [_cell_json(cell) for cell in comparison.cells],
        "items": [_item_json(item) for item in comparison.items],
    }


def _item_json(item: ItemComparison) -> dict[str, object]:
    return {
        "item": item.item,
        "certificate_item": item.certificate_item,
        "outcome": item.outcome.value,
        "covered": str(unscaled(item.covered)),
        "excess": str(unscaled(item.excess)),
        "unit": item.unit,
        "cells": [_cell_json(cell) for cell in item.cells],
    }


def _cell_json(cell: Cell) -> dict[str, object]:
    return {
        "field": cell.field,
        "certified": cell.certified,
        "declared": cell.declared,
        "grade": cell.grade.value,
        "cites": cell.cites,
    }
