"""What a turn does to cases: opens them, writes answers on them, comments, moves them on, hands them over."""

import json
from collections.abc import Iterable

from sqlalchemy import and_, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from conversations.desk.numbers import written_number
from conversations.effects import (
    AddComment,
    ChangeStatus,
    DropValues,
    Effect,
    HandOver,
    NameReporter,
    OpenCase,
    ReadComments,
    SetValues,
)
from conversations.inputs import Actor, Message
from storage.scene import Scene
from storage.statements import Statement
from storage.tables import metadata
from storage.turns import draw_number
from storage.work import Work

COMMENTED = "comment"
NOT_DELIVERED = "not_delivered"
LETTERS_OF_ID = 8


def lock(scene: Scene, effects: Iterable[Effect]) -> None:
    """Lock the cases that the turn changes, by id: two turns that meet in two cases do not block each other."""
    opened = {effect.case for effect in effects if isinstance(effect, OpenCase)}
    cases = {effect.case for effect in effects if isinstance(effect, CHANGING)} - opened
    for case in sorted(cases):
        _LOCK.one(scene.work, key=case, of=scene.front.tenant)


def draw_numbers(scene: Scene, opened: Iterable[OpenCase]) -> None:
    """Draw the numbers of the cases that the turn opens, the series in order: the last locks."""
    for case in sorted(opened, key=lambda case: case.series):
        scene.numbers[case.case] = _number(scene, case)


def open_case(scene: Scene, effect: OpenCase) -> None:
    """The case's row; its number was drawn before."""
    desk, held, now = scene.front.desk, scene.held, scene.work.now
    form = desk.forms.get(effect.form)
    is_sent = form is not None and form.opens == "at_send"
    draft = scene.turn.draft
    _OPEN.run(
        scene.work,
        id=effect.case,
        tenant=scene.front.tenant,
        desk=scene.desk,
        series=effect.series,
        number=scene.numbers[effect.case],
        revision=1,
        form=effect.form,
        desk_version=draft.desk_version if draft and draft.id == effect.draft else desk.version,
        status=effect.status,
        open=True,
        urgency=effect.urgency,
        conversation=held.id,
        address=held.address,
        epoch=held.epoch,
        organisation=effect.acts_for,
        opened_at=now,
        sent_at=now if is_sent else None,
    )
    scene.note("case_opened", effect.case)
    if is_sent:
        scene.note("case_sent", effect.case)
    _PARTY.run(
        scene.work,
        party=scene.dice.new_id(),
        of=scene.front.tenant,
        case=effect.case,
        held_by=held.address,
        in_epoch=held.epoch,
        now=now,
    )


def set_values(scene: Scene, effect: SetValues) -> None:
    """The answers, each in the place of an earlier one."""
    _VALUES.many(
        scene.work,
        (
            {
                "case_id": effect.case,
                "field": field,
                "tenant": scene.front.tenant,
                "value": json.dumps(answer.value, ensure_ascii=False),
                "shown": effect.shown.get(field, answer.words),
                "words": answer.words,
                "source": answer.source,
                "confirmed": answer.confirmed,
                "sealed": answer.sealed,
                "message": answer.message,
                "at": answer.at,
            }
            for field, answer in effect.answers.items()
        ),
    )


def drop_values(scene: Scene, effect: DropValues) -> None:
    """The answers are gone from the case; what was written stays in its messages."""
    for field in effect.fields:
        _DROP_VALUE.run(scene.work, on_case=effect.case, named=field, of=scene.front.tenant)


def change_status(scene: Scene, effect: ChangeStatus) -> None:
    """The status, unless a caseworker has moved the case on; the first that a customer causes has sent it."""
    now, given = scene.work.now, {"key": effect.case, "of": scene.front.tenant}
    statuses = scene.front.desk.desk.statuses
    is_open = next((status.open for status in statuses if status.id == effect.status), True)
    moved = _MOVE_ON.run(
        scene.work, **given, first=statuses[0].id, new=effect.status, opened=is_open, closed=None if is_open else now
    )
    if moved:
        scene.note("status_changed", effect.case, json.dumps({"status": effect.status}))
    if isinstance(scene.told, Message) and _SENT.run(scene.work, **given, now=now):
        scene.note("case_sent", effect.case)


def add_comment(scene: Scene, effect: AddComment) -> None:
    """The inbound message as a comment; a person should see it."""
    work, actor = scene.work, _named_by_row(scene, effect.actor)
    _COMMENT.run(
        work,
        id=effect.comment,
        tenant=scene.front.tenant,
        case_id=effect.case,
        author_kind=actor.kind,
        author_id=actor.id,
        evidence=actor.evidence,
        public=effect.public,
        message=effect.message,
        at=work.now,
    )
    _ATTEND_TO.run(work, key=effect.case, of=scene.front.tenant, because=COMMENTED, now=work.now)
    scene.note("commented", effect.case, json.dumps({"comment": effect.comment}), actor)


def read_comments(scene: Scene, effect: ReadComments) -> None:
    """The customer has seen what caseworkers wrote."""
    _READ.run(scene.work, case=effect.case, of=scene.front.tenant, now=scene.work.now)


def hand_over(scene: Scene, effect: HandOver) -> None:
    """A person takes over; the reason stands above whatever else drew attention to the case."""
    work = scene.work
    _HAND_OVER.run(work, key=effect.case, of=scene.front.tenant, because=effect.reason, now=work.now)
    scene.note("handed_over", effect.case, json.dumps({"reason": effect.reason}))


def attend_to_conversation(work: Work, tenant: str, conversation: str, because: str) -> None:
    """A person must look at the conversation: at its open cases, and without any at the last that they wrote."""
    attend_to_open_cases(work, tenant, conversation, because)
    _ATTEND_TO_LAST.run(work, of=tenant, in_conversation=conversation, because=because)


def attend_to_open_cases(work: Work, tenant: str, conversation: str, because: str) -> None:
    """Draw a person's attention to the conversation's open cases that have none yet."""
    if work.dialect == "postgresql":
        _LOCK_CALM.all(work, of=tenant, in_conversation=conversation)
    _ATTEND_TO_ALL.run(work, of=tenant, in_conversation=conversation, because=because, now=work.now)


def comments_not_delivered(work: Work, tenant: str, comments: Iterable[str]) -> None:
    """The customer does not get these comments: a person must know it, also where the case is closed."""
    for comment in comments:
        _ATTEND_TO_COMMENTED.run(work, of=tenant, key=comment, because=NOT_DELIVERED, now=work.now)


def name_reporter(scene: Scene, effect: NameReporter) -> None:
    """The contact is the case's reporter, in the place of whoever was."""
    given = {"case": effect.case, "of": scene.front.tenant, "by": effect.contact}
    if not _REPORTED_BY.run(scene.work, **given):
        _REPORTER.run(
            scene.work,
            id=scene.dice.new_id(),
            tenant=scene.front.tenant,
            case_id=effect.case,
            role="reporter",
            contact=effect.contact,
        )


def name_reporter_of_all(scene: Scene) -> None:
    """Whoever now holds the address is the reporter of what it reported in this conversation."""
    held = scene.held
    given = {"of": scene.front.tenant, "held_by": held.address, "in_epoch": held.epoch, "now": scene.work.now}
    for (case,) in _NAMELESS.all(scene.work, in_conversation=held.id, epoch=held.epoch):
        _PARTY.run(scene.work, party=scene.dice.new_id(), case=case, **given)


def _number(scene: Scene, case: OpenCase) -> str:
    series = scene.front.desk.desk.series.get(case.series)
    if series is None:
        # A desk without a series for this form: the case is named by its id, which is all that is unique.
        return case.case[-LETTERS_OF_ID:].upper()
    return written_number(series, draw_number(scene.work, scene.front.tenant, scene.desk, case.series))


def _named_by_row(scene: Scene, actor: Actor) -> Actor:
    """A customer is named by the address's row: so erasing the address leaves no number behind."""
    is_theirs = actor.kind == "customer" and actor.id == scene.held.their_address
    return Actor("customer", scene.held.address, actor.evidence) if is_theirs else actor


CHANGING = (SetValues, ChangeStatus, AddComment, ReadComments, HandOver)

_C = metadata.tables["cases"]
_V = metadata.tables["case_value"]
_K = metadata.tables["comment"]
_P = metadata.tables["case_party"]
_H = metadata.tables["address_holder"]
_M = metadata.tables["message"]
_ANY = _M.alias()

_DROP_VALUE = Statement(
    delete(_V).where(
        _V.c.case_id == bindparam("on_case"), _V.c.field == bindparam("named"), _V.c.tenant == bindparam("of")
    )
)
_IS_IT = and_(_C.c.id == bindparam("key"), _C.c.tenant == bindparam("of"))
_LOCK = Statement(select(_C.c.id).where(_IS_IT).with_for_update(key_share=True))
_OPEN = Statement(
    insert(_C).inline(),
    *("id", "tenant", "desk", "series", "number", "revision", "form", "desk_version", "status", "open"),
    *("urgency", "conversation", "address", "epoch", "organisation", "opened_at", "sent_at"),
)
_VALUE = insert(_V)
_VALUES = Statement(
    _VALUE.on_conflict_do_update(
        index_elements=["case_id", "field"],
        set_={
            name: _VALUE.excluded[name]
            for name in ("value", "shown", "words", "source", "confirmed", "sealed", "message", "at")
        },
    ).inline(),
    *("case_id", "field", "tenant", "value", "shown", "words", "source", "confirmed", "sealed", "message"),
    "at",
)
_MOVE_ON = Statement(
    update(_C)
    .where(_IS_IT, _C.c.status == bindparam("first"))
    .values(
        status=bindparam("new"),
        open=bindparam("opened"),
        closed_at=bindparam("closed"),
        revision=_C.c.revision + 1,
    )
)
_SENT = Statement(update(_C).where(_IS_IT, _C.c.sent_at.is_(None)).values(sent_at=bindparam("now")))
_COMMENT = Statement(
    insert(_K).inline(),
    *("id", "tenant", "case_id", "author_kind", "author_id", "evidence", "public", "message", "at"),
)
_ATTEND_TO = Statement(
    update(_C)
    .where(_IS_IT, _C.c.attention.is_(None))
    .values(attention=bindparam("because"), attention_at=bindparam("now"))
)
_OPEN_CALM = and_(
    _C.c.conversation == bindparam("in_conversation"),
    _C.c.tenant == bindparam("of"),
    _C.c.open.is_(True),
    _C.c.attention.is_(None),
)
_LOCK_CALM = Statement(select(_C.c.id).where(_OPEN_CALM).order_by(_C.c.id).with_for_update(key_share=True))
_ATTEND_TO_ALL = Statement(
    update(_C).where(_OPEN_CALM).values(attention=bindparam("because"), attention_at=bindparam("now"))
)
_LAST_SEQUENCE = select(func.max(_ANY.c.sequence)).where(_ANY.c.conversation == bindparam("in_conversation"))
_ATTEND_TO_LAST = Statement(
    update(_M)
    .where(
        _M.c.conversation == bindparam("in_conversation"),
        _M.c.tenant == bindparam("of"),
        _M.c.sequence == _LAST_SEQUENCE.scalar_subquery(),
        ~select(_C.c.id).where(_C.c.conversation == bindparam("in_conversation"), _C.c.open.is_(True)).exists(),
    )
    .values(disposition="to_person", reason=bindparam("because"), handled_at=None)
)
_ATTEND_TO_COMMENTED = Statement(
    update(_C)
    .where(
        _C.c.id == select(_K.c.case_id).where(_K.c.id == bindparam("key")).scalar_subquery(),
        _C.c.tenant == bindparam("of"),
        _C.c.attention.is_(None),
    )
    .values(attention=bindparam("because"), attention_at=bindparam("now"))
)
_HAND_OVER = Statement(update(_C).where(_IS_IT).values(attention=bindparam("because"), attention_at=bindparam("now")))
_READ = Statement(
    update(_K)
    .where(
        _K.c.case_id == bindparam("case"),
        _K.c.tenant == bindparam("of"),
        _K.c.author_kind == "caseworker",
        _K.c.public.is_(True),
        _K.c.read_at.is_(None),
    )
    .values(read_at=bindparam("now"))
)
_NAMELESS = Statement(
    select(_C.c.id)
    .where(_C.c.conversation == bindparam("in_conversation"), _C.c.epoch == bindparam("epoch"))
    .where(~select(_P.c.id).where(_P.c.case_id == _C.c.id, _P.c.role == "reporter").correlate(_C).exists())
)
_REPORTED_BY = Statement(
    update(_P)
    .where(_P.c.case_id == bindparam("case"), _P.c.tenant == bindparam("of"), _P.c.role == "reporter")
    .values(contact=bindparam("by"))
)
_REPORTER = Statement(insert(_P).inline(), "id", "tenant", "case_id", "role", "contact")
# Where several hold the address, nobody knows which of them it was: then the case has no reporter by name.
_ONE_HOLDER = (
    select(
        bindparam("party", type_=_P.c.id.type),
        bindparam("of", type_=_P.c.tenant.type),
        bindparam("case", type_=_P.c.case_id.type),
        bindparam("reporter", "reporter", type_=_P.c.role.type),
        func.min(_H.c.contact),
    )
    .where(
        _H.c.address == bindparam("held_by"),
        _H.c.epoch == bindparam("in_epoch"),
        _H.c.trusted_until > bindparam("now"),
    )
    .having(func.count() == 1)
)
_PARTY = Statement(
    insert(_P).from_select(["id", "tenant", "case_id", "role", "contact"], _ONE_HOLDER, include_defaults=False).inline()
)
