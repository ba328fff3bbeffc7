"""One process at a time, on both databases."""

from collections.abc import Iterator

import pytest

from storage.leases import give_lease_back, take_lease
from tests.storage.outbox_rows import Outbox, opened_outbox


@pytest.fixture
def outbox(store_place) -> Iterator[Outbox]:
    with opened_outbox(store_place) as opened:
        yield opened


def take(outbox, holder):
    return outbox.write(lambda work: take_lease(work, "sweep", holder))


def test_one_holds_it_and_keeps_it_as_long_as_it_comes_back(outbox):
    assert take(outbox, "one")
    for _ in range(3):
        outbox.pass_time(10)
        assert not take(outbox, "two")
        assert take(outbox, "one")


def test_it_passes_on_when_its_holder_is_gone(outbox):
    take(outbox, "one")
    outbox.pass_time(15)
    assert take(outbox, "two")
    assert not take(outbox, "one")


def test_it_is_given_back_at_once_and_only_by_its_holder(outbox):
    take(outbox, "one")
    outbox.write(lambda work: give_lease_back(work, "sweep", "two"))
    assert not take(outbox, "two")
    outbox.write(lambda work: give_lease_back(work, "sweep", "one"))
    assert take(outbox, "two")
