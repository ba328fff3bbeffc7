"""A request's body: read once, whole, bounded in size and time."""

import asyncio
from typing import Final

from aiohttp import ClientError, web
from aiohttp.http_exceptions import HttpProcessingError

WITHIN_S: Final = 10.0


class BadBody(Exception):
    """The body cannot be had: answer `status` (4xx). The reason may be shown and logged."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


async def read_body(request: web.Request, at_most_bytes: int) -> bytes:
    """The body as it was sent.

    Raises BadBody: compressed (415; nobody who writes to us needs to, and it hides a size), longer than
    allowed (413), not there after 10 s (408), or broken on its way (400).
    """
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise BadBody(415, "a compressed body is not taken")
    if request.content_length is not None and request.content_length > at_most_bytes:
        raise _too_long(at_most_bytes)
    try:
        # Nearly always all of it came with the head: then there is nothing to wait for.
        async with asyncio.timeout(None if request.content.is_eof() else WITHIN_S):
            return await _collected(request, at_most_bytes)
    except TimeoutError:
        raise BadBody(408, "the body did not come within 10 seconds") from None
    except (ClientError, HttpProcessingError, OSError):
        raise BadBody(400, "the body is broken") from None


async def _collected(request: web.Request, at_most_bytes: int) -> bytes:
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > at_most_bytes:
            raise _too_long(at_most_bytes)
    return bytes(body)


def _too_long(at_most_bytes: int) -> BadBody:
    return BadBody(413, f"the body is longer than {at_most_bytes} bytes")
