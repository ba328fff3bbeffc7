"""The bell: rung by many, struck seldom, and harmless where it is broken."""

import threading
import time

import dramatiq
import pytest
import redis
from structlog.testing import capture_logs

from gateway.jobs.bell import EVERY_S, Bell
from gateway.jobs.queues import DELIVER, URGENT, Queues, broker


def soon(is_so, within_s=5.0):
    until = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.005)


def test_many_rings_are_few_strikes_and_the_last_is_heard():
    struck = []
    bell = Bell(lambda: struck.append(time.monotonic()))
    began = time.monotonic()
    while time.monotonic() - began < 0.3:
        bell.ring()
    last = time.monotonic()
    soon(lambda: struck and struck[-1] >= last - EVERY_S)
    bell.close()
    assert 2 <= len(struck) <= 10


def test_ringing_never_waits_for_the_strike():
    held = threading.Event()
    bell = Bell(lambda: held.wait(5))
    began = time.monotonic()
    for _ in range(1000):
        bell.ring()
    assert time.monotonic() - began < 0.5
    held.set()
    bell.close()


def test_a_broken_bell_is_told_once_a_minute_and_something_else_is_done_instead():
    instead = []

    def strike():
        raise redis.ConnectionError("redis://:hunter2@nowhere")

    with capture_logs() as lines:
        bell = Bell(strike, lambda: instead.append(1))
        for expected in (1, 2, 3):
            bell.ring()
            soon(lambda expected=expected: len(instead) == expected)
        assert bell.is_broken
        bell.close()
    assert [line["error"] for line in lines] == ["ConnectionError"]
    assert "hunter2" not in str(lines)


def test_a_strike_that_fails_slowly_holds_up_only_what_came_while_it_struck():
    held, instead = threading.Event(), []

    def strike():
        held.wait(5)
        raise redis.TimeoutError

    with capture_logs():
        bell = Bell(strike, lambda: instead.append(1))
        bell.ring()
        soon(lambda: instead == [1], 1)
        held.set()
        soon(lambda: bell.is_broken)
        held.clear()
        bell.ring()
        soon(lambda: instead == [1, 1], 1)
        held.set()
        bell.close()


@pytest.fixture(params=["local", "redis"])
def redis_or_none(request):
    return request.getfixturevalue("redis_url") if request.param == "redis" else None


@pytest.fixture
def looked(redis_or_none):
    """Queues at work, and which of them were looked at."""
    found: list[bool] = []
    queues = Queues(lambda: broker(redis_or_none), found.append)
    queues.work()
    yield queues, found
    queues.stop(5)
    queues.close()


def test_a_ring_looks_at_both_queues(looked):
    queues, found = looked
    queues.ring()
    soon(lambda: sorted(found) == [False, True])


def test_a_ring_may_be_for_one_queue(looked):
    queues, found = looked
    queues.ring(URGENT)
    soon(lambda: found == [True])
    queues.ring(DELIVER)
    soon(lambda: found == [True, False])


def test_slow_looks_of_one_queue_do_not_hold_up_the_other(redis_or_none):
    held, urgent = threading.Event(), []

    def look(is_urgent):
        if is_urgent:
            urgent.append(1)
        else:
            held.wait(10)

    queues = Queues(lambda: broker(redis_or_none), look)
    queues.work()
    for _ in range(12):
        queues.ring(DELIVER)
    queues.ring(URGENT)
    soon(lambda: urgent == [1])
    held.set()
    queues.stop(5)
    queues.close()


def test_an_actor_that_raises_leaves_nothing_behind(redis_url):
    """TRUST T67: a dead letter would be kept for a week."""
    raised = []

    def look(urgent):
        raised.append(urgent)
        raise ValueError("Linja henger lavt")

    queues = Queues(lambda: broker(redis_url), look)
    queues.work()
    queues.ring(DELIVER)
    soon(lambda: raised == [False])
    queues.stop(5)
    queues.close()
    with redis.Redis.from_url(redis_url) as client:
        kept = {key: client.type(key) for key in client.keys("*")}
    assert not [key for key in kept if b".XQ" in key or b".msgs" in key]


def test_what_goes_through_redis_is_no_more_than_the_name_of_a_queue(redis_url):
    queues = Queues(lambda: broker(redis_url))
    queues.ring()
    with redis.Redis.from_url(redis_url) as client:
        messages = [value for key in client.keys("*.msgs") for value in client.hgetall(key).values()]
    queues.close()
    assert len(messages) == 2
    assert all(b'"args":[],"kwargs":{}' in message.replace(b" ", b"") for message in messages)


def test_a_redis_that_was_wiped_or_away_is_used_again(valkey, redis_url):
    found: list[bool] = []
    queues = Queues(lambda: broker(redis_url), found.append)
    queues.work()
    valkey.flush()
    queues.ring(URGENT)
    soon(lambda: len(found) == 1)
    valkey.kill()
    with pytest.raises(redis.ConnectionError):
        queues.ring(URGENT)
    valkey.start()
    soon(lambda: _rings(queues), 10)
    soon(lambda: len(found) >= 2, 15)
    queues.stop(5)
    queues.close()


def _rings(queues):
    try:
        queues.ring(URGENT)
    except redis.ConnectionError:
        return False
    return True


def test_a_consumer_that_begins_anew_gets_the_delayed_messages_that_its_forerunner_held(redis_url):
    """dramatiq's issue 527: they would wait until this process ends."""
    one = broker(redis_url)
    one.declare_queue("later")
    one.enqueue(dramatiq.Message("later", "look", (), {}, {}), delay=60_000)
    forerunner = one.consume("later.DQ")
    assert next(forerunner) is not None
    assert next(one.consume("later.DQ")) is not None
    one.close()
