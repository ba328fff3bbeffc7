"""Postal addresses of Norway and Sweden."""

import pytest

from conversations.fields import postal_address
from conversations.fields.contract import Refused, Taken
from tests.conversations.fields.kit import context, field

ASKED = field("postal_address")


def address(street, postcode, town):
    return {"street": street, "postcode": postcode, "town": town}


GOOD = [
    ("Havnegata 4, 6700 Måløy", address("Havnegata 4", "6700", "Måløy")),
    ("havnegata 4 6700 måløy", address("Havnegata 4", "6700", "Måløy")),
    ("Havnegata 4\n6700 MÅLØY\nNorge", address("Havnegata 4", "6700", "Måløy")),
    ("Hei, adressen min er Havnegata 4, 6700 Måløy.", address("Havnegata 4", "6700", "Måløy")),
    ("6700 Måløy, Havnegata 4", address("Havnegata 4", "6700", "Måløy")),
    ("c/o Hansen, Havnegata 4, NO-6700 Måløy", address("C/o Hansen, Havnegata 4", "6700", "Måløy")),
    ("Postboks 123, 6701 Måløy", address("Postboks 123", "6701", "Måløy")),
    ("Solbakken gard, 6718 Deknepollen", address("Solbakken gard", "6718", "Deknepollen")),
    ("kirkegata 1, 5260 indre arna", address("Kirkegata 1", "5260", "Indre Arna")),
    ("Gamlevegen 1042, 8610 Mo i Rana", address("Gamlevegen 1042", "8610", "Mo i Rana")),
    ("Storgatan 4 lgh 1102, 541 30 Skövde", address("Storgatan 4 lgh 1102", "54130", "Skövde")),
    ("Storgatan 4, 541 30 Skövde", address("Storgatan 4", "54130", "Skövde")),
    ("Storgatan 4, SE-54130 Skövde", address("Storgatan 4", "54130", "Skövde")),
]


@pytest.mark.parametrize(("text", "value"), GOOD)
def test_an_address_is_parted(text, value):
    assert postal_address.read(ASKED, text, context()) == Taken(value)


def test_what_leads_up_to_the_street_is_the_rest():
    taken = postal_address.read(ASKED, "Diskmaskinen läcker på Storgatan 4, 541 30 Skövde", context("sv"))
    assert taken == Taken(address("Storgatan 4", "54130", "Skövde"), "Diskmaskinen läcker")


@pytest.mark.parametrize("text", ["läcker på Storgatan 4", "läcker på Storgatan, 541 30 Skövde", "541 30 Skövde"])
def test_what_is_no_whole_address_is_not_stated(text):
    assert postal_address.stated(text, "sv") is None


def test_what_follows_the_town_is_the_rest():
    taken = postal_address.read(ASKED, "Havnegata 4, 6700 Måløy, ring på hos Hansen", context())
    assert taken == Taken(address("Havnegata 4", "6700", "Måløy"), "ring på hos Hansen")


BAD = [
    ("6700 Måløy", "field.address.street"),
    ("Havnegata 4", "field.address.postcode"),
    ("Havnegata 4, Måløy", "field.address.postcode"),
    ("Havnegata 4 lgh 1102 Måløy", "field.address.postcode"),
    ("Havnegata 4, 6700", "field.address.town"),
    ("Havnegata 4, 670 Måløy", "field.address.postcode_digits"),
    ("Havnegata 4, 67000 Måløy", "field.address.postcode_digits"),
    ("", "field.address.unclear"),
    ("6700", "field.address.unclear"),
]


@pytest.mark.parametrize(("text", "problem"), BAD)
def test_what_is_missing_is_said_with_an_example(text, problem):
    assert postal_address.read(ASKED, text, context()) == Refused(problem, {"example": "Havnegata 4, 6700 Måløy"})


def test_bare_figures_are_counted_as_in_the_customers_country():
    norwegian = postal_address.read(ASKED, "Havnegata 4, 6700 Måløy", context("sv"))
    assert norwegian == Refused("field.address.postcode_digits", {"example": "Storgatan 4, 541 30 Skövde"})
    assert isinstance(postal_address.read(ASKED, "Storgatan 4, 54130 Skövde", context("sv")), Taken)
    assert isinstance(postal_address.read(ASKED, "Storgatan 4, 54130 Skövde", context("en")), Taken)


def test_a_long_address_is_refused():
    assert postal_address.read(ASKED, "Havnegata " * 30, context()) == Refused(
        "field.text.long", {"most": "200", "letters": "299"}
    )


def test_only_the_persons_own_address_is_found():
    found = postal_address.find(ASKED, "Jeg bor i Havnegata 4, 6700 Måløy, og vil ha svar", context())
    assert found == Taken(address("Havnegata 4", "6700", "Måløy"), "og vil ha svar")
    assert postal_address.find(ASKED, "strømmen er borte i Havnegata 4, 6700 Måløy", context()) is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (address("Havnegata 4", "6700", "Måløy"), "Havnegata 4, 6700 Måløy"),
        (address("Storgatan 4", "54130", "Skövde"), "Storgatan 4, 541 30 Skövde"),
        (None, ""),
    ],
)
def test_it_is_shown_on_one_line(value, shown):
    assert postal_address.show(ASKED, value, context()) == shown
