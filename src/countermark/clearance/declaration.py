"""The import declaration as far as a certificate is compared with it, read strictly from plain data.

The table of fields here is the format; ``docs/reference/declaration.md`` describes the same fields in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from countermark.document.certificate import MAX_ITEMS
from countermark.goods.application import Document
from countermark.goods.commodity import Code
from countermark.goods.fault import Fault, FieldError, Reading, inside, shown
from countermark.goods.fields import COUNTRY, DOCUMENT, QUANTITY, TRADER
from countermark.goods.hs import HSCode, HSEdition
from countermark.goods.money import Quantity
from countermark.goods.party import Trader
from countermark.goods.scalar import Day, Number, Text, Whole
from countermark.goods.shape import Field, ListOf, Record

FORMAT = "countermark-declaration-1"


@dataclass(frozen=True, slots=True)
class Quoted:
    """The certificate as the declarant quotes it."""

    number: str
    date: date


@dataclass(frozen=True, slots=True)
class DeclaredItem:
    """One line of the declaration."""

    item: int
    description: str
    hs: HSCode
    origin: str
    """Country of origin, ISO 3166-1 alpha-2."""
    certificate_item: int | None = None
    """The item of the certificate it is declared under, where the declarant says so."""
    net_weight: Decimal | None = None
    """Kilograms."""
    gross_weight: Decimal | None = None
    """Kilograms."""
    quantity: Quantity | None = None
    invoice: Document | None = None


@dataclass(frozen=True, slots=True)
class ImportDeclaration:
    """An extract of one import declaration: the lines that claim preference under one certificate."""

    number: str
    registered: date
    """The day customs registered it, in the importing party's zone: validity is judged on it."""
    office: str
    country: str
    """Of import, ISO 3166-1 alpha-2."""
    certificate: Quoted
    consignor: Trader
    consignee: Trader
    items: tuple[DeclaredItem, ...]
    exported: date | None = None
    """Date of the transport document, where known."""


def _once_each(values: Mapping[str, Any], path: str, reading: Reading) -> None:
    numbers = [line.item for line in values["items"] if line]
    for number in sorted({n for n in numbers if numbers.count(n) > 1}):
        message = f"Item {number} stands twice in the declaration."
        reading.refuse(inside(path, "items"), Fault.REPEATED, message, "Number each line once.")


_QUOTED = Record(
    "certificate",
    Quoted,
    (Field("number", Text(50), required=True), Field("date", Day(), required=True)),
)
_ITEM = Record(
    "item",
    DeclaredItem,
    (
        Field("item", Whole(1, MAX_ITEMS), required=True),
        Field("certificate_item", Whole(1, MAX_ITEMS)),
        Field("description", Text(1000), required=True),
        Field("hs", Code(least=4), required=True),
        Field("origin", COUNTRY, required=True),
        Field("net_weight", Number()),
        Field("gross_weight", Number()),
        Field("quantity", QUANTITY),
        Field("invoice", DOCUMENT),
    ),
)
_DECLARATION = Record(
    "declaration",
    ImportDeclaration,
    (
        Field("number", Text(50), required=True),
        Field("registered", Day(), required=True),
        Field("office", Text(50), required=True),
        Field("country", COUNTRY, required=True),
        Field("certificate", _QUOTED, required=True),
        Field("consignor", TRADER, required=True),
        Field("consignee", TRADER, required=True),
        Field("exported", Day()),
        Field("items", ListOf(_ITEM, 1, MAX_ITEMS), required=True),
    ),
    checks=(_once_each,),
)
RECORDS = (_DECLARATION, _QUOTED, _ITEM)
"""The groups of fields of this format's own; traders, documents and quantities are the application's."""


def read_declaration(raw: object, edition: HSEdition) -> ImportDeclaration | tuple[FieldError, ...]:
    """The declaration that plain data holds, or every fault in it; codes are held against ``edition``."""
    reading = Reading(edition)
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        found = f"has the format {shown(raw.get('format'))}" if isinstance(raw, dict) else f"is {shown(raw)}"
        message = f"The declaration {found}, so its fields cannot be understood."
        reading.refuse("format", Fault.FORMAT, message, f"Begin with the line `format: {FORMAT}`.")
        return tuple(reading.errors)
    declaration = _DECLARATION.read({n: v for n, v in raw.items() if n != "format"}, "", reading)
    return declaration if isinstance(declaration, ImportDeclaration) else tuple(reading.errors)


def declaration_to_plain(declaration: ImportDeclaration) -> dict[str, object]:
    """The declaration as JSON can hold it, blanks left out; reading it back gives an equal value."""
    return {"format": FORMAT, **_DECLARATION.write(declaration)}
