"""The shipped CIS pack says what its source says: every row, code, percentage and provision accounted for."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest

from countermark.adapters.nomenclature import hs_2022
from countermark.adapters.packs import load_agreement
from countermark.rules.agreement import Agreement, Coverage, Row
from countermark.rules.coverage import Reason, Standing, Survey, parts, tally
from countermark.rules.expression import write_expression
from countermark.rules.faults import faults
from countermark.rules.nodes import AllOf, AnyOf, Expression, Manual, Process

SOURCE = Path(__file__).parents[2].parent / "shared" / "data" / "cis-2009"

NO_ROW = {"8803": "the entry is deleted from the list: the general test stands, and a provision says so"}
OTHER_FIGURES = {
    "3901-3915": "the footnote on mixed plastics is a second, narrower reading of the same 20 %",
    **dict.fromkeys(
        ("240311000", "880400000", "85395110"), "the row is damaged: its whole rule is left to a person"
    ),
}
OTHER_OPERATIONS = {
    **dict.fromkeys(
        ("2518", "2525", "4407", "4408", "4409", "5701", "5702", "570500"),
        "each operation is asked alone: the text does not say whether all are needed",
    ),
    "960500000": "each item by its own rule is the meaning of a set rule",
    "1504-150600000": "damaged",
}
CYRILLIC_PDK = ("\u041f", "\u0414{heading}", "\u041a")


@pytest.fixture(scope="module")
def cis() -> Agreement:
    return load_agreement("cis-2009")


@pytest.fixture(scope="module")
def source_rows() -> list[dict]:
    path = SOURCE / "annex1.jsonl"
    if not path.exists():
        pytest.skip("the source rows are not on this machine")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def source_provisions() -> dict:
    path = SOURCE / "provisions.json"
    if not path.exists():
        pytest.skip("the source provisions are not on this machine")
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def pairs(cis: Agreement, source_rows: list[dict]) -> list[tuple[dict, Row]]:
    kept = [row for row in source_rows if row["hs"][0] not in NO_ROW]
    return list(zip(kept, cis.rows, strict=True))


def figures(value: object, key: str = "") -> Iterator[str]:
    """Codes and percentages of a rule in either form; words of operations and notes do not count."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in ("process", "text", "manual"):
                yield from figures(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from figures(inner, key)
    elif key == "pct":
        yield f"{value} %"
    elif isinstance(value, str) and key != "named":
        yield from re.findall(r"\d{2,}", value)


def operations(value: object) -> set[str]:
    if isinstance(value, dict):
        inner = set().union(*(operations(item) for item in value.values()))
        return inner | ({value["process"]} if "process" in value else set())
    return set().union(*map(operations, value)) if isinstance(value, list) else set()


def test_all_226_source_rows_are_accounted_for(source_rows, pairs):
    assert len(source_rows) == 226
    assert len(pairs) == 226 - len(NO_ROW)
    for source, row in pairs:
        assert (tuple(source["hs"]), source["ex"]) == (row.codes, row.ex)
        assert row.gloss.startswith(source["goods"])
        assert row.note.startswith(source["note"])
        assert tuple(source["amended"]) == row.amended


def test_every_code_and_percentage_of_a_source_row_is_in_its_rule(pairs):
    differing = {
        row.codes[0]
        for source, row in pairs
        if Counter(figures(source["rule"])) != Counter(figures(write_expression(row.rule)))
    }
    assert differing == set(OTHER_FIGURES)


def test_every_operation_of_a_source_row_is_in_its_rule(pairs):
    differing = {
        row.codes[0]
        for source, row in pairs
        if not operations(source["rule"]) <= operations(write_expression(row.rule))
    }
    assert differing == set(OTHER_OPERATIONS)


def test_damaged_source_rows_are_left_to_a_person_and_no_others(pairs):
    for source, row in pairs:
        assert (source["certainty"] == "damaged") is isinstance(row.rule, Manual)
        assert row.certainty == "damaged" or source["certainty"] == "read"


def test_all_124_provisions_are_kept(cis, source_provisions):
    items = {item["id"]: item for item in source_provisions["items"]}
    assert len(items) == 124
    assert set(cis.provisions) - set(items) == {"list_row_8803_deleted"}
    for key, item in items.items():
        kept = cis.provisions[key]
        assert kept.value == ("none" if item["value"] is None else item["value"])
        assert (kept.statement, kept.paragraph) == (item["statement"], item["ref"])
        assert item["confidence"].startswith(kept.confidence)


def test_what_stands_around_the_agreement_is_kept(cis, source_provisions):
    kinds = Counter(remark.kind for remark in cis.remarks)
    assert kinds["party"] == len(source_provisions["parties"])
    assert kinds["other party"] == len(source_provisions["others_with_ct1"])
    assert kinds["amendment"] == len(source_provisions["amendments"])
    assert kinds["reservation"] == len(source_provisions["reservations"])
    assert cis.parties == {party["code"] for party in source_provisions["parties"]}


def test_every_value_is_cited_with_its_confidence(cis):
    cited = [*cis.citations.values(), *(remark.citation for remark in cis.remarks), *cis.provisions.values()]
    for value in cited:
        assert value.paragraph
        assert value.source in cis.sources
        assert value.confidence in ("read", "secondary", "inferred")
    assert all(row.citation.startswith("Annex 1, ") for row in cis.rows)


def test_terms_agree_with_the_provisions_they_come_from(cis):
    value = {key: provision.value for key, provision in cis.provisions.items()}
    assert cis.sets is not None
    assert cis.small_consignment is not None
    assert cis.tolerances[0].pct == value["tolerance"]["pct"]
    assert cis.sets.pct == value["sets"]["non_originating_pct"]
    assert cis.quantity_over_pct == value["quantity_tolerance"]["pct"]
    assert cis.validity_months == value["validity"]["months"]
    assert cis.verification_months == value["verification_deadline"]["months"]
    assert cis.verification_repeat_months == value["verification_repeat"]["months"]
    assert cis.verification_repeat_mandatory is value["verification_repeat"]["mandatory"]
    assert cis.restoration_months == value["restoration"]["months"]
    assert cis.entry_days == value["esys_entry_deadline"]["days"]
    assert cis.small_consignment.amount == value["small_consignment"]["usd"]
    assert list(cis.neutral_elements) == value["neutral_elements"]
    assert list(cis.insufficient.values()) == [value[f"insufficient_{n:02}"] for n in range(1, 17)]
    assert cis.wholly_obtained == {letter: value[f"wholly_obtained_{letter}"] for letter in "abcdefghijk"}


def test_the_terms_the_engine_rests_on(cis):
    assert write_expression(cis.general_rule) == {"ctc": "CTH"}
    assert cis.general_citation == "2.4"
    assert (cis.edition, cis.valid_from, cis.hs_edition) == ("2023-06-08", date(2024, 5, 4), 2022)
    assert cis.tolerances[0].pct == Decimal(5)
    assert cis.tolerances[0].same_heading_only
    assert not cis.tolerances[0].against_list
    assert cis.simple_assembly_of_kits == "undetermined"
    assert tuple(cis.box9.values()) == CYRILLIC_PDK


def kleene(rule: Expression, attested: Mapping[str, bool]) -> bool | None:
    match rule:
        case Process(id=operation):
            return attested.get(operation)
        case Manual():
            return None
        case AllOf(of=inner):
            values = [kleene(part, attested) for part in inner]
            return False if False in values else None if None in values else True
        case AnyOf(of=inner):
            values = [kleene(part, attested) for part in inner]
            return True if True in values else None if None in values else False
    raise AssertionError(rule)


@pytest.mark.parametrize("code", ["2518", "2525", "4407", "4408", "4409"])
def test_operations_in_a_bare_list_decide_only_if_all_or_none_were_done(cis, code):
    rule = next(row.rule for row in cis.rows if row.codes == (code,))
    names = sorted({part.id for part in parts(rule) if isinstance(part, Process)})
    for done in product((True, False), repeat=len(names)):
        expected = True if all(done) else False if not any(done) else None
        assert kleene(rule, dict(zip(names, done, strict=True))) is expected


def test_row_ids_are_unique_and_numbered_only_where_a_first_code_is_shared(cis):
    ids = [row.id for row in cis.rows]
    assert len(set(ids)) == len(ids)
    shared = {name for name in ids if "/" in name}
    assert shared == {f"{code}/{n}" for code in ("293299000", "8523", "8528", "8702-8704") for n in (1, 2)}


def test_no_chapter_is_claimed_complete(cis):
    known = {chapter for chapter, state in cis.coverage.items() if state is Coverage.GAP_KNOWN}
    assert known == {"28", "30", "34", "36", "37", "85"}
    assert Coverage.COMPLETE not in cis.coverage.values()
    assert len(cis.coverage) == 96


def test_the_pack_has_no_fault(cis):
    assert faults(cis, hs_2022()) == ()


@pytest.mark.parametrize(
    ("subheading", "standing", "reasons"),
    [
        ("840310", Standing.DECIDED, set()),
        ("820210", Standing.DECIDED, set()),
        ("020110", Standing.ASKED, {Reason.MATERIALS}),
        ("852110", Standing.ASKED, {Reason.EX, Reason.REST}),
        ("852190", Standing.ASKED, {Reason.EX, Reason.OPERATIONS, Reason.REST}),
        ("852852", Standing.ASKED, {Reason.EX, Reason.OPERATIONS}),
        ("283322", Standing.DECIDED, set()),
        ("380630", Standing.ASKED, {Reason.MATERIALS}),
        ("392190", Standing.ASKED, {Reason.DIGITS, Reason.REST}),
        ("150430", Standing.GAP, {Reason.UNREAD}),
        ("240311", Standing.GAP, {Reason.UNREAD}),
        ("010121", Standing.GAP, {Reason.NO_ROW}),
    ],
)
def test_a_subheading_stands_as_its_rows_say(cis, subheading, standing, reasons):
    assert Survey(cis).standing(subheading) == (standing, frozenset(reasons))


def test_the_tally_is_the_sum_of_what_each_subheading_is(cis):
    survey, count = Survey(cis), tally(cis, hs_2022())
    each = Counter(survey.standing(code)[0] for code in hs_2022().subheadings)
    assert dict(count.total) == dict(each)
    assert sum(count.total.values()) == 5612
