"""Every case that experts wrote comes out as the treaty says: one test a case, by the code of ``rules test``."""

from __future__ import annotations

from pathlib import Path

import pytest

from countermark.adapters.casefile import ExpertCase, read_case_file
from countermark.adapters.caserun import run_case
from countermark.adapters.packs import load_agreement
from countermark.adapters.words import tree
from countermark.cli.rule_cases import case_files

FOLDER = Path(__file__).parent
CASES = [case for file in case_files((FOLDER,)) for case in read_case_file(file)]


def name(case: ExpertCase) -> str:
    return f"{case.file.relative_to(FOLDER)}: {case.name}"


@pytest.mark.parametrize("case", CASES, ids=name)
def test_the_case_comes_out_as_the_treaty_says(case: ExpertCase) -> None:
    outcome = run_case(case, load_agreement)
    trace = outcome.found.trace if outcome.found else None
    told = [f"{case.file}:{case.line}, by {case.cite}", *map(str, outcome.differences)]
    assert outcome.passed, "\n".join([*told, *(tree(trace) if trace else ())])
