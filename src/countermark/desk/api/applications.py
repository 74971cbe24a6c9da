"""Applications: apply, determine, state a rule, issue."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse

from countermark.adapters.catalogue import LANGUAGES, Words, words_in
from countermark.adapters.determination_json import determination_json
from countermark.casework.apply import apply
from countermark.casework.decide import Decided, decide, find, state_rule
from countermark.casework.issue import Issued, issue
from countermark.casework.refusal import Answer, Refusal
from countermark.desk.access import caller
from countermark.desk.answer import answers, body_of, text_of
from countermark.desk.server import server


@answers("POST")
def applications(request: HttpRequest) -> HttpResponse:
    """Submit an application; the same one again gives the same id."""
    caller(request, "exporter", "officer")
    submitted = apply(server().office, body_of(request))
    return JsonResponse({"id": submitted.id}, status=201 if submitted.new else 200)


@answers("GET")
def application(request: HttpRequest, id: str) -> HttpResponse:
    caller(request, "exporter", "officer")
    row = find(server().office, id)
    return JsonResponse({"id": row.id, "reference": row.reference, "state": row.state, "number": row.number})


@answers("POST")
def determination(request: HttpRequest, id: str) -> HttpResponse:
    """Determine the origin of each good as of today."""
    caller(request, "exporter", "officer")
    words = _words(request)
    return _determined(decide(server().office, id), words)


@answers("POST")
def rules(request: HttpRequest, id: str) -> HttpResponse:
    """An officer states the rule for one item, with its citation."""
    officer = caller(request, "officer")
    words = _words(request)
    body = body_of(request)
    item = body.get("item")
    if type(item) is not int:
        raise Refusal("field", "The field 'item' must be the number of a good.", Answer.BAD_REQUEST)
    decided = state_rule(
        server().office, id, item, rule=body.get("rule"), citation=text_of(body, "citation"), officer=officer
    )
    return _determined(decided, words)


@answers("POST")
def certificate(request: HttpRequest, id: str) -> HttpResponse:
    """Issue the certificate; asking again gives the one that was issued."""
    officer = caller(request, "officer")
    (issued,) = issue(server().office, [id], officer)
    server().wake()
    return JsonResponse(issued_json(issued), status=201 if issued.new else 200)


def issued_json(issued: Issued) -> dict[str, object]:
    return {
        "number": issued.number,
        "date": issued.dated.isoformat(),
        "family": issued.sub,
        "leaf_hash": issued.leaf_hash.hex(),
    }


def _words(request: HttpRequest) -> Words | None:
    """The language asked for by ``?lang=``, whose words then stand beside the codes. Raises Refusal."""
    asked = request.GET.get("lang")
    if asked is None:
        return None
    for language in LANGUAGES:
        if asked == language:
            return words_in(language)
    raise Refusal("field", f"'lang' must be one of {', '.join(LANGUAGES)}.", Answer.BAD_REQUEST)


def _determined(decided: Decided, words: Words | None) -> JsonResponse:
    goods = [
        {"item": good.item, **determination_json(found, words)}
        for good, found in zip(decided.application.goods, decided.determinations, strict=True)
    ]
    return JsonResponse({"id": decided.row.id, "goods": goods})
