"""Choices: by number as shown, label, the start of it, other words, close misspelling; two that fit are asked about."""

import pytest

from conversations.fields import choice
from conversations.fields.contract import Refused, Taken
from conversations.state import Option
from tests.conversations.fields.kit import context, field

WHAT = field(
    "choice",
    choices=[
        {
            "id": "low_line",
            "label": {"nb": "Lav linje", "en": "Low line"},
            "words": {"nb": ["linja henger lavt", "linj* + lavt"], "en": ["line hangs low"]},
        },
        {
            "id": "damaged_pole",
            "label": {"nb": "Skadd stolpe", "en": "Damaged pole"},
            "words": {"nb": ["stolpen har knekt", "skjev stolpe"], "en": ["leaning pole"]},
        },
        {
            "id": "tree_on_line",
            "label": {"nb": "Tre på linja", "en": "Tree on line"},
            "words": {"nb": ["tre på ledningen"]},
        },
        {"id": "line_down", "label": {"nb": "Linje nede", "en": "Line down"}, "words": {"nb": ["linja er brutt"]}},
        {"id": "other", "label": {"nb": "Annet", "en": "Other"}, "words": {"nb": ["noe annet"]}},
    ],
)


GOOD = [
    ("1", "low_line"),
    (" 2. ", "damaged_pole"),
    ("(2)", "damaged_pole"),
    ("nr 2", "damaged_pole"),
    ("Nr. 2 takk", "damaged_pole"),
    ("alternativ 3", "tree_on_line"),
    ("nummer to", "damaged_pole"),
    ("den andre", "damaged_pole"),
    ("den andra", "damaged_pole"),
    ("den forste", "low_line"),
    ("the second one", "damaged_pole"),
    ("the last one", "other"),
    ("den siste", "other"),
    ("fire", "line_down"),
    ("２", "damaged_pole"),
    ("٢", "damaged_pole"),
    ("2️⃣", "damaged_pole"),
    ("#2", "damaged_pole"),
    ("Lav linje", "low_line"),
    ("lav linje!", "low_line"),
    ("1 Lav linje", "low_line"),
    ("low line", "low_line"),
    ("lav", "low_line"),
    ("stolpe", "damaged_pole"),
    ("nede", "line_down"),
    ("Lav linja", "low_line"),
    ("skad stolpe", "damaged_pole"),
    ("skadet stolpe", "damaged_pole"),
    ("linje nedde", "line_down"),
    ("annet", "other"),
    ("noe annet", "other"),
    ("tre på ledningen", "tree_on_line"),
    ("stolpen har knekt", "damaged_pole"),
]


@pytest.mark.parametrize(("text", "value"), GOOD)
def test_an_answer_that_is_nothing_but_the_choice(text, value):
    assert choice.read(WHAT, text, context()) == Taken(value)


@pytest.mark.parametrize(
    ("text", "value", "rest"),
    [
        ("1, og det haster", "low_line", "og det haster"),
        ("2) den ligger over veien", "damaged_pole", "den ligger over veien"),
        ("3\nKom fort", "tree_on_line", "Kom fort"),
        ("linjene på jordet henger lavt", "low_line", "linjene på jordet henger lavt"),
        ("Linje nede ved skolen", "line_down", "Linje nede ved skolen"),
    ],
)
def test_what_is_said_besides_is_the_rest(text, value, rest):
    assert choice.read(WHAT, text, context()) == Taken(value, rest)


BAD = [
    ("9", "field.choice.number"),
    ("0", "field.choice.number"),
    ("", "field.choice.unclear"),
    ("begge", "field.choice.unclear"),
    ("hva mener du?", "field.choice.unclear"),
    ("2 stolper har falt", "field.choice.unclear"),
    ("2. etasje brenner", "field.choice.unclear"),
    ("ikke lav linje", "field.choice.unclear"),
    ("👍", "field.choice.unclear"),
]


@pytest.mark.parametrize(("text", "problem"), BAD)
def test_what_is_no_choice_is_refused(text, problem):
    refused = choice.read(WHAT, text, context())
    assert refused == Refused(problem, {"most": "5"})


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("1 og 3", "1 Lav linje, 3 Tre på linja"),
        ("1/2", "1 Lav linje, 2 Skadd stolpe"),
        ("linje", "1 Lav linje, 4 Linje nede"),
        ("2 Lav linje", "1 Lav linje, 2 Skadd stolpe"),
        ("skjev stolpe og linja er brutt", "2 Skadd stolpe, 4 Linje nede"),
    ],
)
def test_two_that_fit_are_asked_about(text, options):
    assert choice.read(WHAT, text, context()) == Refused("field.choice.which", {"options": options})


def test_a_number_means_what_was_shown():
    seen = context(shown=(Option("line_down", "Linje nede"), Option("low_line", "Lav linje")))
    assert choice.read(WHAT, "2", seen) == Taken("low_line")
    assert choice.read(WHAT, "3", seen) == Refused("field.choice.number", {"most": "2"})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Linja henger lavt over veien ved Furuneset, barn går her", "low_line"),
        ("hei. stolpen har knekt", "damaged_pole"),
        ("there is a leaning pole here", "damaged_pole"),
        ("det er en skjev stolpe og linja er brutt", None),
        ("linja henger ikke lavt", None),
        ("et annet sted", None),
        ("noe annet", None),
        ("1", None),
        ("strømmen er borte", None),
    ],
)
def test_a_choice_is_found_only_where_it_is_said(text, value):
    found = choice.find(WHAT, text, context())
    assert (found.value if found else None) == value
    assert found is None or found.rest == text


KEY = field(
    "choice",
    choices=[
        {"id": "yes", "label": {"nb": "Ja"}},
        {"id": "no", "label": {"nb": "Nei"}, "words": {"nb": ["ring først"]}},
        {"id": "code", "label": {"nb": "Kode"}},
    ],
)


@pytest.mark.parametrize(
    ("text", "read", "found"),
    [
        ("nei", "no", None),
        ("nä", "no", None),
        ("jo da", "yes", None),
        ("ja, det går bra", "yes", None),
        ("ja, den lekker", "yes", None),
        ("ring først", "no", "no"),
    ],
)
def test_options_called_yes_and_no_are_said_by_every_yes_and_no_but_never_found_in_one(text, read, found):
    said = choice.read(KEY, text, context())
    assert isinstance(said, Taken)
    assert said.value == read
    somewhere = choice.find(KEY, text, context())
    assert (somewhere.value if somewhere else None) == found


@pytest.mark.parametrize(("language", "label"), [("nb", "Lav linje"), ("en", "Low line"), ("sv", "Lav linje")])
def test_it_is_shown_in_the_customers_language(language, label):
    assert choice.show(WHAT, "low_line", context(language)) == label


LISTED = field(
    "choice",
    choices=[
        {"id": "tree", "label": {"nb": "Tre"}, "words": {"nb": ["<tree> + <line>", "tre"]}},
        {"id": "down", "label": {"nb": "Nede"}, "words": {"nb": ["<line> + <fell>"]}},
        {"id": "low", "label": {"nb": "Lav"}, "words": {"nb": ["<line> + <low>"]}},
    ],
)


@pytest.mark.parametrize(
    ("places", "found"),
    [
        ({}, []),
        ({"<line> + <low>": 0b11}, ["low"]),
        ({"<line> + <low>": 0b011, "<line> + <fell>": 0b110}, ["down", "low"]),
        ({"<tree> + <line>": 0b111, "<line> + <fell>": 0b110}, ["tree"]),
        ({"<tree> + <line>": 0b110, "<line> + <fell>": 0b110}, ["tree", "down"]),
        ({"<of another field>": 0b11}, []),
    ],
)
def test_phrases_with_lists_are_said_but_for_a_part_of_what_another_says(places, found):
    seen = context(said=lambda _: places)
    only = choice.find(LISTED, "det står her", seen)
    assert only == (Taken(found[0], "det står her") if len(found) == 1 else None)
    read = choice.read(LISTED, "det står her", seen)
    if len(found) == 1:
        assert read == Taken(found[0], "det står her")
    else:
        assert isinstance(read, Refused)
        assert (read.problem == "field.choice.which") == (len(found) > 1)


def test_a_phrase_without_lists_stands_beside_those_with():
    assert choice.find(LISTED, "det er et tre", context()) == Taken("tree", "det er et tre")


WHO = field(
    "choice",
    choices=[
        {"id": "one", "label": {"nb": "Én", "en": "One"}},
        {"id": "some", "label": {"nb": "Noen", "en": "Some"}},
        {"id": "neighbours", "label": {"nb": "Naboene også", "en": "Neighbours too"}},
        {"id": "normal", "label": {"nb": "Normal", "en": "Normal"}},
        {"id": "unknown", "label": {"nb": "Vet ikke", "en": "Not sure"}},
    ],
)


@pytest.mark.parametrize("text", ["nei", "no", "none", "nope", "ja", "yes", "ingen", "neigh"])
def test_a_bare_yes_or_no_and_the_start_of_a_label_that_is_not_shown_choose_nothing(text):
    assert choice.read(WHO, text, context()) == Refused("field.choice.unclear", {"most": "5"})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("one", "one"), ("Neighbours too", "neighbours"), ("not sure", "unknown"), ("norm", "normal")),
        *(
            ("veit ikkje", "unknown"),
            ("vet inte", "unknown"),
            ("naboenne også", "neighbours"),
        ),
    ],
)
def test_a_whole_label_may_be_in_another_language_and_nobody_knows_in_one(text, value):
    assert choice.read(WHO, text, context()) == Taken(value)


def test_an_article_is_no_choice_in_another_text():
    assert choice.find(WHO, "det er en feil", context()) is None
    assert choice.find(WHO, "noen får ikke skrevet ut", context()) == Taken("some", "noen får ikke skrevet ut")
