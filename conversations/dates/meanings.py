"""What each rule's piece may mean, seen from now: a table, and what may be one thing or another.

The past is meant unless the words say otherwise; of a date without a year, and of a month, the next one is as likely
as the last where it is nearer.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from conversations.dates import clocks, days, spans
from conversations.dates.calendar import day_or_none, full_year
from conversations.dates.grammar import Piece
from conversations.dates.said import Meaning, NoSuchTime, Words

_NEAR_YEARS = 5
_HOURS_IN_DAY = 24


def meanings_of(piece: Piece, now: datetime) -> tuple[Meaning, ...]:
    """What the piece may mean; ``now`` is by the zone's clock. Raises NoSuchTime."""
    if piece.rule in _MEANINGS:
        return (_MEANINGS[piece.rule](piece.words, now),)
    return tuple(_EITHER[piece.rule](piece.words, now))


def _date_or_clock(words: Words, now: datetime) -> Iterator[Meaning]:
    """«14.10» is a day in October or ten past two; «14.01» no time of day that anybody writes with a dot."""
    month = int(words["month"])
    has_clock = words["mark"] == "." and len(words["month"]) == 2 and not {"den", "year", "dot"} & words.keys()
    if month <= 12 or not has_clock:
        yield days.day_and_month(words, now)
    if has_clock and (month > 12 or (month == 10 and int(words["day"]) < _HOURS_IN_DAY)):
        yield clocks.clock({"hour": words["day"], "min": words["month"]}, now)


def _digits(words: Words, now: datetime) -> Iterator[Meaning]:
    """«kl 1510»; without «kl» also a year, and a whole date: 20260114, 260114, 14012026."""
    digits = words["digits"].replace("-", "")
    if len(digits) > 4:
        yield _date_of(digits, now)
        return
    yield clocks.clock({"hour": digits[:-2], "min": digits[-2:]}, now)
    if "lead" not in words and digits[:2] in ("19", "20"):
        yield spans.year({"year": digits}, now)


def _date_of(digits: str, now: datetime) -> Meaning:
    """With the year first or last; of two, those that are near. Raises NoSuchTime."""
    orders = (digits[:-4], digits[-4:-2], digits[-2:]), (digits[4:], digits[2:4], digits[:2])
    dates = (day_or_none(full_year(year, now.date()), int(month), int(day)) for year, month, day in orders)
    found = list(dict.fromkeys(filter(None, dates)))
    if not found:
        raise NoSuchTime("no_date")
    return Meaning(days=tuple(day for day in found if abs(day.year - now.year) <= _NEAR_YEARS) or tuple(found))


def _unplaced(words: Words, now: datetime) -> Meaning:
    raise NoSuchTime("unplaced")


_MEANINGS: Mapping[str, Callable[[Words, datetime], Meaning]] = {
    "ago": spans.ago,
    "ahead": spans.ahead,
    "bare_hour": clocks.clock,
    "clock": clocks.clock,
    "day": days.day,
    "day_month": days.day_and_month,
    "day_of_month": days.day_of_month,
    "month": spans.month,
    "night_to": days.night_to,
    "noon": clocks.noon,
    "now": spans.at_once,
    "part": clocks.part,
    "span": spans.span,
    "tonight": days.tonight,
    "typed_date": days.typed_date,
    "unplaced": _unplaced,
    "week_number": spans.week_number,
    "week_of_weekday": days.weekday_of_week,
    "weekday": days.weekday,
    "weekend": spans.weekend,
    "year": spans.year,
}
_EITHER: Mapping[str, Callable[[Words, datetime], Iterator[Meaning]]] = {
    "date_or_clock": _date_or_clock,
    "digits": _digits,
}
