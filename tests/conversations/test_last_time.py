"""What was answered last time: to which question it is offered, to whom, and what takes it."""

import pytest

from conversations.desk.model import Desk
from gateway.ready import make_ready
from gateway.simulator.pure import PureStage
from tests.stages import loaded

EVA, OLA = "+46701234567", "+46707654321"
MACHINES = {"objects": {key: {"key": key} for key in ("4471", "4472")}}


def field(ident, kind, ask="", **more):
    asked = {"ask": {"sv": ask or f"{ident}?", "en": f"{ident}?"}}
    return {"id": ident, "kind": kind, "label": {"sv": ident, "en": ident}, **asked, **more}


CHOICES = [{"id": key, "label": {"sv": label, "en": label}} for key, label in (("alone", "Ensam"), ("both", "Båda"))]


def stage_with(*fields):
    """The appliance desk with a form of these fields alone, and two that take cases about anything."""
    whole = loaded("appliance").desk.model_dump(by_alias=True, exclude_unset=True)
    form = {"id": "visit", "name": {"sv": "Besök", "en": "Visit"}, "series": "A", "fields": list(fields)}
    whole["forms"] = [form, *(one for one in whole["forms"] if one["id"] == "general")]
    desk = Desk.model_validate(whole)
    return PureStage(make_ready(desk, 1), MACHINES)


def say(stage, *texts, who=EVA):
    """The last text that came of these."""
    for text in texts:
        stage.text(who, text.format(code=stage.code(who)))
    heard = list(iter(lambda: stage.heard(who), None))
    return heard[-1]


def answers(stage):
    return stage.draft(EVA).answers


PROVED = ("kod", "{code}")


@pytest.mark.parametrize(
    "text",
    [
        *("1", "1.", "Svar 1", "1 tack", "samma", "SAMMA SOM SIST!", "Samma som förra gången", "samma igen, tack"),
        *("same", "The same as last time", "samme", "det samme", "samme som sist", "same som sist"),
    ],
)
def test_by_number_or_in_words_it_is_taken(text):
    stage = stage_with(field("mark", "text", remember="contact"), field("more", "text"))
    say(stage, *PROVED, "besök", "7710", "inget", "skicka")
    assert say(stage, "besök") == "mark? Förra gången: 7710. Svara 1 för samma."
    say(stage, text)
    taken = answers(stage)["mark"]
    assert (taken.value, taken.words, taken.source, taken.confirmed) == ("7710", "7710", "prefilled", True)
    assert taken.message
    assert say(stage, "inget") == "Besök, 7710, inget. Svara SKICKA, eller ÄNDRA för att ändra."


@pytest.mark.parametrize("text", ["2", "11", "1-A77", "ett", "samma 8", "inte samma", "den första"])
def test_anything_else_is_read_as_usual(text):
    stage = stage_with(field("mark", "text", remember="contact"), field("more", "text"))
    say(stage, *PROVED, "besök", "7710", "inget", "skicka", "besök", text)
    assert (answers(stage)["mark"].value, answers(stage)["mark"].source) == (text, "said")


@pytest.mark.parametrize(
    ("kind", "more", "first", "asked"),
    [
        ("choice", {"choices": CHOICES}, "2", "who? Förra gången: Båda. 1 Ensam 2 Båda"),
        ("yes_no", {}, "2", "who? Förra gången: Nej. 1 Ja 2 Nej"),
    ],
)
def test_numbered_choices_keep_their_numbers(kind, more, first, asked):
    stage = stage_with(field("who", kind, remember="contact", **more), field("more", "text"))
    say(stage, *PROVED, "besök", first)
    kept = answers(stage)["who"].value
    say(stage, "inget", "skicka")
    assert say(stage, "besök") == asked
    say(stage, "samma som sist")
    assert (answers(stage)["who"].value, answers(stage)["who"].source) == (kept, "prefilled")
    say(stage, "inget", "skicka", "besök", "1")
    assert answers(stage)["who"].source == "said"
    assert answers(stage)["who"].value != kept


@pytest.mark.parametrize(
    ("kind", "first", "shown", "again"),
    [
        ("date_time", "15.1.2026 kl 14", "torsdag 15.01.2026 kl. 14:00", "1"),
        ("phone", "070-123 45 00", "070-123 45 00", "samma"),
        ("postal_address", "Storgatan 4, 541 30 Skövde", "Storgatan 4, 541 30 Skövde", "1"),
        ("person_name", "Anna Lind", "Anna Lind", "samma"),
    ],
)
def test_of_any_kind_the_whole_value_is_taken(kind, first, shown, again):
    stage = stage_with(field("it", kind, remember="contact"), field("more", "text"))
    say(stage, *PROVED, "besök", first)
    value = answers(stage)["it"].value
    say(stage, "inget", "skicka")
    assert say(stage, "besök") == f"it? Förra gången: {shown}. Svara 1 för samma."
    say(stage, again)
    assert answers(stage)["it"].value == value


def test_what_is_offered_is_no_reading_of_another_answer():
    stage = stage_with(field("it", "date_time", remember="contact"), field("more", "text"))
    say(stage, *PROVED, "besök", "15.1.2026 kl 14", "inget", "skicka", "besök")
    assert say(stage, "2").endswith("it? Förra gången: torsdag 15.01.2026 kl. 14:00. Svara 1 för samma.")
    say(stage, "22.1.2026 kl 15")
    assert answers(stage)["it"].value["at"].startswith("2026-01-22T1")


def test_by_an_object_only_the_answer_of_that_object_is_offered():
    thing = field("thing", "object", register="objects")
    stage = stage_with(thing, field("mark", "text", remember="object"))
    say(stage, *PROVED, "besök", "4471", "till 4471", "skicka", "besök", "4472", "till 4472", "skicka")
    assert say(stage, "besök", "4471") == "mark? Förra gången: till 4471. Svara 1 för samma."
    say(stage, "1", "skicka")
    assert say(stage, "besök", "4472") == "mark? Förra gången: till 4472. Svara 1 för samma."


def test_without_the_object_nothing_is_offered():
    thing = field("thing", "object", register="objects", optional=True)
    stage = stage_with(thing, field("mark", "text", remember="object"))
    say(stage, *PROVED, "besök", "4471", "till 4471", "skicka")
    assert say(stage, "besök", "hoppa över") == "mark?"


def test_it_is_nobody_elses_and_ends_with_the_trust():
    stage = stage_with(field("mark", "text", remember="contact"))
    say(stage, *PROVED, "besök", "7710", "skicka")
    assert say(stage, *PROVED, "besök", who=OLA) == "mark?"
    assert say(stage, "logga ut", "besök") == "mark?"
    assert say(stage, *PROVED).endswith("mark? Förra gången: 7710. Svara 1 för samma.")
    assert say(stage, "logga ut").endswith("mark?")
    say(stage, "1")
    assert answers(stage)["mark"].value == "1"


def test_what_is_sealed_is_never_offered():
    stage = stage_with(field("mark", "secret", secret=True), field("more", "text"))
    say(stage, *PROVED, "besök", "4711", "inget", "skicka")
    stage.desk = stage_with(field("mark", "text", remember="contact"), field("more", "text")).desk
    assert say(stage, "besök") == "mark?"


def test_an_answer_that_the_field_takes_no_more_is_not_offered():
    stage = stage_with(field("who", "choice", choices=CHOICES), field("more", "text"))
    say(stage, *PROVED, "besök", "2", "inget", "skicka")
    other = [{**CHOICES[0], "id": "one"}, {**CHOICES[1], "id": "two"}]
    stage.desk = stage_with(field("who", "choice", choices=other, remember="contact"), field("more", "text")).desk
    assert say(stage, "besök") == "who? 1 Ensam 2 Båda"


def test_a_passed_question_leaves_the_answer_before_it():
    stage = stage_with(field("mark", "text", remember="contact", optional=True))
    say(stage, *PROVED, "besök", "7710", "skicka", "besök", "hoppa över", "skicka")
    assert say(stage, "besök") == "mark? Förra gången: 7710. Svara 1 för samma."
