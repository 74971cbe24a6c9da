"""What a verb refuses leaves nothing behind: no row, no number, no statement."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps

from countermark.adapters.party import OpenParty
from countermark.casework.amend import annul, duplicate, replace_certificate, resume, suspend
from countermark.casework.apply import apply
from countermark.casework.check import check
from countermark.casework.decide import decide, state_rule
from countermark.casework.find import theirs
from countermark.casework.inquire import inquire
from countermark.casework.issue import issue
from countermark.casework.refusal import Answer, Refusal
from countermark.casework.show import show
from countermark.casework.use import Drawn, use
from countermark.clearance.inquiry import Question
from countermark.document.lifecycle import Effect
from two_parties import OFFICER, Pair, cattle, certify, declared, pieces, plain


def rows(party: OpenParty) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    models = apps.get_app_config("countermark").get_models()
    return {
        model.__name__: sorted(model.objects.using(party.access.alias).values_list(), key=repr)
        for model in models
    }


@contextmanager
def refused(party: OpenParty, code: str) -> Iterator[None]:
    """The block raises a Refusal with this code, and no row of the party's database changes."""
    before = rows(party)
    with pytest.raises(Refusal) as found:
        yield
    assert found.value.code == code
    assert found.value.sentence.endswith(".")
    assert rows(party) == before


def test_goods_that_do_not_originate(any_pair: Pair):
    by = any_pair.by
    id = apply(by.office, plain("by-conveyors-limit")).id
    with refused(by, "not-originating"):
        issue(by.office, [id], OFFICER)


@pytest.mark.parametrize("name", ["by-tractors", "by-lifts-blank", "by-lifts-no-rate"])
def test_goods_whose_origin_cannot_be_told(pair: Pair, name: str):
    id = apply(pair.by.office, plain(name)).id
    with refused(pair.by, "undetermined"):
        issue(pair.by.office, [id], OFFICER)


def test_one_application_in_the_way_keeps_all_of_a_batch(any_pair: Pair):
    by = any_pair.by
    good = [apply(by.office, cattle(f"good-{n}")).id for n in range(3)]
    bad = apply(by.office, plain("by-conveyors-limit")).id
    with refused(by, "not-originating"):
        issue(by.office, [*good[:2], bad, good[2]], OFFICER)
    numbers = [issued.number for issued in issue(by.office, good, OFFICER)]
    assert numbers == ["BYAZ6101000001", "BYAZ6101000002", "BYAZ6101000003"]


def test_an_application_named_twice_in_a_batch_is_certified_once(pair: Pair):
    id = apply(pair.by.office, cattle("twice")).id
    first, second = issue(pair.by.office, [id, id], OFFICER)
    assert first == second
    assert pair.by.office.store.register.last_number("2026/101") == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"agreement": "moon-2030"}, "no-agreement"),
        ({"form": "EUR.1"}, "wrong-form"),
        ({"destination": "BY"}, "destination-no-party"),
        ({"goods": []}, "application-fields"),
        ({"surprise": 1}, "application-fields"),
    ],
)
def test_an_application_that_does_not_belong_here(pair: Pair, changes: dict[str, object], code: str):
    with refused(pair.by, code):
        apply(pair.by.office, cattle("stray", **changes))


def test_an_application_of_the_partners_exporter(pair: Pair):
    with refused(pair.az, "not-our-exporter"):
        apply(pair.az.office, cattle("abroad"))


def test_a_reference_that_stands_for_another_application(any_pair: Pair):
    by = any_pair.by
    apply(by.office, cattle("once"))
    with refused(by, "reference-used"):
        apply(by.office, cattle("once", transport="by air"))


def test_goods_that_left_already(pair: Pair):
    id = apply(pair.by.office, cattle("left", departure="2026-11-19")).id
    with refused(pair.by, "exported-already"):
        issue(pair.by.office, [id], OFFICER)


@pytest.mark.parametrize(
    ("rule", "citation", "item", "code"),
    [
        ({"ctc": "CTH"}, "  ", 1, "no-citation"),
        ({"no such": 1}, "CIS Rules", 1, "rule-unreadable"),
        ("CTH", "CIS Rules", 1, "rule-unreadable"),
        ({"ctc": "CTH"}, "CIS Rules", 7, "no-item"),
    ],
)
def test_a_stated_rule_without_its_citation_or_sense(
    pair: Pair, rule: object, citation: str, item: int, code: str
):
    id = apply(pair.by.office, plain("by-tractors")).id
    with refused(pair.by, code):
        state_rule(pair.by.office, id, item, rule=rule, citation=citation, officer=OFFICER)


def test_a_rule_stated_after_issue(pair: Pair):
    id = apply(pair.by.office, cattle("settled")).id
    issue(pair.by.office, [id], OFFICER)
    with refused(pair.by, "issued-already"):
        state_rule(pair.by.office, id, 1, rule={"ctc": "CTH"}, citation="CIS Rules, 2.4", officer=OFFICER)


def test_determining_again_after_issue_keeps_what_the_certificate_names(pair: Pair):
    id = apply(pair.by.office, cattle("kept")).id
    issue(pair.by.office, [id], OFFICER)
    kept = pair.by.office.store.cases.application(id)
    pair.clock.wait(days=30)
    decide(pair.by.office, id)
    assert pair.by.office.store.cases.application(id) == kept


@pytest.fixture
def received(any_pair: Pair) -> tuple[Pair, str]:
    """A certificate of 66 heifers that the partner holds."""
    issued = certify(any_pair.by, cattle("received"))
    any_pair.settle()
    return any_pair, issued.number


def test_use_beyond_what_was_certified(received: tuple[Pair, str]):
    pair, number = received
    with refused(pair.az, "beyond-certified"):
        use(pair.az.office, number, "2026-11-20", pieces("69.300001"), declared())
    use(pair.az.office, number, "2026-11-20", pieces("69.3"), declared("AZ-1"))
    with refused(pair.az, "beyond-certified"):
        use(pair.az.office, number, "2026-11-20", pieces("0.000001"), declared("AZ-2"))
    with refused(pair.az, "beyond-certified"):
        use(pair.az.office, number, "2026-11-20", pieces("999999999999.999999"), declared("AZ-3"))


def test_the_same_declaration_twice_uses_once(received: tuple[Pair, str]):
    pair, number = received
    first = use(pair.az.office, number, "2026-11-20", pieces("10"), declared())
    before = rows(pair.az)
    assert use(pair.az.office, number, "2026-11-20", pieces("10"), declared()) == first
    assert use(pair.az.office, number, "2026-11-20", pieces("10.0"), declared()) == first
    assert rows(pair.az) == before
    with refused(pair.az, "declaration-used"):
        use(pair.az.office, number, "2026-11-20", pieces("11"), declared())


def test_two_offices_that_number_their_declarations_alike_both_draw(received: tuple[Pair, str]):
    pair, number = received
    use(pair.az.office, number, "2026-11-20", pieces("40"), declared("17", office="Baku"))
    with refused(pair.az, "beyond-certified"):
        use(pair.az.office, number, "2026-11-20", pieces("40"), declared("17", office="Ganja"))
    (balance,) = use(pair.az.office, number, "2026-11-20", pieces("20"), declared("17", office="Ganja"))
    assert balance.used == 60


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (Drawn(2, Decimal(1), "pcs"), "no-item"),
        (Drawn(1, Decimal(1), "kg"), "other-unit"),
        (Drawn(1, Decimal(0), "pcs"), "no-quantity"),
        (Drawn(1, Decimal(-1), "pcs"), "quantity"),
        (Drawn(1, Decimal("0.0000001"), "pcs"), "quantity"),
        (Drawn(1, Decimal("1e30"), "pcs"), "quantity"),
        (Drawn(1, Decimal("NaN"), "pcs"), "quantity"),
        (Drawn(1, Decimal("sNaN"), "pcs"), "quantity"),
        (Drawn(1, Decimal("Infinity"), "pcs"), "quantity"),
    ],
)
def test_a_line_that_names_nothing_to_use(pair: Pair, line: Drawn, code: str):
    issued = certify(pair.by, cattle("line"))
    pair.settle()
    with refused(pair.az, code):
        use(pair.az.office, issued.number, "2026-11-20", [line], declared())


def test_one_item_in_two_lines(pair: Pair):
    issued = certify(pair.by, cattle("lines"))
    pair.settle()
    with refused(pair.az, "used-twice"):
        use(pair.az.office, issued.number, "2026-11-20", [*pieces("1"), *pieces("2")], declared())


def test_an_expired_certificate(received: tuple[Pair, str]):
    pair, number = received
    last = date(2027, 11, 20)
    with refused(pair.az, "expired"):
        use(pair.az.office, number, "2026-11-20", pieces("1"), declared(on=date(2027, 11, 21)))
    use(pair.az.office, number, "2026-11-20", pieces("1"), declared(on=last))


def test_a_wrong_date_is_told_from_an_unknown_number(received: tuple[Pair, str]):
    pair, number = received
    for dated, code in (("2026-11-21", "date-differs"), ("", "date-differs"), ("20.11.2026", "date-differs")):
        with refused(pair.az, code):
            use(pair.az.office, number, dated, pieces("1"), declared())
    with refused(pair.az, "not-found"):
        check(pair.az.office, "BYAZ6101000999", "2026-11-20")
    with pytest.raises(Refusal) as found:
        theirs(pair.az.office, "BYAZ6101000999", "2026-11-20")
    assert found.value.answer is Answer.CANNOT_TELL


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("ВYAZ6101000001", "number-look-alike"),
        ("BYАZ6101000001", "number-look-alike"),
        ("BYAZ61O1000001", "number-form"),
        ("BYAZ6101000001 ", "number-form"),
        ("BYAZ6101000001\x00", "number-form"),
        ("byaz6101000001", "number-form"),
        ("BYAZ6101000000", "number-form"),
        ("", "number-form"),
        ("BYAZ６101000001", "number-look-alike"),
    ],
)
def test_a_number_with_letters_that_only_look_right(pair: Pair, written: str, code: str):
    certify(pair.by, cattle("look"))
    pair.settle()
    with refused(pair.az, code):
        check(pair.az.office, written, "2026-11-20")
    with refused(pair.by, code):
        show(pair.by.office, written)


def test_our_own_certificate_is_not_presented_to_us(received: tuple[Pair, str]):
    pair, number = received
    with refused(pair.by, "not-found"):
        use(pair.by.office, number, "2026-11-20", pieces("1"), declared())
    with refused(pair.az, "not-ours"):
        annul(pair.az.office, number, reason="x", effect=Effect.FROM_NOW, officer=OFFICER)


def test_what_cannot_follow_in_the_life_of_a_certificate(pair: Pair):
    office = pair.by.office
    number = certify(pair.by, cattle("life")).number
    with refused(pair.by, "wrong-status"):
        resume(office, number, reason="x", officer=OFFICER)
    suspend(office, number, reason="x", officer=OFFICER)
    with refused(pair.by, "wrong-status"):
        duplicate(office, number, reason="x", officer=OFFICER)
    with refused(pair.by, "wrong-status"):
        suspend(office, number, reason="x", officer=OFFICER)
    annul(office, number, reason="x", effect=Effect.FROM_NOW, officer=OFFICER)
    for act in (
        lambda: annul(office, number, reason="x", effect=Effect.FROM_NOW, officer=OFFICER),
        lambda: resume(office, number, reason="x", officer=OFFICER),
        lambda: duplicate(office, number, reason="x", officer=OFFICER),
    ):
        with refused(pair.by, "wrong-status"):
            act()


def test_a_replacement_from_an_application_that_does_not_serve(pair: Pair):
    office = pair.by.office
    number = certify(pair.by, cattle("old")).number
    issued = apply(office, cattle("has its own")).id
    issue(office, [issued], OFFICER)
    with refused(pair.by, "issued-already"):
        replace_certificate(office, number, issued, OFFICER)
    elsewhere = cattle("elsewhere", destination="KZ")
    elsewhere["consignee"]["country"] = "KZ"
    other = apply(office, elsewhere).id
    with refused(pair.by, "other-destination"):
        replace_certificate(office, number, other, OFFICER)
    undecided = apply(office, plain("by-tractors")).id
    with refused(pair.by, "undetermined"):
        replace_certificate(office, number, undecided, OFFICER)
    with refused(pair.by, "no-application"):
        replace_certificate(office, number, "none", OFFICER)


def test_a_certificate_is_replaced_once(pair: Pair):
    office = pair.by.office
    number = certify(pair.by, cattle("first")).number
    second, third = (apply(office, cattle(f"again-{n}")).id for n in (2, 3))
    replace_certificate(office, number, second, OFFICER)
    with refused(pair.by, "wrong-status"):
        replace_certificate(office, number, third, OFFICER)


def test_a_request_about_an_item_there_is_not(pair: Pair):
    issued = certify(pair.by, cattle("item"))
    pair.settle()
    with refused(pair.az, "no-item"):
        inquire(
            pair.az.office, issued.number, "2026-11-20", ground="", words="x",
            questions=[Question.AUTHENTICITY], items=[2],
        )  # fmt: skip


def test_a_declaration_that_cannot_be_read(pair: Pair):
    issued = certify(pair.by, cattle("declared"))
    pair.settle()
    for declaration in ({}, [], "x", {"format": "countermark-declaration-1"}):
        with refused(pair.az, "declaration-fields"):
            check(pair.az.office, issued.number, "2026-11-20", declaration)
