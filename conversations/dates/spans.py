"""What lasts longer than a day, and what is so long ago: "forrige uke", "i helga", "nov 2019", "for to timer siden"."""

from datetime import date, datetime, timedelta

from conversations.dates.calendar import WEEKS, day_of, first_of_month, monday_or_none, of_week, year_said
from conversations.dates.said import Meaning, NoSuchTime, Span, Words, number_of

_SATURDAY = 5
_MINUTES = {"hour": 60, "t": 60, "min": 1, "kvart": 15, "halfhour": 30}


def ago(words: Words, now: datetime) -> Meaning:
    """So long before now."""
    return _away(words, now, -1)


def ahead(words: Words, now: datetime) -> Meaning:
    """So long after now."""
    return _away(words, now, 1)


def at_once(words: Words, now: datetime) -> Meaning:
    """Now."""
    return Meaning(ago=timedelta(0), precision="minute")


def span(words: Words, now: datetime) -> Meaning:
    """This week, month or year, the last one or the next one."""
    return _spans_away(words["unit"], now.date(), WEEKS[words["which"]])


def year(words: Words, now: datetime) -> Meaning:
    """«i 2019»."""
    return _of_year(int(words["year"]))


def week_number(words: Words, now: datetime) -> Meaning:
    """«uke 3»: of the year that is said, or of this one, the last one or the next one."""
    week, today = int(words["week"]), now.date()
    said = year_said(words, today)
    this = today.isocalendar().year
    years = (this - 1, this, this + 1) if said is None else (said,)
    return _last_or_coming([monday for each in years if (monday := monday_or_none(each, week))], today, "week")


def month(words: Words, now: datetime) -> Meaning:
    """«i november», «neste mars», «nov 2019»."""
    today, number = now.date(), number_of(words["month"])
    nearest = {"next": (number <= today.month), "coming": (number <= today.month), "prev": -(number >= today.month)}
    said = year_said(words, today)
    if said is None and words.get("which", "") in nearest:
        said = today.year + nearest[words["which"]]
    years = (today.year - 1, today.year, today.year + 1) if said is None else (said,)
    return _last_or_coming([day_of(each, number, 1) for each in years], today, "month")


def weekend(words: Words, now: datetime) -> Meaning:
    """«i helga» is the last one that has begun, or the next one where it is to come."""
    today, which = now.date(), words.get("which") or words.get("bound", "")
    begun = 0 if today.weekday() >= _SATURDAY else -1
    weeks = {"prev": (-1,), "last": (-1,), "this": (0,), "next": (0, 1), "coming": (0,), "bound": (0,)}
    found = tuple(Span(of_week(today, _SATURDAY, n), "weekend") for n in weeks.get(which, (begun,)))
    coming = Span(of_week(today, _SATURDAY, 0), "weekend")
    return Meaning(spans=found) if which else Meaning(spans=found, last=found[0], coming=coming)


def _away(words: Words, now: datetime, sign: int) -> Meaning:
    """Hours and minutes by the clock, days as days, and what is longer as a whole: it is hardly ever said exactly."""
    unit = words.get("unit", "halfhour" if "halfhour" in words else "hour")
    number = _length(words)
    if unit in _MINUTES:
        minutes = number * _MINUTES[unit] + 30 * ("half" in words) + number_of(words.get("minutes", "0"))
        is_whole = unit in ("hour", "t") and minutes % 60 == 0
        return Meaning(ago=timedelta(minutes=sign * minutes), precision="hour" if is_whole else "minute")
    if unit == "day":
        return Meaning(days=(now.date() + timedelta(sign * round(number)),))
    return _spans_away(unit, now.date(), sign * round(number))


def _length(words: Words) -> float:
    """The number before the unit: «2», «halvannen», «to og en halv»."""
    if "halfhour" in words:
        return 1
    if "hours" in words:
        return number_of(words["hours"]) + 0.5
    count = words["count"].replace(",", ".")
    number = {"1½": 1.5, "a": 1.0}.get(count) or (float(count) if "." in count else number_of(count))
    return number + (0.5 if "and_half" in words else 0)


def _spans_away(unit: str, today: date, number: int) -> Meaning:
    if unit == "week":
        return Meaning(spans=(Span(of_week(today, 0, number), "week"),))
    return (
        Meaning(spans=(Span(first_of_month(today, number), "month"),))
        if unit == "month"
        else _of_year(today.year + number)
    )


def _of_year(number: int) -> Meaning:
    return Meaning(spans=(Span(day_of(number, 1, 1), "year"),))


def _last_or_coming(begins: list[date], today: date, precision: str) -> Meaning:
    """The last of them that has begun; also the next, where that is nearer. Raises NoSuchTime for none.

    The one that we are in has begun, and is to come as well.
    """
    if not begins:
        raise NoSuchTime("no_date")
    last = max((at for at in begins if at <= today), default=begins[0])
    coming = min((at for at in begins if at > today), default=last)
    either = (last, coming) if coming - today < today - last else (last,)
    is_now = last == (of_week(today, 0, 0) if precision == "week" else first_of_month(today, 0))
    return Meaning(
        spans=tuple(Span(at, precision) for at in dict.fromkeys(either)),
        last=Span(last, precision),
        coming=Span(last if is_now else coming, precision),
    )
