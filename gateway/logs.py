"""Logs: one JSON object a line on stderr, with row ids and states; never a text, a number, an address, a code.

Three guards stand between a slip and the log. An exception is told by its kind and place, never by its words,
because a database's words quote what was to be written. A library's record is told by its template, never by
its values. And what still looks like a number, an address or a code is masked.
"""

import logging
import re
import sys
import threading
import traceback
from collections.abc import Mapping, MutableMapping
from types import TracebackType
from typing import Any

import structlog

Event = MutableMapping[str, Any]

MASK = "▒"
FRAMES_SHOWN = 8
LARGEST_INT = 10_000_000
# What looks like a number and is none: ids of ours and of providers, times, and places in a program.
_KEPT = (
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?"
    r"|[\w/.-]+\.py:\d+"
)
_PERSONAL = r"[^\s@<>\"']+@[\w.\-]+|\+?\d(?:[ \-]?\d){5,}"
_GUARD = re.compile(f"({_KEPT})|(?:{_PERSONAL})")

OURS = ("channels.", "conversations.", "gateway.", "storage.")
# Their INFO says nothing that ours does not, or says whom we write to.
QUIET = ("aiohttp.access", "alembic", "dramatiq", "sqlalchemy", "twilio", "urllib3")


def set_up(level: int = logging.INFO) -> None:
    """Send this process's logs to stderr, those of libraries and of unhandled exceptions included."""
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("aiohttp.access").propagate = False
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            *_LAST,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: _Line(),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=level, handlers=[_Stderr()], force=True)
    logging.captureWarnings(True)
    sys.excepthook = _died
    threading.excepthook = lambda args: _died(args.exc_type, args.exc_value, args.exc_traceback)


def guarded(text: str) -> str:
    """The text with everything masked that looks like a number, an address or a code.

    guarded("to +47 594 40 000") == "to ▒"
    """
    return _GUARD.sub(lambda found: found[1] or MASK, text)


def _told(_logger: object, _method: str, event: Event) -> Event:
    """Replace an exception by its kinds and places, from the first cause to what was raised last."""
    info = event.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["error"] = _kinds(error)
        event["at"] = _places(error.__traceback__)
    return event


def _kinds(error: BaseException) -> str:
    kinds: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(kinds) < FRAMES_SHOWN:
        kinds.append(type(cause).__name__)
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return " < ".join(kinds)


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-FRAMES_SHOWN:]
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def _short(path: str) -> str:
    return "/".join(path.split("/")[-2:])


def _masked(_logger: object, _method: str, event: Event) -> Event:
    """The last guard. Times are added behind it."""
    return {key: _mask(value) for key, value in event.items()}


def _mask(value: Any) -> Any:
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, bool | float) or value is None:
        return value
    if isinstance(value, int):
        return value if abs(value) < LARGEST_INT else MASK
    if isinstance(value, Mapping):
        return {guarded(str(key)): _mask(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_mask(inner) for inner in value]
    return guarded(str(value))


_LAST: list[Any] = [
    _told,
    _masked,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    structlog.processors.JSONRenderer(ensure_ascii=False),
]


class _Line:
    """What structlog ends in: a line, whatever its level."""

    def msg(self, line: str) -> None:
        _write(line)

    debug = info = warning = error = critical = exception = msg


def _write(line: str) -> None:
    # At once and in one go, so that the lines of two threads, or of two processes, do not mix.
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


class _Stderr(logging.Handler):
    """Brings records of the standard library's logging into the same form."""

    def emit(self, record: logging.LogRecord) -> None:
        event: Event = {
            "event": record.getMessage() if record.name.startswith(OURS) else str(record.msg),
            "logger": record.name,
            "level": record.levelname.lower(),
        }
        if record.exc_info:
            event["exc_info"] = record.exc_info
        for process in _LAST:
            event = process(None, record.levelname.lower(), event)
        _write(str(event))


def _died(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        structlog.get_logger().critical("unhandled", exc_info=error)
