"""Decides what of a certificate has been used, and holds the statements that say so.

Quantities are whole millionths of their unit, so that every sum and limit is exact. A family is the original,
its duplicates and its replacements: one balance an item serves them all (CIS Rules 8.2, 8.3). A duplicate
adds nothing, a replacement inherits what was used; a use is judged by what the importer could have seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from countermark.clearance.inquiry import ITEM, Ground
from countermark.document.certificate import MAX_ITEMS, NUMBER, Item
from countermark.document.parts import DATE, FLAG, choice, digest, text, whole
from countermark.document.shape import Part, Unfit, array, maybe, read_content, record, write_content

SCALE = 10**6
"""Millionths of a unit: the finest amount a certificate or a declaration can state."""
MOST = (1 << 63) - 1
"""The greatest amount of a balance, in millionths."""


def scaled(amount: Decimal) -> int:
    """An amount in millionths of its unit; raises ``Unfit`` for one that is not a whole number of them."""
    if amount.is_finite() and -7 < amount.adjusted() < 13:
        numerator, denominator = amount.as_integer_ratio()
        whole_part, rest = divmod(numerator * SCALE, denominator)
        if not rest and 0 <= whole_part <= MOST:
            return whole_part
    elif amount.is_zero():
        return 0
    raise Unfit("quantity", f"{str(amount)[:40]} is not an amount of at most 12 digits and 6 decimals")


def unscaled(amount: int) -> Decimal:
    """The amount in units; the inverse of ``scaled``."""
    units, millionths = divmod(amount, SCALE)
    return Decimal(f"{units}.{millionths:06d}".rstrip("0")) if millionths else Decimal(units)


def limit(certified: int, over_pct: Decimal) -> int:
    """How much of a certified amount may be delivered in all (CIS Rules 7.4, box 10), in millionths."""
    numerator, denominator = over_pct.as_integer_ratio()
    return min(certified * (100 * denominator + numerator) // (100 * denominator), MOST)


@dataclass(frozen=True, slots=True)
class Measure:
    """By which of its amounts an item is drawn down."""

    field: str
    """``quantity``, ``net weight`` or ``gross weight``."""
    value: Decimal
    """As certified."""
    unit: str


def measure(item: Item) -> Measure | None:
    """The first of quantity, net and gross weight of box 10; ``None`` if it states no amount at all."""
    if item.quantity is not None:
        return Measure("quantity", item.quantity.value, item.quantity.unit)
    for field, weight in (("net weight", item.net_weight), ("gross weight", item.gross_weight)):
        if weight is not None:
            return Measure(field, weight, "kg")
    return None


@dataclass(frozen=True, slots=True)
class Inheritance:
    """What a replacement takes over from the certificate it stands for."""

    used: Mapping[int, int]
    """By the new certificate's items, in millionths."""
    unplaced: tuple[int, ...]
    """Old items of which something was used that no new item continues: an officer must say which does."""


def inherit(old: Sequence[Item], new: Sequence[Item], used: Mapping[int, int]) -> Inheritance:
    """What was used of each item of a replacement before it was issued (CIS Rules 8.3).

    A new item continues the old one with the same number if heading and unit agree, otherwise the only one
    left that has the same code and unit. What finds no place is told, never dropped.
    """
    heirs: dict[int, int] = {}
    for exact in (True, False):
        left = [o for o in old if o.item not in heirs]
        free = [n for n in new if n.item not in heirs.values()]
        pairs = [(o.item, n.item) for o in left for n in free if _continues(o, n, exact)]
        forward, back = Counter(o for o, _ in pairs), Counter(n for _, n in pairs)
        heirs |= {o: n for o, n in pairs if forward[o] == back[n] == 1}
    drawn = {item: amount for item, amount in used.items() if amount}
    return Inheritance(
        {heirs[item]: amount for item, amount in drawn.items() if item in heirs},
        tuple(sorted(item for item in drawn if item not in heirs)),
    )


def _continues(old: Item, new: Item, exact: bool) -> bool:
    first, second = measure(old), measure(new)
    if first is None or second is None or (first.field, first.unit) != (second.field, second.unit):
        return False
    if exact:
        return old.item == new.item and old.hs.heading == new.hs.heading
    return old.hs.digits == new.hs.digits


class Standing(StrEnum):
    """What an annulment in the exporter's log does to a use."""

    STANDS = "stands"
    VOID = "void"
    POST_CLEARANCE = "stands; annulment opens post-clearance"


def standing(seen: int, annulled_at: int | None) -> Standing:
    """Whether a use holds; ``seen`` is the size of the exporter's log it names, ``annulled_at`` an index."""
    if annulled_at is None:
        return Standing.STANDS
    return Standing.VOID if annulled_at < seen else Standing.POST_CLEARANCE


@dataclass(frozen=True, slots=True)
class UsedLine:
    """What one declaration drew of one item."""

    item: int
    quantity: int
    """In millionths of the unit."""
    unit: str
    total: int
    """Drawn of the item by the whole family, this line included; in millionths."""
    granted: bool
    """Whether preference was granted for it."""


@dataclass(frozen=True, slots=True)
class Used:
    """The content of ``used``: an import under a certificate."""

    issued: bytes
    """Leaf hash of the certificate's statement."""
    number: str
    lines: tuple[UsedLine, ...]
    declaration: str
    office: str
    on: date
    """The day the declaration was registered, in the importing party's zone."""
    seen: int
    """Size of the exporter's log the importer had seen."""


@dataclass(frozen=True, slots=True)
class UseWithdrawn:
    """The content of ``use-withdrawn``: a use, taken back as a whole."""

    used: bytes
    """Leaf hash of the ``used`` statement."""
    number: str
    declaration: str
    office: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The content of ``refused``: preference denied for some items, on a coded ground."""

    issued: bytes
    number: str
    declaration: str
    office: str
    on: date
    ground: Ground
    clause: str
    """Of the agreement."""
    items: tuple[int, ...]
    repeated: bool
    """Whether the request was repeated first, as some agreements demand (CIS Rules 9.2)."""
    words: str = ""


_AMOUNT = whole(0, MOST)
_USED: Part[Used] = record(
    Used,
    issued=digest(),
    number=NUMBER,
    lines=array(
        record(UsedLine, item=ITEM, quantity=whole(1, MOST), unit=text(20), total=_AMOUNT, granted=FLAG),
        2 * MAX_ITEMS,
    ),
    declaration=text(50),
    office=text(50),
    on=DATE,
    seen=_AMOUNT,
)
_WITHDRAWN: Part[UseWithdrawn] = record(
    UseWithdrawn,
    used=digest(),
    number=NUMBER,
    declaration=text(50),
    office=text(50),
    on=DATE,
    reason=text(1000),
)
_REFUSED: Part[Refused] = record(
    Refused,
    issued=digest(),
    number=NUMBER,
    declaration=text(50),
    office=text(50),
    on=DATE,
    ground=choice({ground: n for n, ground in enumerate(Ground, 1)}),
    clause=text(200),
    items=array(ITEM, MAX_ITEMS),
    repeated=FLAG,
    words=maybe(text(4000), ""),
)


def _check_used(used: Used) -> None:
    keys = [(line.item, line.granted) for line in used.lines]
    if not keys or keys != sorted(set(keys)):
        raise Unfit("used-lines", "A use names its items in order, once with preference and once without")
    if any(line.total < line.quantity for line in used.lines):
        raise Unfit("used-total", "A running total is less than the quantity of its own line")


def _check_refused(refused: Refused) -> None:
    if not refused.items or list(refused.items) != sorted(set(refused.items)):
        raise Unfit("refused-items", "A refusal names its items in order, once each")


def encode_used(used: Used, salt: bytes) -> bytes:
    """The content to sign; ``salt`` is 16 random bytes. Raises ``DocumentError`` for lines out of order."""
    _check_used(used)
    return write_content(_USED, used, salt)


def read_used(content: bytes) -> tuple[Used, bytes]:
    """The use and its salt; raises ``DocumentError`` for anything ``encode_used`` cannot give."""
    used, salt = read_content(_USED, content)
    _check_used(used)
    return used, salt


def encode_use_withdrawn(withdrawn: UseWithdrawn, salt: bytes) -> bytes:
    """The content to sign; ``salt`` is 16 random bytes. Raises ``DocumentError`` if a value does not fit."""
    return write_content(_WITHDRAWN, withdrawn, salt)


def read_use_withdrawn(content: bytes) -> tuple[UseWithdrawn, bytes]:
    """The withdrawal and its salt; raises ``DocumentError`` for anything else."""
    return read_content(_WITHDRAWN, content)


def encode_refused(refused: Refused, salt: bytes) -> bytes:
    """The content to sign; ``salt`` is 16 random bytes. Raises ``DocumentError`` for items out of order."""
    _check_refused(refused)
    return write_content(_REFUSED, refused, salt)


def read_refused(content: bytes) -> tuple[Refused, bytes]:
    """The refusal and its salt; raises ``DocumentError`` for anything ``encode_refused`` cannot give."""
    refused, salt = read_content(_REFUSED, content)
    _check_refused(refused)
    return refused, salt
