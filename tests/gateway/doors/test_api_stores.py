"""The API on each database: every operation once, and the same call by many at once."""

import asyncio

import pytest

from gateway.doors.api.table import ROUTES
from tests.gateway.doors.conftest import make_token
from tests.gateway.doors.test_api import filled
from tests.storage.case_rows import Rows, opened_store


@pytest.fixture
def rows(store_place):
    with opened_store(store_place) as store:
        yield Rows(store).begin()


async def test_every_operation_is_done(served):
    served.token = make_token(served.rows, full_numbers=True)
    for route in ROUTES:
        path, body = filled(served.rows, route)
        status, answer = await served.call(route.method, path, body)
        assert status == route.status, (route.path, answer)


async def test_what_no_database_can_hold_is_refused_before_it(served):
    for path in ("/cases/a%00b", "/messages/%00", "/cases/%ff"):
        assert (await served.call("GET", path))[0] == 404
    for query in ("q=a%00b", "desk=%00", "status=%00", "after=%00"):
        assert (await served.call("GET", f"/cases?{query}"))[0] == 422


async def test_of_many_who_move_a_case_on_at_once_one_does(served):
    served.rows.case()
    calls = [
        served.call("POST", "/cases/IN-00000001/status", {"status": status, "revision": 1})
        for status in ("in_progress", "done", "closed", "waiting_for_customer")
    ]
    statuses = sorted(status for status, _ in await asyncio.gather(*calls))
    assert statuses == [200, 409, 409, 409]


async def test_a_key_at_once_on_two_cases_makes_one_comment(served):
    cases = [served.rows.case() for _ in range(2)]
    body, headers = {"text": "Vi kommer", "public": True}, {"Idempotency-Key": "k"}
    calls = [served.call("POST", f"/cases/{case}/comments", body, headers=headers) for case in cases]
    assert sorted(status for status, _ in await asyncio.gather(*calls)) == [201, 422]
