"""The tables of a pack that say what treaties say around their lists (docs/reference/agreement.md)."""

from __future__ import annotations

import re

from countermark.adapters.packsheet import Sheet
from countermark.rules.terms import (
    FUNGIBLE_METHODS,
    LISTED_WEIGHT,
    PRICE_BASES,
    RATE_DATES,
    WEIGHT,
    Absorption,
    Counted,
    Cumulation,
    Formula,
    Sets,
    Tolerance,
    Valuation,
)

_CUMULATIONS = ("none", "bilateral", "diagonal", "full")
_COUNTRY = re.compile(r"[A-Z]{2}")
_END = r"\d{2}(?:\d{2,8})?"
_CODES = re.compile(rf"({_END})(?:-({_END}))?")


def is_code(code: str) -> bool:
    """Whether this is a code of 2 or 4 to 10 digits, or a rising range of two."""
    match = _CODES.fullmatch(code)
    if match is None:
        return False
    start, end = match.groups()
    return end is None or start < end or end.startswith(start)


def _codes(sheet: Sheet, key: str) -> tuple[str, ...]:
    codes = sheet.words_if(key)
    for code in codes:
        if not is_code(code):
            sheet.refuse("bad-code", f"'{code}' in '{key}' is neither a code nor a rising range.")
    return codes


def tolerance(sheet: Sheet, paragraph: str) -> Tolerance:
    """One ``[[tolerance]]``."""
    found = Tolerance(
        id=sheet.text("id"),
        citation=paragraph,
        pct=sheet.number("pct"),
        base=sheet.choice("base", (*PRICE_BASES, WEIGHT, LISTED_WEIGHT)),
        same_heading_only=sheet.flag("same_heading_only"),
        against_list=sheet.flag("against_list"),
        attestations=sheet.words_if("attestations"),
        goods=_codes(sheet, "goods"),
        not_goods=_codes(sheet, "not_goods"),
        materials=_codes(sheet, "materials"),
        not_materials=_codes(sheet, "not_materials"),
        listed=_codes(sheet, "listed"),
        least_kinds=sheet.whole("least_kinds") if sheet.has("least_kinds") else 1,
        stacks=sheet.flag_if("stacks", False),
        beside_value_limits=sheet.flag_if("beside_value_limits", True),
    )
    if found.pct > 100:
        sheet.refuse("bad-value", "'pct' is a share of at most 100.")
    if (found.base == LISTED_WEIGHT) != bool(found.listed):
        sheet.refuse("bad-value", f"'listed' goes with the base {LISTED_WEIGHT}: give both, or neither.")
    return found


def cumulation(sheet: Sheet) -> Cumulation:
    """``[cumulation]``."""
    kind, partners = sheet.choice("kind", _CUMULATIONS), sheet.words_if("partners")
    for code in partners:
        if not _COUNTRY.fullmatch(code):
            sheet.refuse("bad-value", f"'{code}' is not a country code of two capital letters.")
    if partners and kind in ("none", "bilateral"):
        sheet.refuse("bad-value", f"partners beyond the parties go with diagonal or full, not with {kind}.")
    return Cumulation(
        kind,
        sheet.words("proof_forms"),
        sheet.flag("party_material_is_foreign_without_proof"),
        frozenset(partners),
        _codes(sheet, "not_materials"),
        sheet.flag_if("beyond_minimal", True),
    )


def absorption(sheet: Sheet | None) -> Absorption:
    """``[absorption]``; without it, the usual: absorbed if it originates, whole if it does not."""
    if sheet is None:
        return Absorption()
    return Absorption(
        sheet.choice("originating", ("absorbed", "content")), sheet.choice("foreign", ("whole", "content"))
    )


def sets(sheet: Sheet) -> Sets:
    """``[sets]``."""
    found = Sets(sheet.number("pct"), sheet.choice_if("base", PRICE_BASES))
    if found.pct > 100:
        sheet.refuse("bad-value", "'pct' is a share of at most 100.")
    return found


def counted(sheet: Sheet, what: str) -> Counted:
    """``[packaging]`` by kind, or ``[accessories]``."""
    prefix = "" if what == "accessories" else f"{what}_"
    return Counted(
        sheet.text("rule") if sheet.has("rule") else "",
        sheet.flag_if(f"{prefix}in_values", True),
        sheet.flag_if(f"{prefix}in_classification", True),
    )


def valuation(sheet: Sheet) -> Valuation:
    """``[value]``."""
    return Valuation(
        sheet.choice("base", PRICE_BASES),
        sheet.words_if("materials"),
        sheet.choice_if("rate_date", RATE_DATES),
        sheet.choice_if("scrap", ("counted", "deducted")),
    )


def fungible_methods(sheet: Sheet | None) -> tuple[str, ...]:
    """``[fungible]``."""
    methods = sheet.words("methods") if sheet else ()
    for method in methods:
        if sheet and method not in FUNGIBLE_METHODS:
            sheet.refuse("bad-value", f"'{method}' is not one of {', '.join(FUNGIBLE_METHODS)}.")
    return methods


def formula(sheet: Sheet) -> Formula:
    """``[formula.NAME]``."""
    base = sheet.text("base", blank=True) if sheet.has("base") else ""
    return Formula(sheet.words("counted"), sheet.words_if("deducted"), base)


def likely_chapters(sheet: Sheet) -> dict[str, tuple[str, ...]]:
    """``[wholly_obtained.chapters]``: category = codes."""
    found = sheet.lists("chapters")
    for code in (code for codes in found.values() for code in codes):
        if not is_code(code):
            sheet.refuse("bad-code", f"'{code}' in 'chapters' is neither a code nor a rising range.")
    return found
