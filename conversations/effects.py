"""What a turn wants done, in the imperative; storage makes rows of it in the turn's own transaction.

No effect names another conversation's state: what concerns another becomes a ``pending_input`` there.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Literal

from conversations.inputs import Actor, Happened
from conversations.places.spot import Spot
from conversations.state import Answer, Draft, State
from conversations.text import Text


class DeliveryClass(IntEnum):
    """The order of sending: the lower goes first."""

    DANGER = 0
    CODE = 1
    ANSWER = 2
    COMMENT = 3
    REMINDER = 4


Urgency = Literal["danger", "high", "normal", "low"]
Withheld = Literal["", "brake", "opted_out", "no_return_address"]
Disposition = Literal["turn", "opt_out", "to_person", "late", "automatic", "quarantined"]


@dataclass(frozen=True, slots=True)
class Say:
    """The one reply to the address that wrote. ``message`` is its id; withheld: kept, but not sent.

    ``replaces``: it stands for an earlier answer that nobody has claimed for sending, if that one is
    ``replaceable``. ``moved`` is false where it answers a turn that moved nothing: the brakes count those.
    """

    message: str
    text: Text
    delivery_class: DeliveryClass = DeliveryClass.ANSWER
    replaces: bool = False
    replaceable: bool = False
    moved: bool = True
    withheld: Withheld = ""


@dataclass(frozen=True, slots=True)
class SendCode:
    """Draw a code for a challenge and send it; ``again``: a further code for one that is open.

    The text has the mark ``code``. ``purpose`` and ``about`` are what the code binds besides the
    conversation and the destination. Lifetime, tries and cool-down are in ``conversations.codes``.
    """

    message: str
    challenge: str
    purpose: str
    text: Text
    digits: int
    expires_at: datetime
    again: bool = False
    about: str | None = None


@dataclass(frozen=True, slots=True)
class AcceptCode:
    """A right code came back: use the challenge up and trust the address until then, whoever of its holders writes.

    ``contact`` is the id for a new contact where nobody holds the address yet.
    """

    challenge: str
    contact: str
    trusted_until: datetime


@dataclass(frozen=True, slots=True)
class NameHolder:
    """The contact that holds the address has this name.

    ``beside``: it is new, and holds the address on the proof and with the trust that this other contact has.
    """

    contact: str
    name: str
    beside: str | None = None


@dataclass(frozen=True, slots=True)
class NameReporter:
    """This contact reported the case, whoever was taken for its reporter before."""

    case: str
    contact: str


@dataclass(frozen=True, slots=True)
class EndTrust:
    """Sign out: the address is no longer trusted; the open challenge is void."""


@dataclass(frozen=True, slots=True)
class EndCode:
    """The code that is awaited is no longer wanted: its challenge is void."""


@dataclass(frozen=True, slots=True)
class CountWrongFacts:
    """The facts that were given do not belong together: a wrong try of this address, as a wrong code is."""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Open a case; its number is drawn as the last lock.

    The reporter is the conversation's address, and the contact that holds it, if one alone does.
    """

    case: str
    form: str
    series: str
    status: str
    urgency: Urgency
    draft: str | None = None
    acts_for: str | None = None


@dataclass(frozen=True, slots=True)
class ParkDraft:
    """The draft is put aside as it stands here. Its code, where it has one, is no other draft's of the desk."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class LeaveDraft:
    """The draft is over: sent as a case, or dropped."""

    draft: str
    standing: Literal["sent", "dropped"]


@dataclass(frozen=True, slots=True)
class SetValues:
    """Write answers onto a case, as shown (``shown``) and as records; a field that is there is replaced."""

    case: str
    answers: dict[str, Answer]
    shown: dict[str, str]


@dataclass(frozen=True, slots=True)
class DropValues:
    """These answers were taken back: they stand on the case no longer."""

    case: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seal:
    """Keep a secret sealed under this id; the answer that has the id stands for it."""

    secret: str
    clear: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class MaskMessage:
    """Keep the inbound message with this text, in which stars stand for its secrets."""

    message: str
    text: str


@dataclass(frozen=True, slots=True)
class RecordConsent:
    """Keep what was agreed to or refused: which text of the desk's, on whose word, and when it ends by itself.

    ``case`` is None for the terms, which are accepted before there is any.
    """

    consent: str
    case: str | None
    purpose: str
    answer: Answer
    actor: Actor


@dataclass(frozen=True, slots=True)
class ChangeStatus:
    """Move a case on in its form's statuses."""

    case: str
    status: str


@dataclass(frozen=True, slots=True)
class AddComment:
    """The inbound message is a comment on the case (it has no text of its own)."""

    comment: str
    case: str
    message: str
    actor: Actor
    public: bool = True


@dataclass(frozen=True, slots=True)
class ReadComments:
    """The customer has seen or answered the case's public comments: none of them is unread any more."""

    case: str


@dataclass(frozen=True, slots=True)
class RaiseAlert:
    """Alert the desk's on-call numbers in order until somebody acknowledges with the word.

    ``spot`` is the place, where it is known. ``into``: an alert of that place which nobody has acknowledged; those
    whom it went to are told the text, and it alone goes on. An alert that is there already is raised or merged anew.
    """

    alert: str
    case: str
    word: str
    text: Text
    numbers: tuple[str, ...]
    escalate_after_s: int
    spot: Spot | None = None
    into: str | None = None


@dataclass(frozen=True, slots=True)
class PlaceAlert:
    """The place of an alert is another than it was, or not known any more."""

    alert: str
    spot: Spot | None


@dataclass(frozen=True, slots=True)
class AddToAlert:
    """More is known (a place) or said (a further danger phrase): tell those already alerted.

    ``again``: alert anew from the first number where it had been acknowledged.
    """

    alert: str
    text: Text
    again: bool = False


@dataclass(frozen=True, slots=True)
class AcknowledgeAlert:
    """The alert is seen by this actor, and all that are merged with it.

    Each reporter's conversation learns it by an input of its own.
    ``others`` is what the other numbers that were alerted are told.
    """

    alert: str
    actor: Actor
    at: datetime
    others: Text = ()


@dataclass(frozen=True, slots=True)
class SetTimer:
    """Tell this conversation something at ``due``, unless it has moved on by then."""

    due: datetime
    input: Happened


@dataclass(frozen=True, slots=True)
class OptOut:
    """The address wants no texts: ``local`` (our own word) or ``carrier`` (the carrier blocks as well)."""

    by: Literal["local", "carrier"]


@dataclass(frozen=True, slots=True)
class OptIn:
    """The address wants texts again."""


@dataclass(frozen=True, slots=True)
class HandOver:
    """A person takes the case over; it stands on the needs-attention list with the reason."""

    case: str
    reason: str


Effect = (
    Say
    | SendCode
    | AcceptCode
    | NameHolder
    | NameReporter
    | EndTrust
    | EndCode
    | CountWrongFacts
    | OpenCase
    | LeaveDraft
    | ParkDraft
    | SetValues
    | DropValues
    | Seal
    | RecordConsent
    | MaskMessage
    | ChangeStatus
    | AddComment
    | ReadComments
    | RaiseAlert
    | PlaceAlert
    | AddToAlert
    | AcknowledgeAlert
    | SetTimer
    | OptOut
    | OptIn
    | HandOver
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A taken turn: the state and draft to write, what to do, and what became of the message.

    ``draft`` is the active draft after the turn (None: none); ``reason`` explains the disposition and is
    a word of ours, never a customer's.
    """

    state: State
    draft: Draft | None
    effects: tuple[Effect, ...]
    disposition: Disposition = "turn"
    reason: str = ""
