"""Answers to what a turn wants to know: read in its transaction, within its tenant, desk and address.

No query here can name another tenant's or another address's row: the scope comes from the conversation held.
How many codes went to a number, and to its block, is counted over all tenants; nothing but that count is told.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar, cast

from conversations.facts import (
    AlertAt,
    AlertsSent,
    CaseAnswers,
    CaseWords,
    CodesSent,
    Holders,
    LastAnswer,
    LastComment,
    NearestEntry,
    ParkedDraft,
    Query,
    RecentAnswers,
    RegisterEntry,
    RegisterRows,
    ReportedCase,
    ReportedCases,
    WrongWords,
)
from storage.facts.alerts import alert_at, alerts_sent, wrong_words
from storage.facts.asker import Asker
from storage.facts.cases import case_answers, case_words, last_answer, last_comment, reported_case, reported_cases
from storage.facts.counts import codes_sent, recent_answers
from storage.facts.people import holders, parked_draft
from storage.facts.registers import nearest_entry, register_entry, register_rows

Found = TypeVar("Found")


class Answers(Mapping[Query[object], object]):
    """All that may be asked on somebody's behalf: read from the store when it is asked for, and then kept.

    So a turn need not be taken again for each of its questions. Raises KeyError as `answer`.
    """

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._known: dict[Query[object], object] = {}

    def __contains__(self, query: object) -> bool:
        return type(query) in ANSWERS

    def __getitem__(self, query: Query[object]) -> object:
        if query not in self._known:
            self._known[query] = answer(self._asker, query)
        return self._known[query]

    def __iter__(self) -> Iterator[Query[object]]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def answer(asker: Asker, query: Query[Found]) -> Found:
    """The store's answer. Raises KeyError for a kind of question that nobody answers."""
    return cast("Found", ANSWERS[type(query)](asker, query))


ANSWERS: Mapping[type, Callable[[Asker, Any], object]] = {
    Holders: holders,
    ReportedCases: reported_cases,
    ReportedCase: reported_case,
    LastComment: last_comment,
    CaseAnswers: case_answers,
    CaseWords: case_words,
    LastAnswer: last_answer,
    RegisterEntry: register_entry,
    RegisterRows: register_rows,
    NearestEntry: nearest_entry,
    AlertsSent: alerts_sent,
    AlertAt: alert_at,
    WrongWords: wrong_words,
    ParkedDraft: parked_draft,
    CodesSent: codes_sent,
    RecentAnswers: recent_answers,
}
