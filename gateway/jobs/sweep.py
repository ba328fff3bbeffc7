"""The sweep looks each second at what is due, so that no bell is ever needed: it only makes things quicker.

Jobs that only one process may do are done by the process that holds the lease. Each job is small, or runs in a
thread apart where it asks the provider; one that fails is logged, and comes again.
"""

import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from storage.leases import give_lease_back, take_lease
from storage.work import Store, StoreClosed

LEASE: Final = "sweep"
TICK_S: Final = 1.0
RENEWED_EVERY_S: Final = 4.0
STOP_WITHIN_S: Final = 1.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do every so often. `alone`: by one process at a time. `apart`: it may take long.
    `when_rung`: also as soon as the bell rings."""

    name: str
    every_s: float
    do: Callable[[], object]
    alone: bool = True
    apart: bool = False
    when_rung: bool = False


class Sweep:
    """The thread that does the jobs, from `start` to `stop`. `wake` is called at the moments of `wake_at`."""

    def __init__(self, store: Store, jobs: Sequence[Job], wake: Callable[[], object]) -> None:
        self._store, self._jobs, self._wake = store, jobs, wake
        self._holder = secrets.token_hex(8)
        self._due_at = dict.fromkeys((job.name for job in jobs), float("-inf"))
        self._holds = False
        self._renew_at = float("-inf")
        self._wake_at = float("inf")
        # As if rung: what is due at the start is done at once.
        self._rung = True
        self._news = threading.Condition()
        self._stopping = threading.Event()
        self._busy: set[str] = set()
        self._thread = threading.Thread(target=self._run, name="sweep", daemon=True)

    def start(self) -> None:
        """Begin, with every job once."""
        self._thread.start()

    def look(self) -> None:
        """The bell has rung."""
        with self._news:
            self._rung = True
            self._news.notify()

    def wake_at(self, at: datetime) -> None:
        """Have `wake` called at this time of the store's, or a little earlier where another asked for that."""
        moment = time.monotonic() + (at - self._store.now()).total_seconds()
        with self._news:
            if moment < self._wake_at:
                self._wake_at = moment
                self._news.notify()

    def stop(self) -> None:
        """End after the job in hand, and let another process have the lease."""
        self._stopping.set()
        with self._news:
            self._news.notify()
        self._thread.join(STOP_WITHIN_S)
        if self._holds:
            self._guarded("lease", self._give_lease_back)

    def _run(self) -> None:
        while not self._stopping.is_set():
            rung, is_time = self._wait()
            if is_time:
                self._guarded("wake", self._wake)
            self._renew()
            for job in self._jobs:
                if self._stopping.is_set():
                    return
                if (self._holds or not job.alone) and self._is_due(job, rung):
                    self._do(job)

    def _wait(self) -> tuple[bool, bool]:
        """Until the bell rings, a moment comes that was asked for, or a tick has passed."""
        with self._news:
            if not self._rung and not self._stopping.is_set():
                self._news.wait(min(TICK_S, max(self._wake_at - time.monotonic(), 0.0)))
            rung, self._rung = self._rung, False
            is_time = time.monotonic() >= self._wake_at
            if is_time:
                self._wake_at = float("inf")
            return rung, is_time

    def _renew(self) -> None:
        now = time.monotonic()
        if now < self._renew_at:
            return
        self._renew_at = now + RENEWED_EVERY_S
        self._holds = bool(self._guarded("lease", self._take_lease))

    def _take_lease(self) -> bool:
        return self._store.write(lambda work: take_lease(work, LEASE, self._holder)).result()

    def _give_lease_back(self) -> None:
        self._store.write(lambda work: give_lease_back(work, LEASE, self._holder)).result(STOP_WITHIN_S)

    def _is_due(self, job: Job, rung: bool) -> bool:
        now = time.monotonic()
        if now < self._due_at[job.name] and not (rung and job.when_rung):
            return False
        self._due_at[job.name] = now + job.every_s
        return True

    def _do(self, job: Job) -> None:
        if not job.apart:
            self._guarded(job.name, job.do)
        elif job.name not in self._busy:
            self._busy.add(job.name)
            threading.Thread(target=self._do_apart, args=(job,), name=job.name, daemon=True).start()

    def _do_apart(self, job: Job) -> None:
        try:
            self._guarded(job.name, job.do)
        finally:
            self._busy.discard(job.name)

    def _guarded(self, name: str, do: Callable[[], object]) -> object:
        try:
            return do()
        except StoreClosed:
            return None
        except Exception as error:
            log.error("a job failed, and will be done again", job=name, exc_info=error)
            return None
