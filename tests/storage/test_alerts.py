"""Alerts that nobody has acknowledged go on, on both databases."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from storage import tables
from storage.alerts import escalate
from tests.storage.outbox_rows import NOON, Outbox, opened_outbox


@pytest.fixture
def outbox(store_place) -> Iterator[Outbox]:
    with opened_outbox(store_place) as opened:
        opened.add_sender()
        yield opened


def go_on(outbox):
    return outbox.write(lambda work: escalate(work, outbox.dice))


def test_an_alert_goes_to_the_next_number_round_and_round(outbox):
    alert = outbox.add_alert(outbox.add_case(outbox.add_conversation()), next_at=NOON + timedelta(minutes=5))
    assert go_on(outbox) == []
    for step in (2, 3, 4):
        outbox.pass_time(300)
        assert go_on(outbox) == [(alert, step)]
        assert go_on(outbox) == []
    numbers = [row.recipient for row in sorted(outbox.rows(tables.Delivery), key=lambda row: row.id)]
    assert numbers == ["+4799990002", "+4799990001", "+4799990002"]


def test_the_text_is_danger_and_its_number_may_acknowledge(outbox):
    alert = outbox.add_alert(outbox.add_case(outbox.add_conversation()))
    go_on(outbox)
    [delivery] = outbox.rows(tables.Delivery)
    [message] = outbox.rows(tables.MessageRow)
    [sent] = outbox.rows(tables.AlertSent)
    assert (delivery.delivery_class, delivery.about, delivery.state) == (0, alert, "due")
    assert (message.text, message.conversation) == ("FARE. Svar 4711.", None)
    assert (sent.alert, sent.number) == (alert, "+4799990002")


def test_an_acknowledged_alert_goes_no_further(outbox):
    alert = outbox.add_alert(outbox.add_case(outbox.add_conversation()))
    outbox.change(tables.Alert, alert, acknowledged_at=outbox.now)
    assert go_on(outbox) == []
