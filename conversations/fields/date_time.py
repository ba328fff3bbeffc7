"""When something happened or shall happen: "i går kveld", "fredag kl 14", "for to timer siden", "14.01 kl 1510".

The value is described in ``conversations.dates.shown``. The past is meant unless the words or the desk (``tense``)
say otherwise; of several readings the customer is asked which, as options whose keys ``value_of`` reads.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from conversations.dates.groups import Group, groups_of, words_beside
from conversations.dates.moments import Moment, Seen, agrees, at_the_times_of, last_day_of, moments_of
from conversations.dates.plain import plainly
from conversations.dates.said import Meaning, NoSuchTime
from conversations.dates.shown import as_moment, as_value, shown
from conversations.desk.model import FormField
from conversations.fields.contract import Context, Refused, Taken, no_options, shortened
from conversations.fields.numbered import read_number
from conversations.fields.phrases import folded_words
from conversations.state import Json, Option
from conversations.typed import composed

options = no_options

MOST_READINGS = 4
_PROBLEMS = {
    "no_date": "field.date_time.no_date",
    "no_time": "field.date_time.no_time",
    "skipped": "field.date_time.skipped",
    "not_past": "field.date_time.not_past",
    "not_future": "field.date_time.not_future",
}
_UNCLEAR = "field.date_time.unclear"


@dataclass(frozen=True, slots=True)
class _Heard:
    """A text, in plain words, the times in it, and from where they are seen."""

    text: str
    plain: str
    groups: Sequence[Group]
    seen: Seen


def read(field: FormField, text: str, context: Context) -> Taken | Refused:
    """One reading, or the ``context.shown`` that the text chooses; of several readings it asks which."""
    heard = _heard(field, text, context, asked=True)
    if heard is None:
        return Refused(_UNCLEAR)
    numbered = _numbered(text, context)
    if numbered and not numbered.rest:
        return numbered
    said = _chosen(heard, context) or _read(heard)
    if isinstance(said, Moment):
        return Taken(as_value(said), composed(text).strip() if _says_more(heard) else "")
    if isinstance(said, str):
        return numbered or Refused(_PROBLEMS.get(said, _UNCLEAR))
    return Refused("field.date_time.which", options=tuple(_option(moment, context) for moment in said))


def find(field: FormField, text: str, context: Context) -> Taken | None:
    """The one time of the text, if it has one reading; the text stays whole, for it says more than the time."""
    heard = _heard(field, text, context, asked=False)
    moment = _read(heard) if heard and len(heard.groups) == 1 else None
    return Taken(as_value(moment), composed(text)) if isinstance(moment, Moment) else None


def show(field: FormField, value: Json, context: Context) -> str:
    """«tirsdag 13.01.2026 kl. 15:10», «13.01.2026», «13.01.2026 om kvelden»."""
    moment = as_moment(value)
    return shortened(shown(moment, context.language, context.zone), field.max_shown) if moment else ""


def value_of(key: str) -> dict[str, str]:
    """The value that an option stands for: "2026-01-13 evening"."""
    at, _, precision = key.partition(" ")
    return {"at": at, "precision": precision}


def _option(moment: Moment, context: Context) -> Option:
    label = shown(moment, context.language, context.zone, with_weekday=True)
    return Option(" ".join(as_value(moment).values()), label)


def _heard(field: FormField, text: str, context: Context, *, asked: bool) -> _Heard | None:
    """Without a question before it, only what is a time in any text."""
    if context.now is None:
        return None
    seen, plain = Seen(context.now, context.zone, field.tense or "", asked), plainly(text)
    groups = groups_of(plain, seen.local, context.language, asked=asked)
    if asked:
        # «Nå i kveld» is no time but the evening.
        said = [group for group in groups if group.pieces[0].rule != "now"] or groups
    else:
        said = [group for group in groups if group.is_sure]
    return _Heard(text, plain, said, seen)


def _read(heard: _Heard) -> Moment | list[Moment] | str:
    """The one moment that is said; several; or why there is none."""
    faulty = [group.problem for group in heard.groups if group.problem not in ("", "unclear")]
    if faulty or any(_is_cut_short(group, heard.plain) for group in heard.groups):
        return faulty[0] if faulty else "unclear"
    try:
        found = [moment for group in heard.groups for moment in moments_of(group.meanings, heard.seen)]
    except NoSuchTime as problem:
        return str(problem)
    moments = [one for one in dict.fromkeys(found) if _is_in_tense(one, heard.seen)]
    if found and not moments:
        return f"not_{heard.seen.tense}"
    return (_only(moments) or moments) if 0 < len(moments) <= MOST_READINGS else "unclear"


def _is_in_tense(moment: Moment, seen: Seen) -> bool:
    """Whether it has been, or is to come, as the field demands; what we are in is both."""
    at, now = moment.at, seen.now.replace(second=0, microsecond=0)
    if isinstance(at, datetime):
        has_begun, is_over = at <= now, at < now
    else:
        has_begun, is_over = at <= seen.local.date(), last_day_of(moment) < seen.local.date()
    return {"past": has_begun, "future": not is_over}.get(seen.tense, True)


def _chosen(heard: _Heard, context: Context) -> Moment | None:
    """The reading that is chosen of those shown, by words of its label or by what is true of it alone.

    "I kveld" takes its time of day from them, where they have one for an evening.
    """
    moments = _shown(context)
    words = set(folded_words(heard.text))
    labels = (set(folded_words(option.label)) for option in context.shown)
    labelled = [moment for moment, label in zip(moments, labels, strict=False) if words and words <= label]
    if len(labelled) == 1 or len(heard.groups) != 1:
        return _only(labelled)
    meanings = heard.groups[0].meanings
    fitting = [moment for moment in moments if agrees(meanings, moment)]
    return _only(fitting) or _at_a_time_of(meanings, moments, heard.seen)


def _at_a_time_of(meanings: Sequence[Meaning], moments: Sequence[Moment], seen: Seen) -> Moment | None:
    try:
        return _only(at_the_times_of(meanings, moments, seen))
    except NoSuchTime:
        return None


def _numbered(text: str, context: Context) -> Taken | None:
    """The reading shown under that number: "2", "den siste", "2, men jeg er ikke sikker"."""
    moments = _shown(context)
    number = read_number(text, len(moments))
    if number is None or not 1 <= number.number <= len(moments):
        return None
    return Taken(as_value(moments[number.number - 1]), number.rest)


def _shown(context: Context) -> list[Moment]:
    """The readings that the customer was shown; none where other options were."""
    moments = [as_moment(value_of(option.key)) for option in context.shown]
    return list(filter(None, moments)) if all(moments) else []


def _only(moments: Sequence[Moment]) -> Moment | None:
    return moments[0] if len(moments) == 1 else None


def _is_cut_short(group: Group, plain: str) -> bool:
    """A number beside it is a part of what is said, and we do not know which: «fredag 14», «13.-15. juli»."""
    first, last = group.pieces[0], group.pieces[-1]
    before = first.rule in _DATES and _NUMBER_BEFORE.search(plain, max(first.start - _WINDOW, 0), first.start)
    return bool(before or _NUMBER_AFTER.match(plain, last.end))


def _says_more(heard: _Heard) -> bool:
    """Whether the text has other words than the time and what usually stands around it."""
    return not _SAY_NOTHING.issuperset(words_beside(heard.plain, heard.groups))


_DATES = frozenset({"date_or_clock", "day_month", "day_of_month", "month"})
_WINDOW = 30
_NUMBER_BEFORE = re.compile(r" (?:n?[0-9][^ ]*|o[0-9]+|#) (?:[-,~] |og )*$")
_NUMBER_AFTER = re.compile(
    r" (?:(?:kl|at|den|about|ved) )*(?:(?!n1 )n?[0-9][^ ]*(?= (?:[-|,~] |$))|#|bound (?:next|prev|last|this|coming)) ?"
)
_SAY_NOTHING = frozenset("~ , - | i pa on in om den of at kl ved about since ago og for t to or year".split())
