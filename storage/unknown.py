"""Texts of which nobody can tell whether they went: found out by the provider's list, a minute later.

A lease runs out when a worker dies between claiming and settling. Danger is then sent again at once: twice
beats never. All else becomes unknown, waits for its receipt, and is looked for in the provider's list. Where there
is no list the receipt is waited for alone, and not for ever: the lane's other texts wait as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal, TypeVar

from sqlalchemy import bindparam, select
from sqlmodel import Session

from conversations.dice import Dice
from conversations.effects import DeliveryClass
from storage.settling import NO_RECEIPT, Outcome, settle
from storage.statements import Statement
from storage.tables import metadata
from storage.work import Work

AT_ONCE: Final = 100
LEASE_LOST: Final = "lease_lost"
NOT_FOUND: Final = "not_found"
RECEIPT_WITHIN: Final = timedelta(minutes=10)

Found = Literal["accepted", "delivered", "refused"]


@dataclass(frozen=True, slots=True)
class Doubtful:
    """An unknown delivery that is to be looked for among what the provider took since `claimed_at`."""

    delivery: str
    attempt: int
    delivery_class: DeliveryClass
    account: str
    our_address: str
    recipient: str = field(repr=False)
    text: str = field(repr=False)
    parts: str | None = field(repr=False)
    sealed: str | None = field(repr=False)
    claimed_at: datetime


@dataclass(frozen=True, slots=True)
class OnList:
    """One text in the provider's list."""

    provider_id: str
    our_address: str
    text: str = field(repr=False)
    found: Found


@dataclass(frozen=True, slots=True)
class Sought:
    """A doubtful delivery with its text as it went, code and all."""

    delivery: str
    attempt: int
    delivery_class: DeliveryClass
    our_address: str
    text: str = field(repr=False)


Row = TypeVar("Row", Doubtful, Sought)


def end_leases(work: Work, dice: Dice) -> int:
    """Take back what its worker has neither sent nor settled in time. At most a hundred at once."""
    lost = _LOST.all(work, now=work.now)
    for delivery, attempt, delivery_class in lost:
        if delivery_class == DeliveryClass.DANGER:
            outcome = Outcome("repeat", failure=LEASE_LOST, again_at=work.now)
        else:
            outcome = Outcome("doubtful", failure=LEASE_LOST)
        settle(work, dice, delivery, attempt, outcome)
    return len(lost)


def doubtful(session: Session, now: datetime) -> list[Doubtful]:
    """What is to be looked up now, a hundred at most, oldest first; those of one recipient are together."""
    query = (
        select(
            _D.c.id,
            _D.c.attempt,
            _D.c.delivery_class,
            _S.c.account,
            _S.c.address,
            _D.c.recipient,
            _M.c.text,
            _M.c.parts,
            _D.c.sealed,
            _D.c.claimed_at,
        )
        .join(_S, _S.c.id == _D.c.sender)
        .join(_M, _M.c.id == _D.c.message)
        .where(_D.c.state == "unknown", _D.c.check_at <= now)
        .order_by(_D.c.check_at, _D.c.id)
        .limit(AT_ONCE)
    )
    rows = [
        Doubtful(delivery, attempt, DeliveryClass(delivery_class), *rest)
        for delivery, attempt, delivery_class, *rest in session.connection().execute(query)
    ]
    return sorted(rows, key=lambda row: (row.our_address, row.recipient, row.claimed_at, row.delivery))


def look_again(work: Work, dice: Dice, sought: Sequence[Doubtful]) -> None:
    """The list could not be had: in a minute once more. A code is not waited for so long: it has failed."""
    for row in _still_unknown(work, sought):
        is_code = row.delivery_class == DeliveryClass.CODE
        outcome = Outcome("refused", failure=NOT_FOUND) if is_code else Outcome("doubtful")
        settle(work, dice, row.delivery, row.attempt, outcome)


def look_no_more(work: Work, dice: Dice, sought: Sequence[Doubtful]) -> None:
    """There is no list: only a receipt can tell, and after ten minutes a person shall know that none did.

    A code is not waited for: it has failed.
    """
    for row in _still_unknown(work, sought):
        if row.delivery_class == DeliveryClass.CODE:
            outcome = Outcome("refused", failure=NOT_FOUND)
        elif work.now - row.claimed_at >= RECEIPT_WITHIN:
            outcome = Outcome("refused", failure=NO_RECEIPT)
        else:
            outcome = Outcome("doubtful")
        settle(work, dice, row.delivery, row.attempt, outcome)


def compare(work: Work, dice: Dice, sought: Sequence[Sought], listed: Sequence[OnList]) -> int:
    """Settle the doubtful of one recipient by the provider's list, newest first; how many had gone.

    A text on the list that is no delivery's yet belongs to the oldest doubtful one with the same words. So
    of n equal texts as many count as sent as the list has beyond those we know of. What is not on the list
    did not go: it is due again, but a code has failed.
    """
    unclaimed = [row for row in reversed(listed) if _KNOWN.one(work, provider_id=row.provider_id) is None]
    went = 0
    for row in _still_unknown(work, sought):
        match = next((one for one in unclaimed if _is_same(one, row)), None)
        if match is not None:
            unclaimed.remove(match)
            went += 1
            settle(work, dice, row.delivery, row.attempt, Outcome("accepted", match.provider_id))
            if match.found != "accepted":
                settle(work, dice, row.delivery, row.attempt, Outcome(match.found, match.provider_id))
        elif row.delivery_class == DeliveryClass.CODE:
            settle(work, dice, row.delivery, row.attempt, Outcome("refused", failure=NOT_FOUND))
        else:
            settle(work, dice, row.delivery, row.attempt, Outcome("repeat", again_at=work.now))
    return went


def _still_unknown(work: Work, sought: Sequence[Row]) -> list[Row]:
    """Without those of which a receipt has told since they were read: they must not be sent again."""
    return [row for row in sought if _UNKNOWN.one(work, delivery=row.delivery, tried=row.attempt)]


def _is_same(listed: OnList, sought: Sought) -> bool:
    # A provider may trim; and may count the same number as ours only where the sender is the same.
    return listed.our_address == sought.our_address and listed.text.strip() == sought.text.strip()


_D = metadata.tables["delivery"]
_M = metadata.tables["message"]
_S = metadata.tables["sender"]

_LOST = Statement(
    select(_D.c.id, _D.c.attempt, _D.c.delivery_class)
    .where(_D.c.state == "sending", _D.c.lease_until <= bindparam("now"))
    .order_by(_D.c.delivery_class, _D.c.id)
    .limit(AT_ONCE)
)
_UNKNOWN = Statement(
    select(_D.c.id)
    .where(_D.c.id == bindparam("delivery"), _D.c.attempt == bindparam("tried"), _D.c.state == "unknown")
    .with_for_update()
)
_KNOWN = Statement(select(_D.c.id).where(_D.c.provider_id == bindparam("provider_id")).limit(1))
