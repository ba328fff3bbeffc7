"""T12 on real processes: whatever the carrier reports, in whatever order, a delivery only moves forward."""

import itertools
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from gateway.simulator.carrier import Message, Trouble
from tests.faults.house import GRID, PUBLIC_URL, House, house, wait_until
from tests.faults.invariants import check_copies, check_store

pytestmark = pytest.mark.slow

STATUS = "/sms/twilio/status/"
TAKEN = (200, "<Response/>")
RANK = {"due": 0, "sending": 1, "sent": 2, "delivered": 3, "failed": 3}
ORDERS = [
    ("queued", "sent", "delivered"),
    ("delivered", "sent", "queued"),
    ("delivered", "delivered", "sent", "sent", "queued", "queued"),
    ("sent", "delivered", "failed", "undelivered"),
    ("delivered", "sending", "accepted", "read", "canceled"),
]


@contextmanager
def watched(running: House) -> Iterator[dict[str, list[str]]]:
    """Looks at all deliveries the whole time; the states of each, in the order in which they were seen."""
    seen: dict[str, list[str]] = {}
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(0.005):
            for delivery, state in running.rows("SELECT id, state FROM delivery"):
                states = seen.setdefault(delivery, [])
                if states[-1:] != [state]:
                    states.append(state)

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    try:
        yield seen
    finally:
        stop.set()
        looking.join()


def report(running: House, signed: str, message: Message, status: str, signature: str | None = None) -> tuple[int, str]:
    """A receipt about a message at any address, signed rightly, or as is given."""
    form = {
        "MessageSid": message.sid,
        "AccountSid": running.settings["TWILIO_ACCOUNT_SID"],
        "MessageStatus": status,
        **({"ErrorCode": "30005"} if status == "failed" else {}),
    }
    if signature is None:
        return running.post_form(STATUS + signed, form)
    return running.post_raw(STATUS + signed, "&".join(f"{k}={v}" for k, v in form.items()).encode(), signature)


def test_t12_receipts_early_late_twice_and_turned_round_only_move_forward(tmp_path):
    with house(tmp_path) as running:
        serving = running.serve()
        phones = {}
        for n, (receipts, early) in enumerate(itertools.product(ORDERS, (False, True))):
            number = phones[n] = f"+4790000{n:03d}"
            trouble = Trouble(receipts=receipts, early=early, receipt_after_s=0.0, receipt_error=30005)
            running.carrier.make_trouble(trouble, number)
        with watched(running) as seen:
            for number in phones.values():
                assert running.carrier.text(number, GRID, "strømmen er borte").status == 200
            wait_until(lambda: set(states(running)) == {"delivered"}, "all are delivered", 20, running.last_words)
            for message in running.carrier.messages():
                for status in random.sample(["queued", "sending", "sent", "delivered", "failed", "undelivered"], 6):
                    assert running.carrier.receipt(message.sid, status, 30005).status == 200
        assert states(running) == ["delivered"] * len(phones)
        for passed in seen.values():
            ranks = [RANK[state] for state in passed]
            assert ranks == sorted(ranks), passed
        assert serving.stop() == 0
        check_store(running)
        check_copies(running)


def test_t12_forged_and_unknown_ids_settle_nothing_and_what_is_the_providers_word_is_kept(tmp_path):
    with house(tmp_path) as running:
        serving = running.serve()
        running.carrier.make_trouble(Trouble(receipts=("sent",)))
        assert running.carrier.text("+4790000001", GRID, "strømmen er borte").status == 200
        [ours] = running.carrier.wait_for(to="+4790000001")
        wait_until(lambda: states(running) == ["sent"], "sent", 20, running.last_words)
        true = ours.status_url.removeprefix(PUBLIC_URL + STATUS)
        forged = [true[:-1] + ("0" if true[-1] != "0" else "1"), f"{true[:36]}.1.{'0' * 32}", true[:36], "x", "%00"]
        stranger = replace(ours, sid=f"SM{random.randbytes(16).hex()}")

        # Not signed by the provider: nothing is believed, wherever it points.
        for signed in (true, *forged):
            assert report(running, signed, ours, "delivered", signature="AAAA")[0] == 403
        # Signed, at an address that we never gave: only its own message can be meant, and nobody knows that one.
        for signed in forged[:-1]:
            assert report(running, signed, stranger, "failed") == TAKEN
        assert report(running, forged[-1], stranger, "failed")[0] < 500
        assert states(running) == ["sent"]
        kept = running.rows("SELECT provider_id, receipt_state FROM unknown_receipt")
        assert {tuple(row) for row in kept} == {(stranger.sid, "refused")}
        # And of a message that is ours, it is true there as well.
        assert report(running, forged[0], ours, "delivered") == TAKEN
        assert states(running) == ["delivered"]
        assert report(running, true, ours, "failed") == TAKEN
        assert states(running) == ["delivered"]
        assert serving.stop() == 0
        check_store(running)


def states(running: House) -> list[str]:
    """How all deliveries stand."""
    return [state for (state,) in running.rows("SELECT state FROM delivery ORDER BY id")]
