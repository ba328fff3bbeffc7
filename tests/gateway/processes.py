"""The gateway as real processes, with the carrier's stand-in in this one."""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from gateway.desks import ready_desks
from gateway.simulator.carrier import CarrierThread, run

GRID = "+4759440000"
TOKEN = "0123456789abcdef0123456789abcdef"
READY_WITHIN_S = 30.0
STOP_WITHIN_S = 12.0


def free_port() -> int:
    """A port that nobody listens on at the moment, below those that the system gives to outgoing connections."""
    while True:
        port = random.randrange(20_000, 32_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


class Process:
    """`gateway COMMAND` with its log, line by line."""

    def __init__(self, command: list[str], folder: Path, settings: Mapping[str, str]) -> None:
        self.lines: list[dict[str, Any]] = []
        self.raw: list[str] = []
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("CASELINE", "TWILIO"))}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gateway", *command],
            cwd=folder,
            env={**clean, **settings},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    @property
    def pid(self) -> int:
        return self.process.pid

    def said(self, event: str) -> list[dict[str, Any]]:
        """The log's lines of this event, so far."""
        return [line for line in list(self.lines) if line.get("event") == event]

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(by)
        try:
            return self.process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def close(self) -> None:
        """End it, however, with all that it has started: whatever it left is killed."""
        if self.process.poll() is None:
            self.kill()
        for left in members(self.pid):
            os.kill(left, signal.SIGKILL)
        self._reading.join(5)
        assert self.process.stderr is not None
        self.process.stderr.close()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for raw in self.process.stderr:
            text = raw.decode(errors="replace").rstrip()
            self.raw.append(text)
            if text.startswith("{"):
                self.lines.append(json.loads(text))


class Gateway:
    """`gateway serve`, its folder, and the carrier that it sends by."""

    def __init__(self, folder: Path, carrier: CarrierThread, settings: Mapping[str, str]) -> None:
        self.folder, self.carrier = folder, carrier
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.settings = {
            "CASELINE_DEVELOPMENT": "1",
            "CASELINE_HTTP": f"127.0.0.1:{self.port}",
            "CASELINE_TWILIO_API_URL": carrier.url,
            "TWILIO_ACCOUNT_SID": carrier.carrier.account_sid,
            "TWILIO_AUTH_TOKEN": carrier.carrier.auth_token,
            **settings,
        }
        carrier.carrier.gateway_url = self.url
        self.processes: list[Process] = []

    def serve(self) -> Process:
        """Start it, and wait until it is ready."""
        started = self.start("serve")
        wait_until(lambda: self.get("/readyz")[0] == 200, READY_WITHIN_S, "ready", started)
        return started

    def start(self, *command: str) -> Process:
        """Start a command and wait for nothing."""
        started = Process(list(command), self.folder, self.settings)
        self.processes.append(started)
        return started

    def get(self, path: str) -> tuple[int, str]:
        """The status and the text; 0 where nobody answers."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def child(self) -> int:
        """The process that sends."""
        serving = self.processes[-1]
        wait_until(lambda: len(members(serving.pid)) > 1, READY_WITHIN_S, "a child", serving)
        return next(pid for pid in members(serving.pid) if pid != serving.pid)

    def close(self) -> None:
        for process in self.processes:
            process.close()


@contextmanager
def gateway(folder: Path, **settings: str) -> Iterator[Gateway]:
    """A carrier and a gateway that is not started yet; both are gone afterwards."""
    with run(auth_token=TOKEN, numbers=frozenset({GRID})) as carrier:
        running = Gateway(folder, carrier, settings)
        try:
            yield running
        finally:
            running.close()


def quick_desk(folder: Path) -> Path:
    """The grid company alone, with a number that may send a hundred texts a second."""
    folder.mkdir()
    text = (ready_desks() / "grid.yaml").read_text(encoding="utf-8")
    (folder / "grid.yaml").write_text(text.replace("texts_per_second: 1", "texts_per_second: 100"), encoding="utf-8")
    for rows in ready_desks().glob("grid.*.csv"):
        shutil.copy(rows, folder)
    return folder


def members(session: int) -> list[int]:
    """The processes of a session, as the kernel knows them."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(fields[3]) == session and fields[0] != "Z":
                found.append(int(folder.name))
    return sorted(found)


def wait_until(is_so: Callable[[], object], within_s: float, what: str, process: Process | None = None) -> None:
    """Raises AssertionError with the process's last words where it does not become so in time."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        if is_so():
            return
        if process is not None and process.process.poll() is not None:
            break
        time.sleep(0.05)
    said = "\n".join(process.raw[-15:]) if process is not None else ""
    raise AssertionError(f"not within {within_s} s: {what}\n{said}")
