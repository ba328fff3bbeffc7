"""Danger that nobody on call has acknowledged: told to the next number, round and round, until somebody has.

A turn raises the alert and tells the first number (`storage.turn_alerts`); this goes on from there.
"""

import json
from datetime import timedelta
from typing import Final, NamedTuple, cast

from sqlalchemy import and_, bindparam, select, update

from conversations.dice import Dice
from conversations.effects import DeliveryClass
from conversations.inputs import Channel
from storage.outgoing import Lane, put_out
from storage.parts import thaw_parts
from storage.statements import Statement
from storage.tables import metadata
from storage.turn_alerts import mark_alerted
from storage.work import Work

AT_ONCE: Final = 50


class Escalated(NamedTuple):
    """The alert went to a further number; `step` counts the numbers told, the first included."""

    alert: str
    step: int


def escalate(work: Work, dice: Dice) -> list[Escalated]:
    """Tell the next number of each alert whose time has come; fifty at most, the longest waiting first."""
    return [_tell_next(work, dice, _Standing(*row)) for row in _STANDING.all(work, now=work.now)]


def number_failed(work: Work, alert: str) -> None:
    """The text to a number will never arrive: tell the next one now, unless all have been told.

    From the second round on a failure hurries nothing, or wrong numbers would be told again every second.
    """
    row = _TOLD.one(work, alert=alert)
    if row is not None and row[0] < len(json.loads(row[1])):
        _GO_ON.run(work, alert=alert, told=row[0], due=work.now)


class _Standing(NamedTuple):
    id: str
    tenant: str
    channel: str
    sender: str
    parts: str
    numbers: str
    step: int
    escalate_after_s: int


def _tell_next(work: Work, dice: Dice, alert: _Standing) -> Escalated:
    numbers = json.loads(alert.numbers)
    number = numbers[alert.step % len(numbers)]
    lane = Lane(alert.tenant, cast("Channel", alert.channel), alert.sender, number)
    put_out(work, dice, lane, thaw_parts(alert.parts), DeliveryClass.DANGER, None, about=alert.id)
    mark_alerted(work, alert.id, number)
    _GO_ON.run(
        work,
        alert=alert.id,
        told=alert.step + 1,
        due=work.now + timedelta(seconds=alert.escalate_after_s),
    )
    return Escalated(alert.id, alert.step + 1)


_A = metadata.tables["alert"]
_F = metadata.tables["front"]
_S = metadata.tables["sender"]

_STANDING = Statement(
    select(
        _A.c.id,
        _A.c.tenant,
        _F.c.channel,
        _S.c.id,
        _A.c.parts,
        _A.c.numbers,
        _A.c.step,
        _A.c.escalate_after_s,
    )
    .join(_F, _F.c.id == _A.c.front)
    .join(_S, and_(_S.c.channel == _F.c.channel, _S.c.address == _F.c.address))
    .where(_A.c.acknowledged_at.is_(None), _A.c.merged_into.is_(None), _A.c.next_at <= bindparam("now"))
    .order_by(_A.c.next_at, _A.c.id)
    .limit(AT_ONCE)
    .with_for_update(of=_A)
)
_TOLD = Statement(
    select(_A.c.step, _A.c.numbers).where(
        _A.c.id == bindparam("alert"), _A.c.acknowledged_at.is_(None), _A.c.merged_into.is_(None)
    )
)
_GO_ON = Statement(
    update(_A).where(_A.c.id == bindparam("alert")).values(step=bindparam("told"), next_at=bindparam("due"))
)
