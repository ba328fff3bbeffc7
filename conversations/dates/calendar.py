"""Days and the years, months and weeks that they are in. Years are those that people now living speak of."""

from datetime import date, timedelta

from conversations.dates.said import NoSuchTime, Words

FIRST_YEAR, LAST_YEAR = 1900, 2199
WEEKS = {"prev": -1, "last": -1, "this": 0, "next": 1, "coming": 1}
"""How many weeks, months or years from this one a plain word says."""
_MONTHS, _DAYS = 12, 7
_YEARS_AHEAD = 20


def day_of(year: int, month: int, day: int) -> date:
    """That day. Raises NoSuchTime."""
    found = day_or_none(year, month, day)
    if found is None:
        raise NoSuchTime("no_date")
    return found


def day_or_none(year: int, month: int, day: int) -> date | None:
    """That day, or None where there is none."""
    try:
        return date(year, month, day) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None


def monday_or_none(year: int, week: int) -> date | None:
    """The Monday of that ISO week, or None where the year has no such week."""
    try:
        return date.fromisocalendar(year, week, 1)
    except ValueError:
        return None


def first_of_month(today: date, months: int) -> date:
    """The first day of the month so many months from this one. Raises NoSuchTime."""
    number = today.year * _MONTHS + today.month - 1 + months
    return day_of(number // _MONTHS, number % _MONTHS + 1, 1)


def of_week(today: date, weekday: int, weeks: int) -> date:
    """The weekday (Monday: 0) of the week so many weeks from this one."""
    return today + timedelta(weekday - today.weekday() + weeks * _DAYS)


def year_said(words: Words, today: date) -> int | None:
    """«2026», «26», «prev year»; None where no year is said."""
    said = words.get("year")
    if said is None:
        return None
    return today.year + WEEKS[said.partition(" ")[0]] if " " in said else full_year(said, today)


def full_year(year: str, today: date) -> int:
    """A year of two digits is at most twenty years ahead."""
    if len(year) > 2:
        return int(year)
    full = today.year - today.year % 100 + int(year)
    return full if full <= today.year + _YEARS_AHEAD else full - 100
