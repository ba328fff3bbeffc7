"""Who calls: the bearer token of a request (RFC 6750), as the scope that it gives.

The live tokens' hashes are held in memory: a wrong token costs no query and is found wrong in the same time,
however much of it is right, because what is looked up is its keyed hash. A revoked token is refused within
`FRESH_S`; a new one is good at once. Wrong tokens are braked by address; a right one never is, so that nobody
who shares an address with a guesser (behind a balancer, everybody does) is shut out.
"""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Mapping
from typing import Final

from aiohttp import web

from storage import tokens
from storage.scope import Scope
from storage.work import Store

FRESH_S: Final = 15.0
ASKED_AGAIN_S: Final = 1.0
READ_WITHIN_S: Final = 10.0
WRONG_AT_MOST: Final = 20
WRONG_WITHIN_S: Final = 60.0
ADDRESSES_KEPT: Final = 10_000
LONGEST: Final = 200


class NotKnown(Exception):
    """No token, or none that is good. ``braked_s``: this address has tried too often; 0 where it has not."""

    def __init__(self, braked_s: int) -> None:
        super().__init__("not known")
        self.braked_s = braked_s


class Bearers:
    """The tokens that are good now, and who tried wrong ones. One per process, used in the event loop."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._scopes: Mapping[str, Scope] = {}
        self._read_at = float("-inf")
        self._reading = asyncio.Lock()
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()

    async def scope(self, request: web.Request) -> Scope:
        """What the caller may see and do. Raises NotKnown; TimeoutError where the store is silent for ten seconds."""
        async with asyncio.timeout(READ_WITHIN_S):
            known = await self._known(_token(request))
        if known is None:
            raise NotKnown(self._count_wrong(request.remote or ""))
        return known

    async def _known(self, token: str) -> Scope | None:
        digest = tokens.digest(self._store.keys, token)
        if digest is None:
            return None
        await self._refresh(FRESH_S)
        if digest not in self._scopes:
            await self._refresh(ASKED_AGAIN_S)
        return self._scopes.get(digest)

    async def _refresh(self, older_than_s: float) -> None:
        async with self._reading:
            if time.monotonic() - self._read_at > older_than_s:
                began = time.monotonic()
                self._scopes = await asyncio.to_thread(self._read)
                self._read_at = began

    def _read(self) -> Mapping[str, Scope]:
        with self._store.read() as session:
            return tokens.live(session)

    def _count_wrong(self, address: str) -> int:
        """Note a wrong token; the seconds for which this address is braked."""
        now = time.monotonic()
        tried = self._wrong.setdefault(address, deque(maxlen=WRONG_AT_MOST + 1))
        self._wrong.move_to_end(address)
        while len(self._wrong) > ADDRESSES_KEPT:
            self._wrong.popitem(last=False)
        tried.append(now)
        while now - tried[0] > WRONG_WITHIN_S:
            tried.popleft()
        return 0 if len(tried) <= WRONG_AT_MOST else max(1, round(WRONG_WITHIN_S - (now - tried[0])))


def _token(request: web.Request) -> str:
    given = request.headers.getall("Authorization", [])
    scheme, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    return token.strip() if scheme.lower() == "bearer" and len(token) <= LONGEST else ""
