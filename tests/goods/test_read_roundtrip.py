"""An application written as plain data reads back equal; whatever becomes of it, reading never fails."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.adapters.nomenclature import hs_2022
from countermark.goods.application import (
    Application,
    Document,
    Good,
    Operation,
    Packages,
    Retrospective,
    WhollyObtained,
)
from countermark.goods.country import COUNTRIES
from countermark.goods.currency import CURRENCIES
from countermark.goods.hs import HSCode, Nomenclature
from countermark.goods.material import Answer, Material, Proof, Role, Status, Stock
from countermark.goods.money import Money, Quantity, Rate
from countermark.goods.party import Trader
from countermark.goods.read import RECORDS, application_to_plain, read_application

words = st.sampled_from(
    ["Sample Works", "Գործարան", "Обувь «Ы»", "Bakı şəhəri, 5", 'quote "x" \\', "0012", "yes"]
)
texts = st.one_of(st.just(""), words)
days = st.dates(date(1990, 1, 1), date(2100, 12, 31))
amounts = st.decimals(Decimal("0.000001"), Decimal(10) ** 12, places=6) | st.just(Decimal("41000.00"))
answers = st.sampled_from(Answer)
countries = st.sampled_from(sorted(COUNTRIES))
currencies = st.sampled_from(sorted(CURRENCIES))
quantities = st.builds(Quantity, amounts, st.sampled_from(["kg", "pcs", "l"]))
monies = st.builds(
    Money, amounts, currencies, st.sampled_from(["", "EXW", "customs", "first-sale"]), st.none() | days, texts
)
traders = st.builds(Trader, words, words, countries, texts)
documents = st.builds(Document, words, days, texts, texts)
codes = st.one_of(
    st.builds(
        HSCode, st.sampled_from(["8701", "870192", "8701929000", "010121"]), st.sampled_from(Nomenclature)
    ),
    st.builds(HSCode, st.just("870190"), edition=st.just(2012)),
)
proofs = st.builds(Proof, words, words, days.map(str), countries, st.integers(1, 500), quantities)
maps = st.dictionaries(words, answers, max_size=2)


operations = st.lists(st.builds(Operation, texts, words, texts, texts, st.none() | answers), max_size=2).map(
    tuple
)


def materials(depth: int) -> st.SearchStrategy[Material]:
    return st.builds(
        Material,
        words.map(lambda name: f"{name} {depth}"),  # of another name than what it is made of
        st.none() | codes | st.just(HSCode("87")),
        st.none() | st.sampled_from(Status),
        st.just("") | countries,
        st.none() | quantities,
        st.none() | monies,
        st.none() | amounts,
        st.none() | proofs,
        maps,
        st.lists(materials(depth - 1), max_size=1).map(tuple) if depth else st.just(()),
        st.none() | quantities,
        st.just("") | countries,
        operations,
        st.none() | st.sampled_from(Role),
        st.none() | amounts,
        st.none() | monies,
        st.none() | st.builds(Stock, st.sampled_from(["segregation", "average"]), amounts, amounts, texts),
    )


goods = st.builds(
    Good,
    item=st.just(1),
    description=words,
    hs=codes,
    packages=st.builds(Packages, st.none() | st.integers(1, 900), texts, texts),
    net_weight=st.none() | amounts,
    gross_weight=st.none(),
    quantity=st.none() | quantities,
    price=st.none() | monies,
    materials=st.none() | st.lists(materials(2), max_size=2).map(tuple),
    operations=operations,
    bill_for=st.none() | quantities,
    set_items=st.none() | st.lists(materials(1), min_size=1, max_size=2).map(tuple),
    wholly_obtained=st.none() | st.builds(WhollyObtained, st.just("b"), texts),
    attested=maps,
    rates=st.lists(st.builds(Rate, st.just("EUR"), st.just("USD"), amounts, days, words), max_size=1).map(
        tuple
    ),
    expert_act=st.none() | documents,
    invoice=st.none() | documents,
    producer=st.none() | traders,
)
applications = st.builds(
    Application,
    reference=words,
    agreement=st.just("cis-2009"),
    form=st.just("CT-1"),
    exporter=traders,
    consignee=traders,
    destination=countries,
    goods=goods.map(lambda good: (good,)),
    consignor=st.none() | traders,
    importer=st.none() | traders,
    transport=texts,
    departure=st.none() | days,
    contract=st.none() | documents,
    direct_purchase=st.none() | answers,
    direct_delivery=st.none() | answers,
    retrospective=st.none() | st.builds(Retrospective, words, words),
    remarks=st.lists(words, max_size=2).map(tuple),
)


@settings(max_examples=60, deadline=None)
@given(applications)
def test_reading_what_was_written_gives_the_equal_application(application: Application) -> None:
    plain = application_to_plain(application)
    through_json = json.loads(json.dumps(plain))
    assert through_json == plain
    read = read_application(through_json, hs_2022())
    assert read == application
    assert isinstance(read, Application)
    assert application_to_plain(read) == plain


def test_numbers_are_written_as_they_stood() -> None:
    good = Good(
        1, "x", HSCode("8701"), Packages(None, ""), Decimal("1.500"), Decimal("1E+3"), None, None, None
    )
    trader = Trader("a", "b", "BY")
    plain: Any = application_to_plain(Application("r", "a", "f", trader, trader, "AZ", (good,)))
    assert plain["goods"][0]["net_weight"] == "1.500"
    assert plain["goods"][0]["gross_weight"] == "1000"


def test_every_attribute_of_a_value_has_its_field() -> None:
    for record in RECORDS:
        held = {f.name for f in fields(record.make)}  # type: ignore[arg-type]
        assert {f.target for f in record.fields} == held, record.name


junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        [date(2026, 5, 4), Decimal("1.5"), Decimal("NaN"), b"x", {1}, (), object(), 10**4000, "unknown"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4) | st.integers(), inner, max_size=3)
    ),
    max_leaves=6,
)


def places(plain: Any) -> list[tuple[Any, Any]]:
    """Every container of the plain value, with a key or index in it."""
    inner = plain.items() if isinstance(plain, dict) else enumerate(plain) if isinstance(plain, list) else ()
    return [spot for key, part in inner for spot in [(plain, key), *places(part)]]


@settings(max_examples=150, deadline=None)
@given(applications, st.data())
def test_damaged_data_is_read_or_refused_but_never_fails(
    application: Application, data: st.DataObject
) -> None:
    plain = deepcopy(application_to_plain(application))
    for _ in range(data.draw(st.integers(1, 3))):
        container, key = data.draw(st.sampled_from(places(plain)))
        match data.draw(st.sampled_from(["replace", "remove", "add", "swap"])):
            case "replace":
                container[key] = data.draw(junk)
            case "remove":
                del container[key]
            case "add" if isinstance(container, dict):
                container[data.draw(st.text(max_size=5) | st.integers())] = data.draw(junk)
            case _:
                container[key] = [container[key]]
    found = read_application(plain, hs_2022())
    if isinstance(found, Application):
        assert read_application(application_to_plain(found), hs_2022()) == found
    else:
        assert found
        assert all(str(error).isprintable() for error in found)


@settings(max_examples=100, deadline=None)
@given(junk)
def test_anything_at_all_is_refused(raw: object) -> None:
    assert isinstance(read_application(raw, hs_2022()), tuple)
