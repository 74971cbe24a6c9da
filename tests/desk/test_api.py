"""The HTTP API: who may ask what, what a bad request is told, and the main job as another program does it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from desk_client import ROLES, Desk
from hypothesis import given, settings
from hypothesis import strategies as st

from two_parties import cattle, certify, plain

NONE = "0" * 24
ROUTES = [
    ("POST", "/api/applications", {"exporter", "officer"}),
    ("GET", f"/api/applications/{NONE}", {"exporter", "officer"}),
    ("POST", f"/api/applications/{NONE}/determination", {"exporter", "officer"}),
    ("POST", f"/api/applications/{NONE}/rules", {"officer"}),
    ("POST", f"/api/applications/{NONE}/certificate", {"officer"}),
    ("GET", "/api/certificates/BYAZ6101000099", {"exporter", "officer"}),
    ("GET", "/api/certificates/BYAZ6101000099/file", {"exporter", "officer"}),
    ("POST", "/api/certificates/BYAZ6101000099/annulment", {"officer"}),
    ("POST", "/api/certificates/BYAZ6101000099/suspension", {"officer"}),
    ("POST", "/api/certificates/BYAZ6101000099/resumption", {"officer"}),
    ("POST", "/api/certificates/BYAZ6101000099/replacement", {"officer"}),
    ("POST", "/api/certificates/BYAZ6101000099/duplicate", {"officer"}),
    ("GET", "/api/checks", {"customs"}),
    ("POST", "/api/checks", {"customs"}),
    ("POST", "/api/uses", {"customs"}),
    ("POST", "/api/inquiries", {"customs"}),
    ("GET", "/api/inquiries/none", {"customs", "officer"}),
    ("POST", "/api/inquiries/none/reply", {"officer"}),
    ("GET", "/api/corridor", {"officer"}),
]
POSTS = [(path, sorted(roles)[0]) for method, path, roles in ROUTES if method == "POST"]


def code(answer: Any) -> str:
    """Every refusal is JSON with a code and one sentence."""
    error = answer.json()["error"]
    assert error["sentence"].strip()
    assert "Traceback" not in answer.text
    found: str = error["code"]
    return found


@pytest.mark.parametrize(("method", "path", "roles"), ROUTES)
def test_each_route_is_for_its_roles_only(desk: Desk, method: str, path: str, roles: set[str]):
    strangers = [({}, "no-token"), ({"Authorization": "Basic eDp5"}, "no-token")]
    strangers += [({"Authorization": f"Bearer {token}"}, "unknown-token") for token in ("", "x")]
    for headers, wanted in strangers:
        answer = desk.http.request(method, path, headers=headers)
        assert (answer.status_code, code(answer)) == (401, wanted)
    for role in ROLES:
        answer = desk.http.request(method, path, headers=desk.token(role), content=b"{}")
        if role in roles:
            assert answer.status_code not in (401, 403, 405, 500)
        else:
            assert (answer.status_code, code(answer)) == (403, "wrong-role")


@pytest.mark.parametrize(("method", "path", "roles"), ROUTES)
def test_another_method_is_told_which_to_use(desk: Desk, method: str, path: str, roles: set[str]):
    for other in ("DELETE", "PUT", "PATCH"):
        answer = desk.http.request(other, path, headers=desk.token("officer"))
        assert (answer.status_code, code(answer)) == (405, "method")


BODIES = [
    b"", b"{", b"null", b"[]", b'"x"', b"1", b"\xff\xfe", b'{"a": NaN}', b'{"a": 1e999999}', b'{"a": 1, "a": 2}',
    b"[" * 100_000, b'{"a":' * 100_000, b'{"number": "\\ud800"}', b'{"number": "\\u0000"}', b"{}\x00",
]  # fmt: skip


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_a_body_that_is_no_json_object_is_refused_everywhere(desk: Desk, body: bytes):
    for path, role in POSTS:
        if path.endswith(("/determination", "/certificate")):
            continue
        answer = desk.raw(role, path, body)
        assert answer.status_code == 422, (path, answer.text)
        assert code(answer)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.text(max_size=20)
    | st.sampled_from(["BYAZ6101000001", "2026-11-20", "sNaN", "NaN", "1e400", "-0", "1_0", "١", "yes", "from now", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
FIELDS = (
    "number", "date", "declaration", "office", "registered", "lines", "item", "rule", "citation", "reason", "effect",
    "application", "ground", "words", "questions", "items", "authentic", "data", "explanation", "format", "reference",
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(POSTS),
    st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, JSON)),
)
def test_no_body_whatever_makes_the_server_fail(desk: Desk, route: tuple[str, str], body: dict[str, Any]):
    path, role = route
    answer = desk.raw(role, path, json.dumps(body).encode())
    assert answer.status_code in (409, 422), (path, body, answer.text)
    assert code(answer)


@pytest.fixture(scope="module")
def tomatoes(desk: Desk) -> dict[str, str]:
    """A certificate of Azerbaijan that Belarus holds."""
    issued = certify(desk.pair.az, plain("az-tomatoes", reference="desk-tomatoes"))
    desk.exchange()
    return {"number": issued.number, "date": issued.dated.isoformat()}


def used(
    certificate: dict[str, str], quantity: object = "1", unit: str = "kg", **changes: object
) -> dict[str, object]:
    lines = [{"item": 1, "quantity": quantity, "unit": unit}]
    return certificate | {
        "declaration": "BY-1", "office": "Minsk", "registered": certificate["date"], "lines": lines,
    } | changes  # fmt: skip


@pytest.mark.parametrize(
    "quantity",
    ["", "x", "NaN", "sNaN", "Infinity", "-1", "0", "1e400", "0.0000001", "1_000", "１", "1 000", " 1", 1, 1.5, None, True],
)  # fmt: skip
def test_a_quantity_that_is_none_is_refused(desk: Desk, tomatoes: dict[str, str], quantity: object):
    answer = desk.post("customs", "/api/uses", used(tomatoes, quantity))
    assert answer.status_code == 422, answer.text
    assert code(answer)


@pytest.mark.parametrize("name", ["declaration", "office"])
@pytest.mark.parametrize("value", ["", "x" * 51, "a\x00b", "a\u202eb", "\ud800"])
def test_a_declaration_without_a_proper_name_draws_nothing(
    desk: Desk, tomatoes: dict[str, str], name: str, value: str
):
    answer = desk.raw("customs", "/api/uses", json.dumps(used(tomatoes, **{name: value})).encode())
    assert answer.status_code == 422, answer.text
    found = desk.get("customs", "/api/checks", **tomatoes).json()
    assert found["balances"][0]["used"] == "0"


@pytest.mark.parametrize(
    "day", ["", "20261120", "2026-W47-5", "2026-02-30", "20.11.2026", "2026-11-20T00:00"]
)
def test_a_day_that_is_none_is_refused(desk: Desk, tomatoes: dict[str, str], day: str):
    answer = desk.post("customs", "/api/uses", used(tomatoes, registered=day))
    assert (answer.status_code, code(answer)) == (422, "field")


@pytest.mark.parametrize("path", ["/api/uses", "/api/applications", "/corridor/cosignatures"])
def test_a_body_too_large_is_refused(desk: Desk, path: str):
    body = b"x" * (4 * 1024 * 1024 + 1)
    if path.startswith("/corridor"):
        answer = desk.ask_as(desk.pair.az, "POST", path, "origin=x", body)
    else:
        answer = desk.raw("customs" if path == "/api/uses" else "officer", path, body)
    assert answer.status_code in (413, 422)
    assert code(answer) == "too-large"


@pytest.mark.parametrize("id", ["%00", "%01", "..%2f..", "x" * 5000, "%C3%A9", "'"])
def test_an_id_nothing_can_have_is_told_so(desk: Desk, id: str):
    for path in (f"/api/applications/{id}", f"/api/certificates/{id}", f"/api/inquiries/{id}"):
        answer = desk.get("officer", path)
        assert answer.status_code in (404, 409, 422), (path, answer.text)


def test_the_main_job_over_http(desk: Desk, tomatoes: dict[str, str]):
    application = cattle("over-http")
    made = desk.post("exporter", "/api/applications", application)
    assert made.status_code == 201
    again = desk.post("exporter", "/api/applications", application)
    assert (again.status_code, again.json()) == (200, made.json())
    id = made.json()["id"]
    (good,) = desk.post("exporter", f"/api/applications/{id}/determination", {}).json()["goods"]
    assert (good["verdict"], good["box9"]) == ("originating", "П")
    issued = desk.post("officer", f"/api/applications/{id}/certificate", {})
    assert issued.status_code == 201
    number = issued.json()["number"]
    assert desk.post("officer", f"/api/applications/{id}/certificate", {}).status_code == 200
    assert desk.get("exporter", f"/api/applications/{id}").json()["number"] == number
    desk.exchange()
    state = desk.get("officer", f"/api/certificates/{number}").json()
    assert (state["status"], state["received"], state["uses"]) == ("valid", True, [])
    file = desk.get("exporter", f"/api/certificates/{number}/file")
    assert file.headers["Content-Type"] == "application/cose"
    assert len(file.content) > 500

    body = used(tomatoes, "100.5", declaration="BY-HTTP")
    answer = desk.post("customs", "/api/uses", body)
    assert answer.status_code == 200
    assert answer.json()["balances"][0]["used"] == "100.5"
    assert desk.post("customs", "/api/uses", body).json() == answer.json()
    other = desk.post("customs", "/api/uses", used(tomatoes, "100.6", declaration="BY-HTTP"))
    assert (other.status_code, code(other)) == (409, "declaration-used")
    suspended = desk.post("officer", f"/api/certificates/{number}/suspension", {"reason": "doubt"})
    assert suspended.json() == {"status": "suspended"}
    for word in ("", "x" * 1_001, "a\x00"):
        unfit = desk.post("officer", f"/api/certificates/{number}/annulment", {"reason": word})
        assert unfit.status_code == 422, unfit.text
    assert desk.get("officer", f"/api/certificates/{number}").json()["status"] == "suspended"


def test_every_field_error_is_listed(desk: Desk):
    answer = desk.post("exporter", "/api/applications", {"format": "countermark-application-1", "goods": []})
    assert answer.status_code == 422
    assert code(answer) == "application-fields"
    details = answer.json()["error"]["details"]
    assert len(details) > 5
    assert any(line.startswith("exporter") for line in details)


def test_an_application_that_cannot_be_certified_is_told_why(desk: Desk):
    id = desk.post("exporter", "/api/applications", plain("by-tractors")).json()["id"]
    answer = desk.post("officer", f"/api/applications/{id}/certificate", {})
    assert (answer.status_code, code(answer)) == (409, "undetermined")
    assert answer.json()["error"]["answer"] == "cannot tell"
    assert answer.json()["error"]["details"] == ["row-gap:8701"]


def test_the_health_and_the_card_are_for_everyone(desk: Desk):
    health = desk.http.get("/health").json()
    assert (health["status"], health["party"]) == ("ok", "BY")
    assert desk.http.get("/card").text == desk.pair.by.card
    assert date.fromisoformat(desk.http.get("/card").json()["roots"]["valid_from"])
