"""Names of persons."""

import pytest

from conversations.fields import person_name
from conversations.fields.contract import Refused, Taken
from tests.conversations.fields.kit import context, field

ASKED = field("person_name")

GOOD = [
    ("Eva Hagen", "Eva Hagen"),
    ("eva hagen", "Eva Hagen"),
    ("EVA HAGEN", "Eva Hagen"),
    ("Eva", "Eva"),
    ("mvh Eva", "Eva"),
    ("Hilsen eva hagen", "Eva Hagen"),
    ("Bo Å", "Bo Å"),
    ("Jeg heter eva hagen.", "Eva Hagen"),
    ("Hei, mitt navn er Kari Nordmann", "Kari Nordmann"),
    ("jag heter Åsa von Sydow", "Åsa von Sydow"),
    ("my name is Ann", "Ann"),
    ("Hagen, Eva", "Eva Hagen"),
    ("ludvig van beethoven", "Ludvig van Beethoven"),
    ("von Sydow", "von Sydow"),
    ("anne-marie o'brien", "Anne-Marie O'Brien"),
    ("J. R. R. Tolkien", "J. R. R. Tolkien"),
    ("Kari og Ola Nordmann", "Kari og Ola Nordmann"),
    ("Đorđe Šarić", "Đorđe Šarić"),
    ("李 明", "李 明"),
]


@pytest.mark.parametrize(("text", "value"), GOOD)
def test_a_name_is_taken_as_given(text, value):
    assert person_name.read(ASKED, text, context()) == Taken(value)


@pytest.mark.parametrize(
    ("text", "value", "rest"),
    [
        ("Eva Hagen, Havnegata 4, 6700 Måløy", "Eva Hagen", "Havnegata 4, 6700 Måløy"),
        ("Eva Hagen 99887766", "Eva Hagen", "99887766"),
        ("Eva Hagen +47 998 87 766, ring meg", "Eva Hagen", "+47 998 87 766, ring meg"),
        ("Eva Hagen\nHavnegata 4", "Eva Hagen", "Havnegata 4"),
    ],
)
def test_what_follows_a_name_is_the_rest(text, value, rest):
    assert person_name.read(ASKED, text, context()) == Taken(value, rest)


BAD = [
    "",
    "E",
    "123",
    "Eva2",
    "www.no.no",
    "eva@nett.example",
    "hvorfor det?",
    "det er meg som eier huset",
    "ja",
    "ja visst",
    "status",
    "rett adresse Storgata 9, 6700 Måløy",
    "Ändra Portkod",
]


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_name_is_refused(text):
    assert person_name.read(ASKED, text, context()) == Refused("field.name.unclear")


@pytest.mark.parametrize(
    ("text", "value", "rest"),
    [
        ("Strømmen er borte. Mvh Eva Hagen", "Eva Hagen", "Strømmen er borte."),
        ("jeg heter Eva og strømmen er borte", "Eva", "og strømmen er borte"),
        ("My name is Anna van der Berg.", "Anna van der Berg", ""),
    ],
)
def test_a_name_is_found_where_it_says_so(text, value, rest):
    assert person_name.find(ASKED, text, context()) == Taken(value, rest)


@pytest.mark.parametrize("text", ["Hun heter Kari", "hei hilsen fra oss", "Kari Nordmann ringte", "Linja ligger nede"])
def test_other_names_are_not_found(text):
    assert person_name.find(ASKED, text, context()) is None
