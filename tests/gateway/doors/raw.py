"""Requests that no client makes, byte by byte."""

import asyncio
import re

from aiohttp.test_utils import BaseTestServer

RAW = [
    (b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "T08 CL and TE"),
    (b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nBody=", "T08 two CL"),
    (b"Content-Length: -1\r\n\r\n", "negative CL"),
    (b"Content-Length: nope\r\n\r\n", "CL in words"),
    (b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", "a broken chunk"),
    (b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", "chunked twice"),
    (b"Transfer-Encoding: gzip\r\n\r\n0\r\n\r\n", "not chunked"),
    (b"Content-Length: 2\r\nContent-Encoding: gzip\r\n\r\n{}", "a compressed body"),
    (b"Content-Length: 2\r\nContent-Encoding: deflate\r\n\r\n{}", "a deflated body"),
    (b"Content-Length: 0\r\nContent-Type: \x07\r\n\r\n", "a control character"),
    (b"Content-Length: 0\r\nContent-Type: application/x-www-form-urlencoded; charset=\r\n\r\n", "an empty charset"),
    (b"Content-Length: 0\r\nX-Twilio-Signature: \xff\xfe\r\n\r\n", "a signature that is no text"),
    (b"Content-Length: 0\r\nX: " + b"x" * 20_000 + b"\r\n\r\n", "a long header"),
    (b"Content-Length: 0\r\n" + b"X: x\r\n" * 40_000 + b"\r\n", "many headers"),
    (b"Content-Length: 0\r\nX\r\n\r\n", "a header without a colon"),
]


async def raw(server: BaseTestServer, request: bytes) -> tuple[int | None, bytes]:
    """The status and the bytes of the answer; None where the connection was cut without one."""
    reader, writer = await asyncio.open_connection(server.host, server.port)
    try:
        writer.write(request)
        await writer.drain()
        async with asyncio.timeout(5):
            answer = await reader.read(65_536)
    except (ConnectionError, TimeoutError):
        answer = b""
    finally:
        writer.close()
    found = re.match(rb"HTTP/1\.\d (\d+)", answer)
    return (int(found[1]) if found else None), answer
