"""Store time never runs back, and follows a clock that was set back at half speed (T26, T71)."""

from datetime import timedelta

from storage.store_time import StoreTime
from storage.work import Store
from tests.storage.turn_rows import KEYS, NOON, Clock, opened_grid


def test_time_is_the_hosts_while_that_runs_on():
    clock = Clock()
    time = StoreTime(clock)
    clock.pass_time(seconds=1.5)
    assert time.now() == NOON + timedelta(seconds=1.5)


def test_a_clock_set_back_is_followed_at_half_speed():
    clock = Clock()
    time = StoreTime(clock)
    clock.pass_time(hours=-1)
    assert time.now() == NOON
    clock.pass_time(minutes=10)
    assert time.now() == NOON + timedelta(minutes=5)
    clock.pass_time(minutes=110)
    assert time.now() == NOON + timedelta(hours=1)
    clock.pass_time(minutes=1)
    assert time.now() == clock.now


def test_time_starts_from_the_floor():
    clock = Clock()
    assert StoreTime(clock, NOON + timedelta(hours=2)).now() == NOON + timedelta(hours=2)
    assert StoreTime(clock, NOON - timedelta(hours=2)).now() == NOON


def test_a_restart_with_a_clock_set_back_goes_on_from_where_time_was(store_place):
    with opened_grid(store_place) as grid:
        url = grid.store.url
        grid.clock.pass_time(hours=1)
        grid.write(lambda work: None)
        grid.write(lambda work: None)
        grid.store.close()
        grid.store = Store(url, KEYS, Clock(NOON - timedelta(hours=3)))
        assert grid.write(lambda work: work.now) == NOON + timedelta(hours=1)
