"""Whose turn it is to write to an SQLite file: the processes that write to it take turns.

SQLite gives its lock to whoever asks at the right moment, and one that waits for it sleeps up to a tenth of a second
between two tries: a process that writes without a pause keeps all others out, and nothing would be sent. So a writer
holds the gate until it is in the room, and who has left the room comes in again only through the gate, behind whoever
waits there. Both are locks of the system on folders, which go with the process that held them.

It is a courtesy. What keeps two from writing at once is SQLite's own lock, and who has waited too long here goes on
to that.
"""

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path

PATIENCE_S = 2.0
LOOK_AGAIN_S = 0.0005


class Turnstile:
    """A writer's way in and out; `folder` is the file's own, and with the one that it is in the same for all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._gate = self._room = -1

    def enter(self) -> None:
        """Wait for this writer's turn, but not for ever."""
        # A file system may know no such locks: then the database's own must do.
        with suppress(OSError):
            if self._room < 0:
                self._open()
            until = time.monotonic() + PATIENCE_S
            if _locked(self._gate, until):
                _locked(self._room, until)
                fcntl.flock(self._gate, fcntl.LOCK_UN)

    def leave(self) -> None:
        """Let the next one in."""
        if self._room >= 0:
            with suppress(OSError):
                fcntl.flock(self._room, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go of the folders; the next to enter takes hold of them again."""
        for place in (self._gate, self._room):
            if place >= 0:
                os.close(place)
        self._gate = self._room = -1

    def _open(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._gate = os.open(self._folder.parent, os.O_RDONLY)
        self._room = os.open(self._folder, os.O_RDONLY)


def _locked(place: int, until: float) -> bool:
    while True:
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            time.sleep(LOOK_AGAIN_S)
