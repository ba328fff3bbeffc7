"""Everything that `make run` starts: the carrier's stand-in, the gateway as a process of its own, a token.

What another terminal needs to play a transcript against it stands in a file of mode 0600 in the data folder,
for as long as it runs.
"""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from gateway.simulator import carrier as carriers

READY_WITHIN_S = 30.0
STOP_WITHIN_S = 12.0
FILE = "simulator.json"
SAID_LINES = 5


@dataclass(frozen=True, slots=True)
class Station:
    """Where a running simulator is reached, and what its posts are signed with. ``token`` is the API's."""

    gateway: str
    carrier: str
    account: str
    auth_token: str
    token: str
    desk: str
    number: str
    duty: tuple[str, ...]
    clock: str


class NotRunning(Exception):
    """There is no simulator, or it did not come up; the text says what to do."""


def find(data: Path) -> Station:
    """The simulator that runs on this data folder. Raises NotRunning."""
    try:
        found = json.loads((data / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise NotRunning("No simulator runs on this data folder: start `make run` in another terminal.") from None
    return Station(**{**found, "duty": tuple(found["duty"])})


@contextmanager
def announced(data: Path, station: Station) -> Iterator[None]:
    """The file stands while the simulator runs."""
    file = data / FILE
    written = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(written, "w", encoding="utf-8") as out:
        json.dump(asdict(station), out)
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


@contextmanager
def carrier(port: int, account: str, token: str, gateway: str) -> Iterator[carriers.CarrierThread]:
    """The provider's stand-in, in a thread of this process. Raises NotRunning where the port is taken."""
    try:
        running = carriers.run(port, account_sid=account, auth_token=token, gateway_url=gateway)
    except OSError as error:
        where, mend = f"127.0.0.1:{port}", "`make run ARGS='--carrier-port 0'` takes any that is free"
        raise NotRunning(f"The carrier's stand-in cannot listen on {where}: {error.strerror}; {mend}.") from None
    with running:
        yield running


@contextmanager
def serving(settings: Mapping[str, str], gateway: str, log: Path | None) -> Iterator["subprocess.Popen[bytes]"]:
    """`gateway serve` as a child, ready; ended when the block ends. Raises NotRunning when it does not come up.

    ``log``: where its lines go; None: to this process's standard error.
    """
    with ExitStack() as opened:
        errors = opened.enter_context(log.open("ab")) if log else None
        command = [sys.executable, "-m", "gateway", "serve", "--child-of", str(os.getpid())]
        child = subprocess.Popen(command, env={**os.environ, **settings}, stderr=errors)
        opened.callback(_end, child)
        _await_ready(child, gateway, log)
        yield child


def new_secret() -> str:
    """A token for the account that only this run has."""
    return secrets.token_hex(16)


def _await_ready(child: "subprocess.Popen[bytes]", gateway: str, log: Path | None) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        if child.poll() is not None:
            said = log.read_text(encoding="utf-8", errors="replace").splitlines()[-SAID_LINES:] if log else ()
            raise NotRunning("\n".join((*said, f"The gateway ended with status {child.returncode}.")))
        try:
            with urllib.request.urlopen(f"{gateway}/readyz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise NotRunning(f"The gateway was not ready within {READY_WITHIN_S:.0f} s.")


def _end(child: "subprocess.Popen[bytes]") -> None:
    if child.poll() is not None:
        return
    child.send_signal(signal.SIGTERM)
    try:
        child.wait(STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
