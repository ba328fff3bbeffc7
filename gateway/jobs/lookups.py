"""What the provider did not manage to tell us is asked for: whether a text went, and what people sent us.

Lists go by the provider's clock, so times here are the host's, never the movable one's.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

import structlog
from sqlalchemy import select

from channels.contract import CannotList, Inbound, ListTooLong, ReceiptState, Sender, SendError
from conversations.dice import Dice
from gateway.clock import system_clock
from gateway.dice import first_id_of
from gateway.jobs.intake import NotOurs, receive
from storage.fronts import Fronts
from storage.keys import CannotOpen
from storage.parts import composed
from storage.tables import metadata
from storage.unheard import hear, unheard
from storage.unknown import Doubtful, Found, OnList, Sought, compare, doubtful, look_again, look_no_more
from storage.work import Store, StoreClosed

SKEW: Final = timedelta(minutes=2)
LONGEST_BACK: Final = timedelta(days=1)
SHORTER_BACK: Final = tuple(timedelta(minutes=minutes) for minutes in (120, 20, 5, 1))
OVERLAP: Final = timedelta(minutes=10)
KNOWN_AT_ONCE: Final = 500
MADE_WITHIN: Final = timedelta(days=3)

log = structlog.get_logger()


@dataclass(frozen=True)
class Lookups:
    """What looking up needs. `senders` are by the provider's account."""

    store: Store
    dice: Dice
    fronts: Fronts
    senders: Mapping[str, Sender]
    ring: Callable[[], object]


def find_doubtful(lookups: Lookups) -> None:
    """Settle deliveries of which nobody knows whether they went, by the provider's list."""
    with lookups.store.read() as session:
        rows = doubtful(session, lookups.store.now())
    for _, group in groupby(rows, key=lambda row: (row.account, row.our_address, row.recipient)):
        _find(lookups, list(group))
    if rows:
        lookups.ring()


def _find(lookups: Lookups, rows: list[Doubtful]) -> None:
    """Those of one lane."""
    store, dice = lookups.store, lookups.dice
    try:
        seen = _listed(lookups, rows[0].account, rows[0].recipient, min(row.claimed_at for row in rows))
    except CannotList:
        store.write(lambda work: look_no_more(work, dice, rows)).result()
        return
    if seen is None:
        store.write(lambda work: look_again(work, dice, rows)).result()
        return
    sought = list(_sought(store, rows))
    went = store.write(lambda work: compare(work, dice, sought, seen)).result()
    log.info("doubtful deliveries looked up", sought=len(sought), went=went)


def _sought(store: Store, rows: Iterable[Doubtful]) -> Iterator[Sought]:
    for row in rows:
        try:
            text = composed(store.keys, row)
        except (CannotOpen, ValueError) as error:
            log.error("a text cannot be composed", delivery=row.delivery, exc_info=error)
            text = row.text
        yield Sought(row.delivery, row.attempt, row.delivery_class, row.our_address, text)


def _listed(lookups: Lookups, account: str, recipient: str, claimed_at: datetime) -> list[OnList] | None:
    """What the provider took for them since then, by our clock; None: not to be had now. Raises CannotList."""
    since = system_clock() - (lookups.store.now() - claimed_at) - SKEW
    try:
        listed = lookups.senders[account].list_sent(recipient, since)
        return [OnList(one.provider_id, one.sender, one.text, FOUND[one.state]) for one in listed]
    except CannotList:
        raise
    except (SendError, KeyError) as error:
        log.warning("the provider's list of what it took is not to be had", error=type(error).__name__)
    except Exception as error:
        log.error("an adapter failed in a way that it must not", exc_info=error)
    return None


def find_unheard(lookups: Lookups) -> None:
    """Ask what became of texts that the provider took and never reported."""
    store, dice = lookups.store, lookups.dice
    with store.read() as session:
        found = unheard(session, store.now(), first_id_of(system_clock() - MADE_WITHIN))
    silent: set[str] = set()
    for (account, recipient), group in groupby(found, key=lambda row: (row.account, row.recipient)):
        rows = list(group)
        if account in silent:
            continue
        try:
            seen = _listed(lookups, account, recipient, rows[0].claimed_at)
        except CannotList:
            seen = []
        if seen is None:
            silent.add(account)
            continue
        store.write(lambda work, rows=rows, seen=seen: hear(work, dice, rows, seen)).result()  # type: ignore[misc]


class Fetch:
    """Takes in what people sent and the provider could not bring: a day back at first, then what is new."""

    def __init__(self, lookups: Lookups) -> None:
        self._lookups = lookups
        self._until: dict[str, datetime] = {}

    def __call__(self) -> None:
        """Ask each account once. What is there already is not touched; one that fails is asked as far back again."""
        for account, sender in self._lookups.senders.items():
            began = system_clock()
            try:
                self._fetch(account, sender, began)
            except (CannotList, StoreClosed):
                continue
            except Exception as error:
                log.error("what people sent could not be fetched", account=account, exc_info=error)
                continue
            self._until[account] = began

    def _fetch(self, account: str, sender: Sender, began: datetime) -> None:
        missing = self._missing(account, self._listed(account, sender, began))
        for inbound in sorted(missing, key=lambda one: one.sent_at or began):
            self._take_in(inbound)
        if missing:
            log.warning("messages were fetched that had not come by themselves", count=len(missing))

    def _listed(self, account: str, sender: Sender, now: datetime) -> list[Inbound]:
        """Since the last time, or as far back towards it as the provider lists at once. Raises what the sender does."""
        wanted = now - self._until[account] + OVERLAP if account in self._until else LONGEST_BACK
        for back in (wanted, *(shorter for shorter in SHORTER_BACK if shorter < wanted)):
            try:
                received = list(sender.list_received(now - back))
            except ListTooLong:
                continue
            if back < wanted:
                log.error(
                    "the provider's list is too long: nobody looked for messages of this time",
                    account=account,
                    since=(now - wanted).isoformat(),
                    until=(now - back).isoformat(),
                )
            return received
        raise ListTooLong

    def _missing(self, account: str, received: list[Inbound]) -> list[Inbound]:
        known: set[str] = set()
        with self._lookups.store.read() as session:
            for start in range(0, len(received), KNOWN_AT_ONCE):
                ids = [one.provider_id for one in received[start : start + KNOWN_AT_ONCE]]
                query = select(_M.c.provider_id).where(_M.c.account == account, _M.c.provider_id.in_(ids))
                known.update(session.connection().execute(query).scalars())
        return [one for one in received if one.provider_id not in known]

    def _take_in(self, inbound: Inbound) -> None:
        lookups = self._lookups
        try:
            receive(lookups.store, lookups.fronts, inbound, lookups.dice, lookups.ring)
        except NotOurs:
            log.warning("a fetched message is for no number of ours")


FOUND: Final[Mapping[ReceiptState, Found]] = {
    "accepted": "accepted",
    "sent": "accepted",
    "delivered": "delivered",
    "failed": "refused",
}
_M = metadata.tables["message"]
