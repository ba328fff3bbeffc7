"""What waits, as the sweep and `/readyz` see it, on both databases."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from conversations.effects import DeliveryClass
from storage import due, tokens
from storage.leases import take_lease
from storage.migrate import migrate
from storage.unknown import doubtful, end_leases, look_no_more
from tests.conftest import Place
from tests.storage.outbox_rows import NOON, OLA, Outbox, opened_outbox
from tests.stored_stage import StoredStage, stored_stage

EVA = "+4791234567"


@pytest.fixture
def outbox(store_place: Place) -> Iterator[Outbox]:
    with opened_outbox(store_place) as opened:
        yield opened


@pytest.fixture
def stage(store_place: Place) -> Iterator[StoredStage]:
    url = store_place.create(migrate)
    with stored_stage(url) as opened:
        yield opened
    store_place.drop(url)


def test_a_delivery_is_due_until_it_is_claimed_and_lost_when_its_lease_is_over(outbox):
    sender = outbox.add_sender()
    with outbox.store.read() as session:
        assert not due.has_deliveries(session, NOON)
        assert due.oldest_deliveries(session) == due.Oldest(None, None)
    outbox.put(sender)
    with outbox.store.read() as session:
        assert due.has_deliveries(session, outbox.now)
        assert not due.has_deliveries(session, outbox.now - timedelta(seconds=1))
        assert due.oldest_deliveries(session) == due.Oldest(urgent=None, any=NOON)
    outbox.claim_one()
    with outbox.store.read() as session:
        assert not due.has_deliveries(session, outbox.now)
        assert not due.has_lost_leases(session, outbox.now + timedelta(seconds=29))
        assert due.has_lost_leases(session, outbox.now + timedelta(seconds=30))


def test_danger_and_codes_are_told_apart_from_what_can_wait(outbox):
    sender = outbox.add_sender()
    outbox.put(sender)
    outbox.pass_time(5)
    outbox.put(sender, OLA, DeliveryClass.DANGER)
    with outbox.store.read() as session:
        assert due.oldest_deliveries(session) == due.Oldest(NOON + timedelta(seconds=5), NOON)


def test_a_lease_is_seen_while_somebody_holds_it(outbox):
    with outbox.store.read() as session:
        assert due.lease_until(session, "sweep") is None
    assert outbox.write(lambda work: take_lease(work, "sweep", "me"))
    with outbox.store.read() as session:
        assert due.lease_until(session, "sweep") == NOON + timedelta(seconds=15)


def waiting(outbox):
    """What is to be looked up now."""
    with outbox.store.read() as session:
        return doubtful(session, outbox.now)


def test_where_there_is_no_list_a_text_has_failed_after_ten_minutes_and_a_code_in_one(outbox):
    sender = outbox.add_sender()
    answer = outbox.put(sender)
    code = outbox.put(sender, OLA, DeliveryClass.CODE, last_moment=NOON + timedelta(minutes=10))
    for _ in range(2):
        outbox.claim_one()
    outbox.pass_time(31)
    outbox.write(lambda work: end_leases(work, outbox.dice))
    outbox.pass_time(60)
    rows = waiting(outbox)
    outbox.write(lambda work: look_no_more(work, outbox.dice, rows))
    assert (outbox.state(answer), outbox.state(code)) == ("unknown", "failed")
    outbox.pass_time(600)
    later = waiting(outbox)
    outbox.write(lambda work: look_no_more(work, outbox.dice, later))
    assert outbox.state(answer) == "failed"


def test_an_alert_and_what_a_conversation_is_to_be_told_wait_for_their_time(stage):
    stage.text(EVA, "Er det fare? Det er en skadd stolpe her")
    stage.text(EVA, "Linja henger lavt over veien ved Furuneset")
    now = stage.clock.now
    with stage.store.read() as session:
        assert not due.has_alerts(session, now)
        assert due.has_alerts(session, now + timedelta(minutes=5))
        fronts = [front.id for front in stage.fronts.values()]
        waiting = due.pending_inputs(session, now + timedelta(days=400), fronts)
        assert waiting == sorted(set(waiting), key=waiting.index)
        assert waiting
        assert due.pending_inputs(session, now - timedelta(days=1), fronts) == []
        assert due.pending_inputs(session, now + timedelta(days=400), ["another"]) == []


def test_the_desks_of_a_tenant_are_those_that_were_loaded(stage):
    with stage.store.read() as session:
        assert tokens.known_desks(session, stage.scope.tenant) == {"grid"}
        assert tokens.known_desks(session, "nobody") == frozenset()
