"""A thing in a register, by the number on it."""

import pytest

from conversations.fields import object as kind
from conversations.fields.contract import Context, Refused, Taken
from tests.conversations.fields.kit import REGISTER, context, field

MAST = field("object", register="masts", max_shown=110)
GOOD = [
    ("det står 1042 på lappen", "1042"),
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
    ("objekt", "field.object.none"),
    ("mast 1042 og NS-0204", "field.object.none"),
    ("", "field.object.none"),
    ("👍", "field.object.none"),
    ("mast", "field.object.none"),
    ("koster det 1042 kr", "field.object.unknown"),
    ("ring 1042 12 34", "field.object.unknown"),
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


def test_a_bare_number_is_found_where_it_is_read_back():
    asked_about = field("object", register="masts", confirm=True)
    found = kind.find(asked_about, "1042 henger, ring 9999", context())
    assert found is not None
    assert found.value == "1042"
    for text in ("vi er 1042 stykker", "9999 er nede", "12 1042", "+47 1042 1042"):
        assert kind.find(asked_about, text, context()) is None


def test_two_numbers_that_the_register_has_are_no_answer():
    two = {"1042": {"key": "1042"}, "1043": {"key": "1043"}}
    seen = Context("nb", lambda register, key: two.get(key), {"masts": REGISTER})
    assert kind.find(field("object", register="masts", confirm=True), "1042 eller 1043", seen) is None
    assert kind.read(MAST, "1042 eller 1043", seen) == Refused("field.object.none")


@pytest.mark.parametrize(("value", "shown"), SHOWN)
def test_it_is_shown_as_the_register_shows_its_rows(value, shown):
    assert kind.show(MAST, value, context()) == shown
