"""The store is locked, may not be written, takes no more, or is gone: 503 and no word of why, and then it goes on."""

import os
import resource
import signal
import sqlite3
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import pytest

from tests.faults.house import GRID, House, get, house, wait_until
from tests.faults.invariants import check_copies, check_store, copies, texts_in

pytestmark = pytest.mark.slow

PHONE, OTHER = "+4790000001", "+4790000002"
SID = f"SM{1:032x}"
AGAIN = (503, "Try again later.\n")
TAKEN = (200, "<Response/>")
LOCKED_S = 3.0
needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux has the means to make this fault")


def reasons(running: House) -> str:
    """Why it is not ready; empty where it is."""
    status, text = get(running.url + "/readyz")
    return "" if status == 200 else text


def test_a_store_that_another_process_locks_for_three_seconds_is_waited_for(tmp_path):
    with house(tmp_path) as running, ThreadPoolExecutor(8) as phones:
        serving = running.serve()
        with closing(sqlite3.connect(running.database, isolation_level=None)) as another:
            another.execute("BEGIN IMMEDIATE")
            began = time.monotonic()
            posts = [phones.submit(running.post, f"+4790000{n:03d}", "strømmen er borte") for n in range(8)]
            time.sleep(LOCKED_S)
            assert not any(post.done() for post in posts), "nobody is answered before it is safe"
            assert get(running.url + "/healthz")[0] == 200
            another.execute("ROLLBACK")
        assert [post.result() for post in posts] == [TAKEN] * 8
        assert time.monotonic() - began < 10
        running.carrier.wait_for(at_least=8)
        running.await_quiet()
        assert serving.stop() == 0
        check_store(running)
        check_copies(running)


@needs_linux
def test_t72_a_store_that_takes_no_more_is_503_and_goes_on_by_itself(tmp_path):
    with house(tmp_path) as running:
        serving = running.serve()
        assert running.post(OTHER, "strømmen er borte") == TAKEN
        running.await_quiet()
        with full_disk(running, [serving.pid, serving.child()]):
            assert running.post(PHONE, "strømmen er borte", SID) == AGAIN
            wait_until(lambda: "takes nothing" in reasons(running), "not ready")
            assert running.post(PHONE, "strømmen er borte", SID) == AGAIN
            assert get(running.url + "/healthz") == (200, "alive\n")
        assert running.post(PHONE, "strømmen er borte", SID) == TAKEN
        wait_until(lambda: not reasons(running), "ready again", 20, running.last_words)
        running.carrier.wait_for(to=PHONE)
        running.await_quiet()
        assert serving.stop() == 0
        assert texts_in(running, PHONE) == ["strømmen er borte"]
        check_store(running)
        check_copies(running)


@contextmanager
def full_disk(running: House, pids: list[int]) -> Iterator[None]:
    """The log of SQLite may not grow: a write beyond its end fails, as on a full disk."""
    end = running.database.with_name(f"{running.database.name}-wal").stat().st_size
    assert end > (running.folder / "log").stat().st_size
    limits = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in pids}
    for pid, (_, most) in limits.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (end, most))
    try:
        yield
    finally:
        for pid, limit in limits.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)


@needs_linux
def test_t72_a_database_file_that_may_only_be_read_is_503_and_goes_on_when_it_may_be_written(tmp_path):
    with house(tmp_path) as running:
        serving = running.serve()
        assert running.post(OTHER, "Linja henger lavt over veien") == TAKEN
        running.await_quiet()
        assert serving.stop() == 0
        token = running.token()
        running.database.chmod(0o444)
        serving = running.serve(wait=False, launcher=(sys.executable, "-c", AS_PLAIN_USER))
        running.await_ready(serving, "/healthz")
        assert running.post(PHONE, "strømmen er borte", SID) == AGAIN
        assert comments(running, token) == 503
        wait_until(lambda: "takes nothing" in reasons(running), "not ready")
        for file in running.database.parent.glob(f"{running.database.name}*"):
            if file.is_file():
                file.chmod(0o644)
        # What SQLite opened for reading is opened again, one process after the other.
        wait_until(lambda: running.post(PHONE, "strømmen er borte", SID) == TAKEN, "taken", 20, running.last_words)
        wait_until(lambda: not reasons(running), "ready again", 30, running.last_words)
        assert comments(running, token) == 201
        running.carrier.wait_for(to=PHONE)
        running.await_quiet()
        assert serving.stop() == 0
        assert texts_in(running, PHONE) == ["strømmen er borte"]
        check_store(running)
        check_copies(running)


def comments(running: House, token: str) -> int:
    """The status of a comment by the API, on the first case."""
    return get(f"{running.url}/api/v1/cases/IN-00000001/comments", token, {"text": "Hei", "public": False})[0]


# Root may write any file, unless it has dropped the means to (capabilities 1 to 3, `man 7 capabilities`).
AS_PLAIN_USER = """
import ctypes, os, sys
PR_CAPBSET_DROP = 24
for capability in (1, 2, 3):
    ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
os.execv(sys.executable, [sys.executable, "-m", "gateway", *sys.argv[1:]])
"""


def test_t11_what_comes_while_postgresql_is_away_is_503_and_nothing_is_lost(tmp_path, postgres, postgres_url):
    with house(tmp_path, CASELINE_STORE_URL=postgres_url) as running, ThreadPoolExecutor(8) as phones:
        serving, token = running.serve(), running.token()
        assert comments(running, token) == 404
        numbers = [f"+4791000{n:03d}" for n in range(100)]
        posts = [phones.submit(running.carrier.text, number, GRID, f"strømmen er borte {number}") for number in numbers]
        wait_until(lambda: sum(post.done() for post in posts) > 20, "some are taken")
        postgres.kill()
        wait_until(lambda: all(post.done() for post in posts), "all are answered", 120)
        assert running.post(PHONE, "strømmen er borte", SID) == AGAIN
        assert comments(running, token) == 503
        wait_until(lambda: "takes nothing" in reasons(running) or "does not answer" in reasons(running), "not ready")
        assert get(running.url + "/healthz")[0] == 200
        postgres.start()
        wait_until(lambda: running.post(PHONE, "strømmen er borte", SID) == TAKEN, "taken", 30, running.last_words)

        # The provider has given up on some; a new `work` asks it for them.
        os.kill(serving.child(), signal.SIGTERM)
        wait_until(lambda: stored(running) == {*numbers, PHONE}, "all are fetched", 40, running.last_words)
        running.end_doubts()
        running.await_quiet()
        assert serving.stop() == 0
        refused = [post.result().status for post in posts if post.result().status != 200]
        assert set(refused) <= {503}
        for number in numbers:
            assert texts_in(running, number) == [f"strømmen er borte {number}"]
            assert list(copies(running, number).values()) == [1]
        check_store(running)
        check_copies(running)


def stored(running: House) -> set[str]:
    """Whose texts stand in the store."""
    return {number for (number,) in running.rows("SELECT their_address FROM message WHERE direction = 'in'")}
