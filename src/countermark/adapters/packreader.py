"""The sections of a pack, one by one, as the values of an ``Agreement`` (docs/reference/agreement.md)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from countermark.adapters import packterms
from countermark.adapters.packsheet import PackError, Problems, Sheet
from countermark.clearance.grade import KINDS, Grade
from countermark.rules.agreement import (
    UNKNOWABLE,
    Agreement,
    Citation,
    Coverage,
    Provision,
    Remark,
    Row,
    RowPolicy,
    SmallConsignment,
)
from countermark.rules.expression import Expression, ExpressionError, read_expression
from countermark.rules.nodes import Manual
from countermark.rules.terms import FORMULAS, Counted, Formula, Tolerance

FORMAT = 1
_ID = re.compile(r"[a-z0-9][a-z0-9._@-]*")
_COUNTRY = re.compile(r"[A-Z]{2}")
_CHAPTER = re.compile(r"\d{2}")
_RESERVED = 77
"""A chapter the HS keeps free."""
_CERTAINTIES = ("read", "cut", "damaged")
_TABLES = {name: name for name in UNKNOWABLE if name not in ("dates", "hs_edition")} | {"parties": "party"}
_READINGS = ("exact", "attested", "partial", "manual")
_KIT_READINGS = ("undetermined", "insufficient", "sufficient")


def read_rows(text: str, problems: Problems) -> tuple[Row, ...]:
    """Every line of ``rules.jsonl``. Raises ``PackError`` ``unreadable`` for a line that is not JSON."""
    rows: dict[str, Row] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        place = f"rules.jsonl:{number}"
        try:
            raw = json.loads(line)
        except (ValueError, RecursionError):
            raise PackError("unreadable", "this line is not JSON.", place) from None
        if not isinstance(raw, dict):
            problems.add("bad-value", "this line must be an object.", place)
            continue
        row = _row(Sheet(raw, place, problems))
        if row.id in rows:
            problems.add("duplicate-id", f"the id '{row.id}' is already used: give the row its own.", place)
        rows[row.id] = row
    return tuple(rows.values())


def _row(sheet: Sheet) -> Row:
    codes = sheet.words("codes")
    for code in codes or ("",):
        if not packterms.is_code(code):
            sheet.refuse("bad-code", f"'{code}' is neither a code of 2 or 4 to 10 digits nor a rising range.")
    row = Row(
        id=sheet.text("id"),
        codes=codes,
        ex=sheet.flag("ex"),
        gloss=sheet.text("gloss", blank=True),
        rule=_expression(sheet, "rule"),
        citation=sheet.text("citation"),
        certainty=sheet.choice("certainty", _CERTAINTIES),
        note=sheet.text("note", blank=True),
        amended=sheet.words("amended"),
        rest=sheet.flag_if("rest", False),
        texts=sheet.words_if("texts"),
        reading=sheet.choice("reading", _READINGS) if sheet.has("reading") else "",
    )
    if row.ex and row.rest:
        sheet.refuse("bad-value", "a row is for a part ('ex') or for the rest ('rest'), not for both.")
    if row.ex and not row.gloss:
        sheet.refuse("missing-gloss", "an 'ex' row must say in 'gloss' which goods it covers.")
    sheet.close()
    return row


def _expression(sheet: Sheet, key: str) -> Expression:
    raw = sheet.any(key)
    if raw is not None:
        try:
            return read_expression(raw)
        except ExpressionError as error:
            sheet.refuse("bad-expression", str(error))
    return Manual("not read")


def read_terms(sheet: Sheet, rows: tuple[Row, ...]) -> Agreement:
    """The whole of ``agreement.toml`` with its rows; what is wrong stands in the sheet's problems."""
    if sheet.whole("format") != FORMAT:
        sheet.refuse("bad-value", f"'format' must be {FORMAT}, the one this program reads.")
    terms = _Terms(sheet)
    agreement = terms.around(terms.deciding(rows))
    sheet.close()
    return agreement


class _Terms:
    """The sections of the file; each is opened once, and its citation kept under its name."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.id = sheet.text("id")
        if self.id and not _ID.fullmatch(self.id):
            sheet.refuse(
                "bad-value", "'id' must be small letters, digits and any of . _ @ -, a letter or digit first."
            )
        self.sources = sheet.mapping("sources")
        self.unknown = frozenset(sheet.words_if("unknown"))
        for name in sorted(self.unknown - set(UNKNOWABLE)):
            sheet.refuse(
                "bad-value", f"'{name}' cannot stand in 'unknown'; these can: {', '.join(UNKNOWABLE)}."
            )
        for name in sorted(self.unknown & set(_TABLES)):
            if sheet.has(_TABLES[name]):
                sheet.refuse("bad-value", f"'{name}' is stated here: take it out of 'unknown'.")
        self.citations: dict[str, Citation] = {}
        self.remarks: list[Remark] = []
        self._sections: dict[str, Sheet] = {}

    def section(self, key: str) -> Sheet:
        if key in self.unknown and not self.sheet.has(key):
            return Sheet({}, key, Problems())  # blanks, and no complaint: that it is not known is said
        if key not in self._sections:
            self._sections[key] = self._cited(self.sheet.table(key), key)
        return self._sections[key]

    def optional(self, key: str) -> Sheet | None:
        return self.section(key) if self.sheet.has(key) or key in self._sections else None

    def _cited(self, sheet: Sheet, name: str) -> Sheet:
        self.citations[name] = sheet.citation(self.sources)
        return sheet

    def paragraph(self, key: str) -> str:
        return self.citations[key].paragraph if self.optional(key) else ""

    def deciding(self, rows: tuple[Row, ...]) -> Agreement:
        """What a determination rests on."""
        at, general, sets = self.section, self.optional("general_test"), self.optional("sets")
        kits, quantity = self.optional("simple_assembly_of_kits"), self.optional("quantity")
        return Agreement(
            id=self.id,
            title=at("agreement").text("title"),
            edition=at("agreement").text("edition"),
            valid_from=self._valid_from(),
            valid_until=at("agreement").day("valid_until"),
            form=at("form").text("id"),
            parties=self._parties(),
            hs_edition=0 if "hs_edition" in self.unknown else at("nomenclature").whole("hs_edition"),
            row_policy=RowPolicy(at("rows").choice("policy", tuple(RowPolicy)) or RowPolicy.MOST_SPECIFIC),
            rows=rows,
            general_rule=_expression(general, "rule") if general else None,
            general_citation=self.paragraph("general_test"),
            coverage=self._coverage(),
            wholly_obtained=at("wholly_obtained").mapping("categories"),
            wholly_citation=self.paragraph("wholly_obtained"),
            insufficient=at("insufficient").mapping("operations"),
            insufficient_citation=self.paragraph("insufficient"),
            tolerances=self._tolerances(),
            cumulation=packterms.cumulation(at("cumulation")),
            cumulation_citation=self.paragraph("cumulation"),
            sets=packterms.sets(sets) if sets else None,
            valuation=packterms.valuation(at("value")),
            box9=at("form").mapping("box9") if at("form").has("box9") else {},
            box9_letters=at("form").text("box9_letters") if at("form").has("box9_letters") else "",
            simple_assembly_of_kits=kits.choice("reading", _KIT_READINGS) if kits else _KIT_READINGS[0],
            validity_months=at("validity").whole("months"),
            quantity_over_pct=quantity.number("over_pct") if quantity else Decimal(0),
            verification_months=at("verification").whole("months"),
            verification_repeat_months=at("verification").whole("repeat_months"),
            comparison=self._comparison(),
            provisions=self._provisions(),
        )

    def around(self, agreement: Agreement) -> Agreement:
        """What the desk and customs need besides."""
        at, restoration, entry = self.section, self.optional("restoration"), self.optional("electronic_entry")
        return replace(
            agreement,
            nomenclature=at("nomenclature").text("name"),
            code_digits=at("nomenclature").whole("digits"),
            language=at("agreement").text("language", blank=True),
            neutral_elements=self._words("neutral_elements", "elements"),
            retail_packing=self._counted("packaging", "retail"),
            transport_packing=self._counted("packaging", "transport"),
            accessories=self._counted("accessories", "accessories"),
            absorption=packterms.absorption(self.optional("absorption")),
            fungible_methods=packterms.fungible_methods(self.optional("fungible")),
            formulas=self._formulas(),
            wholly_chapters=packterms.likely_chapters(at("wholly_obtained")),
            direct_purchase=self._words("direct_purchase", "conditions"),
            direct_delivery=self._words("direct_delivery", "conditions"),
            proof_documents=self._words("proof", "documents"),
            small_consignment=self._small_consignment(),
            verification_repeat_mandatory=at("verification").flag("repeat_mandatory"),
            restoration_months=restoration.whole("months") if restoration else None,
            entry_days=entry.whole("days") if entry else None,
            citations=self.citations,
            sources=self.sources,
            remarks=(*self.remarks, *self._other_parties(), *self._amendments(), *self._reservations()),
            not_read=self.sheet.words("not_read"),
            unknown=self.unknown,
        )

    def _words(self, key: str, inner: str) -> tuple[str, ...]:
        sheet = self.optional(key)
        return sheet.words(inner) if sheet else ()

    def _counted(self, key: str, what: str) -> Counted | None:
        sheet = self.optional(key)
        return packterms.counted(sheet, what) if sheet else None

    def _tolerances(self) -> tuple[Tolerance, ...]:
        found = []
        for sheet in self.sheet.tables("tolerance"):
            self._cited(sheet, f"tolerance.{sheet.peek('id')}")
            found.append(
                packterms.tolerance(sheet, self.citations[f"tolerance.{sheet.peek('id')}"].paragraph)
            )
        if len({each.id for each in found}) < len(found):
            self.sheet.refuse("duplicate-id", "two tolerances have one id: give each its own.")
        return tuple(found)

    def _formulas(self) -> Mapping[str, Formula]:
        added = {
            name: packterms.formula(self._cited(sheet, f"formula.{name}"))
            for name, sheet in self.sheet.named_tables("formula")
        }
        return {**FORMULAS, **added}

    def _valid_from(self) -> date:
        day = self.citations["agreement"].valid_from
        if day is None and "dates" not in self.unknown:
            self.section("agreement").refuse("bad-value", "'valid_from' must be a date here.")
        return day or date.min

    def _parties(self) -> frozenset[str]:
        codes = []
        for sheet in self.sheet.tables("party"):
            code, name = sheet.text("code"), sheet.text("name")
            if not _COUNTRY.fullmatch(code):
                sheet.refuse("bad-value", f"'{code}' is not a country code of two capital letters.")
            self._cited(sheet, f"party.{code}")
            self._remark(
                "party", f"{code} {name}", sheet.text("remark", blank=True), self.citations[f"party.{code}"]
            )
            codes.append(code)
        if len(set(codes)) < 2 and "parties" not in self.unknown:
            self.sheet.refuse("missing-key", "an agreement needs two parties: add [[party]] tables.")
        return frozenset(codes)

    def _remark(self, kind: str, subject: str, text: str, citation: Citation) -> None:
        self.remarks.append(Remark(kind, subject, text, citation))

    def _coverage(self) -> Mapping[str, Coverage]:
        sheet = self.section("coverage")
        default = sheet.choice("default", tuple(Coverage))
        unread = sheet.text("unread", blank=True)
        if unread:
            self._remark("gap", "", unread, self.citations["coverage"])
        states = {
            f"{number:02}": Coverage(default or Coverage.GAP_POSSIBLE)
            for number in range(1, 98)
            if number != _RESERVED
        }
        for chapter in sheet.tables("chapter"):
            code = chapter.text("chapter")
            if not _CHAPTER.fullmatch(code):
                chapter.refuse("bad-code", f"'{code}' is not a chapter of two digits.")
            states[code] = Coverage(chapter.choice("state", tuple(Coverage)) or Coverage.GAP_KNOWN)
            self._cited(chapter, f"coverage.{code}")
            self._remark("gap", code, chapter.text("evidence"), self.citations[f"coverage.{code}"])
        return states

    def _small_consignment(self) -> SmallConsignment | None:
        sheet = self.optional("small_consignment")
        if sheet is None:
            return None
        return SmallConsignment(
            sheet.number("amount"), sheet.text("currency"), sheet.text("document"), sheet.text("rate_date")
        )

    def _comparison(self) -> Mapping[str, str]:
        grades = {}
        for kind, sheet in self.sheet.named_tables("comparison"):
            grades[kind] = self._cited(sheet, f"comparison.{kind}").text("grade")
            if kind not in KINDS:
                sheet.refuse("unknown-key", f"no such difference; known are {', '.join(KINDS)}.")
            if grades[kind].partition(":")[0] not in tuple(Grade):
                sheet.refuse("bad-value", f"'grade' begins with one of {', '.join(Grade)}.")
        return grades

    def _provisions(self) -> Mapping[str, Provision]:
        provisions: dict[str, Provision] = {}
        for sheet in self.sheet.tables("provision"):
            key, cited = sheet.text("id"), sheet.citation(self.sources)
            if key in provisions:
                sheet.refuse("duplicate-id", f"the provision '{key}' is already there: keep one.")
            provisions[key] = Provision(
                key,
                sheet.any("value"),
                sheet.text("statement"),
                cited.paragraph,
                cited.source,
                cited.valid_from,
                cited.confidence,
            )
        return provisions

    def _other_parties(self) -> list[Remark]:
        return [
            Remark(
                "other party",
                f"{sheet.text('code')} {sheet.text('name')}",
                sheet.text("rules"),
                sheet.citation(self.sources),
            )
            for sheet in self.sheet.tables("other_party")
        ]

    def _amendments(self) -> list[Remark]:
        remarks = []
        for sheet in self.sheet.tables("amendment"):
            subject = " ".join(filter(None, (str(sheet.day("date")), sheet.text("place", blank=True))))
            force = sheet.text("in_force", blank=True)
            text = sheet.text("touches") + (f"; in force {force}" if force else "")
            remarks.append(Remark("amendment", subject, text, sheet.citation(self.sources)))
        return remarks

    def _reservations(self) -> list[Remark]:
        return [
            Remark(
                "reservation",
                f"{', '.join(sheet.words('parties'))}: {sheet.text('subject')}",
                sheet.text("text"),
                sheet.citation(self.sources),
            )
            for sheet in self.sheet.tables("reservation")
        ]
