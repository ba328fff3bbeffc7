"""Which of my cases: those opened within a period, or those in which some words stand, open and closed alike."""

from conversations.dates.moments import Seen
from conversations.dates.period import Period, period_of
from conversations.facts import CaseLine, CaseWords, ReportedCases
from conversations.fields.phrases import folded_words
from conversations.talk import Talk
from conversations.words import OF_WORDS, WITHIN


def is_search(which: str) -> bool:
    """Whether STATUS or SØK was said with a period or words."""
    return which.startswith((WITHIN, OF_WORDS))


def cases(talk: Talk, which: str, reader: str | None) -> tuple[CaseLine, ...]:
    """The cases that are meant, newest first."""
    reported = [*talk.facts.find(ReportedCases(False, reader)), *talk.facts.find(ReportedCases(True, reader))]
    newest_first = sorted(reported, key=lambda case: case.opened_at, reverse=True)
    if which.startswith(OF_WORDS):
        wanted = folded_words(said(which))
        return tuple(case for case in newest_first if _has(talk, case, wanted))
    period = period_of(said(which), Seen(talk.now, talk.desk.zone, "past", is_asked=True))
    return tuple(case for case in newest_first if period and _is_within(talk, case, period))


def said(which: str) -> str:
    """The period or the words as they were typed."""
    return which.partition(":")[2]


def _is_within(talk: Talk, case: CaseLine, period: Period) -> bool:
    return period[0] <= case.opened_at.astimezone(talk.desk.zone).date() <= period[1]


def _has(talk: Talk, case: CaseLine, wanted: list[str]) -> bool:
    """Whether each of the words begins a word of the case; a number is one whole."""
    form = talk.desk.forms.get(case.form)
    name = talk.own_words(form.name) if form else case.form
    texts = (case.number, name, *talk.facts.find(CaseWords()).get(case.case, ()))
    words = folded_words(" ".join(texts))
    return all(any(_begins(word, one) for word in words) for one in wanted)


def _begins(word: str, wanted: str) -> bool:
    return word == wanted or (not wanted.isdecimal() and word.startswith(wanted))
