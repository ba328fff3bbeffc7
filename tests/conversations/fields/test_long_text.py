"""A description in the customer's own words."""

import pytest

from conversations.fields import long_text
from conversations.fields.contract import Refused, Taken
from tests.conversations.fields.kit import context, field

ASKED = field("long_text", max_shown=30)

GOOD = [
    ("Måleren viser 0.", "Måleren viser 0."),
    ("først dette\nså dette\r\n\r\n\r\nog dette  ", "først dette\nså dette\n\nog dette"),
    ("1. det ene\n2. det andre", "1. det ene\n2. det andre"),
    ("smell 💥\x00", "smell 💥"),
]


@pytest.mark.parametrize(("text", "value"), GOOD)
def test_a_description_keeps_its_lines(text, value):
    assert long_text.read(ASKED, text, context()) == Taken(value)


BAD = ["", "\n\n", "?!", "💥"]


@pytest.mark.parametrize("text", BAD)
def test_a_description_without_a_word_is_refused(text):
    assert long_text.read(ASKED, text, context()) == Refused("field.text.empty")


def test_what_is_beyond_the_limit_is_the_rest():
    assert long_text.read(ASKED, "x" * 4000 + " slutt", context()) == Taken("x" * 4000, "slutt")


def test_it_is_never_found_and_shown_in_one_line():
    assert long_text.find(ASKED, "noe", context()) is None
    assert long_text.show(ASKED, "først dette\nså dette\n\nog dette", context()) == "først dette så dette og dette"
