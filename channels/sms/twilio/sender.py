"""Calls Twilio: sends, and asks what it has. Over the vendor's client and a connection pool of our own.

A text is not idempotent, and Twilio has no key to make it so: nothing here is sent twice. What matters about
a failure is therefore whether the request can have been taken.
"""

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

import structlog

from channels.contract import SENDER, Failure, Inbound, Listed, ListTooLong, Outbound, SendError, Sent
from channels.sms.twilio.account import Account
from channels.sms.twilio.codes import failure_of_call
from channels.sms.twilio.receiver import ANYTHING, CHANNEL, MEDIA_AT_MOST, MESSAGE_SID, SEGMENTS_AT_MOST, STATES
from channels.storable import storable

PAGE: Final = 100
PAGES_AT_MOST: Final = 200
# Twilio takes 1 to 36,000 and advises more than 5.
VALID_FOR_S: Final = range(6, 36_001)

# What the vendor's code raises when an answer is JSON of another shape, or none.
NOT_UNDERSTOOD: Final = (ValueError, TypeError, AttributeError, KeyError, OverflowError, RecursionError)

Answer = TypeVar("Answer")

log = structlog.get_logger()


class Sender:
    """The half that calls, as `channels.contract.Sender` asks. One per process; any thread may use it.

    `threads`: how many call at once; a connection is kept for each. A send ends within `slowest_s` seconds,
    the look-up of the host's name aside: a lease must outlive that.
    """

    def __init__(self, account: Account, threads: int = 8, connect_s: float = 3.0, answer_s: float = 10.0) -> None:
        from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
        from twilio.rest import Client

        from channels.sms.twilio.pool import PooledHttp

        _hush()
        self._account = account
        self._refusals = (TwilioRestException, TwilioServiceException)
        self._vendor_error = TwilioException
        self._http = PooledHttp(account.api_url, threads, connect_s, answer_s)
        self.slowest_s = self._http.slowest_s
        # An environment of its own: TWILIO_REGION or TWILIO_EDGE of the process would change the host.
        nothing = {"": ""}
        client = Client(account.account_sid, account.auth_tokens[0], http_client=self._http, environment=nothing)
        self._messages = client.messages

    def send(self, message: Outbound) -> Sent:
        """Hand one text to Twilio, which answers as soon as it has queued it."""
        options: dict[str, Any] = {}
        if message.valid_for_s is not None:
            options["validity_period"] = min(max(message.valid_for_s, VALID_FOR_S[0]), VALID_FOR_S[-1])
        taken = self._call(
            lambda: self._messages.create(
                to=message.recipient,
                from_=message.sender,
                body=storable(message.text),
                status_callback=message.status_url or None,
                **options,
            )
        )
        if not isinstance(taken.sid, str) or not MESSAGE_SID.fullmatch(taken.sid):
            raise SendError(Failure.AMBIGUOUS, provider_code="no sid")
        return Sent(taken.sid)

    def list_sent(self, recipient: str, since: datetime) -> Sequence[Listed]:
        """What Twilio has taken from us for this recipient, queued or sent, newest first.

        `since` is compared with Twilio's clock: the caller allows for what lies between the two.
        """
        return self._rows(since, recipient, _listed)

    def list_received(self, since: datetime) -> Sequence[Inbound]:
        """What people have sent to our numbers, newest first within each number; only what came in whole."""
        numbers = sorted(self._account.numbers)
        return [inbound for number in numbers for inbound in self._rows(since, number, self._inbound)]

    def close(self) -> None:
        """Let the connections go; a later call opens new ones."""
        self._http.close()

    def _inbound(self, row: Any) -> Inbound | None:
        if row.direction != "inbound" or row.status != "received":
            return None
        return Inbound(
            channel=CHANNEL,
            account=self._account.account_sid,
            provider_id=_said(row.sid, MESSAGE_SID),
            sender=storable(_said(row.from_ or "", SENDER)),
            recipient=_said(row.to),
            text=storable(_said(row.body or "")),
            segments=min(int(row.num_segments or 1), SEGMENTS_AT_MOST),
            media_count=min(int(row.num_media or 0), MEDIA_AT_MOST),
            sent_at=row.date_created,
        )

    def _rows(self, since: datetime, recipient: str, read: Callable[[Any], Answer | None]) -> list[Answer]:
        return self._call(lambda: list(self._newer(since, recipient, read)))

    def _newer(self, since: datetime, recipient: str, read: Callable[[Any], Answer | None]) -> Iterator[Answer]:
        """What Twilio's rows for one recipient say, newest first, back to the first page that has none of them.

        Not filtered by DateSent: a queued text has none yet, so the filter would hide just the one that we
        ask for, and we would send it again. Twilio's times have whole seconds.
        """
        since = since.replace(microsecond=0)
        page = self._messages.page(to=recipient, page_size=PAGE)
        for _ in range(PAGES_AT_MOST):
            newer = list(_newer_of(page, since, read))
            yield from (one for one in newer if one is not None)
            page = page.next_page() if newer else None
            if page is None:
                return
        raise ListTooLong

    def _call(self, ask: Callable[[], Answer]) -> Answer:
        """Ask Twilio; every way in which that can fail becomes a SendError, with no number or text in it.

        The vendor's exceptions quote the recipient, so none is kept as the cause.
        """
        try:
            return ask()
        except self._refusals as refused:
            code = str(refused.code) if isinstance(refused.code, int) else ""
            failure = failure_of_call(refused.status, code)
            raise SendError(failure, self._http.retry_after_s, code or None) from None
        except (self._vendor_error, *NOT_UNDERSTOOD) as unread:
            raise SendError(Failure.AMBIGUOUS, provider_code=type(unread).__name__) from None


def _newer_of(page: Any, since: datetime, read: Callable[[Any], Answer | None]) -> Iterator[Answer | None]:
    """What the newer rows of a page say; None for one that is not asked for, and for one that cannot be read."""
    while True:
        try:
            row = next(page)
            if row.date_created >= since:
                yield read(row)
        except StopIteration:
            return
        except NOT_UNDERSTOOD as unread:
            log.warning("a row of the provider's list cannot be read", error=type(unread).__name__)
            yield None


def _listed(row: Any) -> Listed | None:
    if row.direction == "inbound":
        return None
    return Listed(
        provider_id=_said(row.sid, MESSAGE_SID),
        sender=_said(row.from_ or ""),
        recipient=_said(row.to),
        text=_said(row.body or ""),
        state=STATES.get(str(row.status), "accepted"),
        created_at=row.date_created,
    )


def _said(value: Any, pattern: re.Pattern[str] = ANYTHING) -> str:
    """Raises ValueError where it is no text like that."""
    if isinstance(value, str) and pattern.fullmatch(value):
        return value
    raise ValueError


def _hush() -> None:
    """The vendor's client logs addresses with their query at INFO: a list's has `To=`."""
    logger = logging.getLogger("twilio.http_client")
    logger.setLevel(max(logger.level, logging.WARNING))
