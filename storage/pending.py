"""What a conversation is to be told at its time: timers, and what another conversation or a person caused."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from conversations.dice import Dice
from conversations.inputs import HAPPENED, Happened
from storage.statements import Statement
from storage.tables import metadata
from storage.work import Work


class Pending(NamedTuple):
    """A row that waits: for which conversation, what, and what it is about."""

    id: str
    tenant: str
    conversation: str
    payload: str
    due_at: datetime
    about: str | None
    taken_at: datetime | None


def tell(
    work: Work,
    dice: Dice,
    tenant: str,
    conversation: str,
    told: Happened,
    due: datetime,
    about: str | None = None,
) -> str:
    """Have the conversation told this at `due`; the row's id."""
    pending = dice.new_id()
    _TELL.run(
        work,
        id=pending,
        tenant=tenant,
        conversation=conversation,
        kind=told.kind,
        payload=HAPPENED.dump_json(told).decode(),
        due_at=due,
        about=about,
    )
    return pending


def find_pending(work: Work, pending: str) -> Pending | None:
    """The row of this id, taken or not."""
    row = _FIND.one(work, key=pending)
    return None if row is None else Pending(*row)


def thaw_told(pending: Pending) -> Happened:
    """What the conversation is to be told. Raises ValueError on what we did not write."""
    return HAPPENED.validate_json(pending.payload)


def take(work: Work, pending: str, outcome: str) -> bool:
    """Mark it as taken, once; false where somebody was faster."""
    return _TAKE.run(work, key=pending, now=work.now, became=outcome) == 1


_P = metadata.tables["pending_input"]

_TELL = Statement(
    insert(_P).inline(),
    *("id", "tenant", "conversation", "kind", "payload", "due_at", "about"),
)
_FIND = Statement(select(*(_P.c[name] for name in Pending._fields)).where(_P.c.id == bindparam("key")))
_TAKE = Statement(
    update(_P)
    .where(_P.c.id == bindparam("key"), _P.c.taken_at.is_(None))
    .values(taken_at=bindparam("now"), outcome=bindparam("became"))
)
