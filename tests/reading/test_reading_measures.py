"""The reader over the published rules: as much is read, and as rightly, as was promised; the page of figures is up to date."""

from __future__ import annotations

import pytest

from reading.corpus import RULES, entry_of, records
from reading.explained import explanations
from reading.measures import CHANGE_KINDS, Measures, measured, share
from reading.readings import in_two, read
from reading.report import COMMAND, PAGE, page
from source_data import data_file

pytestmark = pytest.mark.slow
ALWAYS = ("tiling", "length", "manual-words", "status", "round-trip")
FIGURES = ("percentages", "codes", "days")


@pytest.fixture(scope="module")
def measures() -> Measures:
    return measured(data_file(RULES))


def _crash(entry: tuple[str, str, str]) -> str:
    crash = read(*entry).crash
    return f"{entry!r}\n{crash}" if crash else ""


def test_no_text_under_any_heading_crashes():
    entries = {entry_of(record) for record in records(data_file(RULES))}
    assert [crash for crash in in_two(_crash, sorted(entries)) if crash][:5] == []


def test_enough_rules_are_read(measures):
    assert share(measures.statuses()).rate >= 0.85
    assert share(measures.statuses(), "exact").rate >= 0.70


def test_enough_patterns_are_read(measures):
    assert share(measures.patterns()).rate >= 0.65


@pytest.mark.parametrize("check", ALWAYS)
def test_every_reading_is_sound(measures, check):
    assert [(text, failed[check]) for text, failed in measures.failed.items() if check in failed][:5] == []


@pytest.mark.parametrize("check", FIGURES)
def test_readings_hold_the_figures_of_their_texts(measures, check):
    assert measures.check(check).rate >= 0.99
    assert measures.check(check, lambda entry: entry.count).rate >= 0.99


def test_readings_pass_all_checks_together(measures):
    assert measures.every_check().rate >= 0.99
    assert measures.every_check(lambda entry: entry.count).rate >= 0.99


def test_a_change_in_the_text_is_seen(measures):
    assert measures.changes(*CHANGE_KINDS).rate >= 0.99


@pytest.mark.parametrize("kind", CHANGE_KINDS)
def test_no_kind_of_change_is_passed_over(measures, kind):
    assert measures.changes(kind).rate >= 0.95


def test_readings_agree_with_the_published_classes(measures):
    # Rare texts are labelled in part more often than frequent ones: each is explained in disagreements.yaml.
    for weight, least in ((lambda compared: compared.count, 0.97), (lambda compared: 1, 0.95)):
        read_of_all, agree_of_read = measures.oracle(weight)
        assert read_of_all.whole > 1000
        assert read_of_all.rate >= 0.90
        assert agree_of_read.rate >= least


def test_each_disagreement_is_explained_and_no_explanation_is_idle(measures):
    differing = {each.key: f"{each.classes}: {each.sentence()}" for each in measures.disagreements()}
    assert {key: said for key, said in differing.items() if key not in explanations()} == {}
    assert sorted(set(explanations()) - set(differing)) == []


def test_the_page_of_figures_is_up_to_date(measures):
    assert PAGE.read_text(encoding="utf-8") == page(measures), f"write it anew: {COMMAND}"
