"""The bell: tells those who send that there is something to look at. It may be lost; the rows are the truth.

Ringing costs the ringer nothing: it sets a flag, and a thread of the bell's own does the rest, at most once in
`EVERY_S`. What many ask for in that time is rung once.
"""

import threading
import time
from collections.abc import Callable
from typing import Final

import structlog

EVERY_S: Final = 0.05
COMPLAIN_EVERY_S: Final = 60.0
STOP_WITHIN_S: Final = 1.0

log = structlog.get_logger()


class Bell:
    """Calls `strike` soon after `ring`. Where striking fails, `instead` is called, and it is logged each minute.

    To fail may take its time: where it did not strike the last time, or never yet, `instead` comes first.
    """

    def __init__(self, strike: Callable[[], object], instead: Callable[[], object] | None = None) -> None:
        self._strike, self._instead = strike, instead
        self._wanted = threading.Event()
        self._closed = False
        self._struck: bool | None = None
        self._complained_at = float("-inf")
        self._thread = threading.Thread(target=self._run, name="bell", daemon=True)
        self._thread.start()

    def ring(self) -> None:
        """There is something to look at. Safe in any thread, and at any rate."""
        if not self._wanted.is_set():
            self._wanted.set()

    @property
    def is_broken(self) -> bool:
        """Whether it failed to strike the last time."""
        return self._struck is False

    def close(self) -> None:
        """Ring no more."""
        self._closed = True
        self._wanted.set()
        self._thread.join(STOP_WITHIN_S)

    def _run(self) -> None:
        while True:
            self._wanted.wait()
            self._wanted.clear()
            if self._closed:
                return
            struck = self._struck
            if not struck:
                self._do_instead()
            try:
                self._strike()
                self._struck = True
            except Exception as error:
                self._struck = False
                self._complain(error)
                if struck:
                    self._do_instead()
            time.sleep(EVERY_S)

    def _do_instead(self) -> None:
        if self._instead is not None:
            self._instead()

    def _complain(self, error: Exception) -> None:
        now = time.monotonic()
        if now - self._complained_at > COMPLAIN_EVERY_S:
            self._complained_at = now
            log.warning("the bell does not ring; what is due is found by the sweep", error=type(error).__name__)
