"""What a turn may know of the store: the eager facts, and questions that the store answers when asked.

A move asks by ``facts.find(query)``. Where ``found`` answers by itself, as the store's does, the turn is taken once.
What is not in it raises ``Missing``, which ``take_turn`` turns into ``Needs``: whoever takes the turn answers, and
takes it again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Literal, TypeVar, cast

from conversations.inputs import Channel
from conversations.places.spot import Spot
from conversations.state import Draft, Json

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
    """Cases that this address reported in its present epoch, newest first.

    ``reporter``: a contact, whose cases alone are wanted, and those that name no reporter; None: all.
    """

    closed: bool = False
    reporter: str | None = None


@dataclass(frozen=True, slots=True)
class ReportedCase(Query["CaseLine | None"]):
    """The case of that number, if this address reported it; None also where there is none. ``reporter``: as above."""

    number: str
    reporter: str | None = None


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
class CaseAnswers(Query["Mapping[str, str]"]):
    """What stands on the case of this id, as it is shown, by field; nothing that is sealed."""

    case: str


@dataclass(frozen=True, slots=True)
class CaseWords(Query["Mapping[str, tuple[str, ...]]"]):
    """All that may be read on the cases that this address reported: answers as shown, and comments, by the case's id.

    Nothing that is sealed, and of a caseworker's comments the public ones.
    """


@dataclass(frozen=True, slots=True)
class LastAnswer(Query[Json]):
    """What this person answered to a field of this id in the newest case at this desk that has it; None: nothing.

    The person is the contact that holds this address; for a case without a contact, the address in its present epoch.
    Nothing that is sealed is told. ``about``: only of cases in which this field of theirs names this object.
    ``but``: not of this case, which is the draft's own.
    """

    field: str
    about: tuple[str, str] | None = None
    but: str | None = None


@dataclass(frozen=True, slots=True)
class RegisterEntry(Query["Mapping[str, str] | None"]):
    """A row of a register by its key; the columns by name."""

    register: str
    key: str


@dataclass(frozen=True, slots=True)
class RegisterRows(Query["tuple[Mapping[str, str], ...]"]):
    """The first rows of a register in the order of their keys, at most so many."""

    register: str
    most: int


@dataclass(frozen=True, slots=True)
class NearestEntry(Query["Mapping[str, str] | None"]):
    """The row of a register that lies nearest to a point, at most so many metres off; its columns by name."""

    register: str
    lat: float
    lon: float
    within_m: int


@dataclass(frozen=True, slots=True)
class AlertSent:
    """An alert that this on-call number was sent. ``seen``: somebody has acknowledged it."""

    alert: str
    case: str
    case_number: str
    word: str
    seen: bool


@dataclass(frozen=True, slots=True)
class AlertsSent(Query[tuple[AlertSent, ...]]):
    """Alerts that went to the conversation's address: those that stand, and those of the last day, newest first."""


@dataclass(frozen=True, slots=True)
class StandingAlert:
    """An alert that goes on until somebody acknowledges it; ``reports``: how many conversations have told of it."""

    alert: str
    case: str
    word: str
    reports: int


@dataclass(frozen=True, slots=True)
class AlertAt(Query[StandingAlert | None]):
    """The oldest standing alert of this place that the alert ``own`` may be merged into, or the one that it is.

    None also where ``own`` was acknowledged, or where others were merged into it. ``own`` is None for a new one.
    """

    spot: Spot
    own: str | None = None


@dataclass(frozen=True, slots=True)
class WrongWords(Query[int]):
    """How often within the last hour this address sent a word that is no standing alert's."""


@dataclass(frozen=True, slots=True)
class ParkedDraft(Query[Draft | None]):
    """A draft of this conversation that was put aside; None where it is gone."""

    draft: str


@dataclass(frozen=True, slots=True)
class CodeCounts:
    """Counts over rows for the limits of TRUST 3.

    ``destination_…``: codes to this address, and ``block_…``: to its block of a thousand numbers, whichever tenant
    sent them; ``block_asked`` and ``block_used`` are codes that a person asked for and those that came back right,
    among the block's last fifty of a day. ``total_hour``, ``wrong_tries_hour`` and ``refusals_told_hour`` are the
    tenant's, ``total_day`` the desk's. ``since_last_s``: seconds since the challenge's last code, None: it has none.
    """

    destination_hour: int = 0
    destination_day: int = 0
    block_hour: int = 0
    block_asked: int = 0
    block_used: int = 0
    total_hour: int = 0
    total_day: int = 0
    wrong_tries_hour: int = 0
    subject_wrong_tries_day: int = 0
    subject_wrong_tries_in_a_row: int = 0
    refusals_told_hour: int = 0
    sent_in_challenge: int = 0
    since_last_s: int | None = None


@dataclass(frozen=True, slots=True)
class CodesSent(Query[CodeCounts]):
    """What was sent to this address and its block, and how many tries failed.

    Where these allow a code, whoever else counts waits until this turn is over: to be asked by a turn that will send.
    """

    challenge: str | None


@dataclass(frozen=True, slots=True)
class AnswerCounts:
    """Answers sent in this conversation: all, and those to turns that moved nothing. ``strange_cases_day``: how many
    case numbers were asked for in it that are none of theirs."""

    moved_nothing_quarter: int = 0
    moved_nothing_day: int = 0
    all_quarter: int = 0
    all_day: int = 0
    strange_cases_day: int = 0


@dataclass(frozen=True, slots=True)
class RecentAnswers(Query[AnswerCounts]):
    """Answers of the last 15 minutes and 24 hours, for the brakes.

    A conversation is one address at one front: who writes to two of our numbers has two budgets, and so have a person's
    texts and mails. Each is answered by another sender, and nobody but that person gets the answers.
    """


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
