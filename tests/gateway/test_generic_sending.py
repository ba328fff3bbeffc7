"""The real processes with the generic provider alone: a text in, its answer out, and outcomes that nobody lists."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import select

from conversations.effects import DeliveryClass
from gateway import status_links
from gateway.clock import MovableClock, clock_file
from gateway.dice import RandomDice
from gateway.secret import keys_in, made_in
from gateway.simulator.carrier import Trouble, run
from storage import tables
from storage.work import Store
from tests.gateway.processes import GRID, TOKEN, Gateway, quick_desk
from tests.gateway.test_sending import Outside

pytestmark = pytest.mark.slow

PHONE = "+4792009001"


@pytest.fixture(scope="module")
def outside(tmp_path_factory) -> Iterator[Outside]:
    folder = tmp_path_factory.mktemp("generic")
    with run(protocol="generic", auth_token=TOKEN, numbers=frozenset({GRID})) as carrier:
        settings = {
            "CASELINE_DESKS": str(quick_desk(folder / "desks")),
            "TWILIO_ACCOUNT_SID": "",
            "TWILIO_AUTH_TOKEN": "",
            "CASELINE_GENERIC_SMS_URL": f"{carrier.url}/messages",
            "CASELINE_GENERIC_SMS_API_SECRET": TOKEN,
            "CASELINE_GENERIC_SMS_WEBHOOK_SECRET": TOKEN,
        }
        running = Gateway(folder, carrier, settings)
        try:
            running.serve()
            clock = MovableClock(clock_file(folder / "data"))
            store = Store(f"sqlite:///{folder}/data/caseline.db", keys_in(made_in(folder / "data")), clock)
            with store.read() as session:
                sender = session.exec(select(tables.Sender.id).where(tables.Sender.address == GRID)).one()
            yield Outside(running, store, clock, RandomDice(), sender)
            store.close()
        finally:
            running.close()


def test_a_text_comes_in_and_its_answer_arrives(outside):
    posted = outside.carrier.text(PHONE, GRID, "Linja henger lavt over veien ved Furuneset")
    assert (posted.status, posted.body) == (200, "{}")
    [answer, *_] = outside.carrier.wait_for(to=PHONE)
    assert answer.status_url.startswith(f"{outside.gateway.url}/sms/generic/status/")
    delivery = status_links.verify(outside.store.keys, answer.status_url.rpartition("/")[2])
    outside.await_state(delivery, "delivered")


def test_a_lost_answer_is_settled_by_its_receipt_and_without_one_has_failed_in_the_end(outside):
    heard, unheard = "+4792009002", "+4792009003"
    outside.carrier.make_trouble(Trouble(answer="cut", receipts=("delivered",), receipt_after_s=1, times=1), heard)
    outside.carrier.make_trouble(Trouble(answer="cut", receipts=(), times=1), unheard)
    [first], [second] = outside.put(heard), outside.put(unheard)
    outside.await_state(first, "delivered")
    outside.await_state(second, "unknown")
    outside.clock.move(timedelta(seconds=61))
    [after] = outside.put("+4792009004")
    outside.await_state(after, "delivered")
    assert outside.delivery(second).state == "unknown"
    outside.clock.move(timedelta(minutes=10))
    outside.await_state(second, "failed")
    assert outside.delivery(second).failure == "no_receipt"
    assert [len(outside.carrier.messages(to=number)) for number in (heard, unheard)] == [1, 1]


def test_danger_is_sent_again_at_once(outside):
    outside.carrier.make_trouble(Trouble(answer="cut", accept=False, times=2), "+4792009005")
    outside.put("+4792009005", DeliveryClass.DANGER)
    assert outside.carrier.wait_for(to="+4792009005")


def test_no_log_has_a_number_a_text_or_a_secret(outside):
    log = "\n".join(outside.gateway.processes[-1].raw)
    for word in ("+47", "4792", "5944", "Linja", "Takk", TOKEN):
        assert word not in log
