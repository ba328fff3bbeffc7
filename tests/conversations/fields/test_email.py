"""E-mail addresses, as they are typed and as they are said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.fields import email
from conversations.fields.contract import Refused, Taken
from tests.conversations.fields.kit import context, field

ASKED = field("email")
SEVERAL = field("email", most=2, max_shown=200)

GOOD = [
    ("eva@nett.no", "eva@nett.no"),
    ("Eva@Nett.No.", "eva@nett.no"),
    ("EVA@NETT.NO", "eva@nett.no"),
    ("Eva.Hagen@Nett.no", "Eva.Hagen@nett.no"),
    ("<eva@nett.no>", "eva@nett.no"),
    ("mailto:eva@nett.no", "eva@nett.no"),
    ("Min e-post er eva+kraft@post.nett.no!", "eva+kraft@post.nett.no"),
    ("eva @ nett.no", "eva@nett.no"),
    ("eva@ nett.no", "eva@nett.no"),
    ("eva@nett .no", "eva@nett.no"),
    ("eva@nett. no", "eva@nett.no"),
    ("eva at nett.no", "eva@nett.no"),
    ("my mail is eva at nett dot no", "eva@nett.no"),
    ("min e-post er eva at nett.no.", "eva@nett.no"),
    ("eva(at)nett.no", "eva@nett.no"),
    ("eva krøllalfa nett.no", "eva@nett.no"),
    ("eva krollalfa nett punktum no", "eva@nett.no"),
    ("eva alfakrøll nett.no", "eva@nett.no"),
    ("eva snabel-a nett.se", "eva@nett.se"),
    ("eva snabela nett punkt se", "eva@nett.se"),
    ("bjørn@blåbær.no", "bjørn@blåbær.no"),
    ("eva@post.example", "eva@post.example"),
]
BAD = [
    ("", "unclear"),
    ("eva", "unclear"),
    ("vet ikke", "unclear"),
    ("@", "unclear"),
    ("eva@", "unclear"),
    ("@nett.no", "unclear"),
    ("eva@nett", "unclear"),
    ("eva@nett,no", "unclear"),
    ("eva@@nett.no", "unclear"),
    ("eva..hagen@nett.no", "unclear"),
    ("eva@localhost", "unclear"),
    ("jeg tror at nett.no er nede", "unclear"),
    ("eva@nett.no og kari@nett", "unclear"),
    ("eva@nett.no og kari@nett.no", "many"),
]


@pytest.mark.parametrize(("text", "value"), GOOD)
def test_an_address_is_read_however_it_is_written(text, value):
    assert email.read(ASKED, text, context()) == Taken(value)
    assert email.show(ASKED, value, context()) == value


@pytest.mark.parametrize(("text", "problem"), BAD)
def test_what_is_no_address_is_refused(text, problem):
    refused = email.read(ASKED, text, context())
    assert isinstance(refused, Refused)
    assert refused.problem == f"field.email.{problem}"


def test_the_problem_gives_an_example():
    assert email.read(ASKED, "eva", context()) == Refused("field.email.unclear", {"example": "eva@post.example"})


@pytest.mark.parametrize("between", [" og ", ", ", ";", " / ", "/", "\n"])
def test_several_are_a_list_where_the_field_takes_them(between):
    text = f"eva@nett.no{between}Kari@nett.no"
    assert email.read(SEVERAL, text, context()) == Taken(["eva@nett.no", "kari@nett.no"])
    assert email.read(SEVERAL, "eva@nett.no", context()) == Taken(["eva@nett.no"])
    assert email.read(ASKED, text, context()) == Refused("field.email.many", {"count": "2", "most": "1"})


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("eva@nett.no. Ring meg først", "Ring meg først"),
        ("Kari <kari@nett.no>", "Kari"),
        ("eva krøllalfa nett.no, Havnegata 4", "Havnegata 4"),
    ],
)
def test_what_is_said_besides_is_the_rest(text, rest):
    taken = email.read(ASKED, text, context())
    assert isinstance(taken, Taken)
    assert taken.rest == rest


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Strømmen er borte. Svar til Eva@nett.no, takk", "eva@nett.no"),
        ("vi møtes @ kontoret", None),
        ("jeg mener at nett.no er nede", None),
        ("eva krøllalfa nett.no", None),
        ("eva@nett.no eller kari@nett.no", None),
        ("eva@nett", None),
    ],
)
def test_an_address_is_found_only_where_it_is_written_out(text, value):
    found = email.find(ASKED, text, context())
    assert (found.value if found else None) == value


@pytest.mark.parametrize(("value", "shown"), [(None, ""), (4, ""), ([4], ""), (["eva@nett.no"], "eva@nett.no")])
def test_what_is_no_address_is_shown_as_nothing(value, shown):
    assert email.show(ASKED, value, context()) == shown


NAMES = st.from_regex(r"[a-z][a-z0-9]{0,8}([._+-][a-z0-9]{1,8}){0,2}", fullmatch=True)
DOMAINS = st.from_regex(r"[a-z]{2,9}([.-][a-z0-9]{2,9}){0,2}\.(no|se|com|example)", fullmatch=True)


@given(value=st.lists(st.builds("{}@{}".format, NAMES, DOMAINS), min_size=1, max_size=2, unique=True))
def test_what_is_shown_is_read_as_the_same_addresses(value):
    assert email.read(SEVERAL, email.show(SEVERAL, value, context()), context()) == Taken(value)
