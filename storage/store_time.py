"""The store's time: the host's clock, but never running back, so that no code comes to life again."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from storage.statements import Place, Statement
from storage.tables import ClockFloor

Clock = Callable[[], datetime]
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_ROW = 1
_NEW = insert(ClockFloor)
_READ = Statement(select(ClockFloor.at).where(ClockFloor.id == bindparam("row")))  # type: ignore[call-overload]
_RAISE = Statement(
    _NEW.on_conflict_do_update(
        index_elements=["id"], set_={"at": _NEW.excluded.at}, where=_NEW.excluded.at > ClockFloor.at
    ).inline(),
    "id",
    "at",
)


class StoreTime:
    """Time that goes on from a floor. Where the host's clock was set back, it runs at half speed until met.

    So a clock that was an hour wrong is followed within two hours, and a code lives twice its time at most.
    Safe in any thread.
    """

    def __init__(self, clock: Clock, floor: datetime = NEVER) -> None:
        self._clock = clock
        self._host = clock()
        self._last = max(floor, self._host)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The store's time, aware UTC, never less than before."""
        with self._lock:
            host = self._clock()
            if host >= self._last:
                self._last = host
            else:
                self._last += max(host - self._host, timedelta()) / 2
            self._host = host
            return self._last


def read_floor(work: Place) -> datetime:
    """The time that was reached at the latest when the floor was last raised."""
    row = _READ.one(work, row=_ROW)
    return row[0] if row else NEVER


def raise_floor(work: Place, at: datetime) -> None:
    """Keep that this time was reached; a higher floor stands."""
    _RAISE.run(work, id=_ROW, at=at)
