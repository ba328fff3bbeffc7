"""IDs of metering points of Norway and Sweden."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean

from conversations.fields import metering_point
from conversations.fields.contract import Refused, Taken
from tests.conversations.fields.kit import context, field

ASKED = field("metering_point")
ID, OTHER, SWEDISH = "707057500099887767", "707057500099887774", "735999123456789018"

GOOD = [
    (ID, ID),
    ("7070 5750 0099 8877 67", ID),
    ("70 70575 00099 88776 7", ID),
    ("7070-5750-0099-8877-67.", ID),
    ("Målepunkt-ID 707057500099887767", ID),
    ("målepunkt-id-en er 707057500099887767", ID),
    (SWEDISH, SWEDISH),
    ("735 999 123 456 789 018", SWEDISH),
    ("anläggnings-id: 735999123456789018", SWEDISH),
]
BAD = [
    ("", "unclear", None),
    ("vet ikke", "unclear", None),
    ("1042", "unclear", None),
    (f"{ID} og {OTHER}", "unclear", None),
    ("70705750009988776", "few", "17"),
    ("91234567", "few", "8"),
    ("målernummer 7359992", "few", "7"),
    ("7070575000998877671", "more", "19"),
    ("7070 5750 0099 8877 6711", "more", "20"),
    ("707057500099887768", "check", None),
    ("707057500098987767", "check", None),
    ("735999123456789015", "check", None),
]


@pytest.mark.parametrize(("text", "value"), GOOD)
def test_an_id_is_read_with_blanks_or_without(text, value):
    assert metering_point.read(ASKED, text, context()) == Taken(value)
    assert metering_point.show(ASKED, value, context()) == value


@pytest.mark.parametrize(("text", "problem", "digits"), BAD)
def test_what_is_no_id_is_refused(text, problem, digits):
    values = {"example": "707057500012345671"} | ({"digits": digits} if digits else {})
    assert metering_point.read(ASKED, text, context()) == Refused(f"field.metering_point.{problem}", values)


@pytest.mark.parametrize("language", ["nb", "sv", "en"])
def test_the_example_is_an_id_itself(language):
    refused = metering_point.read(ASKED, "", context(language))
    assert isinstance(refused, Refused)
    example = refused.values["example"]
    assert metering_point.read(ASKED, example, context(language)) == Taken(example)


@pytest.mark.parametrize(
    ("text", "rest"), [(f"40217 {ID}", "40217"), (f"{ID}\nDet gjelder hytta", "Det gjelder hytta")]
)
def test_what_is_said_besides_is_the_rest(text, rest):
    assert metering_point.read(ASKED, text, context()) == Taken(ID, rest)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (f"Anlegg 40217, målepunkt {ID}, er uten strøm", ID),
        (f"40217 {SWEDISH}", SWEDISH),
        (f"{ID} eller {OTHER}", None),
        ("ring 91234567 eller 40001122", None),
        ("kid 123456789012345675", None),
        ("707057500099887768", None),
        (f"{ID}1", None),
    ],
)
def test_an_id_is_found_wherever_it_stands(text, value):
    found = metering_point.find(ASKED, text, context())
    assert (found.value if found else None) == value


@pytest.mark.parametrize("value", [None, 707057500099887767, "", "707057500099887768", "70705750009988776", f"{ID} "])
def test_what_is_no_id_is_shown_as_nothing(value):
    assert metering_point.show(ASKED, value, context()) == ""


IDS = st.from_regex("(7070575|7359991)[0-9]{10}", fullmatch=True).map(lambda first: first + ean.calc_check_digit(first))


@given(value=IDS, language=st.sampled_from(["nb", "sv", "en"]))
def test_what_is_shown_is_read_as_the_same_id(value, language):
    assert metering_point.read(ASKED, metering_point.show(ASKED, value, context(language)), context()) == Taken(value)


@given(value=IDS, place=st.integers(0, 17), other=st.sampled_from("0123456789"))
def test_one_wrong_digit_is_refused(value, place, other):
    wrong = value[:place] + other + value[place + 1 :]
    assert isinstance(metering_point.read(ASKED, wrong, context()), Taken if wrong == value else Refused)
