"""One Russian clause, and how Russian joins clauses."""

from __future__ import annotations

import re

from countermark.rules import nodes
from countermark.rules.nodes import AGREEMENT, Expression
from countermark.rules.reader.lists import BULLET, bulleted
from countermark.rules.reader.russian.classified import any_heading, change, classified
from countermark.rules.reader.russian.conditions import condition
from countermark.rules.reader.russian.materials import (
    materials,
    named_materials,
    own_level,
    placed,
)
from countermark.rules.reader.russian.operations import COLON, MADE, operation, operations, performed
from countermark.rules.reader.russian.permits import ITS_VALUE, PROVIDED, however
from countermark.rules.reader.russian.terms import base, bound, percentage
from countermark.rules.reader.sentences import Speech
from countermark.rules.reader.words import Words, words
from countermark.rules.selector import Every

_IN_WHICH = words(
    r",? ?(?:при|в) (?:котор\w+|услови\w+,? что|этом)(?: соблюда\w+ следующ\w+ услови\w+)?(?=[ :])|,? ?если(?= )"
)
_FROM = words(r"из(?=[ :])")
_GOOD_WHOLLY = words(
    r"(?:товар\w* |продук\w+ )?(?:должн\w+ быть )?полностью (?:получен\w*|произведен\w*|произведён\w*)|wo|пп"
)
_CONTENT = words(
    r"(?:доля )?(?:адвалорн\w+ дол\w+|добавленн\w+ стоимост\w+|региональн\w+ (?:стоимостн\w+ )?(?:составляющ\w+|содержани\w+)|ддс|vac|rvc|рсс|адс)"
)
_SET = words(
    r"кажд\w+ (?:предмет|изделие|товар|компонент)\w* (?:набора|в наборе) (?:долж\w+ )?(?:удовлетворя\w+|соответств\w+|отвеча\w+)(?: быть)? (?:правил\w+|услови\w+|требовани\w+),? которо\w+ применя\w+ (?:бы )?к нему,? если бы (?:он|оно) не (?:входил\w*|был\w* включен\w*) в набор"
)
_SET_FOREIGN = words(
    r"[.,;]?\s*(?:однако|тем не менее),? (?:изделия|предметы|товары) иностранного происхождения могут (?:быть включены|включаться|входить) в набор,? при условии,? что их (?:общая )?стоимость не (?:превышает|должна превышать)"
)
_OF_SET = words(r"(?:от )?(?:цены|стоимости)(?: франко-завод)? набора")
_ARE_USED = words(r"использу\w+(?= материал| товар| сырь)")


def clause(w: Words) -> Expression | None:
    """The clause that stands next."""
    start = w.i
    for read in (_made, change, _set, _content, classified, condition, _good, _part, operations, operation):
        found = read(w)
        if found is not None:
            return found
        w.i = start
    return None


def _made(w: Words) -> Expression | None:
    if w.take(MADE) is None:
        return None
    if w.take(COLON) and w.sees(BULLET):
        return bulleted(w, _part)
    return _part(w)


def _part(w: Words) -> Expression | None:
    start = w.i
    heading = any_heading(w)
    if heading is not None:
        return heading
    if w.take(_FROM):
        return _from(w, start)
    if w.take(_IN_WHICH):
        return conditions(w)
    return None


def conditions(w: Words) -> Expression | None:
    """What follows "в котором" or "при условии, что": one condition, or a list of them."""
    start = w.i
    if w.take(COLON) or w.sees(BULLET):
        if w.sees(BULLET):
            return bulleted(w, _one_condition)
        start = w.i
    found = _one_condition(w)
    if found is None:
        w.i = start
    return found


def _one_condition(w: Words) -> Expression | None:
    start = w.i
    w.take(_IN_WHICH)
    used = w.take(_ARE_USED)
    if used is not None:
        chosen = materials(w)
        if chosen is not None and chosen.materials:
            return nodes.FromMaterials(chosen.materials, cite=(start, start))
        w.i = start
        return None
    for read in (performed, classified, condition, _content, change, operation):
        here = w.i
        found = read(w)
        if found is not None:
            return found
        w.i = here
    w.i = start
    return None


def _from(w: Words, start: int) -> Expression | None:
    if w.take(COLON) or w.sees(re.compile(r"\s*•")):
        return None
    w.take(
        words(
            r"(?:других |иных )?(?:материал\w+|товар\w+|сырья|полуфабрикат\w+)(?= (?:групп|товарн|позици|субпозици|из групп|из позиц))"
        )
    )
    w.take(words(r"материалов(?= той же)"))
    own = own_level(w)
    chosen = (own,) if own else placed(w) or named_materials(w)
    if not chosen:
        return None
    made = nodes.FromMaterials(chosen, cite=(start, start))
    here = w.i
    if w.take(PROVIDED) and w.take(ITS_VALUE):
        held = bound(w)
        pct = percentage(w) if held == (False, False) else None
        if pct is None:
            return None
        return nodes.AllOf(
            (made, nodes.MaxForeignValue(pct, base(w) or AGREEMENT, chosen, cite=(here, here)))
        )
    w.i = here
    return made


def _good(w: Words) -> Expression | None:
    start = w.i
    return nodes.WhollyObtainedGood(cite=(start, start)) if w.take(_GOOD_WHOLLY) else None


def _content(w: Words) -> Expression | None:
    start = w.i
    if w.take(_CONTENT) is None:
        return None
    w.take(words(r"(?:должн\w+ )?(?:быть|составля\w+)?(?= не )"))
    held = bound(w)
    pct = percentage(w)
    if pct is None or (held is not None and not held.least):
        return None
    return nodes.ValueContent(
        pct, AGREEMENT, base(w) or AGREEMENT, bool(held and held.strict), cite=(start, start)
    )


def _set(w: Words) -> Expression | None:
    start = w.i
    if w.take(_SET) is None:
        return None
    end = w.i
    if w.take(_SET_FOREIGN):
        pct = percentage(w)
        if pct is not None and w.take(_OF_SET):
            return nodes.SetRule(pct, "EXW", cite=(start, start))
        w.i = end
        return None
    return nodes.OriginatingMaterials((Every(),), cite=(start, start))


_JOIN = re.compile(
    r"(?P<before>[ \n]*[,;.]?[ \n]*)\b(?P<join>и/или|и \(или\)|и|а также|или|либо)(?![^\W_])(?P<after>:?[ ]*\n?)[ ,]*"
)
_CONDITION = re.compile(
    r"(?P<before>[ \n]*[,;]?[ \n]*)(?P<word>при условии,? что|при условии|при(?= выполнени)|(?:при|в) котор\w+|если)(?=[ :\n])"
)
RUSSIAN = Speech(
    clause, conditions, however, _JOIN, frozenset({"или", "либо", "и/или", "и (или)"}), _CONDITION
)
