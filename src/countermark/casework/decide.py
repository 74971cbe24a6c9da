"""Determine the origin of every good of an application; keep the reasoning; let an officer state a missing rule."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date

from countermark.casework.apply import read
from countermark.casework.ports import ApplicationRow, Office
from countermark.casework.refusal import Answer, Refusal
from countermark.document.determination import encode_determination
from countermark.document.encode import encode
from countermark.goods.application import Application
from countermark.rules.box9 import Box9Error
from countermark.rules.determination import Determination
from countermark.rules.determine import determine
from countermark.rules.expression import ExpressionError, read_expression
from countermark.rules.stated import StatedRule, StatedRuleRefused


@dataclass(frozen=True, slots=True)
class Decided:
    """An application and the determination of each of its goods, in order."""

    row: ApplicationRow
    application: Application
    determinations: tuple[Determination, ...]
    encoded: tuple[bytes, ...]
    """The canonical bytes of each determination."""


def decide(office: Office, application_id: str) -> Decided:
    """Determine as of today, and keep the canonical determinations with the application. Raises Refusal.

    Those a certificate was issued on stay as they were: it names their hashes.
    """
    with office.store.transaction():
        decided = determine_now(office, find(office, application_id))
        if decided.row.state != "issued":
            office.store.cases.update_applications([keep(decided)])
    return decided


def find(office: Office, application_id: str) -> ApplicationRow:
    """The application. Raises Refusal if there is none of this id."""
    row = office.store.cases.application(application_id)
    if row is None:
        raise Refusal(
            "no-application",
            f"There is no application {application_id}. Give the id that 'apply' printed.",
            Answer.BAD_REQUEST,
        )
    return row


def determine_now(office: Office, row: ApplicationRow) -> Decided:
    """The determinations of a stored application on today's date in the party's zone. Raises Refusal."""
    application = read(office, json.loads(row.plain))
    agreement = office.agreement(application.agreement)
    stated = _stated_rules(row)
    today = office.clock.now().astimezone(office.zone).date()
    try:
        found = tuple(
            determine(application, good, agreement, today, stated=stated.get(good.item))
            for good in application.goods
        )
    except (StatedRuleRefused, Box9Error) as error:
        raise Refusal(error.code, error.sentence) from error
    return Decided(row, application, found, tuple(map(encode_determination, found)))


def keep(decided: Decided) -> ApplicationRow:
    """The row with the canonical bytes of its determinations."""
    return replace(decided.row, determinations=encode(list(decided.encoded)))


def state_rule(
    office: Office, application_id: str, item: int, *, rule: object, citation: str, officer: str
) -> Decided:
    """An officer states the rule where the agreement's data has a gap, with its citation, and decides under it."""
    if not citation.strip():
        raise Refusal(
            "no-citation",
            "A stated rule needs its citation: name the treaty, the annex and the row.",
            Answer.BAD_REQUEST,
        )
    try:
        read_expression(rule)
    except ExpressionError as error:
        raise Refusal(
            "rule-unreadable", f"The stated rule cannot be read: {error}", Answer.BAD_REQUEST
        ) from error
    with office.store.transaction():
        row = find(office, application_id)
        if row.state == "issued":
            raise Refusal(
                "issued-already", f"Application {row.id} has its certificate; its rule stands as it was."
            )
        goods = {good.item: good for good in read(office, json.loads(row.plain)).goods}
        if item not in goods:
            raise Refusal(
                "no-item",
                f"The application has no item {item}. Name one of {sorted(goods)}.",
                Answer.BAD_REQUEST,
            )
        today = office.clock.now().astimezone(office.zone).date()
        entry = {
            "item": item, "codes": [goods[item].hs.heading], "rule": rule, "citation": citation,
            "officer": officer, "on": today.isoformat(),
        }  # fmt: skip
        kept = [e for e in json.loads(row.stated) if e["item"] != item]
        row = replace(row, stated=json.dumps([*kept, entry], ensure_ascii=False))
        decided = determine_now(office, row)
        office.store.cases.update_applications([keep(decided)])
    return decided


def _stated_rules(row: ApplicationRow) -> dict[int, StatedRule]:
    return {
        e["item"]: StatedRule(
            codes=tuple(e["codes"]),
            expression=read_expression(e["rule"]),
            citation=e["citation"],
            officer=e["officer"],
            on=date.fromisoformat(e["on"]),
        )
        for e in json.loads(row.stated)
    }
