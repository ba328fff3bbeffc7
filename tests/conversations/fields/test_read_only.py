"""A value that comes from elsewhere."""

import pytest

from conversations.fields import read_only as kind
from conversations.fields.contract import Refused, Taken
from tests.conversations.fields.kit import context, field

TYPE = field("read_only")
GOOD = [("Diskmaskin", "Diskmaskin"), (" S-118 ", "S-118")]
BAD = [("", "field.text.empty"), ("!!", "field.text.empty")]


@pytest.mark.parametrize(("text", "value"), GOOD)
def test_what_a_register_has_is_taken_as_it_stands(text, value):
    assert kind.read(TYPE, text, context()) == Taken(value)
    assert kind.show(TYPE, value, context()) == value


@pytest.mark.parametrize(("text", "problem"), BAD)
def test_an_empty_column_is_no_value(text, problem):
    assert kind.read(TYPE, text, context()) == Refused(problem)


def test_no_text_of_a_customer_fills_it():
    assert kind.find(TYPE, "Diskmaskin", context()) is None
