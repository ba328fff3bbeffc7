"""The one connection that writes: the driver's own, and SQLAlchemy's around it where a Session joins."""

import sqlite3
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Engine, RootTransaction
from sqlalchemy.exc import DBAPIError

from storage.engines import check_durable

# Primary result codes: busy, locked, out of memory, read-only, input or output, corrupt, full, cannot open,
# protocol, no database.
SQLITE_FAULTS = frozenset({5, 6, 7, 8, 10, 11, 13, 14, 15, 26})
# Classes of SQLSTATE: connection, transaction rolled back, resources, state, operator, system.
POSTGRES_FAULTS = frozenset({"08", "40", "53", "55", "57", "58"})


class Writing:
    """The writing thread's connection, opened at the first `begin` and again after it broke.

    Raises NotDurable where the database is set to lose what it acknowledged.
    """

    def __init__(self, engine: Engine) -> None:
        self.dialect = engine.dialect.name
        self.cursor: Any = None
        self._engine = engine
        self._connection: Connection | None = None
        self._joined: RootTransaction | None = None
        self._driver: Any = None
        self._errors: Any = engine.dialect.loaded_dbapi
        with engine.connect() as connection:
            check_durable(connection)

    @property
    def in_transaction(self) -> bool:
        """False where the database itself has given the transaction up (SQLite does, on a full disk)."""
        return self.dialect != "sqlite" or bool(self._driver.in_transaction)

    def begin(self) -> None:
        """Begin a transaction that writes."""
        if self._driver is None or getattr(self._driver, "closed", False):
            self.close()
            self._connection = self._engine.connect()
            self._driver = self._connection.connection.dbapi_connection
            self.cursor = self._driver.cursor()
        if self.dialect == "sqlite":
            self.cursor.execute("BEGIN IMMEDIATE")

    def joined(self) -> Connection:
        """SQLAlchemy's connection, inside the transaction that the driver's cursor is in."""
        assert self._connection is not None, "no transaction has begun"
        if self._joined is None:
            self._joined = self._connection.begin()
        return self._connection

    def commit(self) -> None:
        """Make all of it durable."""
        joined, self._joined = self._joined, None
        if joined is None:
            self._driver.commit()
        else:
            joined.commit()

    def rollback(self) -> None:
        """Undo all of it. A broken connection is closed, and opened anew by the next `begin`."""
        joined, self._joined = self._joined, None
        if self._driver is None:
            return
        try:
            if joined is not None:
                joined.rollback()
            self._driver.rollback()
        except (DBAPIError, self._errors.Error):
            self.close()

    def close(self) -> None:
        """Close the connection, in whatever state it is."""
        connection, self._connection, self._joined, self._driver = self._connection, None, None, None
        if connection is not None:
            with suppress(DBAPIError, self._errors.Error):
                connection.invalidate()
                connection.close()

    def is_store_fault(self, error: BaseException) -> bool:
        """Whether the database failed and not the job: worth taking again."""
        cause = getattr(error, "orig", None) or error
        if isinstance(cause, sqlite3.Error):
            return (getattr(cause, "sqlite_errorcode", 0) & 0xFF) in SQLITE_FAULTS
        if not isinstance(cause, self._errors.Error):
            return False
        state = getattr(cause, "sqlstate", None)
        if state is None:
            return isinstance(cause, self._errors.OperationalError)
        return state[:2] in POSTGRES_FAULTS

    def is_undone(self, error: BaseException) -> bool:
        """Whether a commit that failed so has certainly not happened."""
        return str(getattr(getattr(error, "orig", None) or error, "sqlstate", None) or "")[:2] == "40"
