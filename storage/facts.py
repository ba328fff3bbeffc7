"""Answers to what a turn wants to know: read in its transaction, within its tenant, desk and address.

No query here can name another tenant's or another address's row: the scope comes from the conversation held.
How many codes went to a number, and to its block, is counted over all tenants; nothing but that count is told.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import cos, radians
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, and_, bindparam, case, func, literal_column, or_, select

from conversations import limits
from conversations.desk.numbers import written_number
from conversations.facts import (
    AlertAt,
    AlertSent,
    AlertsSent,
    AnswerCounts,
    CaseAnswers,
    CaseLine,
    CodeCounts,
    CodesSent,
    CommentLine,
    Holder,
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
    StandingAlert,
    WrongWords,
)
from conversations.places.geodesy import METRES_A_DEGREE, Point, metres_between
from conversations.places.spot import SAME_M, Spot, is_same
from conversations.state import Draft, Json, thaw_draft
from storage.codes import block, hold_sending
from storage.fronts import ReadyFront
from storage.scene import Held
from storage.statements import Statement
from storage.tables import metadata
from storage.work import Work

Found = TypeVar("Found")
QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)
DAY = timedelta(hours=24)
CASES_AT_MOST = 50
ROWS_AT_MOST = 10


@dataclass(frozen=True, slots=True)
class Asker:
    """On whose behalf it is asked: the conversation held, and the front that it came in by."""

    work: Work
    front: ReadyFront
    held: Held

    @property
    def reported(self) -> dict[str, Any]:
        """What a case must match to be this address's own."""
        desk = self.front.desk.desk.desk
        held = self.held
        return {"of": self.front.tenant, "at_desk": desk, "by": held.address, "in_epoch": held.epoch}


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


def _holders(asker: Asker, query: Holders) -> tuple[Holder, ...]:
    held = asker.held
    rows = _HOLDERS.all(asker.work, of=asker.front.tenant, held=held.address, since=held.epoch)
    return tuple(Holder(*row) for row in rows)


def _reported_cases(asker: Asker, query: ReportedCases) -> tuple[CaseLine, ...]:
    rows = _CASES.all(asker.work, **asker.reported, reporter=query.reporter or "", wanted_open=not query.closed)
    return tuple(CaseLine(*row) for row in rows)


def _reported_case(asker: Asker, query: ReportedCase) -> CaseLine | None:
    for number in _spellings(asker, query.number):
        row = _CASE.one(asker.work, **asker.reported, reporter=query.reporter or "", numbered=number)
        if row is not None:
            return CaseLine(*row)
    return None


def _last_comment(asker: Asker, query: LastComment) -> CommentLine | None:
    row = _COMMENT.one(asker.work, **asker.reported, on_case=query.case)
    if row is None:
        return None
    comment, author, words, at = row
    return CommentLine(comment, author or "", words or "", at)


def _case_answers(asker: Asker, query: CaseAnswers) -> Mapping[str, str]:
    return dict(_ANSWERS.all(asker.work, **asker.reported, on_case=query.case))


def _last_answer(asker: Asker, query: LastAnswer) -> Json:
    given: dict[str, Any] = {**asker.reported, "named": query.field, "own": query.but or ""}
    if query.about is None:
        row = _LAST_ANSWER.one(asker.work, **given)
    else:
        field, key = query.about
        row = _LAST_ANSWER_ABOUT.one(asker.work, **given, thing=field, key=json.dumps(key, ensure_ascii=False))
    return None if row is None else json.loads(row[0])


def _register_entry(asker: Asker, query: RegisterEntry) -> Mapping[str, str] | None:
    name = register_name(asker.front.desk.desk.desk, query.register)
    row = _REGISTER.one(asker.work, of=asker.front.tenant, named=name, under=query.key)
    return None if row is None else json.loads(row[0])


def _register_rows(asker: Asker, query: RegisterRows) -> tuple[Mapping[str, str], ...]:
    name = register_name(asker.front.desk.desk.desk, query.register)
    rows = _REGISTER_ROWS.all(asker.work, of=asker.front.tenant, named=name)
    return tuple(json.loads(row[0]) for row in rows[: query.most])


def _nearest_entry(asker: Asker, query: NearestEntry) -> Mapping[str, str] | None:
    name = register_name(asker.front.desk.desk.desk, query.register)
    point = query.lat, query.lon
    rows = _PLACES.all(asker.work, of=asker.front.tenant, named=name, **box(point, query.within_m))
    near = ((metres_between(point, (lat, lon)), data) for data, lat, lon in rows)
    found = min(((metres, data) for metres, data in near if metres <= query.within_m), default=None)
    return json.loads(found[1]) if found else None


def _alerts_sent(asker: Asker, query: AlertsSent) -> tuple[AlertSent, ...]:
    day_ago = asker.work.now - DAY
    rows = _ALERTS.all(asker.work, of=asker.front.tenant, theirs=asker.held.their_address, day_ago=day_ago)
    return tuple(AlertSent(alert, case, number, word, seen is not None) for alert, case, number, word, seen in rows)


def _alert_at(asker: Asker, query: AlertAt) -> StandingAlert | None:
    work, tenant, spot = asker.work, asker.front.tenant, query.spot
    into, seen, joined = _OWN_ALERT.one(work, key=query.own or "", of=tenant) or (None, None, 0)
    if into is None and (seen or joined):
        return None
    rows = _ALERTS_AT.all(
        work,
        of=tenant,
        at_desk=asker.front.desk.desk.desk,
        own=query.own or "",
        own_into=into,
        thing=spot.thing,
        street=spot.street,
        **(box(spot.point, SAME_M) if spot.point else _NOWHERE),
    )
    same = (row for row in rows if is_same(spot, _spot(*row[3:])))
    found = min(same, key=lambda row: (row[0] != into, row[0]), default=None)
    if found is None:
        return None
    alert, case, word = found[:3]
    [(reports,)] = _REPORTS.all(work, key=alert)
    return StandingAlert(alert, case, word, reports)


def _spot(thing: str | None, street: str | None, lat: float | None, lon: float | None) -> Spot:
    return Spot(thing, street, None if lat is None or lon is None else (lat, lon))


def _wrong_words(asker: Asker, query: WrongWords) -> int:
    row = _WRONG_WORDS.one(asker.work, in_conversation=asker.held.id, hour_ago=asker.work.now - HOUR)
    return row[0] if row else 0


def _parked_draft(asker: Asker, query: ParkedDraft) -> Draft | None:
    row = _PARKED.one(asker.work, key=query.draft, in_conversation=asker.held.id)
    return thaw_draft(row[0]) if row else None


def _codes_sent(asker: Asker, query: CodesSent) -> CodeCounts:
    """What refuses a code now refuses it still a moment later; what allows one must be counted by one at a time."""
    counts = _count_codes(asker, query)
    identity, work = asker.front.desk.desk.identity, asker.work
    if work.dialect == "postgresql" and limits.code_limit(counts, asker.held.their_address, identity) is None:
        hold_sending(work)
        counts = _count_codes(asker, query)
    return counts


def _count_codes(asker: Asker, query: CodesSent) -> CodeCounts:
    work, held = asker.work, asker.held
    row = _CODES.one(
        work,
        of=asker.front.tenant,
        at_desk=asker.front.desk.desk.desk,
        to=held.their_address,
        among=block(held.their_address),
        subject_row=held.address,
        of_challenge=query.challenge or "",
        hour_ago=work.now - HOUR,
        day_ago=work.now - DAY,
    )
    assert row is not None
    *counts, last = row
    asked, used = _BLOCK.one(work, among=block(held.their_address), day_ago=work.now - DAY) or (0, 0)
    named = dict(zip(_COUNTS, counts, strict=True))
    since = None if last is None else max(int((work.now - last).total_seconds()), 0)
    return CodeCounts(**named, block_asked=asked, block_used=used, since_last_s=since)


def _recent_answers(asker: Asker, query: RecentAnswers) -> AnswerCounts:
    now = asker.work.now
    row = _ANSWERED.one(asker.work, in_conversation=asker.held.id, quarter_ago=now - QUARTER, day_ago=now - DAY)
    return AnswerCounts(*row) if row else AnswerCounts()


def box(point: Point, within_m: int) -> dict[str, float]:
    """What a square about the point asks of ``lat`` and ``lon``: wide enough for all that lies so near."""
    lat, lon = point
    high = within_m / METRES_A_DEGREE
    wide = high / cos(radians(lat))
    return {"south": lat - high, "north": lat + high, "west": lon - wide, "east": lon + wide}


def register_name(desk: str, register: str) -> str:
    """A desk's register among all of its tenant's."""
    return f"{desk}.{register}"


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


ANSWERS: Mapping[type, Callable[[Asker, Any], object]] = {
    Holders: _holders,
    ReportedCases: _reported_cases,
    ReportedCase: _reported_case,
    LastComment: _last_comment,
    CaseAnswers: _case_answers,
    LastAnswer: _last_answer,
    RegisterEntry: _register_entry,
    RegisterRows: _register_rows,
    NearestEntry: _nearest_entry,
    AlertsSent: _alerts_sent,
    AlertAt: _alert_at,
    WrongWords: _wrong_words,
    ParkedDraft: _parked_draft,
    CodesSent: _codes_sent,
    RecentAnswers: _recent_answers,
}

_F = metadata.tables["draft"]
_H = metadata.tables["address_holder"]
_K = metadata.tables["contact"]
_C = metadata.tables["cases"]
_T = metadata.tables["comment"]
_V = metadata.tables["case_value"]
_P = metadata.tables["case_party"]
_R = metadata.tables["register_row"]
_A = metadata.tables["alert"]
_AS = metadata.tables["alert_sent"]
_S = metadata.tables["code_sent"]
_G = metadata.tables["challenge"]
_W = metadata.tables["wrong_try"]
_M = metadata.tables["message"]

_HOLDERS = Statement(
    select(_H.c.contact, _K.c.name, _H.c.trusted_until)
    .join(_K, _K.c.id == _H.c.contact)
    .where(
        _H.c.tenant == bindparam("of"),
        _H.c.address == bindparam("held"),
        _H.c.epoch == bindparam("since"),
    )
    .order_by(_H.c.id)
)

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
"""Somebody else reported the case by this very address: a contact that holds it no more."""
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
_REGISTER = Statement(
    select(_R.c.data).where(
        _R.c.tenant == bindparam("of"),
        _R.c.register_name == bindparam("named"),
        _R.c.key == bindparam("under"),
    )
)
_REGISTER_ROWS = Statement(
    select(_R.c.data)
    .where(_R.c.tenant == bindparam("of"), _R.c.register_name == bindparam("named"))
    .order_by(_R.c.key)
    .limit(literal_column(str(ROWS_AT_MOST)))
)
_PLACES = Statement(
    select(_R.c.data, _R.c.lat, _R.c.lon).where(
        _R.c.tenant == bindparam("of"),
        _R.c.register_name == bindparam("named"),
        _R.c.lat.between(bindparam("south"), bindparam("north")),
        _R.c.lon.between(bindparam("west"), bindparam("east")),
    )
)
_ALERTS = Statement(
    select(_A.c.id, _A.c.case_id, _C.c.number, _A.c.word, _A.c.acknowledged_at)
    .join(_AS, _AS.c.alert == _A.c.id)
    .join(_C, _C.c.id == _A.c.case_id)
    .where(
        _A.c.tenant == bindparam("of"),
        _AS.c.number == bindparam("theirs"),
        or_(_A.c.acknowledged_at.is_(None), _A.c.raised_at > bindparam("day_ago")),
    )
    .order_by(_A.c.id.desc())
)
_JOINED = _A.alias("joined")
_OWN_ALERT = Statement(
    select(
        _A.c.merged_into,
        _A.c.acknowledged_at,
        select(func.count())
        .select_from(_JOINED)
        .where(_JOINED.c.merged_into == _A.c.id, _JOINED.c.acknowledged_at.is_(None))
        .scalar_subquery(),
    ).where(_A.c.id == bindparam("key"), _A.c.tenant == bindparam("of"))
)
_ALERTS_AT = Statement(
    select(_A.c.id, _A.c.case_id, _A.c.word, _A.c.thing, _A.c.street, _A.c.lat, _A.c.lon).where(
        _A.c.tenant == bindparam("of"),
        _A.c.desk == bindparam("at_desk"),
        _A.c.id != bindparam("own"),
        or_(and_(_A.c.acknowledged_at.is_(None), _A.c.merged_into.is_(None)), _A.c.id == bindparam("own_into")),
        or_(
            _A.c.thing == bindparam("thing"),
            _A.c.street == bindparam("street"),
            and_(
                _A.c.lat.between(bindparam("south"), bindparam("north")),
                _A.c.lon.between(bindparam("west"), bindparam("east")),
            ),
        ),
    )
)
_REPORTS = Statement(
    select(func.count(_A.c.conversation.distinct())).where(
        or_(_A.c.id == bindparam("key"), _A.c.merged_into == bindparam("key"))
    )
)
_NOWHERE = {"south": 0.0, "north": 0.0, "west": 0.0, "east": 0.0}
_WRONG_WORDS = Statement(
    select(func.count()).where(
        _M.c.conversation == bindparam("in_conversation"),
        _M.c.direction == "in",
        _M.c.at > bindparam("hour_ago"),
        _M.c.reason == "wrong_word",
    )
)
_PARKED = Statement(
    select(_F.c.content).where(
        _F.c.id == bindparam("key"), _F.c.conversation == bindparam("in_conversation"), _F.c.standing == "parked"
    )
)


def _sent_since(since: str, *conditions: ColumnElement[bool]) -> Any:
    return select(func.count()).select_from(_S).where(_S.c.at > bindparam(since), *conditions).scalar_subquery()


def _wrong(*conditions: ColumnElement[bool]) -> Any:
    return select(func.count()).select_from(_W).where(_W.c.tenant == bindparam("of"), *conditions).scalar_subquery()


# Of all tenants: whoever is bombed does not care who sends, and a block earns on everybody's texts.
_TO_THEM = _S.c.destination == bindparam("to")
_TO_BLOCK = and_(_S.c.block == bindparam("among"), _S.c.block != "")
_FROM_TENANT = _S.c.tenant == bindparam("of")
_FROM_DESK = and_(_FROM_TENANT, _S.c.desk == bindparam("at_desk"))
_TRIED = _W.c.subject == bindparam("subject_row")
_LAST_RIGHT = select(func.max(_G.c.used_at)).where(_G.c.subject == bindparam("subject_row")).scalar_subquery()
_COUNTS: Mapping[str, Any] = {
    "destination_hour": _sent_since("hour_ago", _TO_THEM),
    "destination_day": _sent_since("day_ago", _TO_THEM),
    "block_hour": _sent_since("hour_ago", _TO_BLOCK),
    "total_hour": _sent_since("hour_ago", _FROM_TENANT),
    "total_day": _sent_since("day_ago", _FROM_DESK),
    "wrong_tries_hour": _wrong(_W.c.at > bindparam("hour_ago")),
    "subject_wrong_tries_day": _wrong(_TRIED, _W.c.at > bindparam("day_ago")),
    "subject_wrong_tries_in_a_row": _wrong(
        _TRIED, _W.c.at > func.coalesce(_LAST_RIGHT, literal_column("'1970-01-01'"))
    ),
    "refusals_told_hour": select(func.count())
    .select_from(_M)
    .where(
        _M.c.tenant == bindparam("of"),
        _M.c.reason == limits.CODE_REFUSED,
        _M.c.at > bindparam("hour_ago"),
    )
    .scalar_subquery(),
    "sent_in_challenge": func.coalesce(
        select(_G.c.sent).where(_G.c.id == bindparam("of_challenge")).scalar_subquery(), 0
    ),
}
_LAST = (
    select(func.max(_S.c.at, type_=_S.c.at.type)).where(_S.c.challenge == bindparam("of_challenge")).scalar_subquery()
)
_CODES = Statement(select(*_COUNTS.values(), _LAST))
_NEWEST_OF_BLOCK = (
    select(_G.c.used_at)
    .join(_S, _S.c.challenge == _G.c.id)
    .where(_TO_BLOCK, _S.c.at > bindparam("day_ago"))
    .order_by(_S.c.at.desc())
    .limit(literal_column(str(limits.COMPLETION_SENDS)))
    .subquery()
)
_BLOCK = Statement(select(func.count(), func.count(_NEWEST_OF_BLOCK.c.used_at)).select_from(_NEWEST_OF_BLOCK))

_LATELY = _M.c.at > bindparam("quarter_ago")
_IDLE = _M.c.moved.is_(False)


def _times(*conditions: ColumnElement[bool]) -> Any:
    return func.coalesce(func.sum(case((and_(*conditions), 1), else_=0)), 0)


# What was withheld was no answer.
_ANSWER = and_(_M.c.direction == "out", _M.c.reason.is_(None))
_ANSWERED = Statement(
    select(
        _times(_ANSWER, _LATELY, _IDLE),
        _times(_ANSWER, _IDLE),
        _times(_ANSWER, _LATELY),
        _times(_ANSWER),
        _times(_M.c.reason == limits.CASE_UNKNOWN),
    ).where(_M.c.conversation == bindparam("in_conversation"), _M.c.at > bindparam("day_ago"))
)
