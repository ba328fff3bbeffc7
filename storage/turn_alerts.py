"""What a turn does to alerts: raises one, tells those alerted more, and has it acknowledged.

Alerts of one place are merged: each report keeps a row of its own, and one of them goes on for all. Whoever adds to a
merged alert, or acknowledges it, acts on the one that goes on. They are locked in the order of their ids.
"""

import json
from datetime import timedelta
from typing import Final

from sqlalchemy import and_, bindparam, func, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from conversations.dice import Dice
from conversations.effects import AcknowledgeAlert, AddToAlert, DeliveryClass, PlaceAlert, RaiseAlert
from conversations.inputs import Actor, AlertAcknowledged
from conversations.places.spot import Spot
from conversations.text import Text
from storage.outgoing import ANSWER_USEFUL, Lane, put_out
from storage.parts import freeze_parts
from storage.pending import tell
from storage.scene import Scene, note
from storage.statements import Statement
from storage.tables import metadata
from storage.work import Again, Work

MINUTE: Final = timedelta(minutes=1)
A_MINUTE: Final = 3
HOUR: Final = timedelta(hours=1)
AN_HOUR: Final = 20


def raise_alert(scene: Scene, effect: RaiseAlert) -> None:
    """The alert, and the text to the first number on call; the others follow as time passes.

    One that is merged tells those whom the other went to. Raises Again where that was acknowledged meanwhile.
    """
    work, front = scene.work, scene.front
    if effect.into:
        _make_way(work, effect.alert, effect.into)
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
        step=0 if effect.into else 1,
        escalate_after_s=effect.escalate_after_s,
        next_at=work.now + timedelta(seconds=effect.escalate_after_s),
        raised_at=work.now,
        merged_into=effect.into,
        **_place(effect.spot),
    )
    if effect.into:
        for number in alerted(work, effect.into):
            _alert_again(scene, effect.into, number, text)
        scene.note("alert_merged", effect.alert, json.dumps({"case": effect.case, "into": effect.into}))
    else:
        _alert_number(scene, effect.alert, effect.numbers[0], text)
        scene.note("alert_raised", effect.alert, json.dumps({"case": effect.case}))


def place_alert(scene: Scene, effect: PlaceAlert) -> None:
    """What is known of its place now."""
    _PLACE.run(scene.work, key=effect.alert, of=scene.front.tenant, **_place(effect.spot))


def add_to_alert(scene: Scene, effect: AddToAlert) -> None:
    """Tell those who were alerted; `again`, where somebody had acknowledged it: alert anew from the first.

    Who writes danger after danger makes no phone on call ring more than three times a minute, and who writes on and on
    not more than twenty times an hour; all of it is on the case.
    """
    work = scene.work
    text = scene.filled(effect.text)
    alert = _going_on(work, effect.alert)
    told = alerted(work, alert)
    if effect.again:
        _lock(work, alert)
        reopened = _REOPEN.all(work, key=effect.alert, going_on=alert, of=scene.front.tenant, now=work.now)
        for numbers, after_s in (row[1:] for row in reopened if row[0] == alert):
            first = json.loads(numbers)[0]
            _NEXT.run(work, key=alert, due=work.now + timedelta(seconds=after_s))
            told = [first, *(number for number in told if number != first)]
            scene.note("alert_raised", alert, json.dumps({"again": True}))
    for number in told:
        if effect.again:
            _alert_again(scene, alert, number, text)
        elif _rang(scene, alert, number, HOUR) < AN_HOUR:
            _alert_number(scene, alert, number, text)


def acknowledge_alert(scene: Scene, effect: AcknowledgeAlert) -> None:
    """The first acknowledgement counts: the reporter's conversation learns it, and the others on call."""
    acknowledged = acknowledge(scene.work, scene.dice, scene.front.tenant, effect.alert, effect.actor)
    if not acknowledged or not effect.others:
        return
    text = scene.filled(effect.others)
    for number in alerted(scene.work, effect.alert):
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


def acknowledge(work: Work, dice: Dice, tenant: str, alert: str, actor: Actor) -> bool:
    """Mark the alert as seen, once, with all of its place, and have their reporters told; false: it was seen before."""
    going_on = _going_on(work, alert)
    _lock(work, going_on)
    seen = sorted(_ACKNOWLEDGE.all(work, of_alert=going_on, of=tenant, now=work.now, actor=actor.id))
    for one, case, conversation in seen:
        note(work, dice, tenant, actor, "alert_acknowledged", one)
        number = _NUMBER.one(work, case=case)
        assert number is not None
        told = AlertAcknowledged(one, case, number[0], work.now)
        tell(work, dice, tenant, conversation, told, work.now, about=one)
    return bool(seen)


def stop(work: Work, dice: Dice, tenant: str, alert: str, actor: Actor) -> bool:
    """Alert nobody of this one any more; false: that was so before, or others that are merged into it still stand.

    The reporter is not told that anybody on call has seen it.
    """
    _lock(work, _going_on(work, alert))
    if _JOINED.one(work, of_alert=alert):
        return False
    stopped = bool(_STOP.run(work, key=alert, of=tenant, now=work.now, actor=actor.id))
    if stopped:
        note(work, dice, tenant, actor, "alert_acknowledged", alert)
    return stopped


def alerted(work: Work, alert: str) -> list[str]:
    """The numbers that this alert, or one of the same place, went to; the first first."""
    return [number for (number,) in _ALERTED.all(work, of_alert=_going_on(work, alert))]


def mark_alerted(work: Work, alert: str, number: str) -> None:
    """The number has been sent the alert: its owner may acknowledge it with the word."""
    _MARK.run(work, alert=alert, number=number, at=work.now)


def _make_way(work: Work, alert: str, into: str) -> None:
    """The other goes on for this one too, and no later than this one would have.

    Raises Again where it goes on no more, or where this one was acknowledged by itself or joined meanwhile.
    """
    rows = {row[0]: row[1:] for row in _BOTH.all(work, one=alert, other=into)}
    seen, its_into, due = rows.get(into, (None, "none", work.now))
    own_seen, own_into, own_due = rows.get(alert, (None, None, due))
    if seen or its_into or (own_seen and not own_into) or _JOINED.one(work, of_alert=alert):
        raise Again
    if own_due < due and not own_into:
        _NEXT.run(work, key=into, due=own_due)


def _going_on(work: Work, alert: str) -> str:
    row = _INTO.one(work, key=alert)
    return row[0] if row else alert


def _lock(work: Work, going_on: str) -> None:
    _LOCK.all(work, of_alert=going_on)


def _place(spot: Spot | None) -> dict[str, str | float | None]:
    lat, lon = spot.point if spot and spot.point else (None, None)
    return {"thing": spot.thing if spot else None, "street": spot.street if spot else None, "lat": lat, "lon": lon}


def _alert_again(scene: Scene, alert: str, number: str, text: Text) -> None:
    """Unless the number rang for this alert three times in the last minute."""
    if _rang(scene, alert, number, MINUTE) < A_MINUTE:
        _alert_number(scene, alert, number, text)


def _rang(scene: Scene, alert: str, number: str, within: timedelta) -> int:
    row = _RANG.one(scene.work, of_alert=alert, to=number, since=scene.work.now - within)
    return row[0] if row else 0


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
_OF_PLACE = or_(_A.c.id == bindparam("of_alert"), _A.c.merged_into == bindparam("of_alert"))
_WHO = func.substr(bindparam("actor"), 1, 60)
_PLACES = ("thing", "street", "lat", "lon")
_NEW = insert(_A)
_RAISE = Statement(
    # One that was merged stands alone again, or the other way round: under its old id.
    _NEW.on_conflict_do_update(
        index_elements=["id"],
        set_={
            **{name: _NEW.excluded[name] for name in ("word", "parts", "step", "next_at", "raised_at", "merged_into")},
            **{name: _NEW.excluded[name] for name in _PLACES},
            "acknowledged_at": null(),
            "acknowledged_by": null(),
        },
    ).inline(),
    *("id", "tenant", "desk", "front", "conversation", "case_id", "word", "parts", "numbers", "step"),
    *("escalate_after_s", "next_at", "raised_at", "merged_into", *_PLACES),
)
_PLACE = Statement(update(_A).where(_IS_IT), *_PLACES)
_BOTH = Statement(
    select(_A.c.id, _A.c.acknowledged_at, _A.c.merged_into, _A.c.next_at)
    .where(or_(_A.c.id == bindparam("one"), _A.c.id == bindparam("other")))
    .order_by(_A.c.id)
    .with_for_update()
)
_JOINED = Statement(
    select(_A.c.id).where(_A.c.merged_into == bindparam("of_alert"), _A.c.acknowledged_at.is_(None)).limit(1)
)
_INTO = Statement(select(func.coalesce(_A.c.merged_into, _A.c.id)).where(_A.c.id == bindparam("key")))
_LOCK = Statement(select(_A.c.id).where(_OF_PLACE).order_by(_A.c.id).with_for_update())
_MARK = Statement(
    insert(_S).on_conflict_do_nothing(index_elements=["alert", "number"]).inline(), "alert", "number", "at"
)
_ALERTED = Statement(
    select(_S.c.number)
    .join(_A, _A.c.id == _S.c.alert)
    .where(_OF_PLACE)
    .group_by(_S.c.number)
    .order_by(func.min(_S.c.at), _S.c.number)
)
_RANG = Statement(
    select(func.count()).where(
        _D.c.about == bindparam("of_alert"), _D.c.recipient == bindparam("to"), _D.c.created_at > bindparam("since")
    )
)
_REOPEN = Statement(
    update(_A)
    .where(
        or_(_A.c.id == bindparam("key"), _A.c.id == bindparam("going_on")),
        _A.c.tenant == bindparam("of"),
        _A.c.acknowledged_at.is_not(None),
    )
    .values(acknowledged_at=None, acknowledged_by=None, step=1, raised_at=bindparam("now"))
    .returning(_A.c.id, _A.c.numbers, _A.c.escalate_after_s)
)
_NEXT = Statement(update(_A).where(_A.c.id == bindparam("key")).values(next_at=bindparam("due")))
_ACKNOWLEDGE = Statement(
    update(_A)
    .where(_OF_PLACE, _A.c.tenant == bindparam("of"), _A.c.acknowledged_at.is_(None))
    .values(acknowledged_at=bindparam("now"), acknowledged_by=_WHO)
    .returning(_A.c.id, _A.c.case_id, _A.c.conversation)
)
_STOP = Statement(
    update(_A)
    .where(_IS_IT, _A.c.acknowledged_at.is_(None))
    .values(acknowledged_at=bindparam("now"), acknowledged_by=_WHO)
)
_NUMBER = Statement(select(_C.c.number).where(_C.c.id == bindparam("case")))
