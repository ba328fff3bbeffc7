"""Numbers with units, in figures and in words; what may mean two numbers is asked."""

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.fields import number
from conversations.fields.contract import Refused, Taken
from tests.conversations.fields.kit import context, field

PLAIN = field("number")
KWH = field("number", unit={"nb": "kWh", "sv": "kWh", "en": "kWh"})
PIECES = field("number", unit={"nb": "stk", "sv": "st", "en": "pcs"}, minimum=1, maximum=20000)
DEGREES = field("number", unit={"nb": "grader", "en": "degrees"}, minimum=-40, maximum=99.5)

GOOD = [
    (KWH, "nb", "48 210 kWh", 48210, "48 210 kWh"),
    (KWH, "nb", "48'210", 48210, "48 210 kWh"),
    (KWH, "nb", "12’000 kWh", 12000, "12 000 kWh"),
    (KWH, "nb", "48210kwh", 48210, "48 210 kWh"),
    (KWH, "nb", "48210", 48210, "48 210 kWh"),
    (KWH, "nb", "48\u00a0210 kilowattimer.", 48210, "48 210 kWh"),
    (KWH, "en", "48,210 kWh", 48210, "48,210 kWh"),
    (KWH, "sv", "48.210,5 kwh", 48210.5, "48 210,5 kWh"),
    (KWH, "nb", "1.234.567", 1234567, "1 234 567 kWh"),
    (KWH, "nb", "1,234.5", 1234.5, "1 234,5 kWh"),
    (KWH, "nb", "1,234", 1.234, "1,234 kWh"),
    (KWH, "en", "1,234", 1234, "1,234 kWh"),
    (KWH, "en", "1.2340", 1.234, "1.2340 kWh"),
    (KWH, "en", "1234.567", 1234.567, "1,234.5670 kWh"),
    (KWH, "nb", "0.500", 0.5, "0,5 kWh"),
    (KWH, "nb", "kWh: 500", 500, "500 kWh"),
    (PLAIN, "nb", "1,5", 1.5, "1,5"),
    (PLAIN, "nb", "12.34", 12.34, "12,34"),
    (PLAIN, "nb", "ca 40", 40, "40"),
    (PLAIN, "nb", "Ja, ca. 40!", 40, "40"),
    (PLAIN, "nb", "１２", 12, "12"),
    (PLAIN, "nb", "2½", 2.5, "2,5"),
    (PLAIN, "nb", "2 1/2", 2.5, "2,5"),
    (PLAIN, "nb", "½", 0.5, "0,5"),
    (PLAIN, "nb", "2 og en halv", 2.5, "2,5"),
    (PLAIN, "nb", "10 tusen", 10000, "10 000"),
    (PLAIN, "nb", "1,5 millioner", 1500000, "1 500 000"),
    (PLAIN, "nb", "12 stk", 12, "12"),
    (PLAIN, "nb", "500,-", 500, "500"),
    (PLAIN, "nb", "-5", -5, "-5"),
    (PLAIN, "nb", "−5", -5, "-5"),
    (PLAIN, "nb", "minus fem", -5, "-5"),
    (PLAIN, "nb", "førti", 40, "40"),
    (PLAIN, "nb", "forti stykker", 40, "40"),
    (PLAIN, "nb", "femogtyve", 25, "25"),
    (PLAIN, "nb", "to hundre og femti", 250, "250"),
    (PLAIN, "nb", "tretusenfemhundreogtjueto", 3522, "3 522"),
    (PLAIN, "nb", "to og en halv", 2.5, "2,5"),
    (PLAIN, "nb", "halvannen", 1.5, "1,5"),
    (PLAIN, "nb", "tre komma null fem", 3.05, "3,05"),
    (PLAIN, "nb", "en", 1, "1"),
    (PLAIN, "nb", "ingen", 0, "0"),
    (PLAIN, "sv", "tjugofem", 25, "25"),
    (PLAIN, "sv", "nittonhundra", 1900, "1 900"),
    (PLAIN, "sv", "vi behöver fyrtio", 40, "40"),
    (PLAIN, "en", "twenty-five", 25, "25"),
    (PLAIN, "en", "a hundred and five", 105, "105"),
    (PIECES, "sv", "120 st", 120, "120 st"),
    (PIECES, "sv", "tjugo stycken", 20, "20 st"),
    (PIECES, "nb", "1.500", 1500, "1 500 stk"),
    (PIECES, "sv", "1,500", 1500, "1 500 st"),
    (PIECES, "en", "1", 1, "1 pcs"),
    (DEGREES, "nb", "-12,5 grader", -12.5, "-12,5 grader"),
    (DEGREES, "nb", "1.500", 1.5, "1,5 grader"),
]
BAD = [
    (PLAIN, "nb", "", "unclear"),
    (PLAIN, "nb", "vet ikke", "unclear"),
    (PLAIN, "nb", "en av dem", "unclear"),
    (PLAIN, "nb", "to, tre", "unclear"),
    (PLAIN, "nb", "to på kjøkkenet og tre på badet", "unclear"),
    (PLAIN, "nb", "40-50", "unclear"),
    (PLAIN, "nb", "mellom 40 og 50", "unclear"),
    (PLAIN, "nb", "912 34 567", "unclear"),
    (PLAIN, "nb", "707057500099887767", "unclear"),
    (PLAIN, "nb", "12.11.2025", "unclear"),
    (PLAIN, "nb", "12:30", "unclear"),
    (PLAIN, "nb", "3/4", "unclear"),
    (PLAIN, "nb", "A-500", "unclear"),
    (PLAIN, "nb", "4A", "unclear"),
    (PLAIN, "nb", "48k", "unclear"),
    (KWH, "nb", "1.234", "which"),
    (KWH, "nb", "48.210 kWh", "which"),
    (KWH, "en", "1.234", "which"),
    (KWH, "nb", "1,5 MWh", "unit"),
    (KWH, "nb", "12 stk", "unit"),
    (KWH, "nb", "500 kroner", "unit"),
    (KWH, "nb", "500 kW", "unit"),
    (PLAIN, "nb", "999 999 999 999 999 millioner", "unclear"),
    (PIECES, "nb", "1,5", "whole"),
    (PIECES, "nb", "0", "low"),
    (PIECES, "nb", "-3 stk", "low"),
    (PIECES, "nb", "25 000", "high"),
    (DEGREES, "nb", "-41", "low"),
    (DEGREES, "nb", "99,6", "high"),
]


@pytest.mark.parametrize(("asked", "language", "text", "value", "shown"), GOOD)
def test_a_number_is_read_and_read_back_in_the_customers_language(asked, language, text, value, shown):
    taken = number.read(asked, text, context(language))
    assert taken == Taken(value)
    assert type(taken.value) is type(value)
    assert number.show(asked, value, context(language)) == shown


@pytest.mark.parametrize(("asked", "language", "text", "problem"), BAD)
def test_what_is_no_such_number_is_refused(asked, language, text, problem):
    refused = number.read(asked, text, context(language))
    assert isinstance(refused, Refused)
    assert refused.problem == f"field.number.{problem}"


@pytest.mark.parametrize(
    ("asked", "text", "values"),
    [
        (KWH, "vet ikke", {"example": "40 kWh"}),
        (KWH, "1.234", {"large": "1234", "small": "1,234"}),
        (KWH, "48.210", {"large": "48210", "small": "48,21"}),
        (KWH, "1,5 MWh", {"unit": "kWh", "example": "40 kWh"}),
        (PIECES, "0", {"least": "1 stk"}),
        (PIECES, "25000", {"greatest": "20 000 stk"}),
        (DEGREES, "99,6", {"greatest": "99,5 grader"}),
        (field("number", minimum=500, maximum=800), "vet ikke", {"example": "500"}),
        (field("number", minimum=0, maximum=0.5), "vet ikke", {"example": "0"}),
    ],
)
def test_the_problem_says_what_would_do(asked, text, values):
    refused = number.read(asked, text, context())
    assert isinstance(refused, Refused)
    assert refused.values == values


@pytest.mark.parametrize("answer", ["1234", "1,234"])
def test_which_of_two_is_answered_with_either_as_it_was_shown(answer):
    assert isinstance(number.read(KWH, answer, context()), Taken)


@pytest.mark.parametrize(
    ("asked", "text", "value", "rest"),
    [
        (PLAIN, "vi er 40 personer her", 40, "personer her"),
        (PLAIN, "over 40", 40, "over"),
        (KWH, "500 kWh/år", 500, "kWh/år"),
        (PLAIN, "førti, men kanskje flere", 40, "men kanskje flere"),
        (KWH, "måleren viser 48210 kWh nå 12.11", 48210, "måleren viser, nå 12.11"),
        (KWH, "48 210 kWh, ring meg på 91234567", 48210, "ring meg på 91234567"),
        (PIECES, "3 stk i 2. etasje", 3, "i 2. etasje"),
    ],
)
def test_what_is_said_besides_is_the_rest(asked, text, value, rest):
    assert number.read(asked, text, context()) == Taken(value, rest)


@pytest.mark.parametrize(
    ("asked", "text", "value"),
    [
        (KWH, "Måleren viser 48 210 kWh og strømmen er borte", 48210),
        (PIECES, "SITHS e-id, 120 st", 120),
        (PIECES, "vi trenger førti stk til avdelingen", 40),
        (KWH, "Måleren viser 48 210", None),
        (KWH, "48.210 kWh", None),
        (KWH, "i fjor 30 000 kWh og i år 20 000 kWh", None),
        (KWH, "1,5 MWh", None),
        (PIECES, "25 000 stk", None),
        (PIECES, "strømmen gikk i 2024 på 6700 Måløy, ring 912 34 567", None),
        (PIECES, "jeg bor i Havnegata 4, 1. etasje", None),
        (PLAIN, "120", None),
        (PLAIN, "120 st", None),
    ],
)
def test_a_number_is_found_only_with_the_fields_own_unit(asked, text, value):
    found = number.find(asked, text, context())
    assert (found.value if found else None) == value


@pytest.mark.parametrize("value", [None, True, "40", [40], {}, nan, inf, -inf, 10**15])
def test_what_is_no_number_is_shown_as_nothing(value):
    assert number.show(PLAIN, value, context()) == ""


NUMBERS = st.one_of(
    st.integers(-(10**12), 10**12),
    st.decimals(-(10**8), 10**8, allow_nan=False, allow_infinity=False, places=4).map(float),
)


@given(value=NUMBERS, asked=st.sampled_from([PLAIN, KWH]), language=st.sampled_from(["nb", "sv", "en"]))
def test_what_is_shown_is_read_as_the_same_number(value, asked, language):
    shown = number.show(asked, value, context(language))
    assert number.read(asked, shown, context(language)) == Taken(value)
