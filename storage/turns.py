"""A turn's hot statements: the conversation found and locked, the message recorded, the outcome written back.

Lock order, the same everywhere: the conversation; its challenge and its address, where tries are counted; the sending
of codes; deliveries; cases by id; counters; alerts by id. Whoever settles a delivery begins there, who works on a case
begins there. Counters come before alerts, so who has an alert waits for no counter. STOPP alone takes deliveries when
its turn may have locked a case: where that meets a text of the same person that fails, PostgreSQL undoes one of them,
and it is taken again.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import and_, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from conversations.dice import Dice
from conversations.effects import Disposition
from conversations.state import Draft, State, freeze, freeze_draft
from storage.fronts import ReadyFront
from storage.scene import Held
from storage.statements import Statement
from storage.tables import metadata
from storage.work import Again, Work


def hold(work: Work, front: ReadyFront, their_address: str) -> Held | None:
    """The conversation of this front and address, locked until the transaction ends; None: there is none."""
    given = {"at_front": front.id, "theirs": their_address}
    # Locked by a statement of its own: one that waits reads the rows it joins as they were before. What it does
    # not find was not locked, and must not be read either, though another process makes it this very moment.
    if work.dialect == "postgresql" and _LOCK.one(work, **given) is None:
        return None
    row = _FIND.one(work, **given)
    return None if row is None else Held(*row)


def hold_by_id(work: Work, conversation: str) -> Held | None:
    """The conversation of this id, locked."""
    if work.dialect == "postgresql" and _LOCK_BY_ID.one(work, key=conversation) is None:
        return None
    row = _FIND_BY_ID.one(work, key=conversation)
    return None if row is None else Held(*row)


def make(work: Work, front: ReadyFront, their_address: str, dice: Dice) -> Held:
    """The conversation, made where it is missing, and locked."""
    _NEW_ADDRESS.run(
        work,
        id=dice.new_id(),
        tenant=front.tenant,
        channel=front.channel,
        value=their_address,
        epoch=1,
        first_heard_at=work.now,
    )
    address = _ADDRESS.one(work, of=front.tenant, by=front.channel, theirs=their_address)
    assert address is not None
    _NEW_CONVERSATION.run(
        work,
        id=dice.new_id(),
        tenant=front.tenant,
        front=front.id,
        address=address[0],
        their_address=their_address,
        thread_root="",
        sequence=0,
        revision=0,
        state="{}",
        heard_at=work.now,
    )
    held = hold(work, front, their_address)
    assert held is not None
    return held


def forget(work: Work, held: Held) -> Held:
    """The conversation begun anew: after so long a silence another person may have the number.

    What it remembered is gone; where the address was silent everywhere, a new epoch of it begins, in which
    nobody holds it. A draft is parked.
    """
    if held.draft:
        leave_draft(work, held.draft, "parked")
    fresh = _NEW_EPOCH.one(work, key=held.address, since=held.heard_at)
    return held._replace(
        epoch=held.epoch if fresh is None else fresh[0],
        state="{}",
        challenge=None,
        draft=None,
        draft_content=None,
        draft_revision=None,
        asked_delivery=None,
        asked_message=None,
        asked_state=None,
    )


def record(
    work: Work,
    front: ReadyFront,
    held: Held,
    *,
    message: str,
    account: str,
    provider_id: str,
    text: str,
    at: datetime,
    disposition: Disposition = "turn",
    reason: str | None = None,
    met: str | None = None,
) -> bool:
    """Record an inbound message as the conversation's next, and what it met; false: it is there already."""
    return bool(
        _RECORD.run(
            work,
            id=message,
            tenant=front.tenant,
            conversation=held.id,
            sequence=held.sequence + 1,
            channel=front.channel,
            account=account,
            provider_id=provider_id,
            their_address=held.their_address,
            text=text,
            disposition=disposition,
            reason=reason,
            met=met,
            at=at,
        )
    )


def is_recorded(work: Work, account: str, provider_id: str) -> bool:
    """Whether the provider's message is there already."""
    return _KNOWN.one(work, by=account, named=provider_id) is not None


def judge(work: Work, message: str, disposition: Disposition, reason: str) -> None:
    """Write down what became of a recorded message."""
    _JUDGE.run(work, key=message, became=disposition, because=reason or None)


def keep(work: Work, held: Held, state: State, draft: Draft | None, asked: str | None, counted: bool) -> None:
    """Write the conversation back; `counted`: an inbound message was recorded."""
    _KEEP.run(
        work,
        key=held.id,
        state=freeze(state),
        sequence=held.sequence + counted,
        revision=held.revision + 1,
        draft=draft.id if draft else None,
        challenge=state.challenge.challenge if state.challenge else None,
        asked_delivery=asked,
        heard_at=work.now if counted else held.heard_at,
    )


def count(work: Work, held: Held) -> None:
    """A message was recorded without a turn: only the sequence goes on."""
    _COUNT.run(work, key=held.id, sequence=held.sequence + 1, heard_at=work.now)


def keep_draft(work: Work, front: ReadyFront, held: Held, desk: str, draft: Draft) -> None:
    """Write the active draft, if it changed. Raises Again where somebody else has written it meanwhile."""
    content = freeze_draft(draft)
    if held.draft != draft.id:
        _put_draft(work, front, held, desk, draft, "active")
    elif content != held.draft_content and not _KEEP_DRAFT.run(
        work, key=draft.id, read=held.draft_revision, new=content, now=work.now, version=draft.desk_version
    ):
        raise Again


def park_draft(work: Work, front: ReadyFront, held: Held, desk: str, draft: Draft) -> None:
    """Put the draft aside as it is. Raises Again where its code is another's: the turn draws a new one."""
    if draft.code and _NAMESAKE.one(work, of=front.tenant, at=desk, named=draft.code, key=draft.id):
        raise Again
    _put_draft(work, front, held, desk, draft, "parked")


def _put_draft(work: Work, front: ReadyFront, held: Held, desk: str, draft: Draft, standing: str) -> None:
    _NEW_DRAFT.run(
        work,
        id=draft.id,
        tenant=front.tenant,
        desk=desk,
        desk_version=draft.desk_version,
        form=draft.form,
        conversation=held.id,
        code=draft.code,
        standing=standing,
        revision=1,
        content=freeze_draft(draft),
        updated_at=work.now,
    )


def leave_draft(work: Work, draft: str, standing: str) -> None:
    """The draft is active no longer."""
    _LEAVE_DRAFT.run(work, key=draft, new=standing, now=work.now)


def draw_number(work: Work, tenant: str, desk: str, series: str) -> int:
    """The next number of a series: taken as the last lock, so it rises without gaps.

    Raises LookupError for a series that was never set up.
    """
    row = _DRAW.one(work, of=tenant, at=desk, named=series)
    if row is None:
        raise LookupError(f"no counter for series {series} of desk {desk}")
    return int(row[0])


_C = metadata.tables["conversation"]
_A = metadata.tables["address"]
_F = metadata.tables["draft"]
_O = metadata.tables["opt_out"]
_D = metadata.tables["delivery"]
_M = metadata.tables["message"]
_N = metadata.tables["counter"]

_BY_KEY = and_(_C.c.front == bindparam("at_front"), _C.c.their_address == bindparam("theirs"), _C.c.thread_root == "")
_BY_ID = _C.c.id == bindparam("key")
_HELD: Mapping[str, object] = {
    "id": _C.c.id,
    "front": _C.c.front,
    "their_address": _C.c.their_address,
    "address": _C.c.address,
    "epoch": _A.c.epoch,
    "sequence": _C.c.sequence,
    "revision": _C.c.revision,
    "state": _C.c.state,
    "challenge": _C.c.challenge,
    "heard_at": _C.c.heard_at,
    "draft": _F.c.id,
    "draft_revision": _F.c.revision,
    "draft_content": _F.c.content,
    "opted_by": _O.c.opted_by,
    "asked_delivery": _D.c.id,
    "asked_state": _D.c.state,
    "asked_claimed_at": _D.c.claimed_at,
    "asked_replaceable": _D.c.replaceable,
    "asked_message": _D.c.message,
}
_WHOLE = select(*(_HELD[name] for name in Held._fields)).select_from(  # type: ignore[call-overload]
    _C.join(_A, _A.c.id == _C.c.address)
    .outerjoin(_F, _F.c.id == _C.c.draft)
    .outerjoin(_O, and_(_O.c.address == _C.c.address, _O.c.ended_at.is_(None)))
    .outerjoin(_D, _D.c.id == _C.c.asked_delivery)
)
_FIND = Statement(_WHOLE.where(_BY_KEY))
_FIND_BY_ID = Statement(_WHOLE.where(_BY_ID))
# Not the strongest lock: rows that refer to the conversation may be inserted beside it.
_LOCK = Statement(select(_C.c.id).where(_BY_KEY).with_for_update(key_share=True))
_LOCK_BY_ID = Statement(select(_C.c.id).where(_BY_ID).with_for_update(key_share=True))

_NEW_ADDRESS = Statement(
    insert(_A).on_conflict_do_nothing(index_elements=["tenant", "channel", "value"]).inline(),
    *("id", "tenant", "channel", "value", "epoch", "first_heard_at"),
)
_ADDRESS = Statement(
    select(_A.c.id).where(
        _A.c.tenant == bindparam("of"), _A.c.channel == bindparam("by"), _A.c.value == bindparam("theirs")
    )
)
_NEW_CONVERSATION = Statement(
    insert(_C).on_conflict_do_nothing(index_elements=["front", "their_address", "thread_root"]).inline(),
    *("id", "tenant", "front", "address", "their_address", "thread_root", "sequence", "revision", "state"),
    "heard_at",
)
_OTHER = _C.alias()
_NEW_EPOCH = Statement(
    update(_A)
    .where(
        _A.c.id == bindparam("key"),
        ~select(_OTHER.c.id).where(_OTHER.c.address == _A.c.id, _OTHER.c.heard_at > bindparam("since")).exists(),
    )
    .values(epoch=_A.c.epoch + 1)
    .returning(_A.c.epoch)
)
_RECORD = Statement(
    insert(_M)
    .values(direction="in", moved=True)
    .on_conflict_do_nothing(index_elements=["account", "provider_id"])
    .inline(),
    *("id", "tenant", "conversation", "sequence", "direction", "channel", "account", "provider_id"),
    *("their_address", "text", "disposition", "reason", "met", "moved", "at"),
)
_KNOWN = Statement(select(_M.c.id).where(_M.c.account == bindparam("by"), _M.c.provider_id == bindparam("named")))
_JUDGE = Statement(
    update(_M).where(_M.c.id == bindparam("key")).values(disposition=bindparam("became"), reason=bindparam("because"))
)
_KEEP = Statement(
    update(_C).where(_BY_ID),
    *("state", "sequence", "revision", "draft", "challenge", "asked_delivery", "heard_at"),
)
_COUNT = Statement(update(_C).where(_BY_ID), "sequence", "heard_at")

_DRAFT = insert(_F)
_NEW_DRAFT = Statement(
    # One that was parked is active again under its old id.
    _DRAFT.on_conflict_do_update(
        index_elements=["id"],
        set_={
            "standing": _DRAFT.excluded.standing,
            "code": _DRAFT.excluded.code,
            "revision": _F.c.revision + 1,
            "content": _DRAFT.excluded.content,
            "desk_version": _DRAFT.excluded.desk_version,
            "updated_at": _DRAFT.excluded.updated_at,
        },
    ).inline(),
    *("id", "tenant", "desk", "desk_version", "form", "conversation", "code", "standing", "revision"),
    *("content", "updated_at"),
)
_NAMESAKE = Statement(
    select(_F.c.id).where(
        _F.c.tenant == bindparam("of"),
        _F.c.desk == bindparam("at"),
        _F.c.code == bindparam("named"),
        _F.c.id != bindparam("key"),
    )
)
_KEEP_DRAFT = Statement(
    update(_F)
    .where(_F.c.id == bindparam("key"), _F.c.revision == bindparam("read"))
    .values(
        revision=_F.c.revision + 1,
        content=bindparam("new"),
        desk_version=bindparam("version"),
        updated_at=bindparam("now"),
    )
)
_LEAVE_DRAFT = Statement(
    update(_F)
    .where(_F.c.id == bindparam("key"))
    .values(standing=bindparam("new"), revision=_F.c.revision + 1, updated_at=bindparam("now"))
)
_DRAW = Statement(
    update(_N)
    .where(_N.c.tenant == bindparam("of"), _N.c.desk == bindparam("at"), _N.c.series == bindparam("named"))
    .values(last=_N.c.last + 1)
    .returning(_N.c.last)
)
