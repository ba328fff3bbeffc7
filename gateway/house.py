"""What `serve` and `work` both stand on: the settings, the store with the desks in it, the providers."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy.exc import IntegrityError

from channels.contract import Halves
from conversations.inputs import Channel
from gateway.clock import MovableClock, clock_file, system_clock
from gateway.desks import Loaded
from gateway.dice import RandomDice
from gateway.numbers import served
from gateway.ready import make_ready
from gateway.settings import Settings
from storage.engines import is_sqlite
from storage.fronts import Fronts
from storage.known_keys import know_keys
from storage.set_up import set_up
from storage.work import Store

SET_UP_TRIES: Final = 3
NOTES: Final = "in-flight"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class House:
    """What both processes stand on. `providers`: of texts, by their names."""

    settings: Settings
    store: Store
    fronts: Fronts
    dice: RandomDice
    providers: Mapping[str, Halves]


@contextmanager
def opened(settings: Settings, desks: tuple[Loaded, ...]) -> Iterator[House]:
    """The store with the desks set up in it, closed at the end. A provider must be in the settings.

    Raises Faults, and WrongKey for a store that was made with another secret.
    """
    clock = MovableClock(clock_file(settings.data_folder)) if settings.development else system_clock
    dice = RandomDice()
    shares = served(settings, desks)
    providers = {name: halves for name, (halves, _) in shares.items()}
    carried = {number: halves.account for halves, numbers in shares.values() for number in numbers}
    store = Store(settings.driver_url, settings.keys(), clock, _notes(settings))
    try:
        store.write(know_keys).result()
        yield House(settings, store, _set_up(store, desks, carried, dice), dice, providers)
    finally:
        store.close()


def _notes(settings: Settings) -> Path | None:
    """Where this host's processes note what they have in hand; None: where the store itself thinks best.

    Without such notes a message that kills its process comes back for ever, but that is no reason not to start.
    """
    if is_sqlite(settings.store_url):
        return None
    folder = settings.data_folder / NOTES
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        log.warning("what is in hand cannot be noted here", folder=str(folder), error=type(error).__name__)
        return None
    return folder


def _set_up(store: Store, desks: tuple[Loaded, ...], carried: Mapping[str, str], dice: RandomDice) -> Fronts:
    def account_of(channel: Channel, address: str) -> str | None:
        return carried.get(address) if channel == "sms" else None

    for _ in range(SET_UP_TRIES - 1):
        try:
            return set_up(store, desks, account_of, make_ready, dice)
        except IntegrityError:
            # Another process starts on the same empty database and was first.
            continue
    return set_up(store, desks, account_of, make_ready, dice)
