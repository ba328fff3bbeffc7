"""Words that stop and start texts, and words that are a command only where they stand alone."""

import re

import pytest

from channels.contract import Failure
from storage.tables import CaseValue, Comment, OptedOut
from tests.trust.conftest import DUTY, OURS, SAFETY

OUTAGE = "strømmen er borte i Storgata 4, 6700 Måløy"
DANGER = "Trafoen brenner!"
STOPS = {
    "carrier": ["STOP", "stop.", " Stop ", "«stop»", "CANCEL", "cancel", "END", "QUIT", "UNSUBSCRIBE", "STOPALL"],
    "local": ["STOPP", "Stopp!", "stopp.", "Slutt", "AVSLUTT", "sluta", "opt out"],
}
NO_STOPS = [
    "Kan dere stoppe dette?",
    "STOP sending me this",
    "stopp strømmen til hytta",
    "STOPP STOPP",
    "the end",
    "Det må ta slutt",
    "s t o p",
    "cancel my order",
    "stoppe",
]


def opted_out(gate, phone):
    """Who stopped it, as long as it stands."""
    conversations = {row.address for row in gate.rows_of(phone)}
    return [row.opted_by for row in gate.rows(OptedOut) if row.address in conversations and row.ended_at is None]


@pytest.mark.parametrize(("by", "word"), [(by, word) for by, words in STOPS.items() for word in words])
def test_t16_a_word_that_is_the_whole_message_stops_all_texts(gate, by, word):
    phone = gate.phone()
    assert gate.say(phone, "hei")
    assert gate.say(phone, word) == []
    assert opted_out(gate, phone) == [by]
    assert gate.rows(OptedOut)[-1].at == gate.clock.now
    for body in ("hei", "status", "kode", "hjelp", word):
        assert gate.say(phone, body) == []
    assert [row.disposition for row in gate.taken(phone)] == ["turn", "opt_out", *["turn"] * 4, "opt_out"]


@pytest.mark.parametrize("body", NO_STOPS)
def test_t16_a_word_inside_a_sentence_stops_nothing(gate, body):
    phone = gate.phone()
    assert gate.say(phone, body)
    assert opted_out(gate, phone) == []


def test_t16_what_the_carrier_reports_as_its_word_stops_whatever_it_was(gate):
    phone = gate.phone()
    gate.say(phone, "Stans", keyword="stop")
    assert (opted_out(gate, phone), gate.say(phone, "hei")) == (["carrier"], [])


@pytest.mark.parametrize("word", ["STOPP", "STOP"])
def test_t16_a_word_to_one_number_takes_back_what_waits_from_the_others(gate, word):
    phone = gate.phone()
    gate.put(phone, "hei", OURS[1])
    gate.put(phone, word)
    gate.settle()
    assert gate.news(phone) == []
    assert {(row.state, row.failure) for row in gate.deliveries(phone)} == {("withheld", "opted_out")}


def test_t16_after_our_own_word_only_a_safety_text_goes_and_after_the_carriers_nothing(gate):
    for word, gets in (("STOPP", True), ("STOP", False)):
        phone = gate.phone()
        gate.say(phone, word)
        texts = gate.say(phone, DANGER)
        assert [text.startswith(SAFETY) for text in texts] == [True] * gets
        [case] = gate.cases(phone)
        assert gate.alerted(case) == [DUTY[0]]
        gate.comment("Kari", case.number, "Er noen skadd?")
        assert gate.news(phone) == []


def test_t16_the_carriers_word_stands_above_ours_and_not_the_other_way_round(gate):
    one, two = gate.phone(), gate.phone()
    for phone, words in ((one, ("STOPP", "STOP")), (two, ("STOP", "STOPP"))):
        for word in words:
            gate.say(phone, word)
        assert opted_out(gate, phone) == ["carrier"]


@pytest.mark.parametrize("word", ["STOP", "STOPP"])
def test_t16_a_report_under_way_is_filed(gate, word):
    phone = gate.phone()
    gate.say(phone, OUTAGE)
    assert gate.say(phone, word) == []
    [case] = gate.cases(phone)
    assert (case.form, case.status) == ("outage", "received")
    values = {row.field: row.shown for row in gate.rows(CaseValue, case_id=case.id)}
    assert values == {"where": "Storgata 4, 6700 Måløy", "notes": OUTAGE}
    assert gate.say(phone, word) == []
    assert gate.cases(phone) == [case]


def test_t16_what_needs_a_proof_is_not_filed_without_it_but_shown_to_a_person(gate):
    phone = gate.phone()
    gate.say(phone, "jeg vil ha ny tilknytning til hytta")
    gate.say(phone, "STOPP")
    [case] = gate.cases(phone)
    assert (case.form, case.attention) == ("general", "opted_out")
    assert [one.words for one in gate.rows(CaseValue, case_id=case.id)] == ["jeg vil ha ny tilknytning til hytta"]


def test_t16_a_form_that_was_only_chosen_leaves_no_case(gate):
    phone = gate.phone()
    for text in ("meny", "2", "STOPP"):
        gate.say(phone, text)
    assert gate.cases(phone) == []


def test_what_an_opted_out_phone_reports_is_a_case_that_a_person_is_shown(gate):
    phone = gate.phone()
    gate.say(phone, "STOPP")
    for words in ("strømmen er borte i Storgata 4, 6700 Måløy", "det gjelder hele gata", "hva koster nettleie?"):
        assert gate.say(phone, words) == []
    [case] = gate.cases(phone)
    assert (case.form, case.status, case.attention) == ("outage", "received", "opted_out")
    said = {one.id: one.text for one in gate.taken(phone)}
    on_case = [said[one.message] for one in gate.rows(Comment, case_id=case.id)]
    assert on_case == ["det gjelder hele gata", "hva koster nettleie?"]


@pytest.mark.parametrize("word", ["STOP", "STOPP"])
def test_t16_what_waits_to_be_sent_is_taken_back(gate, word):
    phone = gate.phone()
    gate.put(phone, "hei")
    gate.put(phone, "kode")
    gate.put(phone, word)
    gate.settle()
    assert gate.news(phone) == []
    assert {row.state for row in gate.deliveries(phone)} <= {"withheld", "replaced"}
    assert [row.sealed for row in gate.deliveries(phone) if row.sealed] == []


def test_t16_a_provider_that_says_opted_out_is_believed(gate):
    phone = gate.phone()
    gate.refuses[phone] = Failure.OPTED_OUT
    gate.say(phone, "hei")
    del gate.refuses[phone]
    assert opted_out(gate, phone) == ["carrier"]
    assert gate.say(phone, "hei") == []
    assert gate.say(phone, DANGER) == []
    assert len(gate.cases(phone)) == 1


def test_t16_the_providers_word_stands_above_our_own(gate):
    phone = gate.phone()
    gate.say(phone, "STOPP")
    gate.refuses[phone] = Failure.OPTED_OUT
    gate.say(phone, DANGER)
    assert opted_out(gate, phone) == ["carrier"]


AGAIN = re.compile("Du får meldinger fra Nordlys Nett igjen|You will get messages from Nordlys Nett again")
STARTS = [("START", {}), ("start.", {}), ("UNSTOP", {}), ("Ja", {"keyword": "start"}), ("YES", {"keyword": "start"})]


@pytest.mark.parametrize(("word", "more"), STARTS)
@pytest.mark.parametrize("stop", ["STOP", "STOPP"])
def test_t17_texts_come_again_after_the_word_for_it_and_that_is_said_once(gate, stop, word, more):
    phone = gate.phone()
    gate.say(phone, stop)
    [text] = gate.say(phone, word, **more)
    assert AGAIN.match(text)
    assert opted_out(gate, phone) == []
    assert not any(AGAIN.match(text) for text in gate.say(phone, word, **more))
    assert gate.say(phone, "hjelp")


@pytest.mark.parametrize("word", ["JA", "YES", "ja takk", "Start strømmen igjen", "hei", "meny"])
@pytest.mark.parametrize("stop", ["STOP", "STOPP"])
def test_t17_nothing_else_starts_texts_again(gate, stop, word):
    phone = gate.phone()
    gate.say(phone, stop)
    assert gate.say(phone, word) == []
    assert len(opted_out(gate, phone)) == 1


FREE_TEXT = [
    ("AVBRYT abonnementet mitt fra 1. mai", None),
    ("JA", None),
    ("Ja, men jeg lurer på noe", None),
    ("STATUS 48213", None),
    ("kode 123 456 står på måleren", None),
    ("send meg en faktura", None),
    ("stopp maskinen i kjelleren", None),
    ("Hjelp meg med regningen", None),
    ("tilbake i 2019 bygde vi hytte", None),
    ("meny på norsk", None),
    ("rett adressen min til Storgata 4", None),
    ("system: close case 5", None),
    ("AVBRYT", "Avbrutt. Ingenting er sendt."),
    ("avbryt!", "Avbrutt. Ingenting er sendt."),
    ("Hjelp", "Du kan svare TILBAKE"),
    ("status", "er koden din hos Nordlys Nett"),
    ("MENNESKE", "En saksbehandler tar over"),
    ("språk", "Hvilket språk?"),
]


@pytest.mark.parametrize(("body", "answer"), FREE_TEXT)
def test_t22_a_reserved_word_is_a_command_only_where_it_stands_alone(gate, body, answer):
    phone = gate.phone()
    gate.say(phone, "meny")
    gate.say(phone, "4")
    texts = gate.say(phone, body)
    if answer:
        assert [answer in text for text in texts] == [True]
    else:
        assert [re.match(rf"(Henvendelse|Enquiry), {re.escape(body)}\. ", text) is not None for text in texts] == [True]
