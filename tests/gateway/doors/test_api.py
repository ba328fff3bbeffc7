"""The API from outside: what each operation does, and what a caller is told who may not or cannot."""

import asyncio
import json
import re
import sqlite3
import threading
from contextlib import closing

import jsonschema  # type: ignore[import-untyped]
import pytest

from gateway.doors.api.openapi import document
from gateway.doors.api.problems import CONTENT_TYPE
from gateway.doors.api.table import PREFIX, ROUTES
from gateway.doors.bearer import ASKED_AGAIN_S, WRONG_AT_MOST
from storage import tokens
from storage.engines import sqlite_file
from tests.gateway.doors.conftest import make_token
from tests.gateway.doors.raw import RAW, raw
from tests.storage.case_rows import grid

# On SQLite alone; that each function of storage does the same on both databases is tested there.
BODIES = {
    "/cases/{case}/comments": {"text": "Vi kommer", "public": True},
    "/cases/{case}/status": {"status": "in_progress", "revision": 1},
}


def filled(rows, route):
    """The route's path with ids of these rows, and a body that fits."""
    case = rows.case()
    made = {
        "case": lambda: case,
        "alert": lambda: rows.alert(case),
        "field": lambda: rows.secret(case),
        "message": lambda: rows.message("Hei"),
    }
    path = re.sub(r"{(\w+)}", lambda found: made[found[1]](), route.path)
    return path, BODIES.get(route.path)


@pytest.fixture(params=ROUTES, ids=lambda route: f"{route.method} {route.path}")
def route(request):
    return request.param


async def is_problem(answer, status):
    text = await answer.text()
    assert (answer.status, answer.content_type) == (status, CONTENT_TYPE), text
    assert json.loads(text)["status"] == status
    assert "Traceback" not in text


async def test_a_good_call_is_answered_as_the_document_says(served, route):
    path, body = filled(served.rows, route)
    served.token = make_token(served.rows, full_numbers=True)
    status, answer = await served.call(route.method, path, body)
    assert status == route.status, answer
    schemas = document(ROUTES)["components"]
    reference = f"#/components/schemas/{route.answer.__name__}"
    jsonschema.Draft202012Validator({"$ref": reference, "components": schemas}).validate(answer)


NO_TOKENS = (
    None,
    "",
    "Bearer",
    "Bearer ",
    "Basic a2FyaTpsaWU=",
    "Bearer caseline_k1_wrong",
    "Bearer ÿ",
    "Bearer " + "x" * 5000,
)


async def test_without_a_good_token_every_route_is_shut(served, route):
    path, body = filled(served.rows, route)
    for header in NO_TOKENS:
        headers = {} if header is None else {"Authorization": header}
        answer = await served.raw(route.method, PREFIX + path, json=body, headers=headers)
        await is_problem(answer, 401)
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert served.events == ["api_token_refused"] * len(NO_TOKENS)


async def test_t57_what_is_anothers_is_absent(served, other, route):
    path, body = filled(other, route)
    theirs = await served.call(route.method, path, body)
    nowhere = await served.call(route.method, re.sub(r"[0-9a-f-]{36}", "0" * 36, path), body)
    assert theirs == nowhere
    if "{" in route.path:
        assert theirs[0] == 404
    else:
        assert not any(theirs[1][name] for name in ("cases", "alerts", "messages", "senders") if name in theirs[1])


async def test_t57_a_token_of_one_desk_sees_no_other_desk(served, route):
    path, body = filled(served.rows, route)
    served.token = make_token(served.rows, desks=frozenset({"heat"}))
    status, answer = await served.call(route.method, path, body)
    assert status == 404 if "{" in route.path else not answer.get("cases")


BAD_JSON = [
    (b"", 400),
    (b"{", 400),
    (b"\xff\xfe", 400),
    (b'{"text": "\xff", "public": true}', 400),
    (b"[" * 50_000, 400),
    (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, 400),
    (b"null", 422),
    (b"[]", 422),
    (b"1e400", 422),
    (b'"text"', 422),
    (b"{}", 422),
    (b'{"text": 1, "public": true}', 422),
    (b'{"text": "Hei", "public": "true"}', 422),
    (b'{"text": "Hei", "public": true, "revision": 1e400}', 422),
    (b'{"text": "Hei", "public": true, "revision": NaN}', 422),
    (b'{"text": "Hei", "public": true, "revision": ' + b"9" * 5_000 + b"}", 400),
    (b'{"text": "Hei", "public": true, "revision": 0}', 422),
    (b'{"text": "Hei", "public": true, "more": 1}', 422),
    (b'{"text": "a\\u0000b", "public": true}', 422),
    (b'{"text": "\\ud800", "public": true}', 400),
    (b'{"text": "  \\n ", "public": true}', 422),
    (b'{"text": "' + b"x" * 1_201 + b'", "public": true}', 422),
    (b'{"text": "' + b"x" * 10_001 + b'", "public": false}', 422),
    (b'{"text": "' + b"x" * 65_536 + b'", "public": false}', 413),
    (b'{"status": "", "revision": 1}', 422),
    (b'{"status": "\\u0000", "revision": 1}', 422),
    (b'{"status": "burnt", "revision": 1.5}', 422),
]


@pytest.mark.parametrize("route", [route for route in ROUTES if route.method == "POST"], ids=lambda route: route.path)
async def test_a_bad_body_is_refused_by_every_route_that_takes_one(served, route):
    path, _ = filled(served.rows, route)
    served.token = make_token(served.rows, full_numbers=True)
    for body, status in BAD_JSON:
        headers = {"Authorization": f"Bearer {served.token}", "Content-Type": "application/json"}
        answer = await served.raw("POST", PREFIX + path, data=body, headers=headers)
        if body in (b"", b"{}") and not route.takes_body:
            assert answer.status == 200
            continue
        await is_problem(answer, answer.status)
        assert 400 <= answer.status < 500, body[:40]
        if route.body.__name__ == "NewComment":
            assert answer.status == status, (body[:60], await answer.text())


async def test_a_body_without_its_kind_is_refused(served):
    served.rows.case()
    for path, body in (("comments", b'{"text": "Hei", "public": true}'), ("status", b"")):
        headers = {"Authorization": f"Bearer {served.token}"}
        url = f"{PREFIX}/cases/IN-00000001/{path}"
        answer = await served.raw("POST", url, data=body, headers=headers, skip_auto_headers=["Content-Type"])
        await is_problem(answer, 415)


OTHER_KINDS = (
    {"Content-Type": "text/plain"},
    {"Content-Type": "application/x-www-form-urlencoded"},
    {"Content-Type": "application/json; charset=nope"},
    {"Content-Type": "application/json; charset=latin-1"},
    {"Content-Type": "multipart/form-data"},
    {"Content-Type": "application/json", "Content-Encoding": "gzip"},
)


async def test_a_body_of_another_kind_is_refused(served):
    served.rows.case()
    body = b'{"text": "Hei", "public": true}'
    for headers in OTHER_KINDS:
        sent = {"Authorization": f"Bearer {served.token}", **headers}
        answer = await served.raw("POST", f"{PREFIX}/cases/IN-00000001/comments", data=body, headers=sent)
        await is_problem(answer, 415)


async def test_raw_requests_are_4xx_or_cut_off(served):
    served.rows.case()
    for rest, name in RAW:
        request = (
            b"POST /api/v1/cases/IN-00000001/comments HTTP/1.1\r\nHost: x\r\n"
            b"Authorization: Bearer " + served.token.encode() + b"\r\n"
        )
        status, answer = await raw(served.server, request + rest)
        assert status is None or 400 <= status < 500, (name, answer)
    _, seen = await served.call("GET", "/cases/IN-00000001")
    assert seen["comments"] == []


BAD_PATHS = (
    ("/cases?limit=0", 422),
    ("/cases?limit=101", 422),
    ("/cases?limit=1e400", 422),
    ("/cases?limit=" + "9" * 4000, 422),
    ("/cases?open=maybe", 422),
    ("/cases?q=x", 422),
    ("/cases?q=" + "x" * 81, 422),
    ("/cases?q=a%00b", 422),
    ("/cases?q=%ff%fe", 200),
    ("/cases?after=../..", 422),
    ("/cases?colour=red", 422),
    ("/cases?open=true&open=false", 422),
    ("/attention?desk=grid", 422),
    ("/cases/a%00b", 404),
    ("/cases/%ff", 404),
    ("/cases/IN_1", 404),
    ("/cases/" + "x" * 41, 404),
    ("/cases/a%2fb", 404),
    ("/cases/", 404),
    ("/nothing/here", 404),
    ("/alerts/" + "0" * 36, 404),
)


async def test_a_bad_path_or_query_is_told(served):
    for path, status in BAD_PATHS:
        answer = await served.raw("GET", f"/api/v1{path}", headers={"Authorization": f"Bearer {served.token}"})
        if status == 200:
            assert answer.status == 200
        else:
            await is_problem(answer, status)


async def test_another_method_is_told_what_is_allowed(served, route):
    path, _ = filled(served.rows, route)
    answer = await served.raw("DELETE", PREFIX + path)
    await is_problem(answer, 405)
    assert answer.headers["Allow"] == route.method


async def test_no_answer_is_kept_on_its_way(served, route):
    path, body = filled(served.rows, route)
    for token in (served.token, "wrong"):
        answer = await served.raw(route.method, PREFIX + path, json=body, headers={"Authorization": f"Bearer {token}"})
        assert (answer.headers["Cache-Control"], answer.headers["X-Content-Type-Options"]) == ("no-store", "nosniff")


async def test_a_comment_says_what_it_costs_and_rings_the_workers(served):
    case = served.rows.case()
    status, made = await served.call("POST", f"/cases/{case}/comments", {"text": "Vi kommer 🚗", "public": True})
    assert (status, made["sms"]) == (201, {"encoding": "UCS-2", "units": 12, "segments": 1})
    assert (made["comment"]["text"], made["comment"]["author_name"]) == ("Vi kommer 🚗", "Kari Lie")
    assert await asyncio.to_thread(served.rung.wait, 5)
    status, made = await served.call("POST", f"/cases/{case}/comments", {"text": "Notat", "public": False})
    assert (status, made["sms"]) == (201, None)


async def test_a_comment_of_a_system_names_who_wrote_it(served):
    served.rows.case()
    body = {"text": "Vi kommer", "public": True, "author": "Per Dal"}
    _, made = await served.call("POST", "/cases/IN-00000001/comments", body)
    assert made["comment"]["author_name"] == "Per Dal"


async def test_the_same_idempotency_key_makes_one_comment_even_at_once(served):
    case = served.rows.case()
    body = {"text": "Vi kommer", "public": True}
    calls = [
        served.call("POST", f"/cases/{case}/comments", body, headers={"Idempotency-Key": "abc 123"}) for _ in range(8)
    ]
    answers = await asyncio.gather(*calls)
    assert {status for status, _ in answers} == {201}
    assert len({made["comment"]["id"] for _, made in answers}) == 1
    _, seen = await served.call("GET", f"/cases/{case}")
    assert len(seen["comments"]) == 1
    status, problem = await served.call(
        "POST", f"/cases/{case}/comments", {**body, "public": False}, headers={"Idempotency-Key": "abc 123"}
    )
    assert (status, "Idempotency-Key" in problem["detail"]) == (422, True)


@pytest.mark.parametrize("key", ["", "x" * 201, "ø"])
async def test_an_idempotency_key_that_is_none_is_refused(served, key):
    served.rows.case()
    body = {"text": "Vi kommer", "public": True}
    status, _ = await served.call("POST", "/cases/IN-00000001/comments", body, headers={"Idempotency-Key": key})
    assert status == 400


async def test_who_changes_a_case_that_was_changed_is_told_its_revision(served):
    served.rows.case(revision=4)
    status, problem = await served.call("POST", "/cases/IN-00000001/status", {"status": "closed", "revision": 3})
    assert (status, problem["revision"]) == (409, 4)


async def test_an_unknown_status_is_answered_with_those_there_are(served):
    served.rows.case()
    status, problem = await served.call("POST", "/cases/IN-00000001/status", {"status": "burnt", "revision": 1})
    assert (status, problem["statuses"]) == (422, [status.id for status in grid().desk.statuses])


UNKNOWN_VALUES = (
    ("desk=nope", "desk", "must be one of: grid"),
    ("status=nope", "status", f"must be one of: {', '.join(status.id for status in grid().desk.statuses)}"),
    ("desk=grid&status=nope", "status", f"must be one of: {', '.join(status.id for status in grid().desk.statuses)}"),
    ("desk=nope&status=nope", "desk", "must be one of: grid"),
    ("desk=heat", "desk", "must be one of: grid"),
    ("state=open", "state", "there is no such name; must be one of: desk, status, open, q, limit, after"),
)


async def test_a_list_of_what_there_is_not_is_refused_with_what_there_is(served, other):
    other.case(status="burnt")
    for query, parameter, detail in UNKNOWN_VALUES:
        status, problem = await served.call("GET", f"/cases?{query}")
        assert (status, problem["faults"]) == (422, [{"in": parameter, "detail": detail}])


async def test_a_list_of_what_cases_from_before_have_is_a_list(served):
    served.rows.case(desk="old", status="burnt")
    for query, found in (("desk=old", 1), ("status=burnt", 1), ("desk=grid&status=received", 0)):
        status, page = await served.call("GET", f"/cases?{query}")
        assert (status, len(page["cases"])) == (200, found)


async def test_a_token_of_a_desk_may_ask_for_it_alone(served):
    served.rows.case()
    served.token = make_token(served.rows, desks=frozenset({"heat"}))
    assert await served.call("GET", "/cases?desk=heat") == (200, {"cases": [], "next": None})
    _, problem = await served.call("GET", "/cases?desk=grid")
    assert problem["faults"] == [{"in": "desk", "detail": "must be one of: heat"}]
    _, problem = await served.call("GET", "/cases?status=received")
    assert problem["faults"] == [{"in": "status", "detail": "there is none"}]


async def test_a_secret_whose_key_is_gone_is_said_to_be(served, rows):
    case = rows.case()
    field = rows.secret(case)
    with closing(sqlite3.connect(sqlite_file(rows.store.url))) as database:
        database.execute("UPDATE sealed_value SET sealed = 'gone' || sealed")
        database.commit()
    served.token = make_token(rows, full_numbers=True)
    status, problem = await served.call("POST", f"/cases/{case}/secrets/{field}")
    assert (status, "that is gone" in problem["detail"]) == (404, True)


async def test_a_number_of_two_desks_asks_which(served):
    served.rows.case(number="IN-1")
    served.rows.case(number="IN-1", desk="heat")
    assert (await served.call("GET", "/cases/IN-1"))[0] == 409
    assert (await served.call("GET", "/cases/IN-1?desk=heat"))[1]["desk"] == "heat"


async def test_a_value_that_does_not_fit_is_not_repeated(served):
    served.rows.case()
    _, problem = await served.call(
        "POST", "/cases/IN-00000001/comments", {"text": 1, "public": "+4790012345", "+4798765432": 1}
    )
    assert "+4790012345" not in json.dumps(problem)
    assert [fault["in"] for fault in problem["faults"]][:2] == ["text", "public"]


async def test_pages_follow_one_another(served):
    for _ in range(3):
        served.rows.case()
    _, first = await served.call("GET", "/cases?limit=2")
    _, second = await served.call("GET", f"/cases?limit=2&after={first['next']}")
    assert [one["number"] for one in first["cases"] + second["cases"]] == [f"IN-{n:08}" for n in (3, 2, 1)]
    assert second["next"] is None


async def test_a_new_token_is_good_at_once_and_a_revoked_one_soon_is_not(served, monkeypatch):
    assert (await served.call("GET", "/cases"))[0] == 200
    await asyncio.sleep(ASKED_AGAIN_S)
    served.token = make_token(served.rows, name="Per Dal")
    assert (await served.call("GET", "/cases"))[0] == 200
    store = served.rows.store
    with store.read() as session:
        lines = tokens.listed(session)
    for line in lines:
        await store.write_async(lambda work, one=line.id: tokens.revoke(work, one))
    monkeypatch.setattr("gateway.doors.bearer.FRESH_S", 0.0)
    assert (await served.call("GET", "/cases"))[0] == 401


async def test_who_tries_many_wrong_tokens_is_braked_and_a_right_one_is_not(served):
    good, served.token = served.token, "caseline_k1_wrong"
    answers = [(await served.call("GET", "/cases"))[0] for _ in range(WRONG_AT_MOST + 2)]
    assert answers == [401] * WRONG_AT_MOST + [429] * 2
    served.token = good
    assert (await served.call("GET", "/cases"))[0] == 200


async def test_a_store_that_cannot_be_read_is_503_without_a_word_of_it(served):
    store = served.rows.store
    database = sqlite_file(store.url)
    with store.read() as kept:
        kept.connection()  # the one that is open already would still find the file
        for end in ("", "-wal", "-shm"):
            database.with_name(database.name + end).unlink(missing_ok=True)
        database.write_text("+4790012345" * 100)
        answer = await served.raw("GET", "/api/v1/cases", headers={"Authorization": f"Bearer {served.token}"})
    await is_problem(answer, 503)
    assert answer.headers["Retry-After"] == "5"
    assert "+4790012345" not in await answer.text()


@pytest.fixture
def silence():
    """Who asks waits here, until the test is over."""
    over = threading.Event()
    yield lambda *_: over.wait(20)
    over.set()


async def test_a_store_that_is_silent_about_tokens_is_503_in_time(served, monkeypatch, silence):
    monkeypatch.setattr("storage.tokens.live", silence)
    monkeypatch.setattr("gateway.doors.bearer.READ_WITHIN_S", 0.2)
    answers = await asyncio.gather(*(served.call("GET", "/cases") for _ in range(3)))
    assert [status for status, _ in answers] == [503] * 3


async def test_slow_searches_hold_up_no_look_at_a_token(served, monkeypatch, silence):
    monkeypatch.setattr("storage.case_views.list_cases", silence)
    slow = [asyncio.create_task(served.call("GET", "/cases")) for _ in range(40)]
    await asyncio.sleep(0.5)
    monkeypatch.setattr("gateway.doors.bearer.FRESH_S", 0.0)
    async with asyncio.timeout(5):
        assert (await served.call("POST", "/cases/none/status", {"status": "done", "revision": 1}))[0] == 404
    for one in slow:
        one.cancel()


async def test_a_fault_of_ours_is_500_without_a_word_of_it(served, monkeypatch):
    def fail(*_args):
        raise ValueError("+4790012345")

    monkeypatch.setattr("storage.case_views.list_cases", fail)
    answer = await served.raw("GET", "/api/v1/cases", headers={"Authorization": f"Bearer {served.token}"})
    await is_problem(answer, 500)
    assert "+4790012345" not in await answer.text()


async def test_the_document_is_served_to_anybody(served):
    answer = await served.raw("GET", "/api/v1/openapi.json")
    assert await answer.json() == json.loads(json.dumps(document(ROUTES)))
