"""A store with senders and texts that wait, for tests of the outbox."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from sqlmodel import SQLModel, select

from storage import tables
from storage.engines import writing_engine
from storage.keys import Key, Keys
from storage.outbox import Claimed, claim
from storage.settling import Outcome, hold_sender, settle
from storage.work import Store
from tests.storage.case_rows import create_tables

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LEASE = timedelta(seconds=30)
KEYS = Keys([Key("k1", b"k" * 32)])
GRID = "+4759440000"
EVA = "+4790000001"
OLA = "+4790000002"
PLACES: WeakKeyDictionary[Any, str] = WeakKeyDictionary()


@contextmanager
def opened_outbox(place) -> Iterator["Outbox"]:
    """An outbox without rows. The database is made once for all tests: PostgreSQL takes long to make one."""
    if place in PLACES:
        # Before it is opened: the last test's clock may still have raised the time's floor while it was closed.
        _empty(PLACES[place])
    else:
        PLACES[place] = place.create(create_tables)
    outbox = Outbox(PLACES[place])
    try:
        yield outbox
    finally:
        outbox.close()


class CountingDice:
    """Ids that rise."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def new_id(self) -> str:
        return f"{next(self._numbers):036d}"

    def word(self) -> str:
        return "4711"

    def draft_code(self) -> str:
        return "5QF7M"


class Outbox:
    """A store, its clock in `now`, and short ways to do what the tests do."""

    def __init__(self, url: str) -> None:
        self.url, self.front = url, ""
        self.now = NOON
        self.dice = CountingDice()
        self.store = Store(url, KEYS, lambda: self.now)
        self.write(_tenant)

    def close(self) -> None:
        self.store.close()

    def write(self, fn):
        return self.store.write(fn).result(20)

    def pass_time(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def add_sender(self, address: str = GRID, per_second: float = 1000.0, tenant: str = "nordlys") -> str:
        sender = self.dice.new_id()
        row = tables.Sender(
            id=sender,
            tenant=tenant,
            channel="sms",
            account="AC1",
            address=address,
            per_second=per_second,
            free_at=self.now,
            bulk_free_at=self.now,
            served_at=self.now,
        )
        self.add([row])
        return sender

    def add(self, rows: Iterable[SQLModel]) -> None:
        def job(work):
            with work.session() as session:
                session.add_all(rows)

        self.write(job)

    def put(self, sender: str, to: str = EVA, delivery_class: int = 2, text: str = "Takk.", **more) -> str:
        """A text that waits; returns its delivery's id."""
        [delivery] = self.put_many(sender, [(to, delivery_class, text)], **more)
        return delivery

    def put_many(self, sender: str, texts: list[tuple[str, int, str]], **more) -> list[str]:
        parts = more.pop("parts", None)
        deliveries = []

        def job(work):
            with work.session() as session:
                for to, delivery_class, text in texts:
                    message = tables.MessageRow(
                        id=self.dice.new_id(),
                        tenant="nordlys",
                        conversation=more.get("conversation"),
                        direction="out",
                        channel="sms",
                        their_address=to,
                        text=text,
                        parts=parts,
                        at=self.now,
                    )
                    delivery = tables.Delivery(
                        id=self.dice.new_id(),
                        tenant="nordlys",
                        sender=sender,
                        recipient=to,
                        message=message.id,
                        delivery_class=delivery_class,
                        state="due",
                        due_at=self.now,
                        created_at=self.now,
                    )
                    for name, value in more.items():
                        setattr(delivery, name, value)
                    session.add(message)
                    session.flush()
                    session.add(delivery)
                    deliveries.append(delivery.id)

        self.write(job)
        return deliveries

    def claim(self, urgent=False, zones=None):
        return self.write(lambda work: claim(work, self.dice, zones or {}, LEASE, urgent))

    def claim_one(self, urgent=False):
        claimed = self.claim(urgent)
        assert isinstance(claimed, Claimed), claimed
        return claimed

    def settle(self, claimed, kind="accepted", **more):
        if kind == "accepted":
            more.setdefault("provider_id", f"SM-{claimed.delivery}-{claimed.attempt}")
        outcome = Outcome(kind, **more)
        return self.write(lambda work: settle(work, self.dice, claimed.delivery, claimed.attempt, outcome))

    def add_address(self, value: str) -> str:
        key = self.dice.new_id()
        row = tables.Address(id=key, tenant="nordlys", channel="sms", value=value, epoch=1, first_heard_at=self.now)
        self.add([row])
        return key

    def add_conversation(self) -> str:
        """A conversation with Eva, and the front that she writes to."""
        key, self.front, address = self.dice.new_id(), self.dice.new_id(), self.add_address(EVA)
        front = tables.Front(id=self.front, tenant="nordlys", desk="grid", channel="sms", address=GRID)
        conversation = tables.Conversation(
            id=key,
            tenant="nordlys",
            front=self.front,
            address=address,
            their_address=EVA,
            state="{}",
            heard_at=self.now,
        )
        self.add([front])
        self.add([conversation])
        return key

    def add_case(self, conversation: str, **more) -> str:
        key = self.dice.new_id()
        address = self.get(tables.Conversation, conversation).address
        values = {"open": True, "attention": None, **more}
        row = tables.Case(
            id=key,
            tenant="nordlys",
            desk="grid",
            series="IN",
            number=f"IN-{key[-8:]}",
            form="danger",
            desk_version=1,
            status="reported",
            urgency="danger",
            conversation=conversation,
            address=address,
            epoch=1,
            opened_at=self.now,
            **values,
        )
        self.add([row])
        return key

    def add_comment(self, case: str) -> str:
        """A caseworker's public one."""
        key = self.dice.new_id()
        row = tables.Comment(
            id=key,
            tenant="nordlys",
            case_id=case,
            author_kind="caseworker",
            author_id="kari",
            evidence="token",
            public=True,
            text="Vi kommer",
            at=self.now,
        )
        self.add([row])
        return key

    def add_alert(self, case: str, step: int = 1, next_at: datetime | None = None) -> str:
        """An alert for two numbers on call, of which `step` were told."""
        key = self.dice.new_id()
        row = tables.Alert(
            id=key,
            tenant="nordlys",
            desk="grid",
            front=self.front,
            conversation=self.get(tables.Case, case).conversation,
            case_id=case,
            word="4711",
            parts='["FARE. Svar 4711."]',
            numbers='["+4799990001", "+4799990002"]',
            step=step,
            escalate_after_s=300,
            next_at=next_at or self.now,
            raised_at=self.now,
        )
        self.add([row])
        return key

    def change(self, kind, key: str, **values) -> None:
        def job(work):
            with work.session() as session:
                row = session.get_one(kind, key)
                for name, value in values.items():
                    setattr(row, name, value)
                session.add(row)

        self.write(job)

    def hold(self, sender: str, seconds: float) -> None:
        self.write(lambda work: hold_sender(work, sender, self.now + timedelta(seconds=seconds), "credentials"))

    def delivery(self, delivery):
        return self.get(tables.Delivery, delivery)

    def get(self, kind, key: str):
        with self.store.read() as session:
            row = session.get_one(kind, key)
            session.expunge_all()
            return row

    def rows(self, kind):
        with self.store.read() as session:
            found = list(session.exec(select(kind)))
            session.expunge_all()
            return found

    def state(self, delivery):
        return self.delivery(delivery).state


def _tenant(work) -> None:
    with work.session() as session:
        for tenant in ("nordlys", "fjern"):
            if session.get(tables.Tenant, tenant) is None:
                session.add(tables.Tenant(id=tenant, name=tenant))


def _empty(url: str) -> None:
    engine = writing_engine(url)
    with engine.begin() as connection:
        for table in reversed(tables.metadata.sorted_tables):
            connection.execute(table.delete())
    engine.dispose()
