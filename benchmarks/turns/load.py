"""The load, as a process of its own: `python -m benchmarks.turns.load PORT CONNECTIONS SECONDS [again]`.

Reads the requests from stdin, each behind four bytes of its length, and plays them over kept connections until time
is up or none is left; `again`: from the first once more. Prints as JSON how many were answered and how fast.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Final, cast

LONGEST_ANSWER_S: Final = 15.0
OK: Final = "200"


@dataclass
class Played:
    """What was sent, and what came back. Every one of the first `answered` requests was answered."""

    requests: Iterator[bytes]
    until: float
    open: int
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    statuses: Counter[str] = field(default_factory=Counter)
    took_s: list[float] = field(default_factory=list)
    last_at: float = 0.0

    def next(self) -> bytes | None:
        """The next request; None: no more."""
        return next(self.requests, None) if time.perf_counter() < self.until else None

    def closed(self) -> None:
        """A connection has ended."""
        self.open -= 1
        if not self.open:
            self.ended.set()


class Connection(asyncio.Protocol):
    """One request after the other."""

    def __init__(self, played: Played) -> None:
        self._played = played
        self._got = b""
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, end, body = self._got.partition(b"\r\n\r\n")
        if not end or len(body) < _length(head):
            return
        now = time.perf_counter()
        played, status, self._got = self._played, head[9:12].decode(), b""
        played.took_s.append(now - self._sent_at)
        played.statuses[status] += 1
        played.last_at = now
        if status == OK:
            self._send()
        else:
            # Which request that was stands nowhere: the run is not to be trusted, and says so.
            self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        self._played.closed()

    def _send(self) -> None:
        request = self._played.next()
        if request is None:
            self._transport.close()
            return
        self._sent_at = time.perf_counter()
        self._transport.write(request)


def _length(head: bytes) -> int:
    return int(head.partition(b"Content-Length: ")[2].partition(b"\r\n")[0] or 0)


def _requests(framed: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(framed):
        begin = at + 4
        at = begin + int.from_bytes(framed[at:begin], "big")
        yield framed[begin:at]


async def _play(port: int, connections: int, seconds: float, requests: Iterator[bytes]) -> dict[str, object]:
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    played = Played(requests, began + seconds, connections)
    for _ in range(connections):
        await loop.create_connection(lambda: Connection(played), "127.0.0.1", port)
    await asyncio.wait_for(played.ended.wait(), seconds + LONGEST_ANSWER_S)
    took_s = sorted(played.took_s)
    return {
        "statuses": played.statuses,
        "answered": len(took_s),
        "seconds": played.last_at - began,
        "p50_ms": _part(took_s, 0.50) * 1000,
        "p99_ms": _part(took_s, 0.99) * 1000,
    }


def _part(ordered: Sequence[float], part: float) -> float:
    return ordered[int(part * (len(ordered) - 1))] if ordered else 0.0


if __name__ == "__main__":
    port, connections, seconds, *again = sys.argv[1:]
    requests = list(_requests(sys.stdin.buffer.read()))
    asked = asyncio.run(_play(int(port), int(connections), float(seconds), (cycle if again else iter)(requests)))
    json.dump(asked, sys.stdout)
