"""Which materials a Russian clause speaks of."""

from __future__ import annotations

from countermark.rules.reader.materials import Chosen, Selectors, joined
from countermark.rules.reader.russian.terms import codes, level_of, name
from countermark.rules.reader.titles import says_no_more
from countermark.rules.reader.words import Words, words
from countermark.rules.selector import Described, Every, Own

_ALL = words(
    r"(?:(?:все|всех|всеми|любых|любые|каждого|каждый|остальных|таких|этих|используем\w+|использованн\w+) )+(?=\S)"
)
_OTHERS = words(
    r"(?:всех |все )?(?:остальн\w+|прочи\w+|друг\w+) (?:используемы\w+ )?(?:материал\w+|товар\w+)"
)
_FOREIGN = words(r"(?:иностранн\w+|импортн\w+|непроисходящ\w+)(?= материал| товар| сырь)")
_AFTER = words(r"(?:иностранного происхождения|,? ?не происходящ\w+ из \w+|непроисходящ\w+)")
_ORIGINATING = words(r"происходящ\w+(?= материал)")
_NOUN = words(
    r"(?:материал\w*|товар\w*|сырь\w+|продукт\w*|компонент\w*|издели\w+)(?: и (?:материал\w+|компонент\w+|издели\w+))?"
)
_ENDS = words(
    r"(?:,? ?(?:используем|использованн|применяем|не |должн|долж|может|могут|классифиц|иностран|кроме|за исключ|до |в размере|полностью|составля|и |или |превыша)|\Z|[.,;:])(?=)"
)
_PLACED = words(
    r"(?:,? ?(?:классифицируем\w+|классифицированн\w+|относящ\w+|включенн\w+))?(?: (?:в|к|из|под))?"
)
_OWN = words(
    r"(?:,? ?классифици\w+ в |из |в )?(?:той|этой|данной|одной)(?: же)?(?: самой)? (?:товарной )?(?P<level>группы?|группе|позиции|субпозиции)(?:,? ?что и (?:сам )?(?:конечн\w+ |готов\w+ )?(?:продук\w+|товар|изделие)| (?:конечной |готовой )?(?:продукции|товара))?"
)
_SAME = words(
    r",? ?имеющ\w+ одинаков\w+ (?:товарн\w+ )?(?P<level>позици\w+|групп\w+|субпозици\w+) с (?:конечн\w+ |готов\w+ )?(?:продук\w+|товар\w+|издели\w+)"
)
_USED = words(
    r"(?:,? ?(?:используем\w+|использованн\w+|применяем\w+))(?: (?:при|в|для) (?:его |её |изготовлени\w+|производств\w+))?"
)
_EXCEPT = words(r",? ?\(? ?(?:кроме|за исключением|исключая|помимо)(?= )")
_AND = words(r",? ?(?P<join>и|или|либо)(?: из)? (?=\S)")
_OF_GOOD = words(
    r"(?:материал\w+ )?(?:(?:той|этой)(?: же)? (?:товарной )?(?:позиции|группы|субпозиции)(?:,? ?что и)?(?: (?:сам )?(?:конечн\w+ |готов\w+ )?(?:продук\w+|товар\w*|издели\w+))?|(?:позиции |группы )?(?:конечн\w+|готов\w+|данн\w+) (?:продук\w+|товар\w*|издели\w+))"
)


def materials(w: Words) -> Chosen | None:
    """The materials that stand next, with "используемых" and an exception if they follow."""
    start = w.i
    found = _materials(w)
    if found is None:
        w.i = start
        return None
    w.take(_USED)
    barred = excepted(w)
    if barred:
        found = found._replace(materials=(Described(codes=found.materials or (), excepted=barred),))
        w.take(_USED)
    return found


def _materials(w: Words) -> Chosen | None:
    if w.take(_OTHERS):
        return Chosen(placed(w) or (Every(),))
    w.take(_ALL)
    origin = "foreign" if w.take(_FOREIGN) else "originating" if w.take(_ORIGINATING) else ""
    w.take(_ALL)
    start = w.i
    if w.take(_NOUN):
        origin = "foreign" if w.take(_AFTER) else origin
        own = own_level(w)
        if own is not None:
            return Chosen((own,), origin)
        where = placed(w)
        if where is not None:
            origin = "foreign" if w.take(_AFTER) else origin
            return Chosen(where, origin)
        if w.sees(_ENDS):
            return Chosen(None, origin)
        w.i = start
    where = codes(w)
    if where is not None:
        return Chosen(where, origin)
    named = named_materials(w)
    return Chosen(named, origin) if named else None


def own_level(w: Words) -> Own | None:
    """ "той же позиции, что и продукт"."""
    found = w.take(_OWN) or w.take(_SAME)
    return Own(level_of(found["level"])) if found else None


def placed(w: Words) -> Selectors | None:
    """ "позиции 8501", "классифицируемых в группе 17"."""
    start = w.i
    w.take(_PLACED)
    found = codes(w)
    if found is None:
        w.i = start
    return found


def named_materials(w: Words) -> Selectors | None:
    """A name, with codes if they follow."""
    start = w.i
    text = name(w)
    if text is None:
        w.i = start
        return None
    end = w.i
    own = own_level(w)
    where: Selectors | None = (own,) if own else placed(w)
    if where is None:
        w.i = end
        return (Described(named=text),)
    if all(says_no_more(text, code) for code in where):
        return where
    return (Described(codes=where, named=text),)


def excepted(w: Words) -> Selectors | None:
    """ "кроме натурального каучука", "за исключением материалов позиции 1006"."""
    start = w.i
    lead = w.take(_EXCEPT)
    barred, own = exceptions(w) if lead else ((), False)
    if lead is None or not barred or own or ("(" in lead[0] and w.take(words(r"\)(?=\W|$)")) is None):
        w.i = start
        return None
    return barred


def exceptions(w: Words) -> tuple[Selectors, bool]:
    """What follows "кроме": the selectors, and whether the good's own heading is among them."""
    found: Selectors = ()
    own, join, end = False, "", w.i
    while True:
        if w.take(_OF_GOOD):
            own = True
        else:
            more = _one(w)
            if more is None:
                w.i = end
                return found, own
            found = joined(found, "and" if join == "и" else join, more)
        end = w.i
        joining = w.take(_AND)
        if joining is None:
            return found, own
        join = joining["join"]


def _one(w: Words) -> Selectors | None:
    start = w.i
    w.take(words(r"(?:из |от )?(?:(?:материал\w+|товар\w+) )?(?:используемы\w+ )?(?=\S)"))
    own = own_level(w)
    if own is not None:
        return (own,)
    found = placed(w) or codes(w, bare=True)
    if found is not None:
        return found
    w.i = start
    return named_materials(w)
