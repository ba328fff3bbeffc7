"""The store as a command opens it that is neither `serve` nor `work`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlmodel import Session

from gateway.clock import system_clock
from gateway.config import Faults, load
from gateway.settings import Settings
from storage.engines import reading_engine
from storage.known_keys import know_keys
from storage.migrate import is_current
from storage.work import Store, Work


def demand_tables(settings: Settings) -> None:
    """Raises Faults where the database's tables are not of this version."""
    if not is_current(settings.driver_url):
        raise Faults(["the database's tables are not of this version: run `gateway migrate`"])


@contextmanager
def reading_session() -> Iterator[Session]:
    """A Session on the store of the settings that only reads. Raises Faults."""
    settings = load()
    demand_tables(settings)
    engine = reading_engine(settings.driver_url)
    try:
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()


@contextmanager
def opened_store(take_keys: Callable[[Work], None] = know_keys) -> Iterator[Store]:
    """The store of the settings, closed at the end. Raises Faults, and WrongKey where `take_keys` does."""
    settings = load()
    demand_tables(settings)
    store = Store(settings.driver_url, settings.keys(), system_clock)
    try:
        store.write(take_keys).result()
        yield store
    finally:
        store.close()
