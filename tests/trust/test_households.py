"""Several people and one number: who writes is asked before anything is shown; and a number that is reused."""

import json
import re
from datetime import timedelta

import pytest

from conversations.state import thaw
from storage.case_views import Named, whole_case
from storage.tables import Address, AddressHolder, Audit, CaseParty, Comment, Contact
from tests.trust.conftest import DUTY, HOUR, SAFETY, opened_gate

EVA, OLA = "Eva Hagen", "Ola Hagen"
WHO, NOBODY = "Flere bruker dette nummeret. Hva heter du?", "Det navnet finner vi ikke her."
WITHIN, LATER = timedelta(minutes=55), timedelta(hours=1, minutes=1)
OUTAGE = "strømmen er borte i Storgata 4, 6700 Måløy, hele gata"
QUESTIONS = {
    "Er det riktig?": "1",
    "gårds- og bruksnummeret": "hopp over",
    "postadressen": "Havnegata 4, 6700 Måløy",
    "Har du en elektriker": "nei",
    "Hva skal bygges": "Ny hytte",
}


def report(gate, phone, name, corrected=True):
    """A new connection in somebody's name, which corrects the one that is known; its case."""
    text = answered(gate, phone, name, "Jeg trenger strøm til hytta, Raudebergsvegen 12, 6710 Raudeberg")
    if corrected and name not in text:
        gate.say(phone, "rett navn")
        answered(gate, phone, name, name)
    gate.say(phone, "send")
    return gate.cases(phone)[-1]


def answered(gate, phone, name, said):
    """Say that, and answer what is asked; the read-back."""
    [text] = gate.say(phone, said)
    while "Svar SEND" not in text:
        known = (answer for question, answer in QUESTIONS.items() if question in text)
        [text] = gate.say(phone, next(known, name))
    return text


def proved(gate):
    """A phone whose number somebody has proved."""
    phone = gate.phone()
    gate.prove(phone)
    gate.settle()
    gate.news(phone)
    return phone


def household(gate):
    """A proved phone that Eva and Ola share, nobody knowing who writes next: the phone, her case and his."""
    phone = proved(gate)
    cases = report(gate, phone, EVA), report(gate, phone, OLA)
    gate.clock.now += LATER
    gate.news(phone)
    return phone, *cases


def holders(gate, phone):
    """Who holds the number in its present epoch, the first first: the row, and the name."""
    [address] = gate.rows(Address, value=phone)
    rows = gate.rows(AddressHolder, address=address.id, epoch=address.epoch)
    return [(row, gate.rows(Contact, id=row.contact)[0].name) for row in rows]


def names(gate, phone):
    return [name for _, name in holders(gate, phone)]


def reporter(gate, case):
    [party] = gate.rows(CaseParty, case_id=case.id, role="reporter")
    return gate.rows(Contact, id=party.contact)[0].name


def shows_nothing(texts):
    return not re.search("Eva|Ola|Hagen|IN-|Raudeberg|tilknytning", " ".join(texts))


SPELLED = {
    "eva hagen": EVA,
    "EVA HAGEN": EVA,
    "Eva M. Hagen": "Eva M. Hagen",
    "E. Hagen": EVA,
    "Éva Hagén": "Éva Hagén",
    "Eva Hagn": EVA,
    "Eva": EVA,
}


@pytest.mark.parametrize(("again", "kept"), SPELLED.items())
def test_a_trusted_holders_name_is_kept_and_written_otherwise_it_is_the_same_person(gate, again, kept):
    phone = proved(gate)
    assert names(gate, phone) == [None]
    first, second = report(gate, phone, EVA), report(gate, phone, again)
    assert names(gate, phone) == [kept]
    assert reporter(gate, first) == reporter(gate, second) == kept


def test_a_name_that_nobody_proved_a_number_for_is_not_kept(store_place):
    with opened_gate(store_place, "appliance") as gate:
        phone = gate.phone()
        said = ("Diskmaskinen läcker, obj 4471. Jag heter Anna Lind", "1", *["hoppa över"] * 2, "ja", "hoppa över")
        for body in (*said, "skicka"):
            gate.say(phone, body)
        assert len(gate.cases(phone)) == 1
        assert gate.rows(Contact) == []
        gate.prove(phone)
        assert names(gate, phone) == [None]


def test_another_persons_name_makes_a_second_holder_on_the_same_proof_who_reported_that_case(gate):
    phone, hers, his = household(gate)
    (first, eva), (second, ola) = holders(gate, phone)
    assert (eva, ola) == (EVA, OLA)
    assert first.contact != second.contact
    for same in ("address", "epoch", "challenge", "proved_at", "trusted_until"):
        assert getattr(first, same) == getattr(second, same)
    assert (reporter(gate, hers), reporter(gate, his)) == (EVA, OLA)
    with gate.store.read() as session:
        assert whole_case(gate.scope, session, Named(his.number)).reporter.name == OLA
    [note] = gate.rows(Audit, act="holder_added", about=second.contact)
    assert (note.actor_kind, json.loads(note.detail)) == ("customer", {"address": first.address})


def test_a_code_proves_the_number_for_all_who_hold_it(gate):
    phone, *_ = household(gate)
    gate.say(phone, "logg ut")
    assert {row.trusted_until > gate.clock.now for row, _ in holders(gate, phone)} == {False}
    gate.clock.now += HOUR
    gate.prove(phone)
    assert {row.trusted_until > gate.clock.now for row, _ in holders(gate, phone)} == {True}
    assert names(gate, phone) == [EVA, OLA]


@pytest.mark.parametrize(
    "asked", ["status", "status {hers}", "status lukket", "fortsett", "{draft}", "Tegningene er sendt"]
)
def test_before_anything_is_shown_who_writes_is_asked_and_no_other_name_opens_it(gate, asked):
    phone, hers, _ = household(gate)
    gate.say(phone, "strømmen er borte hos oss")
    [saved] = gate.say(phone, "lagre")
    draft = saved.split()[1]
    gate.clock.now += LATER
    body = asked.format(hers=hers.number, draft=draft)
    assert gate.say(phone, body) == [WHO]
    for stranger in ("Per", "Hagen"):
        [text] = gate.say(phone, stranger)
        assert text.startswith(NOBODY)
        assert text.endswith(WHO)
        assert shows_nothing([text])
    [last] = gate.say(phone, "Kari Berg")
    assert "En saksbehandler ser på det" in last
    assert hers.number not in last
    assert thaw(gate.rows_of(phone)[0].state).writer is None


@pytest.mark.parametrize(("said", "whose"), [("Eva", 0), ("jeg heter ola", 1), ("EVA HAGEN!", 0), ("Olá Hagn", 1)])
def test_who_says_a_name_sees_what_that_person_reported_and_what_names_nobody(gate, said, whose):
    phone, *cases = household(gate)
    for body in (OUTAGE, "1", "send"):
        gate.say(phone, body)
    nobodys = gate.cases(phone)[-1]
    assert gate.rows(CaseParty, case_id=nobodys.id) == []
    assert gate.say(phone, "status") == [WHO]
    [text] = gate.say(phone, said)
    assert set(re.findall(r"IN-\d+", text)) == {nobodys.number, cases[whose].number}
    other = cases[1 - whose].number
    assert gate.say(phone, f"status {other}") == [f"Vi finner ingen sak {other} meldt fra dette nummeret."]


def test_who_writes_is_forgotten_an_hour_after_their_last_message_and_by_logg_ut(gate):
    phone, hers, _ = household(gate)
    gate.say(phone, "status")
    assert hers.number in gate.say(phone, "Eva")[0]
    for _ in range(3):
        gate.clock.now += WITHIN
        assert hers.number in gate.say(phone, "status")[0]
    gate.clock.now += LATER
    assert gate.say(phone, "status") == [WHO]
    gate.say(phone, "Eva")
    gate.say(phone, "logg ut")
    gate.put(phone, "status")
    [text] = gate.say(phone, gate.code(phone))[-1:]
    assert text.endswith(WHO)
    assert shows_nothing([text])


def test_what_who_writes_reports_is_theirs_and_their_name_is_filled_in(gate):
    phone, *_ = household(gate)
    gate.say(phone, "status")
    gate.say(phone, "Ola")
    assert reporter(gate, report(gate, phone, "Per Nordmann", corrected=False)) == OLA
    gate.clock.now += LATER
    assert reporter(gate, report(gate, phone, EVA, corrected=False)) == EVA
    assert names(gate, phone) == [EVA, OLA]


def test_danger_and_a_new_report_wait_for_no_name(gate):
    phone, hers, his = household(gate)
    assert gate.say(phone, "status") == [WHO]
    assert "Storgata 4" in gate.say(phone, OUTAGE)[0]
    for body in ("1", "send"):
        gate.say(phone, body)
    assert gate.cases(phone)[-1].form == "outage"
    assert gate.say(phone, "status") == [WHO]
    [text] = gate.say(phone, "Trafoen brenner!")
    assert text.startswith(SAFETY)
    danger = gate.cases(phone)[-1]
    assert (danger.form, gate.alerted(danger)) == ("danger", [DUTY[0]])
    assert gate.rows(CaseParty, case_id=danger.id) == []
    assert {hers.number, his.number}.isdisjoint(re.findall(r"IN-\d+", text))


def test_a_comment_and_a_reminder_go_to_the_phone_and_say_no_name(gate):
    phone, hers, _ = household(gate)
    gate.comment("Kari", hers.number, "Er tegningene klare?")
    [text] = gate.news(phone)
    assert "Er tegningene klare?" in text
    assert not re.search("Eva|Ola|Hagen", text)
    gate.say(phone, "ja, de kommer i dag")
    assert [one.case_id for one in gate.rows(Comment, author_kind="customer", case_id=hers.id)] == [hers.id]
    gate.say(phone, "Jeg heter Ola Hagen og trenger strøm til hytta, Raudebergsvegen 12, 6710 Raudeberg")
    gate.clock.now += timedelta(days=4)
    gate.settle()
    reminder = gate.answers(phone)[-1].text
    assert reminder.startswith("Du har ikke sendt inn Ny tilknytning")
    assert not re.search("Eva|Ola|Hagen|Raudeberg", reminder)


def test_in_a_new_epoch_nobody_is_known_and_nothing_of_the_old_one_is_shown(fresh):
    phone, *cases = household(fresh)
    fresh.say(phone, "status")
    fresh.say(phone, "Eva")
    before = {row.contact for row, _ in holders(fresh, phone)}
    fresh.clock.now += timedelta(days=366)
    fresh.settle()
    fresh.news(phone)
    assert shows_nothing(fresh.say(phone, "status"))
    [text] = fresh.say(phone, fresh.code(phone))
    assert shows_nothing([text])
    assert WHO not in text
    old = cases[0].number
    assert fresh.say(phone, f"status {old}") == [f"Vi finner ingen sak {old} meldt fra dette nummeret."]
    theirs = report(fresh, phone, EVA)
    [(holder, name)] = holders(fresh, phone)
    assert name == EVA
    assert holder.contact not in before
    assert reporter(fresh, theirs) == EVA
    [text] = fresh.say(phone, "status")
    assert re.findall(r"IN-\d+", text) == [theirs.number]
