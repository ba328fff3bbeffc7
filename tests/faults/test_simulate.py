"""`gateway simulate` as somebody starts it: with a terminal, without one; it leaves no process and no lock."""

import contextlib
import fcntl
import os
import pty
import signal
import socket
import sqlite3
import subprocess
import sys
import termios
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.faults.house import DUTY, ENDS_WITHIN_S, GATEWAY, READY_WITHIN_S, desks, get, members, wait_until
from tests.gateway.processes import free_port

pytestmark = pytest.mark.slow

CTRL_C = b"\x03"
MAKEFILE = Path(__file__).parents[2] / "Makefile"


def _in_its_terminal() -> None:
    """Ctrl-C typed there is a signal to all that runs in it, also where these tests run in a shell's background."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """A terminal of its own with `gateway simulate` in it: what it shows, and a keyboard."""

    def __init__(self, folder: Path, port: int) -> None:
        self.screen = ""
        self._master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [*GATEWAY, "simulate", "--carrier-port", "0"],
            cwd=folder,
            env=settings(folder, port),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=_in_its_terminal,
        )
        os.close(slave)
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def type(self, keys: bytes) -> None:
        """As by hand."""
        os.write(self._master, keys)

    def await_shown(self, words: str) -> None:
        """Until it stands on the screen."""
        wait_until(lambda: words in self.screen, f"{words!r} on the screen", READY_WITHIN_S, lambda: self.screen)

    def close(self) -> None:
        """Nothing is left of it."""
        for pid in members(self.process.pid):
            os.kill(pid, signal.SIGKILL)
        self.process.wait()
        self._reading.join(5)
        os.close(self._master)

    def _read(self) -> None:
        # Linux says EIO when the last process has closed the other side.
        with contextlib.suppress(OSError):
            while shown := os.read(self._master, 65_536):
                self.screen += shown.decode(errors="replace")


def settings(folder: Path, port: int) -> dict[str, str]:
    """A new user's, but for a port that is free here, and one desk: more take longer to be read."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("CASELINE", "TWILIO"))}
    own = {"CASELINE_HTTP": f"127.0.0.1:{port}", "CASELINE_DESKS": str(folder / "desks"), "TERM": "dumb"}
    return {**clean, **own}


@contextmanager
def terminal(folder: Path, port: int) -> Iterator[Terminal]:
    """One, gone afterwards."""
    opened = Terminal(folder, port)
    try:
        yield opened
    finally:
        opened.close()


def assert_nothing_is_left(folder: Path, session: int, port: int) -> None:
    """No process, no lock, nobody at the port, no note of anything in hand."""
    wait_until(lambda: not members(session), "all processes end", ENDS_WITHIN_S)
    data = folder / "data"
    with closing(sqlite3.connect(data / "caseline.db", timeout=0, isolation_level=None)) as store:
        store.execute("BEGIN EXCLUSIVE")
    assert get(f"http://127.0.0.1:{port}/healthz") == (0, "")
    assert not (data / "simulator.json").exists()
    assert not list((data / "caseline.db-in-flight").iterdir())
    assert good_tokens(folder) == 0


def good_tokens(folder: Path) -> int:
    """How many tokens open the API."""
    with closing(sqlite3.connect(folder / "data" / "caseline.db")) as store:
        [(count,)] = store.execute("SELECT count(*) FROM api_token WHERE revoked_at IS NULL")
    return int(count)


def test_ctrl_c_in_the_terminal_leaves_nothing_and_a_second_start_keeps_all_data(tmp_path):
    port = free_port()
    desks(tmp_path / "desks")
    with terminal(tmp_path, port) as first:
        first.await_shown("> ")
        first.type(b"Linja henger lavt over veien ved Furuneset\n")
        first.await_shown("Hold minst 20 m")
        first.await_shown(f"duty {DUTY[0]}")
        first.type(CTRL_C)
        assert first.process.wait(ENDS_WITHIN_S) == 0
        assert_nothing_is_left(tmp_path, first.process.pid, port)
        assert "Traceback" not in first.screen
    with terminal(tmp_path, port) as second:
        second.await_shown("> ")
        second.type(b"mast 1042\n")
        second.await_shown("riktig?")
        second.type(b"!case\n")
        second.await_shown("IN-00000001: danger, reported")
        second.type(CTRL_C)
        assert second.process.wait(ENDS_WITHIN_S) == 0
        assert_nothing_is_left(tmp_path, second.process.pid, port)


def test_what_a_killed_run_left_open_is_shut_by_the_next(tmp_path):
    port = free_port()
    desks(tmp_path / "desks")
    with terminal(tmp_path, port) as killed:
        killed.await_shown("> ")
        assert good_tokens(tmp_path) == 1
    assert good_tokens(tmp_path) == 1
    with terminal(tmp_path, port) as second:
        second.await_shown("> ")
        assert good_tokens(tmp_path) == 1
        second.type(CTRL_C)
        assert second.process.wait(ENDS_WITHIN_S) == 0
        assert_nothing_is_left(tmp_path, second.process.pid, port)


def test_without_a_terminal_it_serves_on_and_says_so(tmp_path):
    port = free_port()
    desks(tmp_path / "desks")
    shown = tmp_path / "shown"
    with shown.open("wb") as out:
        process = subprocess.Popen(
            [*GATEWAY, "simulate", "--carrier-port", "0"],
            cwd=tmp_path,
            env=settings(tmp_path, port),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until(lambda: "no terminal" in shown.read_text(), "it says so", READY_WITHIN_S, shown.read_text)
        assert "serving on" in shown.read_text()
        assert get(f"http://127.0.0.1:{port}/readyz")[0] == 200
        process.terminate()
        assert process.wait(ENDS_WITHIN_S) == 0
        assert_nothing_is_left(tmp_path, process.pid, port)
        assert "Traceback" not in shown.read_text()
    finally:
        for pid in members(process.pid):
            os.kill(pid, signal.SIGKILL)
        process.wait()


@contextmanager
def made(folder: Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """`make run` on a folder of its own, once it serves; without a terminal, and all of it gone afterwards."""
    venv = Path(sys.prefix)
    (folder / "caseline.toml").write_text(f'http = "127.0.0.1:{port}"\ndesks = "{folder / "desks"}"\n')
    desks(folder / "desks")
    with (folder / "shown").open("wb") as out:
        process = subprocess.Popen(
            # What is set up is not set up anew: only what runs is of interest, in a folder that is not the checkout.
            [
                "make",
                "-f",
                str(MAKEFILE),
                f"VENV={venv}",
                "-o",
                f"{venv}/.installed",
                "-o",
                f"{venv}/.catalogues",
                "run",
                "ARGS=--carrier-port 0",
            ],
            cwd=folder,
            env={name: value for name, value in os.environ.items() if not name.startswith(("CASELINE", "TWILIO"))},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        shown = folder / "shown"
        wait_until(lambda: "serving on" in shown.read_text(), "it serves", READY_WITHIN_S, shown.read_text)
        yield process
    finally:
        for pid in members(process.pid):
            os.kill(pid, signal.SIGKILL)
        process.wait()


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGKILL])
def test_make_run_that_is_ended_by_its_pid_leaves_no_gateway(tmp_path, by):
    port = free_port()
    with made(tmp_path, port) as process:
        assert len(members(process.pid)) == 4
        process.send_signal(by)
        process.wait(ENDS_WITHIN_S)
        wait_until(lambda: members(process.pid) == [], "all are gone", ENDS_WITHIN_S)
        assert_nothing_is_left(tmp_path, process.pid, port)


def test_a_terminal_phone_that_is_told_to_stop_leaves_nothing(tmp_path):
    port = free_port()
    desks(tmp_path / "desks")
    with terminal(tmp_path, port) as phone:
        phone.await_shown("> ")
        phone.process.terminate()
        assert phone.process.wait(ENDS_WITHIN_S) == 0
        assert_nothing_is_left(tmp_path, phone.process.pid, port)
        assert "Traceback" not in phone.screen


def test_a_transcript_of_another_desk_is_refused_before_anything_is_sent(tmp_path):
    port = free_port()
    desks(tmp_path / "desks")
    with terminal(tmp_path, port) as phone:
        phone.await_shown("> ")
        (tmp_path / "one.txt").write_text("desk: nodesk\n[sms +4791234567]\n> hei\n", encoding="utf-8")
        command = [*GATEWAY, "simulate", "one.txt"]
        played = subprocess.run(command, cwd=tmp_path, env=settings(tmp_path, port), capture_output=True, timeout=60)
        assert (played.returncode, played.stdout) == (1, b"")
        told = "desk: there is no desk called nodesk that answers on a number; there is grid.\n"
        assert played.stderr.decode() == told


def test_a_killed_terminal_phone_takes_its_gateway_along(tmp_path):
    port = free_port()
    desks(tmp_path / "desks")
    with terminal(tmp_path, port) as phone:
        phone.await_shown("> ")
        phone.process.kill()
        phone.process.wait()
        wait_until(lambda: members(phone.process.pid) == [], "all are gone", ENDS_WITHIN_S)


@pytest.mark.parametrize("taken", ["the gateway's", "the carrier's"])
def test_a_port_that_is_taken_is_one_clear_line_and_leaves_nothing(tmp_path, taken):
    desks(tmp_path / "desks")
    with closing(socket.create_server(("127.0.0.1", 0))) as another:
        port = another.getsockname()[1]
        carrier_port, http_port = (0, port) if taken == "the gateway's" else (port, free_port())
        made = subprocess.run(
            [*GATEWAY, "simulate", "--carrier-port", str(carrier_port)],
            cwd=tmp_path,
            env=settings(tmp_path, http_port),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=READY_WITHIN_S,
        )
    said = made.stderr.decode()
    assert made.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in said
    assert "Traceback" not in said
    assert len(said.splitlines()) <= 2
    assert not (tmp_path / "data" / "simulator.json").exists()
