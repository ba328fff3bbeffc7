"""The time: the host's, and in development one that can be moved, the same in all processes of a data folder."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path


def system_clock() -> datetime:
    """The host's time, aware UTC."""
    return datetime.now(UTC)


def clock_file(data_folder: Path) -> Path:
    """Where the offset of the processes that share this folder stands."""
    return data_folder / "clock"


class MovableClock:
    """The host's time and an offset, kept in a small file, so that moving it in one process moves it in all.

    Asking costs one look at the file's state; it is read only after a change. A file that is not there, or
    is not ours, is an offset of nought.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen: tuple[int, int] | None = None
        self._offset = timedelta()

    def __call__(self) -> datetime:
        return system_clock() + self.offset()

    def offset(self) -> timedelta:
        """How far the clock is ahead of the host's."""
        try:
            state = os.stat(self._file)
        except FileNotFoundError:
            self._seen, self._offset = None, timedelta()
            return self._offset
        seen = (state.st_ino, state.st_mtime_ns)
        if seen != self._seen:
            self._offset = _read(self._file)
            self._seen = seen
        return self._offset

    def move(self, by: timedelta) -> None:
        """Move the clock on, in every process that shares the file."""
        offset = self.offset() + by
        unfinished = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        unfinished.write_text(f"{offset.total_seconds()}\n", encoding="ascii")
        unfinished.replace(self._file)


def _read(file: Path) -> timedelta:
    try:
        return timedelta(seconds=float(file.read_text(encoding="ascii")))
    except (OSError, ValueError, OverflowError):
        return timedelta()
