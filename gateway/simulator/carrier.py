"""A stand-in of Twilio, for the terminal phone and for all tests: the API, the webhooks, and bad days.

The vendor's own client talks to it over loopback; what it posts is signed by the vendor's own code. With
`protocol="generic"` it is a carrier with a plain JSON API instead, and all else is the same. It keeps
everything in memory, in the order in which it happened, and blocks after STOP as the carrier does.

In the process that starts it::

    with run(auth_token="secret", gateway_url="http://127.0.0.1:8080") as carrier:
        carrier.url                                              # CASELINE_TWILIO_API_URL
        carrier.text("+4790000001", "+4759440000", "Linja henger lavt").status   # what the gateway answered
        carrier.wait_for(to="+4790000001")[0].body
        carrier.make_trouble(Trouble(answer="cut", times=1), "+4790000001")

From another process, all JSON (`Content-Type: application/json`; a mistake is 400 with the reason):

- `GET /control/messages?after=N&wait_s=10` waits until there is a message beyond N (0: from the first), then
  `{"messages": [{"n", "sid", "direction", "from", "to", "body", "segments", "status", "error_code", "status_url",
  "at_s"}], "next": N}`; empty when time is up. `to=`, `from=` and `direction=` (`inbound`, `outbound-api`) narrow it.
- `GET /control/journal?after=N`: every state, refusal, webhook and receipt so far,
  `{"entries": [{"n", "at_s", "kind", "sid", "what", "recipient"}], "next": N}`.
- `POST /control/text {"from", "to", "body", "sid"?, "media"?}`: a phone sends a text. Answers when the
  gateway has: `{"sid", "status", "attempts", "body"}`, status 0 when it did not. The same `sid` is the same
  text, delivered again.
- `POST /control/receipt {"sid", "status", "error_code"?}`: a receipt by hand; answers likewise.
- `PUT /control/trouble {"to"?, …}`: the fields of `Trouble`; without `to` for every recipient that has no
  trouble of its own. `GET` shows them, `DELETE` clears them all.
- `PUT /control/gateway {"url", "public_url"?}`: where the gateway is.

It listens on loopback and nowhere else, and asks nobody who he is under `/control`.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager
from typing import Any, Final, Self, TypeVar

import aiohttp
from aiohttp import web

from gateway.simulator.carrier_control import Control, answer_bad_requests
from gateway.simulator.carrier_posts import Posted, Posts
from gateway.simulator.carrier_rest import Rest
from gateway.simulator.carrier_state import Carrier, Entry, Message, Protocol, Trouble
from gateway.simulator.generic_carrier import GenericPosts, GenericRest

__all__ = ["Carrier", "CarrierThread", "Entry", "Message", "Posted", "Trouble", "run", "serving"]

HOST: Final = "127.0.0.1"
STOP_WITHIN_S: Final = 10.0
PROTOCOLS: Final[Mapping[Protocol, tuple[type[Posts], type[Rest]]]] = {
    "twilio": (Posts, Rest),
    "generic": (GenericPosts, GenericRest),
}

Result = TypeVar("Result")


@asynccontextmanager
async def serving(carrier: Carrier, port: int = 0) -> AsyncIterator[tuple[str, Posts]]:
    """Serve it on the running loop; gives the address and what posts. Port 0: any that is free."""
    connector = aiohttp.TCPConnector(force_close=not carrier.keeps_connections, limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        posts_of, rest_of = PROTOCOLS[carrier.protocol]
        posts = posts_of(carrier, session)
        app = web.Application(middlewares=[answer_bad_requests])
        app.add_routes(rest_of(carrier, posts).routes())
        app.add_routes(Control(carrier, posts).routes())
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        try:
            site = web.TCPSite(runner, HOST, port)
            await site.start()
            yield f"http://{HOST}:{runner.addresses[0][1]}", posts
        finally:
            await posts.close()
            await runner.cleanup()


def run(port: int = 0, **settings: Any) -> "CarrierThread":
    """Start one in a thread of its own; close it, or use it in `with`. `settings` are fields of `Carrier`."""
    return CarrierThread(Carrier(**settings), port).start()


class CarrierThread:
    """A carrier on a loop of its own, to be used from any other thread."""

    def __init__(self, carrier: Carrier, port: int = 0) -> None:
        self.carrier = carrier
        self.url = ""
        self._port = port
        self._ready: Future[tuple[str, Posts, asyncio.AbstractEventLoop, asyncio.Event]] = Future()
        self._thread = threading.Thread(target=self._main, name="carrier", daemon=True)

    def start(self) -> Self:
        """Returns when it listens. Raises OSError when the port is taken."""
        self._thread.start()
        self.url, self._posts, self._loop, self._stop = self._ready.result(STOP_WITHIN_S)
        return self

    def close(self) -> None:
        """Stop listening; what it knows can still be read."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(STOP_WITHIN_S)

    def __enter__(self) -> Self:
        return self if self.url else self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    def text(self, sender: str, recipient: str, body: str, sid: str | None = None, media_count: int = 0) -> Posted:
        """A phone sends a text; returns how the gateway answered."""
        return self._do(self._posts.text(sender, recipient, body, sid, media_count))

    def receipt(self, sid: str, status: str, error_code: int | None = None) -> Posted:
        """Report a state of a message that the gateway sent. Raises KeyError when there is none."""
        message = self.carrier.find(sid)
        if message is None:
            raise KeyError(sid)
        return self._do(self._posts.receipt(message, status, error_code))

    def make_trouble(self, trouble: Trouble, recipient: str | None = None) -> None:
        """From the next request on; for one recipient, or for all who have none of their own."""
        self.carrier.make_trouble(trouble, recipient)

    def clear_troubles(self) -> None:
        """Work again."""
        self.carrier.clear_troubles()

    def messages(self, to: str | None = None, sender: str | None = None) -> Sequence[Message]:
        """What it has taken from the gateway so far, oldest first."""
        return [message for message in list(self.carrier.messages) if _is_outbound(message, to, sender)]

    def journal(self) -> Sequence[Entry]:
        """All that has happened so far."""
        return list(self.carrier.journal)

    def wait_for(
        self, to: str | None = None, sender: str | None = None, at_least: int = 1, wait_s: float = 10.0
    ) -> Sequence[Message]:
        """The same as `messages`, once there are so many. Raises TimeoutError."""
        found = self._do(self.carrier.wait_for(lambda message: _is_outbound(message, to, sender), 0, at_least, wait_s))
        if len(found) < at_least:
            raise TimeoutError(f"{len(found)} of {at_least} messages after {wait_s} s")
        return found

    def _do(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _main(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as fault:
            if not self._ready.done():
                self._ready.set_exception(fault)
            else:
                raise

    async def _serve(self) -> None:
        stop = asyncio.Event()
        async with serving(self.carrier, self._port) as (url, posts):
            self._ready.set_result((url, posts, asyncio.get_running_loop(), stop))
            await stop.wait()


def _is_outbound(message: Message, to: str | None, sender: str | None) -> bool:
    addressed = to in (None, message.recipient) and sender in (None, message.sender)
    return addressed and message.direction == "outbound-api"
