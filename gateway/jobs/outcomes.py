"""What the worker makes of a provider's word: one table of failures (`SEND_ERRORS`), one place that decides.

- `retry` and `hold`: again later; each further try waits twice as long, danger and codes never long.
- `unknown`: it is looked up a minute later. Danger is sent again at once, but after three copies of which
  nobody knows anything it is looked up as well.
- A carrier's trouble is tried five times. What is the provider's or the network's passes, so it is tried for as
  long as the text is of use.
- A receipt that says «failed» ends a code; what certainly did not arrive and may be sent again, is.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from channels.contract import SEND_ERRORS, Failure, Handling, Receipt, ReceiptState, SendError
from conversations.effects import DeliveryClass
from storage.settling import Kind, Outcome

HELD_FOR: Final = timedelta(seconds=60)
PAUSED_AT_MOST: Final = timedelta(seconds=5)
WISH_AT_MOST: Final = timedelta(seconds=60)
LONGEST_WAIT: Final = timedelta(minutes=5)
LONGEST_URGENT_WAIT: Final[Mapping[DeliveryClass, timedelta]] = {
    DeliveryClass.DANGER: timedelta(seconds=5),
    DeliveryClass.CODE: timedelta(seconds=15),
}
FIRST_WAIT: Final = timedelta(seconds=1)
TRIES: Final = 5
COPIES_AT_ONCE: Final = 3


@dataclass(frozen=True, slots=True)
class Decision:
    """What to write of the delivery; until when its sender waits, None: it does not; whom to tell."""

    outcome: Outcome
    hold_until: datetime | None = None
    alarms: bool = False


def after_failure(error: SendError, delivery_class: DeliveryClass, attempt: int, now: datetime) -> Decision:
    """What follows when a call to the provider failed."""
    handling = error.handling
    wait = _wait(error, delivery_class, attempt)
    return Decision(
        _outcome(error.failure, handling, delivery_class, attempt, now + wait),
        hold_until=now + _pause(handling, wait) if handling.pauses_sender else None,
        alarms=handling.alarms,
    )


def after_receipt(receipt: Receipt, delivery_class: DeliveryClass, attempt: int, now: datetime) -> Outcome:
    """What follows from a provider's receipt."""
    if receipt.error is None:
        return Outcome(RECEIPTS[receipt.state], receipt.provider_id)
    handling = SEND_ERRORS[receipt.error]
    may_repeat = handling.outcome == "retry" and delivery_class != DeliveryClass.CODE and attempt < TRIES
    return Outcome(
        "repeat" if may_repeat else "refused",
        receipt.provider_id,
        failure=receipt.error,
        again_at=now + backoff(delivery_class, attempt) if may_repeat else None,
        opts_out=handling.opts_out,
        ends_epoch=handling.ends_epoch,
    )


def backoff(delivery_class: DeliveryClass, attempt: int) -> timedelta:
    """How long the next try waits: 1, 2, 4 … seconds, a quarter more or less, so that not all come at once."""
    longest = LONGEST_URGENT_WAIT.get(delivery_class, LONGEST_WAIT)
    doubled: timedelta = FIRST_WAIT * 2 ** min(max(attempt - 1, 0), 16)
    return min(doubled, longest) * random.uniform(0.75, 1.25)


def _outcome(
    failure: Failure, handling: Handling, delivery_class: DeliveryClass, attempt: int, again_at: datetime
) -> Outcome:
    if handling.outcome == "unknown":
        is_repeated = delivery_class == DeliveryClass.DANGER and attempt <= COPIES_AT_ONCE
        return Outcome("repeat", failure=failure, again_at=again_at) if is_repeated else Outcome("doubtful")
    is_tried_enough = failure == Failure.CARRIER_TROUBLE and attempt >= TRIES
    if handling.outcome == "final" or is_tried_enough:
        return Outcome("refused", failure=failure, opts_out=handling.opts_out, ends_epoch=handling.ends_epoch)
    return Outcome("repeat", failure=failure, again_at=again_at)


def _wait(error: SendError, delivery_class: DeliveryClass, attempt: int) -> timedelta:
    if error.handling.outcome == "hold":
        return HELD_FOR
    wish = timedelta(seconds=error.retry_after_s or 0)
    return max(backoff(delivery_class, attempt), min(wish, WISH_AT_MOST))


def _pause(handling: Handling, wait: timedelta) -> timedelta:
    """The sender's other texts wait too: as long as an operator needs, or until one try may show a change."""
    return wait if handling.outcome == "hold" else min(wait, PAUSED_AT_MOST)


RECEIPTS: Final[Mapping[ReceiptState, Kind]] = {
    "accepted": "accepted",
    "sent": "accepted",
    "delivered": "delivered",
    "failed": "refused",
}
