"""What holds for every kind: it has a table of its own, and no text whatever makes it raise."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.facts import Facts, Missing, RegisterEntry
from conversations.fields import KINDS
from conversations.fields.contract import Context, Refused, Taken, shortened
from conversations.state import Option
from tests.conversations.fields.kit import REGISTER, context, field

CHOICES = [
    {"id": "low", "label": {"nb": "Lav linje"}, "words": {"nb": ["linj* + lavt"]}},
    {"id": "tree", "label": {"nb": "Tre på linja"}},
]
FIELDS = {kind: field(kind) for kind in KINDS} | {
    "choice": field("choice", choices=CHOICES),
    "location": field("location", register="masts"),
}
PIECES = st.sampled_from(
    [
        *"mast 1042 NS-0204 Furunesveien 12B , 6700 Måløy 541 30 Skövde ved på i mellom og ja nei 1 2) nr den".split(),
        *"andre jeg heter Eva Hagen mvh gnr bnr E39 ? . ikke Kongens gate Solbakken gard".split(),
        *("\n", "\t", "👍", "", "+", "(", "%", "https://maps.example/@61.94038,5.10436"),
    ]
)
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=12).map(" ".join))


def test_every_kind_has_its_table():
    here = Path(__file__).parent
    assert [kind for kind in KINDS if not (here / f"test_{kind}.py").exists()] == []


@pytest.mark.parametrize("kind", sorted(KINDS))
@given(text=TEXTS)
def test_no_text_makes_a_kind_raise(kind, text):
    asked = FIELDS[kind]
    for outcome in (KINDS[kind].read(asked, text, context()), KINDS[kind].find(asked, text, context())):
        if isinstance(outcome, Taken):
            json.dumps(outcome.value).encode()
            assert len(KINDS[kind].show(asked, outcome.value, context())) <= asked.max_shown
            assert "\x00" not in outcome.rest
        elif outcome is not None:
            assert isinstance(outcome, Refused)


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize(
    "text", ["mast 1042 (" * 500, "a " * 5000, "12 " * 4000, "i " * 4000, "x" * 20000, "(((" * 3000]
)
def test_a_long_text_takes_no_long_time(kind, text):
    KINDS[kind].read(FIELDS[kind], text, context())
    KINDS[kind].find(FIELDS[kind], text, context())


def test_what_has_not_been_looked_up_is_asked_for():
    def not_looked_up(register, key):
        return Facts("+4799990000").find(RegisterEntry(register, key))

    unknowing = Context("nb", not_looked_up, {"masts": REGISTER})
    with pytest.raises(Missing) as missing:
        KINDS["location"].read(FIELDS["location"], "mast 1042", unknowing)
    assert missing.value.query == RegisterEntry("masts", "1042")


def test_options_are_numbered_in_the_order_of_the_desk():
    assert KINDS["choice"].options(FIELDS["choice"], context()) == (
        Option("low", "Lav linje"),
        Option("tree", "Tre på linja"),
    )
    assert [option.label for option in KINDS["yes_no"].options(FIELDS["yes_no"], context("en"))] == ["Yes", "No"]
    assert all(not KINDS[kind].options(FIELDS[kind], context()) for kind in KINDS if kind not in ("choice", "yes_no"))


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("kort", 60, "kort"),
        ("to\nlinjer  her", 60, "to linjer her"),
        ("abcdefghij", 8, "abcde..."),
        ("abcdefghij", 2, ".."),
        ("“Kari” – hos meg…", 60, '"Kari" - hos meg...'),
        ("smell 💥 her 👍🏽", 60, "smell her"),
    ],
)
def test_what_is_shown_is_one_short_line_without_dear_characters(text, most, expected):
    assert shortened(text, most) == expected
