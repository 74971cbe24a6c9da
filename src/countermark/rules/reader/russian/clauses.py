"""One Russian clause, and how Russian joins clauses."""

from __future__ import annotations

import re
from dataclasses import replace

from countermark.rules import nodes
from countermark.rules.nodes import Expression, Limit
from countermark.rules.reader.clauses import BULLET, bulleted
from countermark.rules.reader.conditions import AGREEMENT
from countermark.rules.reader.materials import Chosen
from countermark.rules.reader.operations import slug
from countermark.rules.reader.russian.materials import (
    exceptions,
    materials,
    named_materials,
    own_level,
    placed,
)
from countermark.rules.reader.russian.terms import base, bound, codes, level_of, name, percentage
from countermark.rules.reader.sentences import Speech
from countermark.rules.reader.words import LONGEST_NAME, Words, words
from countermark.rules.selector import Every, Level

_MADE = words(
    r"(?:изготовлен\w+|производств\w+|выработк\w+|получен\w+)(?: (?:товар\w*|продук\w+|издели\w+))?(?=[ :,])"
)
_IN_WHICH = words(
    r",? ?(?:при|в) (?:котор\w+|услови\w+,? что|этом)(?: соблюда\w+ следующ\w+ услови\w+)?(?=[ :])|,? ?если(?= )"
)
_FROM = words(r"из(?=[ :])")
_COLON = re.compile(r"[ \n]*:")
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
_WITHIN = words(
    r"(?:и |причем |причём )?в пределах (?:указанн\w+ |этого |данного )?(?:выше )?(?:ограничен\w+|предел\w+|лимит\w+)(?: выше)?,? ?(?=\S)"
)
_VALUE = words(r"(?:общ\w+ |совокупн\w+ |суммарн\w+ )?(?:таможенная )?(?:стоимость|цена)(?= )")
_ITS_VALUE = words(r"(?:их|его|её|ее) (?:общая |суммарная |совокупная )?стоимость|стоимость которых")
_ORIGINATING_VALUE = words(
    r"стоимост\w+ (?:всех )?(?:используемых )?(?:происходящих )?материалов(?:,? происходящих из \w+| происхождени\w+ из \w+)?"
)
_WEIGHT = words(r"(?:общ\w+ |суммарн\w+ )?(?:чист\w+ )?(?:масса|вес)(?: нетто)?(?= )")
_OF_WEIGHT = words(
    r"(?:от )?(?:общей )?(?:чистой )?(?:массы|веса|массе|весу|масса)(?: нетто)?(?: (?:конечн\w+ |готов\w+ )?(?:продук\w+|товара|изделия))?"
)
_SHARE = words(r"(?P<by>по (?:массе|весу|стоимости))(?= )")
_WHOLLY = words(
    r",? ?(?:должн\w+ быть |долж\w+ )?полностью (?:произведен\w+|получен\w+|произведён\w*|выращен\w+)(?: (?:или|и|\(или) (?:произведен\w+|получен\w+)\)?)?(?: в (?:стран\w+|государств\w+|данной стране)(?:[- ]участни\w+| экспорта| соглашения)?)?"
)
_ORIGINATE = words(
    r",? ?(?:должн\w+ (?:уже )?(?:быть )?)?(?:происходящ\w+|происходить|иметь происхождение)(?: из (?:стран\w+|государств\w+)(?:[- ]участни\w+)?)?"
)
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
_HOWEVER = re.compile(r"\s*(?:[.;,]\s*)?(?:однако|тем не менее|при этом)\b,?")
_COMMA = re.compile(r",(?=\s)")
_MAY = words(
    r",? ?(?:могут|может)(?: также| только)? (?:быть использован\w+|использоваться|применяться|входить в набор)"
)
_MAY_NOT = words(r",? ?не (?:могут|может|должн\w+) (?:быть использован\w+|использоваться|применяться)")
_PROVIDED = words(r",? ?(?:только )?(?:при условии,? (?:что|если)|если)(?= )")
_DONE = re.compile(
    r"\b(?:[а-яё\-]{3,}(?:ние|нием|тие|тием|ция|ций|ции|цией|сия|ка|кой|ёж|еж)|обжиг|помол|отжиг|распил\w*|литье|литьё|шитье|операци\w+|процесс\w*|сборк\w*|сварк\w*|окраск\w*|обработк\w*)\b"
)
_OPERATIONS = words(
    r"(?:выполнени\w+ |проведени\w+ |осуществлени\w+ )?(?:следующ\w+ )?(?:производственн\w+ (?:и|или) )?(?:технологическ\w+ )?операци\w+(?=:)"
)
_ARE_USED = words(r"использу\w+(?= материал| товар| сырь)")
_PERFORM = words(
    r"(?:при )?(?:условии )?выполнени\w (?:комплекса )?(?:основных )?(?:следующих )?(?:производственных (?:и|или) )?(?:технологических )?операций(?: по(?= ))?"
)
_BUT = words(r",? ?(?:за исключением|кроме) операций (?:по|,)? ?(?=\S)")
_LIST = re.compile(r"[ ]*(?P<list>[^.;:%\d•\n]{3,900}?)(?=\s*(?:[.;]|\Z))")
_WITH = words(r",? ?(?:с последующ\w+|в сочетании с|сопровождаем\w+)(?= )")


def clause(w: Words) -> Expression | None:
    """The clause that stands next."""
    start = w.i
    for read in (_made, _change, _set, _content, classified, condition, _good, _part, _operations, operation):
        found = read(w)
        if found is not None:
            return found
        w.i = start
    return None


def _made(w: Words) -> Expression | None:
    if w.take(_MADE) is None:
        return None
    if w.take(_COLON) and w.sees(BULLET):
        return bulleted(w, _part)
    return _part(w)


def _part(w: Words) -> Expression | None:
    start = w.i
    heading = _any_heading(w)
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
    if w.take(_COLON) or w.sees(BULLET):
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
    for read in (_performed, classified, condition, _content, _change, operation):
        here = w.i
        found = read(w)
        if found is not None:
            return found
        w.i = here
    w.i = start
    return None


def _performed(w: Words) -> Expression | None:
    """ "выполнения технологических операций по ...", "... операций, за исключением операций по ..."."""
    start = w.i
    if w.take(_PERFORM) is None:
        return None
    if w.take(_BUT):
        listed = w.take(_LIST)
        parts = (
            [part.strip() for part in re.split(r", (?:а также )?(?:по )?", listed["list"])] if listed else []
        )
        if not parts or any(not part or len(part) > LONGEST_NAME for part in parts):
            return None
        return nodes.NotOnly(tuple(parts), cite=(start, start))
    if w.take(_COLON):
        return bulleted(w, operation) if w.sees(BULLET) else operation(w)
    text = name(w)
    return nodes.Process(slug(text), text=text, cite=(start, start)) if text else None


def _from(w: Words, start: int) -> Expression | None:
    if w.take(_COLON) or w.sees(re.compile(r"\s*•")):
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
    if w.take(_PROVIDED) and w.take(_ITS_VALUE):
        held = bound(w)
        pct = percentage(w) if held == (False, False) else None
        if pct is None:
            return None
        return nodes.AllOf(
            (made, nodes.MaxForeignValue(pct, base(w) or AGREEMENT, chosen, cite=(here, here)))
        )
    w.i = here
    return made


def _any_heading(w: Words) -> Expression | None:
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


def _change(w: Words) -> Expression | None:
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


def condition(w: Words) -> Expression | None:
    """One condition on materials."""
    for read in (_value, _weight, _share, _status):
        start = w.i
        w.take(_WITHIN)
        found = read(w)
        if found is not None:
            return replace(found, cite=(start, start))
        w.i = start
    return None


def _value(w: Words) -> Expression | None:
    if w.take(_VALUE) is None:
        return None
    chosen = materials(w)
    w.take(_COMMA)
    held = bound(w) if chosen else None
    if chosen is None or held is None:
        return None
    pct = percentage(w)
    if pct is None:
        within = held == (False, False) and not chosen.materials and w.take(_ORIGINATING_VALUE)
        return nodes.ForeignWithinOriginating() if within else None
    if held.least:
        return None
    return nodes.MaxForeignValue(pct, base(w) or AGREEMENT, chosen.materials, held.strict)


def _weight(w: Words) -> Expression | None:
    chosen = materials(w) if w.take(_WEIGHT) else None
    held = bound(w) if chosen else None
    pct = percentage(w) if held else None
    if chosen is None or held is None or held.least or pct is None or w.take(_OF_WEIGHT) is None:
        return None
    return nodes.MaxWeight(pct, chosen.materials or (Every(),), strict=held.strict)


def _share(w: Words) -> Expression | None:
    """ "не менее 70 % по массе табака позиции 2401 должно быть полностью получено"."""
    held = bound(w)
    pct = percentage(w) if held and held.least else None
    by = w.take(_SHARE) if pct is not None else None
    chosen = materials(w) if by else None
    if held is None or pct is None or by is None or chosen is None or not chosen.materials:
        return None
    measure = "value" if "стоимости" in by[0] else "weight"
    status = "wo" if w.take(_WHOLLY) else "originating" if w.take(_ORIGINATE) else ""
    if not status:
        return None
    return nodes.MinShare(pct, chosen.materials, status, chosen.materials, measure, held.strict)


def _status(w: Words) -> Expression | None:
    chosen = materials(w)
    if chosen is None or chosen.origin == "foreign":
        return None
    if w.take(_WHOLLY):
        return nodes.WhollyObtainedMaterials(chosen.materials or (Every(),))
    return nodes.OriginatingMaterials(chosen.materials or (Every(),)) if w.take(_ORIGINATE) else None


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


def _operations(w: Words) -> Expression | None:
    """A list of operations that says how they are joined; where it does not, a person reads it."""
    start = w.i
    if w.take(_OPERATIONS) is None:
        return None
    w.take(_COLON)
    if w.sees(BULLET):
        return bulleted(w, operation)
    found = operation(w)
    return replace(found, cite=(start, start)) if found else None


def operation(w: Words) -> Expression | None:
    """An operation, or several that belong together."""
    first = _one_operation(w)
    parts = [first] if first else []
    while first is not None:
        start = w.i
        more = _one_operation(w) if w.take(_WITH) else None
        if more is None:
            w.i = start
            break
        parts.append(more)
    return None if not parts else parts[0] if len(parts) == 1 else nodes.AllOf(tuple(parts))


def _one_operation(w: Words) -> Expression | None:
    start = w.i
    text = name(w)
    if text is None or not _DONE.search(text) or _MADE.match(text + " "):
        w.i = start
        return None
    where = placed(w) if w.sees(words(r"(?:товарн|позици|групп|из позици|из групп)")) else None
    return nodes.Process(slug(text), where or (), text=text, cite=(start, start))


def however(w: Words, rule: Expression | None) -> Expression | None:
    """The rule with the permission, ban or limit that follows; ``None`` and nothing taken if none does."""
    start = w.i
    if rule is None or w.take(_HOWEVER) is None:
        w.i = start
        return None
    begin = w.i
    w.glue[begin] = start
    chosen = materials(w)
    found = _permitted(w, rule, chosen, begin) if chosen else None
    if found is None:
        w.i = begin
        limit = condition(w)
        found = nodes.AllOf((rule, limit)) if limit is not None else None
    if found is None:
        w.i = start
    return found


def _permitted(w: Words, rule: Expression, chosen: Chosen, begin: int) -> Expression | None:
    which = chosen.materials or (Every(),)
    if w.take(_MAY_NOT):
        if isinstance(rule, nodes.ChangeOfClassification | nodes.AnyHeading):
            return replace(rule, excepted=(*rule.excepted, *which))
        return None
    if w.take(_MAY) is None:
        return None
    here = w.i
    if w.take(_PROVIDED) and w.take(_ITS_VALUE):
        held = bound(w)
        pct = percentage(w) if held == (False, False) else None
        if pct is None:
            return None
        return nodes.Permit(
            which, rule, Limit(pct, base(w) or AGREEMENT, cite=(here, here)), cite=(begin, begin)
        )
    w.i = here
    held = bound(w)
    if held == (False, False) and (pct := percentage(w)) is not None:
        return nodes.Permit(
            which, rule, Limit(pct, base(w) or AGREEMENT, cite=(here, here)), cite=(begin, begin)
        )
    w.i = here
    return nodes.Permit(which, rule, cite=(begin, begin))


_JOIN = re.compile(
    r"(?P<before>[ \n]*[,;.]?[ \n]*)\b(?P<join>и/или|и \(или\)|и|а также|или|либо)(?![^\W_])(?P<after>:?[ ]*\n?)[ ,]*"
)
_CONDITION = re.compile(
    r"(?P<before>[ \n]*[,;]?[ \n]*)(?P<word>при условии,? что|при условии|при(?= выполнени)|(?:при|в) котор\w+|если)(?=[ :\n])"
)
RUSSIAN = Speech(
    clause, conditions, however, _JOIN, frozenset({"или", "либо", "и/или", "и (или)"}), _CONDITION
)
