"""`gateway simulate`: the whole gateway with a phone in the terminal; a transcript played against a running one."""

import contextlib
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from gateway import config
from gateway.clock import MovableClock, clock_file
from gateway.desks import load
from gateway.dice import RandomDice
from gateway.simulator import station
from gateway.simulator.live import Live
from gateway.simulator.phone import HELP, Phone, is_number
from gateway.simulator.recorder import Recorder
from gateway.simulator.station import NotRunning, Station
from gateway.simulator.transcript import Mismatch, Player, parse
from storage import tokens
from storage.work import Store, Work

CASEWORKER: Final = "Kari (simulator)"
LOG: Final = "gateway.log"
ACCOUNT: Final = f"AC{1:032x}"


def run(customer: str, desk: str, carrier_port: int) -> None:
    """Start everything, and be the phone in this terminal. Raises NotRunning and Faults."""
    if not is_number(customer):
        raise NotRunning(f"{customer} is no number with its country's code: write --phone +4791234567.")
    settings = config.load()
    loaded = next((one for one in load(settings.desks) if one.desk.desk == desk), None)
    if loaded is None or not loaded.desk.answers_on.sms:
        raise NotRunning(f"There is no desk called {desk} that answers on a number.")
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    secret = station.new_secret()
    with ExitStack() as running:
        carrier = running.enter_context(station.carrier(carrier_port, ACCOUNT, secret, settings.reached_at))
        given = {
            "CASELINE_DEVELOPMENT": "1",
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": secret,
            "CASELINE_TWILIO_API_URL": carrier.url,
        }
        at_terminal = sys.stdin.isatty()
        log = settings.data_folder / LOG if at_terminal else None
        child = running.enter_context(station.serving(given, settings.reached_at, log))
        token = running.enter_context(_token(settings, loaded.desk.tenant))
        here = Station(
            settings.reached_at,
            carrier.url,
            ACCOUNT,
            secret,
            token,
            desk,
            loaded.desk.answers_on.sms[0],
            loaded.desk.on_call.numbers if loaded.desk.on_call else (),
            str(clock_file(settings.data_folder)),
        )
        running.enter_context(station.announced(settings.data_folder, here))
        print(f"{loaded.desk.name} answers on {here.number}, at {here.gateway}. API token: {token}")
        if at_terminal:
            print(f"What it logs goes to {log}.")
            _talk(here, customer, ZoneInfo(loaded.desk.time_zone))
        else:
            print("There is no terminal here to type in: serving on. Ctrl-C or SIGTERM ends it.", flush=True)
            _wait_for(child.wait)


def _talk(here: Station, customer: str, zone: ZoneInfo) -> None:
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401 - arrow keys and history for input()
    print(f"You are {customer}. Write what a customer would text.\n{HELP}")
    Phone(_live(here), Recorder(here.desk), customer, here.duty, zone).run()


def play(transcript: Path) -> None:
    """Play a transcript against the simulator that runs. Raises NotRunning, Faults and Mismatch."""
    settings = config.load()
    here = station.find(settings.data_folder)
    text = transcript.read_text(encoding="utf-8")
    _demand_desk(parse(text)[0].get("desk", here.desk), here, settings)
    live = _live(here)
    Player(live, show=lambda line: print(line, flush=True)).play(text)
    for number in live.cases:
        _show_case(live, number)


def _demand_desk(wanted: str, here: Station, settings: config.Settings) -> None:
    """Raises Mismatch for a transcript of another desk than the one that answers here."""
    if wanted == here.desk:
        return
    known = [loaded.desk.desk for loaded in load(settings.desks) if loaded.desk.answers_on.sms]
    if wanted not in known:
        raise Mismatch(f"desk: there is no desk called {wanted} that answers on a number; there is {', '.join(known)}.")
    raise Mismatch(f"desk: {here.desk} answers here; for {wanted} start `gateway simulate --desk {wanted}`.")


def _show_case(live: Live, number: str) -> None:
    seen = live.case(number)
    if seen:
        print(f"\n{number}: {seen.form}, {seen.status}")
        for line in (*(f"{name}: {value}" for name, value in seen.values.items()), *seen.comments):
            print("  " + line.replace("\n", "\n    "))


def _live(here: Station) -> Live:
    return Live(here.gateway, here.carrier, here.token, here.desk, here.number, MovableClock(Path(here.clock)))


@contextmanager
def _token(settings: config.Settings, tenant: str) -> Iterator[str]:
    """A token for this run alone: revoked when it ends, and by the next run where it was killed."""
    token = tokens.new_token(settings.keys())
    grant = tokens.Grant(tenant, CASEWORKER, full_numbers=True)

    def renew(work: Work) -> None:
        tokens.revoke_all(work, tenant, CASEWORKER)
        tokens.create(work, RandomDice(), token, grant)

    _write(settings, renew)
    try:
        yield token
    finally:
        _write(settings, lambda work: tokens.revoke_all(work, tenant, CASEWORKER))


def _write(settings: config.Settings, job: Callable[[Work], None]) -> None:
    """One job, beside the gateway that runs on the same store."""
    store = Store(settings.driver_url, settings.keys(), MovableClock(clock_file(settings.data_folder)))
    try:
        store.write(job).result()
    finally:
        store.close()


def _wait_for(ended: Callable[[], object]) -> None:
    """Until the gateway ends by itself, or this process is told to stop."""
    stop = threading.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: stop.set())

    def watch() -> None:
        ended()
        stop.set()

    threading.Thread(target=watch, daemon=True).start()
    stop.wait()
