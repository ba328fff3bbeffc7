"""The processes that write to one SQLite file take turns."""

import fcntl
import os
import threading
import time

import pytest

from storage import turnstile
from storage.turnstile import Turnstile


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "caseline.db-in-flight"


@pytest.fixture
def ways(folder):
    """Those of two processes: the system tells them apart by what each of them opened."""
    two = Turnstile(folder), Turnstile(folder)
    yield two
    for one in two:
        one.close()


def test_who_waits_comes_in_before_the_one_that_leaves_and_wants_to_come_back(folder, ways):
    busy, waiting = ways
    came_in = []
    busy.enter()

    def wait():
        waiting.enter()
        came_in.append("waiting")
        waiting.leave()

    thread = threading.Thread(target=wait)
    thread.start()
    _await(lambda: _is_locked(folder.parent))
    busy.leave()
    busy.enter()
    came_in.append("busy")
    thread.join()
    assert came_in == ["waiting", "busy"]


def test_the_turn_of_a_process_that_is_gone_is_over(ways):
    gone, waiting = ways
    gone.enter()
    gone.close()
    waiting.enter()
    waiting.leave()


def test_who_has_waited_too_long_goes_on_to_the_lock_of_the_database(ways, monkeypatch):
    monkeypatch.setattr(turnstile, "PATIENCE_S", 0.05)
    stopped, waiting = ways
    stopped.enter()
    waiting.enter()
    waiting.leave()


def test_it_leaves_nothing_in_its_folder(folder, ways):
    for one in ways:
        one.enter()
        one.leave()
    assert list(folder.iterdir()) == []


def _is_locked(folder):
    place = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(place)


def _await(is_so):
    until = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.001)
