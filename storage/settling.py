"""What becomes of a text that was to be sent. The rules of the game:

- States only move forward, as `MOVES` says; what has no place there changes nothing.
- The worker settles the attempt that it claimed, and no other. Receipts come in any order, twice, or before
  the worker's own: they say which copy they mean by the provider's id for it.
- `provider_id` is of the newest copy whose fate was known. While a text is on its way again, a receipt for
  that older copy is old news, but for «delivered», which is always good news.
- What failed because nobody told what became of it is as good as unknown to a receipt that comes after all.
- A code, sealed beside its delivery, is dropped as soon as the delivery is settled, and its text keeps a mask.
- A code that did not go is told to its conversation; it is never repeated of itself.
- What failed for good is shown to the caseworkers of the conversation's open cases, a comment on its own case; an
  alert goes on to the next number at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from conversations.dice import Dice
from conversations.effects import DeliveryClass
from conversations.inputs import CodeNotSent
from storage.alerts import number_failed
from storage.outgoing import withhold_due
from storage.pending import tell
from storage.statements import Statement
from storage.tables import metadata
from storage.turn_cases import NOT_DELIVERED, attend_to_open_cases, comments_not_delivered
from storage.work import Work

CHECK_AFTER: Final = timedelta(seconds=60)
RECEIPT_KEPT: Final = timedelta(days=1)
NO_RECEIPT: Final = "no_receipt"

Kind = Literal["accepted", "delivered", "doubtful", "repeat", "refused", "expired"]

MOVES: Final[Mapping[Kind, Mapping[str, str]]] = {
    "accepted": {"due": "sent", "sending": "sent", "unknown": "sent"},
    "delivered": {"due": "delivered", "sending": "delivered", "unknown": "delivered", "sent": "delivered"},
    "doubtful": {"sending": "unknown", "unknown": "unknown"},
    "repeat": {"sending": "due", "unknown": "due", "sent": "due"},
    "refused": {"due": "failed", "sending": "failed", "unknown": "failed", "sent": "failed"},
    "expired": {"due": "expired"},
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is known now of a delivery.

    - `accepted`: the provider has it and calls it `provider_id`. `delivered`: the phone has it.
    - `doubtful`: it may have gone; to be looked up from a minute on.
    - `repeat`: it certainly did not arrive; again at `again_at`.
    - `refused`: it never will, because of `failure`; `opts_out`: the carrier says that they want no texts;
      `ends_epoch`: the number belongs to nobody now.
    """

    kind: Kind
    provider_id: str | None = None
    failure: str | None = None
    again_at: datetime | None = None
    opts_out: bool = False
    ends_epoch: bool = False


class _Row(NamedTuple):
    id: str
    tenant: str
    sender: str
    recipient: str
    message: str
    conversation: str | None
    delivery_class: int
    state: str
    attempt: int
    due_at: datetime
    check_at: datetime | None
    settled_at: datetime | None
    provider_id: str | None
    failure: str | None
    about: str | None
    sealed: str | None


def settle(work: Work, dice: Dice, delivery: str, attempt: int, outcome: Outcome) -> bool:
    """The worker's word on the attempt that it claimed; whether it changed anything."""
    row = _row(work, delivery)
    if row is None or row.attempt != attempt:
        return False
    if outcome.kind == "accepted" and outcome.provider_id == row.provider_id:
        return False  # a receipt was faster, and has said what became of it
    return _move(work, dice, row, outcome)


def hold_sender(work: Work, sender: str, until: datetime, because: str) -> None:
    """Let a sender send nothing until then: every attempt would fail alike. A longer hold stands."""
    _HOLD.run(work, sender=sender, until=until, because=because)


def take_receipt(work: Work, dice: Dice, delivery: str, outcome: Outcome) -> bool:
    """What the provider says of a delivery that it was told the id of; whether it changed anything."""
    row = _row(work, delivery)
    if row is None or row.attempt == 0 or _is_old_news(row, outcome):
        return False
    return _move(work, dice, row, outcome)


def take_receipt_by_provider_id(work: Work, dice: Dice, account: str, outcome: Outcome) -> bool:
    """What the provider says of a message by its own id, which is unique in its account alone; kept for a day
    where we do not know it yet."""
    found = _BY_PROVIDER_ID.one(work, by=account, provider_id=outcome.provider_id)
    if found is not None:
        return take_receipt(work, dice, found[0], outcome)
    _PARK.run(
        work,
        id=dice.new_id(),
        account=account,
        provider_id=outcome.provider_id,
        receipt_state=outcome.kind,
        failure=outcome.failure,
        opts_out=outcome.opts_out,
        ends_epoch=outcome.ends_epoch,
        at=work.now,
    )
    return False


def forget_receipts(work: Work) -> int:
    """Drop what was kept of receipts for a day without anybody knowing them."""
    return _FORGET.run(work, before=work.now - RECEIPT_KEPT)


def expire(work: Work, dice: Dice, delivery: str) -> None:
    """Its last useful moment has passed while it waited."""
    row = _row(work, delivery)
    if row is not None:
        _move(work, dice, row, Outcome("expired"))


def _row(work: Work, delivery: str) -> _Row | None:
    found = _READ.one(work, delivery=delivery)
    return None if found is None else _Row(*found)


def _is_old_news(row: _Row, outcome: Outcome) -> bool:
    """Whether the receipt is about a copy that has been overtaken by another."""
    if outcome.kind == "delivered":
        return False
    is_of_known_copy = row.provider_id == outcome.provider_id
    return not is_of_known_copy if row.state == "sent" else is_of_known_copy


def _move(work: Work, dice: Dice, row: _Row, outcome: Outcome) -> bool:
    is_given_up = row.state == "failed" and row.failure == NO_RECEIPT
    new = MOVES[outcome.kind].get("unknown" if is_given_up else row.state)
    if new is None:
        return False
    is_over = new not in ("due", "unknown")
    _WRITE.run(
        work,
        delivery=row.id,
        new=new,
        due=outcome.again_at or row.due_at,
        check=work.now + CHECK_AFTER if new == "unknown" else None,
        settled=work.now if is_over else None,
        known_as=outcome.provider_id or row.provider_id,
        because=outcome.failure,
        kept_sealed=None if is_over else row.sealed,
    )
    if is_over and row.sealed is not None:
        _DROP_PARTS.run(work, message=row.message)
    if new in ("failed", "expired"):
        _tell(work, dice, row)
    if outcome.opts_out or outcome.ends_epoch:
        _note_about_address(work, dice, row, outcome)
    if outcome.provider_id and outcome.provider_id != row.provider_id:
        _join_receipts(work, dice, row, outcome.provider_id)
    return True


def _tell(work: Work, dice: Dice, row: _Row) -> None:
    """Whom it concerns that this text did not arrive."""
    if row.delivery_class == DeliveryClass.CODE and row.conversation and row.about:
        tell(work, dice, row.tenant, row.conversation, CodeNotSent(row.about), work.now, about=row.about)
    elif row.delivery_class == DeliveryClass.COMMENT and row.about:
        comments_not_delivered(work, row.tenant, [row.about])
    elif row.conversation:
        attend_to_open_cases(work, row.tenant, row.conversation, NOT_DELIVERED)
    elif row.about:
        number_failed(work, row.about)


def _note_about_address(work: Work, dice: Dice, row: _Row, outcome: Outcome) -> None:
    found = _ADDRESS.one(work, of_tenant=row.tenant, number=row.recipient)
    if found is None:
        return
    [address] = found
    if outcome.ends_epoch:
        _NEXT_EPOCH.run(work, address=address)
    if outcome.opts_out:
        _OPT_OUT.run(work, id=dice.new_id(), tenant=row.tenant, address=address, opted_by="carrier", at=work.now)
        comments_not_delivered(work, row.tenant, withhold_due(work, address, "opted_out"))


def _join_receipts(work: Work, dice: Dice, row: _Row, provider_id: str) -> None:
    """Receipts that came before we knew the provider's id."""
    parked = _PARKED.all(work, sender=row.sender, provider_id=provider_id)
    for _, kind, failure, opts_out, ends_epoch in parked:
        outcome = Outcome(kind, provider_id, failure, opts_out=opts_out, ends_epoch=ends_epoch)
        take_receipt(work, dice, row.id, outcome)
    for key, *_ in parked:
        _UNPARK.run(work, key=key)


_D = metadata.tables["delivery"]
_M = metadata.tables["message"]
_S = metadata.tables["sender"]
_U = metadata.tables["unknown_receipt"]
_O = metadata.tables["opt_out"]
_ADDRESSES = metadata.tables["address"]

_READ = Statement(
    select(*(_D.c[name] for name in _Row._fields)).where(_D.c.id == bindparam("delivery")).with_for_update()
)
_BY_PROVIDER_ID = Statement(
    select(_D.c.id)
    .join(_S, _S.c.id == _D.c.sender)
    .where(_D.c.provider_id == bindparam("provider_id"), _S.c.account == bindparam("by"))
    .limit(1)
)
_WRITE = Statement(
    update(_D)
    .where(_D.c.id == bindparam("delivery"))
    .values(
        state=bindparam("new"),
        due_at=bindparam("due"),
        check_at=bindparam("check"),
        settled_at=bindparam("settled"),
        provider_id=bindparam("known_as"),
        failure=bindparam("because"),
        sealed=bindparam("kept_sealed"),
        lease_until=None,
    )
)
_DROP_PARTS = Statement(update(_M).where(_M.c.id == bindparam("message")).values(parts=None))
_ADDRESS = Statement(
    select(_ADDRESSES.c.id).where(
        _ADDRESSES.c.tenant == bindparam("of_tenant"), _ADDRESSES.c.value == bindparam("number")
    )
)
_NEXT_EPOCH = Statement(
    update(_ADDRESSES).where(_ADDRESSES.c.id == bindparam("address")).values(epoch=_ADDRESSES.c.epoch + 1)
)
_OPT_OUT = Statement(
    insert(_O)
    .on_conflict_do_update(
        index_elements=["address"], index_where=_O.c.ended_at.is_(None), set_={"opted_by": "carrier"}
    )
    .inline(),
    *("id", "tenant", "address", "opted_by", "at"),
)
_HOLD = Statement(
    update(_S)
    .where(
        _S.c.id == bindparam("sender"),
        _S.c.held_until.is_(None) | (_S.c.held_until < bindparam("until")),
    )
    .values(held_until=bindparam("until"), held_because=bindparam("because"))
)
_PARK = Statement(
    insert(_U).inline(),
    *("id", "account", "provider_id", "receipt_state", "failure", "opts_out", "ends_epoch", "at"),
)
_PARKED = Statement(
    select(_U.c.id, _U.c.receipt_state, _U.c.failure, _U.c.opts_out, _U.c.ends_epoch)
    .join(_S, _S.c.account == _U.c.account)
    .where(_U.c.provider_id == bindparam("provider_id"), _S.c.id == bindparam("sender"))
    .order_by(_U.c.id)
)
_UNPARK = Statement(delete(_U).where(_U.c.id == bindparam("key")))
_FORGET = Statement(delete(_U).where(_U.c.at < bindparam("before")))
