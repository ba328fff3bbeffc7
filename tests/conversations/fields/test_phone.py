"""Phone numbers of Norway, Sweden and elsewhere."""

import phonenumbers
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from conversations.fields import phone
from conversations.fields.contract import Refused, Taken
from tests.conversations.fields.kit import context, field

ASKED = field("phone", most=3)
ONE = field("phone")
SENDER = "+4799990000"

GOOD = [
    ("nb", "91234567", ["+4791234567"], "912 34 567"),
    ("nb", "912 34 567", ["+4791234567"], "912 34 567"),
    ("nb", "912.34.567", ["+4791234567"], "912 34 567"),
    ("nb", "91-23-45-67", ["+4791234567"], "912 34 567"),
    ("nb", "22334455", ["+4722334455"], "22 33 44 55"),
    ("nb", "４０００１１２２", ["+4740001122"], "400 01 122"),
    ("nb", "Mitt nummer er 91234567.", ["+4791234567"], "912 34 567"),
    ("nb", "tlf.91234567", ["+4791234567"], "912 34 567"),
    ("nb", "+47 912 34 567", ["+4791234567"], "912 34 567"),
    ("nb", "(+47) 912 34 567", ["+4791234567"], "912 34 567"),
    ("nb", "0047 912 34 567", ["+4791234567"], "912 34 567"),
    ("nb", "4791234567", ["+4791234567"], "912 34 567"),
    ("nb", "91234567 og 40 00 11 22", ["+4791234567", "+4740001122"], "912 34 567, 400 01 122"),
    ("nb", "91234567/40001122", ["+4791234567", "+4740001122"], "912 34 567, 400 01 122"),
    ("nb", "40 00 11 22 912 34 567", ["+4740001122", "+4791234567"], "400 01 122, 912 34 567"),
    ("nb", "mobil 912 34 567, jobb 22334455", ["+4791234567", "+4722334455"], "912 34 567, 22 33 44 55"),
    ("nb", "91234567, 91234567", ["+4791234567"], "912 34 567"),
    ("nb", "+46 70-174 06 05", ["+46701740605"], "+46 70 174 06 05"),
    ("nb", "+46 (0)70 174 06 05", ["+46701740605"], "+46 70 174 06 05"),
    ("nb", "0701740605", ["+46701740605"], "+46 70 174 06 05"),
    ("nb", "+45 80 12 34 56", ["+4580123456"], "+45 80 12 34 56"),
    ("nb", "samme nummer", [SENDER], "999 90 000"),
    ("nb", "Det samme", [SENDER], "999 90 000"),
    ("nb", "nummeret jeg skriver fra", [SENDER], "999 90 000"),
    ("nb", "dette nummeret og 40001122", [SENDER, "+4740001122"], "999 90 000, 400 01 122"),
    ("sv", "0701740605", ["+46701740605"], "070-174 06 05"),
    ("sv", "070-174 06 05", ["+46701740605"], "070-174 06 05"),
    ("sv", "(08) 465 00 40", ["+4684650040"], "08-465 00 40"),
    ("sv", "070-174 06 05 08-465 00 40", ["+46701740605", "+4684650040"], "070-174 06 05, 08-465 00 40"),
    ("sv", "+47 91234567", ["+4791234567"], "+47 912 34 567"),
    ("sv", "samma nummer", [SENDER], "+47 999 90 000"),
    ("en", "91234567", ["+4791234567"], "+47 912 34 567"),
    ("en", "this number", [SENDER], "+47 999 90 000"),
    ("en", "070-174 06 05", ["+46701740605"], "+46 70 174 06 05"),
]
BAD = [
    ("nb", "", "unclear"),
    ("nb", "vet ikke", "unclear"),
    ("nb", "ring 112", "unclear"),
    ("nb", "eva91234567@nett.no", "unclear"),
    ("nb", "1234567", "digits"),
    ("nb", "912 34 56", "digits"),
    ("nb", "912345678", "digits"),
    ("nb", "12345678", "digits"),
    ("nb", "02800", "digits"),
    ("nb", "+4791234", "digits"),
    ("nb", "070-174 06 0", "digits"),
    ("nb", "91234567 og 4000112", "digits"),
    ("nb", "707057500099887767", "digits"),
    ("sv", "91234567", "digits"),
    ("sv", "1740605", "digits"),
    ("nb", "91234567, 92234567, 93234567 og 94234567", "many"),
]


def told(language="nb", **more):
    return context(language, **({"sender": SENDER} | more))


@pytest.mark.parametrize(("language", "text", "value", "shown"), GOOD)
def test_numbers_are_read_and_grouped_as_people_write_them(language, text, value, shown):
    assert phone.read(ASKED, text, told(language)) == Taken(value)
    assert phone.show(ASKED, value, told(language)) == shown


@pytest.mark.parametrize(("language", "text", "problem"), BAD)
def test_what_is_no_number_is_refused(language, text, problem):
    refused = phone.read(ASKED, text, told(language))
    assert isinstance(refused, Refused)
    assert refused.problem == f"field.phone.{problem}"


@pytest.mark.parametrize(
    ("language", "example"), [("nb", "912 34 567"), ("sv", "070-174 06 05"), ("en", "+47 912 34 567")]
)
def test_the_example_is_of_the_customers_country(language, example):
    assert phone.read(ASKED, "12345", told(language)) == Refused("field.phone.digits", {"example": example})


def test_one_number_is_taken_where_the_field_says_no_more():
    assert phone.read(ONE, "91234567", told()) == Taken(["+4791234567"])
    refused = phone.read(ONE, "91234567 og 40001122", told())
    assert refused == Refused("field.phone.many", {"count": "2", "most": "1"})


@pytest.mark.parametrize("sender", ["", "eva@post.example"])
def test_the_same_number_needs_a_number(sender):
    refused = phone.read(ASKED, "samme nummer", told(sender=sender))
    assert refused == Refused("field.phone.same", {"example": "912 34 567"})


@pytest.mark.parametrize("sender", ["", "+46701740605", "eva@post.example"])
def test_eight_figures_in_english_from_elsewhere_want_their_country(sender):
    assert isinstance(phone.read(ASKED, "91234567", told("en", sender=sender)), Refused)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("ring meg på 91234567 etter 16", "etter 16"),
        ("91 23 45 67 (Kari) eller 40001122 (Ola)", "(Kari) eller, (Ola)"),
        ("91234567\nNøkkelen henger i skuret", "Nøkkelen henger i skuret"),
    ],
)
def test_what_is_said_besides_is_the_rest(text, rest):
    taken = phone.read(ASKED, text, told())
    assert isinstance(taken, Taken)
    assert taken.rest == rest


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Strømmen er borte, ring 91234567", ["+4791234567"]),
        ("Strømmen er borte. Eva Hagen, mob. 912 34 567", ["+4791234567"]),
        ("Strømmen er borte her, +4722334455", ["+4722334455"]),
        ("ring meg på dette nummeret", [SENDER]),
        ("99887766", ["+4799887766"]),
        ("mobil 912 34 567, jobb 22334455", ["+4791234567", "+4722334455"]),
        ("Eva Hagen 99887766, Havnegata 4", None),
        ("dette nummeret virker ikke", None),
        ("faktura 912 34 567", None),
        ("målerstand 45213889", None),
        ("20251114", None),
        ("målepunkt 707057500099887767", None),
        ("org.nr. 123 456 785", None),
        ("mast 1042, 6700 Måløy", None),
        ("ring 91234567 eller Kari, 92 kr 40001122", None),
        ("1: 91234567 2: 92234567 3: 93234567 4: 94234567", None),
    ],
)
def test_a_number_is_found_only_where_it_is_surely_one(text, value):
    found = phone.find(ASKED, text, told())
    assert (found.value if found else None) == value


@pytest.mark.parametrize("value", [None, "", "+4791234567", [4791234567], ["abc"], ["+47"], ["+0"], {}])
def test_what_is_no_list_of_numbers_is_shown_as_nothing(value):
    assert phone.show(ASKED, value, told()) == ""


NORWEGIAN = st.from_regex(r"\+47[2-9][0-9]{7}", fullmatch=True)
SWEDISH = st.from_regex(r"\+46(7[02369][0-9]{7}|8[1-9][0-9]{6,7}|31[1-9][0-9]{5,6})", fullmatch=True)
OTHER = st.from_regex(r"\+(45[2-9][0-9]{7}|44[1-9][0-9]{9}|1[2-9][0-9]{9})", fullmatch=True)


@given(
    value=st.lists(NORWEGIAN | SWEDISH | OTHER, min_size=1, max_size=3, unique=True),
    language=st.sampled_from(["nb", "sv", "en"]),
)
def test_what_is_shown_is_read_as_the_same_numbers(value, language):
    assume(all(phonenumbers.is_valid_number(phonenumbers.parse(one)) for one in value if not one.startswith("+47")))
    shown = phone.show(field("phone", max_shown=400), value, told(language))
    assert phone.read(ASKED, shown, told(language)) == Taken(value)
