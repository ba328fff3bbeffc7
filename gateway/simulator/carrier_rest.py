"""The stand-in's REST API: what the vendor's client calls. Source: "Messages resource", Twilio docs."""

import asyncio
import base64
import binascii
import hmac
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from conversations.limits import can_be_answered
from gateway.simulator.carrier_posts import API_VERSION, Posts
from gateway.simulator.carrier_state import Carrier, Message

PAGE: Final = 50
PAGE_AT_MOST: Final = 1000
BODY_AT_MOST: Final = 1600

# The HTTP status that Twilio gives with a code, where it is not 400.
STATUSES: Final[Mapping[int, int]] = {
    10001: 401, 20003: 401, 20005: 403, 20403: 403, 20404: 404, 20429: 429, 63038: 429,
    20500: 500, 20503: 503,
}  # fmt: skip


class Rest:
    """The handlers, for one carrier."""

    def __init__(self, carrier: Carrier, posts: Posts) -> None:
        self._carrier = carrier
        self._posts = posts

    def routes(self) -> list[web.RouteDef]:
        """Where the vendor's client looks for them."""
        messages = f"/{API_VERSION}/Accounts/{{account}}/Messages"
        return [
            web.post(f"{messages}.json", self.create),
            web.get(f"{messages}.json", self.list),
            web.get(f"{messages}/{{sid}}.json", self.fetch),
        ]

    async def create(self, request: web.Request) -> web.StreamResponse:
        """POST: take a text, or do to it what the troubles say."""
        if refused := self._stranger(request):
            return refused
        return await self.take(request, {name: str(value) for name, value in (await request.post()).items()})

    async def take(self, request: web.Request, form: Mapping[str, str]) -> web.StreamResponse:
        """What a request to send comes to, whatever it looked like."""
        recipient = form.get("To", "")
        trouble = self._carrier.next_trouble(recipient)
        code = trouble.refuse or self._fault(form)
        if code is None and trouble.per_second is not None and self._carrier.is_throttled(trouble.per_second):
            code = 20429
        if code is not None:
            self._carrier.note("refused", "", str(code), recipient)
            return self.error(code, recipient)
        message = None
        if trouble.accept:
            message = self._carrier.take(
                "outbound-api", form["From"], recipient, form["Body"], form.get("StatusCallback", "")
            )
            if trouble.early:
                await self._posts.report(message, trouble)
            else:
                self._posts.report_later(message, trouble)
        await asyncio.sleep(trouble.slow_s)
        if trouble.answer == "created" and message is not None:
            return web.json_response(self.shown(message), status=201)
        return self._broken(request, trouble.answer)

    async def list(self, request: web.Request) -> web.StreamResponse:
        """GET: newest first, filtered and in pages. A text that has not left yet has no DateSent."""
        if refused := self._stranger(request):
            return refused
        query = request.query
        found = [message for message in reversed(self._carrier.messages) if _matches(message, query)]
        size = min(max(int(query.get("PageSize", PAGE)), 1), PAGE_AT_MOST)
        # A page begins after a message and not at an offset, so that new ones shift nothing.
        last = query.get("PageToken", "").removeprefix("PA")
        begin = next((i + 1 for i, message in enumerate(found) if message.sid == last), 0)
        shown, more = found[begin : begin + size], len(found) > begin + size
        page = int(query.get("Page", 0))
        following = {
            **query,
            "PageSize": size,
            "Page": page + 1,
            "PageToken": f"PA{shown[-1].sid}" if shown else "",
        }
        return web.json_response(
            {
                "messages": [_shown(self._carrier, message) for message in shown],
                "uri": request.path_qs,
                "first_page_uri": request.path_qs,
                "next_page_uri": f"{request.path}?{urlencode(following)}" if more else None,
                "previous_page_uri": None,
                "page": page,
                "page_size": size,
                "start": begin,
                "end": begin + len(shown) - 1,
            }
        )

    async def fetch(self, request: web.Request) -> web.StreamResponse:
        """GET: one of them."""
        if refused := self._stranger(request):
            return refused
        message = self._carrier.find(request.match_info["sid"])
        return web.json_response(_shown(self._carrier, message)) if message else _error(20404)

    def shown(self, message: Message) -> dict[str, Any]:
        """A message in an answer."""
        return _shown(self._carrier, message)

    def error(self, code: int, recipient: str = "") -> web.Response:
        """A refusal."""
        return _error(code, recipient)

    def _broken(self, request: web.Request, answer: str) -> web.Response:
        if answer == "cut" and request.transport is not None:
            request.transport.abort()
        if answer in ("500", "503"):
            return self.error(20000 + int(answer))
        garbage = {"garbage": '{"sid": "SM', "created": "[]"}
        return web.Response(status=201, text=garbage.get(answer, ""), content_type="application/json")

    def _stranger(self, request: web.Request) -> web.Response | None:
        given = request.headers.get("Authorization", "").removeprefix("Basic ")
        try:
            known = base64.b64decode(given, validate=True)
        except (binascii.Error, ValueError):
            known = b""
        wanted = f"{self._carrier.account_sid}:{self._carrier.auth_token}".encode()
        if not hmac.compare_digest(known, wanted):
            return _error(20003)
        return None if request.match_info["account"] == self._carrier.account_sid else _error(20404)

    def _fault(self, form: Mapping[str, str]) -> int | None:
        """The code with which Twilio refuses this request; None: it is sound."""
        sender, recipient, body = form.get("From", ""), form.get("To", ""), form.get("Body", "")
        callback = form.get("StatusCallback", "")
        faults: Iterable[tuple[bool, int]] = (
            (not recipient, 21604),
            (not sender, 21603),
            (not body, 21602),
            (not can_be_answered(recipient, "sms"), 21211),
            (sender == recipient, 21266),
            (bool(self._carrier.numbers) and sender not in self._carrier.numbers, 21606),
            (len(body) > BODY_AT_MOST, 21617),
            (bool(callback) and urlsplit(callback).scheme not in ("http", "https"), 21609),
            ((sender, recipient) in self._carrier.opted_out, 21610),
        )
        return next((code for wrong, code in faults if wrong), None)


def _shown(carrier: Carrier, message: Message) -> dict[str, Any]:
    uri = f"/{API_VERSION}/Accounts/{carrier.account_sid}/Messages/{message.sid}"
    return {
        "account_sid": carrier.account_sid,
        "api_version": API_VERSION,
        "body": message.body,
        "date_created": format_datetime(message.created_at),
        "date_sent": format_datetime(message.sent_at) if message.sent_at else None,
        "date_updated": format_datetime(message.sent_at or message.created_at),
        "direction": message.direction,
        "error_code": message.error_code,
        "error_message": None,
        "from": message.sender,
        "messaging_service_sid": None,
        "num_media": str(message.media_count),
        "num_segments": str(message.segments),
        "price": None,
        "price_unit": "USD",
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": message.recipient,
        "uri": f"{uri}.json",
    }


def _matches(message: Message, query: Mapping[str, str]) -> bool:
    if query.get("To", message.recipient) != message.recipient:
        return False
    if query.get("From", message.sender) != message.sender:
        return False
    day, after, before = query.get("DateSent"), query.get("DateSent>"), query.get("DateSent<")
    if not (day or after or before):
        return True
    sent = message.sent_at
    if sent is None:
        return False
    return (
        (not day or _time(day) <= sent < _time(day) + timedelta(days=1))
        and (not after or sent.replace(microsecond=0) >= _time(after))
        and (not before or sent.replace(microsecond=0) <= _time(before))
    )


def _time(given: str) -> datetime:
    """A date or a time as Twilio takes it, in UTC."""
    found = datetime.fromisoformat(given)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _error(code: int, recipient: str = "") -> web.Response:
    status = STATUSES.get(code, 400)
    shown = {
        "code": code,
        # Twilio quotes the number as well, so a log that shows this message shows it.
        "message": f"The stand-in refuses 'To' {recipient}",
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    return web.json_response(shown, status=status, headers={"Retry-After": "1"} if status == 429 else None)
