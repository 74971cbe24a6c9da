"""The sentences of a determination in English: every step, question and condition, found by its code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from countermark.rules.determination import (
    Condition,
    Criterion,
    Determination,
    Question,
    Trace,
    Truth,
    Verdict,
)

STEPS: Mapping[str, str] = {
    "determination": "Origin of the good of {hs} ({nomenclature} {hs_edition}) under {agreement}, edition of {edition}, on {on}",
    "case": "Bare case: good of {hs}, on {on}",
    "not_a_party": "The exporter's country {country} is no party to the agreement",
    "edition": "The edition of {edition} is not in force on {on}",
    "code_not_comparable": "The code is of another edition than the agreement's list; no conversion is applied",
    "materials": "Materials: {count}",
    "materials_blank": "The materials are not stated",
    "material": "Material {line}, {name} ({hs}): {standing}",
    "intermediate": "Its own origin, determined from its bill as made in {country} [{rule}]",
    "opened": "Read again, with materials that do not originate replaced by what they were made of",
    "neutral": "Line {line}, {name}: no part of the good, its origin is ignored",
    "heavier_than_good": "Line {line}, {name}: its {weight} kg are more than the {good} kg the good weighs",
    "set_items": "Set of {count} items, each by its own origin [{citation}]",
    "wholly": "Wholly produced, category {category}: {words} [{citation}]",
    "wholly_materials": "All materials are wholly obtained in the exporting party",
    "wholly_not_claimed": "Not claimed to be wholly produced",
    "cumulation": "No foreign material remains and another party's material, proved, is used [{citation}]",
    "operations": "Operations done go beyond those that never confer origin [{citation}]",
    "operations_none": "No operation is stated",
    "kits": "Only simple assembly of another party's kits; reading of the agreement: {reading}",
    "assumed_operations": "Assumed: more than minimal operations, as none are stated",
    "operations_unlisted": "The operations go beyond those that never confer origin, which the pack does not hold: {operations}",
    "party_unknown": "{country} is a party to the agreement, whose parties the pack does not hold",
    "hs_edition_unknown": "The codes are those of the list's HS edition, which the list does not state",
    "tolerance_unknown": "The pack does not hold the agreement's tolerance: none is applied",
    "tolerance_could_turn": "No tolerance is applied, as the pack holds none; a usual one, up to {usual} %, could turn this",
    "worked": "Worked more than minimally",
    "worked_minimally": "Worked more than minimally: every operation stated is minimal",
    "row": "Row {row} of the list: {gloss} [{citation}]",
    "row_gap": "No row was read for heading {heading}; chapter {chapter}: {coverage}. Nothing is decided by default",
    "general_rule": "No row for this code: the general test [{citation}]",
    "stated_rule": "Rule stated by {officer} on {on} [{citation}]",
    "any": "At least one of",
    "all": "All of",
    "at_least": "At least {n} of ({met} met)",
    "wo": "The good is wholly obtained",
    "wo_materials": "Wholly obtained: {materials}",
    "originating": "Originating: {materials}",
    "ctc": "Every foreign material changes {level} to {hs}",
    "any_heading": "Foreign materials of any heading",
    "from_materials": "Made from: {materials}",
    "nothing_to_test": "No foreign material: nothing to test",
    "material_fails": "Material {line}, {name} ({hs}) does not pass",
    "max_nom": "Foreign materials do not exceed {limit} % of the {of} price",
    "rvc": "Value content by {formula} is at least {limit} % of {of}",
    "rvc_method": "Value content by {formula}; the method chosen is {method}",
    "max_weight": "Weight of {materials} does not exceed {limit} %",
    "min_share": "{materials} make up at least {limit} % of {of} by {measure}",
    "min_count": "At least {n} items of the set originate ({originating} do)",
    "nom_within_om": "Foreign materials are worth no more than originating ones",
    "set": "Each item originates, foreign ones up to {limit} % of the {of} price",
    "process": "Operation done: {words}",
    "not_only": "More was done than: {operations}",
    "permit": "With {materials} passed over",
    "allowance": "The permission holds",
    "when": "As the case may be",
    "when_good": "The good is as described",
    "quota": "Within quota {id}, drawn down at import",
    "ref": "As for {name}",
    "retain": "To be judged by a person: {text}",
    "pending": "The parties have not agreed this rule",
    "no-rule-of-the-day": "No rule stands on {on}",
    "no-else": "The rule says nothing for other goods",
    "manual": "Not read ({why}): {text}",
    "tolerance_tried": "With the tolerance {id} [{citation}], for each way to meet the rule",
    "tolerance_beside_value": "This tolerance may not be used beside a limit on value",
    "tolerance": "Failing materials {lines}, {failing} in all, are within {pct} % of {of}, as the tolerance asks",
}
_MORE: Mapping[str, str] = {
    "materials": "materials of {materials}",
    "excepted": "except {excepted}",
    "also_from": "also from {also_from}",
    "only_from": "only from {only_from}",
    "foreign": "foreign {foreign} {currency}",
    "base": "of {base} {currency}",
    "pct": "= {pct} %",
    "margin": "margin {margin} {currency}",
    "margin_kg": "margin {margin_kg} kg",
    "points": "{points} points",
    "apart": "not counted by {apart}",
    "value": "{value} {currency}",
    "proof": "proved by {proof}",
    "outside": "{outside}",
    "inside": "{inside}",
    "box9": "box 9: {box9}",
}
"""Figures that some steps have, added in this order."""

QUESTIONS: Mapping[str, str] = {
    "materials": "Of what materials was the good made? State each, or that there are none.",
    "materials_none": "The bill is empty, and the good is not claimed wholly produced. Of what was it made?",
    "operation_beyond": "Does operation {number}, {words}, go beyond those that never confer origin [{citation}]? By what proof?",
    "operations": "Which operations were done on the good, where, and by what evidence?",
    "operations_beyond_minimal": "Do the operations go beyond those that never confer origin? The pack does not list them.",
    "party": "Is {country} a party to the agreement? The pack does not say.",
    "hs_edition": "Are the codes given those of the HS edition in which the list is written? The list does not say which it is.",
    "wholly_unlisted": "Does category {category} of the agreement cover the good? The pack does not list them.",
    "material_cumulates": "Does material {line}, {name}, of another country, count as originating? The pack does not say.",
    "edition": "Which edition of the agreement is in force on {on}? Use a pack that holds it.",
    "good_hs": "What are the next digits of the good's code, in the edition of the list? Given: {digits}.",
    "good_hs_edition": "The good's code is of another edition than the list. Which of these is it? {candidates}",
    "material_hs_edition": "Material {line}, {name}, has a code of another edition than the list. Which is it of: {candidates}?",
    "bill_unit": "How much, in {unit}, was made? The bill is stated for a quantity in {unit}; given: {given}.",
    "material_quantity": "What quantity of material {line}, {name}, was used?",
    "stock_method": "Material {line}, {name}: the agreement does not allow the method {method}. Which is used of: {methods}?",
    "stock_evidence": "By what stock records are the parts of material {line}, {name}, told apart?",
    "zero_value": "Is material {line}, {name}, truly of no value? Goods supplied free of charge still have one.",
    "rate_day": "On what day was the {rule}? The agreement takes the exchange rate of that day.",
    "heavier_than_good": "Material {line}, {name}, weighs {weight} kg, the good {good} kg. Are both right, with what was wasted?",
    "cost": "What is this cost of the good: {cost}?",
    "good_price": "What is the {base} price of the good?",
    "price_basis": "What is the {base} price of the good? The price given is of basis: {given}.",
    "good_weight": "What is the net weight of the good?",
    "good_named": "Is the good {words}?",
    "good_same": "Does the good have this characteristic: {words}?",
    "good_prop": "Is it true of the good: {words}?",
    "wholly_category": "Under which category of the agreement is the good wholly produced? There is none called {category}.",
    "wholly_likely": "Goods of {hs} are rarely wholly produced under category {category} ({words}). Is it the right one?",
    "wholly_evidence": "By what evidence is the good wholly produced?",
    "material_origin": "Does material {line}, {name}, originate in the exporting party?",
    "material_wholly": "Is material {line}, {name}, wholly obtained in the exporting party?",
    "material_hs": "What is the code of material {line}, {name}, in the edition of the list? Given: {digits}.",
    "material_value": "What is the value of material {line}, {name}?",
    "value_basis": "What is the value of material {line}, {name}, at one of: {bases}? Given: {given}.",
    "material_weight": "What is the net weight of material {line}, {name}?",
    "named": "Is material {line}, {name}: {words}?",
    "same": "Is material {line}, {name}, the same as the good in: {words}?",
    "prop": "Is it true of material {line}, {name}: {words}?",
    "heavier_of": "Does material {line}, {name}, belong to the heavier category?",
    "earlier_stage": "Is material {line}, {name}, an earlier stage of {materials}, or can it by its nature not meet that rule?",
    "rate": "What was the rate from {from} to {to} on {date}, and who published it?",
    "process": "Was this done, and by what evidence: {words}?",
    "attestation": "Is this confirmed: {id}?",
    "row_ex": "Is the good: {gloss}? (row {row})",
    "row_gap": "No row was read for heading {heading}. An officer may state the rule with its citation.",
    "row_unread": "Row {row} could not be read whole. An officer may state the rule for {heading} with its citation.",
    "unread": "Part of the rule cannot be decided ({kind}): {text}. Does the good meet it? Give the rule as far as it is known.",
    "kits": "Does assembling these kits go beyond simple assembly? The agreement does not settle it [{citation}].",
    "measure": "Is the limit kept by {measure} for {materials}?",
    "formula": "Is the value content reached by the formula {formula}?",
}
_MARKS = {Truth.YES: "yes", Truth.NO: "no", Truth.UNKNOWN: "cannot tell", None: ""}
_DECIDING = {Criterion.WHOLLY: "wholly", Criterion.CUMULATION: "cumulation"}
"""Which step shows why a good has this criterion; of sufficient processing, the last one that passed."""

_SHORT: Mapping[tuple[str, Truth | None], str] = {
    ("max_nom", Truth.YES): "foreign materials{which}: {pct} % of the {of} price, at most {limit} %",
    (
        "max_nom",
        Truth.NO,
    ): "foreign materials{which}: {pct} % of the {of} price, more than {limit} % by {over} {currency}",
    ("process", Truth.YES): "done: {words}",
    ("process", Truth.NO): "not done: {words}",
    ("ctc", Truth.YES): "every foreign material changes its heading",
    ("wholly", Truth.YES): "wholly produced: {words}",
    ("wholly_materials", Truth.YES): "all materials are wholly obtained here",
    ("cumulation", Truth.YES): "no foreign material; another party's, proved",
    ("operations", Truth.NO): "only operations that never confer origin",
    ("nothing_to_test", Truth.YES): "no foreign material",
}
"""How the steps that decide most often are said in one short line."""

VERDICTS: Mapping[Verdict, str] = {
    Verdict.ORIGINATING: "The good originates.",
    Verdict.NOT_ORIGINATING: "The good does not originate.",
    Verdict.UNDETERMINED: "It cannot be told yet whether the good originates.",
}


class _Figures(dict[str, str]):
    """Figures of a step; one that is missing shows as a dash."""

    def __missing__(self, name: str) -> str:
        return "" if name == "currency" else "-"


def step_sentence(step: Trace) -> str:
    """One step in words, with its figures."""
    figures = _Figures(
        {name: shown or "-" for name, shown in step.figures.items() if name != "currency" or shown}
    )
    template = STEPS.get(step.code, step.code)
    told = [template.format_map(figures)]
    told += [
        more.format_map(figures)
        for name, more in _MORE.items()
        if step.figures.get(name) and f"{{{name}}}" not in template
    ]
    return _printable(", ".join(part.strip() for part in told))


def question_sentence(question: Question) -> str:
    """A question a person can answer."""
    figures = _Figures({"id": question.id, **question.figures})
    asked = QUESTIONS.get(question.code, question.id).format_map(figures)
    most, within = question.figures.get("most"), question.figures.get("within")
    told = f"{asked} At most {most} would pass." if most else asked
    return _printable(f"For the making of material {within}: {told}" if within else told)


def condition_sentence(condition: Condition) -> str:
    """A condition apart from origin."""
    when = "at issue" if condition.phase == "issue" else "at import"
    return f"{condition.kind.capitalize()} ({when}): {_MARKS[condition.met]}"


def _printable(sentence: str) -> str:
    """Without characters that act on a terminal: names and words come from the applicant."""
    return "".join(letter if letter.isprintable() else " " for letter in sentence)


def reason(found: Determination) -> str:
    """The verdict's reason in one short sentence: the step that decided, or the first question still open."""
    if found.verdict is Verdict.UNDETERMINED and found.questions:
        return question_sentence(found.questions[0])
    result = Truth.YES if found.verdict is Verdict.ORIGINATING else Truth.NO
    wanted = _DECIDING.get(found.criterion, "") if found.criterion else ""
    for step in reversed(found.trace.children if found.trace else ()):
        if step.result is result and step.code.startswith(wanted):
            ends = list(_ends(step, result))
            return _short(ends[-1] if result is Truth.YES else ends[0])
    return VERDICTS[found.verdict]


def _ends(step: Trace, result: Truth) -> Iterator[Trace]:
    """The lowest steps that came out the same, in order."""
    below = [child for child in step.children if child.result is result]
    for child in below:
        yield from _ends(child, result)
    if not below:
        yield step


def _short(step: Trace) -> str:
    template = _SHORT.get((step.code, step.result))
    if template is None:
        return _line(step)
    materials = step.figures.get("materials", "").replace("@", "its own ")
    which = f" of {materials}" if materials else ""
    over = step.figures.get("margin", "").removeprefix("-")
    return _printable(template.format_map(_Figures({**step.figures, "which": which, "over": over})))


def tree(step: Trace) -> Iterator[str]:
    """The trace as lines for a terminal, children drawn below their step."""
    yield _line(step)
    yield from _branches(step, "")


def _branches(step: Trace, indent: str) -> Iterator[str]:
    for n, child in enumerate(step.children, 1):
        last = n == len(step.children)
        yield f"{indent}{'└─' if last else '├─'} {_line(child)}"
        yield from _branches(child, indent + ("   " if last else "│  "))


def _line(step: Trace) -> str:
    mark = _MARKS[step.result]
    return f"{step_sentence(step)}: {mark}" if mark else step_sentence(step)
