"""What a conversation can be told: a message from its address, or something that happened elsewhere.

Each kind but the message is a row of ``pending_input`` (kind, payload), taken in a transaction of its own.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Discriminator, TypeAdapter

Channel = Literal["sms", "mail"]
Evidence = Literal["wrote", "reply_address", "authenticated_mail", "code", "fresh_code", "token", "on_call"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, with the evidence for it: stands on comments, approvals, audit and consent."""

    kind: Literal["customer", "caseworker", "on_call", "system"]
    id: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Message:
    """A text or mail from the conversation's address. ``keyword`` is what the carrier itself recognised.

    ``late``: older than the question that stands now (fetched afterwards), so never its answer.
    """

    id: str
    channel: Channel
    sender: str
    text: str
    at: datetime
    keyword: Literal["", "stop", "start", "help"] = ""
    media_count: int = 0
    late: bool = False
    evidence: Evidence = "wrote"


@dataclass(frozen=True, slots=True)
class Commented:
    """A caseworker wrote a public comment on a case that this address reported."""

    comment: str
    case: str
    case_number: str
    author: str
    words: str
    kind: Literal["commented"] = "commented"


@dataclass(frozen=True, slots=True)
class AlertAcknowledged:
    """Somebody on call has seen the alert of this conversation's danger case."""

    alert: str
    case: str
    case_number: str
    at: datetime
    kind: Literal["alert_acknowledged"] = "alert_acknowledged"


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """A caseworker moved a case on."""

    case: str
    case_number: str
    status: str
    kind: Literal["status_changed"] = "status_changed"


@dataclass(frozen=True, slots=True)
class DangerUnanswered:
    """The timer behind «Er det fare nå?»: ``question`` is the outgoing message that asked."""

    question: str
    kind: Literal["danger_unanswered"] = "danger_unanswered"


@dataclass(frozen=True, slots=True)
class CodeNotSent:
    """The text with a one-time code could not be delivered, or nobody can tell whether it was."""

    challenge: str
    kind: Literal["code_not_sent"] = "code_not_sent"


@dataclass(frozen=True, slots=True)
class TakenOver:
    """A caseworker takes the conversation that a case was reported in: from here on a person answers."""

    case: str
    case_number: str
    kind: Literal["taken_over"] = "taken_over"


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A caseworker gives a handed-over conversation back to the machine."""

    case: str
    kind: Literal["given_back"] = "given_back"


@dataclass(frozen=True, slots=True)
class DraftLeftIdle:
    """The timer of a draft that is not sent: it may have been touched since it was set."""

    draft: str
    kind: Literal["draft_left_idle"] = "draft_left_idle"


@dataclass(frozen=True, slots=True)
class WordsUnplaced:
    """The timer of words that found no place: nobody may have said what they are about."""

    message: str
    kind: Literal["words_unplaced"] = "words_unplaced"


Happened = (
    Commented
    | AlertAcknowledged
    | StatusChanged
    | DangerUnanswered
    | CodeNotSent
    | TakenOver
    | GivenBack
    | DraftLeftIdle
    | WordsUnplaced
)
Input = Message | Happened
HAPPENED: TypeAdapter[Happened] = TypeAdapter(
    Annotated[Happened, Discriminator("kind")], config=ConfigDict(extra="forbid")
)
