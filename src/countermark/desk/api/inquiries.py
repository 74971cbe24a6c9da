"""Verification requests: make one, look at one, answer one."""

from __future__ import annotations

from enum import Enum
from typing import TypeVar

from django.http import HttpRequest, HttpResponse, JsonResponse

from countermark.casework.inquire import Inquiry, answer, inquire, show_inquiry
from countermark.casework.refusal import Answer, Refusal
from countermark.clearance.inquiry import ItemAnswer, Question
from countermark.desk.access import caller
from countermark.desk.answer import answers, body_of, text_of
from countermark.desk.server import server
from countermark.rules.determination import Truth

Choice = TypeVar("Choice", bound=Enum)


@answers("POST")
def inquiries(request: HttpRequest) -> HttpResponse:
    """Send a verification request on a received certificate."""
    caller(request, "customs")
    body = body_of(request)
    asked = inquire(
        server().office,
        text_of(body, "number"),
        text_of(body, "date"),
        ground=text_of(body, "ground", ""),
        words=text_of(body, "words"),
        questions=[_one_of(Question, q) for q in _list(body, "questions", [q.value for q in Question])],
        items=[_whole(i) for i in _list(body, "items", [])],
    )
    server().wake()
    return JsonResponse(inquiry_json(asked), status=201)


@answers("GET")
def inquiry(request: HttpRequest, id: str) -> HttpResponse:
    caller(request, "customs", "officer")
    return JsonResponse(inquiry_json(show_inquiry(server().office, id)))


@answers("POST")
def reply(request: HttpRequest, id: str) -> HttpResponse:
    """Answer a partner's request."""
    caller(request, "officer")
    body = body_of(request)
    found = answer(
        server().office,
        id,
        authentic=_one_of(Truth, text_of(body, "authentic")),
        data=_one_of(Truth, text_of(body, "data", Truth.UNKNOWN.value)),
        items=[_item(entry) for entry in _list(body, "items", [])],
        explanation=text_of(body, "explanation"),
    )
    server().wake()
    return JsonResponse(inquiry_json(found))


def inquiry_json(found: Inquiry) -> dict[str, object]:
    """An inquiry as the API shows it."""
    reply = found.reply
    return {
        "id": found.row.id,
        "number": found.row.number,
        "state": found.state.value,
        "ground": found.request.ground,
        "words": found.request.words,
        "deadline": found.request.deadline.isoformat(),
        "reply": reply
        and {
            "answered": reply.answered.isoformat(),
            "authentic": reply.authentic.value,
            "data": reply.data.value,
            "items": [{"item": i.item, "originating": i.originating.value} for i in reply.items],
            "explanation": reply.explanation,
        },
    }


def _item(entry: object) -> ItemAnswer:
    if not isinstance(entry, dict) or entry.keys() != {"item", "originating"}:
        raise Refusal("field", "Each of 'items' is {item, originating}.", Answer.BAD_REQUEST)
    return ItemAnswer(_whole(entry["item"]), _one_of(Truth, entry["originating"]))


def _list(body: dict[str, object], key: str, default: list[object]) -> list[object]:
    value = body.get(key, default)
    if not isinstance(value, list):
        raise Refusal("field", f"The field {key!r} must be a list.", Answer.BAD_REQUEST)
    return value


def _whole(value: object) -> int:
    if type(value) is not int:
        raise Refusal("field", "An item is named by its whole number.", Answer.BAD_REQUEST)
    return value


def _one_of(kind: type[Choice], value: object) -> Choice:
    try:
        return kind(value)
    except ValueError as error:
        raise Refusal(
            "field", f"{value!r} is not one of {[e.value for e in kind]}.", Answer.BAD_REQUEST
        ) from error
