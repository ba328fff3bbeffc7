"""Intake: one message is one turn, whatever comes twice, at once, raises or kills (T05, T22, T25, T51, T74, T77)."""

import asyncio
import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from conversations.effects import DeliveryClass, HandOver, Say, SetTimer, Turn
from conversations.facts import AnswerCounts, Holders, Needs, Query, RecentAnswers
from conversations.inputs import DangerUnanswered, GivenBack
from conversations.state import State, thaw
from gateway.jobs import intake
from storage.codes import open_code
from storage.fronts import Fronts
from storage.tables import (
    Address,
    AddressHolder,
    Alert,
    Case,
    CaseValue,
    Challenge,
    Comment,
    Conversation,
    Delivery,
    DraftRow,
    MessageRow,
    OptedOut,
    PendingInput,
    WrongTry,
)
from storage.work import Store
from tests.storage.turn_rows import DUTY, ECHO, EVA, KEYS, NOON, OLA, echo, opened_grid, set_up_desk

DANGER = "Linja henger lavt over veien ved Furuneset, barn går her"


@pytest.fixture
def grid(store_place):
    with opened_grid(store_place) as grid:
        yield grid


@pytest.fixture
def on_sqlite(sqlite):
    with opened_grid(sqlite) as grid:
        yield grid


def answers(grid, to=EVA):
    return [row.text for row in grid.rows(MessageRow, direction="out", their_address=to)]


def heard(grid, sender=EVA):
    """What the echoing core has heard of a conversation, in its order."""
    return list(thaw(grid.row(Conversation, their_address=sender).state).cases)


def in_order(grid, sender=EVA):
    rows = grid.rows(MessageRow, direction="in", their_address=sender)
    return sorted(rows, key=lambda row: row.sequence)


def claim_all(grid):
    """As if the worker had taken all that is due."""
    grid.write(
        lambda work: work.cursor.execute(
            "UPDATE delivery SET state = 'sent', claimed_at = created_at WHERE state = 'due'"
        )
    )


@contextmanager
def several(grid, number) -> Iterator[list[tuple[Store, Fronts]]]:
    """More stores on the same database, as in other processes; each with its fronts."""
    stores = [Store(grid.store.url, KEYS, grid.clock) for _ in range(number)]
    yield [(store, set_up_desk(store, grid.dice)) for store in stores]
    for store in stores:
        store.close()


def at_once(jobs):
    start = threading.Barrier(len(jobs))

    def run(job):
        start.wait(30)
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result(90) for future in [pool.submit(run, job) for job in jobs]]


def test_a_message_is_one_turn_and_its_answer_waits_to_be_sent(grid):
    received = grid.receive("hei", core=ECHO)
    inbound, answer = grid.row(MessageRow, direction="in"), grid.row(MessageRow, direction="out")
    assert (received.message, received.disposition) == (inbound.id, "turn")
    assert (inbound.sequence, inbound.text, inbound.disposition, inbound.reason) == (1, "hei", "turn", None)
    assert (answer.text, answer.conversation, answer.parts) == ("1: hei", inbound.conversation, None)
    delivery = grid.row(Delivery)
    assert (delivery.state, delivery.recipient, delivery.sender) == ("due", EVA, grid.front.sender)
    assert (delivery.delivery_class, delivery.last_moment) == (DeliveryClass.ANSWER, NOON + timedelta(hours=6))
    conversation = grid.row(Conversation)
    assert (conversation.sequence, conversation.revision) == (1, 1)
    assert conversation.asked_delivery == delivery.id
    assert len(grid.rings) == 1


def test_a_repeated_message_takes_no_second_turn(grid):
    grid.receive("hei", core=ECHO, provider_id="SM1")
    again = [grid.receive("hei", core=ECHO, provider_id="SM1") for _ in range(4)]
    assert {each.disposition for each in again} == {"duplicate"}
    assert (heard(grid), answers(grid)) == (["hei"], ["1: hei"])
    assert len(grid.rings) == 1


@pytest.mark.parametrize("stores", [1, 3], ids=["one process", "three processes"])
def test_forty_concurrent_copies_are_one_turn(grid, stores):
    inbound = grid.inbound("hei")
    with several(grid, stores) as places:
        jobs = [
            lambda place=places[n % stores]: intake.receive(place[0], place[1], inbound, grid.dice, core=ECHO)
            for n in range(40)
        ]
        received = at_once(jobs)
    assert sorted(each.disposition for each in received) == ["duplicate"] * 39 + ["turn"]
    assert (heard(grid), answers(grid)) == (["hei"], ["1: hei"])
    assert len(grid.rows(Conversation)) == len(grid.rows(Address)) == 1


@pytest.mark.parametrize("stores", [1, 3], ids=["one process", "three processes"])
def test_twenty_messages_from_eight_threads_equal_a_serial_run(grid, stores):
    texts = [f"text {n}" for n in range(20)]
    random.Random(7).shuffle(texts)
    with several(grid, stores) as places:
        jobs = [
            lambda n=n: [
                intake.receive(places[n % stores][0], places[n % stores][1], grid.inbound(text), grid.dice, core=ECHO)
                for text in texts[n::8]
            ]
            for n in range(8)
        ]
        at_once(jobs)
    rows = in_order(grid)
    assert [row.sequence for row in rows] == list(range(1, 21))
    assert heard(grid) == [row.text for row in rows]
    serial = [f"{n}: {row.text}" for n, row in enumerate(rows, 1)]
    assert sorted(answers(grid)) == sorted(serial)
    assert sorted(row.text for row in rows) == sorted(texts)


def test_two_senders_in_two_processes_do_not_block_each_other_for_ever(grid):
    # Turns that change one another's cases lock them in one order, whatever order they name them in.
    grid.receive(DANGER, EVA)
    grid.receive(DANGER, OLA)
    cases = [row.id for row in grid.rows(Case)]

    def crossing(desk, state, draft, told, facts, now, dice):
        order = cases if facts.address == EVA else cases[::-1]
        return Turn(state, draft, tuple(HandOver(case, "crossing") for case in order))

    core = intake.Core(crossing, crossing)
    with several(grid, 2) as places:
        jobs = [
            lambda place=places[n % 2], n=n: [
                intake.receive(place[0], place[1], grid.inbound("nytt", (EVA, OLA)[n % 2]), grid.dice, core=core)
                for _ in range(20)
            ]
            for n in range(2)
        ]
        received = [each for some in at_once(jobs) for each in some]
    assert [each.disposition for each in received] == ["turn"] * 40


async def test_an_event_loop_takes_messages_in(grid):
    inbound = [grid.inbound(f"text {n}") for n in range(10)]
    received = await asyncio.gather(
        *(intake.receive_async(grid.store, grid.fronts, each, grid.dice, core=ECHO) for each in inbound * 2)
    )
    assert sorted(each.disposition for each in received) == ["duplicate"] * 10 + ["turn"] * 10
    assert heard(grid) == [row.text for row in in_order(grid)]


def test_a_message_to_no_number_of_ours_is_refused(grid):
    with pytest.raises(intake.NotOurs):
        intake.receive(grid.store, {}, grid.inbound("hei"), grid.dice)
    assert grid.rows(MessageRow) == []


def test_an_answer_that_nobody_claimed_is_replaced_by_the_next(grid):
    for text in ("a", "b"):
        grid.receive(text, core=ECHO)
    claim_all(grid)
    grid.receive("c", core=ECHO)
    assert [row.state for row in grid.rows(Delivery)] == ["replaced", "sent", "due"]


def test_a_question_counts_as_asked_once_it_is_claimed(grid):
    claimed = []

    def note(desk, state, draft, told, facts, now, dice):
        claimed.append(facts.asked_claimed)
        return echo(desk, state, draft, told, facts, now, dice)

    core = intake.Core(note, note)
    for _ in range(2):
        grid.receive("hei", core=core)
    claim_all(grid)
    grid.receive("hei", core=core)
    assert claimed == [True, False, True]


def test_what_a_turn_asks_for_is_answered_in_the_same_transaction(grid):
    given = []

    def ask(desk, state, draft, told, facts, now, dice):
        given.append([facts.find(query) for query in ASKED])
        assert set(facts.found) == set(ASKED)
        return echo(desk, state, draft, told, facts, now, dice)

    grid.receive("hei", core=intake.Core(ask, ask))
    assert given == [[(), AnswerCounts(0, 0, 0, 0)]]
    assert heard(grid) == ["hei"]


def test_a_turn_that_says_what_it_needs_is_taken_again(grid):
    times: list[None] = []

    def ask(desk, state, draft, told, facts, now, dice):
        times.append(None)
        return echo(desk, state, draft, told, facts, now, dice) if len(times) > 1 else Needs(ASKED)

    grid.receive("hei", core=intake.Core(ask, ask))
    assert len(times) == 2
    assert heard(grid) == ["hei"]


def test_a_message_older_than_the_question_is_told_as_late(grid):
    late = []

    def note(desk, state, draft, told, facts, now, dice):
        late.append(told.late)
        return echo(desk, state, draft, told, facts, now, dice)

    core = intake.Core(note, note)
    for sent_at in (None, NOON - timedelta(minutes=1), NOON + timedelta(days=1)):
        grid.receive("hei", core=core, sent_at=sent_at)
    assert late == [False, True, False]
    assert [row.at for row in in_order(grid)] == [NOON, NOON - timedelta(minutes=1), NOON]


ASKED: tuple[Query[Any], ...] = (Holders(), RecentAnswers())


class Broken(Exception):
    pass


def raising(desk, state, draft, told, facts, now, dice):
    raise Broken


def asking_for_ever(desk, state, draft, told, facts, now, dice):
    return Needs(ASKED[:1])


def breaking_the_store(desk, state, draft, told, facts, now, dice):
    return Turn(state, draft, (Say(told.id, ("the id is taken",)),))


FAULTS = [raising, asking_for_ever, breaking_the_store]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_message_whose_turn_raises_goes_to_a_person_with_one_honest_sentence(grid, fault):
    received = grid.receive("hei på deg", core=intake.Core(take=fault))
    assert received.disposition == "to_person"
    inbound = grid.row(MessageRow, direction="in")
    assert (inbound.disposition, inbound.reason, inbound.sequence) == ("to_person", "turn_raised", 1)
    [answer] = answers(grid)
    assert "saksbehandler" in answer
    assert grid.row(Case).attention == "turn_raised"
    assert grid.receive("hei", provider_id=inbound.provider_id).disposition == "duplicate"


def test_danger_is_judged_even_where_the_turn_raises(grid):
    grid.receive(DANGER, core=intake.Core(take=raising))
    assert grid.row(Case).urgency == "danger"
    assert grid.row(Alert).step == 1
    assert len(answers(grid, DUTY[0])) == 1


def test_what_raises_again_goes_to_the_same_person_on_the_same_case(grid):
    for text in ("strømmen er borte", "hallo?", "er det noen der?"):
        grid.receive(text, core=intake.Core(take=raising))
    [case] = grid.rows(Case)
    assert case.attention == "turn_raised"
    assert len(grid.rows(Comment)) == 2


def test_stopp_is_obeyed_even_where_the_turn_raises(grid):
    grid.receive("STOPP", core=intake.Core(take=raising))
    assert [row.opted_by for row in grid.rows(OptedOut)] == ["local"]
    assert grid.rows(Delivery) == []


def test_what_was_begun_is_shown_to_the_person_too_where_the_turn_raises(grid):
    grid.receive("strømmen er borte hos oss")
    grid.receive("Storgata 4, 6700 Måløy", core=intake.Core(take=raising))
    [notes] = grid.rows(CaseValue, field="notes")
    assert notes.words == "strømmen er borte hos oss\nStorgata 4, 6700 Måløy"


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_message_is_kept_even_where_the_rescue_raises_as_well(grid, fault):
    received = grid.receive("hei", core=intake.Core(fault, fault))
    assert received.disposition == "to_person"
    assert grid.row(MessageRow, direction="in").disposition == "to_person"
    assert len(answers(grid)) == 1
    assert grid.rows(Case) == []
    grid.receive("hallo", core=ECHO)
    assert [row.sequence for row in in_order(grid)] == [1, 2]


def test_a_conversation_that_only_raises_is_not_answered_for_ever(grid):
    # Two machines that text each other must not keep it up because ours is broken (T15).
    for _ in range(12):
        grid.receive("hei", core=intake.Core(raising, raising))
    assert len(answers(grid)) == 5
    assert len(in_order(grid)) == 12


def test_a_state_that_cannot_be_read_goes_to_a_person(grid):
    grid.receive("hei", core=ECHO)
    grid.write(lambda work: work.cursor.execute('UPDATE conversation SET state = \'{"version": 99, "x": 1}\''))
    assert grid.receive("hallo").disposition == "to_person"
    assert thaw(grid.row(Conversation).state).version == 1


def test_a_draft_under_way_is_parked_where_the_turn_raises(grid):
    grid.receive(DANGER)
    claim_all(grid)
    draft = grid.row(DraftRow)
    grid.receive("1", core=intake.Core(take=raising))
    assert grid.row(DraftRow, id=draft.id).standing == "parked"


def test_the_raise_of_one_leaves_its_batch_mates(grid):
    cores = [ECHO, intake.Core(raising, raising), ECHO]
    jobs = [lambda n=n: grid.receive("hei", f"+479000000{n}", core=cores[n % 3]) for n in range(9)]
    received = at_once(jobs)
    assert [each.disposition for each in received] == ["turn", "to_person", "turn"] * 3


def awaiting(grid):
    """A conversation that awaits a code; the code."""
    grid.receive("KODE")
    claim_all(grid)
    delivery = grid.row(Delivery, delivery_class=DeliveryClass.CODE)
    return open_code(KEYS, delivery.id, delivery.sealed)


def test_a_code_that_comes_back_is_accepted_and_kept_as_stars(grid):
    code = awaiting(grid)
    grid.receive(f"koden er {code[:3]} {code[3:]}")
    assert in_order(grid)[-1].text == "koden er *** ***"
    assert grid.row(AddressHolder).trusted_until == NOON + timedelta(days=90)
    assert grid.row(Challenge).used_at == NOON
    assert grid.row(Conversation).challenge is None


def test_a_wrong_try_stays_counted_where_the_turn_raises(grid):
    code = awaiting(grid)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    grid.receive(wrong, core=intake.Core(raising, raising))
    assert grid.row(Challenge).tries == 1
    assert len(grid.rows(WrongTry)) == 1
    assert in_order(grid)[-1].text == "******"


def test_a_repeated_wrong_try_is_counted_once(grid):
    code = awaiting(grid)
    for _ in range(3):
        grid.receive(f"{(int(code) + 1) % 10**6:06}", provider_id="SM-again")
    assert grid.row(Challenge).tries == 1


def test_fifty_parallel_guesses_are_five_tries(grid):
    code = awaiting(grid)
    guesses = [f"{(int(code) + n) % 10**6:06}" for n in range(1, 51)]
    at_once([lambda guess=guess: grid.receive(guess) for guess in guesses])
    assert grid.row(Challenge).tries == 5
    assert grid.rows(AddressHolder) == []


def test_a_code_typed_in_another_conversation_moves_nothing_there(grid):
    code = awaiting(grid)
    grid.receive(code, OLA)
    assert grid.row(Challenge).tries == 0
    assert grid.rows(AddressHolder) == []


def test_danger_comes_first_even_with_a_code_beside_it(grid):
    code = awaiting(grid)
    grid.receive(f"{code} linja henger lavt, det brenner")
    assert grid.row(Case).urgency == "danger"
    assert grid.row(Alert)


def test_after_a_year_of_silence_another_person_may_have_the_number(grid):
    grid.receive(DANGER)
    grid.clock.pass_time(days=366)
    grid.receive("hei", core=ECHO)
    conversation = grid.row(Conversation)
    assert grid.row(Address).epoch == 2
    assert thaw(conversation.state).danger is None
    assert conversation.draft is None
    assert grid.row(DraftRow).standing == "parked"


def test_a_person_is_silent_while_only_we_write(grid):
    grid.receive(DANGER)
    grid.clock.pass_time(days=300)
    grid.do(Say(grid.dice.new_id(), ("Vi kommer",)), told=GivenBack("no case"))
    grid.clock.pass_time(days=66)
    grid.receive("hei", core=ECHO)
    assert grid.row(Address).epoch == 2


def test_a_message_that_is_repeated_after_a_year_begins_nothing_anew(grid):
    grid.receive(DANGER, provider_id="SM1")
    grid.clock.pass_time(days=366)
    assert grid.receive(DANGER, provider_id="SM1").disposition == "duplicate"
    assert grid.row(Address).epoch == 1
    assert grid.row(DraftRow).standing == "active"
    grid.receive("hei", core=ECHO)
    assert grid.row(Address).epoch == 2


def timer(grid, due=timedelta(minutes=5), core=None):
    """A conversation that is to be told something; the row."""
    told = SetTimer(grid.clock.now + due, DangerUnanswered("some question"))
    grid.do(told)
    return grid.row(PendingInput).id


def test_what_was_pending_is_told_once(grid):
    told = []

    def note(desk, state, draft, happened, facts, now, dice):
        told.append(happened)
        return Turn(State(idle_turns=7), None, (Say(dice.new_id(), ("hallo",)),))

    core = intake.Core(note, note)
    row = timer(grid)
    taken = at_once(
        [lambda: intake.take_pending(grid.store, grid.fronts, row, grid.dice, grid.ring, core) for _ in range(8)]
    )
    assert sorted(taken) == [False] * 7 + [True]
    assert told == [DangerUnanswered("some question")]
    assert (grid.row(PendingInput).taken_at, grid.row(PendingInput).outcome) == (NOON, "turn")
    assert answers(grid) == ["hallo"]
    conversation = grid.row(Conversation)
    assert (conversation.sequence, thaw(conversation.state).idle_turns) == (1, 7)


def test_a_pending_input_whose_turn_raises_is_shown_to_a_person(grid):
    grid.receive(DANGER)
    row = timer(grid)
    core = intake.Core(raising, raising)
    assert not intake.take_pending(grid.store, grid.fronts, row, grid.dice, core=core)
    assert grid.row(PendingInput).outcome == "turn_raised"
    assert grid.row(Case).attention == "turn_raised"
    assert not intake.take_pending(grid.store, grid.fronts, row, grid.dice)


def test_one_that_raises_where_no_case_is_open_puts_their_last_message_to_a_person(grid):
    for text in ("hei", "Er det farlig?"):
        grid.receive(text, core=ECHO)
    row = timer(grid)
    core = intake.Core(raising, raising)
    assert not intake.take_pending(grid.store, grid.fronts, row, grid.dice, core=core)
    first, last = in_order(grid)
    assert (first.disposition, last.disposition, last.reason) == ("turn", "to_person", "turn_raised")


def test_a_pending_input_of_a_front_that_is_not_served_waits(grid):
    row = timer(grid)
    assert not intake.take_pending(grid.store, {}, row, grid.dice)
    assert not intake.take_pending(grid.store, grid.fronts, "none", grid.dice)
    assert grid.row(PendingInput).taken_at is None


# A process that its message kills, as a message that crashes a parser in C would.
KILLER = """
import os, sys
from concurrent.futures import wait
from gateway.clock import system_clock
from gateway.dice import RandomDice
from gateway.jobs import intake
from storage.work import Store
from tests.storage.turn_rows import ECHO, GRID, KEYS, Grid, echo, set_up_desk
from channels.contract import Inbound

def deadly(desk, state, draft, told, facts, now, dice):
    if "kill" in told.text:
        os._exit(9)
    return echo(desk, state, draft, told, facts, now, dice)

url, *texts = sys.argv[1:]
dice = RandomDice()
store = Store(url, KEYS, system_clock)
fronts = set_up_desk(store, dice)
core = intake.Core(deadly, deadly)
for text in texts:
    name, sender, words = text.split("|")
    inbound = Inbound("sms", "AC1", name, sender, GRID, words, 1, 0)
    print(name, intake.receive(store, fronts, inbound, dice, core=core).disposition, flush=True)
store.close()
"""


def run_killer(grid, *texts):
    """What came of each text before the process ended, and how it ended."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", KILLER, grid.store.url, *texts],
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | {"PYTHONPATH": os.getcwd()},
    )
    return done.stdout.splitlines(), done.returncode


def test_a_message_that_kills_its_process_is_parked_after_two_deaths_and_others_go_on(on_sqlite):
    deadly, good, later = "SMk|+4790000001|kill", "SM1|+4790000002|hei", "SM2|+4790000001|hei igjen"
    assert run_killer(on_sqlite, good, deadly) == (["SM1 turn"], 9)
    assert run_killer(on_sqlite, deadly, later) == ([], 9)
    assert run_killer(on_sqlite, later, deadly, good) == (["SM2 turn", "SMk to_person", "SM1 duplicate"], 0)
    parked = on_sqlite.row(MessageRow, provider_id="SMk")
    assert (parked.text, parked.disposition, parked.reason) == ("kill", "to_person", "killed_twice")
    assert [row.sequence for row in in_order(on_sqlite, "+4790000001")] == [1, 2]
    assert any("saksbehandler" in text for text in answers(on_sqlite, "+4790000001"))
    assert run_killer(on_sqlite, deadly) == (["SMk duplicate"], 0)


def test_every_disposition_of_a_turn_is_written_on_its_message(grid):
    for disposition, reason in (("opt_out", "stop"), ("late", "older"), ("to_person", "handed_over")):

        def core(desk, state, draft, told, facts, now, dice, given=(disposition, reason)):
            return Turn(state, draft, (), *given)

        grid.receive(disposition, core=intake.Core(core, core))
    assert [(row.disposition, row.reason) for row in in_order(grid)] == [
        ("opt_out", "stop"),
        ("late", "older"),
        ("to_person", "handed_over"),
    ]
    assert grid.rings == []
