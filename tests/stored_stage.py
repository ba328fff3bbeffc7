"""A stage on the real intake, outbox and store: what a transcript needs besides is a clock and a phone's ear."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from sqlmodel import col, select

from channels.contract import Inbound
from conversations.inputs import Actor
from gateway.dice import RandomDice
from gateway.jobs import intake
from gateway.ready import make_ready
from gateway.simulator.transcript import CaseSeen
from storage import alerts, case_work, outbox, settling
from storage.case_views import Absent, Named, whole_case
from storage.fronts import Fronts
from storage.keys import Key, Keys
from storage.parts import composed
from storage.scope import Scope
from storage.set_up import set_up
from storage.tables import PendingInput
from storage.work import Store, Work
from tests.stages import loaded

ACCOUNT: Final = "twilio"
BEGINS: Final = datetime(2026, 1, 14, 13, 0, tzinfo=UTC)
LEASE: Final = timedelta(seconds=30)
KEYS: Final = Keys([Key("1", bytes(range(32)))])


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = BEGINS

    def __call__(self) -> datetime:
        return self.now


class StoredStage:
    """Plays on a store; ``sent`` are all texts that went out, by phone."""

    def __init__(self, store: Store, fronts: Fronts, clock: Clock, number: str) -> None:
        self.store, self.fronts, self.clock, self.number = store, fronts, clock, number
        self.dice = RandomDice()
        self.sent: dict[str, list[str]] = {}
        self._heard: dict[str, int] = {}
        self._count = 0
        front = fronts["sms", number]
        self._zones: dict[str, tzinfo] = {number: front.desk.zone}
        self.scope = Scope(front.tenant, frozenset(), Actor("caseworker", "kari", "token"), "Kari", full_numbers=True)

    def text(self, sender: str, body: str) -> None:
        """A text with a provider's id of its own."""
        self._count += 1
        sid = f"SM{self._count:032x}"
        self.receive(Inbound("sms", ACCOUNT, sid, sender, self.number, body, 1, 0, ""))
        self.settle()

    def receive(self, inbound: Inbound) -> intake.Received:
        """Take a message in."""
        return intake.receive(self.store, self.fronts, inbound, self.dice)

    def heard(self, number: str) -> str | None:
        """The next text that went to a phone."""
        at = self._heard.get(number, 0)
        texts = self.sent.get(number, [])
        if at >= len(texts):
            return None
        self._heard[number] = at + 1
        return texts[at]

    def comment(self, author: str, case_number: str, words: str) -> None:
        """A caseworker comments."""
        new = case_work.NewComment(words, True, author)
        named = self._named(case_number)
        self.store.write(lambda work: case_work.comment(work, self.scope, self.dice, named, new)).result()
        self.settle()

    def move_clock(self, by: timedelta) -> None:
        """The clock moves on, and what became due happens."""
        self.clock.now += by
        self.settle()

    def case(self, number: str) -> CaseSeen | None:
        """A case as the API would show it."""
        with self.store.read() as session:
            try:
                case = whole_case(self.scope, session, self._named(number))
            except Absent:
                return None
        values = {value.field: value.shown for value in case.values}
        return CaseSeen(case.form, case.status, values, tuple(one.text for one in case.comments))

    def settle(self) -> None:
        """Send all that is due, tell what waits, escalate: until nothing is left to do now."""
        busy = True
        while busy:
            self.store.write(lambda work: alerts.escalate(work, self.dice)).result()
            busy = self._send_all() | self._tell_all()

    def _send_all(self) -> bool:
        sent = False
        while True:
            claimed = self.store.write(lambda work: outbox.claim(work, self.dice, self._zones, LEASE)).result()
            if isinstance(claimed, outbox.Wait) and claimed.until - self.clock.now < timedelta(minutes=1):
                self.clock.now = max(claimed.until, self.clock.now)
            elif isinstance(claimed, outbox.Claimed):
                self._send(claimed)
                sent = True
            else:
                return sent

    def _send(self, claimed: outbox.Claimed) -> None:
        text = composed(KEYS, claimed)
        self.sent.setdefault(claimed.recipient, []).append(text)
        outcome = settling.Outcome("accepted", provider_id=f"SM{claimed.delivery}")

        def settle(work: Work) -> bool:
            return settling.settle(work, self.dice, claimed.delivery, claimed.attempt, outcome)

        self.store.write(settle).result()

    def _tell_all(self) -> bool:
        with self.store.read() as session:
            waiting = select(PendingInput.id).where(
                col(PendingInput.taken_at).is_(None), col(PendingInput.due_at) <= self.clock.now
            )
            rows = list(session.exec(waiting.order_by(col(PendingInput.id))))
        told = [intake.take_pending(self.store, self.fronts, row, self.dice) for row in rows]
        return bool(told)

    def _named(self, number: str) -> Named:
        return Named(number)


@contextmanager
def stored_stage(url: str, desk: str = "grid") -> Iterator[StoredStage]:
    """A stage on a migrated, empty database."""
    clock = Clock()
    store = Store(url, KEYS, clock)
    try:
        fronts = set_up(
            store, [loaded(desk)], lambda channel, _: ACCOUNT if channel == "sms" else None, make_ready, RandomDice()
        )
        yield StoredStage(store, fronts, clock, loaded(desk).desk.answers_on.sms[0])
    finally:
        store.close()
