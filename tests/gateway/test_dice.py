"""Ids and words for turns."""

import re
import threading
from datetime import UTC, datetime
from uuid import UUID

from gateway.dice import RandomDice, first_id_of


def test_an_id_is_a_uuid_of_version_7_with_the_time_in_front():
    id_ = UUID(RandomDice(ns=lambda: 1_700_000_000_123_456_789).new_id())
    assert (id_.version, id_.variant) == (7, "specified in RFC 4122")
    assert id_.int >> 80 == 1_700_000_000_123
    assert id_.int >> 64 & 0xFFF == int(0.456789 * 4096)


def test_the_first_id_of_a_moment_stands_between_those_before_and_after():
    moment = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    ns = int(moment.timestamp()) * 1_000_000_000
    before, after = RandomDice(ns=lambda: ns - 1_000_000).new_id(), RandomDice(ns=lambda: ns).new_id()
    assert before < first_id_of(moment) < after


def test_ids_rise_while_the_clock_stands_still_or_goes_back():
    times = iter([5_000_000, 5_000_000, 4_000_000, 4_000_000, 6_000_000])
    dice = RandomDice(ns=lambda: next(times))
    ids = [dice.new_id() for _ in range(5)]
    assert ids == sorted(ids)


def test_ids_of_many_threads_are_all_different():
    dice = RandomDice()
    ids: list[str] = []
    threads = [threading.Thread(target=lambda: ids.extend(dice.new_id() for _ in range(2000))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(ids)) == 8000


def test_a_word_is_four_digits_and_hardly_ever_the_same():
    words = {RandomDice().word() for _ in range(200)}
    assert all(re.fullmatch(r"[0-9]{4}", word) for word in words)
    assert len(words) > 150
