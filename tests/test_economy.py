"""What a case costs: every form has its three customers, and danger stays cheap."""

import pytest

from benchmarks.economy.__main__ import DANGER_SEGMENTS, DANGER_TEXTS, economy
from benchmarks.economy.ids import ids_in
from benchmarks.economy.played import played
from gateway.desk_cost import forms_that_end
from gateway.desks import load
from tests.stages import TRANSCRIPTS, name_of, transcripts

FORMS = [(loaded.desk.desk, form.id) for loaded in load() for form in forms_that_end(loaded.desk)]


@pytest.mark.parametrize(("desk", "form"), FORMS, ids="/".join)
def test_every_form_that_ends_has_a_terse_an_average_and_a_rambling_customer(desk: str, form: str) -> None:
    assert set(economy(desk, form)) <= {name_of(transcript) for transcript in transcripts()}


@pytest.mark.parametrize("name", economy("grid", "danger"))
def test_danger_takes_at_most_four_texts_and_six_segments(name: str) -> None:
    danger = played(TRANSCRIPTS / f"{name}.txt")
    assert (danger.texts <= DANGER_TEXTS, danger.segments <= DANGER_SEGMENTS) == (True, True)


def test_a_sent_text_is_named_by_the_texts_that_it_is_made_of() -> None:
    said = "Det har jeg notert. Hvem er uten strøm? Svar med et tall. 1 Bare jeg 2 Naboene også 3 Vet ikke"
    assert ids_in("grid", said) == ["noted", "outage.who"]
