"""Every case that experts wrote comes out as the treaty says: one test a case, by the code of ``rules test``."""

from __future__ import annotations

from pathlib import Path

import pytest

from countermark.adapters.casefile import ExpertCase, read_case_file
from countermark.adapters.caserun import Outcome, run_case
from countermark.adapters.catalogue import words_in
from countermark.adapters.determination_text import determination_lines
from countermark.adapters.packs import load_agreement
from countermark.cli.rule_cases import case_files

FOLDER = Path(__file__).parent
CASES = [case for file in case_files((FOLDER,)) for case in read_case_file(file)]


def name(case: ExpertCase) -> str:
    return f"{case.file.relative_to(FOLDER)}: {case.name}"


def _reasoning(case: ExpertCase, outcome: Outcome) -> list[str]:
    if outcome.found is None:
        return []
    return [line.text for line in determination_lines(case.name, outcome.found, words_in("en"))]


@pytest.mark.parametrize("case", CASES, ids=name)
def test_the_case_comes_out_as_the_treaty_says(case: ExpertCase) -> None:
    outcome = run_case(case, load_agreement)
    told = [f"{case.file}:{case.line}, by {case.cite}", *map(str, outcome.differences)]
    assert outcome.passed, "\n".join([*told, *_reasoning(case, outcome)])
