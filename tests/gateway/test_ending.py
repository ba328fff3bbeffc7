"""How long it takes to stop, at the worst: the parts one after the other; with real processes in tests/faults."""

import subprocess
import sys

from gateway.ending import ENDS_WITHIN_S
from gateway.jobs import bell, sweep
from gateway.serve import CHILD_WITHIN_S, FINISH_WITHIN_S
from gateway.work import DRAIN_WITHIN_S
from storage import work
from storage.writer import JOB_IN_HAND_S

STORE_S = work.CLOSE_WITHIN_S + JOB_IN_HAND_S


def test_work_ends_before_its_parent_kills_it():
    assert 2 * sweep.STOP_WITHIN_S + bell.STOP_WITHIN_S < DRAIN_WITHIN_S
    assert DRAIN_WITHIN_S + STORE_S < CHILD_WITHIN_S


def test_serve_ends_within_ten_seconds():
    requests_s = 2 * FINISH_WITHIN_S + bell.STOP_WITHIN_S
    assert max(requests_s, CHILD_WITHIN_S) + STORE_S < ENDS_WITHIN_S < 10


HANGS = """
import threading
from gateway import ending
ending.ENDS_WITHIN_S = 0.1
ending.end_in_time()
threading.Thread(target=threading.Event().wait).start()
"""


def test_what_hangs_is_not_waited_for():
    ended = subprocess.run([sys.executable, "-c", HANGS], capture_output=True, text=True, timeout=30)
    assert ended.returncode == 1
    assert "something hangs" in ended.stdout + ended.stderr
