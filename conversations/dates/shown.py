"""A time as the value of an answer, and as it is read back.

A JSON object: ``at``, ISO 8601, a date or a time with its offset; ``precision`` as in ``moments.Moment``.
Example: ``{"at": "2026-01-13", "precision": "evening"}`` is "13.01.2026 om kvelden".
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo

from conversations.dates.calendar import FIRST_YEAR, LAST_YEAR
from conversations.dates.moments import Moment
from conversations.state import Json, Language

_WEEKDAYS: Mapping[Language, list[str]] = {
    "nb": "mandag tirsdag onsdag torsdag fredag lørdag søndag".split(),
    "sv": "måndag tisdag onsdag torsdag fredag lördag söndag".split(),
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
}
_MONTHS: Mapping[Language, list[str]] = {
    "nb": "januar februar mars april mai juni juli august september oktober november desember".split(),
    "sv": "januari februari mars april maj juni juli augusti september oktober november december".split(),
    "en": ("January February March April May June July August September October November December".split()),
}
_FORMS: Mapping[Language, Mapping[str, str]] = {
    "nb": {
        "minute": "{weekday} {date} kl. {clock}",
        "hour": "{weekday} {date} ca. kl. {clock}",
        "night": "natt til {date}",
        "morning": "{date} om morgenen",
        "forenoon": "{date} om formiddagen",
        "midday": "{date} midt på dagen",
        "afternoon": "{date} om ettermiddagen",
        "evening": "{date} om kvelden",
        "week": "uke {week}, {date}-{end}",
        "weekend": "helgen {date}-{end}",
        "month": "{month} {year}",
    },
    "sv": {
        "minute": "{weekday} {date} kl. {clock}",
        "hour": "{weekday} {date} ca kl. {clock}",
        "night": "natten till {date}",
        "morning": "{date} på morgonen",
        "forenoon": "{date} på förmiddagen",
        "midday": "{date} mitt på dagen",
        "afternoon": "{date} på eftermiddagen",
        "evening": "{date} på kvällen",
        "week": "vecka {week}, {date}-{end}",
        "weekend": "helgen {date}-{end}",
        "month": "{month} {year}",
    },
    "en": {
        "minute": "{weekday} {date} at {clock}",
        "hour": "{weekday} {date} about {clock}",
        "night": "the night before {date}",
        "morning": "{date} in the morning",
        "forenoon": "{date} before noon",
        "midday": "{date} around noon",
        "afternoon": "{date} in the afternoon",
        "evening": "{date} in the evening",
        "week": "week {week}, {date}-{end}",
        "weekend": "the weekend {date}-{end}",
        "month": "{month} {year}",
    },
}
# For the hour that the clocks show twice.
_SUMMER_TIME: Mapping[Language, tuple[str, str]] = {
    "nb": ("sommertid", "normaltid"),
    "sv": ("sommartid", "normaltid"),
    "en": ("summer time", "winter time"),
}
_FORMS_OF_ALL = {"day": "{date}", "year": "{year}"}
_DAYS = {"week": 6, "weekend": 1}


def as_value(moment: Moment) -> dict[str, str]:
    """The moment as JSON."""
    at = moment.at
    return {
        "at": at.isoformat("T", "minutes") if isinstance(at, datetime) else at.isoformat(),
        "precision": moment.precision,
    }


def as_moment(value: Json) -> Moment | None:
    """The value as a moment; None for what is no value of ours."""
    if not isinstance(value, dict):
        return None
    at, precision = str(value.get("at")), str(value.get("precision"))
    try:
        found = datetime.fromisoformat(at) if precision in ("minute", "hour") else date.fromisoformat(at)
    except ValueError:
        return None
    is_known = precision in {**_FORMS["nb"], **_FORMS_OF_ALL} and FIRST_YEAR <= found.year <= LAST_YEAR
    is_aware = not isinstance(found, datetime) or found.tzinfo is not None
    return Moment(found, precision) if is_known and is_aware else None


def shown(moment: Moment, language: Language, zone: tzinfo, *, with_weekday: bool = False) -> str:
    """«tirsdag 13.01.2026 kl. 15:10», «13.01.2026», «13.01.2026 om kvelden»; the date's weekday where it helps."""
    at = moment.at
    weekday = _WEEKDAYS[language][at.weekday()]
    form = _FORMS_OF_ALL.get(moment.precision) or _FORMS[language][moment.precision]
    named = with_weekday and "{weekday}" not in form and moment.precision not in _DAYS
    text = form.format(
        weekday=weekday,
        date=f"{weekday} {_date(at)}" if named else _date(at),
        clock=f"{at:%H:%M}",
        end=_date(at + timedelta(_DAYS.get(moment.precision, 0))),
        week=at.isocalendar().week,
        month=_MONTHS[language][at.month - 1],
        year=at.year,
    )
    return text + _which_of_two(at, language, zone) if isinstance(at, datetime) else text


def _date(at: date) -> str:
    return f"{at.day:02}.{at.month:02}.{at.year:04}"


def _which_of_two(at: datetime, language: Language, zone: tzinfo) -> str:
    """Summer time or not, for a time that the clocks of the zone show twice."""
    offsets = [at.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)]
    if offsets[0] == offsets[1] or at.utcoffset() not in offsets:
        return ""
    return f" ({_SUMMER_TIME[language][offsets.index(at.utcoffset())]})"
