"""What `serve` and `work` both stand on: the settings, the store with the desks in it, the provider's account."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy.exc import IntegrityError

from channels.sms.twilio import Account
from conversations.inputs import Channel
from gateway.clock import MovableClock, clock_file, system_clock
from gateway.desks import Loaded
from gateway.dice import RandomDice
from gateway.ready import make_ready
from gateway.settings import Settings
from storage.engines import is_sqlite
from storage.fronts import Fronts
from storage.set_up import set_up
from storage.work import Store

SET_UP_TRIES: Final = 3
NOTES: Final = "in-flight"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class House:
    """What both processes stand on."""

    settings: Settings
    store: Store
    fronts: Fronts
    dice: RandomDice
    account: Account


@contextmanager
def opened(settings: Settings, desks: tuple[Loaded, ...]) -> Iterator[House]:
    """The store with the desks set up in it, closed at the end. The provider must be in the settings."""
    clock = MovableClock(clock_file(settings.data_folder)) if settings.development else system_clock
    dice = RandomDice()
    account = _account(settings, desks)
    store = Store(settings.driver_url, settings.keys(), clock, _notes(settings))
    try:
        yield House(settings, store, _set_up(store, desks, account, dice), dice, account)
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


def _account(settings: Settings, desks: tuple[Loaded, ...]) -> Account:
    return Account(
        account_sid=settings.twilio_account_sid or "",
        auth_tokens=settings.auth_tokens,
        numbers=frozenset(number for one in desks for number in one.desk.answers_on.sms),
        public_url=settings.reached_at,
        api_url=settings.twilio_api_url,
    )


def _set_up(store: Store, desks: tuple[Loaded, ...], account: Account, dice: RandomDice) -> Fronts:
    accounts: Mapping[Channel, str] = {"sms": account.account_sid}
    for _ in range(SET_UP_TRIES - 1):
        try:
            return set_up(store, desks, accounts, make_ready, dice)
        except IntegrityError:
            # Another process starts on the same empty database and was first.
            continue
    return set_up(store, desks, accounts, make_ready, dice)
