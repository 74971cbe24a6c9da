"""How a figure of a trace is shown in a language: amounts, shares, days, codes with their words, lists of materials.

The figures themselves are in no language; which of them is a code of which table is decided here, by its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from countermark.adapters.catalogue import Words
from countermark.rules.form import ExpressionError
from countermark.rules.selection import read_selectors
from countermark.rules.selector import Code, CodeRange, Comparison, Described, Every, Own, Property, Selector

_NUMBER = re.compile(r"-?\d+(\.\d+)?\Z", re.ASCII)
_DAY = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)\Z", re.ASCII)
_LENGTHS = {2: "chapter", 4: "heading", 6: "subheading"}
SPACE = "\N{NO-BREAK SPACE}"
"""Between groups of digits, and between an amount and its currency: no line is broken there."""
GROUPED = 4
"""Shorter numbers are not grouped."""

Figures = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Held:
    """What a figure stands among: the code of its step or question, the other figures, the language."""

    code: str
    figures: Figures
    words: Words


_Shown = Callable[[str, _Held], str]


def shown_figures(code: str, figures: Figures, words: Words) -> dict[str, str]:
    """Every figure of a step or question as it stands in a sentence; a blank one stays blank."""
    held = _Held(code, figures, words)
    shown = {}
    for name, value in figures.items():
        show = _SHOWN.get(name)
        shown[name] = show(printable(value), held) if show and value else printable(value)
    return shown


def printable(text: str) -> str:
    """Without characters that act on a terminal: names and words come from the applicant."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def number(value: str, words: Words) -> str:
    """A number with the language's decimal mark, its long whole part in groups of three digits."""
    if not _NUMBER.match(value):
        return value
    whole, _, part = value.removeprefix("-").partition(".")
    if len(whole) >= GROUPED:
        whole = f"{int(whole):,}".replace(",", SPACE)
    sign = "-" if value.startswith("-") else ""
    return sign + whole + (words.say("page.decimal_mark") + part if part else "")


def money(value: str, currency: str, words: Words) -> str:
    """An amount with its currency; a bare case may have none."""
    return SPACE.join(part for part in (number(value, words), printable(currency)) if part)


def points_between(pct: str, limit: str) -> Decimal | None:
    """Percentage points from a share to its limit; negative above it. None where one is no number."""
    if not (_NUMBER.match(pct) and _NUMBER.match(limit)):
        return None
    return Decimal(limit) - Decimal(pct)


def day(value: str, words: Words) -> str:
    found = _DAY.match(value)
    return words.say("page.day", found.groupdict()) if found else value


def materials_in_words(figure: str, words: Words) -> str:
    """A list of materials, as the rule selects them."""
    try:
        selectors = read_selectors(figure)
    except ExpressionError:
        return figure
    return ", ".join(_selector(selector, words) for selector in selectors)


def _selector(selector: Selector, words: Words) -> str:
    match selector:
        case Every():
            return words.say("page.every")
        case Own(level):
            return words.say(f"page.own_{level.removeprefix('@')}")
        case Code(digits):
            return words.say(f"page.{_LENGTHS.get(len(digits), 'code')}", code=digits)
        case CodeRange(first, last):
            alike = _LENGTHS.get(len(first), "code") if len(first) == len(last) else "code"
            return words.say(f"page.{alike}", code=words.say("page.range", first=first, last=last))
        case Described():
            return _described(selector, words, "page.described_any")


def _described(described: Described, words: Words, blank: str = "") -> str:
    codes = ", ".join(_selector(code, words) for code in described.codes)
    facts = []
    if described.named:
        facts.append(words.say("page.named", words=printable(described.named)))
    if described.same:
        facts.append(words.say("page.same", words=printable(described.same)))
    facts += [_property(prop, words) for prop in described.prop]
    for name, selectors in (("heavier_of", described.heavier_of), ("excepted", described.excepted)):
        if selectors:
            listed = ", ".join(_selector(selector, words) for selector in selectors)
            facts.append(words.say(f"page.{name}", materials=listed, excepted=listed))
    if described.when is not None:
        facts.append(words.say("page.when", good=_described(described.when, words)))
    told = "; ".join(facts)
    codes = codes or (words.say(blank) if blank else "")
    return f"{codes} ({told})" if codes and told else codes or told


def _property(prop: Property, words: Words) -> str:
    return f"{printable(prop.name)} {_bound(prop.comparison, f'{prop.figure:f}', words)}"


def _bound(comparison: str, figure: str, words: Words) -> str:
    return words.say(f"terms.comparison.{comparison}", figure=number(figure, words))


def _term(table: str) -> _Shown:
    return lambda value, held: held.words.term(table, value)


def _terms(table: str) -> _Shown:
    return lambda value, held: ", ".join(held.words.term(table, each) for each in value.split(", "))


def _amount(value: str, held: _Held) -> str:
    return money(value, held.figures.get("currency", ""), held.words)


def _number(value: str, held: _Held) -> str:
    return number(value, held.words)


def _day_of(value: str, held: _Held) -> str:
    """A day; an operation's ``on`` are the materials it is done on."""
    return _materials(value, held) if held.code == "process" else day(value, held.words)


def _materials(value: str, held: _Held) -> str:
    return materials_in_words(value, held.words)


def _share_of(value: str, held: _Held) -> str:
    """What a share is taken of: a price or the weight, or for the share of some materials, other materials."""
    if held.code == "min_share":
        return _materials(value, held)
    key = f"terms.share.{value}"
    return held.words.say(key) if held.words.has(key) else held.words.say("terms.share.other", of=value)


def _base(value: str, held: _Held) -> str:
    return _amount(value, held) if _NUMBER.match(value) else held.words.term("basis", value)


def _given(value: str, held: _Held) -> str:
    return _terms("basis")(value, held) if held.code.endswith("_basis") else value


def _words(value: str, held: _Held) -> str:
    """Words of a rule or a pack; a property is written as its name, a comparison and a figure."""
    if held.code == "wholly":
        return _of_pack(value, f"wholly.{held.figures.get('category', '')}", held)
    parts = value.rsplit(" ", 2)
    if held.code in ("prop", "good_prop") and len(parts) == 3 and parts[1] in tuple(Comparison):
        return f"{parts[0]} {_bound(parts[1], parts[2], held.words)}"
    return value


def _of_pack(value: str, name: str, held: _Held) -> str:
    """A pack's own words, where the catalogue has them; otherwise as the pack writes them."""
    key = f"packs.{held.figures.get('pack', '')}.{name}"
    return held.words.say(key) if held.words.has(key) else value


def _inside(value: str, held: _Held) -> str:
    """Operations that confer no origin: in words if the catalogue has them all, else as the pack says."""
    pack, codes = held.figures.get("pack", ""), held.figures.get("codes", "").split("; ")
    keys = [f"packs.{pack}.operation.{code}" for code in codes]
    return "; ".join(held.words.say(key) for key in keys) if all(map(held.words.has, keys)) else value


def _method(value: str, held: _Held) -> str:
    return held.words.term("formula", value.replace(" ", "-"))


def proof_in_words(value: str, words: Words) -> str:
    """A proof: its form, by the name it has in the language, and its number."""
    form, _, rest = printable(value).partition(" ")
    return f"{words.term('form', form)} {rest}".strip()


_SHOWN: Mapping[str, _Shown] = {
    **dict.fromkeys(("materials", "excepted", "also_from", "only_from"), _materials),
    **dict.fromkeys(("foreign", "margin", "value", "failing", "most"), _amount),
    **dict.fromkeys(("pct", "limit"), _number),
    **dict.fromkeys(("date", "edition"), _day_of),
    "on": _day_of,
    "of": _share_of,
    "base": _base,
    "bases": _terms("basis"),
    "given": _given,
    "standing": _term("standing"),
    "level": _term("level"),
    "measure": _term("measure"),
    "coverage": _term("coverage"),
    "reading": _term("reading"),
    "formula": _method,
    "method": _method,
    "kind": _term("unread"),
    "nomenclature": _term("nomenclature"),
    "id": _term("attestation"),
    "words": _words,
    "inside": _inside,
    "agreement": lambda value, held: _of_pack(value, "title", held),
    "proof": lambda value, held: proof_in_words(value, held.words),
}
