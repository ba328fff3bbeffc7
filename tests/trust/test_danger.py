"""Danger wins over every limit: it is filed and alerted at once, in the transaction that keeps its message."""

from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, NamedTuple

import pytest

from conversations.effects import DeliveryClass
from gateway.jobs import intake
from storage.tables import CaseValue
from tests.trust.conftest import DUTY, OURS, SAFETIES, wrong

DANGER = "Stolpen ved Furuneset har knekt og det gnistrer!"
COOL_DOWN = timedelta(seconds=121)


def fail(*given):
    raise RuntimeError


def over_the_brakes(gate, phone):
    for _ in range(44):
        gate.put(phone, "takk")
    assert gate.deliveries(phone)[-1].failure == "brake"


def idle_over_the_brakes(gate, phone):
    for _ in range(8):
        gate.put(phone, "takk")
        gate.put(phone, "avbryt")
    assert gate.deliveries(phone)[-1].failure == "brake"


def over_the_code_limits(gate, phone):
    for _ in range(4):
        gate.put(phone, "kode")
        gate.clock.now += COOL_DOWN
    assert "så mange koder vi kan på en time" in gate.answers(phone)[-1].text


def out_of_tries(gate, phone):
    for to in OURS[:2]:
        code = gate.ask_code(phone, to)
        for by in range(1, 6):
            gate.put(phone, wrong(code, by), to)
    gate.put(phone, "kode")
    assert "mange feil koder" in gate.answers(phone)[-1].text


def handed_over(gate, phone):
    gate.put(phone, "menneske")


def weary(gate, phone):
    for _ in range(4):
        gate.put(phone, "avbryt")


def in_mid_form(gate, phone):
    gate.put(phone, "strømmen er borte")
    gate.settle()


def at_the_read_back(gate, phone):
    gate.say(phone, "strømmen er borte i Storgata 4, 6700 Måløy, hele gata")
    gate.say(phone, "ja")


def asked_whether(gate, phone):
    gate.put(phone, "det gnistret i går")


def signed_out(gate, phone):
    gate.prove(phone)
    gate.put(phone, "logg ut")


def unreadable(gate, phone):
    gate.put(phone, "hei")
    gate.do(lambda work: work.cursor.execute(f"UPDATE conversation SET state = 'x' WHERE their_address = '{phone}'"))


def silent_for_a_year(gate, phone):
    gate.put(phone, "takk")
    gate.clock.now += timedelta(days=366)


class Row(NamedTuple):
    """What happened `before`, and how the danger comes then. `safe`: whether a safety text may go."""

    before: Callable[..., Any] = lambda gate, phone: None
    body: str = DANGER
    safe: bool = True
    more: Callable[..., dict[str, Any]] = lambda gate: {}


ROWS = {
    "unknown": Row(),
    "over the brakes": Row(over_the_brakes),
    "over the brakes, nothing moved": Row(idle_over_the_brakes),
    "over the code limits": Row(over_the_code_limits),
    "a code is awaited": Row(lambda gate, phone: gate.put(phone, "kode")),
    "with a wrong code": Row(lambda gate, phone: gate.put(phone, "kode"), f"{DANGER} 123456"),
    "with two codes": Row(lambda gate, phone: gate.put(phone, "kode"), f"123456 {DANGER} 654321"),
    "out of tries": Row(out_of_tries),
    "opted out here": Row(lambda gate, phone: gate.put(phone, "STOPP")),
    "opted out at the carrier": Row(lambda gate, phone: gate.put(phone, "STOP"), safe=False),
    "handed over": Row(handed_over),
    "handed over as nothing moved": Row(weary),
    "in mid form": Row(in_mid_form),
    "at the read-back": Row(at_the_read_back),
    "a menu stands": Row(lambda gate, phone: gate.put(phone, "meny")),
    "asked whether there is danger": Row(asked_whether),
    "signed out": Row(signed_out),
    "a late message": Row(in_mid_form, more=lambda gate: {"sent_at": gate.clock.now - timedelta(hours=5)}),
    "with pictures": Row(more=lambda gate: {"media_count": 3}),
    "within a command": Row(body=f"STOPP! {DANGER}"),
    "the turn raises": Row(more=lambda gate: {"core": intake.Core(take=fail)}),
    "the turn raises, over the brakes": Row(over_the_brakes, more=lambda gate: {"core": intake.Core(take=fail)}),
    "the turn raises, opted out": Row(
        lambda gate, phone: gate.put(phone, "STOP"), safe=False, more=lambda gate: {"core": intake.Core(take=fail)}
    ),
    "the state cannot be read": Row(unreadable),
    "silent for a year": Row(silent_for_a_year),
    "in English": Row(body="The pole at Furuneset is broken and there are sparks!"),
    "in capitals": Row(body=DANGER.upper()),
    "with odd letters": Row(body="\u202e\u200bDet gnistrer i sto\u00adlpen!"),
    "at the end of a long text": Row(body="Hei, her er litt om hytta vår. " * 40 + DANGER),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_t77_danger_is_filed_and_alerted_in_the_transaction_that_keeps_it(gate, row):
    phone = gate.phone()
    row.before(gate, phone)
    before = {case.id for case in gate.cases(phone)}
    with every_commit(gate, phone) as commits:
        gate.put(phone, row.body, **row.more(gate))
    [case] = [case for case in gate.cases(phone) if case.id not in before and case.form == "danger"]
    assert (case.status, case.urgency) == ("reported", "danger")
    assert case.opened_at == gate.clock.now
    assert gate.alerted(case) == [DUTY[0]]
    [notes] = gate.rows(CaseValue, case_id=case.id, field="notes")
    assert notes.words.endswith(gate.taken(phone)[-1].text)
    # All or nothing: no commit has the message without the case, the alert and the text that goes out.
    assert {one for one in commits if any(one)} == {(1, 1, 1, 1)}
    assert len(safety_texts(gate, phone)) == row.safe


def safety_texts(gate, phone):
    """What goes to the phone as danger and says what is safe."""
    urgent = {one.message for one in gate.deliveries(phone, state="due", delivery_class=DeliveryClass.DANGER)}
    return [one for one in gate.answers(phone) if one.id in urgent and one.text.startswith(SAFETIES)]


def test_t77_of_fifty_dangers_at_once_every_one_is_filed_and_alerted(gate):
    phones = [gate.phone() for _ in range(50)]
    with gate.others(3) as stores:
        gate.at_once(stores, [(phone, DANGER) for phone in phones])
    cases = [case for phone in phones for case in gate.cases(phone)]
    assert len(cases) == len({case.number for case in cases}) == 50
    assert [gate.alerted(case) for case in cases] == [[DUTY[0]]] * 50


def test_t77_more_danger_is_added_to_the_open_case_and_alerts_again_also_over_the_brakes(gate):
    phone = gate.phone()
    gate.put(phone, DANGER)
    over_the_brakes(gate, phone)
    gate.put(phone, "Nå brenner det!")
    [case] = gate.cases(phone)
    assert gate.alerted(case) == [DUTY[0]] * 2
    assert gate.rows(CaseValue, case_id=case.id, field="notes")[0].words.endswith("Nå brenner det!")


def test_t77_a_question_that_nobody_answers_goes_to_a_person_also_over_the_brakes(gate):
    phone = gate.phone()
    over_the_brakes(gate, phone)
    gate.put(phone, "det gnistret i går")
    gate.clock.now += timedelta(minutes=5)
    gate.tell()
    [case] = gate.cases(phone)
    assert (case.form, case.attention) == ("general", "danger_unanswered")


def test_t77_words_that_only_may_be_danger_reach_a_person_however_they_are_followed(gate):
    phone = gate.phone()
    gate.put(phone, "det gnistret i går")
    for _ in range(3):
        gate.clock.now += timedelta(minutes=4)
        gate.put(phone, "jeg er ikke hjemme")
        gate.tell()
    assert [case.attention for case in gate.cases(phone)] == ["danger_unanswered"]


@contextmanager
def every_commit(gate, phone):
    """What each commit adds of the phone's messages, danger cases, alerts, and texts to those on call."""
    writing = gate.store._writer._writing
    commit, seen = writing.commit, []

    def look():
        return [writing.cursor.execute(query.format(phone=phone)).fetchone()[0] for query in LOOK]

    def looked_at():
        seen.append(tuple(now - then for now, then in zip(look(), before, strict=True)))
        commit()

    before = gate.do(lambda work: look())
    writing.commit = looked_at
    yield seen
    del writing.commit


LOOK = (
    "SELECT count(*) FROM message WHERE direction = 'in' AND their_address = '{phone}'",
    "SELECT count(*) FROM cases WHERE form = 'danger'",
    "SELECT count(*) FROM alert",
    f"SELECT count(*) FROM delivery WHERE recipient = '{DUTY[0]}' AND delivery_class = 0",
)
