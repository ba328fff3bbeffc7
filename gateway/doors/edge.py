"""The outermost edge: whatever goes wrong behind it, the answer is short, says whose fault it is, and no more."""

from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from aiohttp import web

from gateway.doors.bodies import BadBody
from storage.faults import is_away

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
READS_BODIES: Final = "aiohttp/web_request.py"

log = structlog.get_logger()


@web.middleware
async def answer_faults(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Malformed: 4xx. The store is away: 503, so that it comes again. A bug: 500, logged, and told to nobody."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except BadBody as fault:
        return _answer(fault.status, fault.reason)
    except Exception as error:
        if is_away(error):
            log.warning("the store is away", exc_info=error)
            return _answer(503, "the store cannot be reached; try again", {"Retry-After": "5"})
        if _was_read(error):
            return _answer(400, "the body cannot be read")
        log.error("a door failed", exc_info=error)
        return _answer(500, "this is our fault; it has been noted")


def _was_read(error: Exception) -> bool:
    """Whether aiohttp raised it while it read the body: invalid JSON, no such charset, a form cut short."""
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(READS_BODIES):
            return True
        trace = trace.tb_next
    return False


def _answer(status: int, reason: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(status=status, text=f"{reason}\n", headers=headers)
