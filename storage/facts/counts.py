"""What the limits count: codes and wrong tries, answers given."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, func, literal_column, select

from conversations import limits
from conversations.facts import (
    AnswerCounts,
    CodeCounts,
    CodesSent,
    RecentAnswers,
)
from storage.codes import block, hold_sending
from storage.facts.asker import DAY, HOUR, QUARTER, Asker
from storage.statements import Statement
from storage.tables import metadata


def codes_sent(asker: Asker, query: CodesSent) -> CodeCounts:
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


def recent_answers(asker: Asker, query: RecentAnswers) -> AnswerCounts:
    """Answers of the last quarter and day."""
    now = asker.work.now
    row = _ANSWERED.one(asker.work, in_conversation=asker.held.id, quarter_ago=now - QUARTER, day_ago=now - DAY)
    return AnswerCounts(*row) if row else AnswerCounts()


_S = metadata.tables["code_sent"]
_G = metadata.tables["challenge"]
_W = metadata.tables["wrong_try"]
_M = metadata.tables["message"]


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
