"""Hot statements: each compiles for both databases, and what the cursor writes a Session reads."""

import importlib
import pkgutil
from datetime import UTC, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import bindparam, insert, select, update
from sqlmodel import Field, SQLModel

import storage
import storage.facts
from storage.columns import UtcDateTime
from storage.statements import Statement
from storage.tables import Audit, Counter, MessageRow, Sender, Tenant, metadata
from tests.storage.turn_rows import NOON, opened_grid


def hot_statements():
    """Every Statement of the package, by module and name."""
    inner = pkgutil.iter_modules(storage.facts.__path__, "storage.facts.")
    for found in (*pkgutil.iter_modules(storage.__path__, "storage."), *inner):
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            if isinstance(value, Statement):
                yield pytest.param(value, id=f"{found.name.removeprefix('storage.')}.{name}")


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
@pytest.mark.parametrize("statement", list(hot_statements()))
def test_a_hot_statement_compiles_once_for_both_databases(statement, dialect):
    compiled = statement.on(dialect)
    assert compiled is statement.on(dialect)
    assert "__[POSTCOMPILE" not in compiled.text


MESSAGE = metadata.tables["message"]
WRITE = Statement(
    insert(MESSAGE).inline(),
    *("id", "tenant", "direction", "channel", "their_address", "text", "disposition", "moved", "at", "sequence"),
)
READ = Statement(
    select(
        *(MESSAGE.c[name] for name in ("direction", "text", "disposition", "moved", "at", "handled_at", "sequence"))
    ).where(MESSAGE.c.id == bindparam("key"))
)
GIVEN: dict[str, Any] = {
    "id": "m1",
    "tenant": "nordlys",
    "direction": "in",
    "channel": "sms",
    "their_address": "+47",
    "text": "Blåbærsyltetøy 😀 %s ? :x",
    "disposition": None,
    "moved": False,
    "at": NOON + timedelta(microseconds=1),
    "sequence": 7,
}


@pytest.fixture
def grid(store_place):
    with opened_grid(store_place) as grid:
        yield grid


def test_a_session_reads_what_the_cursor_wrote(grid):
    grid.write(lambda work: WRITE.run(work, **GIVEN))
    row = grid.row(MessageRow, id="m1")
    assert {name: getattr(row, name) for name in GIVEN} == GIVEN
    assert row.moved is False
    assert row.at.tzinfo is UTC


def test_the_cursor_reads_what_a_session_wrote(grid):
    def job(work):
        with work.session() as session:
            session.add(MessageRow(**GIVEN))
        return READ.one(work, key="m1")

    read = grid.write(job)
    assert read == ("in", GIVEN["text"], None, False, GIVEN["at"], None, 7)
    assert read[3] is False
    assert read[4].tzinfo is not None


@pytest.mark.parametrize("table", [Audit, Counter, Sender, MessageRow], ids=lambda table: table.__name__)
def test_every_column_type_makes_the_round_trip(grid, table):
    columns = metadata.tables[table.__tablename__].c
    values = {column.name: sample(column) for column in columns}
    write = Statement(insert(metadata.tables[table.__tablename__]).inline(), *values)
    read = Statement(select(*columns).where(columns.tenant == bindparam("of")))

    def job(work):
        write.run(work, **values)
        return [dict(zip(values, row, strict=True)) for row in read.all(work, of="nordlys")]

    assert values in grid.write(job)
    with grid.store.read() as session:
        assert values in [row.model_dump() for row in session.exec(select(table)).scalars()]


def sample(column):
    if column.name == "tenant":
        return "nordlys"
    if column.foreign_keys or column.nullable:
        return None
    if isinstance(column.type, UtcDateTime):
        return NOON + timedelta(microseconds=123456)
    words = getattr(column.type, "enums", None)
    return words[0] if words else {int: 7, bool: True, float: 0.25}.get(column.type.python_type, "x")


def test_a_time_of_another_zone_is_the_same_moment(grid):
    local = NOON.astimezone(timezone(timedelta(hours=2)))
    grid.write(lambda work: WRITE.run(work, **GIVEN | {"at": local}))
    assert grid.row(MessageRow, id="m1").at == NOON


def test_a_time_without_a_zone_is_refused(grid):
    with pytest.raises(ValueError, match="zone"):
        grid.write(lambda work: WRITE.run(work, **GIVEN | {"at": NOON.replace(tzinfo=None)}))


def test_a_word_that_is_none_of_the_columns_is_refused(grid):
    with pytest.raises(LookupError):
        grid.write(lambda work: WRITE.run(work, **GIVEN | {"direction": "sideways"}))


def test_a_missing_value_is_refused(grid):
    with pytest.raises(KeyError, match="text"):
        grid.write(lambda work: WRITE.run(work, **{name: GIVEN[name] for name in GIVEN if name != "text"}))


def test_no_row_is_none_and_several_are_all(grid):
    names = Statement(select(metadata.tables["tenant"].c.id).order_by(metadata.tables["tenant"].c.id))
    add = Statement(insert(metadata.tables["tenant"]).inline(), "id", "name")

    def job(work):
        add.many(work, [{"id": name, "name": name} for name in "ab"])
        return READ.one(work, key="none"), names.all(work), names.one(work)

    assert grid.write(job) == (None, [("a",), ("b",), ("nordlys",)], ("a",))


def test_rows_touched_are_counted(grid):
    rename = Statement(
        update(Tenant).where(metadata.tables["tenant"].c.id == bindparam("key")).values(name=bindparam("new"))
    )
    assert grid.write(lambda work: (rename.run(work, key="nordlys", new="x"), rename.run(work, key="y", new="x"))) == (
        1,
        0,
    )


class Defaulted(SQLModel, table=True):
    """A table with a default that only Python knows."""

    metadata = type(metadata)()
    id: int = Field(primary_key=True)
    made: str = Field(default="x", sa_column_kwargs={"default": lambda: "x"})


@pytest.mark.parametrize(
    "statement",
    [
        Statement(insert(Defaulted).inline(), "id"),
        Statement(select(MESSAGE.c.id).where(MESSAGE.c.id.in_(bindparam("ids", expanding=True)))),
    ],
    ids=["a default in Python", "an IN that expands"],
)
@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_what_cannot_be_compiled_once_is_refused(statement, dialect):
    with pytest.raises(TypeError):
        statement.on(dialect)


def test_a_value_that_the_statement_fixes_stands_in_its_text():
    # A partial index is found only where its condition stands in the statement word for word.
    due = Statement(select(MESSAGE.c.id).where(MESSAGE.c.direction == "in", MESSAGE.c.id == bindparam("key")))
    for dialect in ("sqlite", "postgresql"):
        assert "direction = 'in'" in due.on(dialect).text
