"""One consignment of tractors and parts as certified and as declared, to be changed field by field."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from countermark.adapters.packs import load_agreement
from countermark.clearance.declaration import DeclaredItem, ImportDeclaration, Quoted
from countermark.document.certificate import Body, Certificate, Declaration, Item
from countermark.goods.application import Document, Packages
from countermark.goods.hs import HSCode
from countermark.goods.money import Quantity
from countermark.goods.party import Trader
from countermark.rules.determination import Criterion

GRADES = {
    "spelling": "slip",
    "order": "slip",
    "transliteration": "slip",
    "number": "ask: the certificate's number",
    "date": "slip",
    "consignor": "ask: shipping papers",
    "consignee": "ask: contract",
    "destination": "ground: 7.4, box 4",
    "origin": "ground: 9.1",
    "description": "ask: commercial papers",
    "invoice": "ask: invoice",
    "heading": "ask: expert report",
    "digits-5-to-10": "slip",
    "quantity": "excess: 7.4, box 10",
    "expired": "ground: 6.4",
    "certified-later": "ask: request to restore treatment (9-2)",
    "issued-after-export": "ground: 8.1",
    "identification": "ground: 9.1",
    "item-unclear": "ask: which item is meant",
    "amount-unclear": "ask: the amount in the certified unit",
}
CIS = replace(load_agreement("cis-2009"), comparison=GRADES)

EXPORTER = Trader('ООО "Пример Трактор"', "Минск, ул. Первая, 1", "BY")
CONSIGNEE = Trader("Nümunə Traktor MMC", "Gəncə, Zavod 1", "AZ")
IMPORTER = Trader("Başqa Ticarət MMC", "Bakı, Sahil 2", "AZ")
CERTIFIED_ON = date(2026, 3, 31)


def item(number: int = 1, **changes: object) -> Item:
    made = Item(
        item=number,
        packages=Packages(4, "crate"),
        description="Тракторы колёсные ST-82.1 новые",
        hs=HSCode("8701930000"),
        box9="Д8701",
        criterion=Criterion.SUFFICIENT,
        country="BY",
        rule="Annex 1, 8701",
        net_weight=Decimal(4000),
        gross_weight=Decimal(4400),
        quantity=Quantity(Decimal(100), "pcs"),
        invoices=(Document("ST-0912", date(2026, 3, 20)),),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def parts(number: int = 2, **changes: object) -> Item:
    changes = {
        "description": "Фильтры масляные",
        "hs": HSCode("8421230000"),
        "box9": "Д8421",
        "quantity": Quantity(Decimal(50), "pcs"),
        "net_weight": None,
        "gross_weight": None,
        "invoices": (),
    } | changes
    return item(number, **changes)


def certificate(*items: Item, **changes: object) -> Certificate:
    lines = items or (item(), parts())
    made = Certificate(
        number="BYAZ6101000042",
        form="CT-1",
        agreement="cis-2009",
        edition="2023-06-08",
        party="BY",
        destination="AZ",
        exporter=EXPORTER,
        consignee=CONSIGNEE,
        importer=IMPORTER,
        items=lines,
        body=Body("101", "Sample Chamber", "Minsk"),
        officer="Officer 7",
        certified_on=CERTIFIED_ON,
        place="Minsk",
        declaration=Declaration("Manager 2", CERTIFIED_ON),
        valid_until=date(2027, 3, 31),
        determinations=tuple(bytes(32) for _ in lines),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def line(number: int = 1, **changes: object) -> DeclaredItem:
    made = DeclaredItem(
        item=number,
        description="Тракторы колёсные ST-82.1 новые",
        hs=HSCode("8701930000"),
        origin="BY",
        certificate_item=1,
        net_weight=Decimal(4000),
        gross_weight=Decimal(4400),
        quantity=Quantity(Decimal(100), "pcs"),
        invoice=Document("ST-0912", date(2026, 3, 20)),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def parts_line(number: int = 2, **changes: object) -> DeclaredItem:
    changes = {
        "description": "Фильтры масляные",
        "hs": HSCode("8421230000"),
        "certificate_item": 2,
        "quantity": Quantity(Decimal(50), "pcs"),
        "net_weight": None,
        "gross_weight": None,
        "invoice": None,
    } | changes
    return line(number, **changes)


def declaration(*items: DeclaredItem, **changes: object) -> ImportDeclaration:
    made = ImportDeclaration(
        number="AZ-1/2026",
        registered=date(2026, 4, 10),
        office="Ganja",
        country="AZ",
        certificate=Quoted("BYAZ6101000042", CERTIFIED_ON),
        consignor=EXPORTER,
        consignee=CONSIGNEE,
        items=items or (line(), parts_line()),
        exported=date(2026, 4, 1),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def pieces(amount: str) -> Quantity:
    return Quantity(Decimal(amount), "pcs")
