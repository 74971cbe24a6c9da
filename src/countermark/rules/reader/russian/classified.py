"""Changes of classification in Russian, and of which heading materials may be."""

from __future__ import annotations

from countermark.rules import nodes
from countermark.rules.nodes import Expression
from countermark.rules.reader.russian.materials import (
    exceptions,
)
from countermark.rules.reader.russian.terms import codes, level_of
from countermark.rules.reader.words import Words, words
from countermark.rules.selector import Level

_ANY_HEADING = words(
    r"из (?:(?P<foreign>иностранных |непроисходящих )?материал\w+|товар\w+|сырья)(?: иностранного происхождения)?(?: из)? (?:любой|любых) (?:товарн\w+ )?(?P<level>позици\w|групп\w*|субпозици\w)"
)
_INCLUDING = words(r",? ?(?:включая|в том числе(?: из)?) (?:други[ех] |ины[ех] )?(?:материал\w+ )?(?=\S)")
_EXCEPT = words(r",? ?(?:и )?(?:кроме|за исключением|исключая)(?= )")
_CLASSIFIED = words(
    r"(?:все |всех )?(?:используемые |использованные )?(?:материалы|товары|компоненты)(?: иностранного происхождения)?(?:,? используемые)?(?: при изготовлении)?(?: должны быть| должны| могут быть)? ?(?:классифици\w+|относ\w+|отнесен\w+)(?: в| к)? (?:(?P<other>ин\w+|друг\w+) (?:товарн\w+ )?(?P<level>позици\w|групп\w|субпозици\w)(?:,? ?(?:чем|нежели) (?:сам )?(?:конечн\w+ |готов\w+ )?(?:продук\w+|товар|изделие))?|(?:товарн\w+ )?(?P<level2>позици\w|групп\w|субпозици\w),? ?(?:отличн\w+|друг\w+|ин\w+) от (?:(?:товарн\w+ )?(?:позиции|группы|субпозиции|той) )?(?:конечн\w+ |готов\w+ |данн\w+ )?(?:продук\w+|товар\w|издели\w))"
)
_OTHER_THAN = words(
    r"(?:все |всех )?(?:используемые |использованные )?(?:материалы|товары|компоненты)(?:,? используемые)? (?:должны быть |должны )?(?:классифици\w+|относ\w+|отнесен\w+)(?: в| к) (?:товарн\w+ )?(?:позици\w+),? ?(?:отличн\w+|друг\w+|ин\w+) от(?= (?:товарн\w+ )?(?:позици\w+|групп\w+) \d)"
)
_CHANGE = words(
    r"(?:смена|изменение)(?: классификационного)?(?: кода)?(?: товар\w*)?(?: по тн вэд)? ?(?:на уровне )?(?:(?P<word>товарн\w+ позиц\w+|позици\w|групп\w|субпозици\w)|(?:любого из )?(?:первых )?(?P<digits>двух|четырёх|четырех|шести|2|4|6)(?:-х)? (?:первых )?знаков)"
)
_SHORT = words(r"(?P<short>cc|cth|ctsh)")
_LEVELS = {"двух": Level.CHAPTER, "2": Level.CHAPTER, "шести": Level.SUBHEADING, "6": Level.SUBHEADING}
_SHORTS = {"cc": Level.CHAPTER, "cth": Level.HEADING, "ctsh": Level.SUBHEADING}


def any_heading(w: Words) -> Expression | None:
    """ "из материалов любых позиций, кроме материалов позиций 0201 - 0206"."""
    start = w.i
    found = w.take(_ANY_HEADING)
    if found is None:
        return None
    level = level_of(found["level"])
    if w.take(_INCLUDING):
        listed = codes(w)
        if listed is None:
            w.i = start
            return None
        return nodes.ChangeOfClassification(level, also_from=listed, cite=(start, start))
    return _excepting(w, level, start, changed=False)


def _excepting(w: Words, level: Level, start: int, *, changed: bool) -> Expression | None:
    """The exceptions of a change, or of "любых позиций": with the good's own heading among them it is a change."""
    barred: tuple[object, ...] = ()
    while w.take(_EXCEPT):
        more, own = exceptions(w)
        if not more and not own:
            return None
        changed = changed or own
        barred = (*barred, *more)
    if changed:
        return nodes.ChangeOfClassification(level, excepted=barred, cite=(start, start))  # type: ignore[arg-type]
    return nodes.AnyHeading(barred, cite=(start, start))  # type: ignore[arg-type]


def classified(w: Words) -> Expression | None:
    """ "все материалы должны быть классифицированы в позиции, отличной от позиции продукта"."""
    start = w.i
    outside = w.take(_OTHER_THAN)
    if outside is not None:
        barred = codes(w)
        return nodes.AnyHeading(barred, cite=(start, start)) if barred else None
    found = w.take(_CLASSIFIED)
    if found is None:
        return None
    return _excepting(w, level_of(found["level"] or found["level2"]), start, changed=True)


def change(w: Words) -> Expression | None:
    """ "изменение кода на уровне любого из первых четырех знаков", "CTH"."""
    start = w.i
    short = w.take(_SHORT)
    if short is not None:
        return _excepting(w, _SHORTS[short["short"]], start, changed=True)
    found = w.take(_CHANGE)
    if found is None:
        return None
    level = level_of(found["word"]) if found["word"] else _LEVELS.get(found["digits"], Level.HEADING)
    return _excepting(w, level, start, changed=True)
