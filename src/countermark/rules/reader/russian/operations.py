"""Operations in Russian: what a person attests to have been done."""

from __future__ import annotations

import re
from dataclasses import replace

from countermark.rules import nodes
from countermark.rules.nodes import Expression
from countermark.rules.reader.lists import BULLET, bulleted
from countermark.rules.reader.operations import slug
from countermark.rules.reader.russian.materials import (
    placed,
)
from countermark.rules.reader.russian.terms import name
from countermark.rules.reader.words import LONGEST_NAME, Words, words

MADE = words(
    r"(?:изготовлен\w+|производств\w+|выработк\w+|получен\w+)(?: (?:товар\w*|продук\w+|издели\w+))?(?=[ :,])"
)
COLON = re.compile(r"[ \n]*:")
_DONE = re.compile(
    r"\b(?:[а-яё\-]{3,}(?:ние|нием|тие|тием|ция|ций|ции|цией|сия|ка|кой|ёж|еж)|обжиг|помол|отжиг|распил\w*|литье|литьё|шитье|операци\w+|процесс\w*|сборк\w*|сварк\w*|окраск\w*|обработк\w*)\b"
)
_OPERATIONS = words(
    r"(?:выполнени\w+ |проведени\w+ |осуществлени\w+ )?(?:следующ\w+ )?(?:производственн\w+ (?:и|или) )?(?:технологическ\w+ )?операци\w+(?=:)"
)
_PERFORM = words(
    r"(?:при )?(?:условии )?выполнени\w (?:комплекса )?(?:основных )?(?:следующих )?(?:производственных (?:и|или) )?(?:технологических )?операций(?: по(?= ))?"
)
_BUT = words(r",? ?(?:за исключением|кроме) операций (?:по|,)? ?(?=\S)")
_LIST = re.compile(r"[ ]*(?P<list>[^.;:%\d•\n]{3,900}?)(?=\s*(?:[.;]|\Z))")
_WITH = words(r",? ?(?:с последующ\w+|в сочетании с|сопровождаем\w+)(?= )")


def performed(w: Words) -> Expression | None:
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
    if w.take(COLON):
        return bulleted(w, operation) if w.sees(BULLET) else operation(w)
    text = name(w)
    return nodes.Process(slug(text), text=text, cite=(start, start)) if text else None


def operations(w: Words) -> Expression | None:
    """A list of operations that says how they are joined; where it does not, a person reads it."""
    start = w.i
    if w.take(_OPERATIONS) is None:
        return None
    w.take(COLON)
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
    if text is None or not _DONE.search(text) or MADE.match(text + " "):
        w.i = start
        return None
    where = placed(w) if w.sees(words(r"(?:товарн|позици|групп|из позици|из групп)")) else None
    return nodes.Process(slug(text), where or (), text=text, cite=(start, start))
