"""A Redis that takes connections and says nothing: nobody waits for it, who writes as little as who starts us."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

import pytest

from tests.faults.house import ENDS_WITHIN_S, get, house, wait_until

pytestmark = pytest.mark.slow

# Without a bound of ours it is over ten seconds; a busy machine may take its time.
ANSWERED_WITHIN_S = 8.0
TAKEN_WITHIN_S = 2.0


@contextmanager
def silent_server() -> Iterator[int]:
    """A port where everybody is let in and hears nothing."""
    taken: list[socket.socket] = []

    def accept(listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                taken.append(listening.accept()[0])

    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        threading.Thread(target=accept, args=(listening,), daemon=True).start()
        yield int(listening.getsockname()[1])
        listening.shutdown(socket.SHUT_RDWR)
    for connection in taken:
        connection.close()


def test_a_redis_that_says_nothing_delays_nobody(tmp_path):
    with silent_server() as port, house(tmp_path, CASELINE_REDIS_URL=f"redis://127.0.0.1:{port}") as running:
        serving = running.serve(wait=False)
        running.await_ready(serving, "/healthz")
        working = running.start("work")
        wait_until(lambda: get(running.url + "/readyz")[0] == 200, "ready")
        for n in range(3):
            phone = f"+479000000{n}"
            began = time.monotonic()
            assert running.post(phone, "Linja henger lavt over veien ved Furuneset")[0] == 200
            assert time.monotonic() - began < TAKEN_WITHIN_S
            running.carrier.wait_for(to=phone)
            assert time.monotonic() - began < ANSWERED_WITHIN_S
        wait_until(lambda: "Redis is away" in get(running.url + "/readyz")[1], "a warning")
        for process in (serving, working):
            began = time.monotonic()
            assert process.stop() == 0
            assert time.monotonic() - began < ENDS_WITHIN_S
