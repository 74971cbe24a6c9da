"""What stands beside a rule and decides nothing in it: notes of the treaty, footnote marks, quotas."""

from __future__ import annotations

import re

from countermark.rules import nodes
from countermark.rules.nodes import Expression
from countermark.rules.reader.codes import code_list
from countermark.rules.reader.words import Words, words
from countermark.rules.selector import Described

_SEE = re.compile(
    r"\s*(?:[.,;]\s*)?\(?(?:(?:for|on) (?:the )?(?:special )?(?:conditions|rules|treatment)[^.;()]{0,120}?,? ?see|see(?: also)?|subject to) "
    r"(?P<note>(?:the )?(?:introductory |explanatory |general )?(?:foot)?notes? [\d.a-z()]{1,8}(?:(?:,| and| to| or) [\d.]{1,8}){0,4}(?: (?:in|to|of) (?:part|annex|this|the|section|chapter)(?: [\w]+){0,4})?)\)?"
)
_FOOTNOTE = re.compile(r"(?P<note>(?:[ ]?\(?\d{1,2}\)?){1,3})\s*(?=[.:;]?[ ]*(?:\Z|\n))")
_QUOTA = re.compile(
    r"\s*[-,(]*\s*(?P<quota>(?:within the limits of|under|subject to)[^.;]{0,60}?quotas?\b[^;]{0,160}?)\)?(?=\s*\.?\s*(?:\Z|\n|;))"
)
_ACCORDING = words(
    r",? ?(?:in accordance with|as (?:set out|provided|specified|defined) in|under) (?P<note>(?:appendix|annex|article|note|paragraph|section|schedule) [\w.]+(?:\([\w]+\))*(?: (?:of|to) (?:the|this) [a-z ]{3,40})?)(?=[\s.,;)]|\Z)"
)
_FOR_CODES = re.compile(r"[ ]*\((?:for )?(?=(?:sub-?)?headings? |chapters? )")
_CLOSE = re.compile(r"[ ]*\)")
_END = re.compile(r"[\s.;,:]*(?:;?\s*\bor\b:?\s*)?\Z")
"""A text may end in the word that leads to the next alternative."""
_MARKS = words(r"\*+|\(\*\)|†")


def note_after(w: Words, rule: Expression) -> Expression | None:
    """The rule beside the note it refers to, or within its quota."""
    start = w.i
    found = w.take(_SEE)
    if found is not None:
        return nodes.Noted(re.sub(r"\s+", " ", found["note"]), rule, cite=(start, start))
    if w.take(_FOR_CODES):
        codes = code_list(w)
        if codes is not None and w.take(_CLOSE):
            return nodes.When(Described(codes=codes), rule, cite=(start, start))
        w.i = start
    found = w.take(_ACCORDING)
    if found is not None:
        return nodes.Noted(re.sub(r"\s+", " ", found["note"]), rule, cite=(start, start))
    quota = w.take(_QUOTA)
    if quota is not None:
        return nodes.Quota(re.sub(r"\s+", " ", quota["quota"]).strip(" ()"), rule, cite=(start, start))
    mark = w.take(_FOOTNOTE)
    if mark is not None and mark["note"].strip():
        return nodes.Noted(
            "footnote " + " ".join(re.findall(r"\d+", mark["note"])), rule, cite=(start, start)
        )
    w.i = start
    return None


def at_end(w: Words) -> bool:
    """Whether nothing but stops is left."""
    return w.sees(_END)
