"""Sending: claim, wait for the bucket, send with no transaction open, settle. The same for both queues.

An actor runs this until nothing more can go. It never raises: what fails is settled, and what cannot even be
settled keeps its lease, until the sweep finds it.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import structlog

from channels.contract import Failure, Outbound, Sender, SendError
from conversations.dice import Dice
from gateway.jobs.outcomes import Decision, after_failure
from storage.keys import CannotOpen
from storage.outbox import Claimed, Wait, Zones, claim
from storage.parts import composed
from storage.settling import Outcome, hold_sender, settle
from storage.work import Store, StoreClosed, Work

SETTLE_PAUSE_S: Final = 1.0
NOT_COMPOSED: Final = "not_composed"
STOPPING: Final = "stopping"

log = structlog.get_logger()


@dataclass(frozen=True)
class Sending:
    """What sending needs; one of a process, shared by its threads.

    `senders` are by the provider's account; `lease` outlives their slowest send. `status_link` gives the
    address to which the provider of an account reports a delivery. `more` rings for another thread of the same
    queue, as long as `threads` of it are not at work; `wake_at` has the queues rung at a time.
    """

    store: Store
    dice: Dice
    senders: Mapping[str, Sender]
    zones: Zones
    lease: timedelta
    status_link: Callable[[str, str], str]
    more: Callable[[bool], object]
    wake_at: Callable[[datetime], object]
    stopping: threading.Event = field(default_factory=threading.Event)


def deliver(sending: Sending, urgent: bool) -> None:
    """Send what can go now; `urgent`: danger and codes only. Returns when nothing can, and raises nothing."""
    sent: _Sent | None = None
    try:
        while claimed := _next(sending, sent, urgent):
            sending.more(urgent)
            sent = _Sent(claimed, _sent_when_due(sending, claimed))
    except StoreClosed:
        return
    except Exception as error:
        # The store is away, or this is a bug; the sweep rings again in a second.
        log.error("sending stopped", exc_info=error, urgent=urgent)


class _Sent(NamedTuple):
    """What was claimed, and what is to be written of it."""

    claimed: Claimed
    decision: Decision


def _next(sending: Sending, sent: _Sent | None, urgent: bool) -> Claimed | None:
    """Write down what became of the last one, and claim the next in the same transaction: half as many commits.

    One that was not accepted is written by itself, as it may concern cases.
    """

    def claim_one(work: Work) -> Claimed | Wait | None:
        if sending.stopping.is_set():
            return None
        return claim(work, sending.dice, sending.zones, sending.lease, urgent)

    if sent and sent.decision.outcome.kind == "accepted":
        claimed = _settle(sending, sent, then=claim_one)
    else:
        if sent:
            _settle(sending, sent)
        claimed = sending.store.write(claim_one).result()
    if isinstance(claimed, Wait):
        sending.wake_at(claimed.until)
        return None
    return claimed


def _sent_when_due(sending: Sending, claimed: Claimed) -> Decision:
    wait_s = (claimed.send_at - sending.store.now()).total_seconds()
    if wait_s > 0 and sending.stopping.wait(wait_s):
        return Decision(Outcome("repeat", failure=STOPPING, again_at=sending.store.now()))
    decision = _sent(sending, claimed)
    log.info(
        "sent" if decision.outcome.kind == "accepted" else "not sent",
        delivery=claimed.delivery,
        delivery_class=claimed.delivery_class.name.lower(),
        attempt=claimed.attempt,
        outcome=decision.outcome.kind,
        failure=decision.outcome.failure,
    )
    if decision.alarms:
        log.critical("an operator must look", delivery=claimed.delivery, failure=decision.outcome.failure)
    return decision


def _sent(sending: Sending, claimed: Claimed) -> Decision:
    """Hand the text to the provider, and say what became of that."""
    sender = sending.senders.get(claimed.account)
    if sender is None:
        failed = SendError(Failure.MISCONFIGURED)
        return after_failure(failed, claimed.delivery_class, claimed.attempt, sending.store.now())
    try:
        outbound = _outbound(sending, claimed)
    except (CannotOpen, ValueError) as error:
        log.error("a text cannot be composed", delivery=claimed.delivery, exc_info=error)
        return Decision(Outcome("refused", failure=NOT_COMPOSED), alarms=True)
    try:
        return Decision(Outcome("accepted", sender.send(outbound).provider_id))
    except SendError as error:
        failed = error
    except Exception as error:
        log.error("an adapter failed in a way that it must not", delivery=claimed.delivery, exc_info=error)
        failed = SendError(Failure.AMBIGUOUS)
    return after_failure(failed, claimed.delivery_class, claimed.attempt, sending.store.now())


def _outbound(sending: Sending, claimed: Claimed) -> Outbound:
    useful_for = claimed.last_moment - sending.store.now() if claimed.last_moment else None
    return Outbound(
        delivery=claimed.delivery,
        sender=claimed.our_address,
        recipient=claimed.recipient,
        text=composed(sending.store.keys, claimed),
        status_url=sending.status_link(claimed.account, claimed.delivery),
        valid_for_s=max(int(useful_for.total_seconds()), 1) if useful_for else None,
    )


def _nothing(work: Work) -> None:
    return None


def _settle(
    sending: Sending, sent: _Sent, then: Callable[[Work], Claimed | Wait | None] = _nothing
) -> Claimed | Wait | None:
    """Write it down, and do `then`; while the store is away, again and again until the lease is over."""
    claimed, decision = sent

    def job(work: Work) -> Claimed | Wait | None:
        if decision.hold_until is not None:
            because = decision.outcome.failure or "held"
            hold_sender(work, claimed.sender, decision.hold_until, because)
        settle(work, sending.dice, claimed.delivery, claimed.attempt, decision.outcome)
        return then(work)

    while True:
        try:
            return sending.store.write(job).result()
        except StoreClosed:
            raise
        except Exception as error:
            log.error("a delivery is not settled yet", delivery=claimed.delivery, exc_info=error)
            if sending.store.now() > claimed.lease_until or sending.stopping.wait(SETTLE_PAUSE_S):
                return None
            # What was sent must not wait for a claim that fails.
            then = _nothing


class AtWork:
    """How many threads of each queue are sending: so that more are rung for only while there are idle ones."""

    def __init__(self) -> None:
        self._now: Counter[bool] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def one_more(self, urgent: bool) -> Iterator[None]:
        """Counts this thread for as long as it sends."""
        self._count(urgent, 1)
        try:
            yield
        finally:
            self._count(urgent, -1)

    def __getitem__(self, urgent: bool) -> int:
        return self._now[urgent]

    def _count(self, urgent: bool, change: int) -> None:
        with self._lock:
            self._now[urgent] += change
