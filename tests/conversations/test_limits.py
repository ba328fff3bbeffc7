"""Limits: one case for each row of the table, at the last that is allowed and the first that is not."""

from dataclasses import replace

import pytest

from conversations.codes import may_send
from conversations.desk.model import Identity
from conversations.facts import AnswerCounts, CodeCounts
from conversations.limits import (
    BRAKES,
    CODE_LIMITS,
    FEWEST_BRAKED,
    Allowed,
    Refused,
    brake,
    can_be_answered,
    code_limit,
)

NUMBER = "+4799990000"
IDENTITY = Identity(codes_per_day=2000)


def asked(**counts):
    return may_send(CodeCounts(**counts), NUMBER, IDENTITY)


ROWS = [
    ("in a row wrong", {"subject_wrong_tries_in_a_row": 99}, {"subject_wrong_tries_in_a_row": 100}, Refused("closed")),
    (
        "wrong per subject and day",
        {"subject_wrong_tries_day": 9},
        {"subject_wrong_tries_day": 10},
        Refused("wrong_day", 86_400),
    ),
    ("to a destination per day", {"destination_day": 4}, {"destination_day": 5}, Refused("day", 86_400)),
    ("to a destination per hour", {"destination_hour": 2}, {"destination_hour": 3}, Refused("hour", 3_600)),
    ("wrong tries per hour", {"wrong_tries_hour": 200}, {"wrong_tries_hour": 201}, Refused("paused", 3_600)),
    ("to a block per hour", {"block_hour": 49}, {"block_hour": 50}, Refused("busy", 3_600)),
    ("in total per hour", {"total_hour": 599}, {"total_hour": 600}, Refused("busy", 3_600)),
]


def test_every_row_has_its_case():
    assert [row[0] for row in ROWS] == [limit.name for limit in CODE_LIMITS]


@pytest.mark.parametrize(("name", "last", "first", "refused"), ROWS, ids=[row[0] for row in ROWS])
def test_a_row_allows_its_last_and_refuses_the_next(name, last, first, refused):
    assert asked(**last) == Allowed()
    assert asked(**first) == refused


def test_the_desks_own_cap_of_codes_a_day():
    assert asked(total_day=1999) == Allowed()
    assert asked(total_day=2000) == Refused("busy", 86_400)


@pytest.mark.parametrize(
    ("asked_for", "used", "outcome"),
    [
        (49, 0, Allowed()),
        (50, 20, Allowed()),
        (50, 19, Refused("paused")),
        (50, 50, Allowed()),
    ],
)
def test_t20_a_block_whose_codes_do_not_come_back_gets_no_more(asked_for, used, outcome):
    assert asked(block_asked=asked_for, block_used=used) == outcome


@pytest.mark.parametrize(
    ("sent", "since_s", "outcome"),
    [
        (0, None, Allowed()),
        (0, 5, Allowed()),
        (1, 0, Refused("wait", 60)),
        (1, 59, Refused("wait", 1)),
        (1, 60, Allowed()),
        (2, 60, Refused("wait", 60)),
        (2, 119, Refused("wait", 1)),
        (2, 120, Allowed()),
    ],
)
def test_a_resend_waits_longer_each_time(sent, since_s, outcome):
    assert asked(sent_in_challenge=sent, since_last_s=since_s) == outcome


@pytest.mark.parametrize(
    ("destination", "allowed"),
    [
        ("+4799990000", True),
        ("+46701740605", True),
        ("eva@nett.example", True),
        ("+4512345678", False),
        ("+882161234567", False),
        ("+883510012345", False),
        ("+4782012345", False),
        ("+4785012345", False),
        ("+46900123456", False),
        ("+12025550123", False),
    ],
)
def test_t20_codes_go_to_the_desks_countries_and_to_phones(destination, allowed):
    outcome = may_send(CodeCounts(), destination, IDENTITY)
    assert outcome == (Allowed() if allowed else Refused("country"))


def test_a_country_that_the_desk_lists_is_no_way_round_the_numbers_that_are_no_phones():
    assert may_send(CodeCounts(), "+882161234567", Identity(countries=("+47", "+882"))) == Refused("country")


REFUSED = [
    ("country", "+882161234567", {}),
    *((name, NUMBER, first) for name, _, first, _ in ROWS),
    ("the desk's cap", NUMBER, {"total_day": 2000}),
    ("few come back", NUMBER, {"block_asked": 50}),
    ("cool-down", NUMBER, {"sent_in_challenge": 1, "since_last_s": 1}),
]


@pytest.mark.parametrize(("destination", "counts"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_t20_sixty_refusals_an_hour_are_told_whatever_the_reason(destination, counts):
    for before, told in ((0, True), (59, True), (60, False)):
        refused = code_limit(CodeCounts(**counts, refusals_told_hour=before), destination, IDENTITY)
        assert refused is not None
        assert refused.told is told


def test_t20_refusals_refuse_nobody_else():
    assert asked(refusals_told_hour=10_000) == Allowed()


BRAKED = [
    ("moved_nothing_quarter", 5, True),
    ("moved_nothing_day", 20, True),
    ("all_quarter", 40, False),
    ("all_day", 120, False),
]


def test_every_brake_has_its_case():
    assert [(brake_.most, brake_.idle) for brake_ in BRAKES] == [(most, idle) for _, most, idle in BRAKED]


@pytest.mark.parametrize(("count", "most", "idle"), BRAKED)
def test_t15_a_brake_stops_the_next_answer(count, most, idle):
    answers = AnswerCounts()
    assert not brake(replace(answers, **{count: most - 1}), moved=False)
    assert brake(replace(answers, **{count: most}), moved=False)
    assert brake(replace(answers, **{count: most}), moved=True) is not idle


def test_a_short_conversation_needs_no_counting():
    assert min(row.most for row in BRAKES) == FEWEST_BRAKED


@pytest.mark.parametrize(
    ("address", "channel", "can"),
    [
        ("+4799990000", "sms", True),
        ("NORDLYS", "sms", False),
        ("1988", "sms", False),
        ("", "sms", False),
        ("anonymous", "sms", False),
        ("+047999", "sms", False),
        ("eva@nett.example", "mail", True),
        ("<>", "mail", False),
        ("", "mail", False),
    ],
)
def test_t14_who_has_no_number_gets_no_answer(address, channel, can):
    assert can_be_answered(address, channel) is can
