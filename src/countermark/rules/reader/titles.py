"""Names that say no more than the code they stand with: "cereals of chapter 10" are the goods of that chapter."""

from __future__ import annotations

from collections.abc import Mapping

from countermark.rules.selector import Code, CodeRange, Described, Selector

_TITLES: Mapping[str, frozenset[str]] = {
    code: frozenset(names.split("|"))
    for code, names in {
        "01": "animals|live animals",
        "02": "meat and edible meat offal",
        "03": "fish and crustaceans, molluscs and other aquatic invertebrates",
        "07": "edible vegetables",
        "10": "cereals",
        "47": "paper-making materials",
        "1001": "wheat",
        "1005": "maize",
        "1006": "rice",
        "1108": "starches|starch",
        "2002": "prepared or preserved vegetables",
        "2401": "unmanufactured tobacco or tobacco refuse|unmanufactured tobacco",
        "4302": "tanned or dressed furskins",
        "4501": "cork|natural cork",
        "7204": "waste and scrap|ferrous waste and scrap",
        "7206": "ingots or other primary forms",
        "7207": "semi-finished materials|semi-finished products",
        "7404": "waste and scrap",
        "7503": "waste and scrap",
        "7602": "waste and scrap",
        "7802": "waste and scrap",
        "7902": "waste and scrap",
        "8002": "waste and scrap",
        "8205": "tools",
        "2002-2005": "prepared or preserved vegetables",
        "8202-8205": "tools",
        "0801": "nuts|nuts and oil seeds",
        "0802": "nuts|nuts and oil seeds",
        "1202-1207": "oil seeds|nuts and oil seeds",
    }.items()
}
"""Chapters and headings of the Harmonized System, and words that name the whole of them."""


def says_no_more(name: str, selector: Selector) -> bool:
    """Whether the name is that of the whole chapter or heading."""
    said = name.removeprefix("the ").replace("- ", "-")
    match selector:
        case Code(digits):
            return said in _TITLES.get(digits, ())
        case CodeRange(first, last):
            return said in _TITLES.get(f"{first}-{last}", ())
        case Described(codes=codes, named="") if codes:
            return all(says_no_more(said, code) for code in codes)
    return False
