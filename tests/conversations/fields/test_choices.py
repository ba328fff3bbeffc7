"""Several of a few options."""

import pytest

from conversations.fields import choices as kind
from conversations.fields.contract import Refused, Taken
from tests.conversations.fields.kit import context, field

CHOICES = [
    {"id": "low", "label": {"nb": "Lav linje", "en": "Low line"}, "words": {"nb": ["linj* + lavt"]}},
    {"id": "tree", "label": {"nb": "Tre på linja", "en": "Tree on the line"}, "words": {"nb": ["tre* + linj*"]}},
    {"id": "pole", "label": {"nb": "Skadd stolpe", "en": "Damaged pole"}, "words": {"nb": ["stolpe* + knekt"]}},
]
WHAT = field("choices", choices=CHOICES)
TWO = field("choices", choices=CHOICES, most=2)
GOOD = [
    ("1 og 3", ["low", "pole"]),
    ("1,3", ["low", "pole"]),
    ("1 3", ["low", "pole"]),
    ("3/1", ["pole", "low"]),
    ("2", ["tree"]),
    ("nr 2", ["tree"]),
    ("alle", ["low", "tree", "pole"]),
    ("Lav linje og tre på linja", ["low", "tree"]),
    ("lav linje, skadd stolpe", ["low", "pole"]),
    ("2 og 2", ["tree"]),
]
BAD = [
    ("9", "field.choice.number"),
    ("4 og 1", "field.choice.number"),
    ("", "field.choice.unclear"),
    ("vet ikke", "field.choice.unclear"),
    ("👍", "field.choice.unclear"),
]


@pytest.mark.parametrize(("text", "keys"), GOOD)
def test_the_options_that_are_said_are_taken(text, keys):
    taken = kind.read(WHAT, text, context())
    assert isinstance(taken, Taken)
    assert taken.value == keys


@pytest.mark.parametrize(("text", "problem"), BAD)
def test_all_else_is_refused(text, problem):
    refused = kind.read(WHAT, text, context())
    assert isinstance(refused, Refused)
    assert refused.problem == problem


def test_more_than_may_be_chosen_is_refused():
    assert kind.read(TWO, "1, 2 og 3", context()) == Refused("field.choices.many", {"most": "2"})
    assert kind.read(TWO, "1 og 2", context()) == Taken(["low", "tree"])


def test_what_is_no_option_among_those_that_are_is_the_rest():
    assert kind.read(WHAT, "1 og det haster", context()) == Taken(["low"], "det haster")


def test_they_are_found_in_another_text():
    found = kind.find(WHAT, "et tre ligger på linja, og en stolpe er knekt", context())
    assert found is not None
    assert found.value == ["tree", "pole"]
    assert kind.find(WHAT, "alt er bra her", context()) is None


@pytest.mark.parametrize(("value", "shown"), [(["low", "tree"], "Lav linje, Tre på linja"), ("low", ""), (None, "")])
def test_they_are_shown_with_commas(value, shown):
    assert kind.show(WHAT, value, context()) == shown
