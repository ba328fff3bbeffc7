"""Texts that were sent, and of which no receipt came; on both databases."""

from collections.abc import Iterator

import pytest

from storage.unheard import hear, unheard
from storage.unknown import OnList
from tests.storage.outbox_rows import EVA, GRID, OLA, Outbox, opened_outbox


@pytest.fixture
def outbox(store_place) -> Iterator[Outbox]:
    with opened_outbox(store_place) as opened:
        yield opened


def sent(outbox, sender, to, provider_id):
    outbox.put(sender, to)
    claimed = outbox.claim_one()
    outbox.settle(claimed, provider_id=provider_id)
    return claimed.delivery


def look(outbox, made_after=""):
    with outbox.store.read() as session:
        return unheard(session, outbox.now, made_after)


def test_they_are_asked_for_once_after_ten_minutes_and_the_list_is_their_receipt(outbox):
    sender = outbox.add_sender()
    delivered, failed, silent = (
        sent(outbox, sender, EVA, "SM1"),
        sent(outbox, sender, OLA, "SM2"),
        sent(outbox, sender, "+4790000003", "SM3"),
    )
    outbox.pass_time(599)
    assert look(outbox) == []
    outbox.pass_time(2)
    rows = look(outbox)
    assert {row.delivery for row in rows} == {delivered, failed, silent}
    listed = [OnList("SM1", GRID, "x", "delivered"), OnList("SM2", GRID, "x", "refused")]
    assert outbox.write(lambda work: hear(work, outbox.dice, rows, listed)) == 2
    assert [outbox.state(one) for one in (delivered, failed, silent)] == ["delivered", "failed", "sent"]
    assert look(outbox) == []


def test_older_deliveries_are_not_looked_at(outbox):
    delivery = sent(outbox, outbox.add_sender(), EVA, "SM1")
    outbox.pass_time(601)
    assert [row.delivery for row in look(outbox, made_after="")] == [delivery]
    assert look(outbox, made_after=delivery) == []


def test_what_is_a_day_old_is_not_asked_for(outbox):
    sent(outbox, outbox.add_sender(), EVA, "SM1")
    outbox.pass_time(25 * 3600)
    assert look(outbox) == []
