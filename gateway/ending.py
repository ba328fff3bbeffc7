"""A process that is told to stop has ended ten seconds later, whatever hangs: a read of a store that does not answer,
a provider's. What was acknowledged is in the store, and what was not comes again.
"""

import os
import threading
from typing import Final

import structlog

ENDS_WITHIN_S: Final = 9.5

log = structlog.get_logger()


def end_in_time() -> None:
    """From now on this process has so long to end in order."""
    timer = threading.Timer(ENDS_WITHIN_S, _end)
    timer.daemon = True
    timer.start()


def _end() -> None:
    log.error("something hangs, and is not waited for")
    os._exit(1)
