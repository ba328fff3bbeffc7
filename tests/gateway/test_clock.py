"""The clock of development: moved in one process, moved in all."""

import subprocess
import sys
from datetime import timedelta

import pytest

from gateway.clock import MovableClock, clock_file, system_clock

MOMENT = timedelta(seconds=1)


def test_it_is_the_hosts_time_until_it_is_moved(tmp_path):
    clock = MovableClock(clock_file(tmp_path))
    assert abs(clock() - system_clock()) < MOMENT
    clock.move(timedelta(days=3))
    clock.move(timedelta(hours=-1))
    assert abs(clock() - system_clock() - timedelta(days=3, hours=-1)) < MOMENT


def test_another_process_moves_it_too(tmp_path):
    clock = MovableClock(clock_file(tmp_path))
    clock.move(timedelta(minutes=1))
    program = (
        "import sys, datetime, pathlib; from gateway.clock import MovableClock;"
        "MovableClock(pathlib.Path(sys.argv[1])).move(datetime.timedelta(minutes=1))"
    )
    subprocess.run([sys.executable, "-c", program, str(clock_file(tmp_path))], check=True)
    assert clock.offset() == timedelta(minutes=2)


@pytest.mark.parametrize("content", ["", "tomorrow", "1e300", "nan"])
def test_a_file_that_is_not_ours_moves_nothing(tmp_path, content):
    clock_file(tmp_path).write_text(content, encoding="ascii")
    assert MovableClock(clock_file(tmp_path)).offset() == timedelta()


def test_a_file_that_is_taken_away_moves_it_back(tmp_path):
    clock = MovableClock(clock_file(tmp_path))
    clock.move(timedelta(days=1))
    clock_file(tmp_path).unlink()
    assert clock.offset() == timedelta()
