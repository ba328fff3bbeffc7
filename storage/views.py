"""What case work shows of its rows, as plain values.

These are also what the HTTP API answers: a field taken away or renamed breaks its callers.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list. ``unread``: comments of the customer that no caseworker has answered.

    ``attention`` says why a person should look at it now, None when nobody need.
    """

    id: str
    number: str
    desk: str
    form: str
    status: str
    open: bool
    urgency: str
    attention: str | None
    attention_at: datetime | None
    opened_at: datetime
    unread: int


@dataclass(frozen=True, slots=True)
class CasePage:
    """Cases, newest first. ``next``: what `after` must be for the next page; None on the last."""

    cases: tuple[CaseLine, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Reporter:
    """The address that reported, and who is known to hold it. ``proved``: by a code, in its present epoch."""

    channel: str
    address: str
    name: str | None
    proved: bool


@dataclass(frozen=True, slots=True)
class Value:
    """An answer on the case: ``value`` as data, ``shown`` as read back, ``words`` as the customer said it.

    A sealed one is secret, and masked in all three.
    """

    field: str
    value: Any
    shown: str
    words: str
    source: str
    confirmed: bool
    sealed: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody's part in the case."""

    role: str
    name: str | None
    numbers: str | None


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment. ``evidence``: how far its author is proved; ``wrote`` is a sender that may be forged.

    ``message``: the one it came in by, None for a caseworker's. ``delivery``: how far a public one got on its
    way to the customer, None before it is on its way; ``failure``: why it did not arrive.
    """

    id: str
    author_kind: str
    author_name: str | None
    evidence: str
    public: bool
    text: str
    message: str | None
    delivery: str | None
    failure: str | None
    at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """One sending of a message, and how far it got."""

    id: str
    state: str
    failure: str | None
    attempt: int
    recipient: str
    created_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message in or out. ``disposition``: what became of one that came in; ``reason``: why."""

    id: str
    direction: str
    channel: str
    their_address: str
    text: str
    hidden_text: str | None
    disposition: str | None
    reason: str | None
    at: datetime
    handled_at: datetime | None
    deliveries: tuple[DeliveryView, ...]


@dataclass(frozen=True, slots=True)
class AlertView:
    """A danger that somebody on call must acknowledge. ``step``: how many numbers were alerted so far.

    ``merged_into``: the alert of the same place that goes on in its stead, and is acknowledged with it.
    """

    id: str
    case: str
    case_number: str
    desk: str
    step: int
    raised_at: datetime
    next_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    merged_into: str | None


@dataclass(frozen=True, slots=True)
class CaseWhole:
    """A case with all that belongs to it. ``revision`` rises with each change; comments do not change it."""

    id: str
    number: str
    desk: str
    form: str
    status: str
    open: bool
    urgency: str
    attention: str | None
    attention_at: datetime | None
    opened_at: datetime
    unread: int
    revision: int
    outside_reference: str | None
    sent_at: datetime | None
    closed_at: datetime | None
    reporter: Reporter
    values: tuple[Value, ...]
    parties: tuple[Party, ...]
    comments: tuple[CommentView, ...]
    messages: tuple[MessageView, ...]
    alerts: tuple[AlertView, ...]
