"""Names of those who share a number."""

import pytest

from conversations.person import is_same, meant

SAME = [
    ("Eva Hagen", "eva hagen"),
    ("Eva Hagen", "Eva"),
    ("Eva Hagen", "Hagen"),
    ("Eva Marie Hagen", "Eva M. Hagen"),
    ("Eva Marie Hagen", "E. Hagen"),
    ("Anne-Marie Ås", "anne marie aas"),
    ("Åse Bjørk", "Aase Bjoerk"),
    ("Eva Hagen", "Eva Hagn"),
    ("José Núñez", "jose nunez"),
]
OTHERS = [
    ("Eva Hagen", "Ola Hagen"),
    ("Eva Hagen", "Eva Berg"),
    ("Kari Hagen", "Karl Hagen"),
    ("Kristian Hagen", "Kristina Hagen"),
    ("Ola Hagen", "Olav Hagen"),
    ("Eva Hagen", "O. Hagen"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_person_writes_a_name_in_several_ways(one, other):
    assert is_same(one, other)
    assert is_same(other, one)


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_two_people_are_two(one, other):
    assert not is_same(one, other)
    assert not is_same(other, one)


HOUSE = ("Eva Hagen", "Ola Hagen", "Kristian Hagen", "Eva-Lise Berg", "Åse Ås")


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ("ola", "Ola Hagen"),
        ("OLA H.", "Ola Hagen"),
        ("Olá Hagen", "Ola Hagen"),
        ("Kristan", "Kristian Hagen"),
        ("Eva Hagn", "Eva Hagen"),
        ("Eva Lise", "Eva-Lise Berg"),
        ("aase", "Åse Ås"),
        ("Eva", None),
        ("Hagen", None),
        ("Ola Berg", None),
        ("O", None),
        ("Olav", None),
        ("Per", None),
        ("", None),
    ],
)
def test_whose_the_answer_is(said, who):
    assert meant(said, HOUSE) == who
