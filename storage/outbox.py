"""The outbox: which waiting text goes next, and when. The rules of the game:

- due → sending(attempt, lease) → sent → delivered │ failed; or unknown, and from there sent, due again or
  failed; or replaced, expired, withheld. How they end is in `storage.settling` and `storage.unknown`.
- A lane is one of our senders and one recipient. Of a lane never two are on their way: one in `sending`, or
  in `unknown`, holds the others back, so that they arrive in their order. An unknown one holds back neither
  danger nor a code, and danger waits for no more than danger.
- The lower class goes first; within a class the older, but one that waits for its next try keeps its place
  in its lane.
- A sender is a bucket, kept as the moments at which it is free: for all, and for classes 2 and up, which get
  four fifths of its rate, so that danger and codes find a gap. A claim takes at most the next second.
- Between senders the lower class goes first, then the sender that was served longest ago.
- Reminders go from 8 to 20 in the desk's zone. What has passed its last useful moment expires.

One claim is one short transaction. On PostgreSQL it holds its sender's row, which makes claims of a sender
follow one another (FOR NO KEY UPDATE: a turn that inserts a delivery need not wait); SQLite has one writer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, NamedTuple

from sqlalchemy import and_, bindparam, exists, func, or_, select, type_coerce, update
from sqlalchemy.types import NullType

from conversations.dice import Dice
from conversations.effects import DeliveryClass
from storage.settling import expire
from storage.statements import Statement
from storage.tables import metadata
from storage.work import Work

AHEAD: Final = timedelta(seconds=1)
BULK_SHARE: Final = 0.8
REMINDERS_FROM, REMINDERS_UNTIL = 8, 20
EXPIRED_AT_ONCE: Final = 100

Zones = Mapping[str, tzinfo]
"""By the sender's address: the zone of the desk that answers on it. What is missing is UTC."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours to send at `send_at`, until `lease_until`. Where there are `parts` (JSON, with
    marks), they are composed and `text` is for reading alone; `sealed` has the code for its mark."""

    delivery: str
    attempt: int
    delivery_class: DeliveryClass
    tenant: str
    sender: str
    account: str
    our_address: str
    recipient: str = field(repr=False)
    text: str = field(repr=False)
    parts: str | None = field(repr=False)
    sealed: str | None = field(repr=False)
    send_at: datetime
    lease_until: datetime
    last_moment: datetime | None


@dataclass(frozen=True, slots=True)
class Wait:
    """Something is due, and its sender's bucket gives nothing before `until`."""

    until: datetime


def claim(work: Work, dice: Dice, zones: Zones, lease: timedelta, urgent: bool = False) -> Claimed | Wait | None:
    """Take the next delivery; None: nothing can go now. `urgent`: danger and codes only.

    `lease` is counted from the moment of sending, and must outlive the slowest send.
    """
    waits = []
    for sender in _senders_with_work(work, urgent):
        room = _room(sender, work.now, zones, urgent)
        if room.until is not None:
            waits.append(room.until)
        head = _head(work, dice, sender, room.most) if room.most is not None else None
        if head is not None:
            # Of two processes that saw the same head, one finds the bucket changed and looks again.
            return _take(work, sender, head, lease) or Wait(work.now)
    return Wait(min(waits)) if waits else None


class _Sender(NamedTuple):
    id: str
    account: str
    address: str
    per_second: float
    free_at: datetime
    bulk_free_at: datetime
    served_at: datetime
    lowest: int


class _Room(NamedTuple):
    """Up to which class the sender has room in the next second, None: for none; and when for more."""

    most: int | None
    until: datetime | None


class _Head(NamedTuple):
    id: str
    delivery_class: int
    tenant: str
    recipient: str
    message: str
    sealed: str | None
    last_moment: datetime | None


def _senders_with_work(work: Work, urgent: bool) -> list[_Sender]:
    """Those with danger first, then who was served longest ago; without those that are held."""
    most = DeliveryClass.CODE if urgent else DeliveryClass.REMINDER
    senders = [_Sender(*row) for row in _SENDERS.all(work, now=work.now) if row[-1] is not None]
    return sorted((s for s in senders if s.lowest <= most), key=lambda s: (s.lowest, s.served_at))


def _room(sender: _Sender, now: datetime, zones: Zones, urgent: bool) -> _Room:
    soon = now + AHEAD
    bulk_free_at = max(sender.free_at, sender.bulk_free_at)
    if sender.free_at > soon:
        has_urgent = sender.lowest <= DeliveryClass.CODE
        return _Room(None, (sender.free_at if has_urgent else bulk_free_at) - AHEAD)
    if urgent:
        return _Room(DeliveryClass.CODE, None)
    if bulk_free_at > soon:
        return _Room(DeliveryClass.CODE, bulk_free_at - AHEAD)
    hour = now.astimezone(zones.get(sender.address, UTC)).hour
    is_day = REMINDERS_FROM <= hour < REMINDERS_UNTIL
    return _Room(DeliveryClass.REMINDER if is_day else DeliveryClass.COMMENT, None)


def _head(work: Work, dice: Dice, sender: _Sender, most: int) -> _Head | None:
    for _ in range(EXPIRED_AT_ONCE):
        row = HEAD.one(work, sender=sender.id, most=most, now=work.now)
        head = _Head(*row) if row is not None else None
        if head is None or head.last_moment is None or head.last_moment > work.now:
            return head
        expire(work, dice, head.id)
    return None


def _take(work: Work, sender: _Sender, head: _Head, lease: timedelta) -> Claimed | None:
    if _LOCK.one(work, sender=sender.id) != (sender.free_at, sender.bulk_free_at):
        return None
    is_bulk = head.delivery_class > DeliveryClass.CODE
    send_at = max(work.now, sender.free_at, sender.bulk_free_at if is_bulk else work.now)
    taken = _TAKE.one(work, delivery=head.id, now=work.now, until=send_at + lease)
    if taken is None:
        return None
    pause = timedelta(seconds=1 / sender.per_second)
    _SPEND.run(
        work,
        sender=sender.id,
        now=work.now,
        free=send_at + pause,
        bulk_free=send_at + pause / BULK_SHARE if is_bulk else sender.bulk_free_at,
    )
    text, parts = _CONTENT.one(work, message=head.message) or ("", None)
    return Claimed(
        delivery=head.id,
        attempt=taken[0],
        delivery_class=DeliveryClass(head.delivery_class),
        tenant=head.tenant,
        sender=sender.id,
        account=sender.account,
        our_address=sender.address,
        recipient=head.recipient,
        text=text,
        parts=parts,
        sealed=head.sealed,
        send_at=send_at,
        lease_until=send_at + lease,
        last_moment=head.last_moment,
    )


_D = metadata.tables["delivery"]
_S = metadata.tables["sender"]
_M = metadata.tables["message"]

_SENDERS = Statement(
    select(
        _S.c.id,
        _S.c.account,
        _S.c.address,
        # As the driver gives it: a float of SQLAlchemy's would have to see psycopg's description of the column.
        type_coerce(_S.c.per_second, NullType()),
        _S.c.free_at,
        _S.c.bulk_free_at,
        _S.c.served_at,
        select(func.min(_D.c.delivery_class))
        .where(_D.c.state == "due", _D.c.sender == _S.c.id)
        .scalar_subquery()
        .label("lowest"),
    ).where(or_(_S.c.held_until.is_(None), _S.c.held_until <= bindparam("now")))
)
_LOCK = Statement(
    select(_S.c.free_at, _S.c.bulk_free_at).where(_S.c.id == bindparam("sender")).with_for_update(key_share=True)
)

_OTHER = _D.alias("other")
_SAME_LANE = and_(_OTHER.c.recipient == _D.c.recipient, _OTHER.c.sender == _D.c.sender)
_ON_ITS_WAY = exists().where(
    _SAME_LANE,
    _OTHER.c.state == "sending",
    or_(_D.c.delivery_class > 0, and_(_OTHER.c.delivery_class == 0, _OTHER.c.lease_until > bindparam("now"))),
)
_UNKNOWN = exists().where(_SAME_LANE, _OTHER.c.state == "unknown", _OTHER.c.delivery_class > 0, _D.c.delivery_class > 1)
_TRIED_BEFORE = exists().where(
    _SAME_LANE,
    _OTHER.c.state == "due",
    _OTHER.c.attempt > 0,
    or_(
        _OTHER.c.delivery_class < _D.c.delivery_class,
        and_(_OTHER.c.delivery_class == _D.c.delivery_class, _OTHER.c.id < _D.c.id),
    ),
)
HEAD = Statement(
    select(
        _D.c.id,
        _D.c.delivery_class,
        _D.c.tenant,
        _D.c.recipient,
        _D.c.message,
        _D.c.sealed,
        _D.c.last_moment,
    )
    .where(
        _D.c.state == "due",
        _D.c.sender == bindparam("sender"),
        _D.c.delivery_class <= bindparam("most"),
        _D.c.due_at <= bindparam("now"),
        ~_ON_ITS_WAY,
        ~_UNKNOWN,
        ~_TRIED_BEFORE,
    )
    .order_by(_D.c.delivery_class, _D.c.id)
    .limit(1)
)
_TAKE = Statement(
    update(_D)
    .where(_D.c.id == bindparam("delivery"), _D.c.state == "due")
    .values(
        state="sending",
        attempt=_D.c.attempt + 1,
        claimed_at=bindparam("now"),
        lease_until=bindparam("until"),
        check_at=None,
    )
    .returning(_D.c.attempt)
)
_SPEND = Statement(
    update(_S)
    .where(_S.c.id == bindparam("sender"))
    .values(free_at=bindparam("free"), bulk_free_at=bindparam("bulk_free"), served_at=bindparam("now"))
)
_CONTENT = Statement(select(_M.c.text, _M.c.parts).where(_M.c.id == bindparam("message")))
