"""SIGKILL at random moments: nothing acknowledged is lost, and nothing is doubled."""

import os
import random
import signal
import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from sqlmodel import select

from gateway.clock import MovableClock, clock_file
from gateway.secret import keys_in
from storage import tables
from storage.work import Store
from tests.gateway.processes import GRID, Gateway, gateway, quick_desk, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

MESSAGES = 200
PHONES_AT_ONCE = 8
KILLS = ("child", "child", "serve", "child", "child", "serve", "child", "child", "serve", "child")
SEED = 20261122


class Phones:
    """Eight phones that text in turn, and a carrier that brings each text until it is acknowledged."""

    def __init__(self, running: Gateway) -> None:
        self._running = running
        self._left = list(range(MESSAGES))
        self.acknowledged: dict[str, str] = {}
        self.is_slow = threading.Event()
        self.threads = [threading.Thread(target=self._text, daemon=True) for _ in range(PHONES_AT_ONCE)]

    def _text(self) -> None:
        while self._left:
            number = self._left.pop()
            phone, sid = f"+47910{number:05}", f"SM{number:032x}"
            while self._running.carrier.text(phone, GRID, f"hei {number}", sid).status != 200:
                time.sleep(0.2)
            self.acknowledged[sid] = phone
            time.sleep(0.3 if self._is_ahead() else 0)

    def _is_ahead(self) -> bool:
        """So that texts come in until the last kill."""
        return not self.is_slow.is_set() and len(self._left) < MESSAGES // 4


def test_ten_kills_over_two_hundred_messages(tmp_path):
    dice = random.Random(SEED)
    settings = {"CASELINE_DESKS": str(quick_desk(tmp_path / "desks"))}
    with gateway(tmp_path, **settings) as running:
        serving = running.serve()
        phones = Phones(running)
        for thread in phones.threads:
            thread.start()
        for victim in KILLS:
            wait_until(lambda: serving.said("at work"), 30, "a child is at work", serving)
            time.sleep(dice.uniform(0.0, 0.4))
            if victim == "serve":
                serving.kill()
                serving = running.serve()
            else:
                serving.lines.clear()
                os.kill(running.child(), signal.SIGKILL)
        phones.is_slow.set()
        for thread in phones.threads:
            thread.join(60)
        assert len(phones.acknowledged) == MESSAGES
        settle_all(running, tmp_path)
        check(running, tmp_path, phones.acknowledged)
        assert serving.stop() == 0


def settle_all(running: Gateway, folder) -> None:
    """Let leases run out and doubts be looked up, until nothing is on its way."""
    clock = MovableClock(clock_file(folder / "data"))
    for _ in range(4):
        time.sleep(1)
        clock.move(timedelta(seconds=65))
    store = opened(folder)
    try:
        wait_until(lambda: not count(store, "due", "sending", "unknown"), 30, "nothing is on its way")
    finally:
        store.close()


def check(running: Gateway, folder, acknowledged: dict[str, str]) -> None:
    store = opened(folder)
    try:
        with store.read() as session:
            messages = session.exec(select(tables.MessageRow).where(tables.MessageRow.direction == "in")).all()
            conversations = session.exec(select(tables.Conversation)).all()
            deliveries = session.exec(select(tables.Delivery)).all()
    finally:
        store.close()
    assert Counter(message.provider_id for message in messages) == Counter(acknowledged)
    assert [conversation.sequence for conversation in conversations] == [1] * MESSAGES
    assert Counter(delivery.recipient for delivery in deliveries) == Counter(acknowledged.values())
    assert {delivery.state for delivery in deliveries} == {"delivered"}
    assert Counter(message.recipient for message in running.carrier.messages()) == Counter(acknowledged.values())


def count(store: Store, *states: str) -> int:
    with store.read() as session:
        return len(session.exec(select(tables.Delivery.id).where(tables.Delivery.state.in_(states))).all())


def opened(folder) -> Store:
    data = folder / "data"
    return Store(f"sqlite:///{data}/caseline.db", keys_in(None, data), MovableClock(clock_file(data)))
