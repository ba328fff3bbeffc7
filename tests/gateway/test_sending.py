"""Sending by the real processes, through the vendor's client, to a carrier that has its bad days.

One gateway serves all tests here. What is to be sent is put into the store by this process, which does not
ring: so each test is also one of a bell that was lost.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from conversations.effects import DeliveryClass
from gateway.clock import MovableClock, clock_file
from gateway.dice import RandomDice
from gateway.secret import keys_in, made_in
from gateway.simulator.carrier import CarrierThread, Trouble
from storage import tables
from storage.outgoing import Lane, put_out
from storage.work import Store
from tests.gateway.processes import GRID, Gateway, gateway, quick_desk, wait_until

pytestmark = pytest.mark.slow

DANGER, CODE, ANSWER, COMMENT, REMINDER = DeliveryClass
OSLO = ZoneInfo("Europe/Oslo")
MINUTE = timedelta(seconds=61)
PHONES = iter(range(10_000))


@dataclass
class Outside:
    """The running gateway as an outsider has it: its carrier, its clock, and the store beside it."""

    gateway: Gateway
    store: Store
    clock: MovableClock
    dice: RandomDice
    sender: str

    @property
    def carrier(self) -> CarrierThread:
        return self.gateway.carrier

    def put(self, to, delivery_class=ANSWER, *texts):
        """Texts that wait; their deliveries."""
        lane = Lane("nordlys", "sms", self.sender, to)

        def job(work):
            return [put_out(work, self.dice, lane, (text,), delivery_class, None) for text in texts or ("Takk.",)]

        return self.store.write(job).result(20)

    def delivery(self, delivery: str) -> tables.Delivery:
        with self.store.read() as session:
            return session.get_one(tables.Delivery, delivery)

    def await_state(self, delivery: str, *states: str, within_s: float = 8) -> None:
        wait_until(lambda: self.delivery(delivery).state in states, within_s, f"{delivery} is {states}")

    def set_rate(self, per_second: float) -> None:
        def job(work):
            with work.session() as session:
                sender = session.get_one(tables.Sender, self.sender)
                sender.per_second, sender.free_at, sender.bulk_free_at = per_second, work.now, work.now
                session.add(sender)

        self.store.write(job).result(20)


@pytest.fixture(scope="module")
def outside(tmp_path_factory) -> Iterator[Outside]:
    folder = tmp_path_factory.mktemp("sending")
    with gateway(folder, CASELINE_DESKS=str(quick_desk(folder / "desks"))) as running:
        clock = MovableClock(clock_file(folder / "data"))
        (folder / "data").mkdir(mode=0o700)
        clock.move(until_noon(clock()))
        running.serve()
        store = Store(f"sqlite:///{folder}/data/caseline.db", keys_in(made_in(folder / "data")), clock)
        with store.read() as session:
            sender = session.exec(select(tables.Sender.id).where(tables.Sender.address == GRID)).one()
        yield Outside(running, store, clock, RandomDice(), sender)
        store.close()


@pytest.fixture(autouse=True)
def fair_weather(outside) -> Iterator[None]:
    yield
    outside.carrier.clear_troubles()


@pytest.fixture
def phone() -> str:
    """A number of this test's own."""
    return f"+479200{next(PHONES):04}"


def until_noon(now: datetime) -> timedelta:
    """To the next noon in Oslo, when reminders go."""
    local = now.astimezone(OSLO)
    noon = local.replace(hour=12, minute=0, second=0, microsecond=0)
    return (noon if noon > local else noon + timedelta(days=1)) - local


def test_a_text_goes_out_once_and_its_receipt_comes_home(outside, phone):
    [delivery] = outside.put(phone, ANSWER, "Vi er på vei.")
    outside.await_state(delivery, "delivered")
    [message] = outside.carrier.messages(to=phone)
    assert (message.body, message.sender) == ("Vi er på vei.", GRID)
    assert outside.delivery(delivery).provider_id == message.sid


def test_a_lost_answer_is_settled_by_the_callback(outside, phone):
    outside.carrier.make_trouble(Trouble(answer="cut", receipts=("delivered",), receipt_after_s=1.2, times=1), phone)
    [delivery] = outside.put(phone)
    outside.await_state(delivery, "unknown")
    outside.await_state(delivery, "delivered")
    assert len(outside.carrier.messages(to=phone)) == 1


@pytest.mark.parametrize("answer", ["cut", "500", "garbage"])
def test_a_lost_answer_without_a_callback_is_settled_by_the_list(outside, phone, answer):
    outside.carrier.make_trouble(Trouble(answer=answer, receipts=(), times=1), phone)
    [delivery] = outside.put(phone)
    outside.await_state(delivery, "unknown")
    outside.clock.move(MINUTE)
    outside.await_state(delivery, "sent")
    assert outside.delivery(delivery).provider_id == outside.carrier.messages(to=phone)[0].sid
    assert len(outside.carrier.messages(to=phone)) == 1


def test_a_request_lost_on_its_way_is_found_missing_and_sent_again(outside, phone):
    outside.carrier.make_trouble(Trouble(answer="cut", accept=False, times=1), phone)
    [delivery] = outside.put(phone)
    outside.await_state(delivery, "unknown")
    outside.clock.move(MINUTE)
    outside.await_state(delivery, "delivered")
    assert outside.delivery(delivery).attempt == 2
    assert len(outside.carrier.messages(to=phone)) == 1


def test_danger_is_sent_again_at_once(outside, phone):
    outside.carrier.make_trouble(Trouble(answer="cut", accept=False, times=2), phone)
    began = time.monotonic()
    outside.put(phone, DANGER)
    [message] = outside.carrier.wait_for(to=phone)
    assert message.at_s - began < 10


@pytest.mark.parametrize(
    ("trouble", "texts"),
    [
        (Trouble(answer="cut", receipts=()), 1),
        (Trouble(answer="cut", accept=False), 0),
        (Trouble(answer="cut", receipts=("failed",), receipt_error=30003), 1),
    ],
)
def test_a_code_is_never_sent_twice(outside, phone, trouble, texts):
    outside.carrier.make_trouble(trouble, phone)
    lane = Lane("nordlys", "sms", outside.sender, phone)
    delivery = outside.store.write(
        lambda work: put_out(
            work, outside.dice, lane, ("Koden er ", _mark(), "."), CODE, work.now + timedelta(hours=1), code="481206"
        )
    ).result(20)
    outside.await_state(delivery, "unknown", "failed")
    outside.clock.move(MINUTE)
    outside.await_state(delivery, "sent", "failed")
    outside.carrier.clear_troubles()
    outside.clock.move(MINUTE)
    time.sleep(1.2)
    assert [message.body for message in outside.carrier.messages(to=phone)] == ["Koden er 481206."] * texts
    row = outside.delivery(delivery)
    assert (row.sealed, row.state) == (None, "sent" if texts and not trouble.receipts else "failed")


def _mark():
    from conversations.text import Mark

    return Mark("code", "challenge")


def test_the_order_within_a_lane_is_kept_through_refusals(outside, phone):
    outside.carrier.make_trouble(Trouble(refuse=20429, times=1), phone)
    texts = [f"{number}" for number in range(5)]
    outside.put(phone, ANSWER, *texts)
    found = outside.carrier.wait_for(to=phone, at_least=5, wait_s=15)
    assert [message.body for message in found] == texts


@pytest.mark.parametrize(
    "receipts",
    [("delivered", "sent", "queued"), ("sent", "sent", "delivered", "delivered", "queued")],
)
@pytest.mark.parametrize("early", [True, False])
def test_receipts_in_any_order_twice_and_early(outside, phone, receipts, early):
    outside.carrier.make_trouble(Trouble(receipts=receipts, early=early), phone)
    [delivery] = outside.put(phone)
    outside.await_state(delivery, "delivered")
    wait_until(lambda: receipts_answered(outside, phone) == [200] * len(receipts), 5, "all receipts answered")
    assert outside.delivery(delivery).state == "delivered"


def receipts_answered(outside, phone) -> list[int]:
    entries = [one for one in outside.carrier.journal() if one.kind == "receipt" and one.recipient == phone]
    return [int(entry.what.rpartition(" ")[2]) for entry in entries]


def test_one_danger_among_two_thousand_reminders_leaves_within_ten_seconds(outside, phone):
    outside.set_rate(1)
    outside.carrier.make_trouble(Trouble(per_second=1, receipts=()))
    for start in range(0, 2000, 100):
        put_reminders(outside, start)
    time.sleep(2)
    began = time.monotonic()
    outside.put(phone, DANGER, "FARE")
    [message] = outside.carrier.wait_for(to=phone, wait_s=12)
    assert message.at_s - began < 10
    drop_what_waits(outside)
    outside.set_rate(100)


def put_reminders(outside, start: int) -> None:
    def job(work):
        for number in range(start, start + 100):
            lane = Lane("nordlys", "sms", outside.sender, f"+47930{number:05}")
            put_out(work, outside.dice, lane, ("Husk.",), REMINDER, None)

    outside.store.write(job).result(20)


def drop_what_waits(outside) -> None:
    def job(work):
        work.cursor.execute("UPDATE delivery SET state = 'withheld' WHERE state = 'due'")

    outside.store.write(job).result(20)


def test_slow_texts_do_not_hold_danger_up(outside, phone):
    slow = [f"+479400{number:04}" for number in range(10)]
    for number in slow:
        outside.carrier.make_trouble(Trouble(slow_s=30, receipts=()), number)
    for number in slow:
        outside.put(number)
    wait_until(lambda: sum(len(outside.carrier.messages(to=one)) for one in slow) >= 8, 8, "all threads wait")
    began = time.monotonic()
    outside.put(phone, DANGER, "FARE")
    [message] = outside.carrier.wait_for(to=phone)
    assert message.at_s - began < 3


def test_no_log_has_a_number_a_text_or_a_code(outside):
    log = "\n".join(outside.gateway.processes[-1].raw)
    for word in ("+47", "4792", "5944", "Takk", "FARE", "481206", "Vi er"):
        assert word not in log
    assert not [line for line in outside.gateway.processes[-1].lines if line["event"] == "unhandled"]
