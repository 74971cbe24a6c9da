"""``countermark bench``: what it prints is what other programs read."""

from __future__ import annotations

import json

from click.testing import CliRunner

from countermark.cli.bench import bench_command
from countermark.cli.bench.timing import REFERENCE, measure


def test_results_name_job_ratio_rate_and_reference():
    outcome = CliRunner().invoke(
        bench_command, ["--job", "proof", "--job", "main-job-1", "--rounds", "1", "--json"]
    )
    assert outcome.exit_code == 0, outcome.output
    found = json.loads(outcome.stdout)["results"]
    assert [each["job"] for each in found] == ["proof", "main-job-1"]
    assert all(each["reference"] == REFERENCE and each["rate_per_s"] > 0 for each in found)
    assert found[0]["unit"] != found[1]["unit"]


def test_an_unknown_job_is_bad_usage():
    assert CliRunner().invoke(bench_command, ["--job", "everything"]).exit_code == 2


def test_twice_the_work_halves_the_ratio():
    def work(times: int) -> int:
        for _ in range(times * 20_000):
            pass
        return 1

    once = measure("once", lambda: work(10), 5)
    twice = measure("twice", lambda: work(40), 5)
    assert twice.ratio < once.ratio
