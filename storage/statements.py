"""Hot statements: written with the tables, compiled once, run on the driver's cursor of a job's transaction.

SQLAlchemy's cost per statement lies in its execution context and its result, not in the compiling; this
leaves both out and keeps what must not differ: the text, and each column type's conversion to and from the
driver. The rest of the house uses SQLModel; a hot statement is worth it where every message runs it.

Example::

    FIND = Statement(select(Row.id).where(Row.key == bindparam("wanted")))
    KEEP = Statement(update(Row).where(Row.key == bindparam("wanted")), "state", "revision")
    row = FIND.one(work, wanted="a")
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any, Protocol, cast

from sqlalchemy import ClauseElement, Dialect, Enum, Float
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from storage.columns import UtcDateTime

Values = tuple[Any, ...]
Convert = Callable[[Any], Any]


class Place(Protocol):
    """Where a statement runs: the open transaction of a job."""

    cursor: Any
    dialect: str


class Statement:
    """A Core statement whose values are all named: its bound parameters, and `columns` that it sets.

    Raises TypeError at its first use, on every database alike, where it cannot be run so: a column with a
    default in Python, an IN that expands, a parameter without a place.
    """

    def __init__(self, statement: ClauseElement, *columns: str) -> None:
        self.statement, self.columns = statement, list(columns) or None
        self._compiled: dict[str, Compiled] = {}

    def on(self, dialect: str) -> "Compiled":
        """The statement as this database reads it: `sqlite` or `postgresql`."""
        compiled = self._compiled.get(dialect)
        if compiled is None:
            compiled = self._compiled[dialect] = Compiled(self.statement, self.columns, DIALECTS[dialect]())
        return compiled

    def run(self, work: Place, **given: Any) -> int:
        """The number of rows touched."""
        compiled = self.on(work.dialect)
        cursor = work.cursor
        cursor.execute(compiled.text, compiled.values(given))
        return int(cursor.rowcount)

    def one(self, work: Place, **given: Any) -> Values | None:
        """The first row, converted; None where there is none."""
        compiled = self.on(work.dialect)
        row = work.cursor.execute(compiled.text, compiled.values(given)).fetchone()
        return None if row is None else compiled.converted(row)

    def all(self, work: Place, **given: Any) -> list[Values]:
        """All rows, converted."""
        compiled = self.on(work.dialect)
        rows = work.cursor.execute(compiled.text, compiled.values(given)).fetchall()
        return [compiled.converted(row) for row in rows]

    def many(self, work: Place, rows: Iterable[Mapping[str, Any]]) -> None:
        """Once for each of these."""
        compiled = self.on(work.dialect)
        work.cursor.executemany(compiled.text, [compiled.values(row) for row in rows])


class Compiled:
    """A statement's text for one database, and what turns values to the driver's and rows back."""

    def __init__(self, statement: ClauseElement, columns: list[str] | None, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=columns)
        if not isinstance(compiled, SQLCompiler):
            raise TypeError(f"not a statement: {statement}")
        _refuse(compiled)
        names = tuple(compiled.positiontup or ())
        self.text = str(compiled)
        self.fixed = {name: bind.effective_value for name, bind in compiled.binds.items() if not bind.required}
        self._pick = _picker(names)
        encoders = [_encoder(compiled, name, dialect) for name in names]
        decoders = [_decoder(entry[3], dialect) for entry in compiled._result_columns]
        self._encode = [(at, convert) for at, convert in enumerate(encoders) if convert]
        self._decode = [(at, convert) for at, convert in enumerate(decoders) if convert]

    def values(self, given: Mapping[str, Any]) -> Sequence[Any]:
        """The driver's values, in the text's order. Raises KeyError for a missing one."""
        values = list(self._pick({**self.fixed, **given} if self.fixed else given))
        for at, convert in self._encode:
            values[at] = convert(values[at])
        return values

    def converted(self, row: Values) -> Values:
        """A row of the driver's with our types."""
        if not self._decode:
            return row
        cells = list(row)
        for at, convert in self._decode:
            cells[at] = convert(cells[at])
        return tuple(cells)


def _encoder(compiled: SQLCompiler, name: str, dialect: Dialect) -> Convert | None:
    """SQLAlchemy's conversion of the bound value, or a quicker one that writes the same."""
    column = compiled.binds[name].type
    if dialect.name == "sqlite" and isinstance(column, UtcDateTime):
        return _time_text
    if isinstance(column, Enum):
        # A word that is none of the column's is a KeyError, which is a LookupError, as with SQLAlchemy.
        words: dict[str | None, str | None] = {None: None, **{word: word for word in column.enums}}
        return words.__getitem__
    return cast("Convert | None", compiled._bind_processors.get(name))


def _decoder(column: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    if dialect.name == "sqlite" and isinstance(column, UtcDateTime):
        return _text_time
    if isinstance(column, Enum | Float):
        # A word is a word, and a float a float, as both drivers give them.
        return None
    return cast("Convert | None", column.dialect_impl(dialect).result_processor(dialect, None))


@lru_cache(maxsize=256)
def _time_text(value: datetime | None) -> str | None:
    """SQLAlchemy's way to keep a time in SQLite; a turn writes the same few many times."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a time without a zone")
    return value.astimezone(UTC).isoformat(" ", "microseconds").removesuffix(_UTC)


def _text_time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text + _UTC)


_UTC = "+00:00"


class _FixedAsLiterals(SQLCompiler):
    """Writes a value that the statement itself fixes into its text: a partial index is found by it alone."""

    def visit_bindparam(self, bindparam: Any, *given: Any, **more: Any) -> Any:
        if not bindparam.required and isinstance(bindparam.effective_value, str | int | float):
            more["literal_binds"] = True
        return super().visit_bindparam(bindparam, *given, **more)  # type: ignore[no-untyped-call]


class _SQLiteCompiler(_FixedAsLiterals, SQLiteCompiler):
    pass


class _PostgresCompiler(_FixedAsLiterals, psycopg.PGCompiler_psycopg):
    pass


def _sqlite() -> Dialect:
    dialect = sqlite.dialect()
    dialect.statement_compiler = _SQLiteCompiler
    return dialect


def _postgresql() -> Dialect:
    # Positional, as the engine is made (storage.engines): psycopg reads both styles.
    dialect: Any = psycopg.dialect(paramstyle="format")  # type: ignore[no-untyped-call]
    dialect.statement_compiler = _PostgresCompiler
    return cast("Dialect", dialect)


DIALECTS: Mapping[str, Callable[[], Dialect]] = {"sqlite": _sqlite, "postgresql": _postgresql}


def _refuse(compiled: SQLCompiler) -> None:
    if (compiled.isinsert and compiled.insert_prefetch) or (compiled.isupdate and compiled.update_prefetch):
        raise TypeError(f"name every column that has a default in Python: {compiled}")
    if compiled.post_compile_params or compiled.literal_execute_params:
        raise TypeError(f"an IN that expands is not for here: {compiled}")
    if not compiled.positional:
        raise TypeError("the engine must be made with paramstyle='format'")


def _picker(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], Values]:
    if len(names) > 1:
        return itemgetter(*names)
    if names:
        [name] = names
        return lambda values: (values[name],)
    return lambda values: ()
