"""Connections to Twilio for the vendor's client, over a pool of our own.

The vendor's own HttpClient has no timeout by default, fewer connections than threads, and twice the CPU.
"""

import logging
import threading
from typing import Any
from urllib.parse import urlencode

import urllib3
from twilio.http import HttpClient
from twilio.http.response import Response

from channels.bounded_http import BoundedHttp
from channels.contract import Failure, SendError
from channels.sms.twilio.account import DEFAULT_API_URL


class PooledHttp(HttpClient):  # type: ignore[misc]  # the vendor ships no types
    """The vendor's HttpClient over our pool. `retry_after_s` is of this thread's last answer."""

    def __init__(self, api_url: str, threads: int, connect_s: float, answer_s: float) -> None:
        super().__init__(logging.getLogger("twilio.http_client"), False, answer_s)
        self._api_url = api_url.rstrip("/")
        self._http = BoundedHttp(threads, connect_s, answer_s)
        self.slowest_s = self._http.slowest_s
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
        answer = self._http.exchange(method, url, body, sent)
        self._last.retry_after_s = answer.retry_after_s
        return Response(answer.status, answer.text, answer.headers)

    def close(self) -> None:
        """Close the connections that nobody uses."""
        self._http.close()
