"""Texts that the provider took, and of which no receipt came: asked for once, in the provider's list.

Some networks never tell; so what the list does not know either stays `sent`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from conversations.dice import Dice
from storage.settling import Outcome, take_receipt
from storage.statements import Statement
from storage.tables import metadata
from storage.unknown import OnList
from storage.work import Work

AT_ONCE: Final = 500
HEARD_WITHIN: Final = timedelta(minutes=10)
FORGOTTEN_AFTER: Final = timedelta(days=1)
LISTED_AS_FAILED: Final = "listed_as_failed"


@dataclass(frozen=True, slots=True)
class Unheard:
    """A delivery that was sent, as the provider calls it."""

    delivery: str
    provider_id: str
    account: str
    recipient: str = field(repr=False)
    claimed_at: datetime


def unheard(session: Session, now: datetime, made_after: str) -> list[Unheard]:
    """Those sent over ten minutes and under a day ago and not asked for yet, five hundred at most.

    `made_after`: an id; only deliveries with a higher one are looked at, all of them, for there is no index of
    what is over.
    """
    query = (
        select(_D.c.id, _D.c.provider_id, _S.c.account, _D.c.recipient, _D.c.claimed_at)
        .join(_S, _S.c.id == _D.c.sender)
        .where(
            _D.c.id > made_after,
            _D.c.state == "sent",
            _D.c.check_at.is_(None),
            _D.c.settled_at < now - HEARD_WITHIN,
            _D.c.settled_at > now - FORGOTTEN_AFTER,
            _D.c.provider_id.is_not(None),
        )
        .order_by(_D.c.id)
        .limit(AT_ONCE)
    )
    rows = [Unheard(*row) for row in session.connection().execute(query)]
    return sorted(rows, key=lambda row: (row.account, row.recipient, row.claimed_at))


def hear(work: Work, dice: Dice, rows: Sequence[Unheard], listed: Sequence[OnList]) -> int:
    """Take what the list says of these as their receipts; how many it changed. They are not asked for again."""
    known = {one.provider_id: one.found for one in listed}
    changed = 0
    for row in rows:
        found = known.get(row.provider_id, "accepted")
        failure = LISTED_AS_FAILED if found == "refused" else None
        changed += take_receipt(work, dice, row.delivery, Outcome(found, row.provider_id, failure))
        _ASKED.run(work, delivery=row.delivery, now=work.now)
    return changed


_D = metadata.tables["delivery"]
_S = metadata.tables["sender"]
_ASKED = Statement(
    update(_D).where(_D.c.id == bindparam("delivery"), _D.c.state == "sent").values(check_at=bindparam("now"))
)
