"""Decides what a certificate of origin says, and the exact bytes that are signed for it.

The content of ``issued``, ``duplicate`` and ``replaced`` statements (docs/reference/certificate.md).
Amounts are exact and have one spelling; dates are days; nothing is left to a reader's guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from countermark.document.parts import AMOUNT, COUNTRY, DATE, ascii_text, choice, digest, text, whole
from countermark.document.shape import Part, array, maybe, read_content, record, write_content
from countermark.goods.application import Document, Packages, Retrospective
from countermark.goods.hs import HSCode, Nomenclature
from countermark.goods.money import Quantity
from countermark.goods.party import Trader
from countermark.rules.determination import Criterion

MAX_ITEMS = 999


@dataclass(frozen=True, slots=True)
class Body:
    """An authorised body, as box 12 names it."""

    id: str
    """As it stands in the number: three digits."""
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Declaration:
    """Box 13: who declared for the exporter, and when."""

    name: str
    date: date


@dataclass(frozen=True, slots=True)
class Reference:
    """An earlier certificate, named beyond doubt."""

    leaf_hash: bytes
    """Of the statement that issued it, 32 bytes."""
    number: str
    date: date


@dataclass(frozen=True, slots=True)
class Item:
    """One line of boxes 6 to 11."""

    item: int
    packages: Packages
    description: str
    hs: HSCode
    box9: str
    """The criterion as box 9 prints it."""
    criterion: Criterion
    country: str
    """Of origin, ISO 3166-1 alpha-2."""
    rule: str
    """Citation of the rule that decided."""
    stated_by: str = ""
    """The officer who stated the rule; empty when the agreement's data held it."""
    net_weight: Decimal | None = None
    """Kilograms."""
    gross_weight: Decimal | None = None
    """Kilograms."""
    quantity: Quantity | None = None
    invoices: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate of origin for one consignment, as its body certified it."""

    number: str
    form: str
    agreement: str
    edition: str
    """Of the agreement, as the exporting party applied it."""
    party: str
    """That issues it, ISO 3166-1 alpha-2."""
    destination: str
    """Country of presentation, ISO 3166-1 alpha-2."""
    exporter: Trader
    consignee: Trader
    items: tuple[Item, ...]
    body: Body
    officer: str
    """Who certified, by the identifier the trust list gives."""
    certified_on: date
    """The day in the party's own zone."""
    place: str
    declaration: Declaration
    valid_until: date
    """The last day on which it can be presented."""
    determinations: tuple[bytes, ...]
    """SHA-256 of each item's determination, in order of the items."""
    consignor: Trader | None = None
    """If other than the exporter."""
    importer: Trader | None = None
    """If other than the consignee."""
    transport: str = ""
    """Box 3: means of transport and route, as far as known."""
    remarks: tuple[str, ...] = ()
    """Box 5."""
    contract: Document | None = None
    retrospective: Retrospective | None = None
    """Why it was issued after export; says nothing about the time of signing."""
    duplicate_of: Reference | None = None
    replaces: Reference | None = None


NUMBER = ascii_text("[!-~]{1,50}", "a number of 1 to 50 Latin letters, digits and signs")
IDENTIFIER = text(100)
BODY = record(Body, id=ascii_text("[0-9]{3}", "a body's three digits"), name=text(300), address=text(500))
REFERENCE = record(Reference, leaf_hash=digest(), number=NUMBER, date=DATE)

_TRADER = record(Trader, name=text(300), address=text(500), country=COUNTRY, id=maybe(text(100), ""))
_DOCUMENT = record(
    Document, number=text(100), date=DATE, kind=maybe(text(100), ""), body=maybe(text(300), "")
)
HS_CODE = record(
    HSCode,
    digits=ascii_text("[0-9]{2}|[0-9]{4}|[0-9]{6,10}", "a code of 2, 4 or 6 to 10 digits"),
    nomenclature=choice(
        {Nomenclature.HS: 1, Nomenclature.CIS: 2, Nomenclature.EAEU: 3, Nomenclature.NATIONAL: 4}
    ),
    edition=whole(1988, 2999),
)
QUANTITY = record(Quantity, value=AMOUNT, unit=text(20))
CRITERIA = MappingProxyType({Criterion.WHOLLY: 1, Criterion.SUFFICIENT: 2, Criterion.CUMULATION: 3})

_ITEM = record(
    Item,
    item=whole(1, MAX_ITEMS),
    packages=record(
        Packages, count=maybe(whole(0, 10**9)), kind=maybe(text(250), ""), marks=maybe(text(1000), "")
    ),
    description=text(4000),
    hs=HS_CODE,
    box9=text(50),
    criterion=choice(CRITERIA),
    country=COUNTRY,
    rule=text(1000),
    stated_by=maybe(IDENTIFIER, ""),
    net_weight=maybe(AMOUNT),
    gross_weight=maybe(AMOUNT),
    quantity=maybe(QUANTITY),
    invoices=maybe(array(_DOCUMENT, 100), ()),
)

_CERTIFICATE: Part[Certificate] = record(
    Certificate,
    number=NUMBER,
    form=ascii_text("[A-Za-z0-9][A-Za-z0-9 .-]{0,19}", "a form such as CT-1, in Latin letters"),
    agreement=IDENTIFIER,
    edition=IDENTIFIER,
    party=COUNTRY,
    destination=COUNTRY,
    exporter=_TRADER,
    consignee=_TRADER,
    items=array(_ITEM, MAX_ITEMS),
    body=BODY,
    officer=IDENTIFIER,
    certified_on=DATE,
    place=text(500),
    declaration=record(Declaration, name=text(300), date=DATE),
    valid_until=DATE,
    determinations=array(digest(), MAX_ITEMS),
    consignor=maybe(_TRADER),
    importer=maybe(_TRADER),
    transport=maybe(text(1000), ""),
    remarks=maybe(array(text(1000), 50), ()),
    contract=maybe(_DOCUMENT),
    retrospective=maybe(record(Retrospective, reason=text(500), evidence=text(500))),
    duplicate_of=maybe(REFERENCE),
    replaces=maybe(REFERENCE),
)


def encode_certificate(certificate: Certificate, salt: bytes) -> bytes:
    """The content to sign; ``salt`` is 16 random bytes. Raises ``DocumentError`` for an unfit value."""
    return write_content(_CERTIFICATE, certificate, salt)


def read_certificate(content: bytes) -> tuple[Certificate, bytes]:
    """The certificate and its salt; raises ``DocumentError`` for anything but its one encoding."""
    return read_content(_CERTIFICATE, content)
