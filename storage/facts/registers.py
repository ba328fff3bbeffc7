"""Rows of a desk's registers: by key, in order, and by where they stand."""

import json
from collections.abc import Mapping
from math import cos, radians

from sqlalchemy import bindparam, literal_column, select

from conversations.facts import (
    NearestEntry,
    RegisterEntry,
    RegisterRows,
)
from conversations.places.geodesy import METRES_A_DEGREE, Point, metres_between
from storage.facts.asker import Asker
from storage.statements import Statement
from storage.tables import metadata

ROWS_AT_MOST = 10


def register_entry(asker: Asker, query: RegisterEntry) -> Mapping[str, str] | None:
    """A row of a register by its key."""
    name = register_name(asker.front.desk.desk.desk, query.register)
    row = _REGISTER.one(asker.work, of=asker.front.tenant, named=name, under=query.key)
    return None if row is None else json.loads(row[0])


def register_rows(asker: Asker, query: RegisterRows) -> tuple[Mapping[str, str], ...]:
    """The first rows of a register."""
    name = register_name(asker.front.desk.desk.desk, query.register)
    rows = _REGISTER_ROWS.all(asker.work, of=asker.front.tenant, named=name)
    return tuple(json.loads(row[0]) for row in rows[: query.most])


def nearest_entry(asker: Asker, query: NearestEntry) -> Mapping[str, str] | None:
    """The row that lies nearest to a point."""
    name = register_name(asker.front.desk.desk.desk, query.register)
    point = query.lat, query.lon
    rows = _PLACES.all(asker.work, of=asker.front.tenant, named=name, **box(point, query.within_m))
    near = ((metres_between(point, (lat, lon)), data) for data, lat, lon in rows)
    found = min(((metres, data) for metres, data in near if metres <= query.within_m), default=None)
    return json.loads(found[1]) if found else None


def box(point: Point, within_m: int) -> dict[str, float]:
    """What a square about the point asks of ``lat`` and ``lon``: wide enough for all that lies so near."""
    lat, lon = point
    high = within_m / METRES_A_DEGREE
    wide = high / cos(radians(lat))
    return {"south": lat - high, "north": lat + high, "west": lon - wide, "east": lon + wide}


def register_name(desk: str, register: str) -> str:
    """A desk's register among all of its tenant's."""
    return f"{desk}.{register}"


_R = metadata.tables["register_row"]
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
