"""A desk's registers in the store: rows by their keys, a hundred in a transaction, so that turns go on beside them."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final, TypeVar

from sqlalchemy import bindparam, delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from conversations.places.record import point_of
from storage.statements import Statement
from storage.tables import RegisterRow, metadata
from storage.work import Store

ROWS_A_TIME: Final = 100
T = TypeVar("T")


def put_rows(store: Store, tenant: str, register: str, rows: Mapping[str, Mapping[str, str]]) -> int:
    """Write those that differ from what is there under their keys; how many.

    `register` as `facts.registers.register_name` gives it.
    """
    written = 0
    for keys in _hundreds(rows):
        data = {key: json.dumps(rows[key], ensure_ascii=False) for key in keys}
        known = _known(store, tenant, register, keys)
        changed = [
            {"tenant": tenant, "register_name": register, "key": key, "data": data[key]} | _place_of(rows[key])
            for key in keys
            if known.get(key) != data[key]
        ]
        if changed:
            store.write(lambda work, some=changed: _PUT.many(work, some), bulk=True).result()  # type: ignore[misc]
        written += len(changed)
    return written


def drop_rows_but(store: Store, tenant: str, register: str, kept: Collection[str]) -> int:
    """Remove the rows whose keys are not among those; how many."""
    with store.read() as session:
        query = select(RegisterRow.key).where(RegisterRow.tenant == tenant, RegisterRow.register_name == register)
        gone = [key for key in session.exec(query) if key not in kept]
    for keys in _hundreds(gone):
        rows = [{"of": tenant, "named": register, "under": key} for key in keys]
        store.write(lambda work, some=rows: _DROP.many(work, some), bulk=True).result()  # type: ignore[misc]
    return len(gone)


def _known(store: Store, tenant: str, register: str, keys: list[str]) -> dict[str, str]:
    with store.read() as session:
        query = select(RegisterRow.key, RegisterRow.data).where(
            RegisterRow.tenant == tenant, RegisterRow.register_name == register, col(RegisterRow.key).in_(keys)
        )
        return dict(session.exec(query).all())


def _place_of(row: Mapping[str, str]) -> dict[str, Any]:
    lat, lon = point_of(row) or (None, None)
    return {"lat": lat, "lon": lon}


def _hundreds(every: Iterable[T]) -> Iterator[list[T]]:
    left = iter(every)
    while some := list(islice(left, ROWS_A_TIME)):
        yield some


_R = metadata.tables["register_row"]
_NEW = insert(_R)
_PUT = Statement(
    _NEW.on_conflict_do_update(
        index_elements=["tenant", "register_name", "key"],
        set_={name: _NEW.excluded[name] for name in ("data", "lat", "lon")},
    ).inline(),
    *("tenant", "register_name", "key", "data", "lat", "lon"),
)
_DROP = Statement(
    delete(_R).where(
        _R.c.tenant == bindparam("of"),
        _R.c.register_name == bindparam("named"),
        _R.c.key == bindparam("under"),
    )
)
