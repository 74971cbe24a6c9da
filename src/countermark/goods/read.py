"""Read an application from plain data, and write it back.

The tables of fields here, in ``fields`` and in ``bill`` are the format; ``docs/reference/application.md``
describes the same fields in words, and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from countermark.goods.application import Application, Good
from countermark.goods.bill import MATERIAL, MOST_MATERIALS, Materials
from countermark.goods.commodity import Code, code_record
from countermark.goods.fault import EnoughFaults, Fault, FieldError, Reading, inside, shown
from countermark.goods.fields import (
    COUNTRY,
    DOCUMENT,
    MOST_ITEMS,
    OPERATION,
    PACKAGES,
    PRICE,
    PROOF,
    QUANTITY,
    RATE,
    RETROSPECTIVE,
    STOCK,
    TRADER,
    WHOLLY_OBTAINED,
)
from countermark.goods.hs import HSEdition
from countermark.goods.scalar import Day, Number, Reply, Text, Whole, whole
from countermark.goods.shape import Field, Keyed, ListOf, Record

FORMAT = "countermark-application-1"


def _net_over_gross(values: Mapping[str, Any], path: str, reading: Reading) -> None:
    net, gross = values["net_weight"], values["gross_weight"]
    if net and gross and net > gross:
        message = f"The net weight {net} is more than the gross weight {gross}."
        reading.refuse(inside(path, "net_weight"), Fault.NET_OVER_GROSS, message, "Check both, in kilograms.")


@dataclass(frozen=True, slots=True)
class _Goods(ListOf):
    """The lines of the application, numbered 1, 2, 3 and so on."""

    def read(self, raw: object, path: str, reading: Reading) -> Any:
        goods = ListOf.read(self, raw, path, reading)
        for n, _ in enumerate(goods):
            line = raw[n] if isinstance(raw, list | tuple) else None
            item = whole(line.get("item")) if isinstance(line, dict) else None
            if item in range(1, self.most + 1) and item != n + 1:
                here = inside(f"{path}[{n}]", "item")
                message = f"This line is number {n + 1}, not {shown(item)}."
                reading.refuse(here, Fault.ITEM_ORDER, message, "Number the lines 1, 2, 3 in their order.")
        return goods


GOOD = Record(
    "good",
    Good,
    (
        Field("item", Whole(1, MOST_ITEMS), required=True),
        Field("description", Text(1000), required=True),
        Field("hs", Code(least=4), required=True),
        Field("packages", PACKAGES),
        Field("net_weight", Number()),
        Field("gross_weight", Number()),
        Field("quantity", QUANTITY),
        Field("price", PRICE),
        Field("invoice", DOCUMENT),
        Field("producer", TRADER),
        Field("expert_act", DOCUMENT),
        Field("wholly_obtained", WHOLLY_OBTAINED),
        Field("operations", ListOf(OPERATION, 0, 100)),
        Field("attested", Keyed(Text(200), Reply(), 300)),
        Field("rates", ListOf(RATE, 0, 100)),
        Field("bill_for", QUANTITY),
        Field("materials", Materials(MATERIAL, 0, MOST_MATERIALS, blank=None)),
        Field("set_items", Materials(MATERIAL, 1, MOST_MATERIALS, blank=None)),
    ),
    checks=(_net_over_gross,),
)
APPLICATION = Record(
    "application",
    Application,
    (
        Field("reference", Text(64), required=True),
        Field("agreement", Text(64), required=True),
        Field("form", Text(32), required=True),
        Field("exporter", TRADER, required=True),
        Field("consignor", TRADER),
        Field("consignee", TRADER, required=True),
        Field("importer", TRADER),
        Field("destination", COUNTRY, required=True),
        Field("transport", Text(300)),
        Field("departure", Day()),
        Field("contract", DOCUMENT),
        Field("direct_purchase", Reply()),
        Field("direct_delivery", Reply()),
        Field("retrospective", RETROSPECTIVE),
        Field("remarks", ListOf(Text(500), 0, 20)),
        Field("goods", _Goods(GOOD, 1, MOST_ITEMS), required=True),
    ),
)
RECORDS = (
    APPLICATION,
    GOOD,
    MATERIAL,
    TRADER,
    DOCUMENT,
    PACKAGES,
    QUANTITY,
    PRICE,
    RATE,
    OPERATION,
    WHOLLY_OBTAINED,
    PROOF,
    STOCK,
    RETROSPECTIVE,
    code_record(least=2),
)
"""Every group of fields of the format; the application's own has ``format`` before it."""


def read_application(raw: object, editions: HSEdition) -> Application | tuple[FieldError, ...]:
    """The application that plain data holds, or the faults in it; codes are held against ``editions``."""
    reading = Reading(editions)
    if not isinstance(raw, dict):
        message = f"An application is a group of fields, not {shown(raw)}."
        reading.refuse("", Fault.NOT_AN_APPLICATION, message, f"Begin with the line `format: {FORMAT}`.")
    elif raw.get("format") != FORMAT:
        found = "is missing" if raw.get("format") is None else f"{shown(raw['format'])} is not known"
        message = f"The format {found}, so the fields cannot be understood."
        reading.refuse("format", Fault.FORMAT, message, f"Write `format: {FORMAT}`.")
    else:
        fields = {name: value for name, value in raw.items() if name != "format"}
        with suppress(EnoughFaults):
            application = APPLICATION.read(fields, "", reading)
            if isinstance(application, Application):
                return application
    return tuple(reading.errors)


def application_to_plain(application: Application) -> dict[str, object]:
    """The application as JSON can hold it, blanks left out; reading it back gives an equal value."""
    return {"format": FORMAT, **APPLICATION.write(application)}
