"""The jobs with what they need: what the delivery threads share, and what the sweep does how often."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from channels.contract import Sender
from gateway.house import House
from gateway.jobs.alarms import Alarms
from gateway.jobs.alerts import escalate_alerts
from gateway.jobs.delivery import Sending
from gateway.jobs.lookups import Fetch, Lookups, find_doubtful, find_unheard
from gateway.jobs.sweep import Job
from gateway.jobs.timers import Timers
from gateway.status_links import status_link
from storage.due import has_deliveries, has_lost_leases
from storage.settling import forget_receipts
from storage.unknown import end_leases

LEASE_BEYOND_SEND: Final = timedelta(seconds=15)

Senders = Mapping[str, Sender]
"""What calls a provider, by its account."""


def sending(
    house: House,
    senders: Senders,
    slowest_s: float,
    more: Callable[[bool], object],
    wake_at: Callable[..., object],
) -> Sending:
    """What the delivery threads share."""
    settings, names = house.settings, {halves.account: name for name, halves in house.providers.items()}
    return Sending(
        store=house.store,
        dice=house.dice,
        senders=senders,
        zones={front.address: front.desk.zone for front in house.fronts.values()},
        lease=timedelta(seconds=slowest_s) + LEASE_BEYOND_SEND,
        status_link=lambda account, delivery: status_link(
            settings.reached_at, names[account], house.store.keys, delivery
        ),
        more=more,
        wake_at=wake_at,
    )


def jobs(house: House, senders: Senders, sending: Sending, ring: Callable[[], object]) -> list[Job]:
    """What the sweep does, and how often."""
    store, dice = house.store, house.dice
    lookups = Lookups(store, dice, house.fronts, senders, ring)

    def ring_what_is_due() -> None:
        with store.read() as session:
            is_due = has_deliveries(session, store.now())
        if is_due and not sending.stopping.is_set():
            ring()

    def take_leases_back() -> None:
        with store.read() as session:
            is_lost = has_lost_leases(session, store.now())
        if is_lost and store.write(lambda work: end_leases(work, dice)).result():
            ring()

    return [
        Job("timers", 1.0, Timers(store, house.fronts, dice, ring), when_rung=True),
        Job("alerts", 1.0, lambda: escalate_alerts(store, dice, ring)),
        Job("leases", 1.0, take_leases_back),
        Job("due", 1.0, ring_what_is_due, alone=False),
        Job("alarms", 60.0, Alarms(store)),
        Job("doubtful", 2.0, lambda: find_doubtful(lookups), apart=True),
        Job("fetch", 300.0, Fetch(lookups), apart=True),
        Job("unheard", 1800.0, lambda: find_unheard(lookups), apart=True),
        Job("receipts", 3600.0, lambda: store.write(forget_receipts).result()),
    ]
