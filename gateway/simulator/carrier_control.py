"""The stand-in's control endpoints, for a terminal or a test in another process; `carrier` documents them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Any, Final, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from gateway.simulator.carrier_posts import Posts
from gateway.simulator.carrier_state import SID, Carrier, Message, Trouble

WAIT_AT_MOST_S: Final = 60.0


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class _Text(_Asked):
    sender: str = Field(alias="from")
    to: str
    body: str
    sid: str | None = None
    media: int = 0


class _Receipt(_Asked):
    sid: str
    status: str
    error_code: int | None = None


class _Gateway(_Asked):
    url: str
    public_url: str = ""


class _Trouble(_Asked):
    to: str | None = None
    trouble: Trouble


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Asked = TypeVar("Asked", bound=_Asked)


class Control:
    """The handlers, for one carrier."""

    def __init__(self, carrier: Carrier, posts: Posts) -> None:
        self._carrier = carrier
        self._posts = posts

    def routes(self) -> list[web.RouteDef]:
        """All under `/control`."""
        return [
            web.get("/control/messages", self.messages),
            web.get("/control/journal", self.journal),
            web.post("/control/text", self.text),
            web.post("/control/receipt", self.receipt),
            web.get("/control/trouble", self.troubles),
            web.put("/control/trouble", self.make_trouble),
            web.delete("/control/trouble", self.clear_troubles),
            web.put("/control/gateway", self.set_gateway),
        ]

    async def messages(self, request: web.Request) -> web.Response:
        """Those beyond a cursor; waits until there is one that is wanted."""
        query = request.query
        after, seen = int(query.get("after", 0)), len(self._carrier.messages)
        wait_s = min(float(query.get("wait_s", 0)), WAIT_AT_MOST_S)
        found = await self._carrier.wait_for(lambda message: _wanted(message, query), after, wait_s=wait_s)
        shown = [_shown(message) for message in found]
        return web.json_response({"messages": shown, "next": shown[-1]["n"] if shown else max(after, seen)})

    async def journal(self, request: web.Request) -> web.Response:
        """Everything that happened beyond a cursor."""
        after = int(request.query.get("after", 0))
        entries = [asdict(entry) for entry in self._carrier.journal[after:]]
        return web.json_response({"entries": entries, "next": after + len(entries)})

    async def text(self, request: web.Request) -> web.Response:
        """A phone sends a text; answers with what the gateway answered."""
        asked = _read(_Text, await request.json())
        if asked.sid is not None and not SID.fullmatch(asked.sid):
            raise _refused("sid is not SM or MM and 32 hexadecimal digits")
        posted = await self._posts.text(asked.sender, asked.to, asked.body, asked.sid, asked.media)
        return web.json_response(asdict(posted))

    async def receipt(self, request: web.Request) -> web.Response:
        """A receipt by hand, of any state, true or not."""
        asked = _read(_Receipt, await request.json())
        message = self._carrier.find(asked.sid)
        if message is None or not message.status_url:
            raise _refused("no message of that sid has a status address")
        posted = await self._posts.receipt(message, asked.status, asked.error_code)
        return web.json_response(asdict(posted))

    async def troubles(self, _request: web.Request) -> web.Response:
        """The troubles that are on."""
        mine = {recipient: asdict(trouble) for recipient, trouble in self._carrier.troubles.items()}
        return web.json_response({"all": asdict(self._carrier.trouble), "recipients": mine})

    async def make_trouble(self, request: web.Request) -> web.Response:
        """For one recipient, or for all."""
        given = await request.json()
        if isinstance(given, dict):
            to = given.pop("to", None)
            given = {"to": to, "trouble": given}
        asked = _read(_Trouble, given)
        self._carrier.make_trouble(asked.trouble, asked.to)
        return web.json_response({})

    async def clear_troubles(self, _request: web.Request) -> web.Response:
        """All of them."""
        self._carrier.clear_troubles()
        return web.json_response({})

    async def set_gateway(self, request: web.Request) -> web.Response:
        """Where the gateway is now."""
        asked = _read(_Gateway, await request.json())
        self._carrier.gateway_url, self._carrier.public_url = asked.url, asked.public_url
        return web.json_response({})


@web.middleware
async def answer_bad_requests(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A wrong figure or broken JSON is the caller's fault: 400, with the reason.

    Only JSON is taken, so that no page in a browser can post here without being asked.
    """
    changes = request.method in ("POST", "PUT") and request.path.startswith("/control/")
    if changes and request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    try:
        return await handler(request)
    except ValueError as fault:
        raise _refused(str(fault)) from None


def _read(kind: type[Asked], given: Any) -> Asked:
    try:
        return TypeAdapter(kind).validate_python(given)
    except ValidationError as fault:
        raise _refused(fault.json(include_url=False)) from None


def _refused(reason: str) -> web.HTTPBadRequest:
    return web.HTTPBadRequest(text=reason)


def _wanted(message: Message, query: Mapping[str, str]) -> bool:
    return (
        query.get("to", message.recipient) == message.recipient
        and query.get("from", message.sender) == message.sender
        and query.get("direction", message.direction) == message.direction
    )


def _shown(message: Message) -> dict[str, Any]:
    return {
        "n": message.n,
        "sid": message.sid,
        "direction": message.direction,
        "from": message.sender,
        "to": message.recipient,
        "body": message.body,
        "segments": message.segments,
        "status": message.status,
        "error_code": message.error_code,
        "status_url": message.status_url,
        "at_s": message.at_s,
    }
