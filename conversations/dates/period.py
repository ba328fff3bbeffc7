"""A stretch of days that a whole text names: "jan", "01.01-31.01", "forrige uke", "mars til mai 2025", "i fjor"."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

from conversations.dates.calendar import first_of_month
from conversations.dates.groups import groups_of, words_beside
from conversations.dates.moments import Seen, last_day_of, moments_of
from conversations.dates.plain import plainly
from conversations.dates.said import NoSuchTime

Period = tuple[date, date]
"""Its first and its last day."""


def names_period(text: str) -> bool:
    """Whether the text is a period, whenever it is read."""
    return period_of(text, _ANY_TIME) is not None


def period_of(text: str, seen: Seen) -> Period | None:
    """The period that the text names and nothing else; of what is said without a year, the last that has begun."""
    typed = _SAME_YEAR.sub(r"\1\2 - \1\3", " ".join(text.split()).rstrip(".!?"))
    first, *rest = (_BETWEEN_ISO if _ISO.search(typed) else _BETWEEN).split(typed, maxsplit=1)
    year = _YEAR.search(rest[0]) if rest else None
    if year and not _YEAR.search(first):
        first = f"{first.rstrip('.')}{'.' if first[-1:] in '.0123456789' else ' '}{year[0]}"
    begin, end = _days(first, seen), _days(rest[0] if rest else first, seen)
    if begin is None or end is None:
        return None
    last = end[1] if begin[0] <= end[1] or year else _a_year_on(end[1])
    return (begin[0], last) if begin[0] <= last else None


def _days(text: str, seen: Seen) -> Period | None:
    """The days of one point in time: «i 2025» is a year, «i mai» a month, where the bare word may be another."""
    for said in (f"i {text}", f"in {text}", text):
        plain = plainly(said)
        groups = groups_of(plain, seen.local, _LANGUAGE, asked=True)
        if len(groups) != 1 or not _AROUND.issuperset(words_beside(plain, groups)):
            continue
        try:
            moments = moments_of(groups[0].meanings, seen)
        except NoSuchTime:
            continue
        if len(moments) == 1 and not isinstance(moments[0].at, datetime):
            return moments[0].at, last_day_of(moments[0])
    return None


def _a_year_on(day: date) -> date:
    return first_of_month(day, 12) + timedelta(day.day - 1)


_LANGUAGE: Final = "nb"
"""Of no account to days: only the clock is read otherwise in English."""
_ANY_TIME: Final = Seen(datetime(2026, 1, 1, tzinfo=UTC), UTC, "past", is_asked=True)
_AROUND: Final = frozenset(("i", "in", "den", "of"))
_ISO: Final = re.compile(r"\b[0-9]{4}-[0-9]{1,2}-[0-9]")
_SAME_YEAR: Final = re.compile(r"([0-9]{4}-)([0-9]{1,2}-[0-9]{1,2}) ?--? ?([0-9]{1,2}-[0-9]{1,2})")
_BETWEEN: Final = re.compile(r" ?(?:--|[-\u2013\u2014]) ?| (?:til|till|to|t\.o\.m\.?|tom) ", re.IGNORECASE)
_BETWEEN_ISO: Final = re.compile(r" ?(?:--|[\u2013\u2014]) ?| (?:-|til|till|to|t\.o\.m\.?|tom) ", re.IGNORECASE)
_YEAR: Final = re.compile(r"\b(?:19|20)[0-9]{2}\b")
