"""What waits to be done, without doing it: for the sweep, which looks each second, and for `/readyz`."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session

from conversations.effects import DeliveryClass
from storage.tables import metadata

PENDING_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class Oldest:
    """Since when the longest-waiting deliveries are due; None: none waits."""

    urgent: datetime | None
    any: datetime | None


def has_deliveries(session: Session, now: datetime) -> bool:
    """Whether a delivery is due. Its lane or its sender may still have to wait."""
    return _some(session, _D.c.state == "due", _D.c.due_at <= now)


def has_lost_leases(session: Session, now: datetime) -> bool:
    """Whether a worker has neither sent nor settled in time."""
    return _some(session, _D.c.state == "sending", _D.c.lease_until <= now)


def has_alerts(session: Session, now: datetime) -> bool:
    """Whether an alert is to go on to the next number."""
    return _some(session, _A.c.acknowledged_at.is_(None), _A.c.merged_into.is_(None), _A.c.next_at <= now)


def pending_inputs(session: Session, now: datetime, fronts: Collection[str]) -> list[str]:
    """The inputs that are due in conversations of these fronts, by id; the oldest first, two hundred at most."""
    query = (
        select(_P.c.id)
        .join(_C, _C.c.id == _P.c.conversation)
        .where(_P.c.taken_at.is_(None), _P.c.due_at <= now, _C.c.front.in_(fronts))
        .order_by(_P.c.due_at, _P.c.id)
        .limit(PENDING_AT_ONCE)
    )
    return list(session.connection().execute(query).scalars())


def oldest_deliveries(session: Session) -> Oldest:
    """Since when they are due."""
    return Oldest(
        _oldest(session, _D.c.delivery_class <= DeliveryClass.CODE),
        _oldest(session),
    )


def lease_until(session: Session, job: str) -> datetime | None:
    """Until when some process holds the lease of a job; None: it was never taken."""
    found: datetime | None = session.connection().execute(select(_L.c.until).where(_L.c.name == job)).scalar()
    return found


def _some(session: Session, *conditions: ColumnElement[bool]) -> bool:
    return session.connection().execute(select(1).where(*conditions).limit(1)).first() is not None


def _oldest(session: Session, *conditions: ColumnElement[bool]) -> datetime | None:
    query = select(func.min(_D.c.due_at)).where(_D.c.state == "due", *conditions)
    found: datetime | None = session.connection().execute(query).scalar()
    return found


_D = metadata.tables["delivery"]
_A = metadata.tables["alert"]
_C = metadata.tables["conversation"]
_P = metadata.tables["pending_input"]
_L = metadata.tables["job_lease"]
