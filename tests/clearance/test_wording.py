"""When two spellings name the same person, good or number."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.clearance.wording import Likeness, descriptions, names, numbers

SAME, SPELLING, ORDER, TRANSLITERATION, PARTLY, DIFFERENT = Likeness
words = st.lists(
    st.sampled_from(["ООО", "ОАО", "LLC", "Альфа", "Alfa", "Бета-7", "Торг", "torq", "82.1", "8.21", "Ə"]),
    max_size=5,
).map(" ".join)
anything = st.one_of(words, st.text(max_size=25))


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("ООО Альфа", "ООО  Альфа ", SAME),
        ('ООО "Альфа"', "ооо «АЛЬФА»", SPELLING),
        ('ООО "Альфа"', '"Альфа" ООО', ORDER),
        ("Агро-Маш", "Агромаш", SPELLING),
        ("Ромашка", "Рамашка", SPELLING),
        ("ООО Альфа", "Альфа", SPELLING),
        ("Общество с ограниченной ответственностью Альфа", "ООО Альфа", SPELLING),
        ("ООО «Белмаш»", "Belmash LLC", TRANSLITERATION),
        ("Щукин Завод", "Shchukin Zavod", TRANSLITERATION),
        ("Елена Якутская", "Yelena Yakutskaya", TRANSLITERATION),
        ("Цемент Хлеб Жук", "Tsement Khleb Zhuk", TRANSLITERATION),
        ("Азербайджан Шахдаг ООО", "Azərbaycan Şahdağ MMC", TRANSLITERATION),
        ("Nümunə Aqro MMC", "Numune Agro LLC", SPELLING),
        ("ОАО Альфа", "ООО Альфа", DIFFERENT),
        ("OJSC Alfa", "LLC Alfa", DIFFERENT),
        ("Альфа-1", "Альфа-2", DIFFERENT),
        ("Альфа 82.1", "Альфа 8.21", DIFFERENT),
        ("Вега", "Лега", DIFFERENT),
        ("Альфа Торг", "Бета Торг", DIFFERENT),
        ("Альфа", "Альфа Торг", DIFFERENT),
        ("ООО", "МТЗ", DIFFERENT),
        ("", "Альфа", DIFFERENT),
    ],
)
def test_names(one, other, likeness):
    assert names(one, other) is likeness


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("Трактор МТЗ-82", "МТЗ 82 трактор", ORDER),
        ("Трактор МТЗ82", "трактор мтз-82", SPELLING),
        ("Тракторы колёсные", "Тракторы колёсные новые с кабиной", PARTLY),
        ("Тракторы колёсные", "Тракторы колёсные модели 82", PARTLY),
        ("Тракторы модели 82", "Тракторы модели 95", DIFFERENT),
        ("Сахар белый", "Тракторы колёсные", DIFFERENT),
        ("", "Сахар", DIFFERENT),
        ("-", "Сахар", DIFFERENT),
    ],
)
def test_descriptions(one, other, likeness):
    assert descriptions(one, other) is likeness


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("BY-12", "BY-12 ", SAME),
        ("BY-12", "by 12", SPELLING),
        ("ВУ-12", "BY-12", SPELLING),
        ("BY-12", "BY-21", DIFFERENT),
        ("BYO1", "BY01", DIFFERENT),
        ("-", "--", DIFFERENT),
    ],
)
def test_numbers(one, other, likeness):
    assert numbers(one, other) is likeness


@settings(max_examples=200, deadline=None)
@given(anything, anything)
def test_likeness_has_no_direction(one, other):
    for alike in (names, descriptions, numbers):
        assert alike(one, other) is alike(other, one)


@settings(max_examples=100, deadline=None)
@given(anything)
def test_everything_is_the_same_as_itself(text):
    for alike in (names, descriptions, numbers):
        assert alike(text, text) is SAME


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(["Альфа", "Торг", "Восток", "Plus"]), min_size=1, max_size=4), st.randoms())
def test_word_order_never_makes_another_name(parts, random):
    turned = random.sample(parts, len(parts))
    assert names(" ".join(parts), " ".join(turned)) in (SAME, ORDER)
