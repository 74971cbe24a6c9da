"""The catalogue: whole in four languages, an entry for every code that can be met, and none that nobody meets."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from trace_codes import emitted

from countermark.adapters.catalogue import FILES, LANGUAGES, CatalogueError, read_entries, words_in
from countermark.adapters.packs import load_agreement
from countermark.goods.fields import _BASES
from countermark.goods.hs import Nomenclature
from countermark.rules.agreement import Coverage
from countermark.rules.determination import Criterion, Truth, Verdict
from countermark.rules.facts import Standing
from countermark.rules.selector import Comparison

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "src/countermark/adapters/catalogue"
WHOLE = '[a]\nen = "{x} a"\nru = "{x} б"\naz = "{x} ə"\nbe = "{x} ў"\n'


def keys(name: str) -> set[str]:
    return {key.removeprefix(f"{name}.") for key in words_in("en").entries if key.startswith(f"{name}.")}


def test_every_file_of_the_catalogue_is_read() -> None:
    assert {path.stem for path in CATALOGUE.glob("*.toml")} == set(FILES)


def test_all_languages_have_the_same_keys() -> None:
    assert all(words_in(language).entries.keys() == words_in("en").entries.keys() for language in LANGUAGES)


def test_a_whole_entry_is_read() -> None:
    assert read_entries("f", WHOLE)["f.a"]["ru"] == "{x} б"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('ru = "{x} б"\n', "", "f.a needs one text in each of en, ru, az, be"),
        ('ru = "{x} б"', 'ru = " "', "f.a needs one text"),
        ('ru = "{x} б"', 'ru = "{y} б"', "f.a: ru must have the figures"),
        ('be = "{x} ў"\n', 'be = "{x} ў"\nuk = "{x}"\n', "and nothing else"),
        ('"{x} a"', '"{x a"', "A brace is not closed"),
        ("[a]", "[a", "f.toml is not TOML"),
        ("[a]", "b = 1\n[a]", "f.b is no entry"),
        ("[a]", "[a]\nen = 'twice'", "f.toml is not TOML"),
    ],
)
def test_an_entry_that_is_not_whole_is_refused_with_its_place(old: str, new: str, says: str) -> None:
    with pytest.raises(CatalogueError, match=re.escape(says)):
        read_entries("f", WHOLE.replace(old, new))


@pytest.mark.parametrize(("kind", "name"), [("Trace", "steps"), ("Question", "questions")])
def test_every_code_of_the_rules_has_its_entry_and_no_entry_is_idle(kind: str, name: str) -> None:
    made = emitted(kind)
    assert len(made) > 30
    missing = "".join(f'\n[{code}]  # made at {made[code]}\nen = ""\nru = ""\naz = ""\nbe = ""\n'
                      for code in sorted(made.keys() - keys(name)))  # fmt: skip
    assert not missing, f"Add to adapters/catalogue/{name}.toml, in all four languages:\n{missing}"
    idle = sorted(keys(name) - made.keys())
    assert not idle, f"Remove from adapters/catalogue/{name}.toml, as nothing in rules/ makes it: {idle}"


def test_every_short_reason_is_of_a_step_and_a_result() -> None:
    marks = {truth.value for truth in Truth}
    for key in keys("short"):
        code, _, mark = key.rpartition("_")
        assert code in keys("steps"), f"Remove [{key}] from short.toml: there is no step {code}."
        assert mark in marks


def _codes(name: str, attribute: str) -> set[str]:
    """The words a field of a rule or an agreement may hold, as the source lists them."""
    text = (ROOT / "src/countermark" / name).read_text(encoding="utf-8")
    found = re.search(rf"{attribute}[^()]*\(([^()]*)\)", text)
    assert found is not None, f"{attribute} is not in {name}"
    return set(re.findall(r'"([^"]+)"', found[1]))


def _unread() -> set[str]:
    text = (ROOT / "src/countermark/rules/evaluate.py").read_text(encoding="utf-8")
    return set(re.findall(r'_unread\("([^"]+)"', text))


TERMS: dict[str, set[str]] = {
    "verdict": set(map(str, Verdict)),
    "criterion": set(map(str, Criterion)),
    "truth": {truth.value for truth in Truth},
    "standing": {standing.code for standing in Standing},
    "level": {"chapter", "heading", "subheading"},
    "coverage": set(map(str, Coverage)),
    "comparison": set(map(str, Comparison)),
    "nomenclature": set(map(str, Nomenclature)),
    "measure": _codes("rules/expression.py", "_MEASURES = one_of") | {"weight", "value"},
    "reading": {"sufficient", "insufficient", "undetermined"},
    "unread": _unread(),
    "condition": {"direct purchase", "direct delivery", "document"},
    "phase": {"issue", "import"},
    "form": {"CT-1"},
    "share": {"EXW", "FOB", "net cost", "weight", "other"},
    "formula": {"build-down", "build-up", "focused", "net-cost", "direct"},
}


@pytest.mark.parametrize("table", sorted(TERMS))
def test_every_value_that_is_a_code_has_its_word_and_no_word_is_idle(table: str) -> None:
    held = {key.removeprefix(f"{table}.") for key in keys("terms") if key.startswith(f"{table}.")}
    missing, idle = sorted(TERMS[table] - held), sorted(held - TERMS[table])
    assert not missing, f"Add to adapters/catalogue/terms.toml: {[f'[{table}.{code}]' for code in missing]}"
    assert not idle, f"Remove from adapters/catalogue/terms.toml: {[f'[{table}.{code}]' for code in idle]}"


def test_tables_whose_codes_are_open_name_only_codes_there_are() -> None:
    tables = {key.partition(".")[0] for key in keys("terms")}
    assert tables == TERMS.keys() | {"basis", "from", "attestation"}
    bases = {key.removeprefix("basis.") for key in keys("terms") if key.startswith("basis.")}
    assert {"EXW", "FOB", "customs", "first-sale"} <= bases <= set(_BASES) | {"net cost", "weight"}


def test_what_the_shipped_agreement_says_is_in_the_catalogue_whole() -> None:
    pack = load_agreement("cis-2009")
    wanted = {"cis-2009.title"}
    wanted |= {f"cis-2009.wholly.{category}" for category in pack.wholly_obtained}
    wanted |= {f"cis-2009.operation.{code}" for code in pack.insufficient}
    held = {key for key in keys("packs") if key.startswith("cis-2009.")}
    assert held == wanted
    english = words_in("en")
    assert english.say("packs.cis-2009.title") == pack.title
    for category, words in pack.wholly_obtained.items():
        assert english.say(f"packs.cis-2009.wholly.{category}") == words
    for code, words in pack.insufficient.items():
        assert english.say(f"packs.cis-2009.operation.{code}") == words
    countries = {key.removeprefix("from.") for key in keys("terms") if key.startswith("from.")}
    assert countries == pack.parties
    asked = {key.removeprefix("attestation.") for key in keys("terms") if key.startswith("attestation.")}
    assert asked == {id for tolerance in pack.tolerances for id in tolerance.attestations}


def _page_keys_used() -> Iterator[str]:
    for path in (ROOT / "src/countermark").rglob("*.py"):
        if path.parts[-2] in ("adapters", "cli", "api"):
            yield from re.findall(r"[\"'](?:page\.)?([a-z0-9_]+)[\"']", path.read_text(encoding="utf-8"))


def test_no_entry_around_the_steps_is_idle() -> None:
    used = set(_page_keys_used())
    used |= {f"own_{level}" for level in TERMS["level"]} | TERMS["level"]
    used |= {f"column_{name}" for name in ("line", "name", "code", "standing")}
    assert not (idle := sorted(keys("page") - used)), f"Remove from adapters/catalogue/page.toml: {idle}"


def _texts(language: str) -> dict[str, str]:
    without = re.compile(r"\{[^}]*\}|\([^)]*\)|CT-1|FOB|XİF MN|EXW")
    entries = words_in(next(each for each in LANGUAGES if each == language)).entries
    return {key: without.sub("", text) for key, text in entries.items()}


@pytest.mark.parametrize(
    ("language", "foreign_letters"),
    [("en", "[а-яёўі]|[əğışçöü]"), ("ru", "[ўі]|[a-z]"), ("be", "[ищъ]|[a-z]"), ("az", "[а-яёўі]|[w]")],
)
def test_texts_are_in_the_letters_of_their_language(language: str, foreign_letters: str) -> None:
    found = {key: text for key, text in _texts(language).items() if re.search(foreign_letters, text.lower())}
    assert not found


def test_translations_are_no_copies_of_the_english() -> None:
    english = words_in("en").entries
    same_by_nature = {"page.column_name", "page.column_line", "terms.form.CT-1", "terms.nomenclature.HS"}
    for language in ("ru", "az", "be"):
        copies = {key for key, text in words_in(language).entries.items() if text == english[key]}
        copies -= {key for key in copies if key.startswith("terms.basis.")} | same_by_nature
        told = {key for key in copies if re.search(r"[^\W\d_]", re.sub(r"\{[^}]*\}", "", english[key]))}
        assert told <= {"steps.material"}, (language, told)


def _glossary() -> dict[str, tuple[str, ...]]:
    page = (ROOT / "docs/reference/terms.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([^`]+)` \| (.+) \| (.+) \| (.+) \| (.+) \|$", page, re.MULTILINE)
    return {row[0]: row[1:] for row in rows}


def test_the_page_of_terms_is_the_catalogues_own() -> None:
    shown = _glossary()
    tables = tomllib.loads((CATALOGUE / "terms.toml").read_text(encoding="utf-8"))
    for table, entries in tables.items():
        for code, texts in entries.items():
            row = tuple(texts[language] for language in LANGUAGES)
            assert shown.pop(f"{table}.{code}", None) == row, (
                f"docs/reference/terms.md, table {table}, needs the row:\n| `{table}.{code}` | {' | '.join(row)} |"
            )
    assert not shown, f"Remove from docs/reference/terms.md: {sorted(shown)}"
