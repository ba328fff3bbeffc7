"""What a turn does to alerts: raises one, tells those alerted more, and has it acknowledged."""

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Final, NamedTuple

from sqlalchemy import and_, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from conversations.dice import Dice
from conversations.effects import AcknowledgeAlert, AddToAlert, DeliveryClass, RaiseAlert
from conversations.inputs import Actor, AlertAcknowledged
from conversations.text import Text
from storage.outgoing import ANSWER_USEFUL, Lane, put_out
from storage.parts import freeze_parts
from storage.pending import tell
from storage.scene import Scene, note
from storage.statements import Statement
from storage.tables import metadata
from storage.work import Work

MINUTE: Final = timedelta(minutes=1)
A_MINUTE: Final = 3


class Acknowledged(NamedTuple):
    """An alert that was just acknowledged, for the first time."""

    case_id: str
    conversation: str
    front: str


def raise_alert(scene: Scene, effect: RaiseAlert) -> None:
    """The alert, and the text to the first number on call; the others follow as time passes."""
    work, front = scene.work, scene.front
    text = scene.filled(effect.text)
    _RAISE.run(
        work,
        id=effect.alert,
        tenant=front.tenant,
        desk=scene.desk,
        front=front.id,
        conversation=scene.held.id,
        case_id=effect.case,
        word=effect.word,
        parts=freeze_parts(text),
        numbers=json.dumps(effect.numbers),
        step=1,
        escalate_after_s=effect.escalate_after_s,
        next_at=work.now + timedelta(seconds=effect.escalate_after_s),
        raised_at=work.now,
    )
    _alert_number(scene, effect.alert, effect.numbers[0], text)
    scene.note("alert_raised", effect.alert, json.dumps({"case": effect.case}))


def add_to_alert(scene: Scene, effect: AddToAlert) -> None:
    """Tell those who were alerted; `again`, where somebody had acknowledged it: alert anew from the first.

    Who writes danger after danger makes no phone on call ring more than three times a minute; all of it is on the case.
    """
    work = scene.work
    text = scene.filled(effect.text)
    told = [number for (number,) in _ALERTED.all(work, of_alert=effect.alert)]
    lately = work.now - MINUTE
    if effect.again:
        row = _REOPEN.one(work, key=effect.alert, of=scene.front.tenant, now=work.now)
        if row is not None:
            numbers, after_s = row
            first = json.loads(numbers)[0]
            _NEXT.run(work, key=effect.alert, due=work.now + timedelta(seconds=after_s))
            told = [first, *(number for number in told if number != first)]
            scene.note("alert_raised", effect.alert, json.dumps({"again": True}))
    for number in told:
        row = _RANG.one(work, of_alert=effect.alert, to=number, since=lately)
        if not effect.again or not row or row[0] < A_MINUTE:
            _alert_number(scene, effect.alert, number, text)


def acknowledge_alert(scene: Scene, effect: AcknowledgeAlert) -> None:
    """The first acknowledgement counts: the reporter's conversation learns it, and the others on call."""
    acknowledged = acknowledge(scene.work, scene.dice, scene.front.tenant, effect.alert, effect.actor)
    if acknowledged is None or not effect.others:
        return
    text = scene.filled(effect.others)
    for (number,) in _ALERTED.all(scene.work, of_alert=effect.alert):
        if number != effect.actor.id:
            put_out(
                scene.work,
                scene.dice,
                _lane(scene, number),
                text,
                DeliveryClass.ANSWER,
                scene.work.now + ANSWER_USEFUL,
            )
    scene.is_to_ring = True


def acknowledge(work: Work, dice: Dice, tenant: str, alert: str, actor: Actor) -> Acknowledged | None:
    """Mark the alert as seen, once, and have the reporter's conversation told; None: it was seen before."""
    acknowledged = stop(work, dice, tenant, alert, actor)
    if acknowledged is not None:
        number = _NUMBER.one(work, case=acknowledged.case_id)
        assert number is not None
        told = AlertAcknowledged(alert, acknowledged.case_id, number[0], work.now)
        tell(work, dice, tenant, acknowledged.conversation, told, work.now, about=alert)
    return acknowledged


def stop(work: Work, dice: Dice, tenant: str, alert: str, actor: Actor) -> Acknowledged | None:
    """Alert nobody any more; None: that was so before. The reporter is not told that anybody on call has seen it."""
    row = _ACKNOWLEDGE.one(work, key=alert, of=tenant, now=work.now, actor=actor.id)
    if row is None:
        return None
    note(work, dice, tenant, actor, "alert_acknowledged", alert)
    return Acknowledged(*row)


def alerted(work: Work, alert: str) -> Iterable[str]:
    """The numbers that this alert went to."""
    return (number for (number,) in _ALERTED.all(work, of_alert=alert))


def mark_alerted(work: Work, alert: str, number: str) -> None:
    """The number has been sent the alert: its owner may acknowledge it with the word."""
    _MARK.run(work, alert=alert, number=number, at=work.now)


def _alert_number(scene: Scene, alert: str, number: str, text: Text) -> None:
    put_out(scene.work, scene.dice, _lane(scene, number), text, DeliveryClass.DANGER, None, about=alert)
    mark_alerted(scene.work, alert, number)
    scene.is_to_ring = True


def _lane(scene: Scene, number: str) -> Lane:
    return Lane(scene.front.tenant, scene.front.channel, scene.front.sender, number)


_A = metadata.tables["alert"]
_D = metadata.tables["delivery"]
_S = metadata.tables["alert_sent"]
_C = metadata.tables["cases"]

_IS_IT = and_(_A.c.id == bindparam("key"), _A.c.tenant == bindparam("of"))
_RAISE = Statement(
    insert(_A).inline(),
    *("id", "tenant", "desk", "front", "conversation", "case_id", "word", "parts", "numbers", "step"),
    *("escalate_after_s", "next_at", "raised_at"),
)
_MARK = Statement(
    insert(_S).on_conflict_do_nothing(index_elements=["alert", "number"]).inline(), "alert", "number", "at"
)
_ALERTED = Statement(select(_S.c.number).where(_S.c.alert == bindparam("of_alert")).order_by(_S.c.at, _S.c.number))
_RANG = Statement(
    select(func.count()).where(
        _D.c.about == bindparam("of_alert"), _D.c.recipient == bindparam("to"), _D.c.created_at > bindparam("since")
    )
)
_REOPEN = Statement(
    update(_A)
    .where(_IS_IT, _A.c.acknowledged_at.is_not(None))
    .values(acknowledged_at=None, acknowledged_by=None, step=1, raised_at=bindparam("now"))
    .returning(_A.c.numbers, _A.c.escalate_after_s)
)
_NEXT = Statement(update(_A).where(_A.c.id == bindparam("key")).values(next_at=bindparam("due")))
_ACKNOWLEDGE = Statement(
    update(_A)
    .where(_IS_IT, _A.c.acknowledged_at.is_(None))
    .values(acknowledged_at=bindparam("now"), acknowledged_by=func.substr(bindparam("actor"), 1, 60))
    .returning(_A.c.case_id, _A.c.conversation, _A.c.front)
)
_NUMBER = Statement(select(_C.c.number).where(_C.c.id == bindparam("case")))
