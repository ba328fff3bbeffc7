"""A store with the grid desk set up, and short ways to text it, for tests of turns and of what they leave."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlmodel import SQLModel, select

from channels.contract import Inbound
from conversations.effects import Effect, Say, Turn
from conversations.inputs import Input, Message
from conversations.state import Asked, State
from gateway.jobs import intake
from gateway.ready import make_ready
from storage.apply import apply
from storage.fronts import Fronts, ReadyFront
from storage.keys import Key, Keys
from storage.migrate import migrate
from storage.scene import Held
from storage.set_up import set_up
from storage.turns import hold, make
from storage.work import Store, Work
from tests.stages import loaded

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
KEYS = Keys([Key("k1", b"k" * 32)])
ACCOUNT = "AC1"
GRID = "+4759440000"
EVA = "+4790012345"
OLA = "+4790067890"
DUTY = ("+4799990001", "+4799990002")


class RisingDice:
    """Ids that rise, and always the same word."""

    def __init__(self, first: int = 1) -> None:
        self._numbers = count(first)

    def new_id(self) -> str:
        """As long as a real one."""
        return f"{next(self._numbers):036d}"

    def word(self) -> str:
        """The alert's word."""
        return "4711"

    def draft_code(self) -> str:
        return "5QF7M"


@dataclass
class Clock:
    """A time that stands until it is moved."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, **span: float) -> None:
        """Move it on."""
        self.now += timedelta(**span)


@dataclass
class Grid:
    """The store of a grid company: what it was asked, and what it holds."""

    store: Store
    clock: Clock
    fronts: Fronts
    dice: RisingDice
    rings: list[None] = field(default_factory=list)
    provider_ids: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def front(self) -> ReadyFront:
        """The desk's number."""
        return self.fronts["sms", GRID]

    def ring(self) -> None:
        """The bell."""
        self.rings.append(None)

    def inbound(self, text: str, sender: str = EVA, provider_id: str = "", **more: Any) -> Inbound:
        """A text to the desk."""
        named = provider_id or f"SM{next(self.provider_ids):032x}"
        given = {"segments": 1, "media_count": 0} | more
        return Inbound("sms", ACCOUNT, named, sender, GRID, text, **given)

    def receive(
        self, text: str, sender: str = EVA, core: intake.Core = intake.CORE, provider_id: str = "", **more: Any
    ) -> intake.Received:
        """Take a text in."""
        inbound = self.inbound(text, sender, provider_id, **more)
        return intake.receive(self.store, self.fronts, inbound, self.dice, self.ring, core)

    def write(self, job: Callable[[Work], Any]) -> Any:
        """Do a job in the writing thread."""
        return self.store.write(job).result(30)

    def do(self, *effects: Effect, told: Input | None = None, their: str = EVA, **turn: Any) -> bool:
        """A turn that wants these effects, in the conversation with this address."""

        def job(work: Work) -> bool:
            held = hold(work, self.front, their) or make(work, self.front, their, self.dice)
            given = {"state": State(), "draft": None} | turn
            taken = Turn(effects=effects, **given)
            return apply(work, self.front, held, told or self.message(work, held), taken, self.dice)

        return bool(self.write(job))

    def message(self, work: Work, held: Held) -> Message:
        """A message that is not recorded."""
        return Message(self.dice.new_id(), "sms", held.their_address, "hei", work.now)

    def rows(self, table: type[Any], **where: Any) -> list[Any]:
        """The table's rows in the order of their keys."""
        columns = SQLModel.metadata.tables[table.__tablename__].primary_key.columns.keys()
        with self.store.read() as session:
            found = session.exec(select(table).filter_by(**where)).all()
        return sorted(found, key=lambda row: tuple(getattr(row, name) for name in columns))

    def row(self, table: type[Any], **where: Any) -> Any:
        """The one row that fits."""
        [row] = self.rows(table, **where)
        return row


@contextmanager
def opened_grid(place: Any) -> Iterator[Grid]:
    """A store on a database of its own, gone afterwards."""
    url, clock, dice = place.create(set_up_grid), Clock(), RisingDice(1000)
    store = Store(url, KEYS, clock)
    try:
        yield Grid(store, clock, set_up_desk(store, dice), dice)
    finally:
        store.close()
        place.drop(url)


def set_up_grid(url: str) -> None:
    """A database with the tables and the grid desk, to be copied for each test."""
    migrate(url)
    store = Store(url, KEYS, Clock())
    set_up_desk(store, RisingDice())
    store.close()


def set_up_desk(store: Store, dice: RisingDice) -> Fronts:
    """The grid desk, with its fronts."""
    return set_up(store, [loaded("grid")], lambda channel, _: ACCOUNT if channel == "sms" else None, make_ready, dice)


def echo(desk: Any, state: State, draft: Any, told: Any, facts: Any, now: datetime, dice: Any) -> Turn:
    """A core that numbers what it hears: the state carries the count on, and the answer says it."""
    heard = state.idle_turns + 1
    message = dice.new_id()
    asked = Asked(f"question {heard}", message, now)
    answer = Say(message, (f"{heard}: {told.text}",), replaces=True, replaceable=True)
    return Turn(State(idle_turns=heard, asked=asked, cases=(*state.cases, told.text)[-40:]), None, (answer,))


ECHO = intake.Core(echo, echo)
