"""Alerts that went to an address, and those of a place."""

from sqlalchemy import and_, bindparam, func, or_, select

from conversations.facts import (
    AlertAt,
    AlertSent,
    AlertsSent,
    StandingAlert,
    WrongWords,
)
from conversations.places.spot import SAME_M, Spot, is_same
from storage.facts.asker import DAY, HOUR, Asker
from storage.facts.registers import box
from storage.statements import Statement
from storage.tables import metadata


def alerts_sent(asker: Asker, query: AlertsSent) -> tuple[AlertSent, ...]:
    """Alerts that went to the address: those that stand, and those of the last day."""
    day_ago = asker.work.now - DAY
    rows = _ALERTS.all(asker.work, of=asker.front.tenant, theirs=asker.held.their_address, day_ago=day_ago)
    return tuple(AlertSent(alert, case, number, word, seen is not None) for alert, case, number, word, seen in rows)


def alert_at(asker: Asker, query: AlertAt) -> StandingAlert | None:
    """The standing alert of a place that another may be merged into."""
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


def wrong_words(asker: Asker, query: WrongWords) -> int:
    """How many wrong words the address sent within the hour."""
    row = _WRONG_WORDS.one(asker.work, in_conversation=asker.held.id, hour_ago=asker.work.now - HOUR)
    return row[0] if row else 0


_C = metadata.tables["cases"]
_A = metadata.tables["alert"]
_AS = metadata.tables["alert_sent"]
_M = metadata.tables["message"]
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
