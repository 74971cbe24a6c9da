"""What the benchmarks work on: an application and a certificate of five lines in Russian, and keys."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from countermark.document.certificate import Body, Certificate, Declaration, Item
from countermark.goods.application import Document, Packages
from countermark.goods.hs import HSCode
from countermark.goods.money import Quantity
from countermark.goods.party import Trader
from countermark.rules.determination import Criterion
from countermark.trust.algorithm import KeySigner

LINES = 5
NAMES = (
    "Шкафы книжные из древесно-стружечной плиты, ламинированные, разобранные",
    "Столы письменные офисные с тумбой, отделка под дуб, 1400 x 700 мм",
    "Стулья деревянные мягкие, обивка тканевая, цвет тёмно-синий",
    "Кровати деревянные двуспальные с подъёмным механизмом",
    "Комоды деревянные с четырьмя выдвижными ящиками",
)
DAY = date(2026, 11, 20)


def application(reference: str, goods: int = LINES, materials: int = 2) -> dict[str, Any]:
    """Plain data of an application whose goods originate by their value: furniture of heading 9403."""
    return {
        "format": "countermark-application-1",
        "reference": reference,
        "agreement": "cis-2009",
        "form": "CT-1",
        "exporter": {
            "name": "Образец Мебель",
            "address": "ул. Примерная, 1, Пинск",
            "country": "BY",
            "id": "000000900",
        },
        "consignee": {"name": "Nümunə Mebel MMC", "address": "1 Nümunə Street, Baku", "country": "AZ"},
        "destination": "AZ",
        "transport": "автотранспортом, Пинск - Баку",
        "direct_purchase": "yes",
        "goods": [_good(n, materials) for n in range(1, goods + 1)],
    }


def _good(item: int, materials: int) -> dict[str, Any]:
    return {
        "item": item,
        "description": NAMES[(item - 1) % LINES],
        "hs": "9403 60",
        "packages": {"count": 40, "kind": "коробки картонные", "marks": f"BY-{item}"},
        "net_weight": "1840.5",
        "gross_weight": "1960",
        "quantity": {"value": "40", "unit": "pcs"},
        "price": {
            "amount": "12600.00",
            "currency": "USD",
            "basis": "EXW",
            "date": "2026-11-02",
            "source": "price list 11",
        },
        "invoice": {"number": "M-77", "date": "2026-11-03"},
        "operations": [
            {
                "words": "cutting, edge banding, drilling, varnishing, fitting",
                "place": "BY",
                "evidence": "route sheet 14",
            }
        ],
        "materials": [_material(n) for n in range(materials)],
    }


def _material(n: int) -> dict[str, Any]:
    return {
        "name": f"фурнитура и плита {n}",
        "hs": "8302 42" if n % 2 else "4411 14",
        "status": "foreign" if n % 2 else "originating",
        "country": "CN" if n % 2 else "BY",
        "value": {
            "amount": "310.25",
            "currency": "USD",
            "basis": "customs",
            "date": "2026-09-14",
            "source": "GTD 77",
        },
    }


def certificate() -> Certificate:
    """A certificate of five lines, as measured of peers."""
    return Certificate(
        number="BYAZ6101000042",
        form="CT-1",
        agreement="cis-2009",
        edition="2023-06-08",
        party="BY",
        destination="AZ",
        exporter=Trader("Образец Мебель", "ул. Примерная, 1, Пинск", "BY", "000000900"),
        consignee=Trader("Nümunə Mebel MMC", "1 Nümunə Street, Baku", "AZ"),
        items=tuple(_item(n) for n in range(1, LINES + 1)),
        body=Body("101", "Sample Chamber of Commerce", "1 Example Street, Minsk"),
        officer="Officer 7",
        certified_on=DAY,
        place="Minsk",
        declaration=Declaration("Образец Мебель", DAY),
        valid_until=DAY.replace(year=DAY.year + 1),
        determinations=tuple(bytes([n]) * 32 for n in range(LINES)),
        transport="автотранспортом, Пинск - Баку",
    )


def _item(n: int) -> Item:
    return Item(
        item=n,
        packages=Packages(40, "коробки картонные", f"BY-{n}"),
        description=NAMES[n - 1],
        hs=HSCode("940360"),
        box9="Д9403",
        criterion=Criterion.SUFFICIENT,
        country="BY",
        rule="Annex 1, 9403",
        net_weight=Decimal("1840.5"),
        gross_weight=Decimal("1960"),
        quantity=Quantity(Decimal(40), "pcs"),
        invoices=(Document("M-77", date(2026, 11, 3)),),
    )


def signers() -> dict[str, KeySigner]:
    """A fresh key of each algorithm emitted."""
    kid = bytes(8)
    return {
        "eddsa": KeySigner(Ed25519PrivateKey.generate(), kid),
        "es256": KeySigner(ec.generate_private_key(ec.SECP256R1()), kid),
    }
