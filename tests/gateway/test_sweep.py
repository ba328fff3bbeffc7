"""The sweep: each job in its time, by one process at a time, and whatever fails comes again."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from gateway.jobs import sweep as module
from gateway.jobs.sweep import Job, Sweep
from storage.work import Store
from tests.storage.outbox_rows import Outbox, opened_outbox


@pytest.fixture
def store(sqlite, monkeypatch) -> Iterator[Store]:
    monkeypatch.setattr(module, "TICK_S", 0.02)
    with opened_outbox(sqlite) as outbox:
        yield outbox.store


def soon(is_so, within_s=5.0):
    until = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.005)


def started(store, *jobs, wake=lambda: None) -> Sweep:
    sweep = Sweep(store, jobs, wake)
    sweep.start()
    return sweep


def test_each_job_is_done_at_once_and_then_in_its_time(store):
    often, seldom = [], []
    sweep = started(store, Job("often", 0.01, lambda: often.append(1)), Job("seldom", 60, lambda: seldom.append(1)))
    soon(lambda: len(often) > 5)
    sweep.stop()
    assert seldom == [1]


def test_the_bell_has_those_jobs_done_that_heed_it(store):
    heeds, deaf = [], []
    jobs = Job("heeds", 60, lambda: heeds.append(1), when_rung=True), Job("deaf", 60, lambda: deaf.append(1))
    sweep = started(store, *jobs)
    soon(lambda: heeds and deaf)
    sweep.look()
    soon(lambda: len(heeds) == 2)
    sweep.stop()
    assert deaf == [1]


def test_of_two_processes_one_does_what_only_one_may_and_the_other_takes_over(store):
    done: dict[str, list[str]] = {"one": [], "two": []}

    def jobs(name):
        return (
            Job("alone", 0.01, lambda: done[name].append("alone")),
            Job("seldom", 300, lambda: done[name].append("seldom")),
            Job("all", 0.01, lambda: done[name].append("all"), alone=False),
        )

    one, two = started(store, *jobs("one")), None
    soon(lambda: "alone" in done["one"])
    two = started(store, *jobs("two"))
    soon(lambda: done["two"].count("all") > 3)
    assert set(done["two"]) == {"all"}
    one.stop()
    two._renew_at = 0
    # What is done seldom was not done by the one who might not: it is due the moment that he may.
    soon(lambda: {"alone", "seldom"} <= set(done["two"]))
    two.stop()


def test_a_job_that_fails_is_logged_and_done_again_and_the_others_go_on(store):
    tried, others = [], []

    def fails():
        tried.append(1)
        raise ValueError("+4790000001")

    with capture_logs() as lines:
        sweep = started(store, Job("fails", 0.01, fails), Job("other", 0.01, lambda: others.append(1)))
        soon(lambda: len(tried) > 1 and len(others) > 1)
        sweep.stop()
    assert {line["job"] for line in lines} == {"fails"}


def test_a_slow_job_apart_holds_up_nothing_and_is_not_begun_twice(store):
    held, begun, others = threading.Event(), [], []

    def slow():
        begun.append(1)
        held.wait(5)

    sweep = started(store, Job("slow", 0.01, slow, apart=True), Job("other", 0.01, lambda: others.append(1)))
    soon(lambda: len(others) > 5)
    assert begun == [1]
    held.set()
    soon(lambda: len(begun) > 1)
    sweep.stop()


def test_it_wakes_at_the_earliest_moment_that_was_asked_for(store):
    woken = []
    sweep = started(store, wake=lambda: woken.append(time.monotonic()))
    asked = time.monotonic()
    sweep.wake_at(store.now() + timedelta(seconds=30))
    sweep.wake_at(store.now() + timedelta(seconds=0.1))
    soon(lambda: woken)
    sweep.stop()
    assert 0.1 <= woken[0] - asked < 1


def test_it_ends_at_once_while_it_waits(store, monkeypatch):
    monkeypatch.setattr(module, "TICK_S", 60)
    sweep = started(store)
    time.sleep(0.1)
    began = time.monotonic()
    sweep.stop()
    assert time.monotonic() - began < 1


def test_a_store_that_is_closed_ends_in_silence(sqlite):
    with opened_outbox(sqlite) as outbox:
        other = Outbox(outbox.url)
        with capture_logs() as lines:
            sweep = started(other.store, Job("job", 0.01, lambda: other.store.write(lambda work: None).result()))
            time.sleep(0.1)
            other.close()
            time.sleep(0.1)
        sweep.stop()
    assert lines == []
