"""Events counted by name: forged posts, refused tokens, brakes. Each name is logged once a minute at most."""

import threading
import time
from collections import Counter
from typing import Final

import structlog

LOGGED_EVERY_S: Final = 60.0

log = structlog.get_logger()


class Counts:
    """Call it with an event's name. Names are ours, never anybody's value; safe in any thread."""

    def __init__(self) -> None:
        self._counted: Counter[str] = Counter()
        self._logged_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def __call__(self, name: str) -> None:
        """One more."""
        now = time.monotonic()
        with self._lock:
            self._counted[name] += 1
            so_far = self._counted[name]
            is_news = now - self._logged_at.get(name, float("-inf")) > LOGGED_EVERY_S
            if is_news:
                self._logged_at[name] = now
        if is_news:
            log.info("counted", what=name, so_far=so_far)

    def __getitem__(self, name: str) -> int:
        return self._counted[name]
