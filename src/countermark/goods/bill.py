"""The bill of materials of a good: its fields, and how deep and how long it may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NoReturn

from countermark.goods.commodity import Code
from countermark.goods.fault import Fault, Reading, inside, shown
from countermark.goods.fields import COUNTRY, OPERATION, PROOF, QUANTITY, STOCK, money
from countermark.goods.material import Material, Role, Status
from countermark.goods.scalar import Number, Reply, Text, choice
from countermark.goods.shape import Field, Keyed, Kind, ListOf, Record

MOST_MATERIALS = 1000
"""On one line of the application, bills of materials included."""
DEEPEST_BILL = 8


@dataclass(frozen=True, slots=True)
class _NoBill(Kind):
    """Below the deepest bill."""

    blank: Any = ()

    @property
    def words(self) -> str:
        return "nothing"

    def read(self, raw: object, path: str, reading: Reading) -> tuple[()]:
        if raw != []:
            message = f"Bills of materials reach {DEEPEST_BILL} deep."
            instead = "State the origin of this material itself, without its bill."
            reading.refuse(path, Fault.TOO_DEEP, message, instead)
        return ()

    def write(self, value: Any) -> NoReturn:
        raise ValueError(f"A bill of materials is more than {DEEPEST_BILL} deep: {value[0].name}")


@dataclass(frozen=True, slots=True)
class Materials(ListOf):
    """The whole bill of one line: its own materials and those they were made of, together bounded."""

    def read(self, raw: object, path: str, reading: Reading) -> Any:
        _refuse_cycles(raw, path, reading, ())
        if _more_than(self.most, raw):
            message = f"The line has more than {self.most} materials, with those of their bills."
            reading.refuse(path, Fault.TOO_MANY, message, "Put materials of one kind and origin together.")
            return ()
        return ListOf.read(self, raw, path, reading)


def _more_than(most: int, raw: object) -> bool:
    count, lists = 0, [raw]
    while lists and count <= most:
        entries = lists.pop()
        if isinstance(entries, list | tuple):
            count += len(entries)
            lists.extend(entry.get("bill") for entry in entries[: most + 1] if isinstance(entry, dict))
    return count > most


def _refuse_cycles(raw: object, path: str, reading: Reading, above: tuple[object, ...]) -> None:
    """A material of the same name and code in its own bill is the same thing twice, or a bill that closes on itself."""
    if not isinstance(raw, list | tuple) or len(above) > DEEPEST_BILL:
        return
    for n, entry in enumerate(raw[:MOST_MATERIALS]):
        if not isinstance(entry, dict):
            continue
        key = (str(entry.get("name")).strip(), str(entry.get("hs")).replace(" ", "").replace(".", ""))
        if key in above and entry.get("hs"):
            message = f"The bill of {shown(key[0])} contains it again."
            instead = "Correct the bill; a material worked up from one of the same code takes another name."
            reading.refuse(inside(f"{path}[{n}]", "name"), Fault.CYCLE, message, instead)
        else:
            _refuse_cycles(entry.get("bill"), f"{path}[{n}].bill", reading, (*above, key))


def _material(bill: Kind) -> Record:
    fields = (
        Field("name", Text(300), required=True),
        Field("hs", Code(least=2)),
        Field("status", choice(Status)),
        Field("country", COUNTRY),
        Field("quantity", QUANTITY),
        Field("value", money(zero=True)),
        Field("weight", Number()),
        Field("proof", PROOF),
        Field("named", Keyed(Text(300), Reply(), 100)),
        Field("bill", bill),
        Field("bill_for", QUANTITY),
        Field("made_in", COUNTRY),
        Field("operations", ListOf(OPERATION, 0, 100)),
        Field("role", choice(Role)),
        Field("waste", Number()),
        Field("scrap", money(zero=True)),
        Field("stock", STOCK),
    )
    return Record("material", Material, fields)


def _material_over(depth: int) -> Record:
    bill = ListOf(_material_over(depth - 1), 0, MOST_MATERIALS) if depth else _NoBill()
    return _material(bill)


MATERIAL = _material_over(DEEPEST_BILL)
