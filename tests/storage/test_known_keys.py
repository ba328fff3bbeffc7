"""The store knows its keys again, on both databases (TRUST T75)."""

import pytest

from gateway.clock import system_clock
from storage.keys import Key, Keys
from storage.known_keys import WrongKey, adopt_keys, know_keys
from storage.work import Store
from tests.storage.case_rows import create_tables

A, B, C = Key("1", b"a" * 32), Key("b", b"b" * 32), Key("c", b"c" * 32)
ANOTHER_A = Key("1", b"x" * 32)


@pytest.fixture
def start(store_place):
    """Start on one store with these keys."""
    url = store_place.create(create_tables)

    def starting(*keys, take=know_keys):
        store = Store(url, Keys(keys), system_clock)
        try:
            store.write(take).result()
        finally:
            store.close()

    yield starting
    store_place.drop(url)


def test_the_first_keys_are_the_stores_own_and_others_are_refused(start):
    start(A)
    start(A)
    for wrong in (ANOTHER_A, B):
        with pytest.raises(WrongKey):
            start(wrong)
    start(A)


def test_a_secret_is_replaced_by_way_of_both(start):
    start(A)
    start(B, A)
    start(B)
    start(C, B)
    with pytest.raises(WrongKey, match="key 1 is another"):
        start(C, ANOTHER_A)


def test_what_was_refused_is_not_known_the_next_time(start):
    start(A)
    for _ in range(2):
        with pytest.raises(WrongKey, match="none of its keys"):
            start(B)
        with pytest.raises(WrongKey, match="key 1 is another"):
            start(B, ANOTHER_A)


def test_a_lost_secret_gives_way_to_the_one_that_is_adopted(start):
    start(A)
    start(ANOTHER_A, take=adopt_keys)
    start(ANOTHER_A)
    with pytest.raises(WrongKey):
        start(A)
