"""Who holds an address, and what they have put aside."""

from sqlalchemy import bindparam, select

from conversations.facts import (
    Holder,
    Holders,
    ParkedDraft,
)
from conversations.state import Draft, thaw_draft
from storage.facts.asker import Asker
from storage.statements import Statement
from storage.tables import metadata


def holders(asker: Asker, query: Holders) -> tuple[Holder, ...]:
    """Who holds the address in its present epoch."""
    held = asker.held
    rows = _HOLDERS.all(asker.work, of=asker.front.tenant, held=held.address, since=held.epoch)
    return tuple(Holder(*row) for row in rows)


def parked_draft(asker: Asker, query: ParkedDraft) -> Draft | None:
    """A draft of this conversation that was put aside."""
    row = _PARKED.one(asker.work, key=query.draft, in_conversation=asker.held.id)
    return thaw_draft(row[0]) if row else None


_F = metadata.tables["draft"]
_H = metadata.tables["address_holder"]
_K = metadata.tables["contact"]
_HOLDERS = Statement(
    select(_H.c.contact, _K.c.name, _H.c.trusted_until)
    .join(_K, _K.c.id == _H.c.contact)
    .where(
        _H.c.tenant == bindparam("of"),
        _H.c.address == bindparam("held"),
        _H.c.epoch == bindparam("since"),
    )
    .order_by(_H.c.id)
)
_PARKED = Statement(
    select(_F.c.content).where(
        _F.c.id == bindparam("key"), _F.c.conversation == bindparam("in_conversation"), _F.c.standing == "parked"
    )
)
