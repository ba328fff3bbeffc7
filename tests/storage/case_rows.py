"""Rows for tests of case work: a tenant with a front, a conversation, and cases as the turns leave them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlmodel import SQLModel

from conversations.desk.ready import ReadyDesk
from conversations.inputs import Actor
from gateway.clock import system_clock
from gateway.desks import load
from gateway.dice import RandomDice
from gateway.ready import make_ready
from storage.fronts import Fronts, ReadyFront
from storage.keys import Key, Keys
from storage.migrate import migrate
from storage.scope import Scope
from storage.tables import (
    Address,
    AddressHolder,
    Alert,
    AlertSent,
    Case,
    CaseParty,
    CaseValue,
    Caseworker,
    Comment,
    Contact,
    Conversation,
    Delivery,
    Front,
    MessageRow,
    SealedValue,
    Sender,
    Tenant,
)
from storage.work import Store, Work

DICE = RandomDice()
KEYS = Keys([Key("k1", b"k" * 32)])
THEIR_NUMBER = "+4790012345"
ON_CALL = ("+4799990001", "+4799990002")


@contextmanager
def opened_store(place: Any) -> Iterator[Store]:
    """A store with all tables, on a database of its own that is gone afterwards."""
    url = place.create(create_tables)
    store = Store(url, KEYS, system_clock)
    try:
        yield store
    finally:
        store.close()
        place.drop(url)


def create_tables(url: str) -> None:
    """Make the tables in an empty database."""
    migrate(url)


@cache
def grid() -> ReadyDesk:
    """The ready desk of a grid company."""
    return next(make_ready(loaded.desk, 1) for loaded in load() if loaded.desk.desk == "grid")


@dataclass
class Rows:
    """One tenant's rows; each function adds some and returns an id."""

    store: Store
    tenant: str = "nordlys"
    desk: str = "grid"
    our_number: str = "+4759440000"
    ids: dict[str, str] = field(default_factory=dict)
    cases: int = 0

    def begin(self) -> "Rows":
        """The tenant itself, its front, a caseworker, and one conversation."""
        self._add(lambda now: [Tenant(id=self.tenant, name=self.tenant.title())])
        for name in ("front", "address", "contact", "caseworker", "conversation", "sender"):
            self.ids[name] = DICE.new_id()
        self._add(self._beginning)
        self._add(self._conversation)
        return self

    def scope(self, **changes: Any) -> Scope:
        """A caseworker of this tenant, who sees all its desks."""
        values: dict[str, Any] = {
            "tenant": self.tenant,
            "desks": frozenset(),
            "actor": Actor("caseworker", self.ids["caseworker"], "token"),
            "actor_name": "Kari Lie",
        }
        return Scope(**(values | changes))

    def fronts(self) -> Fronts:
        """The tenant's front, with the grid desk behind it."""
        ids, number = self.ids, self.our_number
        front = ReadyFront(ids["front"], self.tenant, "sms", number, "AC1", ids["sender"], grid())
        return {("sms", number): front}

    def case(self, **columns: Any) -> str:
        """A case of the conversation's address."""
        self.cases += 1
        case_id = DICE.new_id()
        values: dict[str, Any] = {
            "id": case_id,
            "tenant": self.tenant,
            "desk": self.desk,
            "series": "IN",
            "number": f"IN-{self.cases:08}",
            "form": "general",
            "desk_version": 1,
            "status": "received",
            "urgency": "normal",
            "conversation": self.ids["conversation"],
            "address": self.ids["address"],
            "epoch": 1,
        }
        self._add(lambda now: [Case(**({"opened_at": now} | values | columns))])
        return case_id

    def value(self, case: str, name: str, value: Any, **columns: Any) -> None:
        """An answer on a case."""
        text = json.dumps(value, ensure_ascii=False)
        values: dict[str, Any] = {"shown": str(value), "words": str(value), "source": "said", "value": text}
        self._add(lambda now: [CaseValue(case_id=case, field=name, tenant=self.tenant, at=now, **(values | columns))])

    def party(self, case: str, role: str, **columns: Any) -> None:
        """Somebody's part in a case."""
        self._add(lambda now: [CaseParty(id=DICE.new_id(), tenant=self.tenant, case_id=case, role=role, **columns)])

    def message(self, text: str, **columns: Any) -> str:
        """A message of the conversation, inbound unless said otherwise."""
        message_id = DICE.new_id()
        values: dict[str, Any] = {
            "conversation": self.ids["conversation"],
            "direction": "in",
            "channel": "sms",
            "their_address": THEIR_NUMBER,
            "disposition": "turn",
        }
        self._add(lambda now: [MessageRow(id=message_id, tenant=self.tenant, text=text, at=now, **(values | columns))])
        return message_id

    def delivery(self, message: str, state: str, **columns: Any) -> str:
        """A sending of a message."""
        delivery_id = DICE.new_id()
        values: dict[str, Any] = {
            "sender": self.ids["sender"],
            "recipient": THEIR_NUMBER,
            "delivery_class": 2,
            "conversation": self.ids["conversation"],
        }
        self._add(
            lambda now: [
                Delivery(
                    id=delivery_id,
                    tenant=self.tenant,
                    message=message,
                    state=state,
                    due_at=now,
                    created_at=now,
                    **(values | columns),
                )
            ]
        )
        return delivery_id

    def customer_comment(self, case: str, text: str, **columns: Any) -> str:
        """A comment that came in by a message."""
        message = self.message(text)
        comment_id = DICE.new_id()
        values: dict[str, Any] = {
            "author_kind": "customer",
            "author_id": THEIR_NUMBER,
            "evidence": "wrote",
            "public": True,
        }
        self._add(
            lambda now: [
                Comment(
                    id=comment_id,
                    tenant=self.tenant,
                    case_id=case,
                    message=message,
                    at=now,
                    **(values | columns),
                )
            ]
        )
        return comment_id

    def secret(self, case: str) -> str:
        """The field of a secret answer on the case."""
        sealed = DICE.new_id()
        answer: dict[str, Any] = {
            "value": json.dumps(sealed),
            "shown": "****",
            "words": "****",
            "source": "said",
        }
        self._add(
            lambda now: [
                SealedValue(id=sealed, tenant=self.tenant, sealed=KEYS.seal("1472", sealed), at=now),
                CaseValue(case_id=case, field="door_code", tenant=self.tenant, at=now, sealed=True, **answer),
            ]
        )
        return "door_code"

    def alert(self, case: str, **columns: Any) -> str:
        """An alert that went to both numbers on call."""
        alert_id = DICE.new_id()
        values: dict[str, Any] = {
            "desk": self.desk,
            "front": self.ids["front"],
            "conversation": self.ids["conversation"],
            "word": "4711",
            "parts": '["Fare"]',
            "numbers": json.dumps(ON_CALL),
            "step": 2,
            "escalate_after_s": 300,
        }
        self._add(
            lambda now: [
                Alert(
                    id=alert_id,
                    tenant=self.tenant,
                    case_id=case,
                    raised_at=now,
                    next_at=now + timedelta(minutes=5),
                    **(values | columns),
                )
            ]
        )
        self._add(lambda now: [AlertSent(alert=alert_id, number=number, at=now) for number in ON_CALL])
        return alert_id

    def hold_sender(self) -> None:
        """The provider refuses our sender for an hour."""

        def hold(work: Work) -> None:
            with work.session() as session:
                sender = session.get_one(Sender, self.ids["sender"])
                sender.held_until = work.now + timedelta(hours=1)
                sender.held_because = "credentials"
                session.add(sender)

        self.store.write(hold).result()

    def _beginning(self, now: datetime) -> list[SQLModel]:
        at: dict[str, Any] = {"tenant": self.tenant, "channel": "sms"}
        return [
            Front(id=self.ids["front"], desk=self.desk, address=self.our_number, **at),
            Address(id=self.ids["address"], value=THEIR_NUMBER, first_heard_at=now, **at),
            Contact(id=self.ids["contact"], tenant=self.tenant, name="Eva Hagen", created_at=now),
            Caseworker(id=self.ids["caseworker"], tenant=self.tenant, name="Kari Lie"),
            Sender(
                id=self.ids["sender"],
                account="AC1",
                address=self.our_number,
                per_second=1,
                free_at=now,
                bulk_free_at=now,
                served_at=now,
                **at,
            ),
        ]

    def _conversation(self, now: datetime) -> list[SQLModel]:
        return [
            AddressHolder(
                id=DICE.new_id(),
                tenant=self.tenant,
                address=self.ids["address"],
                contact=self.ids["contact"],
                epoch=1,
                proved_at=now,
            ),
            Conversation(
                id=self.ids["conversation"],
                tenant=self.tenant,
                front=self.ids["front"],
                address=self.ids["address"],
                their_address=THEIR_NUMBER,
                state="{}",
                heard_at=now,
            ),
        ]

    def _add(self, rows: Any) -> None:
        def add(work: Work) -> None:
            with work.session() as session:
                session.add_all(rows(work.now))

        self.store.write(add).result()
