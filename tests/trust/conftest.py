"""A gateway with three numbers on a real store, and short ways to text it and to see what it wrote down."""

import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import cache
from itertools import count
from typing import Any

import pytest
from sqlmodel import SQLModel, select

from channels.contract import Failure, Inbound, SendError
from channels.storable import storable
from conversations.desk.ready import ReadyDesk
from conversations.effects import DeliveryClass
from gateway.desks import Loaded
from gateway.dice import RandomDice
from gateway.jobs import intake
from gateway.jobs.outcomes import after_failure
from gateway.ready import make_ready
from storage import codes, outbox, settling
from storage.fronts import Fronts
from storage.migrate import migrate
from storage.set_up import set_up
from storage.tables import Alert, Case, Conversation, Delivery, MessageRow
from storage.work import Store, Work
from tests.conftest import Place
from tests.stages import loaded
from tests.stored_stage import ACCOUNT, KEYS, Clock, StoredStage

OURS = ("+4759440000", "+4759440001", "+4759440002")
DUTY = ("+4799990001", "+4799990002")
QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(hours=24)
SAFETY = "Nordlys Nett: Hold minst 20 m avstand"
SAFETIES = (SAFETY, "Nordlys Nett: Stay 20 m away")


class Gate(StoredStage):
    """Several texts in a row, rows, codes, and a provider that can refuse a number (`refuses`)."""

    def __init__(self, url: str, store: Store, fronts: Fronts, clock: Clock) -> None:
        super().__init__(store, fronts, clock, next(address for _, address in fronts))
        self.url = url
        self._zones = {address: front.desk.zone for (_, address), front in fronts.items()}
        self.refuses: dict[str, Failure] = {}
        self._ids = count(1)
        self._phones = count(1)
        self._codes: dict[str, str] = {}

    def phone(self) -> str:
        """A number that nobody had yet, in a block of its own."""
        return f"+479{next(self._phones):04}001"

    def inbound(self, sender: str, body: str, to: str = "", **more: Any) -> Inbound:
        """A text as a provider's adapter hands it over."""
        sid = f"SM{next(self._ids):032x}"
        given = {"segments": 1, "media_count": 0} | more
        return Inbound("sms", ACCOUNT, sid, sender, to or self.number, storable(body), **given)

    def put(self, sender: str, body: str, to: str = "", core: intake.Core = intake.CORE, **more: Any) -> str:
        """A text comes in, and nothing is sent yet; its disposition."""
        inbound = self.inbound(sender, body, to, **more)
        return intake.receive(self.store, self.fronts, inbound, self.dice, core=core).disposition

    def say(self, sender: str, body: str, to: str = "", **more: Any) -> list[str]:
        """A text comes in, all is sent that is due; what this phone got."""
        self.put(sender, body, to, **more)
        self.settle()
        return self.news(sender)

    def news(self, number: str) -> list[str]:
        """What a phone got since the last look."""
        return list(iter(lambda: self.heard(number), None))

    def rows(self, table: type[Any], **where: Any) -> list[Any]:
        """The table's rows in the order of their keys."""
        keys = SQLModel.metadata.tables[table.__tablename__].primary_key.columns.keys()
        with self.store.read() as session:
            found = session.exec(select(table).filter_by(**where)).all()
        return sorted(found, key=lambda row: tuple(getattr(row, key) for key in keys))

    def cases(self, number: str) -> list[Case]:
        """The cases that a number reported, oldest first."""
        conversations = {row.id for row in self.rows(Conversation, their_address=number)}
        return [case for case in self.rows(Case) if case.conversation in conversations]

    def rows_of(self, number: str) -> list[Conversation]:
        """The conversations with a number."""
        return self.rows(Conversation, their_address=number)

    def taken(self, number: str) -> list[MessageRow]:
        """What came in from a number."""
        return self.rows(MessageRow, their_address=number, direction="in")

    def answers(self, number: str) -> list[MessageRow]:
        """What goes out to a number, but for what is withheld."""
        return self.rows(MessageRow, their_address=number, direction="out", reason=None)

    def deliveries(self, number: str, **where: Any) -> list[Delivery]:
        """The deliveries to a number."""
        return self.rows(Delivery, recipient=number, **where)

    def alerted(self, case: Case) -> list[str]:
        """The numbers on call that are being told of a case, in the order of the texts."""
        alerts = {alert.id for alert in self.rows(Alert, case_id=case.id)}
        return [row.recipient for row in self.rows(Delivery) if row.about in alerts]

    def tell(self) -> None:
        """What waits is told, and nothing is sent."""
        self._tell_all()

    def code(self, number: str) -> str:
        """The newest code to a number, sent or not."""
        newest = self.deliveries(number, delivery_class=DeliveryClass.CODE)[-1]
        return codes.open_code(KEYS, newest.id, newest.sealed) if newest.sealed else self._codes[newest.id]

    def ask_code(self, number: str, to: str = "") -> str:
        """The code that is sent for KODE."""
        self.put(number, "kode", to)
        return self.code(number)

    def prove(self, number: str, to: str = "") -> None:
        """The number is proved, and trusted from now on."""
        self.put(number, self.ask_code(number, to), to)

    def do(self, job: Callable[[Work], Any]) -> Any:
        """A job in the writing thread."""
        return self.store.write(job).result(30)

    def at_once(self, stores: list[Store], said: list[tuple[str, ...]], threads: int = 0) -> None:
        """Each (sender, body, to) on the stores in turn: all at the same moment, or from so many threads."""
        given = [(stores[at % len(stores)], self.inbound(*one)) for at, one in enumerate(said)]
        with ThreadPoolExecutor(threads or len(given)) as pool:
            list(pool.map(lambda one: intake.receive(one[0], self.fronts, one[1], self.dice), given))

    @contextmanager
    def others(self, how_many: int) -> Iterator[list[Store]]:
        """The store as further processes have it open."""
        with ExitStack() as opened:
            stores = [Store(self.url, KEYS, self.clock) for _ in range(how_many)]
            for store in stores:
                opened.callback(store.close)
            yield stores

    def _send(self, claimed: outbox.Claimed) -> None:
        failure = self.refuses.get(claimed.recipient)
        if claimed.sealed:
            self._codes[claimed.delivery] = codes.open_code(KEYS, claimed.delivery, claimed.sealed)
        if failure is None:
            return super()._send(claimed)
        decision = after_failure(SendError(failure), claimed.delivery_class, claimed.attempt, self.clock.now)

        def settle(work: Work) -> bool:
            return settling.settle(work, self.dice, claimed.delivery, claimed.attempt, decision.outcome)

        self.store.write(settle).result()
        return None


def wrong(code: str, by: int = 1) -> str:
    """Another code of the same length."""
    return f"{(int(code) + by) % 10 ** len(code):0{len(code)}}"


def without_digits(texts: Iterable[str]) -> list[str]:
    """Texts to compare: codes and times left out."""
    return [re.sub(r"[0-9]{2}:[0-9]{2}|[0-9]{6}", "#", text) for text in texts]


def most_within(times: list[Any], span: timedelta) -> int:
    """The most that fall into any window of this length."""
    return max((sum(begin <= time < begin + span for time in times) for begin in times), default=0)


@contextmanager
def opened_gate(
    place: Place,
    desk: str = "grid",
    ours: tuple[str, ...] = OURS,
    clock: Clock | None = None,
    beside: dict[str, tuple[str, ...]] | None = None,
):
    """A gateway on a database of its own. `beside`: other tenants' desks, with their numbers."""
    numbers, clock = {desk: ours} | (beside or {}), clock or Clock()
    sources = [_fast(name, theirs) for name, theirs in numbers.items()]
    url = place.create(migrate)
    store = Store(url, KEYS, clock)
    try:
        fronts = set_up(
            store,
            sources,
            lambda channel, _: ACCOUNT if channel == "sms" else None,
            lambda model, version: _ready(model.desk, numbers[model.desk], version),
            RandomDice(),
        )
        yield Gate(url, store, fronts, clock)
    finally:
        store.close()
        place.drop(url)


@cache
def _ready(desk: str, ours: tuple[str, ...], version: int) -> ReadyDesk:
    return make_ready(_fast(desk, ours).desk, version)


@cache
def _fast(desk: str, ours: tuple[str, ...]) -> Loaded:
    """A ready desk on these numbers, which sends so fast that time stands still meanwhile."""
    found = loaded(desk)
    numbers = found.desk.answers_on.model_copy(update={"sms": ours})
    sending = found.desk.sending.model_copy(update={"texts_per_second": 1000.0})
    changed = found.desk.model_copy(update={"answers_on": numbers, "sending": sending})
    return Loaded(changed, found.text, found.registers)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def _module_place(request: pytest.FixtureRequest, sqlite: Any) -> Place:
    place: Place = sqlite if request.param == "sqlite" else request.getfixturevalue("postgres")
    return place


@pytest.fixture(scope="module")
def gate(_module_place: Place) -> Iterator[Gate]:
    """A gateway that a module's tests share: each takes phones of its own."""
    with opened_gate(_module_place) as opened:
        yield opened


@pytest.fixture
def fresh(store_place: Place) -> Iterator[Gate]:
    """A gateway of this test's own."""
    with opened_gate(store_place) as opened:
        yield opened
