"""Codes, limits, prices and names in Russian."""

from __future__ import annotations

import re
from decimal import Decimal

from countermark.rules.reader.codes import CodeWords
from countermark.rules.reader.codes import code_list as listed
from countermark.rules.reader.prices import Bound
from countermark.rules.reader.words import LONGEST_NAME, Words, words
from countermark.rules.selector import Level, Selector

_KIND = words(
    r"(?:из |в |с |по |от |и )?(?P<kind>(?:товарн\w+ )?(?:подсубпозици\w+|субпозици\w+|позици\w+)|групп\w+|код\w+)(?: тн вэд(?: снг| еаэс)?)?(?: с кодом)?(?: из)?"
)
RUSSIAN = CodeWords(
    _KIND,
    "групп",
    re.compile(r"[ \n]*(?:(?:по|до)\b|-)"),
    re.compile(r"[ \n]*(?P<join>[ ]?,? ?(?:и/или|или|либо|и)\b|[ ]?, ?|; ?(?:и|или)\b)"),
    "и",
)


def codes(w: Words, *, bare: bool = False) -> tuple[Selector, ...] | None:
    """The codes of a list: "позиций 8501, 8502 и 8504 - 8506", "групп 01 и 02"."""
    start = w.i
    w.take(words(r"(?:с |из |кодов |товаров )(?=\S)"))
    found = listed(w, bare=bare, said=RUSSIAN)
    if found is None:
        w.i = start
    return found


_LEVELS = {"групп": Level.CHAPTER, "позици": Level.HEADING, "субпоз": Level.SUBHEADING}


def level_of(written: str) -> Level:
    """The level that a word such as "позиции" names."""
    return next(level for stem, level in reversed(_LEVELS.items()) if stem in written)


_MOST = words(
    r"не (?:должн\w+ |может |могут )?(?:быть )?(?:превыша\w+|более|больше|выше)|составля\w+ не (?:более|больше)|не (?:должн\w+ )?составля\w+ более|не выше|до|в размере до|в пределах"
)
_LEAST = words(
    r"не (?:должн\w+ )?(?:быть )?(?:менее|меньше|ниже)|составля\w+ не менее|не (?:должн\w+ )?составля\w+ менее|по (?:крайней|меньшей) мере"
)
_LESS = words(r"(?:составля\w+ )?(?:менее|меньше|ниже)")
_MORE = words(r"превыша\w+|(?:составля\w+ )?(?:более|свыше|больше|выше)")
_PCT = re.compile(r"[ \n]*(?P<pct>\d{1,3}(?:[.,]\d{1,3})?)%")
_OF_GOOD = r"(?: ?(?:на|для)? ?(?:конечн\w+ |готов\w+ |данн\w+ )?(?:продук\w+|товар\w*|издели\w+|набор\w*))?"
_BASES = tuple(
    (words(written + _OF_GOOD), base)
    for written, base in (
        (r"(?:от )?(?:цен\w+|стоимост\w+) (?:товара |продукта |продукции |конечной продукции )?(?:на условиях )?\(?(?:франко-завод\w*|exw|ex works)\)?(?: изготовителя)?", "EXW"),
        (r"(?:от )?цен\w+ франко-предприятие", "EXW"),
        (r"(?:от )?(?:цен\w+|стоимост\w+) (?:товара |продукции )?(?:на условиях )?\(?(?:фоб|fob)\)?", "FOB"),
        (r"(?:от )?(?:таможенн\w+ стоимост\w+)", "customs"),
        (r"(?:от )?цен\w+ (?:конечн\w+|готов\w+) (?:продук\w+|товар\w*|издели\w+)", "EXW"),
        (r"(?:от )?цен\w+ (?:продук\w+|товар\w*|издели\w+|набор\w*)", "EXW"),
        (r"(?:от )?стоимост\w+ (?:конечн\w+ |готов\w+ )?(?:продук\w+|товар\w*|издели\w+|набор\w*)", "value of the good"),
    )
)  # fmt: skip


def bound(w: Words) -> Bound | None:
    """ "не должна превышать", "не менее", "более" ..."""
    if w.take(_LEAST):
        return Bound(True, False)
    if w.take(_MOST):
        return Bound(False, False)
    if w.take(_LESS):
        return Bound(False, True)
    return Bound(True, True) if w.take(_MORE) else None


def percentage(w: Words) -> Decimal | None:
    """A percentage from 0 to 100."""
    start = w.i
    found = w.take(_PCT)
    figure = Decimal(found["pct"].replace(",", ".")) if found else None
    if figure is None or figure > 100:
        w.i = start
        return None
    return figure


def base(w: Words) -> str | None:
    """The price a share is taken of: of the final product it is the ex-works price (CIS Rules, section 1)."""
    return next((name for pattern, name in _BASES if w.take(pattern)), None)


_STOPS = (
    r"кроме|исключая|за исключением|при|если|котор\w+|должн\w+|могут|может|не превыш\w+|превыш\w+|однако|используем\w+|использованн\w+|классифици\w+"
    r"|позици\w+|субпозици\w+|подсубпозици\w+|групп\w+|товарн\w+ позиц\w+|код\w+|стоимост\w+|вес|масс\w+|полностью|не более|не менее|более|менее|отличн\w+|ино[йм]|смена|изменени\w+ код\w+"
)
_HEADS = r"изготовлен\w+|производств\w+|стоимост\w+|все |всех |при |в |из |смена|материал\w+|однако|не |их |иные|друг\w+ операци\w+"
_WORD = (
    rf"(?:(?!(?:{_STOPS})\b)['\"]?[^\W\d_](?:[^\W\d_]|['\"/\-])*|\d{{1,4}}(?:[.,]\d+)?[ ]?(?:мм|см|м|кг|г|л|мкм|кВт|квт|в|дтекс)(?![\w%])"
    r"|\((?!кроме|за исключением|при условии)[^()%•\n]{1,100}\))"
)
_NAME = re.compile(
    rf"[ \n]*(?P<name>{_WORD}(?:(?:,?[ ]+(?!(?:или|и|либо|и/или)[ \n]+(?:{_HEADS}))|/|,[ ]){_WORD})*)"
)
_TAIL = re.compile(r"(?:[ ,]+(?:и|или|либо|из|в|на|с|для|по|от|к))+\Z")


def name(w: Words) -> str | None:
    """The name that stands next, without joining words at its end; too long a one is none."""
    start = w.i
    found = w.take(_NAME)
    if found is None:
        return None
    text = found["name"]
    cut = _TAIL.search(text)
    if cut is not None:
        text = text[: cut.start()]
        w.i = found.start("name") + len(text)
    if not text or len(text) > LONGEST_NAME:
        w.i = start
        return None
    return text
