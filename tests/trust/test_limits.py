"""Limits that span numbers, tenants and processes: bombing, texts that are sent for their price, guessed cases."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from conversations.limits import CASE_UNKNOWN, REFUSALS_TOLD
from gateway.jobs.alarms import Alarms
from storage.tables import CodeSent, MessageRow, WrongTry
from tests.trust.conftest import DAY, DUTY, HOUR, OURS, QUARTER, SAFETY, most_within, opened_gate, wrong

OTHERS = ("+4759440010",)
COOL_DOWN = timedelta(seconds=121)
UNKNOWN, BUSY, PAUSED = "Vi finner ingen sak", "Vi får ikke sendt flere koder", "Vi sender ingen koder akkurat nå"


@pytest.fixture(scope="module")
def two(_module_place):
    """A gateway of two tenants."""
    with opened_gate(_module_place, beside={"software": OTHERS}) as opened:
        yield opened


def sent(gate, phone):
    return [row.at for row in gate.rows(CodeSent, destination=phone)]


def test_t54_two_tenants_together_send_a_number_three_codes_an_hour_and_five_a_day(two):
    victim = two.phone()
    for at in range(90):
        two.put(victim, "kode", (OURS[0], OTHERS[0], OURS[1])[at % 3])
        two.clock.now += QUARTER
    assert {row.tenant for row in two.rows(CodeSent, destination=victim)} == {"nordlys", "revisio"}
    assert (most_within(sent(two, victim), HOUR), most_within(sent(two, victim), DAY)) == (3, 5)


def test_t54_two_tenants_at_once_do_not_get_past_the_limit(two):
    with two.others(3) as stores:
        for _ in range(5):
            victim = two.phone()
            for to in (*OURS, *OTHERS):
                two.put(victim, "hei", to)
            two.ask_code(victim)
            two.clock.now += COOL_DOWN
            two.ask_code(victim, OTHERS[0])
            two.at_once(stores, [(victim, "kode", to) for to in (OURS[1], OTHERS[0], OURS[2], OTHERS[0])])
            assert len(sent(two, victim)) == 3


def test_t54_a_tenant_that_sends_much_takes_no_codes_from_another(two):
    with capped(two, 1):
        two.put(two.phone(), "kode")
        assert BUSY in two.say(two.phone(), "kode")[-1]
        refused = two.phone()
        two.put(refused, "kode")
        assert len(sent(two, refused)) == 0
        two.put(refused, "kode", OTHERS[0])
        assert len(sent(two, refused)) == 1


@contextmanager
def capped(gate, most):
    """For a while, the grid desk may send so many codes a day."""
    before = gate.fronts
    gate.fronts = {key: _capped(front, most) if front.tenant == "nordlys" else front for key, front in before.items()}
    yield
    gate.fronts = before


def _capped(front, most):
    model = front.desk.desk
    identity = model.identity.model_copy(update={"codes_per_day": most})
    return replace(front, desk=replace(front.desk, desk=model.model_copy(update={"identity": identity})))


@pytest.mark.parametrize("stores", [2, 4])
def test_t54_sixty_of_a_block_who_ask_at_once_get_exactly_fifty_codes(gate, stores):
    with gate.others(stores) as several:
        for _ in range(3):
            block = gate.phone()[:-3]
            gate.at_once(several, [(f"{block}{at:03}", "kode") for at in range(60)], threads=8)
            assert len(gate.rows(CodeSent, block=block)) == 50


def test_t54_who_ask_at_once_get_exactly_what_the_money_cap_leaves(gate):
    gate.clock.now += DAY
    with gate.others(4) as several:
        for cap in (10, 25, 40):
            with capped(gate, cap):
                gate.at_once(several, [(gate.phone(), "kode") for _ in range(25)], threads=8)
            assert len([row for row in gate.rows(CodeSent) if row.at > gate.clock.now - DAY]) == cap


@pytest.mark.slow
def test_t20_ten_thousand_numbers_that_ask_for_codes_get_few_texts_and_an_alarm_rings(fresh):
    step = 1 if fresh.store.dialect == "sqlite" else 5
    asked = [f"+4790{n:06}" for n in range(0, 10_000, step)]
    alarms = Alarms(fresh.store)
    with fresh.others(3) as stores, capture_logs() as logs:
        fresh.at_once(stores, [(phone, "kode") for phone in asked], threads=8)
        alarms()
    codes = [row.block for row in fresh.rows(CodeSent)]
    assert (len(codes), {codes.count(block) for block in codes}) == (500, {50})
    assert len(fresh.rows(MessageRow, direction="in", disposition="turn")) == len(asked)
    answers = fresh.rows(MessageRow, direction="out")
    refusals = sum(row.reason is None for row in answers) - 500
    # Two processes may count at the same moment: that is a text more, not a thousand.
    assert REFUSALS_TOLD <= refusals < REFUSALS_TOLD + len(stores)
    assert sum(row.reason == "brake" for row in answers) == len(asked) - 500 - refusals
    assert {(one["log_level"], one["what"]) for one in logs} == {("error", "codes_refused"), ("error", "codes_unused")}
    assert not any(phone[3:] in str(logs) for phone in asked)
    beside(fresh, asked[0])


def beside(gate, phone):
    """Who reports meanwhile is answered, and danger is through."""
    assert gate.say(gate.phone(), "strømmen er borte")
    assert SAFETY in gate.say(phone, "Trafoen brenner!")[-1]
    assert gate.alerted(gate.cases(phone)[-1]) == [DUTY[0]]


@pytest.mark.parametrize("number", ["+882161234567", "+4782012345", "+12025550123"])
def test_t20_numbers_that_codes_never_go_to_are_told_so_sixty_times_an_hour(fresh, number):
    for n in range(REFUSALS_TOLD + 20):
        fresh.put(f"{number}{n:02}"[:15], "kode")
    assert fresh.rows(CodeSent) == []
    assert len(fresh.rows(MessageRow, direction="out", reason=None)) == REFUSALS_TOLD
    fresh.clock.now += HOUR
    assert fresh.say(number, "status")


def known(gate, phone):
    """A case that a number reported, its number."""
    for body in ("Jeg har et spørsmål om regningen min for desember", "send"):
        gate.put(phone, body)
    return gate.cases(phone)[-1].number


def closed(gate, number):
    gate.do(lambda work: work.cursor.execute(f"UPDATE cases SET open = false WHERE number = '{number}'"))
    return number


def test_t24_somebody_elses_case_open_or_closed_and_none_are_told_of_alike(gate):
    owner, other, curious = gate.phone(), gate.phone(), gate.phone()
    numbers = [known(gate, owner), closed(gate, known(gate, other)), "IN-99999999", "99999999"]
    gate.prove(curious)
    gate.settle()
    gate.news(curious)
    told = [gate.say(curious, f"status {number}") for number in numbers]
    assert [len(texts) for texts in told] == [1] * len(numbers)
    assert len({text.replace(number, "#") for [text], number in zip(told, numbers, strict=True)}) == 1
    assert UNKNOWN in told[0][0]


def test_t24_ten_strange_cases_a_day_may_be_asked_for_and_then_ones_own_are_listed(gate):
    curious = gate.phone()
    mine = known(gate, curious)
    gate.prove(curious)
    gate.settle()
    gate.news(curious)
    told = []
    for n in range(13):
        told += gate.say(curious, f"status IN-9999{n:04}")
        gate.clock.now += QUARTER
    assert [UNKNOWN in text for text in told] == [True] * 10 + [False] * 3
    assert all(mine in text for text in told[10:])
    assert len(gate.rows(MessageRow, their_address=curious, reason=CASE_UNKNOWN)) == 10
    assert any(mine in text for text in gate.say(curious, f"status {mine}"))
    gate.clock.now += DAY
    assert UNKNOWN in gate.say(curious, "status IN-99990001")[0]


def test_t51_many_wrong_codes_ring_an_alarm_once_and_still_more_stop_the_codes(fresh):
    alarms = Alarms(fresh.store)
    with capture_logs() as logs:
        while len(logs) == 0:
            guess_five_times(fresh)
            alarms()
        tried = count_wrong(fresh)
        guess_five_times(fresh)
        alarms()
    assert 50 < tried <= 55
    assert [(one["log_level"], one["what"], one["how_many"]) for one in logs] == [("error", "wrong_codes", tried)]
    while count_wrong(fresh) <= 200:
        guess_five_times(fresh)
    assert PAUSED in fresh.say(fresh.phone(), "kode")[-1]
    fresh.clock.now += HOUR * 3
    with capture_logs() as logs:
        alarms()
        assert logs == []
        while len(logs) == 0:
            guess_five_times(fresh)
            alarms()


def guess_five_times(gate):
    phone = gate.phone()
    code = gate.ask_code(phone)
    for by in range(1, 6):
        gate.put(phone, wrong(code, by))


def count_wrong(gate):
    return len(gate.rows(WrongTry))


def test_t20_a_block_whose_codes_do_not_come_back_rings_an_alarm_and_is_served_again_a_day_later(fresh):
    alarms, block = Alarms(fresh.store), fresh.phone()[:-3]
    with capture_logs() as logs:
        for n in range(50):
            fresh.put(f"{block}{n:03}", "kode")
            alarms()
        alarms()
    assert [(one["log_level"], one["what"], one["how_many"]) for one in logs] == [("error", "codes_unused", 50)]
    assert block[3:] not in str(logs)
    fresh.clock.now += HOUR * 2
    assert PAUSED in fresh.say(f"{block}900", "kode")[-1]
    fresh.clock.now += DAY
    assert len(fresh.say(f"{block}900", "kode")) == 1
    assert len(fresh.rows(CodeSent, block=block)) == 51
