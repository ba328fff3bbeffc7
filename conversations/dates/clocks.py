"""Times of day: "kl 7", "halv sju", "fem på halv sju", "15:10", "quarter past three", "midnatt"."""

from datetime import datetime

from conversations.dates.said import Clock, Meaning, NoSuchTime, Words, number_of

_DAY = 24 * 60
# Written so that they are of the clock with 24 hours.
_TYPED = {"noon": "012", "midnight": "00"}


def clock(words: Words, now: datetime) -> Meaning:
    """«halv sju» is half past six, «fem på halv sju» five minutes before that. Raises NoSuchTime."""
    typed, half_day = words["hour"], words.get("half_day")
    hour, minutes = number_of(typed), _minutes(words.get("min", "0"))
    if minutes >= 60 or hour > 24 or (hour == 24 and minutes):
        raise NoSuchTime("no_time")
    # «07» and «7:30» are of the clock with 24 hours, «kl 7» may be in the evening.
    is_exact = typed.startswith("0") or ("min" in words and not {"side", "half"} & words.keys())
    twelve = 1 <= hour <= 12 and not is_exact
    if half_day and hour <= 12:
        hour, twelve = hour % 12 + 12 * (half_day == "pm"), False
    at = hour * 60 + {"halv": -30, "half past": 30}.get(words.get("half", ""), 0)
    at += minutes if words.get("side") in (None, "past") else -minutes
    at = at if at >= 0 else at + _DAY
    about = "about" in words.get("lead", "") or "tiden" in words
    return Meaning(clocks=(Clock(at // 60, at % 60, twelve, about),))


def noon(words: Words, now: datetime) -> Meaning:
    """Noon and midnight, and minutes before and after them."""
    if "min" in words:
        return clock({**words, "hour": _TYPED[words["which"]]}, now)
    return Meaning(clocks=(Clock(12) if words["which"] == "noon" else Clock(0, midnight=True),))


def part(words: Words, now: datetime) -> Meaning:
    """A part of the day."""
    return Meaning(part=words["part"])


def _minutes(word: str) -> int:
    return 15 if word.endswith("kvart") else number_of(word)
