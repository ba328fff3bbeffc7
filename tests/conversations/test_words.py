"""The words that always work, and those with which texts are stopped."""

import unicodedata
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.typed import bare, typings
from conversations.words import (
    FORMS,
    NO,
    YES,
    CarrierWord,
    Command,
    Heard,
    carrier_word,
    is_reserved,
    read_command,
    read_yes_no,
    shown,
    swallowed_words,
)

EVERY_FORM = [
    (command, language, form) for command, forms in FORMS.items() for language, words in forms.items() for form in words
]


def heard(text, **more):
    return read_command(text, **more)


@pytest.mark.parametrize(("command", "language", "form"), EVERY_FORM)
def test_every_form_is_heard_however_it_is_typed(command, language, form):
    for typed in (form, form.lower(), f" «{form.title()}!» ", unicodedata.normalize("NFD", form), f"{form}."):
        said = heard(typed, rett_shown=True)
        assert said is not None
        assert said.command is command
        assert said.language in (language, None)
    assert heard(form, free_text_asked=True, rett_shown=True) == heard(form, rett_shown=True)


def test_no_typing_means_two_commands():
    meanings: dict[str, set[Command]] = {}
    for command, _, form in EVERY_FORM:
        for typed in typings(form):
            meanings.setdefault(typed, set()).add(command)
    assert [typed for typed, commands in meanings.items() if len(commands) > 1] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HJALP", Heard(Command.HELP, None, "sv")),
        ("hjaelp", Heard(Command.HELP, None, "sv")),
        ("hoppa over", Heard(Command.SKIP, None, "sv")),
        ("HOPPA ØVER", Heard(Command.SKIP, None, "sv")),
        ("gaa tilbake", Heard(Command.BACK, None, "nb")),
        ("???", Heard(Command.HELP)),
        ("help", Heard(Command.HELP)),
        ("status", Heard(Command.STATUS)),
        ("sprak", Heard(Command.LANGUAGE)),
        ("norsk", Heard(Command.LANGUAGE, "nb", "nb")),
        ("in English", Heard(Command.LANGUAGE, "en", "en")),
        ("english please", Heard(Command.LANGUAGE, "en", "en")),
        ("Språk: engelsk", Heard(Command.LANGUAGE, "en")),
        ("SPRÅK EN", Heard(Command.LANGUAGE, "en")),
        ("language sv", Heard(Command.LANGUAGE, "sv", "en")),
        ("STATUS LUKKET", Heard(Command.STATUS, "closed")),
        ("status stangda", Heard(Command.STATUS, "closed")),
        ("Status closed.", Heard(Command.STATUS, "closed")),
        ("status IN-00001042", Heard(Command.STATUS, "IN-00001042")),
        ("status in 1042", Heard(Command.STATUS, "IN-1042")),
        ("STATUS 48213", Heard(Command.STATUS, "48213")),
        ("status jan", Heard(Command.STATUS, "in:jan")),
        ("Status 01.01-31.01", Heard(Command.STATUS, "in:01.01-31.01")),
        ("mina ärenden förra året", Heard(Command.STATUS, "in:förra året", "sv")),
        ("søk", Heard(Command.SEARCH)),
        ("Søk mast 1042!", Heard(Command.SEARCH, "of:mast 1042")),
        ("search last week", Heard(Command.SEARCH, "in:last week", "en")),
        ("kode 481 206", Heard(Command.CODE, "481206", "nb")),
        ("endre 3", Heard(Command.EDIT, "3", "nb")),
        ("Endre Adressen!", Heard(Command.EDIT, "Adressen", "nb")),
        ("rätta märkning", Heard(Command.EDIT, "märkning", "sv")),
    ],
)
def test_a_word_with_and_without_its_argument(text, expected):
    assert heard(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "hei",
        "hjelp det brenner",
        "status på saken min",
        "status jan og feb vel",
        "søk hjelp hos naboen min nå",
        "språk klingon",
        "kode 12",
        "min sak er haster",
        "send noen hit",
        "tilbake til start",
        "avbryt det gamle abonnementet",
        "endre " + "x" * 61,
        "rett over veien ved mast 1042",
        "RETT",
        "andra",
        "stopp",
        "123456",
    ],
)
def test_anything_else_is_no_command(text):
    assert heard(text) is None


@pytest.mark.parametrize("text", ["AVBRYT", "avbryt.", "Hopp over", "STATUS", "MENY", "endre"])
def test_t22_while_free_text_is_asked_the_bare_word_is_heard(text):
    assert heard(text, free_text_asked=True) is not None


@pytest.mark.parametrize(
    "text", ["STATUS IN-1042", "SPRÅK EN", "endre adressen", "kode 481206", "1", "JA", "avbryt alt"]
)
def test_t22_while_free_text_is_asked_all_else_is_the_answer(text):
    assert heard(text, free_text_asked=True) is None


def test_rett_is_the_command_only_where_it_is_shown():
    assert heard("rett") is None
    assert heard("RETT", rett_shown=True) == Heard(Command.EDIT, None, "nb")
    assert heard("rett 2", rett_shown=True) == Heard(Command.EDIT, "2", "nb")
    assert read_yes_no("rett") is True


def test_andra_is_edit_only_at_the_read_back():
    assert heard("ANDRA") is None
    assert heard("ANDRA", at_read_back=True) == Heard(Command.EDIT, None, "sv")
    assert heard("ändra") == Heard(Command.EDIT, None, "sv")


@pytest.mark.parametrize(("answer", "forms"), [(True, YES), (False, NO)])
def test_every_yes_and_no_is_understood(answer, forms):
    for form in chain.from_iterable(forms.values()):
        assert read_yes_no(f"{form.lower()}.") is answer


@pytest.mark.parametrize("text", ["", "na", "nå", "kanskje", "ja eller nei", "ja men", "1", "2", "status"])
def test_neither_yes_nor_no(text):
    assert read_yes_no(text) is None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("STOP", CarrierWord("stop", "carrier")),
        ("stop.", CarrierWord("stop", "carrier")),
        (" Stop ", CarrierWord("stop", "carrier")),
        ("CANCEL", CarrierWord("stop", "carrier")),
        ("unsubscribe", CarrierWord("stop", "carrier")),
        ("STOPP", CarrierWord("stop", "local")),
        ("Stopp!", CarrierWord("stop", "local")),
        ("avslutt", CarrierWord("stop", "local")),
        ("slutt", CarrierWord("stop", "local")),
        ("AVSLUTA", CarrierWord("stop", "local")),
        ("sluta", CarrierWord("stop", "local")),
        ("start", CarrierWord("start", "carrier")),
        ("UNSTOP!", CarrierWord("start", "carrier")),
    ],
)
def test_t16_t17_a_whole_message_stops_or_starts(text, word):
    assert carrier_word(text) == word


@pytest.mark.parametrize(
    "text", ["STOP det der", "ikke stopp", "kan dere stoppe?", "stopp stopp", "JA", "yes", "HELP", "td", "remove", ""]
)
def test_t16_t17_any_other_message_does_not(text):
    assert carrier_word(text) is None


def test_none_of_our_words_is_one_that_carriers_swallow():
    assert swallowed_words() == frozenset()


@pytest.mark.parametrize("text", ["meny", "Send", "STOPP", "yes", "td", "ja", "raett", "help"])
def test_a_desk_may_not_take_our_words(text):
    assert is_reserved(text)


@pytest.mark.parametrize("text", ["forbruk", "firma", "strøm"])
def test_a_desk_may_take_others(text):
    assert not is_reserved(text)


@pytest.mark.parametrize(
    ("command", "language", "word"),
    [
        (Command.SKIP, "nb", "HOPP OVER"),
        (Command.SKIP, "sv", "HOPPA ÖVER"),
        (Command.EDIT, "nb", "RETT"),
        (Command.HELP, "en", "MENU"),
        (Command.AGENT, "en", "AGENT"),
    ],
)
def test_the_first_form_is_the_one_we_show(command, language, word):
    assert shown(command, language) == word


@given(st.text(max_size=200))
def test_no_text_raises(text):
    read_command(text)
    read_command(text, free_text_asked=True, rett_shown=True, at_read_back=True)
    read_yes_no(text)
    carrier_word(text)
    assert bare(bare(text)) == bare(text)
