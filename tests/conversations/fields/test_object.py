"""A thing in a register, by the number on it."""

import pytest

from conversations.fields import object as kind
from conversations.fields.contract import Refused, Taken
from tests.conversations.fields.kit import context, field

MAST = field("object", register="masts", max_shown=110)
GOOD = [
    ("1042", "1042"),
    ("mast 1042", "1042"),
    ("mastenr. 1042 tror jeg", "1042"),
    ("NS-0204", "NS-0204"),
    ("ns 0204", "NS-0204"),
    ("#1042.", "1042"),
    ("det er nettstasjon NS-0204", "NS-0204"),
]
BAD = [
    ("9999", "field.object.unknown"),
    ("mast 9999", "field.object.unknown"),
    ("vet ikke", "field.object.none"),
    ("", "field.object.none"),
    ("👍", "field.object.none"),
    ("mast", "field.object.none"),
]
SHOWN = [("1042", "Furunesveien 12, 6700 Måløy (mast 1042)"), ("gone", "gone"), (7, ""), (None, "")]


@pytest.mark.parametrize(("text", "key"), GOOD)
def test_a_number_that_the_register_has_is_taken(text, key):
    taken = kind.read(MAST, text, context())
    assert isinstance(taken, Taken)
    assert taken.value == key


@pytest.mark.parametrize(("text", "problem"), BAD)
def test_all_else_is_refused(text, problem):
    assert kind.read(MAST, text, context()) == Refused(problem)


def test_it_is_found_behind_a_word_for_such_a_thing_and_only_there():
    found = kind.find(MAST, "treet ligger over mast 1042 og det blåser", context())
    assert found is not None
    assert found.value == "1042"
    for text in ("vi er 1042 stykker", "mast 9999 er nede", "ring 1042"):
        assert kind.find(MAST, text, context()) is None


@pytest.mark.parametrize(("value", "shown"), SHOWN)
def test_it_is_shown_as_the_register_shows_its_rows(value, shown):
    assert kind.show(MAST, value, context()) == shown
