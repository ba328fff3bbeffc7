"""Which places are known to be one: never on doubt."""

import pytest

from conversations.fields import location
from conversations.fields.contract import Taken
from conversations.places.spot import is_same, spot_of
from tests.conversations.fields.kit import context, field

WHERE = field("location", register="masts")


def spot(text):
    taken = location.read(WHERE, text, context())
    assert isinstance(taken, Taken)
    return spot_of(taken.value)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mast 1042", "stolpe nr 1042"),
        ("mast 1042", "61.9405, 5.1040"),
        ("mast 1042", "Furunesvegen 3, 6700 Måløy"),
        ("61.9405, 5.1040", "61°56'25.8\"N 5°06'14.4\"E"),
        ("Storgata 4, 6700 Måløy", "storgaten 8, 6700 måløy"),
        ("mast 9999 ved Storgata 4, 6700 Måløy", "Storgata 4, 6700 Måløy"),
        ("Storgatan 4, 541 30 Skövde", "Storgatan 4, 54130 Skövde"),
    ],
)
def test_one_place(one, other):
    assert is_same(spot(one), spot(other))
    assert is_same(spot(other), spot(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mast 1042", "NS-0204"),
        ("mast 1042", "61.9290, 5.1072"),
        ("61.9405, 5.1040", "61.9385, 5.1040"),
        ("Storgata 4, 6700 Måløy", "Storgata 4, 6710 Raudeberg"),
        ("Storgata 4, 6700 Måløy", "Havnegata 4, 6700 Måløy"),
    ],
)
def test_two_places(one, other):
    assert not is_same(spot(one), spot(other))
    assert not is_same(spot(other), spot(one))


@pytest.mark.parametrize(
    "text",
    [
        "ved Furuneset",
        "6700 Måløy",
        "Storgata 4",
        "mast 9999",
        "mast 1042 ved Havnegata 3",
        "61.9N 5.1E",
        "///index.home.raft",
        "gnr 82 bnr 14, 6700 Måløy",
    ],
)
def test_a_place_that_cannot_be_compared(text):
    assert spot(text) is None


def test_a_long_street_is_compared_by_its_beginning():
    known = spot(f"{'storgata' * 100} 4, 6700 Måløy")
    assert known is not None
    assert known.street is not None
    assert len(known.street) < 120


@pytest.mark.parametrize("value", [None, "Storgata 4", {}, {"precise": True}])
def test_no_place_at_all(value):
    assert spot_of(value) is None
