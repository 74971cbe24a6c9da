"""Records of a list: one reading each, and one together for texts that go on in the next record."""

from __future__ import annotations

from countermark.rules.reader import Status
from countermark.rules.reader.records import RuleText, read_records


def test_a_continued_text_is_read_with_the_record_before() -> None:
    records = [
        RuleText(1, "CC"),
        RuleText(2, "A regional value content of not less than:"),
        RuleText(3, "(a) 45% build-down; or (b) 30% build-up", continuation=True),
        RuleText(4, "CTH"),
    ]
    found = list(read_records(records))
    assert [each.record.id for each in found] == [1, 2, 3, 4]
    assert [str(each.reading.status) for each in found] == ["exact"] * 4
    assert found[1].reading is found[2].reading
    assert found[1].text == f"{records[1].text}\n{records[2].text}"


def test_a_rule_not_agreed_is_pending_and_empty_texts_are_empty() -> None:
    pending, empty = read_records([RuleText("a", "CTH", pending=True), RuleText("b", "")])
    assert pending.reading.status is Status.MANUAL
    assert empty.reading.status is Status.EMPTY
