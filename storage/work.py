"""The store as the rest of the house uses it: functions that write, one by one, and sessions that read.

All that a process writes goes through its one writing thread. `store.write(fn)` queues `fn`; it runs as
`fn(work)`, and its result comes only when the commit is durable. On SQLite the thread takes what waits, each
job in a savepoint, and commits once for all; it never waits for more. On PostgreSQL a job is a transaction.

The rules of a job:
- It may run more than once: what it changes outside the database must bear that.
- It raises: what it did is undone, the others of its batch stand, and the exception goes to its future.
- `before(work)` runs ahead of it in the same transaction, and stands even where the job is undone.
- `instead(work, error)` runs in the place of a job that raised; its result is then the job's.
- The database fails (a deadlock, a full disk, a failed commit), or the job raises `Again`: everything is
  rolled back and each job taken alone once. What fails again goes to its future, and `instead` is not asked.
- It never waits for anything but the database: all other writes wait for it.
"""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlmodel import Session

from storage.engines import is_sqlite, reading_engine, sqlite_file, writing_engine
from storage.faults import Again, StoreClosed
from storage.in_flight import InFlight
from storage.keys import Keys
from storage.store_time import Clock
from storage.turnstile import Turnstile
from storage.writer import Task, Work, Writer
from storage.writing import Writing

__all__ = ["Again", "Store", "StoreClosed", "Work"]

T = TypeVar("T")
CLOSE_WITHIN_S = 2


class Store:
    """One process's way to the database, whose tables must be there (`storage.migrate`).

    `clock` gives aware UTC. `in_flight` is a folder of this host where it is noted what is in hand, so that
    `work.suspect` can tell; None: beside the file on SQLite, and no notes on PostgreSQL.
    Raises NotDurable where the database is set to lose what it acknowledged.
    """

    def __init__(self, url: str, keys: Keys, clock: Clock, in_flight: Path | None = None) -> None:
        self.url, self.keys = url, keys
        self._engine = writing_engine(url)
        self._reading = reading_engine(url)
        self.dialect = self._engine.dialect.name
        beside = sqlite_file(url).with_name(f"{sqlite_file(url).name}-in-flight") if is_sqlite(url) else None
        in_flight = in_flight or beside
        writing = Writing(self._engine, self._reading, Turnstile(beside) if beside else None)
        self._writer = Writer(writing, keys, clock, InFlight(in_flight) if in_flight else None)

    def now(self) -> datetime:
        """The store's time, aware UTC, never running back."""
        return self._writer.time.now()

    def write(
        self,
        fn: Callable[[Work], T],
        *,
        before: Callable[[Work], object] | None = None,
        instead: Callable[[Work, Exception], T] | None = None,
        key: str | None = None,
        bulk: bool = False,
    ) -> "Future[T]":
        """Queue a job. Its future is done when the commit is durable, or the job has failed.

        `key` names what the job is about (a provider's message, a pending input): by it a job that kills its
        process is known when it comes again. `bulk` lets all others go first. Raises StoreClosed.
        """
        future: Future[T] = Future()
        self._writer.put(Task(fn, before, instead, key, bulk, future))
        return future

    async def write_async(
        self,
        fn: Callable[[Work], T],
        *,
        before: Callable[[Work], object] | None = None,
        instead: Callable[[Work, Exception], T] | None = None,
        key: str | None = None,
        bulk: bool = False,
    ) -> T:
        """As `write`, for an event loop. Where the caller is cancelled, the job is done all the same."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._writer.put(Task(fn, before, instead, key, bulk, future, loop))
        return await future

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A Session on what is committed, on a connection of its own: it neither waits nor makes wait."""
        with Session(self._reading) as session:
            yield session

    def close(self) -> None:
        """Do what is queued, for two seconds at most; what is left gets StoreClosed."""
        self._writer.close(CLOSE_WITHIN_S)
        self._reading.dispose()
        self._engine.dispose()
