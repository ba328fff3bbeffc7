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


@pytest.mark.parametrize(
    ("text", "clear", "rest"),
    [("felt 4321", "4321", ""), ("koden er 98 76.", "98 76", ""), ("felt: 4321, ring først", "4321", "ring først")],
)
def test_what_is_called_by_its_name_is_the_secret(text, clear, rest):
    assert kind.read(CODE, text, context()) == Taken(clear, rest)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tvättmaskin 5210 läcker, portkod 9911", ["9911"]),
        ("Portkoden är 9876, glömde säga", ["9876"]),
        ("koden til porten er #1472", ["#1472"]),
        ("the code is 12 34", ["12 34"]),
        ("kod: 4711 och portkoden 4712", ["4711", "4712"]),
        *((one, []) for one in ("visar kod E18", "felkod 1834", "postkod 54130", "portkod finns, ring 0701234567")),
        *((one, []) for one in ("portkoden är 0701234567", "koden är borta", "portkod, 2 våningen", "1472")),
    ],
)
def test_figures_beside_its_name_are_the_secret_wherever_they_stand(text, said):
    assert kind.said(("Portkod", "Door code"), text) == said


def test_stars_stand_for_it_but_not_in_a_longer_number():
    assert kind.masked(["1472"], "porten 1472, tlf 0701472333") == "porten ****, tlf 0701472333"


@pytest.mark.parametrize(("text", "problem"), BAD)
def test_nothing_and_too_much_are_refused(text, problem):
    refused = kind.read(CODE, text, context())
    assert isinstance(refused, Refused)
    assert refused.problem == problem
