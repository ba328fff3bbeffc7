"""Those on call: told in their order until one of them says the word, and the customer learns it once."""

from datetime import timedelta

import pytest

from channels.contract import Failure
from storage import alert_work
from storage.tables import Alert, AlertSent, Audit, CaseValue, Comment, Conversation, PendingInput
from tests.trust.conftest import DAY, DUTY, HOUR

DANGER = "Trafoen brenner!"
SEEN, THANKS = "Vakta har sett meldingen din om sak", "er kvittert, og melderen får vite det"
BY_OTHER = "er kvittert av en annen på vakt"
FIRST, SECOND = DUTY
STEP = timedelta(minutes=5)


@pytest.fixture
def alert(fresh):
    """An alert that has just gone to the first number."""
    return raised(fresh, fresh.phone())


def raised(gate, phone):
    gate.say(phone, DANGER)
    [case] = gate.cases(phone)
    [alert] = gate.rows(Alert, case_id=case.id)
    assert any(f"Svar {alert.word} når du har sett dette" in text for text in gate.news(FIRST))
    return alert


def now(gate, alert):
    return gate.rows(Alert, id=alert.id)[0]


def reporter(gate, alert):
    [conversation] = gate.rows(Conversation, id=alert.conversation)
    return conversation.their_address


def other_word(alert):
    return f"{(int(alert.word) + 1) % 10_000:04}"


def told(gate, number):
    return [text for text in gate.sent.get(number, []) if text.startswith("FARE ")]


def test_the_numbers_are_told_in_their_order_every_five_minutes_and_round_again(fresh, alert):
    order = [FIRST]
    begin = now(fresh, alert).raised_at
    for step in range(1, 6):
        fresh.clock.now = begin + step * STEP - timedelta(seconds=1)
        fresh.settle()
        assert fresh.alerted(case_of(fresh, alert)) == order
        fresh.clock.now = begin + step * STEP
        fresh.settle()
        order.append(DUTY[step % 2])
        assert fresh.alerted(case_of(fresh, alert)) == order
    assert (len(told(fresh, FIRST)), len(told(fresh, SECOND))) == (3, 3)
    assert len(set(told(fresh, FIRST) + told(fresh, SECOND))) == 1


def case_of(gate, alert):
    return gate.cases(reporter(gate, alert))[0]


@pytest.mark.parametrize("failure", [Failure.INVALID_NUMBER, Failure.UNALLOCATED, Failure.OPTED_OUT])
def test_where_a_number_cannot_be_reached_the_next_is_told_at_once(fresh, failure):
    fresh.refuses[FIRST] = failure
    phone = fresh.phone()
    fresh.say(phone, DANGER)
    assert len(told(fresh, SECOND)) == 1
    [alert] = fresh.rows(Alert)
    assert THANKS in fresh.say(SECOND, alert.word)[-1]


def test_where_no_number_can_be_reached_none_is_told_every_second(fresh):
    fresh.refuses = dict.fromkeys(DUTY, Failure.INVALID_NUMBER)
    fresh.say(fresh.phone(), DANGER)
    for _ in range(3):
        fresh.move_clock(STEP)
    [alert] = fresh.rows(Alert)
    assert 4 <= alert.step <= 6
    assert alert.acknowledged_at is None


WORDS = ["{word}", " {word}.", "ok {word}", "{word} om 5 min", "{word} er på vei", "Kvittert: {word}!"]
NO_WORDS = ["{other}", "ok", "{word}1", "1{word}", "{word} {other}", "", "SEND", "ja"]


@pytest.mark.parametrize("said", WORDS)
def test_the_word_from_a_number_that_was_alerted_acknowledges(fresh, alert, said):
    [thanks] = fresh.say(FIRST, said.format(word=alert.word))
    assert THANKS in thanks
    seen = now(fresh, alert)
    assert (seen.acknowledged_by, seen.acknowledged_at) == (FIRST, fresh.rows(Audit, act="alert_acknowledged")[0].at)
    assert [text for text in fresh.news(reporter(fresh, alert)) if SEEN in text]
    for _ in range(3):
        fresh.move_clock(DAY)
    assert (told(fresh, SECOND), len(told(fresh, FIRST))) == ([], 1)


def test_nothing_but_the_word_acknowledges(fresh, alert):
    for said in NO_WORDS:
        fresh.say(FIRST, said.format(word=alert.word, other=other_word(alert)))
    assert now(fresh, alert).acknowledged_at is None
    assert not any(SEEN in text for text in fresh.sent[reporter(fresh, alert)])
    assert len(fresh.taken(FIRST)) == len(NO_WORDS)
    fresh.move_clock(STEP)
    assert len(told(fresh, SECOND)) == 1


def test_a_report_of_a_phone_on_call_is_taken_as_anybodys_while_an_alert_stands(fresh, alert):
    for said in ("Strømmen er borte hos oss", "Storgata 3, 6700 Måløy", "1", "1", "1", "send"):
        fresh.say(FIRST, said)
    [outage] = fresh.cases(FIRST)
    assert "Storgata 3" in "".join(value.shown for value in fresh.rows(CaseValue, case_id=outage.id))
    assert fresh.rows(Comment, case_id=alert.case_id) == []
    assert THANKS in fresh.say(FIRST, f"{alert.word} kjører nå")[-1]


def test_the_yes_of_a_phone_on_call_to_its_own_danger_opens_it(fresh, alert):
    assert "Er det fare" in fresh.say(FIRST, "stolpen utenfor huset vårt er litt skadet")[-1]
    fresh.say(FIRST, "ja")
    assert len(fresh.cases(FIRST)) == 1
    assert len(fresh.rows(Alert)) == 2


def test_addresses_with_a_postcode_are_no_wrong_words(fresh, alert):
    fresh.say(FIRST, "Strømmen er borte hos oss")
    for number in range(6):
        fresh.say(FIRST, f"Storgata {number}, 6700 Måløy")
    assert THANKS in fresh.say(FIRST, alert.word)[-1]


def test_the_word_acknowledges_nothing_from_a_number_that_was_not_alerted(fresh, alert):
    stranger = fresh.phone()
    for number in (stranger, reporter(fresh, alert), SECOND, "Vakta", ""):
        fresh.say(number, alert.word)
        assert now(fresh, alert).acknowledged_at is None
    fresh.move_clock(STEP)
    assert [row.number for row in fresh.rows(AlertSent)] == list(DUTY)
    assert THANKS in fresh.say(SECOND, alert.word)[-1]


def test_the_word_of_one_alert_acknowledges_no_other(fresh, alert, monkeypatch):
    monkeypatch.setattr(fresh.dice, "word", lambda: other_word(alert))
    other = raised(fresh, fresh.phone())
    fresh.say(FIRST, other.word)
    assert now(fresh, alert).acknowledged_at is None
    assert now(fresh, other).acknowledged_by == FIRST


def assert_acknowledged_once(gate, alert):
    assert [row.about for row in gate.rows(Audit, act="alert_acknowledged")] == [alert.id]
    assert len(gate.rows(PendingInput, kind="alert_acknowledged")) == 1
    assert sum(SEEN in text for text in gate.sent[reporter(gate, alert)]) == 1


def test_said_twice_it_counts_once_and_the_customer_is_told_once(fresh, alert):
    fresh.move_clock(STEP)
    by = [FIRST, FIRST, SECOND, FIRST]
    for number in by:
        fresh.say(number, alert.word)
    by_api = fresh.do(lambda work: alert_work.acknowledge(work, fresh.scope, fresh.dice, fresh.fronts, alert.id))
    assert by_api.acknowledged_by == now(fresh, alert).acknowledged_by == FIRST
    fresh.settle()
    assert sum(THANKS in text for number in DUTY for text in fresh.sent[number]) == 1
    assert sum(BY_OTHER in text for text in fresh.sent[SECOND]) == 1
    assert_acknowledged_once(fresh, alert)


def test_of_two_at_once_and_the_api_one_acknowledges_and_the_customer_is_told_once(fresh, alert):
    fresh.move_clock(STEP)
    with fresh.others(3) as stores:
        by_api = stores[2].write(
            lambda work: alert_work.acknowledge(work, fresh.scope, fresh.dice, fresh.fronts, alert.id)
        )
        fresh.at_once(stores[:2], [(FIRST, alert.word), (SECOND, alert.word)] * 3)
        assert by_api.result(20).acknowledged_at is not None
    fresh.settle()
    assert_acknowledged_once(fresh, alert)


def test_the_customer_is_told_nothing_before_it_is_true(fresh, alert):
    fresh.move_clock(HOUR)
    assert not any("har sett" in text for text in fresh.sent[reporter(fresh, alert)])
    assert "Vi varsler vakta" in fresh.sent[reporter(fresh, alert)][0]


def test_danger_again_after_it_was_seen_alerts_anew_from_the_first(fresh, alert):
    fresh.move_clock(STEP)
    fresh.say(FIRST, alert.word)
    phone = reporter(fresh, alert)
    before = len(fresh.alerted(case_of(fresh, alert)))
    fresh.say(phone, "Det brenner fortsatt, og nå ligger linja på veien!")
    assert now(fresh, alert).acknowledged_at is None
    assert fresh.alerted(case_of(fresh, alert))[before] == FIRST
    fresh.move_clock(STEP)
    # When he was late, with the first anew, and again as nobody answered.
    assert len(told(fresh, SECOND)) == 3
    fresh.say(SECOND, alert.word)
    assert sum(SEEN in text for text in fresh.sent[phone]) == 2
    assert len(fresh.cases(phone)) == 1


def test_danger_after_danger_rings_thrice_a_minute_at_the_most(fresh, alert):
    phone = reporter(fresh, alert)
    for meters in range(20):
        fresh.say(phone, f"Det brenner {meters} meter fra huset!")
    assert len(told(fresh, FIRST)) == 3
    fresh.move_clock(timedelta(seconds=61))
    fresh.say(phone, "Det brenner i huset!")
    assert len(told(fresh, FIRST)) == 4
    on_case = "".join(value.words for value in fresh.rows(CaseValue, case_id=alert.case_id))
    assert all(f"brenner {meters} meter fra huset" in on_case for meters in range(20))


def test_who_writes_on_and_on_rings_twenty_times_an_hour_at_the_most(fresh, alert):
    phone = reporter(fresh, alert)
    fresh.say(FIRST, alert.word)
    for number in range(30):
        fresh.say(phone, f"jeg ser {number} biler nå")
        fresh.move_clock(timedelta(seconds=30))
    assert len(more_told(fresh)) == 19
    fresh.move_clock(HOUR)
    fresh.say(phone, "det kom en bil til")
    assert len(more_told(fresh)) == 20


def test_a_postcode_answers_the_phone_s_own_form(fresh, alert):
    fresh.say(FIRST, "Strømmen er borte")
    assert "ordet" not in fresh.say(FIRST, "6700")[-1]
    assert THANKS in fresh.say(FIRST, alert.word)[-1]


def more_told(gate):
    return [text for text in gate.sent[FIRST] if text.startswith("Mer om")]


def test_after_five_wrong_words_within_an_hour_no_word_is_read(fresh, alert):
    wrong = other_word(alert)
    answers = [text for _ in range(5) for text in fresh.say(FIRST, wrong)]
    assert "For mange feil ord" in answers[-1]
    fresh.say(FIRST, alert.word)
    assert now(fresh, alert).acknowledged_at is None
    fresh.move_clock(timedelta(minutes=61))
    fresh.say(FIRST, alert.word)
    assert now(fresh, alert).acknowledged_at is not None


def test_what_stands_beside_the_word_goes_onto_the_case_for_caseworkers(fresh, alert):
    fresh.say(FIRST, f"{alert.word} kjører nå, brann bekreftet")
    [comment] = fresh.rows(Comment, case_id=alert.case_id)
    assert (comment.public, comment.author_kind, comment.author_id) == (False, "on_call", FIRST)
    assert len(fresh.rows(Alert)) == 1


def test_who_is_late_with_the_word_is_told_so(fresh, alert):
    fresh.move_clock(STEP)
    fresh.say(FIRST, alert.word)
    [text] = fresh.say(SECOND, alert.word)[-1:]
    assert text.endswith("er alt kvittert.")


def test_who_opted_out_at_the_carrier_is_told_nothing(fresh, alert):
    phone = reporter(fresh, alert)
    fresh.say(phone, "STOP")
    fresh.say(FIRST, alert.word)
    assert not any(SEEN in text for text in fresh.sent[phone])
    assert len(fresh.rows(PendingInput, kind="alert_acknowledged", outcome="turn")) == 1


def test_a_duty_engineer_who_wants_no_texts_is_alerted_all_the_same(fresh):
    fresh.say(FIRST, "STOPP")
    fresh.say(fresh.phone(), DANGER)
    assert len(told(fresh, FIRST)) == 1


def test_danger_reported_by_a_duty_engineer_is_filed_as_anybodys(fresh):
    fresh.say(SECOND, DANGER)
    [case] = fresh.cases(SECOND)
    assert fresh.alerted(case) == [FIRST]


AT_MAST = "Linja henger lavt ved mast 1042"


def test_reports_of_one_mast_in_several_processes_at_once_are_one_place_that_somebody_answers_for(fresh):
    phones = [fresh.phone() for _ in range(8)]
    with fresh.others(2) as stores:
        fresh.at_once(stores, [(phone, AT_MAST) for phone in phones])
    fresh.settle()
    alerts = fresh.rows(Alert)
    assert len(alerts) == len({alert.case_id for alert in alerts}) == len(phones)
    standing = {alert.id: alert for alert in alerts if alert.merged_into is None}
    assert all(alert.id in standing or alert.merged_into in standing for alert in alerts)
    later = fresh.phone()
    fresh.say(later, AT_MAST)
    assert fresh.rows(Alert, case_id=fresh.cases(later)[0].id)[0].merged_into in standing
    for alert in standing.values():
        fresh.say(FIRST, alert.word)
    assert all(alert.acknowledged_at for alert in fresh.rows(Alert))
    assert all(any(SEEN in text for text in fresh.sent[phone]) for phone in (*phones, later))
