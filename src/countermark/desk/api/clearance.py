"""Customs of the importing side: check a certificate, use it."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from django.http import HttpRequest, HttpResponse, JsonResponse

from countermark.adapters.check_json import balance_json, checked_json
from countermark.casework.check import check
from countermark.casework.refusal import Answer, Refusal
from countermark.casework.use import Declared, Drawn, use
from countermark.desk.access import caller
from countermark.desk.answer import answers, body_of, text_of
from countermark.desk.server import server

LINE_FIELDS = {"item", "quantity", "unit", "granted"}
QUANTITY = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?", re.ASCII)


@answers("GET", "POST")
def checks(request: HttpRequest) -> HttpResponse:
    """By number and date; a POST brings the declaration to compare with."""
    caller(request, "customs")
    if request.method == "GET":
        found = check(server().office, request.GET.get("number", ""), request.GET.get("date", ""))
    else:
        body = body_of(request)
        found = check(
            server().office, text_of(body, "number"), text_of(body, "date"), body.get("declaration")
        )
    return JsonResponse(checked_json(found))


@answers("POST")
def uses(request: HttpRequest) -> HttpResponse:
    """Use lines of a certificate for a declaration; the same again changes nothing."""
    caller(request, "customs")
    body = body_of(request)
    lines = body.get("lines")
    if not isinstance(lines, list) or not lines:
        raise Refusal("field", "The field 'lines' is a list of {item, quantity, unit}.", Answer.BAD_REQUEST)
    balances = use(
        server().office,
        text_of(body, "number"),
        text_of(body, "date"),
        [_line(line) for line in lines],
        Declared(text_of(body, "declaration"), text_of(body, "office"), _day(text_of(body, "registered"))),
    )
    server().wake()
    return JsonResponse({"number": body["number"], "balances": [balance_json(b) for b in balances]})


def _line(line: object) -> Drawn:
    if not isinstance(line, dict) or not {"item", "quantity", "unit"} <= line.keys() <= LINE_FIELDS:
        raise Refusal(
            "field",
            "Each line is {item, quantity, unit}, with 'granted' if preference was not.",
            Answer.BAD_REQUEST,
        )
    item, quantity, unit, granted = line["item"], line["quantity"], line["unit"], line.get("granted", True)
    if (
        type(item) is not int
        or type(quantity) is not str
        or type(unit) is not str
        or type(granted) is not bool
    ):
        raise Refusal(
            "field",
            "item is a number, quantity and unit are texts, granted is true or false.",
            Answer.BAD_REQUEST,
        )
    if not QUANTITY.fullmatch(quantity):
        raise Refusal(
            "field",
            f"The quantity {quantity[:40]!r} is no amount; write it as 1500 or 0.25.",
            Answer.BAD_REQUEST,
        )
    return Drawn(item, Decimal(quantity), unit, granted)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise Refusal("field", f"{text[:40]!r} is no date; write it as 2026-05-04.", Answer.BAD_REQUEST)
    return day
