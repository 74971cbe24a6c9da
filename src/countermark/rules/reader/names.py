"""Names in words: what a person must recognise because no code tells it, such as "unbleached single yarn".

A name runs on until a word that belongs to the structure of a rule. It is taken over whole, so that any change
of its words changes the expression.
"""

from __future__ import annotations

import re

from countermark.rules.reader.words import LONGEST_NAME, Words

_STOPS = (
    "provided|providing|however|except|excepting|excluding|in which|where|whereby|is|are|must|shall|may|should|does|do|has|have|been"
    "|used|exceeds?|sub-?headings?|headings?|chapters?|unless|until|classified|falling|wholly|also|up to|within"
    "|nor|cannot|whose|only if|if|then|percent|originating materials|alone in|for the purposes|any other|for special|see"
    "|taken together|either|accompanied|combined|preceded|followed|in each case|in the case|on condition|it being|with the exception"
    "|value|weight|included|required|regional|rvc|qvc|cth|ctsh|cc|maxnom|when|which"
)
_HEADS = (
    "manufactur(?:e|ing)|production|produced|(?:a )?change|no change|from|in which|where|with|cth|ctsh|cc|wo|rvc ?\\(?\\d|qvc|maxnom|a regional|regional"
    "|the (?:total )?value|their value|its value|in each case|all the|all |any |which|accompanied|by|other(?:wise)? operations|other (?:than|materials of)"
    "|the non-originating|the materials|materials of|of the|of all|a maximum|not more than|not less than|however|that|if|are|is|heading|chapter|subheading|of heading|except|for|process rule"
)
_UNITS = r"(?:cm|mm|m|kg|g|l|micron|microns|decitex|volts?|v|kw|w|hp|cc|ml|denier|dtex|tex|months?|days|hours|years|°c|degrees)"
_BEFORE_CODES = r"(?:of|from|in|under|within)[ \n](?:the[ ]same[ ]|that[ ]|this[ ]|the[ ]|any[ ]|other[ ])?(?:hs[ ]|tariff[ ])?(?:sub-?[ ]?headings?|headings?|chapters?)"
_WORD = (
    rf"(?:(?<=of[ ])used(?=[ ][a-z])|(?:article|note|annex|paragraph|part)[ ][\divx]+(?:\.\d+)*\b|(?:derived|made|obtained|produced|recovered|resulting|prepared|separated|formed|extracted)[ ]from\b"
    rf"|(?!(?:{_STOPS})\b)(?!{_BEFORE_CODES})(?!from\b)['\"]?[^\W\d_](?:[^\W\d_]|['\"/\-]|\d(?=[a-z\-]))*(?:\((?:s|es)\)|(?<=-)\([^()%]{{1,40}}\)|\.(?=[a-z]))?"
    rf"|\d{{1,4}}(?:[.,]\d+)?[ ]?{_UNITS}(?![\w%])"
    r"|\((?!except|provided|with the exc|excluding|see|for |rvc|exw|maxnom|cth|ctsh|until|from |[ivx]+\)|[a-z]\)|\d)[^()%•\n]{1,100}\))"
)
_SEPARATOR = rf"(?:,?[ ]+(?!,?(?:or|and|and/or)[ \n]+(?:{_HEADS})\b)|/|,[ ])"
_NAME = re.compile(rf"[ \n]*(?P<name>{_WORD}(?:{_SEPARATOR}{_WORD})*)")
_OPERATION = re.compile(
    _NAME.pattern.replace("(?!from\\b)", "")
    .replace("(?!except|provided|", "(?!provided|")
    .replace("name>", "name>")
)
_TAIL = re.compile(
    r"(?:(?:[ ,]+|\A)(?:and|or|and/or|of|in|with|by|to|the|a|an|for|from|that|those|than|which|any|all))+\Z"
)


_BETWEEN = re.compile(r", (?:or )?(?!or |and |not |otherwise |whether |including |\w+ed or )")
"""Between the names of a list: what only tells more of the one before stays with it."""


def names(w: Words) -> tuple[str, ...]:
    """The names that stand next: one, or those of a list too long to be asked as one; none if there is no name."""
    one = name(w)
    if one is not None:
        return (one,)
    start = w.i
    found = w.take(_NAME)
    long = found is not None and len(found["name"]) > LONGEST_NAME
    listed = re.split(_BETWEEN, found["name"]) if found and long else []
    if not listed or any(not part or len(part) > LONGEST_NAME for part in listed):
        w.i = start
        return ()
    return tuple(listed)


def name(w: Words, *, operation: bool = False) -> str | None:
    """The name that stands next, without joining words at its end; too long a one is none.

    The name of an operation may go on with "from": "removal of wool from skins".
    """
    start = w.i
    found = w.take(_OPERATION if operation else _NAME)
    if found is None:
        return None
    text = found["name"]
    cut = _TAIL.search(text)
    if cut is not None:
        text = text[: cut.start()]
        w.i = found.start("name") + len(text)
    if not text or len(text) > LONGEST_NAME or text in ("and", "or", "the", "a", "all"):
        w.i = start
        return None
    return text


_CLAUSE_STOPS = (
    "provided|however|except|unless|until|heading|headings|subheading|chapter|rvc|qvc|whether or not"
)
_PREDICATE = re.compile(
    rf"[ \n]*(?P<rest>(?:(?!(?:{_CLAUSE_STOPS})\b)[a-z'][\w'/\-]*|\([^()%•\d]{{1,80}}\))"
    rf"(?:(?:,?[ ]|(?<=\)))(?:(?!(?:{_CLAUSE_STOPS})\b)[a-z'][\w'/\-]*|\([^()%•\d]{{1,80}}\)))*)"
)


def predicate(w: Words) -> str | None:
    """The rest of a sentence without figures or codes, to its end."""
    start = w.i
    found = w.take(_PREDICATE)
    if found is None or len(found[0]) > LONGEST_NAME or not re.match(r"\s*(?:[.;]|\Z|\n)", w.s[w.i :]):
        w.i = start
        return None
    return found["rest"]
