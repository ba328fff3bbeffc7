"""What the stand-in of the carrier knows: messages, a journal that only grows, and the troubles it makes."""

import asyncio
import re
import secrets
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final, Literal

from pydantic import ConfigDict

from channels.sms.segments import count

Direction = Literal["inbound", "outbound-api"]
Protocol = Literal["twilio", "generic"]
Kind = Literal["accepted", "refused", "received", "status", "receipt", "webhook"]

SID: Final = re.compile(r"(?:SM|MM)[0-9a-f]{32}")

# "Twilio support for opt-out keywords (SMS STOP filtering)": the whole message, in any case.
STOPS: Final = frozenset(("STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "REVOKE", "OPTOUT", "CANCEL"))
STARTS: Final = frozenset(("START", "YES", "UNSTOP"))
HELPS: Final = frozenset(("HELP", "INFO"))


@dataclass(slots=True)
class Message:
    """A text that the carrier has taken, from a phone or from the gateway. `n` counts them from 1.

    `at_s` is monotonic, for intervals; `created_at` is what the API shows.
    """

    n: int
    sid: str
    direction: Direction
    sender: str
    recipient: str
    body: str
    segments: int
    media_count: int
    status: str
    status_url: str
    at_s: float
    created_at: datetime
    sent_at: datetime | None = None
    error_code: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, never changed afterwards. `what`: an error code, a state or an HTTP status.

    `receipt` and `webhook` are posts to the gateway, with the status it answered (0: no answer).
    """

    n: int
    at_s: float
    kind: Kind
    sid: str
    what: str
    recipient: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """How the carrier treats a request to send. The defaults are a carrier that works.

    - `refuse`: answer with this error code of Twilio's, take nothing.
    - `per_second`: beyond so many accepted texts a second answer 429 with Retry-After.
    - `accept`: whether the text is taken; False with `answer="cut"` is a request lost on its way.
    - `slow_s`: wait so long between taking it and answering.
    - `answer`: `created`; or, after taking, `cut` the connection, `500`, `503`, `garbage` for JSON, `empty`.
    - `receipts`: the states that are reported, in this order: turned round, doubled, too few or none at all,
      as you wish. `receipt_after_s` lies before each, `receipt_error` goes with `failed` and `undelivered`.
    - `early`: report them all before the request is answered.
    - `times`: for so many requests, then the trouble is over; None: until it is cleared.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    refuse: int | None = None
    per_second: float | None = None
    accept: bool = True
    slow_s: float = 0.0
    answer: Literal["created", "cut", "500", "503", "garbage", "empty"] = "created"
    receipts: tuple[str, ...] = ("queued", "sent", "delivered")
    receipt_after_s: float = 0.02
    receipt_error: int | None = None
    early: bool = False
    times: int | None = None


@dataclass(slots=True)
class Carrier:
    """The state. Changed on its own loop; other threads may read it, and may replace settings and troubles.

    - `protocol`: whom it stands for. As `generic` it speaks JSON under the names that we take for granted, and
      `auth_token` is both its API's token and the key of the HMAC with which it posts.
    - `numbers`: what may be a sender; empty: any.
    - `gateway_url`: where webhooks are posted; `public_url`: the address that is signed, and that status
      addresses begin with; empty: the same one. They differ when the gateway thinks it stands behind a proxy.
    - `tells_opt_outs`: whether webhooks bear OptOutType (Advanced Opt-Out); the carrier blocks either way.
    - `keeps_connections`: for a load; else each post comes on a connection of its own, because one that is kept
      breaks with the gateway and blurs what is tested.
    - `retry_on`: Twilio's retry policy (`ct` no connection, `rt` no answer, `4xx`, `5xx`), `retries` times.
    """

    protocol: Protocol = "twilio"
    account_sid: str = f"AC{1:032x}"
    auth_token: str = field(default="development", repr=False)
    numbers: frozenset[str] = frozenset()
    gateway_url: str = "http://127.0.0.1:8080"
    public_url: str = ""
    tells_opt_outs: bool = False
    keeps_connections: bool = False
    retries: int = 1
    retry_on: frozenset[str] = frozenset({"ct"})
    webhook_timeout_s: float = 15.0
    trouble: Trouble = field(default_factory=Trouble)
    troubles: dict[str, Trouble] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    journal: list[Entry] = field(default_factory=list)
    opted_out: set[tuple[str, str]] = field(default_factory=set)
    _by_sid: dict[str, Message] = field(default_factory=dict, repr=False)
    _taken_at: deque[float] = field(default_factory=deque, repr=False)
    _news: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    @property
    def inbound_path(self) -> str:
        """Where the gateway takes texts in."""
        return f"/sms/{self.protocol}"

    def make_trouble(self, trouble: Trouble, recipient: str | None = None) -> None:
        """From now on; for one recipient, or for all who have none of their own."""
        if recipient is None:
            self.trouble = trouble
        else:
            self.troubles[recipient] = trouble

    def clear_troubles(self) -> None:
        """Work again."""
        self.trouble = Trouble()
        self.troubles = {}

    def next_trouble(self, recipient: str) -> Trouble:
        """What this request meets; one of a counted trouble's times is used up."""
        mine = recipient in self.troubles
        trouble = self.troubles.get(recipient, self.trouble)
        if trouble.times is not None:
            left = trouble.times - 1
            if left > 0:
                self.make_trouble(replace(trouble, times=left), recipient if mine else None)
            elif mine:
                del self.troubles[recipient]
            else:
                self.trouble = Trouble()
        return trouble

    def is_throttled(self, per_second: float) -> bool:
        """Whether the last second has had its share. If not, this request is counted."""
        now = time.monotonic()
        while self._taken_at and self._taken_at[0] <= now - 1:
            self._taken_at.popleft()
        if len(self._taken_at) >= per_second:
            return True
        self._taken_at.append(now)
        return False

    def take(
        self,
        direction: Direction,
        sender: str,
        recipient: str,
        body: str,
        status_url: str = "",
        sid: str | None = None,
        media_count: int = 0,
    ) -> Message:
        """Keep a new message, or find the one with this id again: a repeated webhook is no second text."""
        if sid is not None and sid in self._by_sid:
            return self._by_sid[sid]
        inbound = direction == "inbound"
        now = datetime.now(UTC)
        message = Message(
            n=len(self.messages) + 1,
            sid=sid or f"SM{secrets.token_hex(16)}",
            direction=direction,
            sender=sender,
            recipient=recipient,
            body=body,
            segments=count(body).segments,
            media_count=media_count,
            status="received" if inbound else "queued",
            status_url=status_url,
            at_s=time.monotonic(),
            created_at=now,
            sent_at=now if inbound else None,
        )
        self._by_sid[message.sid] = message
        self.messages.append(message)
        if inbound:
            self._heed(sender, recipient, body)
        self.note("received" if inbound else "accepted", message.sid, message.status, recipient)
        news, self._news = self._news, asyncio.Event()
        news.set()
        return message

    def find(self, sid: str) -> Message | None:
        """The message with this id."""
        return self._by_sid.get(sid)

    def set_status(self, message: Message, status: str, error_code: int | None) -> None:
        """As the carrier's network reports it, whether or not anybody is told."""
        message.status = status
        if status in ("failed", "undelivered"):
            message.error_code = error_code
        if message.sent_at is None and status not in ("queued", "accepted", "sending"):
            message.sent_at = datetime.now(UTC)
        self.note("status", message.sid, status, message.recipient)

    def note(self, kind: Kind, sid: str, what: str, recipient: str) -> None:
        """Write a line of the journal."""
        self.journal.append(Entry(len(self.journal) + 1, time.monotonic(), kind, sid, what, recipient))

    async def wait_for(
        self, wanted: Callable[[Message], bool], after: int = 0, at_least: int = 1, wait_s: float = 10.0
    ) -> Sequence[Message]:
        """The messages beyond `after` that are wanted, as soon as there are enough; fewer when time is up."""
        until = time.monotonic() + wait_s
        while True:
            news = self._news
            found = [message for message in self.messages[after:] if wanted(message)]
            left = until - time.monotonic()
            if len(found) >= at_least or left <= 0:
                return found
            try:
                await asyncio.wait_for(news.wait(), left)
            except TimeoutError:
                continue

    def _heed(self, sender: str, recipient: str, body: str) -> None:
        word = keyword(body)
        if word == "STOP":
            self.opted_out.add((recipient, sender))
        elif word == "START":
            self.opted_out.discard((recipient, sender))


def keyword(body: str) -> str:
    """What the carrier makes of a text: STOP, START, HELP, or nothing."""
    word = body.strip().upper()
    for name, words in (("STOP", STOPS), ("START", STARTS), ("HELP", HELPS)):
        if word in words:
            return name
    return ""


def public_base(carrier: Carrier) -> str:
    """The address of the gateway as the carrier has been told it."""
    return (carrier.public_url or carrier.gateway_url).rstrip("/")
