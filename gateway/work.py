"""`gateway work`: sends, keeps the timers, and looks up what the provider did not tell.

By itself it is one of many, rung through Redis, under a supervisor. As the child of `gateway serve` it is the
only one, rung by bytes on its stdin; it ends when that ends, and leaves Ctrl-C to its parent.
"""

import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog

from gateway.desks import Loaded
from gateway.ending import die_with, end_in_time
from gateway.house import House, opened
from gateway.jobs import composed
from gateway.jobs.bell import Bell
from gateway.jobs.composed import Senders
from gateway.jobs.delivery import AtWork, Sending, deliver
from gateway.jobs.queues import DELIVER, THREADS, URGENT, Queues, broker
from gateway.jobs.sweep import Sweep
from gateway.settings import Settings

# And then the store is closed: all within the time that a parent gives (`serve.CHILD_WITHIN_S`).
DRAIN_WITHIN_S: Final = 3.5

log = structlog.get_logger()


def work(settings: Settings, desks: tuple[Loaded, ...], parent: int | None) -> None:
    """Work until SIGTERM; as the child of the process `parent`, also until that has gone."""
    stop = threading.Event()

    def heed(*_: object) -> None:
        end_in_time()
        stop.set()

    _heed_signals(heed, parent)
    # Elsewhere than on Linux, the end of stdin tells it.
    die_with(parent)
    with opened(settings, desks) as house:
        senders = {halves.account: halves.sender(sum(THREADS.values())) for halves in house.providers.values()}
        worker = Worker(house, senders, max(sender.slowest_s for sender in senders.values()))
        worker.start()
        if parent is not None:
            threading.Thread(target=_listen, args=(worker.look, heed), name="bell-rope", daemon=True).start()
        log.info("at work", child=parent is not None, redis=settings.redis_url is not None)
        stop.wait()
        log.info("stopping")
        worker.stop(DRAIN_WITHIN_S)
        for sender in senders.values():
            sender.close()
    log.info("stopped")


class Worker:
    """Both queues, the bell that rings them, and the sweep."""

    def __init__(self, house: House, senders: Senders, slowest_s: float) -> None:
        self._house = house
        self._at_work = AtWork()
        self._aside: dict[bool, threading.Thread] = {}
        self._sending: Sending = composed.sending(house, senders, slowest_s, self._more, self._wake_at)
        self._queues = Queues(lambda: broker(house.settings.redis_url), self._deliver)
        self._bell = Bell(self._queues.ring, self._deliver_aside if house.settings.redis_url else None)
        self._sweep = Sweep(house.store, composed.jobs(house, senders, self._sending, self._bell.ring), self._bell.ring)

    def start(self) -> None:
        """Start all threads, and look once."""
        self._queues.work()
        self._sweep.start()
        self._bell.ring()

    def look(self) -> None:
        """Somebody rang."""
        self._bell.ring()
        self._sweep.look()

    def stop(self, within_s: float) -> None:
        """Claim nothing more, and wait so long for what is being sent."""
        until = time.monotonic() + within_s
        self._sending.stopping.set()
        self._sweep.stop()
        self._bell.close()
        self._queues.stop(max(until - time.monotonic(), 0.1))
        self._queues.close()

    def _deliver(self, urgent: bool) -> None:
        with self._at_work.one_more(urgent):
            deliver(self._sending, urgent)
        if self._house.settings.redis_url:
            # Who rang through Redis may have meant that a conversation is to be told something.
            self._sweep.look()

    def _more(self, urgent: bool) -> None:
        name = URGENT if urgent else DELIVER
        if self._at_work[urgent] < THREADS[name]:
            self._bell.ring()

    def _wake_at(self, at: datetime) -> None:
        self._sweep.wake_at(at)

    def _deliver_aside(self) -> None:
        """There is no Redis: send all the same, one thread for each queue."""
        for urgent in (True, False):
            thread = self._aside.get(urgent)
            if thread is None or not thread.is_alive():
                self._aside[urgent] = threading.Thread(target=self._deliver, args=(urgent,), daemon=True)
                self._aside[urgent].start()


def _heed_signals(heed: Callable[..., object], parent: int | None) -> None:
    signal.signal(signal.SIGTERM, heed)
    signal.signal(signal.SIGINT, signal.SIG_IGN if parent is not None else heed)
    if parent is not None:
        # A terminal sends these to the parent too, which ends the child in order, or is gone.
        signal.signal(signal.SIGHUP, signal.SIG_IGN)


def _listen(look: Callable[[], object], heed: Callable[[], object]) -> None:
    while os.read(0, 4096):
        look()
    heed()
