"""What a turn may know of the store: the eager facts, and questions that the store answers when asked.

A move asks by ``facts.find(query)``; what is not there yet raises ``Missing``, which ``take_turn`` turns
into ``Needs``; intake answers in the same transaction and takes the turn again, at most three rounds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Literal, TypeVar, cast

from conversations.inputs import Channel

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Query(Generic[Found]):
    """A question to the store; its type parameter is the type of the answer."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A contact that holds the conversation's address, proved until ``trusted_until``."""

    contact: str
    name: str | None
    trusted_until: datetime | None


@dataclass(frozen=True, slots=True)
class Holders(Query[tuple[Holder, ...]]):
    """Who holds this address in its present epoch."""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case as a list shows it. ``unread``: public comments that the customer has not seen."""

    case: str
    number: str
    form: str
    status: str
    opened_at: datetime
    unread: int


@dataclass(frozen=True, slots=True)
class ReportedCases(Query[tuple[CaseLine, ...]]):
    """Cases that this address reported in its present epoch, newest first."""

    closed: bool = False


@dataclass(frozen=True, slots=True)
class ReportedCase(Query["CaseLine | None"]):
    """The case of that number, if this address reported it; None also where there is none."""

    number: str


@dataclass(frozen=True, slots=True)
class CommentLine:
    """The newest public comment of a caseworker on a case."""

    comment: str
    author: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LastComment(Query["CommentLine | None"]):
    """The newest public comment by a caseworker on the case of this id."""

    case: str


@dataclass(frozen=True, slots=True)
class RegisterEntry(Query["Mapping[str, str] | None"]):
    """A row of a register by its key; the columns by name."""

    register: str
    key: str


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """An alert that this on-call number was sent and nobody has acknowledged."""

    alert: str
    case: str
    case_number: str
    word: str


@dataclass(frozen=True, slots=True)
class OpenAlerts(Query[tuple[OpenAlert, ...]]):
    """Unacknowledged alerts that went to the conversation's address."""


@dataclass(frozen=True, slots=True)
class CodeCounts:
    """Counts over rows for the limits of TRUST 3; times in seconds since the last code, None: never.

    ``block`` is the thousand-number block of the destination; ``_asked`` and ``_used`` are codes that a
    person asked for and those that came back right, among the block's last fifty.
    """

    destination_hour: int
    destination_day: int
    block_hour: int
    total_hour: int
    total_day: int
    block_asked: int
    block_used: int
    wrong_tries_hour: int
    subject_wrong_tries_day: int
    subject_wrong_tries_in_a_row: int
    sent_in_challenge: int
    since_last_s: int | None


@dataclass(frozen=True, slots=True)
class CodesSent(Query[CodeCounts]):
    """What was sent to this address and its block, and how many tries failed."""

    challenge: str | None


@dataclass(frozen=True, slots=True)
class AnswerCounts:
    """Answers sent to this address: all, and those to turns that moved nothing."""

    moved_nothing_quarter: int
    moved_nothing_day: int
    all_quarter: int
    all_day: int


@dataclass(frozen=True, slots=True)
class RecentAnswers(Query[AnswerCounts]):
    """Answers of the last 15 minutes and 24 hours, for the brakes."""


@dataclass(frozen=True, slots=True)
class CodeCheck:
    """The outcome of a code in the message, counted by storage before the turn."""

    outcome: Literal["none", "right", "wrong", "expired"] = "none"
    tries_left: int = 0


class Missing(Exception):
    """A move wants to know something that was not looked up yet."""

    def __init__(self, query: Query[object]) -> None:
        super().__init__(query)
        self.query = query


@dataclass(frozen=True, slots=True)
class Facts:
    """The store's facts of one turn; ``address`` is theirs, as is the channel.

    ``asked_claimed``: the newest question's delivery has been claimed for sending, so digits may answer
    it. ``turns`` is how many messages this conversation has had: limits above it need no counting.
    """

    address: str
    channel: Channel = "sms"
    opted_out: Literal["", "local", "carrier"] = ""
    asked_claimed: bool = True
    code: CodeCheck = CodeCheck()
    turns: int = 0
    found: Mapping[Query[object], object] = field(default_factory=dict)

    def find(self, query: Query[Found]) -> Found:
        """The store's answer. Raises Missing when it has not been asked yet."""
        wanted = cast("Query[object]", query)
        if wanted not in self.found:
            raise Missing(wanted)
        return cast("Found", self.found[wanted])


@dataclass(frozen=True, slots=True)
class Needs:
    """The turn cannot be taken before these are known."""

    queries: tuple[Query[object], ...]
