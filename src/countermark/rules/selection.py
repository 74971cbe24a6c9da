"""The JSON form of selectors: a code, a range, a sign for the good's own place, or an object."""

from __future__ import annotations

import json
from collections.abc import Iterable

from countermark.rules.form import (
    FIGURE,
    TEXT,
    ExpressionError,
    Kind,
    Part,
    list_of,
    read_code,
    read_object,
    read_parts,
    write_parts,
)
from countermark.rules.selector import (
    Code,
    CodeRange,
    Comparison,
    Described,
    Every,
    Level,
    Own,
    Property,
    Selector,
)


def read_selector(raw: object, path: str) -> Selector:
    """A selector from its JSON form.

    Raises:
        ExpressionError: not a selector.
    """
    if not isinstance(raw, str):
        return read_described(raw, path)
    if raw == "*":
        return Every()
    if raw.startswith("@"):
        if raw not in tuple(Level):
            raise ExpressionError(
                path, "level", "One of these is expected here: @chapter, @heading, @subheading."
            )
        return Own(Level(raw))
    first, dash, last = raw.partition("-")
    if not dash:
        return Code(read_code(raw, path))
    found = CodeRange(read_code(first, path), read_code(last, path))
    if found.first.ljust(10, "0") > found.last.ljust(10, "9"):
        raise ExpressionError(path, "range", "A range runs from the lower code to the higher one.")
    return found


def write_selector(selector: Selector) -> object:
    """The JSON form of a selector."""
    match selector:
        case Every():
            return "*"
        case Own(level):
            return str(level)
        case Code(digits):
            return digits
        case CodeRange(first, last):
            return f"{first}-{last}"
        case Described():
            return write_parts(selector, _DESCRIBED)


def write_selectors(selectors: Iterable[Selector]) -> str:
    """Selectors as a figure of the trace, in no language: ``0402, @heading, {"named":"dairy preparation"}``."""
    written = (write_selector(selector) for selector in selectors)
    return ", ".join(each if isinstance(each, str) else _compact(each) for each in written)


def _compact(written: object) -> str:
    return json.dumps(written, ensure_ascii=False, separators=(",", ":"))


def read_selectors(figure: str) -> tuple[Selector, ...]:
    """The selectors of such a figure.

    Raises:
        ExpressionError: not written by ``write_selectors``.
    """
    found: list[Selector] = []
    rest = figure
    while rest:
        try:
            raw, end = json.JSONDecoder().raw_decode(rest) if rest.startswith("{") else _word(rest)
        except json.JSONDecodeError as error:
            raise ExpressionError("", "selectors", "Codes, signs and objects are expected here.") from error
        found.append(read_selector(raw, ""))
        rest = rest[end:].removeprefix(", ")
    return tuple(found)


def _word(figure: str) -> tuple[str, int]:
    word, _, _ = figure.partition(", ")
    return word, len(word)


def read_described(raw: object, path: str) -> Described:
    """A description of a material, or of the good.

    Raises:
        ExpressionError: not a description, or an empty one.
    """
    found = Described(**read_parts(raw, _DESCRIBED, path))
    if found == Described():
        raise ExpressionError(path, "empty", "A description names codes, words or properties.")
    return found


def _read_properties(raw: object, path: str) -> tuple[Property, ...]:
    found = []
    for name, bounds in read_object(raw, path).items():
        for word, figure in read_object(bounds, f"{path}.{name}").items():
            here = f"{path}.{name}.{word}"
            if word not in tuple(Comparison):
                raise ExpressionError(
                    here, "comparison", "One of these is expected here: gt, ge, lt, le, eq."
                )
            found.append(Property(name, Comparison(word), FIGURE.read(figure, here)))
    if not found:
        raise ExpressionError(path, "empty", "At least one property with its figure is expected here.")
    return tuple(found)


def _write_properties(properties: tuple[Property, ...]) -> dict[str, dict[str, object]]:
    written: dict[str, dict[str, object]] = {}
    for prop in properties:
        written.setdefault(prop.name, {})[str(prop.comparison)] = FIGURE.write(prop.figure)
    return written


SELECTORS = list_of(Kind(read_selector, write_selector))
DESCRIBED = Kind(read_described, write_selector)
_DESCRIBED = (
    Part("codes", "codes", SELECTORS),
    Part("named", "named", TEXT),
    Part("except", "excepted", SELECTORS),
    Part("prop", "prop", Kind(_read_properties, _write_properties)),
    Part("same", "same", TEXT),
    Part("heavier_of", "heavier_of", SELECTORS),
    Part("when", "when", DESCRIBED),
)
