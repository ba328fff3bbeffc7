"""Cases that an address reported in its present epoch, and what was said in them."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import and_, bindparam, func, literal_column, or_, select

from conversations.desk.numbers import written_number
from conversations.facts import (
    CaseAnswers,
    CaseLine,
    CaseWords,
    CommentLine,
    LastAnswer,
    LastComment,
    ReportedCase,
    ReportedCases,
)
from conversations.state import Json
from storage.facts.asker import Asker
from storage.statements import Statement
from storage.tables import metadata

CASES_AT_MOST = 50
WORDS_AT_MOST = 1_000


def reported_cases(asker: Asker, query: ReportedCases) -> tuple[CaseLine, ...]:
    """Cases that the address reported, newest first."""
    rows = _CASES.all(asker.work, **asker.reported, reporter=query.reporter or "", wanted_open=not query.closed)
    return tuple(CaseLine(*row) for row in rows)


def reported_case(asker: Asker, query: ReportedCase) -> CaseLine | None:
    """The case of that number, if the address reported it."""
    for number in _spellings(asker, query.number):
        row = _CASE.one(asker.work, **asker.reported, reporter=query.reporter or "", numbered=number)
        if row is not None:
            return CaseLine(*row)
    return None


def last_comment(asker: Asker, query: LastComment) -> CommentLine | None:
    """A caseworker's newest public comment on a case."""
    row = _COMMENT.one(asker.work, **asker.reported, on_case=query.case)
    if row is None:
        return None
    comment, author, words, at = row
    return CommentLine(comment, author or "", words or "", at)


def case_answers(asker: Asker, query: CaseAnswers) -> Mapping[str, str]:
    """What stands on a case, as it is shown; nothing that is sealed."""
    return dict(_ANSWERS.all(asker.work, **asker.reported, on_case=query.case))


def case_words(asker: Asker, query: CaseWords) -> Mapping[str, tuple[str, ...]]:
    """What stands on the cases that the address reported, newest first, as far as there is room."""
    found: dict[str, tuple[str, ...]] = {}
    for statement in (_VALUE_WORDS, _COMMENT_WORDS):
        for case, words in statement.all(asker.work, **asker.reported):
            found[case] = (*found.get(case, ()), words or "")
    return found


def last_answer(asker: Asker, query: LastAnswer) -> Json:
    """What the same person answered to the field last time."""
    given: dict[str, Any] = {**asker.reported, "named": query.field, "own": query.but or ""}
    if query.about is None:
        row = _LAST_ANSWER.one(asker.work, **given)
    else:
        field, key = query.about
        row = _LAST_ANSWER_ABOUT.one(asker.work, **given, thing=field, key=json.dumps(key, ensure_ascii=False))
    return None if row is None else json.loads(row[0])


def _spellings(asker: Asker, number: str) -> Iterator[str]:
    """The numbers that may be meant: ``in 1042`` is IN-00001042, and 1042 is tried in every series."""
    plain = re.sub(r"[\s-]", "", number).upper()
    found = re.fullmatch(r"([A-Z]*)([0-9]{1,18})", plain)
    if found is None:
        yield number.strip().upper()
        return
    for series in asker.front.desk.desk.series.values():
        written = written_number(series, int(found[2]))
        if found[1] in ("", written.partition("-")[0]):
            yield written


_H = metadata.tables["address_holder"]
_C = metadata.tables["cases"]
_T = metadata.tables["comment"]
_V = metadata.tables["case_value"]
_M = metadata.tables["message"]
_P = metadata.tables["case_party"]
_IS_THEIRS = and_(
    _C.c.tenant == bindparam("of"),
    _C.c.desk == bindparam("at_desk"),
    _C.c.address == bindparam("by"),
    _C.c.epoch == bindparam("in_epoch"),
)
_BY_CASEWORKER = and_(_T.c.case_id == _C.c.id, _T.c.author_kind == "caseworker", _T.c.public.is_(True))
_UNREAD = (
    select(func.count()).select_from(_T).where(_BY_CASEWORKER, _T.c.read_at.is_(None)).correlate(_C).scalar_subquery()
)
_IS_ANOTHERS = and_(_P.c.case_id == _C.c.id, _P.c.role == "reporter", _P.c.contact != bindparam("reporter"))
_LINE = select(_C.c.id, _C.c.number, _C.c.form, _C.c.status, _C.c.opened_at, _UNREAD).where(
    _IS_THEIRS, or_(bindparam("reporter") == "", ~select(_P.c.id).where(_IS_ANOTHERS).correlate(_C).exists())
)
_CASES = Statement(
    _LINE.where(_C.c.open == bindparam("wanted_open"))
    .order_by(_C.c.id.desc())
    .limit(literal_column(str(CASES_AT_MOST)))
)
_CASE = Statement(_LINE.where(_C.c.number == bindparam("numbered")))
_COMMENT = Statement(
    select(_T.c.id, _T.c.author_name, _T.c.text, _T.c.at)
    .join(_C, _BY_CASEWORKER)
    .where(_IS_THEIRS, _C.c.id == bindparam("on_case"))
    .order_by(_T.c.id.desc())
    .limit(literal_column("1"))
)
_ANSWERS = Statement(
    select(_V.c.field, _V.c.shown)
    .join(_C, _C.c.id == _V.c.case_id)
    .where(_IS_THEIRS, _C.c.id == bindparam("on_case"), _V.c.sealed.is_(False))
)
_VALUE_WORDS = Statement(
    select(_V.c.case_id, _V.c.shown)
    .join(_C, _C.c.id == _V.c.case_id)
    .where(_IS_THEIRS, _V.c.sealed.is_(False))
    .order_by(_C.c.id.desc())
    .limit(literal_column(str(WORDS_AT_MOST)))
)
_COMMENT_WORDS = Statement(
    select(_T.c.case_id, func.coalesce(_T.c.text, _M.c.text))
    .join(_C, _C.c.id == _T.c.case_id)
    .outerjoin(_M, _M.c.id == _T.c.message)
    .where(_IS_THEIRS, _T.c.public.is_(True))
    .order_by(_C.c.id.desc(), _T.c.id.desc())
    .limit(literal_column(str(WORDS_AT_MOST)))
)
_OF_ANOTHER = (
    select(_P.c.id)
    .where(
        _P.c.case_id == _C.c.id,
        _P.c.role == "reporter",
        _P.c.contact.is_not(None),
        ~select(_H.c.id)
        .where(_H.c.contact == _P.c.contact, _H.c.address == bindparam("by"), _H.c.epoch == bindparam("in_epoch"))
        .correlate(_P)
        .exists(),
    )
    .correlate(_C)
    .exists()
)
_ANSWERED_LAST = (
    select(_V.c.value)
    .join(_C, _C.c.id == _V.c.case_id)
    .where(
        _IS_THEIRS,
        ~_OF_ANOTHER,
        _C.c.id != bindparam("own"),
        _V.c.field == bindparam("named"),
        _V.c.sealed.is_(False),
    )
    # By the id alone it would be looked for among all of the tenant's cases, which an index has in that order.
    .order_by(_C.c.opened_at.desc(), _C.c.id.desc())
    .limit(literal_column("1"))
)
_LAST_ANSWER = Statement(_ANSWERED_LAST)
_THING = _V.alias("thing")
_LAST_ANSWER_ABOUT = Statement(
    _ANSWERED_LAST.join(_THING, _THING.c.case_id == _C.c.id).where(
        _THING.c.field == bindparam("thing"), _THING.c.value == bindparam("key")
    )
)
