"""`/healthz` and `/readyz`, and what the edge makes of what goes wrong."""

import json
import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from conversations.effects import DeliveryClass
from gateway.doors import ops
from gateway.doors.bodies import BadBody
from gateway.doors.edge import answer_faults
from gateway.jobs.sweep import LEASE
from storage.leases import take_lease
from storage.work import StoreClosed
from tests.storage.outbox_rows import opened_outbox


class Ops:
    def __init__(self, outbox) -> None:
        self.outbox, self.has_tables = outbox, True
        self.warning: str | None = None
        self.client: Any = None
        self.app = web.Application(middlewares=[answer_faults])
        self.app.add_routes(ops.routes(outbox.store, lambda: self.warning, lambda: self.has_tables))

    def work(self) -> None:
        """A process that sends holds the lease."""
        self.outbox.write(lambda work: take_lease(work, LEASE, "one"))

    async def ready(self):
        async with self.client.get("/readyz") as answer:
            return answer.status, await answer.json()


@pytest.fixture
async def opened(sqlite, monkeypatch) -> AsyncIterator[Ops]:
    monkeypatch.setattr(ops, "ASKED_AGAIN_S", 0.0)
    with opened_outbox(sqlite) as outbox:
        one = Ops(outbox)
        async with TestClient(TestServer(one.app)) as client:
            one.client = client
            yield one


async def test_ready_is_a_store_that_takes_and_somebody_who_sends(opened):
    opened.work()
    assert await opened.ready() == (
        200,
        {"ready": True, "reasons": [], "warnings": [], "oldest_due_s": None, "oldest_urgent_due_s": None},
    )


async def test_not_ready_where_nobody_sends(opened):
    status, told = await opened.ready()
    assert (status, told["reasons"]) == (503, ["nobody sends: no `gateway work` is at work"])
    opened.work()
    assert (await opened.ready())[0] == 200
    opened.outbox.pass_time(16)
    assert (await opened.ready())[0] == 503


async def test_not_ready_on_tables_of_another_version(opened):
    opened.work()
    opened.has_tables = False
    status, told = await opened.ready()
    assert (status, told["reasons"]) == (503, ["the tables are not of this version: run `gateway migrate`"])


async def test_not_ready_where_the_store_takes_nothing(opened):
    opened.work()
    opened.outbox.store.close()
    status, told = await opened.ready()
    assert (status, told["reasons"]) == (503, ["the store takes nothing (StoreClosed)"])
    opened.outbox.store = type(opened.outbox)(opened.outbox.url).store


async def test_a_broken_bell_and_texts_that_wait_are_warnings_for_intake_goes_on(opened):
    opened.work()
    opened.warning = "the bell does not ring: Redis is away"
    sender = opened.outbox.add_sender()
    opened.outbox.put(sender, delivery_class=DeliveryClass.REMINDER, due_at=opened.outbox.now - timedelta(hours=2))
    opened.outbox.put(sender, delivery_class=DeliveryClass.DANGER, due_at=opened.outbox.now - timedelta(seconds=61))
    assert await opened.ready() == (
        200,
        {
            "ready": True,
            "reasons": [],
            "warnings": ["the bell does not ring: Redis is away", "danger or a code has waited for over a minute"],
            "oldest_due_s": 7200.0,
            "oldest_urgent_due_s": 61.0,
        },
    )


async def test_healthz_asks_nobody(opened):
    opened.outbox.store.close()
    async with opened.client.get("/healthz") as answer:
        assert (answer.status, await answer.text()) == (200, "alive\n")
    opened.outbox.store = type(opened.outbox)(opened.outbox.url).store


FAULTS = [
    (BadBody(413, "the body is longer than 9 bytes"), 413, "the body is longer than 9 bytes\n"),
    (StoreClosed("closed"), 503, "the store cannot be reached; try again\n"),
    (TimeoutError(), 503, "the store cannot be reached; try again\n"),
    (
        OperationalError("INSERT", {"text": "Eva"}, psycopg.OperationalError("the connection is lost")),
        503,
        "the store cannot be reached; try again\n",
    ),
    (sqlite3.OperationalError("no such table: Eva"), 500, "this is our fault; it has been noted\n"),
    (KeyError("Eva"), 500, "this is our fault; it has been noted\n"),
    (web.HTTPNotFound(text="nothing here"), 404, "nothing here"),
]


@pytest.mark.parametrize(("fault", "status", "text"), FAULTS)
async def test_the_edge_says_whose_fault_it_is_and_no_more(fault, status, text):
    async def door(_request):
        raise fault

    with capture_logs() as lines:
        assert await ask(door, b"") == (status, text)
    assert "Eva" not in json.dumps([{**line, "exc_info": None} for line in lines], default=str)


BODIES = [
    ("json", "application/json", b"[" * 50_000),
    ("json", "application/json", b'{"a": '),
    ("json", "application/json", b"\xff\xfe"),
    ("json", "application/json; charset=bogus", b"{}"),
    ("post", "multipart/form-data", b"--x"),
    ("post", "multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n"),
    ("post", "application/x-www-form-urlencoded; charset=nope", b"a=1"),
    ("text", "text/plain; charset=nope", b"x"),
]


@pytest.mark.parametrize(("read", "content_type", "body"), BODIES)
async def test_a_body_that_cannot_be_read_is_the_callers_fault(read, content_type, body):
    async def door(request):
        await getattr(request, read)()
        return web.Response()

    assert await ask(door, body, content_type) == (400, "the body cannot be read\n")


async def ask(door, body: bytes, content_type: str = "text/plain"):
    app = web.Application(middlewares=[answer_faults])
    app.add_routes([web.post("/", door)])
    headers = {"Content-Type": content_type}
    async with TestClient(TestServer(app)) as client, client.post("/", data=body, headers=headers) as answer:
        return answer.status, await answer.text()
