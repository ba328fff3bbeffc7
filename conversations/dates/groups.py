"""The times of a text: pieces that stand together are one time, if they can be: a day, a time of day, a part of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import product

from conversations.changed import changed
from conversations.dates.grammar import Piece, pieces_of
from conversations.dates.meanings import meanings_of
from conversations.dates.said import Meaning, NoSuchTime
from conversations.state import Language


@dataclass(frozen=True, slots=True)
class Group:
    """Pieces that are one time together, and what they may mean. ``problem``: why they mean nothing.

    That is ``args[0]`` of NoSuchTime, or ``unclear``.
    """

    pieces: tuple[Piece, ...]
    meanings: tuple[Meaning, ...]
    problem: str = ""

    @property
    def is_sure(self) -> bool:
        """Whether it is a time in any text."""
        return any(piece.is_sure for piece in self.pieces)


def groups_of(plain: str, local: datetime, language: Language, *, asked: bool) -> list[Group]:
    """The times of a text in plain words, seen from ``local``, now by the zone's clock; naive.

    In the answer to a question (``asked``) more words may stand between a day and its time of day.
    """
    groups: list[Group] = []
    for piece in pieces_of(plain):
        if not asked and _may_count(piece, plain):
            continue
        if _LIMITS.search(plain, max(piece.start - _WINDOW, 0), piece.start):
            groups.append(Group((piece,), (), "unclear"))
            continue
        alone, before = _alone(piece, local, language), groups[-1] if groups else None
        joined = _joined(before, alone) if before and _is_near(before, piece, plain, asked) else None
        groups[-1:] = [joined] if joined else [*groups[-1:], alone]
    return groups


def words_beside(plain: str, groups: Iterable[Group]) -> list[str]:
    """The words of the plain text that are of none of its times."""
    left = plain
    for piece in (piece for group in groups for piece in group.pieces):
        left = left[: piece.start] + " " * (piece.end - piece.start) + left[piece.end :]
    return left.split()


def _may_count(piece: Piece, plain: str) -> bool:
    """A number that may count what follows it: «14.50 kr», or an hour that no word introduces."""
    counts = piece.rule in _NUMBERS and not piece.is_sure and plain.startswith(" _", piece.end)
    return counts or piece.rule == "bare_hour"


def _is_near(before: Group, piece: Piece, plain: str, asked: bool) -> bool:
    apart = _APART if asked else _NEAR if before.is_sure and piece.is_sure else _BESIDE
    return apart.fullmatch(plain, before.pieces[-1].end, piece.start) is not None


def _alone(piece: Piece, local: datetime, language: Language) -> Group:
    try:
        meanings = meanings_of(piece, local)
    except NoSuchTime as problem:
        return Group((piece,), (), str(problem))
    in_english = language == "en" and piece.words.keys() == {"hour", "min"} and not piece.words["hour"].startswith("0")
    return Group((piece,), tuple(map(_with_twelve_hours, meanings)) if in_english else meanings)


def _with_twelve_hours(meaning: Meaning) -> Meaning:
    """«7:30» may be in the evening where people do not count to 24."""
    return changed(meaning, clocks=tuple(changed(clock, twelve=1 <= clock.hour < 12) for clock in meaning.clocks))


def _joined(before: Group, after: Group) -> Group | None:
    """The two as one time; None where they are two times."""
    pairs = product(before.meanings, after.meanings)
    meanings = tuple(dict.fromkeys(filter(None, (_together(one, other) for one, other in pairs))))
    return Group((*before.pieces, *after.pieces), meanings) if meanings else None


def _together(one: Meaning, other: Meaning) -> Meaning | None:
    """Both at once, each thing said once; of days what both say."""
    if any(meaning.ago is not None for meaning in (one, other)):
        return None
    if one.spans or other.spans:
        return _in_week(*((other, one) if one.spans else (one, other)))
    if (one.clocks and other.clocks) or (one.part and other.part):
        return None
    both = one.days and other.days
    days, others = _same_days(one, other) if both else (one.days or other.days, one.others or other.others)
    if not days and (one.days or other.days):
        return None
    return Meaning(
        days=days,
        others=others,
        weekday=one.weekday if other.weekday is None else other.weekday,
        clocks=one.clocks or other.clocks,
        part=one.part or other.part,
        ends_night=one.ends_night or other.ends_night,
    )


def _in_week(said: Meaning, week: Meaning) -> Meaning | None:
    """The weekday that is said without a date, in the week that is said: «onsdag for to uker siden»."""
    if said.weekday is None or not said.others or [span.precision for span in week.spans] != ["week"]:
        return None
    return changed(said, days=(week.spans[0].at + timedelta(said.weekday),), others=())


def _same_days(one: Meaning, other: Meaning) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """The date that falls on the weekday; where no likely one does, the date and the weekday next to it: one is a slip.

    A year in which it does is only meant where the field says that it has been, or is to come.
    """
    by_weekday, dated = (one, other) if other.weekday is None else (other, one)
    if by_weekday.weekday is None or dated.weekday is not None:
        return tuple(day for day in one.days if day in other.days), ()
    fitting = [day for day in (*dated.days, *dated.others) if day.weekday() == by_weekday.weekday]
    if fitting and fitting[0] in dated.days:
        return (fitting[0],), ()
    first = dated.days[0]
    ahead = (by_weekday.weekday - first.weekday()) % 7
    return (first, first + timedelta(ahead if ahead <= 3 else ahead - 7)), tuple(fitting[:1])


_NUMBERS = frozenset({"clock", "date_or_clock", "day_month", "day_of_month", "digits"})
# What these stand before is no point in time: "hver fredag", "etter kl 16", "ikke i går".
_LIMITS = re.compile(r"(?: (?:every|(?<! night )bound|for)|^(?: [~,|])* not)(?: (?:den|kl|at|about|i|pa))* $")
_WINDOW = 40
# What may stand between two pieces of one time: hardly anything, a few words, more words.
_SMALL = r"[-,~]|i|pa|on|in|om|den|of|at|kl|t|ved|about|since|ago|year"
_BESIDE = re.compile(rf" (?:(?:{_SMALL}) )*")
_NEAR = re.compile(rf" (?:(?:{_SMALL}) )*| (?:(?:{_SMALL}|_) ){{0,4}}")
_APART = re.compile(r" (?:(?!(?:every|bound|or|not) )[^ ]+ ){0,7}")
