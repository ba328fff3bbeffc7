"""Consent: a yes or a no to a text of a version."""

import pytest

from conversations.fields import consent as kind
from conversations.fields.contract import Refused, Taken
from tests.conversations.fields.kit import context, field

TERMS = {"nb": "Saksbehandleren kan logge på.", "en": "The caseworker may log in."}
LOGIN = field("consent", consent_text=TERMS, consent_version="v3", consent_ends="case_closed")
YES = {"given": True, "version": "v3", "ends": "case_closed"}
NO = {"given": False, "version": "v3", "ends": "case_closed"}
GOOD = [("ja", YES), ("1", YES), ("Ja, det går bra", YES), ("nei", NO), ("2", NO), ("nei takk", NO), ("no", NO)]
BAD = ["", "kanskje", "hvorfor det?", "3", "👀", "ja men bare i dag", "ja, hvis dere ringer først", "yes until Friday"]


@pytest.mark.parametrize(("text", "value"), GOOD)
def test_a_plain_answer_is_kept_with_the_version_of_the_text(text, value):
    taken = kind.read(LOGIN, text, context())
    assert isinstance(taken, Taken)
    assert taken.value == value


@pytest.mark.parametrize("text", BAD)
def test_nobody_consents_by_the_way(text):
    refused = kind.read(LOGIN, text, context())
    assert isinstance(refused, Refused)
    assert not refused.told
    assert kind.find(LOGIN, "ja, dere kan logge på", context()) is None


@pytest.mark.parametrize("text", ["VILKÅR", "vilkar", "terms"])
def test_the_whole_text_is_told_to_who_asks_for_it(text):
    assert kind.read(LOGIN, text, context()) == Refused("field.consent.terms", {"terms": TERMS["nb"]}, told=True)


@pytest.mark.parametrize(("value", "shown"), [(YES, "Ja (v3)"), (NO, "Nei (v3)"), ("yes", ""), (None, "")])
def test_it_is_shown_with_its_version(value, shown):
    assert kind.show(LOGIN, value, context()) == shown
