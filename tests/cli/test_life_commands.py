"""The main job from the shell: two party folders, no server, from the application to the answered doubt."""

from __future__ import annotations

import pytest
from party_folders import EXAMPLES, data, declaration, issue, run


@pytest.fixture
def issued(parties):
    """A certificate for eight lifts, received by the importing side."""
    number, dated = issue(parties.by, "by-lifts.yaml")
    parties.exchange()
    return number, dated


def test_a_certificate_lives_from_application_to_annulment(parties, issued, tmp_path):
    by, az = parties.by, parties.az
    number, dated = issued
    assert number == f"BYAZ{dated[3]}101000001"
    lifts = declaration(tmp_path, "az-lifts.yaml", number, dated)

    checked = data("check", number, "--date", dated, "--declaration", lifts, "--party", az)
    assert (checked["status"], checked["comparison"]["summary"]) == ("valid", "match")

    used = data("use", number, "--date", dated, "--declaration", lifts, "--party", az)
    assert used["used"] == [{"item": 1, "quantity": "8", "unit": "pcs"}]
    assert used["uncovered"] == []
    assert used["balances"] == [{"item": 1, "unit": "pcs", "used": "8", "left": "0.4"}]
    assert data("use", number, "--date", dated, "--declaration", lifts, "--party", az) == used
    less = run(
        "use", number, "--date", dated, "--declaration", lifts, "--line", "1=5pcs", "--party", az, code=10
    )
    assert "for other quantities" in less.stderr

    asked = data(
        "inquire",
        number,
        "--date",
        dated,
        "--ground",
        "description",
        "--words",
        "Which plant?",
        "--party",
        az,
    )
    assert (asked["state"], asked["reply"]) == ("open", None)
    parties.exchange()
    (corridor,) = data("corridor", "status", by)["partners"]
    (waiting,) = corridor["inquiries"]["to_answer"]
    assert waiting["number"] == number
    answered = data(
        "answer", waiting["id"], "--authentic", "yes", "--data", "yes", "--originating", "1=yes",
        "--explanation", "Made in Mogilev.", "--party", by,
    )  # fmt: skip
    assert answered["state"] == "answered"
    run("answer", waiting["id"], "--authentic", "no", "--explanation", "Again.", "--party", by, code=10)
    parties.exchange()
    (corridor,) = data("corridor", "status", az)["partners"]
    assert corridor["inquiries"]["awaited"] == []

    assert data("annul", number, "--reason", "Wrong invoice", "--party", by)["status"] == "annulled"
    parties.exchange()
    assert data("check", number, "--date", dated, "--party", az, code=10)["status"] == "annulled"
    assert "annulled" in run("annul", number, "--reason", "Again", "--party", by, code=10).stderr
    for party in (by, az):
        assert data("log", "check", party)["answer"] == "whole"


def test_a_duplicate_and_a_replacement_leave_one_certificate_to_use(parties, issued, tmp_path):
    number, dated = issued
    copy = data("duplicate", number, "--reason", "Lost in the post", "--party", parties.by)["number"]
    corrected = tmp_path / "corrected.yaml"
    text = (EXAMPLES / "by-lifts.yaml").read_text(encoding="utf-8")
    corrected.write_text(text.replace("reference: by-lifts", "reference: by-lifts-2"), encoding="utf-8")
    application = data("apply", corrected, "--party", parties.by)["id"]
    new = data("replace", copy, application, "--party", parties.by)["number"]
    parties.exchange()
    codes = [
        run("check", each, "--date", dated, "--party", parties.az, code=code).exit_code
        for each, code in ((number, 10), (copy, 10), (new, 0))
    ]
    assert codes == [10, 10, 0]
    lifts = declaration(tmp_path, "az-lifts.yaml", copy, dated)
    words = ("use", copy, "--date", dated, "--declaration", lifts, "--line", "1=8pcs", "--party", parties.az)
    assert "replaced" in run(*words, code=10).stderr


def test_what_exceeds_the_certificate_is_left_uncovered(parties, issued, tmp_path):
    number, dated = issued
    lifts = declaration(tmp_path, "az-lifts.yaml", number, dated)
    more = lifts.read_text(encoding="utf-8").replace('"value": "8"', '"value": "9"')
    lifts.write_text(more, encoding="utf-8")
    words = ("--date", dated, "--declaration", lifts, "--party", parties.az)
    assert data("check", number, *words, code=10)["comparison"]["items"][0]["outcome"] == "excess uncovered"
    used = data("use", number, *words, code=10)
    assert used["used"] == [{"item": 1, "quantity": "8.4", "unit": "pcs"}]
    assert used["uncovered"] == [{"item": 1, "quantity": "0.6", "unit": "pcs"}]


def test_nothing_is_used_while_the_comparison_leaves_a_question(parties, issued, tmp_path):
    number, dated = issued
    lifts = declaration(tmp_path, "az-lifts.yaml", number, dated)
    other = lifts.read_text(encoding="utf-8").replace("8428 10 200 2", "8431 31 000 0")
    lifts.write_text(other, encoding="utf-8")
    words = ("--date", dated, "--declaration", lifts, "--party", parties.az)
    assert data("check", number, *words, code=11)["comparison"]["items"][0]["outcome"] == "ask"
    assert "item 1: ask" in run("use", number, *words, code=11).stderr
    assert data("check", number, "--date", dated, "--party", parties.az)["balances"][0]["used"] == "0"
    assert data("use", number, *words, "--line", "1=8pcs")["balances"][0]["used"] == "8"


def test_a_rule_stated_by_an_officer_lets_the_certificate_be_issued(parties):
    applied = data("apply", EXAMPLES / "by-fire-engines.yaml", "--party", parties.by)
    (good,) = applied["goods"]
    assert (good["verdict"], [q["id"] for q in good["questions"]]) == ("undetermined", ["row-gap:8705"])
    refused = run("issue", applied["id"], "--party", parties.by, code=11)
    assert "row-gap:8705" in refused.stderr
    words = ("state-rule", applied["id"], 1, "--rule", '{"ctc": "CTH"}', "--party", parties.by)
    (good,) = data(*words, "--citation", "CIS Rules, 2.4")["goods"]
    assert (good["verdict"], good["box9"], good["stated_by"]) == ("originating", "Д8705", "Officer 7")
    assert data("issue", applied["id"], "--party", parties.by)["new"]
    assert not data("issue", applied["id"], "--party", parties.by)["new"]


def test_a_good_that_does_not_originate_is_not_issued(parties):
    applied = data("apply", EXAMPLES / "by-conveyors-limit.yaml", "--party", parties.by)
    assert "not originating" in {good["verdict"] for good in applied["goods"]}
    assert "does not originate" in run("issue", applied["id"], "--party", parties.by, code=10).stderr


def test_the_same_application_again_gives_the_same_id(parties):
    words = ("apply", EXAMPLES / "by-lifts.yaml", "--party", parties.by)
    assert data(*words)["id"] == data(*words)["id"]
    assert "here already" in run(*words).stdout


def test_people_read_what_programs_read(parties, issued, tmp_path):
    number, dated = issued
    lifts = declaration(tmp_path, "az-lifts.yaml", number, dated)
    shown = run("check", number, "--date", dated, "--declaration", lifts, "--party", parties.az).stdout
    assert "0 pcs used, 8.4 pcs left" in shown
    assert "may be accepted" in shown
    assert (
        "item 1  8 pcs used"
        in run("use", number, "--date", dated, "--declaration", lifts, "--party", parties.az).stdout
    )
    status = run("corridor", "status", parties.az).stdout
    assert "following" in status
    assert "cosigned at" in status
