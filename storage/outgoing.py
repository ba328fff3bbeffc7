"""A text to be sent is two rows of the transaction that wants it: the message, and its delivery."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from sqlalchemy import bindparam, insert, select, update

from conversations.dice import Dice
from conversations.effects import DeliveryClass, Withheld
from conversations.inputs import Channel
from conversations.text import Mark, Text, plain
from storage.parts import HIDDEN, freeze_parts
from storage.statements import Statement
from storage.tables import metadata
from storage.work import Work

ANSWER_USEFUL = timedelta(hours=6)
COMMENT_USEFUL = timedelta(days=3)
DAY_ENDS = 20


@dataclass(frozen=True, slots=True)
class Lane:
    """From which of our senders to whom; the conversation is None for the numbers on call."""

    tenant: str
    channel: Channel
    sender: str
    recipient: str
    conversation: str | None = None


def put_out(
    work: Work,
    dice: Dice,
    lane: Lane,
    text: Text,
    delivery_class: DeliveryClass,
    last_moment: datetime | None,
    *,
    message: str | None = None,
    replaceable: bool = False,
    moved: bool = True,
    withheld: Withheld = "",
    about: str | None = None,
    code: str | None = None,
) -> str:
    """Write the message and its delivery; the delivery's id. Of marks the code alone may be left.

    A withheld one is kept and never sent. `code` is sealed beside the delivery, and stands nowhere else.
    Raises ValueError where another mark is left.
    """
    is_whole = not any(isinstance(part, Mark) for part in text)
    parts = None if is_whole else freeze_parts(text)
    message = message or dice.new_id()
    _MESSAGE.run(
        work,
        id=message,
        tenant=lane.tenant,
        conversation=lane.conversation,
        channel=lane.channel,
        their_address=lane.recipient,
        text=plain(text, lambda mark: HIDDEN if mark.mark == "code" else None),
        parts=parts,
        reason=withheld or None,
        moved=moved,
        at=work.now,
    )
    delivery = dice.new_id()
    _DELIVERY.run(
        work,
        id=delivery,
        tenant=lane.tenant,
        sender=lane.sender,
        recipient=lane.recipient,
        message=message,
        conversation=lane.conversation,
        delivery_class=delivery_class,
        state="withheld" if withheld else "due",
        due_at=work.now,
        last_moment=last_moment,
        replaceable=replaceable,
        settled_at=work.now if withheld else None,
        failure=withheld or None,
        about=about,
        sealed=work.keys.seal(code, delivery) if code else None,
        created_at=work.now,
    )
    return delivery


def replace_unclaimed(work: Work, delivery: str) -> bool:
    """Take back an answer that nobody has claimed for sending; false where it is too late, or not allowed."""
    return _REPLACE.run(work, delivery=delivery, now=work.now) == 1


def withhold_due(work: Work, address: str, because: Withheld) -> list[str]:
    """Take back all that waits for an address but danger, from whichever front: they want no texts.

    The comments among it, by id.
    """
    rows = _WITHHOLD.all(work, to=address, because=because, now=work.now)
    return [about for about, delivery_class in rows if delivery_class == DeliveryClass.COMMENT]


def last_moment(delivery_class: DeliveryClass, now: datetime, zone: tzinfo) -> datetime | None:
    """After which a text is of no use any more; None: it always is. A code's own is its expiry."""
    useful = USEFUL_UNTIL.get(delivery_class)
    return useful(now, zone) if useful else None


def _end_of_day(now: datetime, zone: tzinfo) -> datetime:
    """When reminders stop for the day; tomorrow's end where they have stopped already."""
    local = now.astimezone(zone)
    day = local if local.hour < DAY_ENDS else local + timedelta(days=1)
    return day.replace(hour=DAY_ENDS, minute=0, second=0, microsecond=0)


USEFUL_UNTIL: Mapping[DeliveryClass, Callable[[datetime, tzinfo], datetime]] = {
    DeliveryClass.ANSWER: lambda now, zone: now + ANSWER_USEFUL,
    DeliveryClass.COMMENT: lambda now, zone: now + COMMENT_USEFUL,
    DeliveryClass.REMINDER: _end_of_day,
}

_M = metadata.tables["message"]
_D = metadata.tables["delivery"]
_C = metadata.tables["conversation"]
_MESSAGE = Statement(
    insert(_M).values(direction="out").inline(),
    *("id", "tenant", "conversation", "direction", "channel", "their_address", "text", "parts", "reason"),
    *("moved", "at"),
)
_DELIVERY = Statement(
    insert(_D).values(attempt=0).inline(),
    *("id", "tenant", "sender", "recipient", "message", "conversation", "delivery_class", "state", "due_at"),
    *("last_moment", "replaceable", "attempt", "settled_at", "failure", "about", "sealed", "created_at"),
)
_REPLACE = Statement(
    update(_D)
    .where(
        _D.c.id == bindparam("delivery"),
        _D.c.state == "due",
        _D.c.claimed_at.is_(None),
        _D.c.replaceable.is_(True),
    )
    .values(state="replaced", settled_at=bindparam("now"))
)
_WITHHOLD = Statement(
    update(_D)
    .where(
        _D.c.message.in_(select(_M.c.id).join(_C, _C.c.id == _M.c.conversation).where(_C.c.address == bindparam("to"))),
        _D.c.state == "due",
        _D.c.delivery_class > DeliveryClass.DANGER,
    )
    .values(state="withheld", failure=bindparam("because"), settled_at=bindparam("now"), sealed=None)
    .returning(_D.c.about, _D.c.delivery_class)
)
