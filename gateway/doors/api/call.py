"""One call of the API: who calls, what was asked and sent, all of it checked already."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlmodel import Session

from gateway.doors.deps import Deps
from storage.scope import Scope
from storage.work import Work

Q = TypeVar("Q")
B = TypeVar("B")
T = TypeVar("T")

STORE_WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Call(Generic[Q, B]):
    """``path``: the values in the path by name; ``key``: the caller's Idempotency-Key, None where none came."""

    deps: Deps
    scope: Scope
    path: Mapping[str, str]
    query: Q
    body: B
    key: str | None

    async def read(self, fn: Callable[[Session], T]) -> T:
        """What `fn` reads of what is committed, in a thread. Raises TimeoutError after ten seconds."""

        def reading() -> T:
            with self.deps.store.read() as session:
                return fn(session)

        async with asyncio.timeout(STORE_WITHIN_S):
            return await asyncio.get_running_loop().run_in_executor(self.deps.readers, reading)

    async def write(self, fn: Callable[[Work], T]) -> T:
        """What `fn` gives once its work is durable; the workers are told of it.

        Raises TimeoutError after ten seconds: it may then be done all the same.
        """

        def writing(work: Work) -> T:
            work.after_commit(self.deps.ring)
            return fn(work)

        async with asyncio.timeout(STORE_WITHIN_S):
            return await self.deps.store.write_async(writing)
