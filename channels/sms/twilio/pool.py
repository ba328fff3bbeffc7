"""Connections to Twilio for the vendor's client: one urllib3 pool for all threads, every wait bounded.

The vendor's own HttpClient has no timeout by default, fewer connections than threads, and twice the CPU.
"""

import logging
import ssl
import threading
import time
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

import urllib3
from twilio.http import HttpClient
from twilio.http.response import Response
from urllib3 import exceptions

from channels.contract import Failure, SendError
from channels.sms.twilio.account import DEFAULT_API_URL

ANSWER_AT_MOST_BYTES: Final = 4_000_000
CHUNK_BYTES: Final = 65_536


class PooledHttp(HttpClient):  # type: ignore[misc]  # the vendor ships no types
    """The vendor's HttpClient over our pool. `retry_after_s` is of this thread's last answer.

    A request ends within `slowest_s`: a free connection and its making take at most `connect_s` each, the
    first byte of the answer `answer_s`, and no read begins later than that.
    """

    def __init__(self, api_url: str, threads: int, connect_s: float, answer_s: float) -> None:
        super().__init__(logging.getLogger("twilio.http_client"), False, answer_s)
        self.slowest_s = 2 * (connect_s + answer_s)
        self._api_url = api_url.rstrip("/")
        self._connect_s = connect_s
        self._answer_s = answer_s
        self._pool = urllib3.PoolManager(
            maxsize=threads,
            block=True,
            retries=False,
            timeout=urllib3.Timeout(connect=connect_s, read=answer_s),
        )
        self._last = threading.local()

    @property
    def retry_after_s(self) -> float | None:
        """What the answer asked us to wait; None: it did not say."""
        return getattr(self._last, "retry_after_s", None)

    def request(
        self,
        method: str,
        uri: str,
        params: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Any:
        """One request, never repeated, never redirected: the credentials go to the configured host alone.

        Raises SendError where no whole answer came.
        """
        self._last.retry_after_s = None
        if not uri.startswith(f"{DEFAULT_API_URL}/"):
            # The next page's address comes from an answer.
            raise SendError(Failure.MISCONFIGURED, provider_code="foreign address")
        url = self._api_url + uri.removeprefix(DEFAULT_API_URL)
        if params:
            url += f"?{urlencode(params, doseq=True)}"
        sent = dict(headers or {})
        if auth:
            sent |= urllib3.make_headers(basic_auth=":".join(auth))
        body = urlencode(data, doseq=True) if data else None
        try:
            status, got, text = self._exchange(method, url, body, sent)
        except (exceptions.HTTPError, OSError) as error:
            raise SendError(failure_of_transport(error), provider_code=type(error).__name__) from None
        self._last.retry_after_s = _seconds(got.get("Retry-After"))
        return Response(status, text, got)

    def close(self) -> None:
        """Close the connections that nobody uses."""
        self._pool.clear()

    def _exchange(
        self, method: str, url: str, body: str | None, headers: dict[str, str]
    ) -> tuple[int, Mapping[str, str], str]:
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
        return answer.status, answer.headers, text


def failure_of_transport(error: Exception) -> Failure:
    """Whether Twilio can have taken a request that got no answer.

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
    """Twilio gives seconds; the other form, a date, would need a clock that agrees with theirs."""
    if retry_after is None or not retry_after.isascii() or not retry_after.isdigit():
        return None
    return min(float(retry_after), 3600.0)
