"""Rounds: the load against one server for so many seconds, and what that took."""

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import func, select, update

from benchmarks.turns.running import Bare, Gateway, Meter
from benchmarks.turns.script import Conversations
from gateway.desks import Loaded
from gateway.simulator.carrier import CarrierThread
from storage.engines import writing_engine
from storage.tables import metadata

BARE_POSTS: Final = 2000
ANSWERED_WITHIN_S: Final = 60.0
QUIET_S: Final = 0.3
QUIET_WITHIN_S: Final = 5.0
MOST_A_SECOND: Final = 3000.0

_SENDER = metadata.tables["sender"]
_DELIVERY = metadata.tables["delivery"]
_CASES = metadata.tables["cases"]


@dataclass(frozen=True, slots=True)
class Played:
    """A round. CPU in seconds: of the thread with the event loop, of the one that writes, of all; of `work`."""

    answered: int
    seconds: float
    p50_ms: float
    p99_ms: float
    loop_s: float
    writer_s: float
    cpu_s: float
    work_s: float = 0.0
    sent: int = 0
    receipts: int = 0

    @property
    def per_second(self) -> float:
        return self.answered / self.seconds

    @property
    def cpu_us(self) -> float:
        """Of the server, for each post."""
        return self.cpu_s / self.answered * 1e6


@dataclass(frozen=True, slots=True)
class Pair:
    """A round of the bare server, and one of the gateway right behind it."""

    bare: Played
    gateway: Played

    @property
    def ratio(self) -> float:
        return self.gateway.per_second / self.bare.per_second

    @property
    def cpu_ratio(self) -> float:
        return self.bare.cpu_us / self.gateway.cpu_us


class Rounds:
    """Everything that is loaded, and what has been played so far."""

    def __init__(self, url: str, desk: Loaded, carrier: CarrierThread, bare: Bare, seconds: float) -> None:
        self._engine = writing_engine(url)
        self._carrier, self._bare, self._seconds = carrier, bare, seconds
        self._conversations = Conversations(desk)
        strangers = Conversations(desk)
        self._bare_posts = [strangers.post(text) for text in strangers.round(BARE_POSTS)]
        self._per_second = MOST_A_SECOND
        self.refused: Counter[str] = Counter()

    @property
    def taken(self) -> Counter[str]:
        """How many texts of each kind the gateway has taken."""
        return self._conversations.taken

    def pair(self, gateway: Gateway, connections: int) -> Pair:
        """The bare server, then the gateway."""
        meter = Meter(self._bare.pid)
        found = self._load(self._bare.port, connections, self._bare_posts, again=True)
        bare = _played(found, meter.seconds())
        return Pair(bare, self.play(gateway, connections))

    def play(self, gateway: Gateway, connections: int) -> Played:
        """A round of the conversations; afterwards what waits to be sent is marked as sent."""
        self._carrier.carrier.gateway_url = f"http://127.0.0.1:{gateway.port}"
        texts = self._conversations.round(int(self._per_second * self._seconds * 1.5))
        posts = [self._conversations.post(text) for text in texts]
        journal = len(self._carrier.journal())
        serve, work = Meter(gateway.serve), Meter(gateway.work)
        found = self._load(gateway.port, connections, posts)
        cpu, (_, _, work_s) = serve.seconds(), work.seconds()
        done = Counter(entry.kind for entry in self._carrier.journal()[journal:])
        self._conversations.took(texts[: found["answered"]])
        self._per_second = max(found["answered"] / found["seconds"], 100.0)
        self._settle()
        return _played(found, cpu, work_s, done["accepted"], done["receipt"])

    def set_pace(self, per_second: float) -> None:
        """As another rate in the desk would: how many texts a second a number sends."""
        with self._engine.begin() as connection:
            connection.execute(update(_SENDER).values(per_second=per_second))

    def cases(self) -> dict[str, int]:
        """How many cases there are of each form and status."""
        kind = (_CASES.c.form, _CASES.c.status)
        with self._engine.begin() as connection:
            found = connection.execute(select(*kind, func.count()).group_by(*kind).order_by(*kind))
            return {f"{form} {status}": number for form, status, number in found}

    def _load(self, port: int, connections: int, posts: Sequence[bytes], again: bool = False) -> dict[str, Any]:
        command = [sys.executable, "-m", "benchmarks.turns.load", str(port), str(connections), str(self._seconds)]
        framed = b"".join(len(post).to_bytes(4, "big") + post for post in posts)
        done = subprocess.run(
            [*command, *(["again"] if again else [])],
            input=framed,
            stdout=subprocess.PIPE,
            check=True,
            timeout=self._seconds + ANSWERED_WITHIN_S,
        )
        found: dict[str, Any] = json.loads(done.stdout)
        self.refused.update({status: number for status, number in found["statuses"].items() if status != "200"})
        return found

    def _settle(self) -> None:
        """Mark as sent what waits; then wait until nobody sends or reports any more, for a few seconds at most."""
        now = datetime.now(UTC)
        sent = {"state": "delivered", "claimed_at": now, "settled_at": now}
        with self._engine.begin() as connection:
            connection.execute(update(_DELIVERY).where(_DELIVERY.c.state == "due").values(sent))
        until, seen = time.monotonic() + QUIET_WITHIN_S, -1
        while seen != len(self._carrier.carrier.journal) and time.monotonic() < until:
            seen = len(self._carrier.carrier.journal)
            time.sleep(QUIET_S)


def _played(
    found: dict[str, Any], cpu: tuple[float, float, float], work_s: float = 0.0, sent: int = 0, receipts: int = 0
) -> Played:
    speed = {name: found[name] for name in ("seconds", "p50_ms", "p99_ms")}
    loop_s, writer_s, cpu_s = cpu
    return Played(
        int(found["answered"]),
        **speed,
        loop_s=loop_s,
        writer_s=writer_s,
        cpu_s=cpu_s,
        work_s=work_s,
        sent=sent,
        receipts=receipts,
    )
