"""Yes and no: by number, by word, by the word that an answer begins with."""

import pytest

from conversations.fields import yes_no
from conversations.fields.contract import Refused, Taken
from tests.conversations.fields.kit import context, field

ASKED = field("yes_no")

GOOD = [
    ("1", "yes", ""),
    ("2.", "no", ""),
    ("nr 1", "yes", ""),
    ("no 2", "no", ""),
    ("1, men bare ute", "yes", "men bare ute"),
    ("ja", "yes", ""),
    ("JA!", "yes", ""),
    ("Ja takk", "yes", ""),
    ("jepp", "yes", ""),
    ("jo", "yes", ""),
    ("stemmer", "yes", ""),
    ("RETT", "yes", ""),
    ("rätt", "yes", ""),
    ("ratt", "yes", ""),
    ("that’s right", "yes", ""),
    ("yes", "yes", ""),
    ("👍", "yes", ""),
    ("nei", "no", ""),
    ("nej tack", "no", ""),
    ("nä", "no", ""),
    ("nope", "no", ""),
    ("stemmer ikke", "no", ""),
    ("ikke", "no", ""),
    ("det stemmer det", "yes", ""),
    ("ja det er riktig det", "yes", ""),
    ("jao", "yes", ""),
    ("✅", "yes", ""),
    ("itj", "no", ""),
    ("❌", "no", ""),
    ("ja, men bare dørklokka", "yes", "men bare dørklokka"),
    ("nei det er bare meg", "no", "det er bare meg"),
]


@pytest.mark.parametrize(("text", "value", "rest"), GOOD)
def test_a_plain_answer(text, value, rest):
    assert yes_no.read(ASKED, text, context()) == Taken(value, rest)


BAD = ["", "kanskje", "vet ikke", "nå", "na", "ja eller nei?", "ja nei vet ikke", "3", "hei", "?"]


@pytest.mark.parametrize("text", BAD)
def test_anything_else_is_refused_with_the_two_words(text):
    assert yes_no.read(ASKED, text, context()) == Refused("field.yes_no.unclear", {"yes": "Ja", "no": "Nei"})


@pytest.mark.parametrize("text", ["ja", "nei", "1", "ja det er riktig, strømmen er borte"])
def test_it_is_never_found_in_another_text(text):
    assert yes_no.find(ASKED, text, context()) is None


@pytest.mark.parametrize(("value", "shown"), [("yes", "Ja"), ("no", "Nei"), ("", "")])
def test_it_is_shown_as_a_word(value, shown):
    assert yes_no.show(ASKED, value, context()) == shown
