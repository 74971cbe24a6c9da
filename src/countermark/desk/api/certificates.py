"""Our certificates: their state, their file, and what may happen to them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse

from countermark.casework.amend import annul, duplicate, replace_certificate, resume, suspend
from countermark.casework.refusal import Answer, Refusal
from countermark.casework.show import CertificateState, show, signed_file
from countermark.clearance.use import unscaled
from countermark.desk.access import caller
from countermark.desk.answer import answers, body_of, text_of
from countermark.desk.api.applications import issued_json
from countermark.desk.api.inquiries import inquiry_json
from countermark.desk.server import server
from countermark.document.lifecycle import Effect, LegalStatus


@answers("GET")
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """The four axes of one certificate: legal status, delivery, use, inquiry."""
    caller(request, "exporter", "officer")
    return JsonResponse(_state_json(show(server().office, number)))


@answers("GET")
def file(request: HttpRequest, number: str) -> HttpResponse:
    """The signed file, to keep, send or verify anywhere."""
    caller(request, "exporter", "officer")
    return HttpResponse(signed_file(server().office, number), content_type="application/cose")


@answers("POST")
def annulment(request: HttpRequest, number: str) -> HttpResponse:
    officer, body = caller(request, "officer"), body_of(request)
    try:
        effect = Effect(text_of(body, "effect", Effect.FROM_NOW.value))
    except ValueError as error:
        choices = " or ".join(repr(e.value) for e in Effect)
        raise Refusal("field", f"The field 'effect' is {choices}.", Answer.BAD_REQUEST) from error
    status = annul(server().office, number, reason=text_of(body, "reason"), effect=effect, officer=officer)
    return _status(status)


@answers("POST")
def suspension(request: HttpRequest, number: str) -> HttpResponse:
    officer, body = caller(request, "officer"), body_of(request)
    return _status(suspend(server().office, number, reason=text_of(body, "reason"), officer=officer))


@answers("POST")
def resumption(request: HttpRequest, number: str) -> HttpResponse:
    officer, body = caller(request, "officer"), body_of(request)
    return _status(resume(server().office, number, reason=text_of(body, "reason"), officer=officer))


@answers("POST")
def replacement(request: HttpRequest, number: str) -> HttpResponse:
    """A new certificate from a corrected application, in place of this one."""
    officer, body = caller(request, "officer"), body_of(request)
    issued = replace_certificate(server().office, number, text_of(body, "application"), officer)
    server().wake()
    return JsonResponse(issued_json(issued), status=201)


@answers("POST")
def duplication(request: HttpRequest, number: str) -> HttpResponse:
    officer, body = caller(request, "officer"), body_of(request)
    issued = duplicate(server().office, number, reason=text_of(body, "reason"), officer=officer)
    server().wake()
    return JsonResponse(issued_json(issued), status=201)


def _status(status: LegalStatus) -> JsonResponse:
    server().wake()
    return JsonResponse({"status": status.value})


def _state_json(state: CertificateState) -> dict[str, object]:
    return {
        "number": state.row.number,
        "date": state.row.dated,
        "status": state.row.status,
        "index": state.index,
        "received": state.received,
        "uses": [
            {"item": use.item, "quantity": str(unscaled(use.amount)), "declaration": use.cause}
            for use in state.uses
        ],
        "inquiries": [inquiry_json(inquiry) for inquiry in state.inquiries],
        "fallen_proofs": list(state.fallen_proofs),
    }
