"""The gateway as real processes on a folder of their own, with the carrier's stand-in in this one.

A house ends what it has started, by its ids, and nothing else; what they wrote is read afterwards from the log,
from the database by plain SQL, and from the carrier: never through the code that is being tested.
"""

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from sqlalchemy import NullPool, create_engine, make_url, text
from twilio.request_validator import RequestValidator

from gateway.clock import MovableClock, clock_file
from gateway.desks import ready_desks
from gateway.simulator import carrier as carriers
from gateway.simulator.carrier import CarrierThread, Trouble
from tests.gateway.processes import free_port

GRID: Final = "+4759440000"
DUTY: Final = ("+4799990001", "+4799990002")
TENANT: Final = "nordlys"
PUBLIC_URL: Final = "https://sms.example.no"
GATEWAY: Final = (sys.executable, "-m", "gateway")
READY_WITHIN_S: Final = 60.0
ENDS_WITHIN_S: Final = 10.0
ANSWERS_WITHIN_S: Final = 15.0
TEXTS_PER_SECOND: Final = 200


class Process:
    """A command of the gateway that this test has started, in a session of its own."""

    def __init__(self, command: Sequence[str], folder: Path, settings: Mapping[str, str], url: str = "") -> None:
        self.url = url
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("CASELINE", "TWILIO"))}
        with (folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=folder,
                env={**clean, **settings},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Its own; the session's as well."""
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        """Whether it is gone."""
        return self._process.poll() is not None

    def all(self) -> list[int]:
        """The processes of its session that live, this one and its children."""
        return members(self.pid)

    def children(self) -> list[int]:
        """Those that it started, and that live."""
        return [pid for pid in self.all() if pid != self.pid]

    def child(self) -> int:
        """The one that sends; waits until there is one."""
        wait_until(self.children, "a child that sends", READY_WITHIN_S)
        return self.children()[0]

    def kill(self) -> None:
        """As the kernel would, in any state."""
        self._process.kill()
        self._process.wait()

    def kill_child(self) -> None:
        """The same for the child; nothing where there is none at the moment."""
        for pid in self.children():
            os.kill(pid, signal.SIGKILL)

    def send(self, signum: signal.Signals) -> None:
        """To this process alone."""
        if not self.has_ended:
            self._process.send_signal(signum)

    def wait(self, within_s: float = ENDS_WITHIN_S) -> int:
        """Until it has ended with its children; its exit code."""
        until = time.monotonic() + within_s
        code = self._process.wait(within_s)
        wait_until(lambda: not self.all(), "the children end", max(until - time.monotonic(), 0.1))
        return code

    def stop(self) -> int:
        """SIGTERM; its exit code. Raises where it or a child of it lives on for ten seconds."""
        self.send(signal.SIGTERM)
        return self.wait()

    def clear(self) -> None:
        """Nothing of it is left, however it takes that."""
        if not self.has_ended:
            self.kill()
        until = time.monotonic() + ENDS_WITHIN_S
        while self.all() and time.monotonic() < until:
            time.sleep(0.05)
        for pid in self.all():
            os.kill(pid, signal.SIGKILL)


class House:
    """A data folder, the settings that its processes share, and the carrier that they send by."""

    def __init__(self, folder: Path, carrier: CarrierThread, settings: Mapping[str, str]) -> None:
        self.folder, self.carrier = folder, carrier
        self.port, self.other_port = free_port(), free_port()
        self.secret = secrets.token_hex(32)
        self.settings = {
            "CASELINE_DEVELOPMENT": "1",
            "CASELINE_STORE_URL": f"sqlite:///{folder}/data/caseline.db",
            "CASELINE_PUBLIC_URL": PUBLIC_URL,
            "CASELINE_SECRET": self.secret,
            "CASELINE_DESKS": str(desks(folder / "desks")),
            "CASELINE_TWILIO_API_URL": carrier.url,
            "TWILIO_ACCOUNT_SID": carrier.carrier.account_sid,
            "TWILIO_AUTH_TOKEN": carrier.carrier.auth_token,
            **settings,
        }
        self.url = f"http://127.0.0.1:{self.port}"
        carrier.carrier.gateway_url, carrier.carrier.public_url = self.url, PUBLIC_URL
        self.processes: list[Process] = []

    @property
    def is_sqlite(self) -> bool:
        """Whether its store is a file."""
        return self.store_url.startswith("sqlite")

    @property
    def store_url(self) -> str:
        """As the processes are given it."""
        return self.settings["CASELINE_STORE_URL"]

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return Path(make_url(self.store_url).database or "")

    def serve(self, wait: bool = True, port: int = 0, launcher: Sequence[str] = GATEWAY) -> Process:
        """Start `gateway serve`, on the house's port if none is named; back when it and its child are ready."""
        address = f"127.0.0.1:{port or self.port}"
        started = self.start("serve", launcher=launcher, url=f"http://{address}", CASELINE_HTTP=address)
        if wait:
            self.await_ready(started)
        return started

    def start(self, *command: str, launcher: Sequence[str] = GATEWAY, url: str = "", **settings: str) -> Process:
        """Start any command, and wait for nothing."""
        started = Process([*launcher, *command], self.folder, self.settings | settings, url)
        self.processes.append(started)
        return started

    def await_ready(self, process: Process, path: str = "/readyz") -> None:
        """Until it answers 200 there. Raises AssertionError with the log's end."""

        def is_ready() -> bool:
            assert not process.has_ended, self.last_words()
            return get(process.url + path)[0] == 200

        wait_until(is_ready, "ready", READY_WITHIN_S, self.last_words)

    def run(self, *command: str) -> str:
        """A command of the gateway from its beginning to its end; what it printed."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("CASELINE", "TWILIO"))}
        made = subprocess.run(
            [*GATEWAY, *command], cwd=self.folder, env={**clean, **self.settings}, capture_output=True, check=True
        )
        return made.stdout.decode()

    def token(self, name: str = "Kari") -> str:
        """A token of the API, by the command."""
        return self.run("token", "create", "--tenant", TENANT, "--name", name).strip()

    def move_clock(self, by: timedelta) -> None:
        """In all its processes."""
        folder = self.database.parent if self.is_sqlite else self.folder / "data"
        folder.mkdir(exist_ok=True)
        MovableClock(clock_file(folder)).move(by)

    def rows(self, query: str, **values: Any) -> list[Any]:
        """What stands in the database now."""
        return rows(self.store_url, query, **values)

    def one(self, query: str, **values: Any) -> Any:
        """The one value of the one row."""
        [[value]] = self.rows(query, **values)
        return value

    def log(self) -> str:
        """All that its processes have written, but for what the commands of `run` printed."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def said(self, event: str) -> list[dict[str, Any]]:
        """The log's lines of this event."""
        lines = [json.loads(line) for line in self.log().splitlines() if line.startswith("{")]
        return [line for line in lines if line.get("event") == event]

    def last_words(self) -> str:
        """The end of the log."""
        return self.log()[-3000:]

    def end_doubts(self) -> None:
        """Time moves on, until every lost lease has run out and every doubt has been looked up."""
        self.move_clock(timedelta(seconds=75))
        wait_until(lambda: not self.is_any("sending"), "no lease is left", 30, self.last_words)
        self.move_clock(timedelta(seconds=75))
        wait_until(lambda: not self.is_any("unknown"), "no doubt is left", 30, self.last_words)

    def await_quiet(self) -> None:
        """Until nothing waits to be sent or looked up."""
        wait_until(lambda: not self.is_any("due", "sending", "unknown"), "quiet", 30, self.last_words)

    def is_any(self, *states: str) -> bool:
        """Whether a delivery stands so."""
        found = {state for (state,) in self.rows("SELECT DISTINCT state FROM delivery")}
        return bool(found & set(states))

    def post(self, sender: str, body: str, sid: str = "", to: Process | None = None, **changes: str) -> tuple[int, str]:
        """A text as the provider posts it, signed, to the house's own port or another process; the answer."""
        form = {
            "MessageSid": sid or f"SM{secrets.token_hex(16)}",
            "AccountSid": self.settings["TWILIO_ACCOUNT_SID"],
            "From": sender,
            "To": GRID,
            "Body": body,
            "NumSegments": "1",
            "NumMedia": "0",
        } | changes
        return self.post_form("/sms/twilio", form, to)

    def post_form(self, path: str, form: Mapping[str, str], to: Process | None = None) -> tuple[int, str]:
        """Any form, signed by the vendor's own code."""
        signer = RequestValidator(self.settings["TWILIO_AUTH_TOKEN"])
        signature = signer.compute_signature(PUBLIC_URL + path, dict(form))
        return self.post_raw(path, urlencode(form).encode(), signature, to)

    def post_raw(self, path: str, body: bytes, signature: str = "", to: Process | None = None) -> tuple[int, str]:
        """Any body with any signature."""
        request = urllib.request.Request((to.url if to else self.url) + path, body)
        request.add_header("Content-Type", "application/x-www-form-urlencoded")
        request.add_header("X-Twilio-Signature", signature)
        return answered(request)

    def close(self) -> None:
        """End what was started."""
        for process in self.processes:
            process.clear()


@contextmanager
def house(folder: Path, **settings: str) -> Iterator[House]:
    """A house with nothing started yet, and its carrier; both are gone afterwards.

    The carrier repeats a post as `#rc=5&rp=all` asks for: five times, on every failure.
    """
    everything = frozenset({"ct", "rt", "4xx", "5xx"})
    token = secrets.token_hex(16)
    with carriers.run(auth_token=token, numbers=frozenset({GRID}), retries=5, retry_on=everything) as carrier:
        carrier.make_trouble(Trouble(receipt_after_s=0.01))
        found = House(folder, carrier, settings)
        try:
            yield found
        finally:
            found.close()


def rows(store_url: str, query: str, **values: Any) -> list[Any]:
    """What stands in any database now."""
    url = make_url(store_url)
    if url.get_backend_name() == "sqlite":
        url = make_url(f"sqlite:///file:{url.database}?mode=ro&uri=true")
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return list(connection.execute(text(query), values))


def members(session: int) -> list[int]:
    """The processes of a session that live, as the kernel knows them."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                state, _, _, of, *_ = (folder / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(of) == session and state != "Z":
                found.append(int(folder.name))
    return sorted(found)


def wait_until(is_so: Callable[[], object], what: str, within_s: float = 20.0, words: Callable[[], str] = str) -> None:
    """Raises AssertionError with `words` where it does not become so in time."""
    until = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < until, f"not within {within_s:.0f} s: {what}\n{words()}"
        time.sleep(0.02)


def get(url: str, token: str = "", body: object = None) -> tuple[int, str]:
    """The status and the text; 0 where nobody answers. With a body: posted as JSON."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"} if data else {})
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    return answered(request)


def answered(request: urllib.request.Request) -> tuple[int, str]:
    """The status and the text of any answer; 0 where there is none."""
    try:
        with urllib.request.urlopen(request, timeout=ANSWERS_WITHIN_S) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except OSError:
        return 0, ""


def desks(folder: Path) -> Path:
    """A folder with the grid company's desk alone, whose number may send faster than the real one."""
    folder.mkdir()
    for file in ready_desks().glob("grid.*"):
        shutil.copy(file, folder)
    file = folder / "grid.yaml"
    found = file.read_text(encoding="utf-8")
    rate = "texts_per_second: 1\n"
    assert found.count(rate) == 1
    file.write_text(found.replace(rate, f"texts_per_second: {TEXTS_PER_SECOND}\n"), encoding="utf-8")
    return folder
