"""The door for texts on a real server on loopback, with the turns and the store behind it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import BaseTestServer, TestServer
from sqlmodel import SQLModel, select
from yarl import URL

from gateway.doors import sms
from gateway.doors.bearer import Bearers
from gateway.doors.deps import Deps, TextProvider
from gateway.doors.edge import answer_faults
from gateway.ready import make_ready
from storage.set_up import set_up
from storage.work import Store
from tests.channels.providers import KITS
from tests.channels.twilio_posts import ACCOUNT, PATH, changed, encoded, headers
from tests.stages import loaded
from tests.storage.case_rows import DICE, KEYS, create_tables
from tests.stored_stage import Clock


@dataclass
class TextDoor:
    """The door, what it counted, and whether it rang."""

    store: Store
    clock: Clock
    server: BaseTestServer
    client: aiohttp.ClientSession
    events: list[str] = field(default_factory=list)
    rung: threading.Event = field(default_factory=threading.Event)

    async def post(self, body: Any, sent: dict[str, str], path: str = PATH) -> tuple[int, str]:
        """Any bytes, or what gives them; the status and the text of the answer."""
        url = URL(f"http://{self.server.host}:{self.server.port}{path}", encoded=True)
        async with self.client.post(url, data=body, headers=sent) as answer:
            return answer.status, await answer.text()

    async def text(self, **changes: Any) -> tuple[int, str]:
        """A signed text."""
        form = changed("text", changes)
        return await self.post(encoded(form), headers(form))

    async def receipt(self, signed: str, **changes: Any) -> tuple[int, str]:
        """A signed receipt."""
        form, path = changed("receipt", changes), f"{PATH}/status/{signed}"
        return await self.post(encoded(form), headers(form, ACCOUNT.public_url + path), path)

    async def at_once(self, calls: Iterable[Any]) -> list[Any]:
        """All of these together."""
        return list(await asyncio.gather(*calls))

    def rows(self, table: type[SQLModel]) -> list[Any]:
        """All rows of a table, in the order of their ids."""
        with self.store.read() as session:
            return list(session.exec(select(table).order_by(table.id)))  # type: ignore[attr-defined]

    def pass_time(self, by: timedelta) -> None:
        """The clock moves on."""
        self.clock.now += by


@asynccontextmanager
async def text_door(place: Any, name: str = "twilio") -> AsyncIterator[TextDoor]:
    """The door of a provider with the grid company's desk behind it, on a database of its own."""
    kit = KITS[name]
    url = place.create(create_tables)
    clock = Clock()
    store = Store(url, KEYS, clock)
    fronts = set_up(
        store,
        [loaded("grid")],
        lambda channel, _: kit.account if channel == "sms" else None,
        make_ready,
        DICE,
    )
    events: list[str] = []
    rung = threading.Event()
    deps = Deps(
        store=store,
        fronts=fronts,
        providers={name: TextProvider(kit.account, kit.receiver, kit.provider.answer)},
        dice=DICE,
        bearers=Bearers(store),
        ring=rung.set,
        count=events.append,
    )
    app = web.Application(middlewares=[answer_faults])
    app.add_routes(sms.routes(deps))
    try:
        async with TestServer(app) as server, aiohttp.ClientSession() as client:
            yield TextDoor(store, clock, server, client, events, rung)
    finally:
        store.close()
        place.drop(url)
