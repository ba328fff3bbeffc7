"""What a piece of a text may mean, before it is placed in a zone: days, times of day, a part of the day, a span."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

Words = Mapping[str, str]
"""A piece's words by name, as ``conversations.dates.grammar`` has them."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day. ``twelve``: said so that it may be twelve hours later. ``midnight``: either end of the day."""

    hour: int
    minute: int = 0
    twelve: bool = False
    about: bool = False
    midnight: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A week, weekend, month or year (``precision``) that begins on ``at``."""

    at: date
    precision: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one or more pieces say together.

    ``days``: any of them, the likeliest first; ``others``: what they may be if a weekday says so, or
    it is known whether that has been or is to come; ``last`` and ``coming`` are the same of a span. ``ends_night``:
    the night meant is the one that ends on those days. ``ago``: so much later than now, to the minute or the hour
    (``precision``).
    """

    days: tuple[date, ...] = ()
    others: tuple[date, ...] = ()
    weekday: int | None = None
    clocks: tuple[Clock, ...] = ()
    part: str = ""
    ends_night: bool = False
    spans: tuple[Span, ...] = ()
    last: Span | None = None
    coming: Span | None = None
    ago: timedelta | None = None
    precision: str = ""


class NoSuchTime(Exception):
    """The words name no time that we can place; ``args[0]``: ``no_date``, ``no_time``, ``skipped`` or ``unplaced``."""


def number_of(word: str) -> int:
    """«7», «14.», «n7» and «o14» as numbers, and the "to" that is two."""
    return 2 if word == "to" else int("".join(filter(str.isdecimal, word)))
