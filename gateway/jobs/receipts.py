"""A provider's receipt comes in: by our own signed id for the delivery, or by the provider's id for the message."""

from collections.abc import Callable
from typing import Final

import structlog
from sqlalchemy import bindparam, select

from channels.contract import Receipt
from conversations.dice import Dice
from conversations.effects import DeliveryClass
from gateway.jobs.outcomes import after_receipt
from storage.settling import take_receipt, take_receipt_by_provider_id
from storage.statements import Statement
from storage.tables import metadata
from storage.work import Store, Work

log = structlog.get_logger()


async def receive_receipt(
    store: Store, dice: Dice, ring: Callable[[], object], account: str, delivery: str | None, receipt: Receipt
) -> bool:
    """Take a receipt in; whether it changed anything. Back when that is durable.

    `delivery`: the id that was signed in the address; None, or one that we do not have (any more): the
    message is sought by the provider's id for it, and the receipt kept for a day where there is none yet.
    """

    def job(work: Work) -> bool:
        known = _KNOWN.one(work, delivery=delivery) if delivery else None
        if known is None:
            # Nobody knows what it was for, so nothing is sent again on the strength of it.
            outcome = after_receipt(receipt, DeliveryClass.CODE, 1, work.now)
            changed = take_receipt_by_provider_id(work, dice, account, outcome)
        else:
            delivery_class, attempt = known
            outcome = after_receipt(receipt, DeliveryClass(delivery_class), attempt, work.now)
            changed = take_receipt(work, dice, delivery or "", outcome)
        if changed and outcome.kind in ("repeat", "refused"):
            work.after_commit(ring)
        return changed

    changed = await store.write_async(job)
    log.debug("receipt", delivery=delivery, state=receipt.state, failure=receipt.error, changed=changed)
    return changed


_D = metadata.tables["delivery"]
_KNOWN: Final = Statement(select(_D.c.delivery_class, _D.c.attempt).where(_D.c.id == bindparam("delivery")))
