"""What the stand-in of the carrier posts: texts and receipts, signed by the vendor's own code."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

import aiohttp
from twilio.request_validator import RequestValidator
from yarl import URL

from gateway.simulator.carrier_state import Carrier, Message, Trouble, keyword, public_base

API_VERSION: Final = "2010-04-01"


@dataclass(frozen=True, slots=True)
class Posted:
    """How the gateway answered a webhook in the end. `status` 0: not at all."""

    sid: str
    status: int
    attempts: int
    body: str


class Posts:
    """Posts for a carrier over one session, on the carrier's loop."""

    def __init__(self, carrier: Carrier, session: aiohttp.ClientSession) -> None:
        self._carrier = carrier
        self._session = session
        self._reporting: set[asyncio.Task[None]] = set()

    async def text(
        self, sender: str, recipient: str, body: str, sid: str | None = None, media_count: int = 0
    ) -> Posted:
        """A phone sends a text. The same `sid` again is the same message delivered once more."""
        carrier = self._carrier
        message = carrier.take("inbound", sender, recipient, body, sid=sid, media_count=media_count)
        form = self.text_form(message)
        posted = await self._post(message.sid, public_base(carrier) + carrier.inbound_path, form)
        carrier.note("webhook", message.sid, str(posted.status), recipient)
        return posted

    async def receipt(self, message: Message, status: str, error_code: int | None = None) -> Posted:
        """Report one state of a message, without a word about whether it is true."""
        form = self.receipt_form(message, status, error_code)
        posted = await self._post(message.sid, message.status_url, form)
        self._carrier.note("receipt", message.sid, f"{status} {posted.status}", message.recipient)
        return posted

    async def report(self, message: Message, trouble: Trouble) -> None:
        """Let the message go through the states that the trouble allows, and report each."""
        for status in trouble.receipts:
            await asyncio.sleep(trouble.receipt_after_s)
            self._carrier.set_status(message, status, trouble.receipt_error)
            if message.status_url:
                await self.receipt(message, status, message.error_code)

    def report_later(self, message: Message, trouble: Trouble) -> None:
        """The same, while the request is being answered."""
        task = asyncio.create_task(self.report(message, trouble))
        self._reporting.add(task)
        task.add_done_callback(self._reporting.discard)

    async def close(self) -> None:
        """Stop reporting."""
        for task in self._reporting:
            task.cancel()
        await asyncio.gather(*self._reporting, return_exceptions=True)

    def text_form(self, message: Message) -> dict[str, str]:
        """What is posted of a text, by name."""
        return _inbound_form(self._carrier, message)

    def receipt_form(self, message: Message, status: str, error_code: int | None) -> dict[str, str]:
        """What is posted of a state, by name."""
        return _receipt_form(self._carrier, message, status, error_code)

    def encoded(self, url: str, form: Mapping[str, str]) -> tuple[bytes, dict[str, str]]:
        """The body of a post to this address, and the headers that prove it."""
        signed = RequestValidator(self._carrier.auth_token).compute_signature(url, form)
        kind = "application/x-www-form-urlencoded"
        headers = {"Content-Type": kind, "X-Twilio-Signature": signed, "User-Agent": "TwilioProxy/1.1"}
        return urlencode(form).encode(), headers

    async def _post(self, sid: str, signed_url: str, form: Mapping[str, str]) -> Posted:
        carrier = self._carrier
        base = public_base(carrier)
        url = signed_url
        if signed_url == base or signed_url.startswith(f"{base}/"):
            url = carrier.gateway_url.rstrip("/") + signed_url.removeprefix(base)
        data, headers = self.encoded(signed_url, form)
        attempts, status, body, fault = 0, 0, "", ""
        while attempts == 0 or (fault in carrier.retry_on and attempts <= carrier.retries):
            attempts += 1
            status, body, fault = await self._post_once(url, data, headers)
        return Posted(sid, status, attempts, body)

    async def _post_once(self, url: str, data: bytes, headers: Mapping[str, str]) -> tuple[int, str, str]:
        timeout = aiohttp.ClientTimeout(total=self._carrier.webhook_timeout_s)
        try:
            # To the letter: the gateway checks the signature over the address as it came.
            async with self._session.post(
                URL(url, encoded=True), data=data, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                return answer.status, await answer.text(errors="replace"), f"{answer.status // 100}xx"
        except aiohttp.ClientConnectorError:
            return 0, "", "ct"
        except (aiohttp.ClientError, TimeoutError):
            return 0, "", "rt"


def _inbound_form(carrier: Carrier, message: Message) -> dict[str, str]:
    form = {
        "ToCountry": "NO",
        "ToState": "",
        "SmsMessageSid": message.sid,
        "NumMedia": str(message.media_count),
        "ToCity": "",
        "FromZip": "",
        "SmsSid": message.sid,
        "FromState": "",
        "SmsStatus": "received",
        "FromCity": "",
        "Body": message.body,
        "FromCountry": "NO",
        "To": message.recipient,
        "ToZip": "",
        "NumSegments": str(max(message.segments, 1)),
        "MessageSid": message.sid,
        "AccountSid": carrier.account_sid,
        "From": message.sender,
        "ApiVersion": API_VERSION,
    }
    if carrier.tells_opt_outs and (word := keyword(message.body)):
        form["OptOutType"] = word
    return form


def _receipt_form(carrier: Carrier, message: Message, status: str, error_code: int | None) -> dict[str, str]:
    form = {
        "SmsSid": message.sid,
        "SmsStatus": status,
        "MessageStatus": status,
        "To": message.recipient,
        "MessageSid": message.sid,
        "AccountSid": carrier.account_sid,
        "From": message.sender,
        "ApiVersion": API_VERSION,
    }
    if error_code is not None:
        form["ErrorCode"] = str(error_code)
    return form
