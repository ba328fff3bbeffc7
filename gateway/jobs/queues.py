"""The two queues of dramatiq, over one of two brokers: in this process alone, or in Redis for many processes.

A message says «look», and nothing else: what there is to do stands in the store. So there is nothing to retry,
no delay and no result, and the middleware that would do these is left out: a failing actor then leaves no dead
letter behind either. «urgent» has threads of its own, so that slow texts of the other never hold danger up.
"""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Final

import dramatiq
import redis
from dramatiq.broker import Broker, Consumer
from dramatiq.brokers.redis import RedisBroker
from dramatiq.brokers.stub import StubBroker
from dramatiq.errors import ConnectionClosed
from redis.backoff import NoBackoff
from redis.retry import Retry

DELIVER: Final = "deliver"
URGENT: Final = "urgent"
THREADS: Final[Mapping[str, int]] = {DELIVER: 8, URGENT: 3}
HEARTBEAT_TIMEOUT_MS: Final = 15_000
ALWAYS: Final = 1_000_000
IDLE_MS: Final = 200
CONNECT_S: Final = 0.5
ANSWER_S: Final = 1.0

Look = Callable[[bool], None]


def broker(redis_url: str | None) -> Broker:
    """A broker in Redis, for all processes; without one for this process alone.

    It connects when it is used, and again after every failure.
    """
    if redis_url is None:
        return StubBroker(middleware=[])
    return _Durable(  # type: ignore[no-untyped-call]
        # So that a Redis which neither answers nor refuses is soon known to be away: by default it is asked four times.
        client=redis.Redis.from_url(
            redis_url,
            socket_connect_timeout=CONNECT_S,
            socket_timeout=ANSWER_S,
            retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
        ),
        middleware=[],
        namespace="caseline",
        # By default a dead worker's messages are found by chance, one command in a thousand: minutes later.
        maintenance_chance=ALWAYS,
        heartbeat_timeout=HEARTBEAT_TIMEOUT_MS,
    )


class _Durable(RedisBroker):
    """Hands delayed messages out again after Redis was away.

    dramatiq's consumer forgets those it holds when its connection breaks, while their ids stay acknowledged by
    this broker, which still lives: nobody gets them until the process ends (its issue 527). A consumer that
    begins anew holds none, so all that stand under our name are put back first.
    """

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 5000) -> Consumer:
        if queue_name.endswith(".DQ"):
            try:
                held = self.client.smembers(f"{self.namespace}:__acks__.{self.broker_id}.{queue_name}")
                if held:
                    self.do_requeue(queue_name, *held)
            except redis.ConnectionError as error:
                raise ConnectionClosed(error) from None  # type: ignore[no-untyped-call]
        return super().consume(queue_name, prefetch, timeout)


class Queues:
    """Both queues, for a process that rings them, that works on them, or both.

    Each has a broker of its own: dramatiq wants no two workers on one.
    """

    def __init__(self, make_broker: Callable[[], Broker], look: Look | None = None) -> None:
        self._workers: list[dramatiq.Worker] = []
        # In the order in which they are rung.
        self._actors = {name: _actor(make_broker(), name, look) for name in (URGENT, DELIVER)}

    def ring(self, *names: str) -> None:
        """Put a message into these queues, or into both. Raises redis.RedisError where there is no Redis."""
        for name in names or self._actors:
            self._actors[name].send()

    def work(self) -> None:
        """Start the threads that take messages."""
        for name, actor in self._actors.items():
            worker = dramatiq.Worker(actor.broker, worker_threads=THREADS[name], worker_timeout=IDLE_MS)
            worker.start()
            self._workers.append(worker)

    def stop(self, within_s: float) -> None:
        """Take no more messages, and wait so long for those in hand."""
        until = time.monotonic() + within_s
        stopping = [
            threading.Thread(target=worker.stop, args=(int(within_s * 1000),), daemon=True) for worker in self._workers
        ]
        for thread in stopping:
            thread.start()
        for thread in stopping:
            thread.join(max(until - time.monotonic(), 0.0))

    def close(self) -> None:
        """Let the brokers' connections go."""
        for actor in self._actors.values():
            actor.broker.close()


def _actor(broker: Broker, name: str, look: Look | None) -> dramatiq.Actor[[], None]:
    def run() -> None:
        if look is not None:
            look(name == URGENT)

    return dramatiq.Actor(run, broker=broker, actor_name=name, queue_name=name, priority=0, options={})
