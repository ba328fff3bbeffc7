"""What was in hand when a process died is known to the next; kept in a file that survives kill -9."""

import os
import subprocess
import sys

import pytest

from storage.in_flight import InFlight

DIE_IN_HAND = """
import os, sys
from pathlib import Path
from storage.in_flight import InFlight
flight = InFlight(Path(sys.argv[1]))
for key in sys.argv[2:]:
    flight.begin(key)
    if key.startswith("done"):
        flight.end()
os._exit(9)
"""


def die_with(folder, *keys):
    done = subprocess.run([sys.executable, "-c", DIE_IN_HAND, str(folder), *keys], timeout=20)
    assert done.returncode == 9


def test_a_key_in_hand_at_a_death_is_known_to_the_next_start(tmp_path):
    die_with(tmp_path, "a", "b")
    with InFlight(tmp_path) as flight:
        assert [flight.deaths(key) for key in "ab"] == [0, 1]


def test_a_death_with_nothing_in_hand_blames_nobody(tmp_path):
    die_with(tmp_path, "done a")
    with InFlight(tmp_path) as flight:
        assert flight.deaths("done a") == 0


def test_deaths_are_counted_over_starts(tmp_path):
    die_with(tmp_path, "a")
    die_with(tmp_path, "b")
    die_with(tmp_path, "a")
    with InFlight(tmp_path) as flight:
        assert [flight.deaths(key) for key in "ab"] == [2, 1]


def test_a_key_that_is_done_is_forgiven(tmp_path):
    die_with(tmp_path, "a")
    with InFlight(tmp_path) as flight:
        flight.forgive("a")
        assert flight.deaths("a") == 0
    with InFlight(tmp_path) as flight:
        assert flight.deaths("a") == 0


def test_a_suspicion_outlives_an_orderly_stop(tmp_path):
    die_with(tmp_path, "a")
    with InFlight(tmp_path):
        pass
    with InFlight(tmp_path) as flight:
        assert flight.deaths("a") == 1


def test_an_orderly_stop_leaves_no_file(tmp_path):
    with InFlight(tmp_path) as flight:
        flight.begin("a")
        flight.end()
    assert not list(tmp_path.iterdir())


def test_what_a_living_process_has_in_hand_is_left_to_it(tmp_path):
    with InFlight(tmp_path) as living:
        living.begin("a")
        with InFlight(tmp_path) as other:
            assert other.deaths("a") == 0
        assert len(list(tmp_path.iterdir())) == 1


def test_deaths_of_several_processes_are_one_sum_although_one_of_them_lives(tmp_path):
    die_with(tmp_path, "a")
    with InFlight(tmp_path):
        die_with(tmp_path, "a")
        with InFlight(tmp_path) as third:
            assert third.deaths("a") == 2


@pytest.mark.parametrize("key", ["æøå 😀", "x" * 10_000])
def test_a_key_may_be_any_text(tmp_path, key):
    die_with(tmp_path, key)
    with InFlight(tmp_path) as flight:
        assert flight.deaths(key) == 1


@pytest.mark.parametrize("content", [b"", b"\xff" * 700, b"\0" * 512 + b"{broken", b"\0" * 512 + b"[]\n"])
def test_a_file_that_we_did_not_write_does_not_stop_a_start(tmp_path, content):
    (tmp_path / "1-aaaa.flight").write_bytes(content)
    with InFlight(tmp_path) as flight:
        assert flight.deaths("a") == 0


def test_suspicions_do_not_grow_without_bound(tmp_path):
    with InFlight(tmp_path) as flight:
        flight._deaths = {str(n): 1 for n in range(5000)}
        flight._keep()
        assert flight.deaths("4999") == 1
        assert flight.deaths("0") == 0
        assert os.path.getsize(flight._path) < 100_000
