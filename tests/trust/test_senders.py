"""Who a text says it is from: forged, nobody, ourselves, or a machine that answers everything."""

from datetime import timedelta

import pytest

from conversations import limits
from storage.tables import Alert, Case, Challenge, Comment
from tests.stored_stage import Clock
from tests.trust.conftest import DAY, DUTY, OURS, QUARTER, SAFETY, most_within, opened_gate

DANGER = "Trafoen brenner!"
OUTAGE = "strømmen er borte i Storgata 4, 6700 Måløy, bare hos oss"
SAFE = ("Feil kode", "er koden din hos Nordlys Nett", "Vi har sendt", "Koden er på vei", "Takk, det er lagt i sak")


def report(gate, phone):
    """A power cut, sent in; its case."""
    for body in (OUTAGE, "ja", "ja", "send"):
        gate.say(phone, body)
    return gate.cases(phone)[-1]


def test_t13_a_spoofed_sender_may_report_but_reads_nothing(gate):
    victim, attacker = gate.phone(), gate.phone()
    number = report(gate, victim).number
    for body in ("status", f"status {number}", f"{number} hva skjer?", "000000", "mine saker", "ny kode", "meny", "1"):
        for text in gate.say(victim, body):
            assert "Strømbrudd, mottatt" not in text
            assert "Storgata" not in text
    assert gate.news(attacker) == []
    assert gate.deliveries(attacker) == []
    gate.put(victim, DANGER)
    assert gate.cases(victim)[-1].form == "danger"
    assert gate.case(number).comments == (f"{number} hva skjer?",)


@pytest.mark.parametrize("trusted", [False, True], ids=["not proved", "proved before"])
def test_t13_a_comment_is_marked_as_its_sender_is_not_proved_anew(gate, trusted):
    victim = gate.phone()
    case = report(gate, victim)
    if trusted:
        gate.prove(victim)
    gate.put(victim, f"{case.number} ring meg heller på 90 00 00 00")
    [comment] = gate.rows(Comment, case_id=case.id)
    assert (comment.author_kind, comment.evidence) == ("customer", "wrote")


def test_t13_what_a_trusted_number_reported_goes_to_that_number_alone(gate):
    victim = gate.phone()
    number = report(gate, victim).number
    gate.prove(victim)
    before = {phone: len(texts) for phone, texts in gate.sent.items()}
    assert any(number in text for text in gate.say(victim, "status"))
    gate.news(victim)
    assert {phone for phone, texts in gate.sent.items() if len(texts) != before.get(phone, 0)} == {victim}


def test_t13_trust_ends_with_its_time_and_by_word(gate):
    victim = gate.phone()
    number = report(gate, victim).number
    gate.prove(victim)
    gate.say(victim, "logg ut")
    assert not any(number in text for text in gate.say(victim, "status"))
    assert gate.say(victim, gate.code(victim))
    gate.clock.now += timedelta(days=91)
    assert not any(number in text for text in gate.say(victim, "status"))


NOBODY = ["Posten", "VIPPS", "12345", "1881", "", " ", "anonymous", "unknown", "+47", "+0", "0047900", "+47 900 00 000"]


@pytest.mark.parametrize("sender", NOBODY, ids=repr)
def test_t14_who_cannot_be_answered_is_heard_and_gets_nothing(gate, sender):
    said = ["hei", "status", "kode", "strømmen er borte", "START", "meny", "1", "menneske", "", "123456"]
    for body in said:
        gate.put(sender, body)
    gate.settle()
    assert [row.text for row in gate.taken(sender)] == said
    assert gate.answers(sender) == gate.news(sender) == []
    assert {row.state for row in gate.deliveries(sender)} <= {"withheld"}
    assert gate.rows(Challenge, destination=sender) == []


@pytest.mark.parametrize("sender", [*NOBODY, *OURS], ids=repr)
def test_t14_t15_danger_from_who_cannot_be_answered_is_filed_and_alerted(gate, sender):
    gate.put(sender, DANGER)
    case = gate.cases(sender)[-1]
    assert (case.form, case.status) == ("danger", "reported")
    [alert] = gate.rows(Alert, case_id=case.id)
    assert [row.recipient for row in gate.rows_about(alert.id)] == [DUTY[0]]
    assert gate.answers(sender) == []


def test_t14_what_a_caseworker_writes_to_who_cannot_be_answered_is_withheld(gate):
    gate.put("Bravida", DANGER)
    [case] = gate.cases("Bravida")
    gate.comment("Kari", case.number, "Hvem er dette?")
    assert gate.news("Bravida") == []
    assert {row.state for row in gate.deliveries("Bravida")} == {"withheld"}


@pytest.mark.parametrize("ours", OURS)
def test_t15_our_own_number_gets_no_answer(gate, ours):
    for body in ("hei", "kode", "meny", "status"):
        assert gate.say(ours, body) == []
    assert len(gate.taken(ours)) == 4
    assert gate.rows(Challenge, destination=ours) == []


@pytest.mark.parametrize("peer", ["grid", "software", "appliance"])
@pytest.mark.parametrize("begins", ["hei", "det gnistret i går"])
def test_t15_two_gateways_that_text_each_other_fall_silent(sqlite, peer, begins):
    clock, last = Clock(), ""
    with opened_gate(sqlite, clock=clock) as one, opened_gate(sqlite, peer, ("+4759440009",), clock) as two:
        sides = ((one, two), (two, one))
        two.put(one.number, begins)
        said = {gate: [] for gate, _ in sides}
        for _ in range(60):
            two.settle()
            one.move_clock(timedelta(seconds=1))
            heard = [(gate, other, text) for gate, other in sides for text in gate.news(other.number)]
            for gate, other, text in heard:
                said[gate].append(clock.now)
                other.put(gate.number, text)
            if not heard:
                clock.now += timedelta(minutes=10)
        assert clock.now > clock.now.replace(hour=0) + timedelta(hours=8), "they never fell silent"
        for gate, other in sides:
            assert 0 < most_within(said[gate], DAY) <= 20
            assert len(gate.taken(other.number)) == len(said[other]) + (gate is two)
    assert last == ""


AUTORESPONDERS = {
    "nothing moves": "Autosvar: jeg er på ferie",
    "a word": "hjelp",
    "thanks": "takk",
    "an empty text": "",
    "nothing, then thanks": ("avbryt", "takk"),
    "perhaps a danger": "det gnistret i går",
    "a danger": DANGER,
    "a menu": ("meny", "4", "Autosvar fra Ola"),
}


@pytest.mark.parametrize("answers", AUTORESPONDERS.values(), ids=AUTORESPONDERS)
def test_t15_who_answers_everything_gets_few_answers(gate, answers):
    phone, times = gate.phone(), (answers,) if isinstance(answers, str) else answers
    begin = gate.clock.now
    heard = 0
    while gate.clock.now < begin + timedelta(hours=2):
        gate.put(phone, times[heard % len(times)])
        heard += 1
        gate.clock.now += timedelta(seconds=100)
        tell_due(gate, phone)
    answered = gate.answers(phone)
    assert len(gate.taken(phone)) == heard
    assert most_within([row.at for row in answered if not row.moved], QUARTER) <= 5
    assert most_within([row.at for row in answered if not row.moved], DAY) <= 20
    assert most_within([row.at for row in answered], QUARTER) <= 40
