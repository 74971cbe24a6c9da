"""The entry of box 9, from the agreement's template, in the letters its form allows and no look-alikes."""

from __future__ import annotations

from countermark.goods.hs import HSCode
from countermark.rules.agreement import Agreement
from countermark.rules.determination import Criterion


class Box9Error(ValueError):
    """The agreement's data gives an entry that may not stand in box 9."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def box9_text(criterion: Criterion, code: HSCode, agreement: Agreement) -> str:
    """The entry for a criterion; empty where the form has no such box, and while the good's code does not reach its heading.

    Raises:
        Box9Error: there is no template, or it has letters that are not of the form.
    """
    if not agreement.box9:
        return ""
    template = agreement.box9.get(criterion)
    if template is None:
        raise Box9Error("box9-template", f"The agreement {agreement.id} has no box 9 entry for: {criterion}.")
    if "{heading}" in template and len(code.heading) < 4:
        return ""
    text = template.replace("{heading}", code.heading)
    strange = [letter for letter in text if letter.isalpha() and letter not in agreement.box9_letters]
    if strange:
        raise Box9Error(
            "box9-letters",
            f"Box 9 would read {text!r}; {strange[0]!r} is not one of {agreement.box9_letters!r}. Check the pack.",
        )
    return text
