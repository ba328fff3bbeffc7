"""A process that is told to stop has ended ten seconds later, whatever hangs: a read of a store that does not answer,
a provider's. What was acknowledged is in the store, and what was not comes again. A child is told so when its parent
has gone, however that went.
"""

import ctypes
import os
import signal
import sys
import threading
from typing import Final

import structlog

ENDS_WITHIN_S: Final = 9.5
PR_SET_PDEATHSIG: Final = 1

log = structlog.get_logger()


def end_in_time() -> None:
    """From now on this process has so long to end in order."""
    timer = threading.Timer(ENDS_WITHIN_S, _end)
    timer.daemon = True
    timer.start()


def die_with(parent: int | None) -> None:
    """Have SIGTERM sent to this process when its parent, of this id, has gone; on Linux, and at once where it has
    gone already. None: it is nobody's child."""
    if parent is None:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)


def _end() -> None:
    log.error("something hangs, and is not waited for")
    os._exit(1)
