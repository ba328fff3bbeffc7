"""Texts of which nobody can tell whether they went, on both databases."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from conversations.effects import DeliveryClass
from storage import tables
from storage.settling import Outcome, take_receipt
from storage.unknown import OnList, Sought, compare, doubtful, end_leases, look_again
from tests.storage.outbox_rows import EVA, GRID, NOON, OLA, Outbox, opened_outbox

DANGER, CODE, ANSWER, COMMENT, REMINDER = DeliveryClass
MINUTE = 60


@pytest.fixture
def outbox(store_place) -> Iterator[Outbox]:
    with opened_outbox(store_place) as opened:
        yield opened


def lost(outbox, delivery_class=ANSWER, to=EVA, text="Takk.", **more):
    """A text that its worker claimed and never settled; its lease is over."""
    delivery = outbox.put(outbox.sender, to, delivery_class, text, **more)
    outbox.claim_one()
    outbox.pass_time(31)
    assert outbox.write(lambda work: end_leases(work, outbox.dice)) == 1
    return delivery


def waiting(outbox):
    """What is to be looked up now."""
    with outbox.store.read() as session:
        return doubtful(session, outbox.now)


def look_up(outbox, *listed):
    """Compare what is doubtful with a list, newest first, of (provider id, text) or OnList."""
    sought = [
        Sought(row.delivery, row.attempt, row.delivery_class, row.our_address, row.text) for row in waiting(outbox)
    ]
    seen = [one if isinstance(one, OnList) else OnList(one[0], GRID, one[1], "accepted") for one in listed]
    return outbox.write(lambda work: compare(work, outbox.dice, sought, seen))


@pytest.fixture(autouse=True)
def sender(outbox):
    outbox.sender = outbox.add_sender()


def test_a_lease_that_stands_is_left_alone(outbox):
    outbox.put(outbox.sender)
    outbox.claim_one()
    outbox.pass_time(29)
    assert outbox.write(lambda work: end_leases(work, outbox.dice)) == 0


def test_danger_is_sent_again_at_once_when_its_lease_is_over(outbox):
    danger = lost(outbox, DANGER)
    claimed = outbox.claim_one()
    assert (claimed.delivery, claimed.attempt) == (danger, 2)


@pytest.mark.parametrize("delivery_class", [CODE, ANSWER, REMINDER])
def test_all_else_is_looked_up_a_minute_later(outbox, delivery_class):
    delivery = lost(outbox, delivery_class)
    assert outbox.state(delivery) == "unknown"
    assert waiting(outbox) == []
    outbox.pass_time(MINUTE)
    [row] = waiting(outbox)
    assert (row.delivery, row.account, row.our_address, row.recipient) == (delivery, "AC1", GRID, EVA)
    assert (row.text, row.claimed_at) == ("Takk.", NOON)
    assert "Takk" not in repr(row)


def test_what_is_on_the_list_was_sent(outbox):
    delivery = lost(outbox)
    outbox.pass_time(MINUTE)
    assert look_up(outbox, ("SM1", "Takk.")) == 1
    row = outbox.delivery(delivery)
    assert (row.state, row.provider_id) == ("sent", "SM1")


@pytest.mark.parametrize("listed", [[], [OnList("SM1", GRID, "Takk.", "accepted")]])
def test_a_receipt_that_comes_while_the_list_is_read_is_believed(outbox, listed):
    delivery = lost(outbox)
    outbox.pass_time(MINUTE)
    sought = [Sought(row.delivery, row.attempt, ANSWER, GRID, "Takk.") for row in waiting(outbox)]
    outbox.write(lambda work: take_receipt(work, outbox.dice, delivery, Outcome("accepted", "SM1")))
    outbox.write(lambda work: compare(work, outbox.dice, sought, listed))
    assert outbox.state(delivery) == "sent"


@pytest.mark.parametrize(("found", "state"), [("delivered", "delivered"), ("refused", "failed")])
def test_the_list_also_says_what_became_of_it(outbox, found, state):
    delivery = lost(outbox)
    outbox.pass_time(MINUTE)
    look_up(outbox, OnList("SM1", GRID, "Takk.", found))
    assert outbox.state(delivery) == state


@pytest.mark.parametrize(
    "listed",
    [(), (("SM1", "Noe annet."),), (OnList("SM1", "+4759440001", "Takk.", "accepted"),)],
)
def test_what_is_not_on_the_list_is_sent_again(outbox, listed):
    delivery = lost(outbox)
    outbox.pass_time(MINUTE)
    assert look_up(outbox, *listed) == 0
    claimed = outbox.claim_one()
    assert (claimed.delivery, claimed.attempt) == (delivery, 2)


def test_a_code_is_never_sent_again(outbox):
    conversation = outbox.add_conversation()
    code = lost(outbox, CODE, conversation=conversation, about="ch", sealed="k1:x", parts="[]")
    outbox.pass_time(MINUTE)
    look_up(outbox)
    row = outbox.delivery(code)
    assert (row.state, row.failure, row.sealed) == ("failed", "not_found", None)
    assert [told.kind for told in outbox.rows(tables.PendingInput)] == ["code_not_sent"]
    assert outbox.claim() is None


def test_of_equal_texts_as_many_count_as_sent_as_the_list_has_beyond_those_we_know(outbox):
    known = outbox.put(outbox.sender)
    outbox.settle(outbox.claim_one(), provider_id="SM1")
    first, second = lost(outbox), None
    outbox.pass_time(MINUTE)
    look_up(outbox, ("SM2", "Takk."), ("SM1", "Takk."))
    second = lost(outbox)
    outbox.pass_time(MINUTE)
    look_up(outbox, ("SM2", "Takk."), ("SM1", "Takk."))
    assert [outbox.state(one) for one in (known, first, second)] == ["sent", "sent", "due"]


def test_two_equal_texts_in_doubt_take_the_oldest_of_the_list_first(outbox):
    outbox.add_sender("+4759440001")
    first = lost(outbox)
    outbox.change(tables.Delivery, first, check_at=outbox.now + timedelta(minutes=10))
    outbox.put(outbox.sender, EVA, CODE)
    second = outbox.claim_one().delivery
    outbox.pass_time(MINUTE * 11)
    outbox.write(lambda work: end_leases(work, outbox.dice))
    outbox.pass_time(MINUTE)
    look_up(outbox, ("SM2", "Takk."), ("SM1", "Takk."))
    assert (outbox.delivery(first).provider_id, outbox.delivery(second).provider_id) == ("SM1", "SM2")


def test_without_a_list_it_is_asked_for_again_in_a_minute_but_a_code_has_failed(outbox):
    answer, code = lost(outbox), lost(outbox, CODE, OLA)
    outbox.pass_time(MINUTE)
    rows = waiting(outbox)
    outbox.write(lambda work: look_again(work, outbox.dice, rows))
    assert (outbox.state(answer), outbox.state(code)) == ("unknown", "failed")
    assert waiting(outbox) == []
    outbox.pass_time(MINUTE)
    assert [row.delivery for row in waiting(outbox)] == [answer]
