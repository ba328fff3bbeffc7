"""The worker's loop, with a provider that does as it is told."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import cast

import pytest
from structlog.testing import capture_logs

from channels.contract import Failure, Outbound, Sender, SendError, Sent
from conversations.effects import DeliveryClass
from conversations.text import Mark
from gateway.jobs.delivery import AtWork, Sending, deliver
from storage import settling, tables
from storage.parts import freeze_parts
from tests.storage.outbox_rows import EVA, GRID, LEASE, OLA, Outbox, opened_outbox

DANGER, CODE, ANSWER, COMMENT, REMINDER = DeliveryClass


class Provider:
    """Takes what it is sent, or raises what it was told to raise for a recipient."""

    def __init__(self) -> None:
        self.taken: list[Outbound] = []
        self.raises: dict[str, Exception] = {}

    def send(self, message: Outbound) -> Sent:
        if message.recipient in self.raises:
            raise self.raises[message.recipient]
        self.taken.append(message)
        return Sent(f"SM{len(self.taken)}")


class Worker:
    def __init__(self, outbox: Outbox) -> None:
        self.outbox, self.provider = outbox, Provider()
        self.woken_at: list[datetime] = []
        self.more: list[bool] = []
        self.sending = Sending(
            store=outbox.store,
            dice=outbox.dice,
            senders={"AC1": cast("Sender", self.provider)},
            zones={},
            lease=LEASE,
            status_link=lambda _account, delivery: f"https://x/{delivery}",
            more=self.more.append,
            wake_at=self.woken_at.append,
        )

    def run(self, urgent: bool = False) -> None:
        deliver(self.sending, urgent)


@pytest.fixture
def worker(sqlite) -> Iterator[Worker]:
    with opened_outbox(sqlite) as outbox:
        yield Worker(outbox)


def test_it_sends_until_nothing_can_go(worker):
    sender = worker.outbox.add_sender()
    deliveries = worker.outbox.put_many(sender, [(EVA, ANSWER, "1"), (OLA, ANSWER, "2"), (EVA, ANSWER, "3")])
    worker.run()
    assert [message.text for message in worker.provider.taken] == ["1", "2", "3"]
    assert [worker.outbox.state(delivery) for delivery in deliveries] == ["sent"] * 3
    first = worker.provider.taken[0]
    assert (first.sender, first.recipient, first.delivery) == (GRID, EVA, deliveries[0])
    assert (first.status_url, first.valid_for_s) == (f"https://x/{deliveries[0]}", None)


def test_a_code_is_opened_at_the_last_moment_and_the_provider_told_how_long_it_is_good(worker):
    outbox = worker.outbox
    delivery = outbox.put(
        outbox.add_sender(), EVA, CODE, "••••••", parts=freeze_parts(("Koden er ", Mark("code", "c")))
    )
    sealed = outbox.store.keys.seal("481206", delivery)
    outbox.change(tables.Delivery, delivery, sealed=sealed, last_moment=outbox.now + timedelta(minutes=10))
    worker.run()
    [message] = worker.provider.taken
    assert (message.text, message.valid_for_s) == ("Koden er 481206", 600)
    assert "481206" not in repr(message)


@pytest.mark.parametrize("parts", ['["Sak ", {"mark": "page_link", "of": "x"}]', "{"])
def test_what_cannot_be_composed_fails_and_tells_an_operator(worker, parts):
    delivery = worker.outbox.put(worker.outbox.add_sender(), parts=parts)
    with capture_logs() as lines:
        worker.run()
    row = worker.outbox.delivery(delivery)
    assert (row.state, row.failure, worker.provider.taken) == ("failed", "not_composed", [])
    assert "an operator must look" in [line["event"] for line in lines]


def test_a_code_sealed_under_a_key_that_is_gone_fails(worker):
    delivery = worker.outbox.put(worker.outbox.add_sender(), EVA, CODE, sealed="gone:xx", parts='["x"]')
    worker.run()
    assert worker.outbox.delivery(delivery).failure == "not_composed"


@pytest.mark.parametrize(
    ("error", "state", "held_because"),
    [
        (SendError(Failure.INVALID_NUMBER), "failed", None),
        (SendError(Failure.AMBIGUOUS), "unknown", None),
        (SendError(Failure.THROTTLED), "due", "throttled"),
        (SendError(Failure.CREDENTIALS), "due", "credentials"),
        (RuntimeError("+4790000001"), "unknown", None),
    ],
)
def test_a_failure_is_settled_and_the_loop_goes_on(worker, error, state, held_because):
    outbox = worker.outbox
    sender = outbox.add_sender()
    failing, other = outbox.put_many(sender, [(EVA, ANSWER, "1"), (OLA, ANSWER, "2")])
    worker.provider.raises[EVA] = error
    with capture_logs() as lines:
        worker.run()
    assert outbox.state(failing) == state
    assert outbox.get(tables.Sender, sender).held_because == held_because
    assert outbox.state(other) == ("due" if held_because else "sent")
    assert ("an operator must look" in [line["event"] for line in lines]) == (held_because == "credentials")


def test_a_sender_of_an_account_that_is_not_here_waits_for_its_operator(worker):
    outbox = worker.outbox
    sender = outbox.add_sender()
    outbox.change(tables.Sender, sender, account="AC2")
    outbox.put(sender)
    worker.run()
    assert outbox.get(tables.Sender, sender).held_because == "misconfigured"


def test_danger_whose_answer_was_lost_goes_again_within_seconds(worker):
    outbox = worker.outbox
    danger = outbox.put(outbox.add_sender(), EVA, DANGER)
    worker.provider.raises[EVA] = SendError(Failure.AMBIGUOUS)
    worker.run()
    del worker.provider.raises[EVA]
    outbox.pass_time(1.3)
    worker.run(urgent=True)
    assert (outbox.state(danger), outbox.delivery(danger).attempt) == ("sent", 2)


def test_a_full_bucket_has_the_queues_rung_when_it_is_free(worker):
    outbox = worker.outbox
    sender = outbox.add_sender(per_second=0.5)
    outbox.put_many(sender, [(EVA, DANGER, "1"), (OLA, DANGER, "2")])
    worker.run()
    assert len(worker.provider.taken) == 1
    assert worker.woken_at == [outbox.now + timedelta(seconds=1)]


def test_each_claim_asks_for_one_more_thread(worker):
    worker.outbox.put_many(worker.outbox.add_sender(), [(EVA, ANSWER, "1"), (OLA, ANSWER, "2")])
    worker.run()
    assert worker.more == [False, False]


def test_stopping_gives_a_claim_back_that_waits_for_its_moment(worker):
    outbox = worker.outbox
    sender = outbox.add_sender(per_second=1)
    outbox.put_many(sender, [(EVA, DANGER, "1"), (OLA, DANGER, "2")])
    outbox.claim_one()
    running = threading.Thread(target=worker.run)
    running.start()
    while [row.state for row in outbox.rows(tables.Delivery)].count("sending") < 2:
        pass
    worker.sending.stopping.set()
    running.join(2)
    assert not running.is_alive()
    assert worker.provider.taken == []
    assert sorted(row.state for row in outbox.rows(tables.Delivery)) == ["due", "sending"]


def test_what_was_sent_is_settled_though_the_store_is_away_for_a_while(worker, monkeypatch):
    outbox = worker.outbox
    delivery = outbox.put(outbox.add_sender())
    monkeypatch.setattr("gateway.jobs.delivery.SETTLE_PAUSE_S", 0.01)
    failures = iter([OSError("disk"), OSError("disk")])

    def settle(*_args):
        for failure in failures:
            raise failure
        return original(*_args)

    original = settling.settle
    monkeypatch.setattr("gateway.jobs.delivery.settle", settle)
    with capture_logs() as lines:
        worker.run()
    assert outbox.state(delivery) == "sent"
    assert [line["event"] for line in lines].count("a delivery is not settled yet") == 2


def test_a_store_that_is_away_ends_the_loop_and_raises_nothing(worker):
    worker.outbox.store.close()
    worker.run()
    worker.outbox.store = Outbox(worker.outbox.url).store


def test_no_log_of_sending_has_a_number_or_a_text(worker):
    outbox = worker.outbox
    outbox.put(outbox.add_sender(), EVA, ANSWER, "Vi er på vei til Furunesveien")
    worker.provider.raises[EVA] = RuntimeError("Furunesveien +4790000001")
    with capture_logs() as lines:
        worker.run()
    told = [{**line, "exc_info": None} for line in lines]
    assert "Furunes" not in str(told)
    assert EVA not in str(told)


def test_threads_at_work_are_counted_by_queue():
    at_work = AtWork()
    with at_work.one_more(True), at_work.one_more(False), at_work.one_more(True):
        assert (at_work[True], at_work[False]) == (2, 1)
    assert (at_work[True], at_work[False]) == (0, 0)
