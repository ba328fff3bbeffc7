"""Who a text says it is from: forged, nobody, ourselves, or a machine that answers everything."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from gateway.jobs.alarms import Alarms
from storage.tables import Challenge, Comment
from tests.stored_stage import Clock
from tests.trust.conftest import DAY, DUTY, HOUR, OURS, QUARTER, most_within, opened_gate

PEER = "+4759440009"

DANGER = "Trafoen brenner!"
OUTAGE = "strømmen er borte i Storgata 4, 6700 Måløy, bare hos oss"


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
    said = ["hei", "status", "kode", "strømmen er borte", "START", "meny", "2", "menneske", "", "123456"]
    for body in said:
        gate.put(sender, body)
    gate.settle()
    assert [row.text for row in gate.taken(sender)] == said
    assert gate.answers(sender) == gate.news(sender) == []
    assert {row.state for row in gate.deliveries(sender)} <= {"withheld"}
    assert gate.rows(Challenge, destination=sender) == []


@pytest.mark.parametrize("sender", [*NOBODY, *OURS], ids=repr)
def test_t14_t15_danger_from_who_cannot_be_answered_is_filed_and_alerted(gate, sender):
    gate.put(sender, DANGER, OURS[1])
    case = gate.cases(sender)[-1]
    assert (case.form, case.status) == ("danger", "reported")
    assert gate.alerted(case) == [DUTY[0]]
    assert gate.answers(sender) == []


def test_t14_what_a_caseworker_writes_to_who_cannot_be_answered_is_withheld(gate):
    gate.put("Bravida", DANGER)
    [case] = gate.cases("Bravida")
    gate.comment("Kari", case.number, "Hvem er dette?")
    assert gate.news("Bravida") == []
    assert {row.state for row in gate.deliveries("Bravida")} == {"withheld"}


@pytest.mark.parametrize("ours", OURS)
def test_t15_our_own_number_gets_no_answer(gate, ours):
    before = len(gate.taken(ours))
    for body in ("hei", "kode", "meny", "status"):
        assert gate.say(ours, body) == []
    assert len(gate.taken(ours)) == before + 4
    assert gate.rows(Challenge, destination=ours) == []


@pytest.mark.parametrize(("peer", "begins"), [("grid", "hei"), ("grid", "det gnistret i går"), ("software", "hei")])
def test_t15_two_gateways_that_text_each_other_fall_silent(store_place, peer, begins):
    clock = Clock()
    with opened_gate(store_place, clock=clock) as one, opened_gate(store_place, peer, (PEER,), clock) as two:
        two.put(one.number, begins)
        silent_since = clock.now
        for _ in range(60):
            said = [(gate, other, text) for gate, other in ((one, two), (two, one)) for text in spoken(gate, other)]
            for gate, other, text in said:
                other.put(gate.number, text)
                silent_since = clock.now
            clock.now += timedelta(seconds=5) if said else timedelta(minutes=5)
            if clock.now - silent_since > HOUR:
                break
        else:
            pytest.fail("they never fell silent")
        assert_few(one.answers(two.number), most=5)
        assert_few(two.answers(one.number), most=5)
        assert len(one.taken(two.number)) == len(two.answers(one.number)) > 0


def spoken(gate, other):
    gate.settle()
    return gate.news(other.number)


def assert_few(answers, most):
    idle = [row.at for row in answers if not row.moved]
    assert most_within(idle, QUARTER) <= 5
    assert most_within(idle, DAY) <= 20
    assert most_within([row.at for row in answers], QUARTER) <= most


AUTORESPONDERS = {
    "nothing moves": (("Autosvar: jeg er på ferie",), 5),
    "an empty text": (("",), 5),
    "nothing, then thanks": (("avbryt", "takk"), 40),
    "perhaps a danger": (("det gnistret i går",), 7),
    "perhaps a danger, then nothing": (("det gnistret i går", *["Autosvar: jeg er på ferie"] * 50), 6),
}


@pytest.mark.parametrize(("answers", "most"), AUTORESPONDERS.values(), ids=AUTORESPONDERS)
def test_t15_a_machine_that_answers_everything_is_answered_no_more(gate, answers, most):
    phone, begin, heard = gate.phone(), gate.clock.now, 0
    while gate.clock.now < begin + timedelta(minutes=50):
        gate.put(phone, answers[heard % len(answers)])
        heard += 1
        gate.clock.now += timedelta(minutes=1)
        gate.tell()
    assert len(gate.taken(phone)) == heard
    assert_few(gate.answers(phone), most)


def test_t15_turns_that_move_nothing_get_five_answers_a_quarter_and_twenty_a_day(gate):
    phone = gate.phone()
    for _ in range(6):
        for body in ("avbryt", "takk") * 6:
            gate.put(phone, body)
        gate.clock.now += QUARTER
    idle = [row.at for row in gate.answers(phone) if not row.moved]
    assert (most_within(idle, QUARTER), most_within(idle, DAY)) == (5, 20)
    assert len(gate.taken(phone)) == 72
    assert {row.disposition for row in gate.taken(phone)} == {"turn"}
    gate.clock.now += DAY
    gate.put(phone, "avbryt")
    assert not gate.answers(phone)[-1].moved


def test_t15_a_conversation_that_falls_silent_rings_an_alarm_once(store_place):
    with opened_gate(store_place) as gate, capture_logs() as logs:
        alarms, phone = Alarms(gate.store), gate.phone()
        for n in range(12):
            gate.put(phone, ("avbryt", "takk")[n % 2])
            alarms()
        alarms()
        gate.clock.now += HOUR + HOUR
        alarms()
    assert [(one["log_level"], one["what"], one["tenant"], one["how_many"]) for one in logs if "what" in one] == [
        ("error", "answers_braked", "nordlys", 1)
    ]
    assert phone[3:] not in str(logs)


@pytest.mark.parametrize("body", ["takk", DANGER])
def test_t15_a_conversation_that_makes_progress_has_room(gate, body):
    phone = gate.phone()
    for _ in range(4):
        for _ in range(44):
            gate.put(phone, body)
        gate.clock.now += QUARTER
    given = [row.at for row in gate.answers(phone)]
    assert (most_within(given, QUARTER), most_within(given, DAY)) == (40, 120)
    assert len(gate.taken(phone)) == 176
    assert {row.failure for row in gate.deliveries(phone, state="withheld")} == {"brake"}


def test_t15_an_answer_after_a_braked_one_is_read_against_the_question_that_was_seen(gate):
    phone = gate.phone()
    gate.say(phone, "strømmen er borte i Storgata 4, 6700 Måløy")
    for _ in range(5):
        for text in ("æøå", "nei", "Storgata 4, 6700 Måløy"):
            assert gate.say(phone, text)
    assert gate.say(phone, "æøå") == []
    [next_question] = gate.say(phone, "ja")
    assert next_question.startswith("Hvem er uten strøm?")
