"""What an operator should hear: somebody guesses codes, earns on texts, or is a machine that answers us. Counts over
rows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, exists, func, select, text
from sqlmodel import Session

from conversations import limits
from storage.tables import metadata

HOUR: Final = timedelta(seconds=limits.HOUR_S)
DAY: Final = timedelta(seconds=limits.DAY_S)


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something stands too high. ``of`` is the tenant, or the block of numbers, which is nobody's to read in a log."""

    what: str
    how_many: int
    tenant: str | None = None
    of: str = field(default="", repr=False)


def standing(session: Session, now: datetime) -> list[Alarm]:
    """All that is alarming at this moment."""
    return [*_guessed(session, now), *_refused(session, now), *_unused(session, now), *_braked(session, now)]


def _guessed(session: Session, now: datetime) -> Iterator[Alarm]:
    counted = (
        select(_W.c.tenant, func.count())
        .where(_W.c.at > now - HOUR)
        .group_by(_W.c.tenant)
        .having(func.count() > limits.WRONG_TRIES_ALARM)
    )
    for tenant, how_many in session.connection().execute(counted):
        yield Alarm("wrong_codes", how_many, tenant, tenant)


def _refused(session: Session, now: datetime) -> Iterator[Alarm]:
    counted = (
        select(_T.c.id, func.count())
        .join(_M, and_(_M.c.tenant == _T.c.id, _M.c.reason == limits.CODE_REFUSED, _M.c.at > now - HOUR))
        .group_by(_T.c.id)
        .having(func.count() >= limits.REFUSALS_TOLD)
    )
    for tenant, how_many in session.connection().execute(counted):
        yield Alarm("codes_refused", how_many, tenant, tenant)


def _unused(session: Session, now: datetime) -> Iterator[Alarm]:
    newest_first = func.row_number().over(partition_by=_S.c.block, order_by=_S.c.at.desc())
    sent = (
        select(_S.c.block, _S.c.challenge, newest_first.label("place"))
        .join(_T, _T.c.id == _S.c.tenant)
        .where(_S.c.at > now - DAY, _S.c.block != "")
        .subquery()
    )
    counted = (
        select(sent.c.block, func.count(), func.count(_C.c.used_at))
        .join(_C, _C.c.id == sent.c.challenge)
        .where(sent.c.place <= limits.COMPLETION_SENDS)
        .group_by(sent.c.block)
    )
    for block, asked, used in session.connection().execute(counted):
        if limits.too_few_come_back(asked, used):
            yield Alarm("codes_unused", asked - used, of=block)


def _braked(session: Session, now: datetime) -> Iterator[Alarm]:
    """Conversations in which an answer was held back; where a code was refused in silence, that is another alarm."""
    asked_for_codes = (
        exists()
        .where(_OTHER.c.conversation == _M.c.conversation, _OTHER.c.at > now - HOUR)
        .where(_OTHER.c.reason == limits.CODE_UNANSWERED)
    )
    counted = (
        select(_T.c.id, func.count(_M.c.conversation.distinct()))
        .join(_M, and_(_M.c.tenant == _T.c.id, text("message.reason = 'brake'"), _M.c.at > now - HOUR))
        .where(~asked_for_codes)
        .group_by(_T.c.id)
    )
    for tenant, how_many in session.connection().execute(counted):
        yield Alarm("answers_braked", how_many, tenant, tenant)


_T = metadata.tables["tenant"]
_S = metadata.tables["code_sent"]
_C = metadata.tables["challenge"]
_W = metadata.tables["wrong_try"]
_M = metadata.tables["message"]
_OTHER = _M.alias("other")
