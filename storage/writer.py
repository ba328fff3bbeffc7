"""The writing thread: takes jobs in order, turns before bulk, and answers only when the commit is durable."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from queue import SimpleQueue
from typing import Any

import structlog
from sqlmodel import Session

from storage.faults import Again, StoreClosed, is_store_fault
from storage.in_flight import InFlight
from storage.keys import Keys
from storage.store_time import Clock, StoreTime, raise_floor, read_floor
from storage.writing import Writing

BATCH_JOBS = 32
BATCH_S = 0.020
FLOOR_EVERY = timedelta(seconds=10)
TIMES_TAKEN = 2
JOB_IN_HAND_S = 0.5

log = structlog.get_logger(__name__)
Ring = Callable[[], object]


class Work:
    """What a job may use while it runs: the open transaction, the time, and the keys.

    `cursor` is the driver's own. `suspect` says at how many deaths of a process this job's key was in hand:
    from two on, it must be recorded without what may have killed them.
    """

    __slots__ = ("_writing", "cursor", "dialect", "keys", "now", "rings", "suspect")

    def __init__(self, writing: Writing, keys: Keys, now: datetime, suspect: int = 0) -> None:
        self._writing = writing
        self.rings: list[Ring] = []
        self.cursor: Any = writing.cursor
        self.dialect = writing.dialect
        self.keys = keys
        self.now = now
        self.suspect = suspect

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A Session inside this transaction, in a savepoint of its own, flushed and kept at the end.

        Where the body raises, what the session did is undone and the exception goes on.
        """
        joined = self._writing.joined()
        with Session(joined, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
            session.commit()

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part of the job that may fail alone: where the body raises, it is undone and the exception goes on."""
        execute = self.cursor.execute
        execute("SAVEPOINT part")
        try:
            yield
        except BaseException as error:
            if not self.is_lost(error):
                execute("ROLLBACK TO SAVEPOINT part")
                execute("RELEASE SAVEPOINT part")
            raise
        execute("RELEASE SAVEPOINT part")

    def is_lost(self, error: BaseException) -> bool:
        """Whether this error takes the whole transaction with it: then it must go on to the store."""
        return is_store_fault(error) or not self._writing.in_transaction

    def after_commit(self, ring: Ring) -> None:
        """Call this when the commit is durable, in the writing thread: it must not block.

        What several jobs of one commit ask for is called once. What it raises is logged.
        """
        self.rings.append(ring)


class Task:
    """A job in the queue, and the future that waits for it: an asyncio one where `loop` is given."""

    __slots__ = (
        "before",
        "bulk",
        "error",
        "fn",
        "future",
        "instead",
        "key",
        "loop",
        "prepared",
        "result",
        "rings",
    )

    def __init__(
        self,
        fn: Callable[[Work], Any],
        before: Callable[[Work], object] | None,
        instead: Callable[[Work, Exception], Any] | None,
        key: str | None,
        bulk: bool,
        future: "Future[Any] | asyncio.Future[Any]",
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self.fn, self.before, self.instead = fn, before, instead
        self.key, self.bulk = key, bulk
        self.future, self.loop = future, loop
        self.result: Any = None
        self.error: BaseException | None = None
        self.prepared = False
        self.rings: list[Ring] = []

    def is_wanted(self) -> bool:
        """False where the thread that waited has withdrawn it. A loop's is always done."""
        return not isinstance(self.future, Future) or self.future.set_running_or_notify_cancel()

    def hand_over(self) -> None:
        """Give the result to whoever waits. An asyncio future: inside its loop only."""
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


class Writer:
    """The thread, its queue and its connection."""

    def __init__(self, writing: Writing, keys: Keys, clock: Clock, in_flight: InFlight | None) -> None:
        self._writing, self._keys, self._in_flight = writing, keys, in_flight
        self._writing.begin()
        self._floor = read_floor(self._writing)
        self._writing.rollback()
        self.time = StoreTime(clock, self._floor)
        self._inbox: SimpleQueue[Task | None] = SimpleQueue()
        self._turns: deque[Task] = deque()
        self._bulk: deque[Task] = deque()
        self._door = threading.Lock()
        self._closed = ""
        self._last_moment = float("inf")
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    def put(self, task: Task) -> None:
        """Queue a job. Raises StoreClosed."""
        with self._door:
            if self._closed:
                raise StoreClosed(self._closed)
            self._inbox.put(task)

    def close(self, within_s: float) -> None:
        """Do what is queued, for so long at most; what is left gets StoreClosed."""
        self._last_moment = time.monotonic() + within_s
        self._shut("the store is closed")
        self._thread.join(within_s + JOB_IN_HAND_S)

    def _shut(self, reason: str) -> None:
        with self._door:
            self._closed = self._closed or reason
            self._inbox.put(None)

    def _run(self) -> None:
        take = self._take_batch if self._writing.dialect == "sqlite" else self._take_one
        try:
            while (task := self._next() or self._wait()) is not None:
                if time.monotonic() >= self._last_moment:
                    self._turns.appendleft(task)
                    break
                taken = take(task)
                self._raise_floor()
                self._settle(taken)
        except BaseException as error:
            log.critical("the writing thread broke", error=type(error).__name__)
            self._shut("the writing thread broke")
            raise
        finally:
            self._refuse_the_rest()
            self._writing.rollback()
            self._writing.close()
            if self._in_flight is not None:
                self._in_flight.close()

    def _wait(self) -> Task | None:
        """The next job, when there is one; None: the store is closed, and all is done."""
        while not self._closed or not self._inbox.empty():
            task = self._inbox.get()
            if task is not None and task.is_wanted():
                return task
        return None

    def _next(self, in_batch: bool = False) -> Task | None:
        """A job that waits already: a turn, else bulk. In a batch none that must run alone."""
        inbox = self._inbox
        while not inbox.empty():
            task = inbox.get()
            if task is not None and task.is_wanted():
                (self._bulk if task.bulk else self._turns).append(task)
        queue = self._turns or self._bulk
        if not queue or (in_batch and self._deaths(queue[0])):
            return None
        return queue.popleft()

    # SQLite: jobs that wait share a commit, each in a savepoint.

    def _take_batch(self, first: Task) -> list[Task]:
        batch, until = [first], time.monotonic() + BATCH_S
        alone = self._deaths(first) > 0
        try:
            self._writing.begin()
            self._in_savepoint(first)
            while not alone and len(batch) < BATCH_JOBS and time.monotonic() < until:
                task = self._next(in_batch=True)
                if task is None:
                    break
                batch.append(task)
                self._in_savepoint(task)
            self._writing.commit()
        except Exception as error:
            self._undo(error)
            for task in batch:
                self._take_alone(task)
        return batch

    def _take_alone(self, task: Task) -> None:
        for _ in range(TIMES_TAKEN):
            try:
                self._writing.begin()
                self._in_savepoint(task)
                self._writing.commit()
                return
            except Exception as error:
                self._undo(error)
                task.error, task.rings = error, []
                if not isinstance(error, Again):
                    return

    def _in_savepoint(self, task: Task) -> None:
        """Run one job. Raises what is wrong with the transaction as a whole, or Again."""
        work = self._work(task)
        before, instead = task.before, task.instead
        task.error = None if before is None else self._attempt(task, before, work, "before_job")
        if task.error is None:
            task.error = self._attempt(task, task.fn, work, "job")
            if instead is not None and isinstance(error := task.error, Exception):
                work = self._work(task)
                task.error = self._attempt(task, lambda work: instead(work, error), work, "job")
        task.rings = [] if task.error else work.rings
        self._put_down(task)

    def _attempt(self, task: Task, fn: Callable[[Work], Any], work: Work, savepoint: str) -> BaseException | None:
        execute = work.cursor.execute
        execute(f"SAVEPOINT {savepoint}")
        try:
            task.result = fn(work)
        except BaseException as error:
            if self._concerns_all(error):
                raise
            execute(f"ROLLBACK TO {savepoint}")
            execute(f"RELEASE {savepoint}")
            return error
        execute(f"RELEASE {savepoint}")
        return None

    # PostgreSQL: a job is a transaction; where it raised, the next best thing is done in a new one.

    def _take_one(self, task: Task) -> list[Task]:
        instead = task.instead
        error = task.error = self._transaction(task, task.fn)
        if isinstance(error, Exception) and task.prepared and instead is not None:
            task.error = self._transaction(task, lambda work: instead(work, error))
        if task.error is not None and task.prepared and task.before is not None:
            self._transaction(task, lambda work: None)
        return [task]

    def _transaction(self, task: Task, fn: Callable[[Work], Any]) -> BaseException | None:
        error: BaseException | None = None
        for _ in range(TIMES_TAKEN):
            committing = task.prepared = False
            try:
                self._writing.begin()
                work = self._work(task)
                if task.before is not None:
                    task.before(work)
                task.prepared = True
                task.result = fn(work)
                self._put_down(task)
                committing = True
                self._writing.commit()
                task.rings = work.rings
                return None
            except BaseException as raised:
                self._undo(raised)
                error = raised
                if not self._concerns_all(raised):
                    return raised
                task.prepared = False
                # Whether a lost commit happened nobody knows; only what has a key recognises itself.
                if committing and task.key is None and not self._writing.is_undone(raised):
                    return raised
        return error

    # Both

    def _work(self, task: Task) -> Work:
        suspect = 0
        if task.key is not None and self._in_flight is not None:
            suspect = self._in_flight.deaths(task.key)
            self._in_flight.begin(task.key)
        return Work(self._writing, self._keys, self.time.now(), suspect)

    def _put_down(self, task: Task) -> None:
        if task.key is not None and self._in_flight is not None:
            self._in_flight.end()

    def _undo(self, error: BaseException) -> None:
        self._writing.rollback(error)
        if self._in_flight is not None:
            self._in_flight.end()

    def _deaths(self, task: Task) -> int:
        return 0 if task.key is None or self._in_flight is None else self._in_flight.deaths(task.key)

    def _concerns_all(self, error: BaseException) -> bool:
        """Whether the transaction is lost, or must be taken again; else the job alone is at fault."""
        return isinstance(error, Again) or is_store_fault(error) or not self._writing.in_transaction

    def _settle(self, tasks: list[Task]) -> None:
        """Hand the results over, to each event loop in one go; then ring."""
        loops: dict[asyncio.AbstractEventLoop, list[Task]] = {}
        for task in tasks:
            if task.loop is None:
                task.hand_over()
            else:
                loops.setdefault(task.loop, []).append(task)
        for loop, theirs in loops.items():
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(_hand_over, theirs)
        for ring in dict.fromkeys(ring for task in tasks for ring in task.rings):
            try:
                ring()
            except Exception as error:
                log.error("ringing after a commit failed", error=type(error).__name__)
        if self._in_flight is not None:
            for task in tasks:
                if task.key is not None and task.error is None:
                    self._in_flight.forgive(task.key)

    def _raise_floor(self) -> None:
        now = self.time.now()
        if now - self._floor < FLOOR_EVERY:
            return
        self._floor = now
        try:
            self._writing.begin()
            raise_floor(self._writing, now)
            self._writing.commit()
        except Exception as error:
            self._undo(error)
            log.error("the time's floor was not kept", error=type(error).__name__)

    def _refuse_the_rest(self) -> None:
        left = []
        while (task := self._next()) is not None:
            task.error = StoreClosed(self._closed)
            left.append(task)
        self._settle(left)


def _hand_over(tasks: list[Task]) -> None:
    for task in tasks:
        task.hand_over()
