"""What was in hand when a process died: so that a message which kills its process cannot come back for ever.

Each process has a small file in one folder. The first bytes of it are mapped into memory and name the key
of the job that runs at the moment: they are there after the process was killed, and cost no system call
while it lives. Behind them stands, as one line of JSON, how many deaths each suspected key has seen.
The owner holds a lock on its file; a file whose lock is free has lost its owner, and the next start takes
over what it says. A start also learns which deaths those remember that live: the same message may kill now
the one, now the other. Nothing here is synced: after a power cut nobody is to blame.
"""

import fcntl
import json
import mmap
import os
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import TypeAdapter

RUNNING_BYTES = 512
SUSPECTS_KEPT = 1000
MOST_BYTES = 1 << 20
_DEATHS = TypeAdapter(dict[str, int])


class InFlight:
    """This process's file. Used by the writing thread alone, but for opening and closing."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._deaths: dict[str, int] = {}
        self._path = folder / f"{os.getpid()}-{os.urandom(4).hex()}.flight"
        # Locked under another name first: a start that runs beside this one must not find it without a lock.
        hidden = self._path.with_suffix(".new")
        self._file = os.open(hidden, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        os.pwrite(self._file, bytes(RUNNING_BYTES), 0)
        self._running = mmap.mmap(self._file, RUNNING_BYTES)
        hidden.rename(self._path)
        files = sorted(folder.glob("*.flight"))
        for file in files:
            self._learn(file)
        for file in files:
            self._adopt(file)

    def deaths(self, key: str) -> int:
        """How many times a process died while it had this key in hand."""
        return self._deaths.get(_fitting(key), 0) if self._deaths else 0

    def begin(self, key: str) -> None:
        """Note that the key is being worked on now."""
        noted = _fitting(key).encode()
        self._running[0 : len(noted) + 2] = len(noted).to_bytes(2, "big") + noted

    def end(self) -> None:
        """Note that nothing is being worked on."""
        self._running[0:2] = b"\0\0"

    def forgive(self, key: str) -> None:
        """The key is done and in the store: it is suspected no longer."""
        if self._deaths and self._deaths.pop(_fitting(key), 0):
            self._keep()

    def close(self) -> None:
        """Let go of the file. It stays where it still suspects somebody."""
        self.end()
        self._running.close()
        if not self._deaths:
            self._path.unlink(missing_ok=True)
        os.close(self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _learn(self, file: Path) -> None:
        """What its owner, dead or alive, knows of deaths."""
        try:
            _, deaths = _read(file.read_bytes())
        except FileNotFoundError:
            return
        for key, count in deaths.items():
            self._deaths[key] = max(count, self._deaths.get(key, 0))
        if deaths:
            self._keep()

    def _adopt(self, orphan: Path) -> None:
        """Take over the file of an owner that has died, with what it had in hand then."""
        try:
            file = os.open(orphan, os.O_RDWR)
        except FileNotFoundError:
            return
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            running, _ = _read(os.pread(file, MOST_BYTES, 0))
            if running:
                self._deaths[running] = self._deaths.get(running, 0) + 1
            self._keep()
            orphan.unlink(missing_ok=True)
        except BlockingIOError:
            pass  # its owner lives
        finally:
            os.close(file)

    def _keep(self) -> None:
        while len(self._deaths) > SUSPECTS_KEPT:
            del self._deaths[next(iter(self._deaths))]
        line = json.dumps(self._deaths).encode() + b"\n"
        os.pwrite(self._file, line, RUNNING_BYTES)
        os.ftruncate(self._file, RUNNING_BYTES + len(line))


def _read(content: bytes) -> tuple[str, dict[str, int]]:
    """The running key, empty where there was none, and the deaths of suspected keys.

    What we did not write, or not to its end, suspects nobody.
    """
    length = int.from_bytes(content[:2], "big")
    line = content[RUNNING_BYTES:].partition(b"\n")[0]
    try:
        return content[2 : 2 + length].decode(), _DEATHS.validate_json(line or b"{}")
    except ValueError:
        return "", {}


def _fitting(key: str) -> str:
    return key if len(key) < RUNNING_BYTES // 4 else sha256(key.encode()).hexdigest()
