"""What conversations are to be told at their time: timers, and what a person or another conversation caused."""

import time
from collections.abc import Callable
from typing import Final

import structlog

from conversations.dice import Dice
from gateway.jobs.intake import take_pending
from storage.due import pending_inputs
from storage.fronts import Fronts
from storage.work import Store

LEFT_ALONE_S: Final = 60.0

log = structlog.get_logger()


class Timers:
    """Tells what is due in the conversations of the fronts served here. What fails is left alone for a minute."""

    def __init__(self, store: Store, fronts: Fronts, dice: Dice, ring: Callable[[], object]) -> None:
        self._store, self._fronts, self._dice, self._ring = store, fronts, dice, ring
        self._front_ids = frozenset(front.id for front in fronts.values())
        self._left_alone: dict[str, float] = {}

    def __call__(self) -> None:
        """Take a turn for each that is due, the oldest first."""
        with self._store.read() as session:
            due = pending_inputs(session, self._store.now(), self._front_ids)
        now = time.monotonic()
        self._left_alone = {row: until for row, until in self._left_alone.items() if until > now}
        for row in due:
            if row not in self._left_alone:
                self._tell(row)

    def _tell(self, row: str) -> None:
        try:
            take_pending(self._store, self._fronts, row, self._dice, self._ring)
        except Exception as error:
            log.error("a pending input was not taken", row=row, exc_info=error)
            self._left_alone[row] = time.monotonic() + LEFT_ALONE_S
