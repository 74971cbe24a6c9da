"""Decides whether two spellings name the same person, good or number.

Blanks apart, the same characters are the same. Case, punctuation, quotes and one letter of a longer word are
slips of spelling; the place of a word or of the legal form is a slip of order; another script or its usual
transliteration is a slip of its own. None touches the truth of the data (CIS Rules 9.3). Digits never slip.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType


class Likeness(StrEnum):
    """How alike two wordings are; the slips are named as in an agreement's comparison table."""

    SAME = "same"
    SPELLING = "spelling"
    ORDER = "order"
    TRANSLITERATION = "transliteration"
    PARTLY = "partly"
    """For descriptions only: one says more than the other."""
    DIFFERENT = "different"


_LATIN: Mapping[str, str] = MappingProxyType(
    dict(zip("абвгдезийклмнопрстуфхыэіїєґўәғҝөүһҹı", "abvgdeziiklmnoprstufhieiieguegkouhci", strict=True))
    | {"ё": "e", "ж": "zh", "ц": "c", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ь": "", "ю": "iu", "я": "ia"}
    | {"ə": "e", "ş": "sh", "š": "sh", "ç": "ch", "č": "ch", "ž": "zh", "ğ": "g", "w": "v", "q": "g"}
    | {"y": "i", "x": "h", "j": "i", "ß": "ss", "ł": "l", "đ": "d", "ø": "o", "'": "", "’": "", "ʹ": ""}
)
"""Letters to the coarse Latin in which national transliterations of one name meet."""

_DIGRAPHS = (
    ("shch", "sh"),
    ("sch", "sh"),
    ("tch", "ch"),
    ("dzh", "c"),
    ("dj", "c"),
    ("kh", "h"),
    ("ts", "c"),
    ("tz", "c"),
    ("ks", "h"),
    ("ie", "e"),
)

_PHRASES: tuple[tuple[str, str], ...] = (
    ("общество с дополнительной ответственностью", "одо"),
    ("общество с ограниченной ответственностью", "ооо"),
    ("таварыства з абмежаванай адказнасцю", "ооо"),
    ("открытое акционерное общество", "оао"),
    ("закрытое акционерное общество", "зао"),
    ("публичное акционерное общество", "пао"),
    ("акционерное общество", "ао"),
    ("унитарное предприятие", "уп"),
    ("индивидуальный предприниматель", "ип"),
    ("məhdud məsuliyyətli cəmiyyəti", "mmc"),
    ("açıq səhmdar cəmiyyəti", "asc"),
    ("qapalı səhmdar cəmiyyəti", "qsc"),
    ("limited liability company", "llc"),
    ("open joint stock company", "ojsc"),
    ("closed joint stock company", "cjsc"),
    ("public joint stock company", "pjsc"),
    ("joint stock company", "jsc"),
)

_FORMS: Mapping[str, str] = MappingProxyType(
    {
        spelling: form
        for form, spellings in {
            "llc": "ооо ooo тоо too llc ltd limited mmc таа",
            "alc": "одо odo alc",
            "ojsc": "оао oao ojsc asc аат",
            "cjsc": "зао zao cjsc qsc заат",
            "pjsc": "пао pao pjsc",
            "jsc": "ао ao jsc",
            "ue": "уп up ue чуп chup руп rup чтуп чпуп",
            "sole": "ип ip",
        }.items()
        for spelling in spellings.split()
    }
)
"""Spellings of a legal form, each to one of its kind."""

_TWINS = str.maketrans("авекмнорстухіј", "abekmhopctyxij")
"""Cyrillic letters drawn like Latin ones: a number typed in either script looks the same."""

_TOKEN = re.compile(r"\d+|[^\W\d_](?:[^\W\d_]|['’ʹ])*")
"""A run of digits or of letters: ``82.1`` and ``8.21`` differ, ``MTZ-82`` and ``MTZ82`` do not."""

_CYRILLIC = re.compile("[\u0400-\u052f]")

_SHORTEST_TO_SLIP = 5
"""Letters of a word in which one wrong letter is a slip; in a shorter one it may be another name."""


def names(one: str, other: str) -> Likeness:
    """How alike two names of persons are. A legal form missing on one side is a slip, another form is not."""
    if _blanks(one) == _blanks(other):
        return Likeness.SAME
    (form, words), (other_form, other_words) = _skeleton(one), _skeleton(other)
    if form and other_form and form != other_form:
        return Likeness.DIFFERENT
    return _slip(one, other) if words and _alike(words, other_words) else Likeness.DIFFERENT


def descriptions(one: str, other: str) -> Likeness:
    """How alike two descriptions of goods are; ``PARTLY`` if half the shorter one's words recur.

    One may state figures that the other leaves out, never other figures: they tell two models apart.
    """
    if _blanks(one) == _blanks(other):
        return Likeness.SAME
    first, second = sorted((_words(one), _words(other)), key=len)
    if not first:
        return Likeness.DIFFERENT
    if _alike(first, second):
        return _slip(one, other)
    figures, other_figures = (Counter(w for w in side if w.isdigit()) for side in (first, second))
    if not (figures <= other_figures or other_figures <= figures):
        return Likeness.DIFFERENT
    return Likeness.PARTLY if _pairs(first, second) * 2 >= len(first) else Likeness.DIFFERENT


def numbers(one: str, other: str) -> Likeness:
    """How alike two document numbers are: blanks, dashes, case and look-alike letters are slips, no more."""
    if one.strip() == other.strip():
        return Likeness.SAME
    first, second = (re.sub(r"[\W_]+", "", n.casefold()).translate(_TWINS) for n in (one, other))
    return Likeness.SPELLING if first and first == second else Likeness.DIFFERENT


def _blanks(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _slip(one: str, other: str) -> Likeness:
    """Which slip parts two wordings that name the same."""
    if (_CYRILLIC.search(one) is None) != (_CYRILLIC.search(other) is None):
        return Likeness.TRANSLITERATION
    tokens, other_tokens = _TOKEN.findall(one.casefold()), _TOKEN.findall(other.casefold())
    turned = tokens != other_tokens and sorted(tokens) == sorted(other_tokens)
    return Likeness.ORDER if turned else Likeness.SPELLING


def _skeleton(name: str) -> tuple[frozenset[str], list[str]]:
    """The legal forms in a name, and its other words in coarse Latin."""
    text = re.sub(r"[-\s]+", " ", unicodedata.normalize("NFC", name).casefold())
    for phrase, abbreviation in _PHRASES:
        text = text.replace(phrase.casefold(), abbreviation)
    tokens = _TOKEN.findall(text)
    forms = frozenset(_FORMS[t] for t in tokens if t in _FORMS)
    return forms, [word for t in tokens if t not in _FORMS and (word := _fold(t))]


def _words(text: str) -> list[str]:
    return [word for t in _TOKEN.findall(text.casefold()) if (word := _fold(t))]


def _fold(token: str) -> str:
    """A word in coarse Latin, double letters written once."""
    latin = "".join(_LATIN.get(c, c) for c in unicodedata.normalize("NFC", token))
    plain = "".join(c for c in unicodedata.normalize("NFD", latin) if not unicodedata.combining(c))
    for digraph, letter in _DIGRAPHS:
        plain = plain.replace(digraph, letter)
    return re.sub(r"([^\W\d])\1+", r"\1", plain)


def _alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the same words stand on both sides, in any order, joined or apart, one letter off at most.

    The numbers among them must be the same in the same order.
    """
    words, other_words = ([w for w in side if not w.isdigit()] for side in (one, other))
    if [w for w in one if w.isdigit()] != [w for w in other if w.isdigit()]:
        return False
    if "".join(words) == "".join(other_words):
        return True
    return len(words) == len(other_words) == _pairs(words, other_words)


def _pairs(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words find a partner of their own on the other side: a maximum matching, so symmetric."""
    partner: dict[int, int] = {}

    def place(i: int, tried: set[int]) -> bool:
        for j, word in enumerate(other):
            if j not in tried and (one[i] == word or _one_letter_off(one[i], word)):
                tried.add(j)
                if j not in partner or place(partner[j], tried):
                    partner[j] = i
                    return True
        return False

    return sum(place(i, set()) for i in range(len(one)))


def _one_letter_off(one: str, other: str) -> bool:
    """Whether one letter was added, left out or changed in a longer word."""
    short, long = sorted((one, other), key=len)
    if len(short) < _SHORTEST_TO_SLIP or not (one + other).isalpha() or len(long) - len(short) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return short[at + (len(short) == len(long)) :] == long[at + 1 :]
