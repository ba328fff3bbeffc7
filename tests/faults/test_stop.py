"""`serve` is told to stop in the middle of it all: it ends in time, and nobody notices more than a wait."""

import os
import signal
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from gateway.simulator.carrier import Trouble
from tests.faults.house import GRID, House, house, wait_until
from tests.faults.invariants import check_copies, check_store, copies, texts_in

pytestmark = pytest.mark.slow

ENDS_WITHIN_S = 10.0
CROWD = 32


class Crowd:
    """People who text once each, as many at the same time as there are phones, until one is not taken in."""

    def __init__(self, running: House) -> None:
        self._running = running
        self._phones = ThreadPoolExecutor(CROWD)
        self._lock = threading.Lock()
        self.said: dict[str, str] = {}
        self.acknowledged: set[str] = set()
        for _ in range(CROWD):
            self._phones.submit(self._text_on)

    def close(self) -> None:
        """Until all have been answered, or have given up."""
        self._phones.shutdown()

    def _text_on(self) -> None:
        is_taken = True
        while is_taken:
            with self._lock:
                number = f"+4795{len(self.said):06d}"
                self.said[number] = f"strømmen er borte i Havnegata {len(self.said) % 900 + 1}"
            is_taken = self._running.carrier.text(number, GRID, self.said[number]).status == 200
            if is_taken:
                self.acknowledged.add(number)


def stored(running: House) -> set[str]:
    return {number for (number,) in running.rows("SELECT their_address FROM message WHERE direction = 'in'")}


@pytest.mark.timeout(240)
def test_it_stops_in_ten_seconds_under_load_while_the_carrier_is_slow_and_loses_and_doubles_nothing(tmp_path):
    with house(tmp_path) as running:
        serving = running.serve()
        running.carrier.make_trouble(Trouble(slow_s=30))
        crowd = Crowd(running)
        wait_until(lambda: len(running.carrier.messages()) >= 8, "sends that hang", 30, running.last_words)
        wait_until(lambda: len(crowd.acknowledged) > 100, "many are taken", 30, running.last_words)

        began = time.monotonic()
        assert serving.stop() == 0
        assert time.monotonic() - began < ENDS_WITHIN_S
        assert not running.said("something hangs, and is not waited for")
        assert not running.said("the child that sends did not end, and is killed")
        crowd.close()
        assert crowd.acknowledged <= stored(running)

        running.carrier.make_trouble(Trouble(receipt_after_s=0.01))
        serving = running.serve()
        wait_until(lambda: stored(running) == set(crowd.said), "all are fetched", 30, running.last_words)
        running.end_doubts()
        running.await_quiet()
        assert serving.stop() == 0
        for number, words in crowd.said.items():
            assert texts_in(running, number) == [words]
            assert list(copies(running, number).values()) == [1]
        check_store(running)
        check_copies(running)


def test_a_child_that_does_not_end_is_not_waited_for(tmp_path):
    with house(tmp_path) as running:
        serving = running.serve()
        child = serving.child()
        os.kill(child, signal.SIGSTOP)
        began = time.monotonic()
        assert serving.stop() == 0
        assert time.monotonic() - began < ENDS_WITHIN_S
        assert running.said("the child that sends did not end, and is killed")


def test_a_store_that_another_process_keeps_locked_holds_nobody_up(tmp_path):
    with house(tmp_path) as running:
        serving = running.serve()
        with (
            closing(sqlite3.connect(running.database, isolation_level=None)) as another,
            ThreadPoolExecutor(8) as phones,
        ):
            another.execute("BEGIN IMMEDIATE")
            posts = [phones.submit(running.post, f"+4790000{n:03d}", "strømmen er borte") for n in range(8)]
            time.sleep(1)
            began = time.monotonic()
            serving.send(signal.SIGTERM)
            serving.wait(ENDS_WITHIN_S)
            assert time.monotonic() - began < ENDS_WITHIN_S
            assert not any(post.result()[0] == 200 for post in posts)
        assert stored(running) == set()
