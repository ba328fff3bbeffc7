"""Days: "i går", "forrige fredag", "natt til tirsdag", "14. januar", "den 9."."""

from datetime import date, datetime, timedelta

from conversations.dates.calendar import (
    WEEKS,
    day_of,
    day_or_none,
    first_of_month,
    of_week,
    year_said,
)
from conversations.dates.said import Meaning, NoSuchTime, Words, number_of

NIGHT_BEGINS = 18
"""From this hour on "i natt" may be the night to come."""
_DAYS_IN_WEEK = 7
# The most years from one 29 February to the next, over a century's end, and one more.
_LEAP = 9


def day(words: Words, now: datetime) -> Meaning:
    """So many days from today."""
    return Meaning(days=(now.date() + timedelta(int(words["days"])),))


def weekday(words: Words, now: datetime) -> Meaning:
    """The last one; on that very weekday today as well.

    «forrige» and «neste» may be of this week or of the one before or after it.
    """
    today, number = now.date(), int(words["weekday"][-1])
    last = today - timedelta((today.weekday() - number - 1) % _DAYS_IN_WEEK + 1)
    coming = today + timedelta((number - today.weekday() - 1) % _DAYS_IN_WEEK + 1)
    which = "last" if words["weekday"].startswith("wdp") else words.get("which") or words.get("pa", "")
    days = {
        "last": (last,),
        "prev": (last, of_week(today, number, -1)),
        "next": (coming, of_week(today, number, 1)),
        "coming": (coming,),
        "pa": (coming,),
        "this": (of_week(today, number, 0),),
    }.get(which, (today, last) if number == today.weekday() else (last,))
    others = (last, coming) if which in ("", "pa") else ()
    return Meaning(days=tuple(dict.fromkeys(days)), others=others, weekday=number)


def weekday_of_week(words: Words, now: datetime) -> Meaning:
    """«fredag i forrige uke»."""
    number = int(words["weekday"][-1])
    return Meaning(days=(of_week(now.date(), number, WEEKS[words["which"]]),), weekday=number)


def tonight(words: Words, now: datetime) -> Meaning:
    """«i natt», "last night": the night that ended today, in the evening also the one to come."""
    today, is_past = now.date(), words["which"] == "lastnight"
    days = (today,) if is_past or now.hour < NIGHT_BEGINS else (today + timedelta(1), today)
    return Meaning(days=days, part="last night" if is_past else "night", ends_night=True)


def night_to(words: Words, now: datetime) -> Meaning:
    """«natt til», whatever day follows."""
    return Meaning(part="night", ends_night=True)


def typed_date(words: Words, now: datetime) -> Meaning:
    """A date with its year in four digits."""
    return Meaning(days=(day_of(int(words["year"]), int(words["month"]), int(words["day"])),))


def day_and_month(words: Words, now: datetime) -> Meaning:
    """That day of the year that is said, or of the last year and the next one that have it."""
    today, month, number = now.date(), number_of(words["month"]), number_of(words["day"])
    year = year_said(words, today)
    if year is not None:
        return Meaning(days=(day_of(year, month, number),))
    years = range(today.year - _LEAP, today.year + _LEAP)
    return _last_or_coming([found for each in years if (found := day_or_none(each, month, number))], today)


def day_of_month(words: Words, now: datetime) -> Meaning:
    """«den 9.»: of this month, the last one or the next one that has it; or of the month that is said."""
    today, number = now.date(), number_of(words["day"])
    if "which" in words:
        month = first_of_month(today, WEEKS[words["which"]])
        return Meaning(days=(day_of(month.year, month.month, number),))
    months = (first_of_month(today, months) for months in range(-2, 3))
    return _last_or_coming([found for each in months if (found := day_or_none(each.year, each.month, number))], today)


def _last_or_coming(days: list[date], today: date) -> Meaning:
    """The last of them; either, where the next is nearer. Raises NoSuchTime for none."""
    if not days:
        raise NoSuchTime("no_date")
    last = max((each for each in days if each <= today), default=days[0])
    coming = min((each for each in days if each >= today), default=days[-1])
    either = (last, coming) if coming - today < today - last else (last,)
    return Meaning(days=either, others=(last, coming))
