"""What every provider of texts is to the rest of the house: the same few values, whoever carries them.

A provider is two things, because two processes need them: a `Receiver` in the process that takes in (it
checks and reads what the provider posts to us, and never calls out), and a `Sender` in the process that
works (it calls out, and may be slow and large). A `Provider` makes both from the settings: it is what stands
in the gateway's table of providers. docs/add-a-provider.md says how to write one.

The adapter names what went wrong (`Failure`), the worker looks up what follows from it (`SEND_ERRORS`).
No other place decides whether a text is repeated.

No value here may reach a log: texts and numbers are personal. The exceptions carry no such thing, so their
words may be logged.
"""

import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, Literal, Protocol

Keyword = Literal["", "stop", "start", "help"]
ReceiptState = Literal["accepted", "sent", "delivered", "failed"]
Outcome = Literal["retry", "unknown", "final", "hold"]

# A number; or a short code, a name (at most 11 characters: 3GPP TS 23.040, 9.1.2.5), `anonymous`, nothing: what cannot
# be answered is kept all the same.
SENDER: Final = re.compile(r"\+[1-9][0-9]{1,14}|[^\x00-\x1f\x7f]{0,11}")


class Failure(StrEnum):
    """Why a message did not go, or may not have gone. Whose fault it is stands in `SEND_ERRORS`."""

    UNREACHABLE = "unreachable"
    AMBIGUOUS = "ambiguous"
    THROTTLED = "throttled"
    CARRIER_TROUBLE = "carrier_trouble"
    HANDSET_UNREACHABLE = "handset_unreachable"
    EXPIRED = "expired"
    INVALID_NUMBER = "invalid_number"
    UNALLOCATED = "unallocated"
    LANDLINE = "landline"
    OPTED_OUT = "opted_out"
    BLOCKED = "blocked"
    BLOCKED_COUNTRY = "blocked_country"
    CONTENT_REFUSED = "content_refused"
    REFUSED = "refused"
    CREDENTIALS = "credentials"
    MISCONFIGURED = "misconfigured"


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message that a person sent us, as the provider tells it.

    `text` is as received, but for what no database can hold (`channels.storable`). `sender` is an E.164 number
    or anything else that a network shows as a sender (`SENDER`), even nothing;
    `conversations.limits.can_be_answered` tells them apart. `keyword` is what the carrier itself has understood and
    acted upon, not our reading of the text. `sent_at` is known only of a message that we fetched; None: it has just
    come.
    """

    channel: str
    account: str
    provider_id: str
    sender: str = field(repr=False)
    recipient: str
    text: str = field(repr=False)
    segments: int
    media_count: int
    keyword: Keyword = ""
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outbound:
    """One message to be sent. `delivery` is our row's id, `status_url` where the provider reports what became
    of it. `valid_for_s`: after so long the provider shall drop what it still holds; None: its own default."""

    delivery: str
    sender: str
    recipient: str = field(repr=False)
    text: str = field(repr=False)
    status_url: str = field(repr=False)
    valid_for_s: int | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider has taken the message and named it. It is not delivered yet."""

    provider_id: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a message that the provider took. Receipts come in any order, twice, or not at all.

    `error` is set exactly when the state is failed; `provider_code` is the provider's own code for it.
    """

    provider_id: str
    state: ReceiptState
    error: Failure | None = None
    provider_code: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One message in the provider's list of what it took from us. `created_at`: by its clock, in UTC."""

    provider_id: str
    sender: str
    recipient: str = field(repr=False)
    text: str = field(repr=False)
    state: ReceiptState
    created_at: datetime


class Forged(Exception):
    """Nothing shows that the provider sent this request: answer 403, keep nothing, count it."""

    status: Final = 403


class Malformed(Exception):
    """The request is not what this provider sends: answer `status` (4xx), keep nothing.

    The reason names parameters, never their values.
    """

    def __init__(self, reason: str, status: int = 422) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


@dataclass(frozen=True, slots=True)
class Handling:
    """What the worker does about a failure.

    `retry`: it certainly did not arrive, try again. `unknown`: it may have gone, find out first (receipt,
    then the provider's list). `final`: this delivery is over. `hold`: keep it due until an operator has
    mended something; every further attempt would fail alike.

    - `pauses_sender`: it concerns the sender or the account, so other deliveries of that lane wait as well.
    - `alarms`: an operator must look.
    - `opts_out`: record that this person opted out at the carrier.
    - `ends_epoch`: the number belongs to nobody now; whoever gets it next is another person.
    """

    outcome: Outcome
    pauses_sender: bool = False
    alarms: bool = False
    opts_out: bool = False
    ends_epoch: bool = False


SEND_ERRORS: Final[Mapping[Failure, Handling]] = MappingProxyType(
    {
        # The network's or the provider's fault, and it will pass.
        Failure.UNREACHABLE: Handling("retry", pauses_sender=True),
        Failure.AMBIGUOUS: Handling("unknown"),
        Failure.THROTTLED: Handling("retry", pauses_sender=True),
        Failure.CARRIER_TROUBLE: Handling("retry"),
        # The recipient's side.
        Failure.HANDSET_UNREACHABLE: Handling("final"),
        Failure.EXPIRED: Handling("final"),
        Failure.INVALID_NUMBER: Handling("final"),
        Failure.UNALLOCATED: Handling("final", ends_epoch=True),
        Failure.LANDLINE: Handling("final"),
        Failure.OPTED_OUT: Handling("final", opts_out=True),
        Failure.BLOCKED: Handling("final"),
        # Ours, of this one message.
        Failure.BLOCKED_COUNTRY: Handling("final", alarms=True),
        Failure.CONTENT_REFUSED: Handling("final", alarms=True),
        Failure.REFUSED: Handling("final", alarms=True),
        # The operator's, of all messages.
        Failure.CREDENTIALS: Handling("hold", pauses_sender=True, alarms=True),
        Failure.MISCONFIGURED: Handling("hold", pauses_sender=True, alarms=True),
    }
)


class SendError(Exception):
    """A call to the provider failed. `retry_after_s` is the provider's wish, None where it has none.

    Its words name the failure and the provider's code, and nothing of the message.
    """

    def __init__(self, failure: Failure, retry_after_s: float | None = None, provider_code: str | None = None) -> None:
        super().__init__(f"{failure} ({provider_code})" if provider_code else str(failure))
        self.failure = failure
        self.retry_after_s = retry_after_s
        self.provider_code = provider_code

    @property
    def handling(self) -> Handling:
        """What follows from it."""
        return SEND_ERRORS[self.failure]


class ListTooLong(SendError):
    """There is more since then than is read at once. Asked for a shorter time, the list may be had."""

    def __init__(self) -> None:
        super().__init__(Failure.REFUSED, provider_code="list too long")


class CannotList(Exception):
    """This provider has no such list, today or tomorrow: nobody need ask again."""


class Receiver(Protocol):
    """The half of a provider that reads what it posts to us. No network, safe in any thread; a clock only to
    refuse what is too old.

    `path` is the request's path and query exactly as they stood in the request line; the public address
    before it comes from the settings, never from the request. `headers` finds names in any case. `body` is
    whole and already bounded. Raises Forged or Malformed; anything else is a bug.
    """

    def verify_and_parse(self, path: str, headers: Mapping[str, str], body: bytes) -> Inbound:
        """The message in this request."""

    def parse_receipt(self, path: str, headers: Mapping[str, str], body: bytes) -> Receipt:
        """The receipt in this request. Which delivery it is for stands in the path, which the door reads."""


class Sender(Protocol):
    """The half of a provider that calls it. Blocking, bounded in time, shared by threads.

    Raises SendError, the lists CannotList as well; anything else is a bug. A row of a list that cannot be read is
    passed over. Without a list, a text of which nobody knows whether it went is settled by its receipt alone, and
    has failed where none comes in ten minutes.
    """

    @property
    def slowest_s(self) -> float:
        """A send ends within so many seconds: a lease must outlive that."""

    def send(self, message: Outbound) -> Sent:
        """Hand one message to the provider, once: nothing is repeated in here."""

    def list_sent(self, recipient: str, since: datetime) -> Sequence[Listed]:
        """What the provider has taken from us for this recipient since then, newest first."""

    def list_received(self, since: datetime) -> Sequence[Inbound]:
        """What people have sent to our numbers since then, newest first."""

    def close(self) -> None:
        """Let the connections go."""


@dataclass(frozen=True, slots=True)
class Halves:
    """An account with both halves of its provider, neither made yet: each process makes the one that it needs.

    `account` stands on messages, at most 40 characters; a provider's ids are unique within it. `sender` is told
    how many threads will call at once.
    """

    account: str
    receiver: Callable[[], Receiver]
    sender: Callable[[int], Sender]


@dataclass(frozen=True, slots=True)
class Provider:
    """A kind of provider: how its settings are judged, and what is made of them. `settings` below is its own model.

    - `demands`: the settings without which it cannot serve. Given none of them, it is not wanted.
    - `checks`: what is wrong with a setting, in words that show no value; None: nothing. Told whether this is
      development, where plain http on this machine and short secrets will do.
    - `numbers`: which numbers of the desks it serves; None: those that no other provider serves.
    - `halves`: of its account, given those numbers and the address at which the provider finds us.
    - `answer`: the content type and the text of a 200.
    """

    demands: tuple[str, ...]
    checks: Mapping[str, Callable[[Any, bool], str | None]]
    numbers: Callable[[Any], Set[str] | None]
    halves: Callable[[Any, Set[str], str], Halves]
    answer: tuple[str, str]
