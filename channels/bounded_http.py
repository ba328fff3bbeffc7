"""Calls to a provider over HTTP: one urllib3 pool for all threads, every wait bounded, nothing repeated.

Whoever calls knows what a failure means: each is a SendError that says whether the request can have been taken.
"""

import logging
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import urllib3
from urllib3 import exceptions

from channels.contract import Failure, SendError

ANSWER_AT_MOST_BYTES: Final = 4_000_000
CHUNK_BYTES: Final = 65_536


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer. `retry_after_s`: what it asks us to wait; None: it does not say."""

    status: int
    headers: Mapping[str, str]
    text: str
    retry_after_s: float | None


class BoundedHttp:
    """The pool. `threads`: how many call at once; a connection is kept for each.

    A request ends within `slowest_s`, the look-up of the host's name aside: a free connection and its making
    take at most `connect_s` each, the first byte of the answer `answer_s`, and no read begins later than that.
    """

    def __init__(self, threads: int, connect_s: float, answer_s: float) -> None:
        _hush()
        self.slowest_s = 2 * (connect_s + answer_s)
        self._connect_s = connect_s
        self._answer_s = answer_s
        self._pool = urllib3.PoolManager(
            maxsize=threads,
            block=True,
            retries=False,
            timeout=urllib3.Timeout(connect=connect_s, read=answer_s),
        )

    def exchange(self, method: str, url: str, body: bytes | str | None, headers: Mapping[str, str]) -> Answer:
        """One request, never redirected: what proves who we are goes to this host alone.

        Raises SendError where no whole answer came.
        """
        try:
            return self._exchange(method, url, body, headers)
        except (exceptions.HTTPError, OSError) as error:
            raise SendError(failure_of_transport(error), provider_code=type(error).__name__) from None

    def close(self) -> None:
        """Close the connections that nobody uses; a later call opens new ones."""
        self._pool.clear()

    def _exchange(self, method: str, url: str, body: bytes | str | None, headers: Mapping[str, str]) -> Answer:
        until = time.monotonic() + self.slowest_s - self._answer_s
        answer = self._pool.request(
            method,
            url,
            body=body,
            headers=headers,
            redirect=False,
            preload_content=False,
            pool_timeout=self._connect_s,
        )
        try:
            text = _whole(answer, until)
        except BaseException:
            answer.close()
            raise
        answer.release_conn()
        return Answer(answer.status, answer.headers, text, _seconds(answer.headers.get("Retry-After")))


def failure_of_transport(error: Exception) -> Failure:
    """Whether the provider can have taken a request that got no answer.

    Certain that it cannot: nobody answered to the name or at the address, no connection came free, or the
    certificate was wrong. A handshake that times out looks to urllib3 like a late answer, and so to us.
    """
    if isinstance(error, exceptions.LocationValueError):
        return Failure.MISCONFIGURED
    if isinstance(error, (exceptions.ConnectTimeoutError, exceptions.EmptyPoolError)):
        return Failure.UNREACHABLE
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in error.args):
        return Failure.UNREACHABLE
    return Failure.AMBIGUOUS


def _whole(answer: urllib3.BaseHTTPResponse, until: float) -> str:
    """The body. One that drips, or has no end, is a broken answer."""
    body = bytearray()
    while chunk := answer.read1(CHUNK_BYTES):
        body += chunk
        if len(body) > ANSWER_AT_MOST_BYTES or time.monotonic() > until:
            raise exceptions.ProtocolError("an answer too long or too slow")
    return body.decode("utf-8", "replace")


def _seconds(retry_after: str | None) -> float | None:
    """Only seconds; the other form, a date, would need a clock that agrees with theirs."""
    if retry_after is None or not retry_after.isascii() or not retry_after.isdigit():
        return None
    return min(float(retry_after), 3600.0)


def _hush() -> None:
    """At DEBUG urllib3 logs addresses with their query, and a list's has the recipient in it."""
    logger = logging.getLogger("urllib3")
    logger.setLevel(max(logger.level, logging.WARNING))
