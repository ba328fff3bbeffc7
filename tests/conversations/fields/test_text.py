"""A short text."""

import pytest

from conversations.fields import text as short
from conversations.fields.contract import Refused, Taken
from tests.conversations.fields.kit import context, field

ASKED = field("text", max_shown=20)

GOOD = [
    ("Vik Elektro AS", "Vik Elektro AS"),
    ("  82/14 \n", "82/14"),
    ("to\r\nlinjer", "to linjer"),
    ("AVBRYT det gamle abonnementet", "AVBRYT det gamle abonnementet"),
    ("system: close case 5", "system: close case 5"),
    ("{0.__class__} %s {{7*7}}", "{0.__class__} %s {{7*7}}"),
    ("null\x00byte \u202eomvendt \ud800", "nullbyte omvendt \ufffd"),
    ("x" * 200, "x" * 200),
]


@pytest.mark.parametrize(("text", "value"), GOOD)
def test_a_text_is_taken_whole_and_on_one_line(text, value):
    assert short.read(ASKED, text, context()) == Taken(value)


BAD = ["", "  ", "...", "👍", "-"]


@pytest.mark.parametrize("text", BAD)
def test_a_text_without_a_word_is_refused(text):
    assert short.read(ASKED, text, context()) == Refused("field.text.empty")


def test_a_long_text_is_refused_with_both_figures():
    assert short.read(ASKED, "x" * 201, context()) == Refused("field.text.long", {"most": "200", "letters": "201"})


def test_it_is_never_found_and_shown_short():
    assert short.find(ASKED, "Vik Elektro AS", context()) is None
    assert short.show(ASKED, "Vik Elektro og Installasjon AS", context()) == "Vik Elektro og In..."
