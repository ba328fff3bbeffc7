"""`gateway serve`: the HTTP doors, and, where there is no Redis, the one `gateway work` as its child."""

import asyncio
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

import structlog
from aiohttp import web

from gateway.app import web_application
from gateway.config import Faults
from gateway.connections import Connections
from gateway.desks import Loaded
from gateway.ending import die_with, end_in_time
from gateway.house import House, opened
from gateway.jobs.bell import Bell
from gateway.jobs.queues import Queues, broker
from gateway.settings import PREFIX, Address, Settings

# A header, and the pause between two requests, may take so long; half a request must be gone within 15 s.
IDLE_S: Final = 10.0
CONNECTIONS_AT_MOST: Final = 512
BACKLOG: Final = 512
NOT_HTTP: Final = "This cannot be read as HTTP.\n"
# To the end: requests in hand and the child side by side, then the store. aiohttp waits twice for a request.
FINISH_WITHIN_S: Final = 1.5
CHILD_WITHIN_S: Final = 6.5
FIRST_PAUSE_S: Final = 0.2
LONGEST_PAUSE_S: Final = 2.0
LIVED_S: Final = 30.0

log = structlog.get_logger()


def serve(settings: Settings, desks: tuple[Loaded, ...], parent: int | None = None) -> None:
    """Serve until SIGTERM or Ctrl-C, as the child of the process `parent` also until that has gone, and end within ten
    seconds. Raises Faults where the port is taken."""
    die_with(parent)
    listening = _bound(settings.http)
    host, port = listening.getsockname()[:2]
    settings = settings.model_copy(update={"http": Address(host, port)})
    with opened(settings, desks) as house:
        asyncio.run(_serve(house, listening))
    log.info("stopped")


async def _serve(house: House, listening: socket.socket) -> None:
    stop = asyncio.Event()

    def heed() -> None:
        end_in_time()
        stop.set()

    for signum in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signum, heed)
    feed = _by_redis(house.settings) if house.settings.redis_url else _by_child(house.settings, stop)
    async with feed as (ring, warn), answering(web_application(house, ring, warn), listening):
        log.info("listening", at=f"http://{house.settings.http}", development=house.settings.development)
        await stop.wait()
        log.info("stopping")


@asynccontextmanager
async def answering(application: web.Application, listening: socket.socket) -> AsyncIterator[None]:
    """Answer on this socket until the block ends, with bounds on what a caller may hold open."""
    runner = web.AppRunner(
        application,
        access_log=None,
        keepalive_timeout=IDLE_S,
        lingering_time=2.0,
        shutdown_timeout=FINISH_WITHIN_S,
        handler_cancellation=False,
    )
    await runner.setup()
    serving, loop = runner.server, asyncio.get_running_loop()
    assert serving is not None
    protocol = Connections(lambda: _Http(serving, loop=loop, **serving._kwargs), CONNECTIONS_AT_MOST)
    server = await loop.create_server(protocol, sock=listening, backlog=BACKLOG)
    try:
        yield
    finally:
        server.close()
        await runner.cleanup()


class _Http(web.RequestHandler):
    """aiohttp's own, but its answer to what cannot be read quotes nothing of it: no error page tells what was sent."""

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what cannot be read."""
        return super().handle_error(request, status, exc, message and NOT_HTTP)


Feed = tuple[Callable[[], object], Callable[[], str | None]]


@asynccontextmanager
async def _by_redis(settings: Settings) -> AsyncIterator[Feed]:
    queues = Queues(lambda: broker(settings.redis_url))
    bell = Bell(queues.ring)
    try:
        yield bell.ring, lambda: "the bell does not ring: Redis is away" if bell.is_broken else None
    finally:
        await asyncio.to_thread(bell.close)
        queues.close()


@asynccontextmanager
async def _by_child(settings: Settings, stop: asyncio.Event) -> AsyncIterator[Feed]:
    child = Child(settings, stop)
    bell = Bell(child.pull)
    watching = asyncio.create_task(child.keep())
    try:
        yield bell.ring, lambda: None if child.is_alive else "the child that sends is being started again"
    finally:
        stop.set()
        await asyncio.to_thread(bell.close)
        await watching


class Child:
    """The one `gateway work` of this process: started, started again when it dies, and ended in order at `stop`."""

    def __init__(self, settings: Settings, stop: asyncio.Event) -> None:
        self._environment = {**os.environ, f"{PREFIX}PUBLIC_URL": settings.reached_at}
        self._process: asyncio.subprocess.Process | None = None
        self._rope: int | None = None
        # A descriptor that is closed may be a caller's connection a moment later: nobody may write to it then.
        self._at_rope = threading.Lock()
        self._stop = stop

    @property
    def is_alive(self) -> bool:
        """Whether there is one at the moment."""
        return self._process is not None and self._process.returncode is None

    def pull(self) -> None:
        """Ring it; from any thread. A full pipe has rung already, and a broken one has no reader to ring."""
        with self._at_rope, suppress(BlockingIOError, BrokenPipeError):
            if self._rope is not None:
                os.write(self._rope, b".")

    async def keep(self) -> None:
        """Have one running until `stop`, and then none."""
        pause_s = FIRST_PAUSE_S
        while not self._stop.is_set():
            began = time.monotonic()
            code = await self._run()
            if self._stop.is_set():
                return
            pause_s = FIRST_PAUSE_S if time.monotonic() - began > LIVED_S else min(pause_s * 2, LONGEST_PAUSE_S)
            log.error("the child that sends has died, and is started again", code=code, after_s=pause_s)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), pause_s)

    async def _run(self) -> int:
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        try:
            try:
                self._process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "gateway", "work", "--child-of", str(os.getpid())),
                    stdin=reading,
                    env=self._environment,
                )
            finally:
                os.close(reading)
            self._rope = writing
            ended = asyncio.create_task(self._process.wait())
            stopping = asyncio.create_task(self._stop.wait())
            await asyncio.wait((ended, stopping), return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            if not ended.done():
                await _end(self._process)
            return await ended
        finally:
            with self._at_rope:
                self._rope = None
                os.close(writing)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Let it finish what it sends."""
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), CHILD_WITHIN_S)
    except TimeoutError:
        log.error("the child that sends did not end, and is killed")
        process.kill()


def _bound(address: Address) -> socket.socket:
    """The socket that will listen. Raises Faults."""
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, place = found[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(place)
    except OSError as error:
        raise Faults([f"{PREFIX}HTTP: cannot listen on {address}: {error.strerror}"]) from None
    return listening
