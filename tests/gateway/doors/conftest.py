"""A store with rows, tokens for them, and the API on a real server on loopback."""

import threading
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import BaseTestServer, TestServer
from structlog.testing import capture_logs

from gateway.doors import api
from gateway.doors.bearer import Bearers
from gateway.doors.deps import Deps
from gateway.doors.edge import answer_faults
from storage import tokens
from storage.tokens import Grant
from tests.storage.case_rows import DICE, Rows, opened_store


@pytest.fixture(autouse=True)
def logged():
    """What was logged, as events; nothing is printed."""
    with capture_logs() as events:
        yield events


@pytest.fixture
def rows(sqlite):
    """Storage is tested on both databases; the doors on one, but for what another file asks for."""
    with opened_store(sqlite) as store:
        yield Rows(store).begin()


@pytest.fixture
def other(rows):
    """Another tenant, with a case of the same number."""
    return Rows(rows.store, tenant="fjern", desk="heat", our_number="+4759440999").begin()


@dataclass
class Api:
    """The API as a client meets it. `events` is what was counted, `rung` whether the workers were told."""

    rows: Rows
    server: BaseTestServer
    client: aiohttp.ClientSession
    token: str
    events: list[str] = field(default_factory=list)
    rung: threading.Event = field(default_factory=threading.Event)

    async def call(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        """The status and the JSON of a call with the token."""
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        answer = await self.raw(method, f"/api/v1{path}", json=body, headers=headers, **more)
        return answer.status, await answer.json(content_type=None)

    async def raw(self, method: str, path: str, **more: Any) -> aiohttp.ClientResponse:
        """Any request at all."""
        return await self.client.request(method, self.server.make_url(path), **more)


def make_token(rows: Rows, **grant: Any) -> str:
    """A token of the rows' tenant."""
    token = tokens.new_token(rows.store.keys)
    wanted = Grant(**({"tenant": rows.tenant, "name": "Kari Lie"} | grant))
    rows.store.write(lambda work: tokens.create(work, DICE, token, wanted)).result()
    return token


@pytest.fixture
async def served(rows):
    events: list[str] = []
    rung = threading.Event()
    deps = Deps(
        store=rows.store,
        fronts=rows.fronts(),
        providers={},
        dice=DICE,
        bearers=Bearers(rows.store),
        ring=rung.set,
        count=events.append,
    )
    app = web.Application(middlewares=[answer_faults])
    app.add_routes(api.routes(deps))
    async with TestServer(app) as server, aiohttp.ClientSession() as client:
        yield Api(rows, server, client, make_token(rows), events, rung)
