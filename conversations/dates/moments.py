"""When it is that a text speaks of, in a zone: all the moments that it may mean, the likeliest first.

A time of day that the clocks skip is none, and one that they show twice is two moments.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Literal

from conversations.changed import changed
from conversations.dates.calendar import first_of_month
from conversations.dates.said import Clock, Meaning, NoSuchTime

Meanings = Sequence[Meaning]


@dataclass(frozen=True, slots=True)
class Moment:
    """A date, or a time with the zone's offset, and how exactly it was said.

    ``precision``: minute; hour, about that hour; a part of the day (night: the one that ends on the date's morning);
    day; or a week, weekend, month or year that begins on the date.
    """

    at: date
    precision: str


@dataclass(frozen=True, slots=True)
class Seen:
    """From where it is seen: an aware now and the zone; whether it has been (``past``) or is to come (``future``).

    ``is_asked``: it was asked when, so a time of day that has been today is today's.
    """

    now: datetime
    zone: tzinfo
    tense: Literal["", "past", "future"] = ""
    is_asked: bool = False

    @property
    def local(self) -> datetime:
        """Now by the zone's clock; naive."""
        return self.now.astimezone(self.zone).replace(tzinfo=None)


def moments_of(meanings: Meanings, seen: Seen) -> list[Moment]:
    """When that may be, each once. Raises NoSuchTime where the clocks skip it."""
    in_tense = (_in_tense(meaning, seen) for meaning in meanings)
    return list(dict.fromkeys(moment for meaning in in_tense for moment in _moments(meaning, seen)))


def last_day_of(moment: Moment) -> date:
    """The day on which it ends."""
    at = moment.at
    if moment.precision == "year":
        return date(at.year, 12, 31)
    if moment.precision == "month":
        return first_of_month(at, 1) - timedelta(1)
    return at + timedelta({"week": 6, "weekend": 1}.get(moment.precision, 0))


def agrees(meanings: Meanings, moment: Moment) -> bool:
    """Whether the moment fits what is said, as far as it goes: "om kvelden", "i går", "halv sju"."""
    return any(_agrees(meaning, moment) for meaning in meanings)


def at_the_times_of(meanings: Meanings, moments: Iterable[Moment], seen: Seen) -> list[Moment]:
    """The day, or part of a day, that is said, at the times of day that the moments have. Raises NoSuchTime."""
    clocks = tuple(Clock(at.hour, at.minute) for one in moments if isinstance(at := one.at, datetime))
    lacking = [changed(one, clocks=clocks) for one in meanings if one.days and not one.clocks]
    return moments_of(lacking, seen) if clocks else []


def _in_tense(meaning: Meaning, seen: Seen) -> Meaning:
    """Of the days or spans that it may be, those that fit, if the words leave it open."""
    span = {"past": meaning.last, "future": meaning.coming}.get(seen.tense)
    if span:
        return changed(meaning, spans=(span,))
    today, fits = seen.local.date(), {"past": date.__le__, "future": date.__ge__}.get(seen.tense)
    either = dict.fromkeys((*meaning.days, *meaning.others)) if meaning.others and fits else ()
    days = tuple(day for day in either if fits and fits(day, today))
    return changed(meaning, days=days) if days else meaning


def _agrees(meaning: Meaning, moment: Moment) -> bool:
    at = moment.at
    if not isinstance(at, datetime):
        on_day = not meaning.days or at in meaning.days
        return on_day and not meaning.clocks and meaning.part in ("", moment.precision)
    day, clocks = at.date(), meaning.clocks or (Clock(at.hour, at.minute),)
    days = meaning.days or (day - timedelta(1), day, day + timedelta(1))
    times = (time for each in days for time in _times(changed(meaning, clocks=clocks), each))
    return at.replace(tzinfo=None) in times


def _moments(meaning: Meaning, seen: Seen) -> list[Moment]:
    if meaning.ago is not None:
        return [_away(meaning.ago, meaning.precision, seen)]
    if meaning.spans:
        return [Moment(span.at, span.precision) for span in meaning.spans]
    if not meaning.clocks:
        return [Moment(day, _PRECISIONS.get(meaning.part, meaning.part) or "day") for day in _days(meaning)]
    is_about = meaning.clocks[0].about and not meaning.clocks[0].minute
    by_day = [list(_times(meaning, day)) for day in _days(meaning)] if meaning.days else [_without_day(meaning, seen)]
    return [Moment(at, "hour" if is_about else "minute") for times in by_day for at in _real(times, seen.zone)]


def _real(times: Sequence[datetime], zone: tzinfo) -> list[datetime]:
    """The moments of one day's times. Raises NoSuchTime where the clocks skip all of them: no other day is meant."""
    real = [at for local in times for at in _aware(local, zone)]
    if times and not real:
        raise NoSuchTime("skipped")
    return real


def _away(ago: timedelta, precision: str, seen: Seen) -> Moment:
    """So long from now by a clock that nobody changes; the nearest full hour where only hours are said."""
    if precision == "hour":
        at = _in_zone(seen.now + ago + timedelta(minutes=30), seen.zone).replace(minute=0)
    else:
        at = _in_zone(seen.now + ago, seen.zone)
    return Moment(at.replace(second=0, microsecond=0), precision)


def _days(meaning: Meaning) -> Iterator[date]:
    """A night that is said of a day may be the one before it or the one after it."""
    for day in meaning.days:
        yield day
        if meaning.part == "night" and not meaning.ends_night:
            yield day + timedelta(1)


def _times(meaning: Meaning, day: date) -> Iterator[datetime]:
    """The times of that day, in the part of it that is said; naive."""
    first, last = _HOURS.get(meaning.part, (0, 24))
    begin = day - timedelta(1) if meaning.part in _BEGIN_THE_DAY_BEFORE else day
    for clock in meaning.clocks:
        for hour in _hours(clock, bool(meaning.part)):
            for later in (0, 24) if meaning.part or clock.midnight else (0,):
                if first <= hour + later <= last:
                    yield datetime.combine(begin, time(0, clock.minute)) + timedelta(hours=hour + later)


def _hours(clock: Clock, in_part: bool) -> Sequence[int]:
    """Twelve sharp is noon, unless it is at night."""
    if not clock.twelve or (clock.hour == 12 and not clock.minute and not in_part):
        return (clock.hour,)
    return (clock.hour % 12, clock.hour % 12 + 12)


def _without_day(meaning: Meaning, seen: Seen) -> list[datetime]:
    """The last time that it was so late; or today, where that is the one time of day that is meant and yet to come.

    What is to come is the next time. What has been today was today, where that is known to have been or was asked.
    """
    now, today = seen.local, seen.local.date()
    times = list(_times(meaning, today))
    if seen.tense == "future":
        return sorted({at if at > now else at + timedelta(1) for at in times})
    last = sorted({at if at <= now else at - timedelta(1) for at in times}, reverse=True)
    of_today = [at for at in last if at.date() == today]
    if seen.tense == "past" or (seen.is_asked and len(of_today) == 1):
        return of_today or last
    coming = [at for at in times if at > now and at.date() == today]
    return [*last, *coming] if len(last) == 1 else last


def _aware(local: datetime, zone: tzinfo) -> list[datetime]:
    """The moments at which the zone's clock shows this: one, none or two."""
    both = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    real = (_in_zone(at, zone) for at in dict.fromkeys(both))
    return [at for at in real if at.replace(tzinfo=None) == local]


def _in_zone(at: datetime, zone: tzinfo) -> datetime:
    """With the zone's offset alone: two times of one zone's clock are equal, however far apart."""
    local = at.astimezone(zone)
    return local.replace(tzinfo=timezone(local.utcoffset() or timedelta(0)), fold=0)


_PRECISIONS = {"last night": "night"}
_BEGIN_THE_DAY_BEFORE = ("night", "last night")
# From which hour to which, after the midnight with which the day of the part begins: the evening lasts beyond the next.
_HOURS = {
    "night": (21, 30),
    "last night": (17, 30),
    "morning": (4, 11),
    "forenoon": (8, 12),
    "midday": (11, 14),
    "afternoon": (12, 18),
    "evening": (16, 26),
}
