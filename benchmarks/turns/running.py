"""The processes under load: started, measured by the system's own figures, and ended by their ids."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

READY_WITHIN_S: Final = 60.0
STOP_WITHIN_S: Final = 15.0
SAID_LINES: Final = 10
GATEWAY: Final = ("-m", "gateway", "serve")


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway that is ready: `serve`, its `work`, and where it listens."""

    serve: int
    work: int
    port: int


@contextmanager
def gateway(folder: Path, settings: Mapping[str, str], command: Sequence[str] = GATEWAY) -> Iterator[Gateway]:
    """`gateway serve` with these settings and no others. Raises RuntimeError where it does not come up."""
    log = folder / "gateway.log"
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("CASELINE", "TWILIO"))}
    here = str(Path(__file__).parents[2])
    with log.open("wb") as errors:
        serve = subprocess.Popen(
            [sys.executable, *command], cwd=folder, env={**clean, "PYTHONPATH": here, **settings}, stderr=errors
        )
    try:
        port = _await_ready(serve, log)
        yield Gateway(serve.pid, _child_of(serve.pid), port)
    finally:
        _end(serve)


@dataclass(frozen=True, slots=True)
class Bare:
    """The bare server, and where it listens."""

    pid: int
    port: int


@contextmanager
def bare(token: str) -> Iterator[Bare]:
    """The bare server."""
    command = [sys.executable, "-m", "benchmarks.turns.bare", token]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield Bare(server.pid, int(server.stdout.readline()))
        finally:
            _end(server)


class Meter:
    """The CPU that a process takes from now on, by thread: the one that it began with, and its busiest other."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._before = self._threads()

    def seconds(self) -> tuple[float, float, float]:
        """Of the first thread, of the busiest other, and of all."""
        spent = {thread: s - self._before.get(thread, 0.0) for thread, s in self._threads().items()}
        first = spent.pop(self._pid, 0.0)
        return first, max(spent.values(), default=0.0), first + sum(spent.values())

    def _threads(self) -> dict[int, float]:
        found = {}
        for thread in Path(f"/proc/{self._pid}/task").glob("*"):
            with suppress(OSError):
                found[int(thread.name)] = int((thread / "schedstat").read_text().split()[0]) / 1e9
        return found


def memory_mb(pid: int) -> tuple[float, float]:
    """Resident: now, and at the most so far."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    kb = {name: value.split() for name, _, value in (line.partition(":") for line in lines)}
    return int(kb["VmRSS"][0]) / 1024, int(kb["VmHWM"][0]) / 1024


def _await_ready(serve: "subprocess.Popen[bytes]", log: Path) -> int:
    until = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < until and serve.poll() is None:
        for line in log.read_text().splitlines():
            if '"listening"' in line:
                url = json.loads(line)["at"]
                with suppress(urllib.error.URLError, OSError), urllib.request.urlopen(f"{url}/readyz", timeout=2):
                    return int(url.rpartition(":")[2])
        time.sleep(0.1)
    raise RuntimeError("\n".join(("the gateway did not come up", *log.read_text().splitlines()[-SAID_LINES:])))


def _child_of(parent: int) -> int:
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return int(children[0])


def _end(process: "subprocess.Popen[bytes] | subprocess.Popen[str]") -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
