"""How the API answers: JSON, and refusals as one sentence with a code, never a traceback."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse

from countermark.adapters.db.write import storable
from countermark.adapters.http.signature import SignatureRefused
from countermark.adapters.reading import ReadingError, decode_plain
from countermark.casework.refusal import Answer, Refusal
from countermark.document.errors import DocumentError

View = Callable[..., HttpResponse]
STATUS = {Answer.NO: 409, Answer.CANNOT_TELL: 409, Answer.BAD_REQUEST: 422}
LOG = logging.getLogger("countermark.desk")


class Denied(Exception):
    """The caller may not do this."""

    def __init__(self, status: int, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code


def answers(*methods: str) -> Callable[[View], View]:
    """Allow these methods, and turn every refusal into its answer."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if request.method not in methods:
                return error(405, "method", f"Use {' or '.join(methods)} here.")
            try:
                return view(request, *args, **kwargs)
            except Refusal as refusal:
                return refused(refusal)
            except DocumentError as unfit:
                return refused(Refusal(unfit.code, str(unfit), Answer.BAD_REQUEST))
            except Denied as denied:
                return error(denied.status, denied.code, str(denied))
            except SignatureRefused as denied:
                return error(401, denied.code, str(denied))
            except RequestDataTooBig:
                return error(413, "too-large", "The body is larger than 4 MB. Send less.")
            except Exception:
                LOG.exception("%s %s failed", request.method, request.path)
                return error(
                    500, "our-failure", "We failed; nothing was changed. Try again, or tell the operator."
                )

        answered.csrf_exempt = True  # type: ignore[attr-defined]
        return answered

    return decorate


def refused(refusal: Refusal) -> JsonResponse:
    body = {
        "code": refusal.code,
        "sentence": refusal.sentence,
        "answer": refusal.answer.value,
        "details": list(refusal.details),
    }
    return JsonResponse({"error": body}, status=STATUS[refusal.answer])


def error(status: int, code: str, sentence: str) -> JsonResponse:
    return JsonResponse({"error": {"code": code, "sentence": sentence}}, status=status)


def body_of(request: HttpRequest) -> dict[str, object]:
    """The request's JSON object, numbers exact. Raises Refusal."""
    try:
        value = decode_plain(request.body, ".json")
    except ReadingError as problem:
        raise Refusal(problem.code, str(problem), Answer.BAD_REQUEST) from problem
    except RequestDataTooBig as problem:
        raise Refusal(
            "too-large", "The body is larger than 4 MB. Send less.", Answer.BAD_REQUEST
        ) from problem
    if not isinstance(value, dict):
        raise Refusal("json-object", "The body is no JSON object. Send one.", Answer.BAD_REQUEST)
    return value


def text_of(body: dict[str, object], key: str, default: str | None = None) -> str:
    """A text field of the body. Raises Refusal if it is missing, no text, or none that can be stored."""
    value = body.get(key, default)
    if not isinstance(value, str) or not storable(value):
        raise Refusal("field", f"The field {key!r} must be a text.", Answer.BAD_REQUEST)
    return value
