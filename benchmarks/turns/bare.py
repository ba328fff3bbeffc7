"""The bare server: `gateway serve`'s aiohttp behind its edge, which checks a post's signature and answers.

`python -m benchmarks.turns.bare TOKEN` prints its port, and serves until SIGTERM.
"""

import asyncio
import signal
import socket
import sys
from urllib.parse import parse_qsl

from aiohttp import web

from benchmarks.turns.script import PATH, PUBLIC_URL
from channels.sms.twilio.signature import is_signed, spellings
from gateway.app import BODY_AT_MOST_BYTES
from gateway.doors.edge import answer_faults
from gateway.serve import answering


def application(token: str) -> web.Application:
    """One route: 200 where the token signed the form, else 403."""
    urls = spellings(PUBLIC_URL + PATH)

    async def answer(request: web.Request) -> web.Response:
        form = parse_qsl((await request.read()).decode(), keep_blank_values=True)
        if not is_signed([(token, "sha1")], urls, form, request.headers.get("X-Twilio-Signature")):
            return web.Response(status=403)
        return web.Response(text="<Response/>", content_type="text/xml")

    app = web.Application(middlewares=[answer_faults], client_max_size=BODY_AT_MOST_BYTES)
    app.add_routes([web.post(PATH, answer)])
    return app


async def _serve(token: str) -> None:
    stop = asyncio.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signum, stop.set)
    listening = socket.create_server(("127.0.0.1", 0))
    async with answering(application(token), listening):
        print(listening.getsockname()[1], flush=True)
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1]))
