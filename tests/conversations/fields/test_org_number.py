"""Organisation numbers of Norway and Sweden."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.no import orgnr

from conversations.fields import org_number
from conversations.fields.contract import Refused, Taken
from tests.conversations.fields.kit import context, field

ASKED = field("org_number")

GOOD = [
    ("123 456 785", "123456785", "123 456 785"),
    ("123456785", "123456785", "123 456 785"),
    ("123.456.785", "123456785", "123 456 785"),
    ("Org.nr. 123 456 785", "123456785", "123 456 785"),
    ("orgnr er 123456785.", "123456785", "123 456 785"),
    ("NO 123 456 785 MVA", "123456785", "123 456 785"),
    ("NO123456785MVA", "123456785", "123 456 785"),
    ("556036-0793", "5560360793", "556036-0793"),
    ("5560360793", "5560360793", "556036-0793"),
    ("556036 0793", "5560360793", "556036-0793"),
    ("556036–0793", "5560360793", "556036-0793"),
    ("16556036-0793", "5560360793", "556036-0793"),
    ("165560360793", "5560360793", "556036-0793"),
    ("SE556036079301", "5560360793", "556036-0793"),
    ("212000-0142", "2120000142", "212000-0142"),
    ("811218-9876", "8112189876", "811218-9876"),
]
BAD = [
    ("", "unclear"),
    ("vet ikke", "unclear"),
    ("1234", "unclear"),
    ("123456785 og 556036-0793", "unclear"),
    ("12345678", "digits"),
    ("12 345", "digits"),
    ("55603607931", "digits"),
    ("707057500099887767", "digits"),
    ("123 456 786", "check"),
    ("123456780", "check"),
    ("556036-0794", "check"),
    ("16556036-0794", "check"),
    ("0701740608", "check"),
]


def value(number):
    return {"number": number, "name": None, "address": None, "verified": False}


@pytest.mark.parametrize(("text", "number", "shown"), GOOD)
def test_a_number_whose_check_digit_fits_is_read(text, number, shown):
    assert org_number.read(ASKED, text, context()) == Taken(value(number))
    assert org_number.show(ASKED, value(number), context()) == shown


@pytest.mark.parametrize(("text", "problem"), BAD)
def test_what_does_not_fit_is_refused(text, problem):
    refused = org_number.read(ASKED, text, context())
    assert isinstance(refused, Refused)
    assert refused.problem == f"field.org_number.{problem}"


@pytest.mark.parametrize(("language", "example"), [("nb", "123 456 785"), ("sv", "556036-0793"), ("en", "123 456 785")])
def test_the_problem_says_how_many_digits_there_were(language, example):
    refused = org_number.read(ASKED, "12345678", context(language))
    assert refused == Refused("field.org_number.digits", {"digits": "8", "example": example})


@pytest.mark.parametrize(
    ("text", "rest"),
    [("Fjord Bygg AS, 123 456 785", "Fjord Bygg AS"), ("123 456 785 91234567", "91234567")],
)
def test_what_is_said_besides_is_the_rest(text, rest):
    assert org_number.read(ASKED, text, context()) == Taken(value("123456785"), rest)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("firma 123 456 785", "123456785"),
        ("Vi er Fjord Bygg AS, org.nr. 123 456 785", "123456785"),
        ("faktura til NO 123 456 785 MVA", "123456785"),
        ("Nordsys AB, 556036-0793, vill beställa", "5560360793"),
        ("123 456 785", "123456785"),
        ("måler 123456785 er borte", None),
        ("kund 5560360793", None),
        ("jag heter Eva, 811218-9876", None),
        ("org.nr. 123456785 eller 556036-0793", None),
        ("org.nr. 123 456 786", None),
        ("ring 0701740605", None),
    ],
)
def test_a_number_is_found_only_where_it_is_surely_one(text, number):
    found = org_number.find(ASKED, text, context())
    assert (found.value["number"] if found else None) == number


@pytest.mark.parametrize("shown", [None, "123456785", {}, value("123456786"), value(None), {"number": []}])
def test_what_is_no_number_is_shown_as_nothing(shown):
    assert org_number.show(ASKED, shown, context()) == ""


NORWEGIAN = st.from_regex("[89][0-9]{8}", fullmatch=True).filter(orgnr.is_valid)
SWEDISH = st.from_regex("[1-9][0-9][2-9][0-9]{6}", fullmatch=True).map(lambda nine: nine + luhn.calc_check_digit(nine))


@given(number=NORWEGIAN | SWEDISH, language=st.sampled_from(["nb", "sv", "en"]))
def test_what_is_shown_is_read_as_the_same_number(number, language):
    shown = org_number.show(ASKED, value(number), context(language))
    assert org_number.read(ASKED, shown, context(language)) == Taken(value(number))


@given(number=NORWEGIAN | SWEDISH, place=st.integers(0, 8), other=st.sampled_from("0123456789"))
def test_one_wrong_digit_is_refused(number, place, other):
    wrong = number[:place] + other + number[place + 1 :]
    assert isinstance(org_number.read(ASKED, wrong, context()), Taken if wrong == number else Refused)
