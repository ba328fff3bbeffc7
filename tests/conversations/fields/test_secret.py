"""A secret: taken as it is, and never shown."""

import pytest

from conversations.fields import secret as kind
from conversations.fields.contract import Refused, Taken
from tests.conversations.fields.kit import context, field

CODE = field("secret", secret=True)
GOOD = ["1472", "A 1472 #", "nøkkelen henger bak døra"]
BAD = [("", "field.text.empty"), ("!!", "field.text.empty"), ("x" * 201, "field.text.long")]


@pytest.mark.parametrize("text", GOOD)
def test_the_whole_answer_is_the_secret(text):
    assert kind.read(CODE, text, context()) == Taken(text)
    assert kind.find(CODE, text, context()) is None
    assert kind.show(CODE, text, context()) == "****"


@pytest.mark.parametrize(("text", "problem"), BAD)
def test_nothing_and_too_much_are_refused(text, problem):
    refused = kind.read(CODE, text, context())
    assert isinstance(refused, Refused)
    assert refused.problem == problem
