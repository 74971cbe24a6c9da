"""The smaller groups of fields of an application: traders, papers, prices, packages, operations, proofs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from countermark.goods.application import Document, Operation, Packages, Retrospective, WhollyObtained
from countermark.goods.country import COUNTRIES
from countermark.goods.currency import CURRENCIES
from countermark.goods.fault import Fault, Reading, inside
from countermark.goods.material import Proof, Stock
from countermark.goods.money import Money, Quantity, Rate
from countermark.goods.party import Trader
from countermark.goods.scalar import Choice, Day, DayText, Letters, Number, Reply, Text, Whole
from countermark.goods.shape import Field, Record

MOST_ITEMS = 500
"""Lines of one certificate."""
_BASES = (
    *("EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP"),
    *("DAT", "DAF", "DES", "DEQ", "DDU"),
    *("customs", "first-sale"),
)
"""Incoterms 2020; terms of older editions; the customs value and the first ascertainable price."""

COUNTRY = Letters(COUNTRIES, "country", "BY", Fault.COUNTRY)
CURRENCY = Letters(CURRENCIES, "currency", "USD", Fault.CURRENCY)


def _same_currency(values: Mapping[str, Any], path: str, reading: Reading) -> None:
    if values["source"] and values["source"] == values["target"]:
        message = f"The rate leads from {values['source']} to itself."
        reading.refuse(inside(path, "to"), Fault.SAME_CURRENCY, message, "Write two different currencies.")


def _words_or_code(values: Mapping[str, Any], path: str, reading: Reading) -> None:
    if not values["words"] and not values["code"]:
        message = "The operation is not described."
        instead = "Write what was done in `words`, or its `code` in the agreement's list."
        reading.refuse(inside(path, "words"), Fault.MISSING, message, instead)


def _some_stock(values: Mapping[str, Any], path: str, reading: Reading) -> None:
    if values["originating"] == 0 == values["foreign"]:
        message = "The stock held nothing."
        reading.refuse(inside(path, "foreign"), Fault.ZERO, message, "Write what there was of each origin.")


TRADER = Record(
    "trader",
    Trader,
    (
        Field("name", Text(150), required=True),
        Field("address", Text(300), required=True),
        Field("country", COUNTRY, required=True),
        Field("id", Text(64)),
    ),
)
DOCUMENT = Record(
    "document",
    Document,
    (
        Field("number", Text(64), required=True),
        Field("date", Day(), required=True),
        Field("kind", Text(64)),
        Field("body", Text(300)),
    ),
)
PACKAGES = Record(
    "packages",
    Packages,
    (Field("count", Whole(1, 10**9)), Field("kind", Text(64)), Field("marks", Text(300))),
    blank=Packages(None, ""),
)
QUANTITY = Record(
    "quantity",
    Quantity,
    (Field("value", Number(), required=True), Field("unit", Text(16), required=True)),
)


def money(zero: bool) -> Record:
    parts = (
        Field("amount", Number(zero), required=True),
        Field("currency", CURRENCY, required=True),
        Field("basis", Choice({word: word for word in _BASES}, "")),
        Field("date", Day()),
        Field("source", Text(200)),
    )
    return Record("money", Money, parts)


PRICE = money(zero=False)
RATE = Record(
    "rate",
    Rate,
    (
        Field("from", CURRENCY, required=True, attribute="source"),
        Field("to", CURRENCY, required=True, attribute="target"),
        Field("rate", Number(places=12), required=True),
        Field("date", Day(), required=True, attribute="on"),
        Field("publisher", Text(150), required=True),
    ),
    checks=(_same_currency,),
)
OPERATION = Record(
    "operation",
    Operation,
    (
        Field("code", Text(64)),
        Field("words", Text(500)),
        Field("place", Text(150)),
        Field("evidence", Text(500)),
        Field("minimal", Reply()),
    ),
    checks=(_words_or_code,),
)
WHOLLY_OBTAINED = Record(
    "wholly_obtained",
    WhollyObtained,
    (Field("category", Text(16), required=True), Field("evidence", Text(500))),
)
PROOF = Record(
    "proof",
    Proof,
    (
        Field("form", Text(32), required=True),
        Field("number", Text(64), required=True),
        Field("date", DayText(), required=True),
        Field("country", COUNTRY, required=True),
        Field("item", Whole(1, MOST_ITEMS), required=True),
        Field("quantity", QUANTITY, required=True),
    ),
)
STOCK = Record(
    "stock",
    Stock,
    (
        Field("method", Choice({"segregation": "segregation", "average": "average"}, ""), required=True),
        Field("originating", Number(zero=True), required=True),
        Field("foreign", Number(zero=True), required=True),
        Field("evidence", Text(500)),
    ),
    checks=(_some_stock,),
)
RETROSPECTIVE = Record(
    "retrospective",
    Retrospective,
    (Field("reason", Text(500), required=True), Field("evidence", Text(500), required=True)),
)
