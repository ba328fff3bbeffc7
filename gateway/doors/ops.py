"""For operators: `/healthz`, does the process live; `/readyz`, can it do what it promises.

Not ready (503, with plain reasons) is what a balancer should send nobody to: the store takes nothing, or nobody
would send the answers. That texts wait, or that the bell is broken, is a warning: to refuse messages because
of it would lose the very ones that matter.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Final

import structlog
from aiohttp import web

from gateway.jobs.sweep import LEASE
from storage.due import lease_until, oldest_deliveries
from storage.leases import take_lease
from storage.work import Store, Work

ASKED_AGAIN_S: Final = 1.0
ANSWERS_WITHIN_S: Final = 2.0
URGENT_WAITS_AT_MOST: Final = timedelta(seconds=60)
TABLES_AGAIN_S: Final = 30.0
PROBE: Final = "readyz"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Condition:
    """What is wrong, and how long the oldest delivery has been due, in seconds; None: none waits."""

    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    oldest_due_s: float | None = None
    oldest_urgent_due_s: float | None = None


def routes(store: Store, warn: Callable[[], str | None], has_tables: Callable[[], bool]) -> list[web.RouteDef]:
    """`warn` says what is wrong with the bell or the child, None: nothing. `has_tables`: of this version."""
    ready = _Ready(store, warn, has_tables)
    return [web.get("/healthz", _alive), web.get("/readyz", ready.answer)]


async def _alive(_request: web.Request) -> web.Response:
    return web.Response(text="alive\n")


class _Ready:
    def __init__(self, store: Store, warn: Callable[[], str | None], has_tables: Callable[[], bool]) -> None:
        self._store, self._warn, self._has_tables = store, warn, has_tables
        self._tables_until = float("-inf")
        self._asking = asyncio.Lock()
        self._asked_at = float("-inf")
        self._known = Condition()

    async def answer(self, _request: web.Request) -> web.Response:
        """The condition as JSON; looked at anew once a second at most."""
        async with self._asking:
            if time.monotonic() - self._asked_at > ASKED_AGAIN_S:
                self._known = await self._look()
                self._asked_at = time.monotonic()
        known = self._known
        return web.json_response({"ready": not known.reasons, **asdict(known)}, status=503 if known.reasons else 200)

    async def _look(self) -> Condition:
        try:
            async with asyncio.timeout(ANSWERS_WITHIN_S):
                if not await asyncio.to_thread(self._tables):
                    return Condition(("the tables are not of this version: run `gateway migrate`",))
                await self._store.write_async(_probe)
                return await asyncio.to_thread(self._read)
        except TimeoutError:
            return Condition(("the store does not answer within 2 seconds",))
        except Exception as error:
            log.warning("the store takes nothing", exc_info=error)
            return Condition((f"the store takes nothing ({type(error).__name__})",))

    def _tables(self) -> bool:
        """Looked at every half minute while they are there: it opens a connection of its own."""
        if time.monotonic() > self._tables_until and self._has_tables():
            self._tables_until = time.monotonic() + TABLES_AGAIN_S
        return time.monotonic() <= self._tables_until

    def _read(self) -> Condition:
        now = self._store.now()
        with self._store.read() as session:
            until, oldest = lease_until(session, LEASE), oldest_deliveries(session)
        reasons = [] if until is not None and until > now else ["nobody sends: no `gateway work` is at work"]
        warnings = [warning for warning in (self._warn(),) if warning]
        waits = now - oldest.urgent if oldest.urgent else timedelta()
        if waits > URGENT_WAITS_AT_MOST:
            warnings.append("danger or a code has waited for over a minute")
        return Condition(
            tuple(reasons),
            tuple(warnings),
            oldest_due_s=(now - oldest.any).total_seconds() if oldest.any else None,
            oldest_urgent_due_s=waits.total_seconds() if oldest.urgent else None,
        )


def _probe(work: Work) -> None:
    """Writes a row that means nothing, to see that a commit becomes durable."""
    take_lease(work, PROBE, PROBE)
