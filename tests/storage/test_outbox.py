"""Which waiting text goes next, and when; on both databases."""

import itertools
import threading
from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from conversations.effects import DeliveryClass
from storage import tables
from storage.outbox import HEAD, Claimed, Wait
from tests.storage.outbox_rows import EVA, GRID, NOON, OLA, Outbox, opened_outbox

DANGER, CODE, ANSWER, COMMENT, REMINDER = DeliveryClass
KARI = "+4790000003"


@pytest.fixture
def outbox(store_place) -> Iterator[Outbox]:
    with opened_outbox(store_place) as opened:
        yield opened


def test_the_lower_class_goes_first_and_within_a_class_the_older(outbox):
    sender = outbox.add_sender()
    reminder, answer, danger, later = outbox.put_many(
        sender, [(EVA, REMINDER, "a"), (OLA, ANSWER, "b"), (KARI, DANGER, "c"), ("+4790000004", ANSWER, "d")]
    )
    assert [outbox.claim_one().delivery for _ in range(4)] == [danger, answer, later, reminder]
    assert outbox.claim() is None


def test_a_claim_says_all_that_sending_needs(outbox):
    sender = outbox.add_sender()
    delivery = outbox.put(sender, EVA, CODE, "Koden er ••••••", parts='["Koden er "]', sealed="k1:x")
    claimed = outbox.claim_one()
    assert (claimed.delivery, claimed.attempt, claimed.our_address, claimed.recipient) == (delivery, 1, GRID, EVA)
    assert (claimed.parts, claimed.sealed, claimed.account) == ('["Koden er "]', "k1:x", "AC1")
    assert (claimed.send_at, claimed.lease_until) == (NOON, NOON + timedelta(seconds=30))
    row = outbox.delivery(delivery)
    assert (row.state, row.attempt, row.claimed_at) == ("sending", 1, NOON)
    assert "Koden" not in repr(claimed)
    assert EVA not in repr(claimed)


def test_of_a_lane_only_one_is_on_its_way(outbox):
    sender = outbox.add_sender()
    first, second = outbox.put_many(sender, [(EVA, ANSWER, "1"), (EVA, ANSWER, "2")])
    claimed = outbox.claim_one()
    assert claimed.delivery == first
    assert outbox.claim() is None
    outbox.settle(claimed)
    assert outbox.claim_one().delivery == second


def test_danger_waits_for_no_more_than_danger(outbox):
    sender = outbox.add_sender()
    outbox.put(sender, EVA, ANSWER)
    outbox.claim_one()
    first, second = outbox.put_many(sender, [(EVA, DANGER, "1"), (EVA, DANGER, "2")])
    claimed = outbox.claim_one()
    assert claimed.delivery == first
    assert outbox.claim() is None
    outbox.settle(claimed)
    assert outbox.claim_one().delivery == second


@pytest.mark.parametrize(("delivery_class", "goes"), [(DANGER, True), (CODE, True), (ANSWER, False), (REMINDER, False)])
def test_an_unknown_one_holds_back_what_is_not_urgent(outbox, delivery_class, goes):
    sender = outbox.add_sender()
    outbox.put(sender, EVA, ANSWER)
    outbox.settle(outbox.claim_one(), "doubtful")
    outbox.put(sender, EVA, delivery_class)
    assert isinstance(outbox.claim(), Claimed) == goes


def test_one_that_waits_for_its_next_try_keeps_its_place_in_its_lane(outbox):
    sender = outbox.add_sender()
    first, _, other = outbox.put_many(sender, [(EVA, ANSWER, "1"), (EVA, ANSWER, "2"), (OLA, ANSWER, "3")])
    outbox.settle(outbox.claim_one(), "repeat", again_at=outbox.now + timedelta(seconds=10))
    assert outbox.claim_one().delivery == other
    assert outbox.claim() is None
    outbox.pass_time(10)
    claimed = outbox.claim_one()
    assert (claimed.delivery, claimed.attempt) == (first, 2)


def test_danger_passes_one_that_waits_for_its_next_try(outbox):
    sender = outbox.add_sender()
    outbox.put(sender, EVA, ANSWER)
    outbox.settle(outbox.claim_one(), "repeat", again_at=outbox.now + timedelta(seconds=10))
    danger = outbox.put(sender, EVA, DANGER)
    assert outbox.claim_one().delivery == danger


def test_what_is_due_later_waits(outbox):
    sender = outbox.add_sender()
    outbox.put(sender, due_at=outbox.now + timedelta(seconds=5))
    assert outbox.claim() is None
    outbox.pass_time(5)
    outbox.claim_one()


def test_a_claim_takes_at_most_the_next_second_of_the_bucket(outbox):
    sender = outbox.add_sender(per_second=2)
    outbox.put_many(sender, [(f"+479000000{n}", DANGER, "x") for n in range(5)])
    claims = [outbox.claim() for _ in range(4)]
    moments = [claim.send_at - NOON for claim in claims if isinstance(claim, Claimed)]
    assert moments == [timedelta(), timedelta(seconds=0.5), timedelta(seconds=1)]
    assert claims[3] == Wait(NOON + timedelta(seconds=0.5))


def test_what_is_not_urgent_gets_four_fifths_of_the_rate(outbox):
    sender = outbox.add_sender(per_second=10)
    outbox.put_many(sender, [(f"+4790000{n:03}", REMINDER, "x") for n in range(30)])
    while isinstance(outbox.claim(), Claimed):
        pass
    outbox.pass_time(1)
    sent = 0
    while isinstance(outbox.claim(), Claimed):
        sent += 1
    assert sent == 8


def test_danger_finds_a_gap_within_two_seconds_however_much_waits(outbox):
    sender = outbox.add_sender(per_second=1)
    outbox.put_many(sender, [(f"+4790000{n:03}", REMINDER, "x") for n in range(200)])
    while isinstance(outbox.claim(), Claimed):
        pass
    danger = outbox.put(sender, "+4799990001", DANGER)
    for _ in range(20):
        claimed = outbox.claim(urgent=True)
        if isinstance(claimed, Claimed):
            break
        outbox.pass_time(0.1)
    assert claimed.delivery == danger
    assert claimed.send_at - NOON <= timedelta(seconds=2.25)


def test_the_urgent_threads_take_danger_and_codes_alone(outbox):
    sender = outbox.add_sender()
    code, danger, _ = outbox.put_many(sender, [(EVA, CODE, "c"), (OLA, DANGER, "d"), (KARI, ANSWER, "a")])
    assert [outbox.claim_one(urgent=True).delivery for _ in range(2)] == [danger, code]
    assert outbox.claim(urgent=True) is None


def test_senders_take_turns_and_danger_of_any_goes_before(outbox):
    one, two = outbox.add_sender(GRID), outbox.add_sender("+4759440001", tenant="fjern")
    outbox.put_many(one, [(f"+4790000{n:03}", ANSWER, "x") for n in range(3)])
    outbox.put_many(two, [(f"+4790000{n:03}", ANSWER, "x") for n in range(3)])
    served = []
    for _ in range(4):
        outbox.pass_time(1)
        served.append(outbox.claim_one().sender)
    assert served in ([one, two, one, two], [two, one, two, one])
    danger = outbox.put(served[3], "+4799990001", DANGER)
    outbox.pass_time(1)
    assert outbox.claim_one().delivery == danger


def test_a_full_bucket_of_one_sender_holds_back_no_other(outbox):
    slow, quick = outbox.add_sender(GRID, per_second=0.1), outbox.add_sender("+4759440001")
    outbox.put_many(slow, [(EVA, ANSWER, "x"), (OLA, ANSWER, "x")])
    outbox.put_many(quick, [(EVA, ANSWER, "x"), (OLA, ANSWER, "x")])
    claims = [outbox.claim() for _ in range(4)]
    assert sorted(claim.sender for claim in claims[:3]) == sorted([slow, quick, quick])
    assert claims[3] == Wait(NOON + timedelta(seconds=12.5 - 1))


def test_a_held_sender_sends_nothing(outbox):
    sender = outbox.add_sender()
    outbox.put(sender, delivery_class=DANGER)
    outbox.settle(outbox.claim_one(), "repeat", again_at=outbox.now)
    outbox.hold(sender, 60)
    assert outbox.claim() is None
    outbox.pass_time(60)
    outbox.claim_one()


@pytest.mark.parametrize(
    ("hours_from_noon_utc", "goes"), [(0, True), (6.9, True), (7.1, False), (18.9, False), (19.1, True)]
)
def test_reminders_go_by_day_in_the_desks_zone(outbox, hours_from_noon_utc, goes):
    sender = outbox.add_sender()
    outbox.put(sender, delivery_class=REMINDER)
    outbox.pass_time(hours_from_noon_utc * 3600)
    claimed = outbox.claim(zones={GRID: ZoneInfo("Europe/Oslo")})
    assert isinstance(claimed, Claimed) == goes


def test_what_is_of_no_use_any_more_expires(outbox):
    sender = outbox.add_sender()
    old, good = outbox.put_many(sender, [(EVA, ANSWER, "1"), (OLA, ANSWER, "2")])
    outbox.change(tables.Delivery, old, last_moment=outbox.now)
    assert outbox.claim_one().delivery == good
    row = outbox.delivery(old)
    assert (row.state, row.settled_at, row.attempt) == ("expired", NOON, 0)


def test_many_expired_ones_do_not_keep_a_claim_for_long(outbox):
    sender = outbox.add_sender()
    outbox.put_many(sender, [(EVA, ANSWER, "x")] * 150, last_moment=outbox.now)
    assert outbox.claim() is None
    assert sum(row.state == "expired" for row in outbox.rows(tables.Delivery)) == 100
    assert outbox.claim() is None
    assert sum(row.state == "expired" for row in outbox.rows(tables.Delivery)) == 150


def test_claims_of_several_processes_never_take_the_same_nor_more_than_the_bucket_gives(store_place):
    with opened_outbox(store_place) as outbox:
        sender = outbox.add_sender(per_second=50)
        outbox.put_many(sender, [(f"+4790000{n % 40:03}", ANSWER, "x") for n in range(120)])
        others = [Outbox(outbox.url) for _ in range(2)]
        claimed: list[Claimed] = []

        def claim_all(one: Outbox) -> None:
            for _ in range(60):
                found = one.claim()
                if isinstance(found, Claimed):
                    claimed.append(found)

        threads = [threading.Thread(target=claim_all, args=(one,)) for one in (outbox, *others)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for one in others:
            one.close()
    assert len({one.delivery for one in claimed}) == len(claimed)
    assert len({one.recipient for one in claimed}) == len(claimed)
    moments = sorted(one.send_at for one in claimed)
    gaps = [later - earlier for earlier, later in itertools.pairwise(moments)]
    assert min(gaps) >= timedelta(seconds=1 / 50)
    assert len(claimed) == 40


def test_a_claim_probes_indexes_and_looks_at_no_table_from_end_to_end(sqlite):
    with opened_outbox(sqlite) as outbox:
        sender = outbox.add_sender()
        head = HEAD.on("sqlite")
        values = head.values({"sender": sender, "most": 4, "now": outbox.now})

        def explain(work):
            return work.cursor.execute(f"EXPLAIN QUERY PLAN {head.text}", values).fetchall()

        steps = [step for *_, step in outbox.write(explain) if not step.startswith("CORRELATED")]
    indexes = ("ix_delivery_due", "ix_delivery_sending", "ix_delivery_unknown", "ix_delivery_again")
    assert [step.split()[4] for step in steps] == list(indexes)
    assert all(step.startswith("SEARCH") for step in steps)
